/* SPDX-License-Identifier: MIT */
/*
 * --emit bundle: a folder of sources that builds the patch without f4e-build.
 * All of it is gathered in memory first; MANIFEST is written last, so a folder
 * without one is not complete.
 */
#include "emit/emit.h"

#include "base/file.h"
#include "base/sha256.h"
#include "compile/shim_sources.h"
#include "embedded.h"
#include "emit/identifier.h"
#include "emit/output_check.h"
#include "glue_names.h"
#include "render.h"
#include "translate/translate.h"

#include <errno.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_BUNDLE_FILES = 1024, MAX_BYTES = 1 << 30 };

struct bundle_file {
    const char *name; /* inside the folder, with '/' */
    const void *bytes;
    size_t size;
};

struct bundle {
    const struct emit_job *job;
    struct arena *arena;
    struct bundle_file files[MAX_BUNDLE_FILES];
    size_t count;
    struct buf sources;  /* "shim/main.c\n" … */
    struct buf binaries; /* " generated/asset0.bin" … */
};

static bool add_file(struct bundle *bundle, const char *name, const void *bytes,
                     size_t size, struct diag *diag)
{
    if (bundle->count == MAX_BUNDLE_FILES) {
        return diag_input(diag, -1, "a bundle has room for %d files, not more",
                          MAX_BUNDLE_FILES);
    }
    bundle->files[bundle->count++] = (struct bundle_file){name, bytes, size};
    return true;
}

static bool copy_file(struct bundle *bundle, const char *from, const char *name,
                      struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    return file_read(from, MAX_BYTES, &bytes, &size, bundle->arena, diag) &&
           add_file(bundle, name, bytes, size, diag);
}

static bool copy_generated(struct bundle *bundle, const char *name,
                           struct diag *diag)
{
    return copy_file(bundle,
                     arena_format(bundle->arena, "%s/%s",
                                  bundle->job->request->directory, name),
                     arena_format(bundle->arena, "generated/%s", name), diag);
}

static bool copy_binary(struct bundle *bundle, const char *stem, uint32_t index,
                        struct diag *diag)
{
    const char *name = arena_format(bundle->arena, "%s%u.bin", stem, index);
    buf_format(&bundle->binaries, " generated/%s", name);
    return copy_generated(bundle, name, diag);
}

/* The name in '#include "name"' at 'line' when it is a file of the user's. */
static const char *included_file(const char *line, struct arena *arena)
{
    static const char own[] = "f4e-imports.h";
    line += strspn(line, " \t");
    if (*line != '#') {
        return NULL;
    }
    line += 1 + strspn(line + 1, " \t");
    if (strncmp(line, "include", 7) != 0) {
        return NULL;
    }
    line += 7 + strspn(line + 7, " \t");
    if (*line != '"') {
        return NULL;
    }
    size_t length = strcspn(line + 1, "\"\n");
    bool is_own = length == strlen(own) && memcmp(line + 1, own, length) == 0;
    return is_own ? NULL : arena_copy(arena, line + 1, length);
}

static bool copy_imports(struct bundle *bundle, struct diag *diag)
{
    const char *path = bundle->job->options->import_c;
    if (path == NULL) {
        return true;
    }
    if (!copy_file(bundle, path, "generated/imports.c", diag)) {
        return false;
    }
    buf_text(&bundle->sources, "generated/imports.c\n");
    const char *line = bundle->files[bundle->count - 1].bytes;
    for (; *line != '\0'; line += *line == '\n') {
        const char *name = included_file(line, bundle->arena);
        if (name != NULL) {
            diag_input(diag, -1,
                       "'%s' includes '%s', which the bundle would not have",
                       path, name);
            return diag_hint(diag, "put everything into one file");
        }
        line += strcspn(line, "\n");
    }
    return true;
}

