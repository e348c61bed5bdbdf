/* SPDX-License-Identifier: MIT */
#include "metadata/assets.h"

#include "base/file.h"
#include "base/process.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "describe/attachment.h"

#include <ctype.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_ASSET_BYTES = 1 << 30 };

const char *asset_typed_id(const char *id, struct arena *arena)
{
    return id != NULL && isdigit((unsigned char)id[0])
               ? arena_format(arena, "bin.%s", id)
               : id;
}

const char *asset_flag_file(const char *text, const char *id)
{
    static const char prefix[] = "bin.";
    size_t skip =
        strncmp(text, prefix, sizeof(prefix) - 1) == 0 ? sizeof(prefix) - 1 : 0;
    size_t length = strlen(id);
    for (size_t at = 0; at <= skip; at += sizeof(prefix) - 1) {
        if (strncmp(text + at, id, length) == 0 && text[at + length] == '=') {
            return text + at + length + 1;
        }
    }
    return NULL;
}

static const char *flagged(const struct options *options, const char *id)
{
    const char *path = NULL;
    for (uint32_t i = 0; i < options->asset_count; i++) {
        const struct option_asset *asset = &options->assets[i];
        const char *file =
            asset->is_address ? NULL : asset_flag_file(asset->text, id);
        path = file != NULL ? file : path;
    }
    return path;
}