static bool add_generated(struct bundle *bundle, struct diag *diag)
{
    const struct patch *patch = bundle->job->patch;
    static const char *const names[] = {"glue.c", "module.c", "module.h",
                                        "f4e-imports.h"};
    buf_text(&bundle->sources, "generated/glue.c\n");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!copy_generated(bundle, names[i], diag)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < patch->module->data_count; i++) {
        if (patch->module->data[i].size > TRANSLATE_INLINE_BYTES &&
            !copy_binary(bundle, "data", i, diag)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        uint32_t size_placed = 0;
        if (glue_asset_file(patch, i, &size_placed) == i &&
            !copy_binary(bundle, "asset", i, diag)) {
            return false;
        }
    }
    return copy_imports(bundle, diag);
}

static bool copy_shim(struct bundle *bundle, const char *name,
                      struct diag *diag)
{
    struct arena *arena = bundle->arena;
    return copy_file(bundle,
                     arena_format(arena, "%s/shim/%s",
                                  bundle->job->request->toolchain->data_dir,
                                  name),
                     arena_format(arena, "shim/%s", name), diag);
}

static bool add_shim(struct bundle *bundle, struct diag *diag)
{
    const char *data_dir = bundle->job->request->toolchain->data_dir;
    struct shim_sources sources;
    struct shim_sources all;
    if (!shim_sources_list(&sources, data_dir, "", bundle->arena, diag) ||
        !shim_sources_all(&all, data_dir, bundle->arena, diag)) {
        return false;
    }
    for (size_t i = 0; i < sources.count; i++) {
        buf_format(&bundle->sources, "shim/%s\n", sources.names[i]);
        if (!copy_shim(bundle, sources.names[i], diag)) {
            return false;
        }
    }
    if (!copy_shim(bundle, "selfcheck.c", diag)) {
        return false;
    }
    for (size_t i = 0; i < all.count; i++) {
        if (shim_sources_is_header(all.names[i]) &&
            !copy_shim(bundle, all.names[i], diag)) {
            return false;
        }
    }
    return true;
}

/* Each line of the list, its ".c" replaced, between 'before' and 'after'. */
static const char *listed(const struct bundle *bundle, const char *before,
                          const char *suffix, const char *after)
{
    struct buf out;
    buf_init(&out, bundle->arena);
    for (const char *line = buf_string(&bundle->sources); *line != '\0';) {
        int length = (int)strcspn(line, "\n");
        bool is_last = line[length + 1] == '\0';
        buf_format(&out, "%s%.*s%s%s\n", before, length - 2, line, suffix,
                   is_last ? "" : after);
        line += length + 1;
    }
    return buf_string(&out);
}

static const char *flags(const struct options *options, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; compile_flags[i] != NULL; i++) {
        buf_format(&out, "%s%s", i > 0 ? " " : "", compile_flags[i]);
    }
    if (options->is_unchecked) {
        buf_text(&out, " " COMPILE_UNCHECKED);
    }
    return buf_string(&out);
}

static bool add_text(struct bundle *bundle, const char *name,
                     const char *template, const struct render_value *values,
                     size_t count, struct diag *diag)
{
    struct buf out;
    buf_init(&out, bundle->arena);
    return render_template(&out, name, template, values, count, diag) &&
           add_file(bundle, name, out.bytes, out.length, diag);
}

/* The program's name: not one that means something to make, or lies there. */
static const char *program_name(const struct bundle *bundle)
{
    static const char *const taken[] = {
        "all",     "build",    "check",    "clean",  "generated", "install",
        "license", "makefile", "manifest", "readme", "shim"};
    const char *id =
        identifier_program(bundle->job->patch->given_name, bundle->arena);
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        if (strcasecmp(id, taken[i]) == 0) {
            return arena_format(bundle->arena, "%s-patch", id);
        }
    }
    return id;
}