bool asset_read(const struct asset_file *files, struct asset_file *file,
                const char *path, struct arena *arena, struct diag *diag)
{
    size_t size = 0;
    file->path = path;
    for (const struct asset_file *other = files; other < file; other++) {
        if (other->path != NULL && !other->is_inside &&
            strcmp(other->path, path) == 0) {
            file->bytes = other->bytes;
            file->size = other->size;
            return true;
        }
    }
    diag->file = NULL;
    if (!file_read(path, MAX_ASSET_BYTES, &file->bytes, &size, arena, diag)) {
        return false;
    }
    file->size = (uint32_t)size;
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* %41 becomes 'A', but nothing becomes a slash or a NUL. */
static const char *decoded(const char *name, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; name[i] != '\0'; i++) {
        int high = name[i] == '%' ? hex_digit(name[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(name[i + 2]) : -1;
        int byte = low >= 0 ? high * 16 + low : 0;
        if (byte != 0 && byte != '/') {
            buf_byte(&out, (unsigned)byte);
            i += 2;
        } else {
            buf_byte(&out, (unsigned char)name[i]);
        }
    }
    return buf_string(&out);
}

bool asset_is_file_name(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)name[i];
        bool is_c1 = byte == 0xc2 && (unsigned char)name[i + 1] < 0xa0;
        if (byte < 0x20 || byte == 0x7f || byte == '/' || is_c1) {
            return false;
        }
    }
    return length > 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* The last segment of a URL that is not empty, without query and fragment; NULL
 * when it is no name of a file. A stranger's text never leaves the folder. */
static const char *base_name(const char *url, struct arena *arena)
{
    size_t end = strcspn(url, "?#");
    while (end > 0 && url[end - 1] == '/') {
        end--;
    }
    size_t start = end;
    while (start > 0 && url[start - 1] != '/') {
        start--;
    }
    const char *name = arena_copy(arena, url + start, end - start);
    bool is_name = asset_is_file_name(name) && strncmp(url, "data:", 5) != 0;
    return is_name ? name : NULL;
}

const char *asset_url_name(const char *url, struct arena *arena)
{
    const char *name = base_name(url, arena);
    const char *plain = name != NULL ? decoded(name, arena) : NULL;
    return plain != NULL && asset_is_file_name(plain) ? plain : name;
}

/* A file of this name in 'directory', or NULL. */
static const char *beside(const char *directory, const char *text,
                          struct arena *arena)
{
    const char *name = text != NULL ? base_name(text, arena) : NULL;
    if (name == NULL) {
        return NULL;
    }
    const char *plain = decoded(name, arena);
    const char *const names[] = {name,
                                 asset_is_file_name(plain) ? plain : name};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *path =
            strcmp(directory, ".") == 0
                ? names[i]
                : arena_format(arena, "%s/%s", directory, names[i]);
        if (access(path, F_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

static bool check_hash(const struct asset_file *file, bool is_lenient,
                       struct arena *arena, struct diag *diag)
{
    char sha256[SHA256_HEX];
    if (file->sha256 == NULL || is_lenient) {
        return true;
    }
    sha256_hex(file->bytes, file->size, sha256);
    if (strcmp(sha256, file->sha256) == 0) {
        return true;
    }
    diag->file = NULL;
    (void)diag_input(diag, -1,
                     "asset '%s': '%s' is another file than %s means: its "
                     "sha256 is %s, not %s",
                     utf8_print_text(file->id, arena), file->path,
                     file->lock != NULL
                         ? arena_format(arena, "'%s'", file->lock)
                         : "the manifest",
                     sha256, file->sha256);
    if (file->lock != NULL) {
        (void)diag_hint(diag,
                        "remove '%s' and fetch it again, or give it with "
                        "--asset",
                        file->path);
    }
    return diag_hint(diag, "--project-check warn takes it as it is");
}

static bool find_one(struct asset_file *files, struct asset_file *file,
                     const char *directory, const struct wasm_module *module,
                     const struct options *options, struct arena *arena,
                     struct diag *diag)
{
    const char *path = flagged(options, file->id);
    const uint8_t *bytes = NULL;
    size_t size = 0;
    if (path == NULL && options->asset_folder != NULL) {
        path = beside(options->asset_folder, file->name, arena);
        path = path != NULL ? path
                            : beside(options->asset_folder, file->url, arena);
        file->is_beside = path != NULL;
    }
    if ((path != NULL && path[0] == '\0') ||
        (path == NULL && options->is_assetless)) {
        file->path = "";
        file->bytes = (const uint8_t *)"";
        file->is_inside = true;
    } else if (path == NULL &&
               attachment_asset(module, file->id, &bytes, &size)) {
        file->bytes = bytes;
        file->path = file->name != NULL ? file->name : file->id;
        file->size = (uint32_t)size;
        file->is_inside = true;
    } else {
        if (path == NULL) {
            path = beside(directory, file->name, arena);
            path = path != NULL ? path : beside(directory, file->url, arena);
            file->is_beside = path != NULL;
        }
        if (path == NULL) {
            return true;
        }
        if (!asset_read(files, file, path, arena, diag)) {
            return false;
        }
    }
    return !file->is_beside ||
           check_hash(file, options->is_lenient, arena, diag);
}

bool assets_require(const struct asset_file *files, uint32_t count,
                    const char *directory, struct arena *arena,
                    struct diag *diag)
{
    const struct asset_file *first = NULL;
    uint32_t missing_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        missing_count += files[i].path == NULL;
        first = files[i].path == NULL && first == NULL ? &files[i] : first;
    }
    if (first == NULL) {
        return true;
    }
    diag->file = NULL;
    if (missing_count > 1) {
        (void)diag_input(diag, -1,
                         "%u assets are not here: URLs are not fetched, and "
                         "nothing of their names lies in '%s'",
                         missing_count, directory);
    } else if (first->url != NULL) {
        (void)diag_input(diag, -1,
                         "asset '%s' is not here: '%s' is not fetched, and "
                         "nothing of that name lies in '%s'",
                         utf8_print_text(first->id, arena),
                         utf8_print_text(first->url, arena), directory);
    } else {
        (void)diag_input(diag, -1, "asset '%s' is not here",
                         utf8_print_text(first->id, arena));
    }
    for (uint32_t i = 0; i < count; i++) {
        if (files[i].path == NULL) {
            const char *id = asset_typed_id(files[i].id, arena);
            const char *const file[] = {arena_format(arena, "%s=FILE", id),
                                        NULL};
            const char *const none[] = {arena_format(arena, "%s=", id), NULL};
            (void)diag_hint(diag, "--asset %s%s%s, or --asset %s to do without",
                            process_quote(file, arena),
                            files[i].url != NULL ? " with the file of " : "",
                            files[i].url != NULL
                                ? utf8_print_text(files[i].url, arena)
                                : "",
                            process_quote(none, arena));
        }
    }
    (void)diag_hint(diag, "or --assets DIR, a folder that has the files by "
                          "the last part of their URLs");
    return diag_hint(diag, "or --no-assets, to do without any");
}

/* The folder of --assets. */
static bool check_folder(const struct options *options, struct diag *diag)
{
    struct stat status;
    const char *folder = options->asset_folder;
    if (folder == NULL ||
        (stat(folder, &status) == 0 && S_ISDIR(status.st_mode))) {
        return true;
    }
    diag->file = NULL;
    return diag_input(diag, -1, "--assets: '%s' is no folder", folder);
}

bool assets_find(struct asset_file *files, uint32_t count,
                 const char *directory, const struct wasm_module *module,
                 const struct options *options, struct arena *arena,
                 struct diag *diag)
{
    if (!check_folder(options, diag)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!find_one(files, &files[i], directory, module, options, arena,
                      diag)) {
            return false;
        }
    }
    return true;
}