static bool add_texts(struct bundle *bundle, struct diag *diag)
{
    const struct patch *patch = bundle->job->patch;
    const char *id = program_name(bundle);
    const char *binaries = buf_string(&bundle->binaries);
    binaries += *binaries == ' ';
    const struct render_value makefile[] = {
        {"ID", id},
        {"AT", "@"},
        {"FLAGS", flags(bundle->job->options, bundle->arena)},
        {"OBJECTS", listed(bundle, "    ", ".o", " \\")},
        {"BINARIES", binaries},
    };
    const struct render_value cmake[] = {
        {"ID", id},
        {"FLAGS", flags(bundle->job->options, bundle->arena)},
        {"SOURCES",
         arena_format(bundle->arena, "%s  ", listed(bundle, "  ", ".c", ""))},
        {"BINARIES", binaries},
    };
    const struct render_value readme[] = {
        {"NAME", patch->name},
        {"ID", id},
        {"VERSION", F4E_VERSION},
        {"SHA256", patch->sha256},
    };
    return add_text(bundle, "Makefile", template_bundle_makefile, makefile,
                    sizeof(makefile) / sizeof(makefile[0]), diag) &&
           add_text(bundle, "CMakeLists.txt", template_bundle_cmake, cmake,
                    sizeof(cmake) / sizeof(cmake[0]), diag) &&
           add_text(bundle, "README", template_bundle_readme, readme,
                    sizeof(readme) / sizeof(readme[0]), diag) &&
           add_file(bundle, "LICENSE", template_license,
                    strlen(template_license), diag);
}

/* As sha256sum writes it. */
static bool add_manifest(struct bundle *bundle, struct diag *diag)
{
    struct buf out;
    buf_init(&out, bundle->arena);
    for (size_t i = 0; i < bundle->count; i++) {
        char sha256[SHA256_HEX];
        sha256_hex(bundle->files[i].bytes, bundle->files[i].size, sha256);
        buf_format(&out, "%s  %s\n", sha256, bundle->files[i].name);
    }
    return add_file(bundle, BUNDLE_MANIFEST, out.bytes, out.length, diag);
}

static const char *path_of(const struct bundle *bundle, const char *name)
{
    return arena_format(bundle->arena, "%s/%s", bundle->job->options->output,
                        name);
}

static bool make_folder(const char *path, struct diag *diag)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST ||
           diag_system(diag, "cannot make '%s': %s", path, strerror(errno));
}

/* The folders that a file's name goes through. */
static bool make_folders(const struct bundle *bundle, const char *name,
                         struct diag *diag)
{
    for (const char *slash = strchr(name, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        const char *folder =
            arena_copy(bundle->arena, name, (size_t)(slash - name));
        if (!make_folder(path_of(bundle, folder), diag)) {
            return false;
        }
    }
    return true;
}

static bool write_files(const struct bundle *bundle, struct diag *diag)
{
    if (!make_folder(bundle->job->options->output, diag)) {
        return false;
    }
    (void)remove(path_of(bundle, BUNDLE_MANIFEST));
    for (size_t i = 0; i < bundle->count; i++) {
        const struct bundle_file *file = &bundle->files[i];
        if (!make_folders(bundle, file->name, diag) ||
            !file_save(path_of(bundle, file->name), file->bytes, file->size,
                       0666, diag)) {
            return false;
        }
    }
    return true;
}

bool emit_bundle(const struct emit_job *job, const char **summary,
                 struct arena *arena, struct diag *diag)
{
    struct bundle *bundle = arena_alloc(arena, 1, sizeof(*bundle));
    bundle->job = job;
    bundle->arena = arena;
    buf_init(&bundle->sources, arena);
    buf_init(&bundle->binaries, arena);
    if (!add_generated(bundle, diag) || !add_shim(bundle, diag) ||
        !add_texts(bundle, diag) || !add_manifest(bundle, diag)) {
        return false;
    }
    for (size_t i = 0; i < bundle->count; i++) {
        if (!output_check_product(job->options,
                                  path_of(bundle, bundle->files[i].name), arena,
                                  diag)) {
            return false;
        }
    }
    if (!write_files(bundle, diag)) {
        return false;
    }
    *summary = arena_format(arena, "%s: %zu files", job->options->output,
                            bundle->count);
    return true;
}
