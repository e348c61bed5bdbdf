/* SPDX-License-Identifier: MIT */
#include "metadata/metadata.h"

#include "base/file.h"
#include "base/utf8.h"
#include "describe/attachment.h"
#include "metadata/assets.h"
#include "metadata/lock.h"
#include "metadata/manifest_json.h"
#include "project/project.h"

#include <unistd.h>

struct opening {
    struct manifest *manifest;
    struct wasm_module *module;
    const struct options *options;
    bool needs_assets;
    struct asset_file *files;
    uint32_t file_count;
    bool is_asset_wrong; /* it failed for a file: leaving the project is no way
                          */
    struct arena *arena;
};

const char *project_beside(const struct options *options, struct arena *arena)
{
    static const char suffix[] = ".wasm";
    size_t length = strlen(options->input);
    size_t tail = sizeof(suffix) - 1;
    if (options->is_projectless || options->project != NULL ||
        options->manifest != NULL || length <= tail ||
        strcmp(options->input + length - tail, suffix) != 0) {
        return NULL;
    }
    const char *path =
        arena_format(arena, "%.*s.8f4e", (int)(length - tail), options->input);
    return access(path, F_OK) == 0 ? path : NULL;
}

/* Add an id once. */
static void want(struct opening *opening, const struct asset_file *file)
{
    for (uint32_t i = 0; i < opening->file_count; i++) {
        if (strcmp(opening->files[i].id, file->id) == 0) {
            return;
        }
    }
    opening->files[opening->file_count++] = *file;
}

/* The files that are wanted; 'path' is what names them. */
static bool find_files(struct opening *opening, const char *path,
                       struct diag *diag)
{
    opening->is_asset_wrong =
        !assets_find(opening->files, opening->file_count,
                     file_directory(path, opening->arena), opening->module,
                     opening->options, opening->arena, diag);
    return !opening->is_asset_wrong;
}

static bool require_files(struct opening *opening, const char *path,
                          struct diag *diag)
{
    opening->is_asset_wrong =
        opening->needs_assets &&
        !assets_require(opening->files, opening->file_count,
                        file_directory(path, opening->arena), opening->arena,
                        diag);
    return !opening->is_asset_wrong;
}

/* The text and the module do not belong together: an error, or what the user
 * was willing to hear about. */
static bool disagree(struct opening *opening, struct diag *diag,
                     const struct diag *difference)
{
    if (!opening->options->is_lenient) {
        *diag = *difference;
        return diag->hint[0] == '\0' &&
               diag_hint(diag, "--project-check warn takes it nevertheless");
    }
    manifest_notice(opening->manifest, opening->arena, "%s:%s %s",
                    difference->file,
                    difference->line > 0
                        ? arena_format(opening->arena, "%u:", difference->line)
                        : "",
                    difference->text);
    return true;
}

/* The sizes that the text may compute with. */
static const struct project_asset_size *
asset_sizes(const struct opening *opening, uint32_t *count)
{
    struct project_asset_size *sizes =
        arena_alloc(opening->arena, opening->file_count, sizeof(*sizes));
    *count = 0;
    for (uint32_t i = 0; i < opening->file_count; i++) {
        if (opening->files[i].path != NULL) {
            sizes[(*count)++] = (struct project_asset_size){
                opening->files[i].id, opening->files[i].size};
        }
    }
    return sizes;
}

/* Files that are not as long as those that the module was compiled for. */
static void notice_sizes(struct opening *opening, const struct project *project)
{
    for (uint32_t i = 0; i < project->env_size_count; i++) {
        const struct project_asset_size *compiled = &project->env_sizes[i];
        const struct asset_file *file = opening->files;
        while (strcmp(file->id, compiled->id) != 0) {
            file++; /* sizes are those of files */
        }
        if (file->path[0] != '\0' && file->size != compiled->bytes) {
            manifest_notice(opening->manifest, opening->arena,
                            "asset '%s': '%s' has %u bytes, and the text was "
                            "compiled for %llu",
                            utf8_print_text(file->id, opening->arena),
                            utf8_print_text(file->path, opening->arena),
                            file->size, (unsigned long long)compiled->bytes);
        }
    }
}

/* What a manifest may say, so that what is embedded can be read again. */
static bool check_project_assets(const struct project_config *config,
                                 const char *path, struct arena *arena,
                                 struct diag *diag)
{
    for (uint32_t i = 0; i < config->asset_count; i++) {
        const struct project_asset *asset = &config->assets[i];
        if (i == MANIFEST_MAX_TARGETS) {
            return diag_line(diag, path, asset->line,
                             "assets have more than %d places to go to",
                             MANIFEST_MAX_TARGETS);
        }
        if (!manifest_is_name(asset->id)) {
            return diag_line(diag, path, asset->line,
                             "asset '%s': this is no name to type",
                             utf8_print_text(asset->id, arena));
        }
    }
    return true;
}

static bool find_project_assets(struct opening *opening,
                                const struct project_config *config,
                                const char *path, struct diag *diag)
{
    opening->files = arena_alloc(opening->arena, config->asset_count,
                                 sizeof(*opening->files));
    struct lock lock;
    const char *lock_path = lock_name(path, opening->arena);
    if (!lock_read(&lock, lock_path, opening->arena, diag)) {
        return false;
    }
    for (uint32_t i = 0; i < config->asset_count; i++) {
        const struct lock_entry *entry =
            lock_find(&lock, config->assets[i].url);
        want(opening, &(struct asset_file){
                          .id = config->assets[i].id,
                          .url = config->assets[i].url,
                          .sha256 = entry != NULL ? entry->sha256 : NULL,
                          .lock = entry != NULL ? lock_path : NULL,
                          .lock_bytes = entry != NULL ? entry->size : 0,
                      });
    }
    return find_files(opening, path, diag);
}

static bool open_project(struct opening *opening, const char *path,
                         struct diag *diag)
{
    struct arena *arena = opening->arena;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct project project;
    struct project_config config;
    diag->file = NULL;
    if (!file_read(path, PROJECT_MAX_BYTES, &bytes, &size, arena, diag)) {
        return false;
    }
    const struct project_text *text =
        project_parse(bytes, size, path, arena, diag);
    if (text == NULL) {
        return false;
    }
    project_config(&config, text, arena);
    if (!check_project_assets(&config, path, arena, diag) ||
        !find_project_assets(opening, &config, path, diag)) {
        return false;
    }
    struct diag difference;
    diag_init(&difference, path);
    uint32_t size_count = 0;
    const struct project_asset_size *sizes = asset_sizes(opening, &size_count);
    enum project_result result =
        project_match(&project, text, &config, opening->module, sizes,
                      size_count, arena, &difference);
    if (result == PROJECT_UNREADABLE) {
        /* A file that is not here may be why. */
        if (require_files(opening, path, diag)) {
            *diag = difference;
        }
        return false;
    }
    bool is_matched = result == PROJECT_MATCHES;
    if (!manifest_from_project(opening->manifest, &project, &config, is_matched,
                               arena, diag)) {
        return false;
    }
    assets_take_held(opening->files, opening->file_count, opening->manifest,
                     arena);
    if (!require_files(opening, path, diag)) {
        return false;
    }
    notice_sizes(opening, &project);
    return is_matched || disagree(opening, diag, &difference);
}

static bool check_module(struct opening *opening, struct diag *diag)
{
    char sha256[SHA256_HEX];
    const char *wanted = opening->manifest->sha256;
    attachment_sha256(opening->module, sha256, opening->arena);
    if (wanted == NULL || strcmp(wanted, sha256) == 0) {
        return true;
    }
    struct diag difference;
    diag_init(&difference, opening->manifest->file);
    (void)diag_input(&difference, -1,
                     "the manifest is of another module: $.sha256 is %s, the "
                     "module's is %s",
                     wanted, sha256);
    return disagree(opening, diag, &difference);
}

static bool open_manifest(struct opening *opening, const char *file,
                          const char *path, const uint8_t *bytes, size_t size,
                          enum patch_source source, struct diag *diag)
{
    struct manifest *manifest = opening->manifest;
    struct arena *arena = opening->arena;
    if (!manifest_read(manifest, bytes, size, file, source, arena, diag) ||
        !check_module(opening, diag)) {
        return false;
    }
    opening->files =
        arena_alloc(arena, manifest->asset_count, sizeof(*opening->files));
    for (uint32_t i = 0; i < manifest->asset_count; i++) {
        want(opening, &(struct asset_file){
                          .id = manifest->assets[i].id,
                          .url = manifest->assets[i].url,
                          .name = manifest->assets[i].file,
                          .sha256 = manifest->assets[i].sha256,
                      });
    }
    return find_files(opening, path, diag) &&
           require_files(opening, path, diag);
}

static bool open_manifest_file(struct opening *opening, struct diag *diag)
{
    const char *path = opening->options->manifest;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    diag->file = NULL;
    return file_read(path, MANIFEST_MAX_BYTES, &bytes, &size, opening->arena,
                     diag) &&
           open_manifest(opening, path, path, bytes, size, SOURCE_MANIFEST,
                         diag);
}

/* '*is_open' tells whether there is one. */
static bool open_embedded(struct opening *opening, bool *is_open,
                          struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    const char *input = opening->options->input;
    if (!attachment_manifest(opening->module, &bytes, &size, opening->arena,
                             diag)) {
        return false;
    }
    *is_open = bytes != NULL;
    return bytes == NULL ||
           open_manifest(
               opening,
               arena_format(opening->arena, "%s: the manifest inside", input),
               input, bytes, size, SOURCE_EMBEDDED, diag);
}

/* A notice before all that are there. */
static void say_first(struct manifest *manifest, const char *text,
                      struct arena *arena)
{
    if (manifest->notice_count == 0) {
        manifest_notice(manifest, arena, "%s", text);
        return;
    }
    for (uint32_t i = manifest->notice_count++; i > 0; i--) {
        manifest->notices[i] = manifest->notices[i - 1];
    }
    manifest->notices[0] = arena_copy(arena, text, strlen(text));
}

static bool open_any(struct opening *opening, bool *is_open, struct diag *diag)
{
    const struct options *options = opening->options;
    *is_open = true;
    if (options->project != NULL) {
        return open_project(opening, options->project, diag);
    }
    if (options->manifest != NULL) {
        return open_manifest_file(opening, diag);
    }
    const char *found = project_beside(options, opening->arena);
    if (found == NULL) {
        *is_open = false;
        return options->is_projectless ||
               open_embedded(opening, is_open, diag) ||
               (!opening->is_asset_wrong &&
                diag_hint(diag, "--no-project leaves the manifest aside"));
    }
    if (!open_project(opening, found, diag)) {
        return !opening->is_asset_wrong &&
               strstr(diag->hint, "--no-project") == NULL &&
               diag_hint(diag, "--no-project leaves '%s' aside", found);
    }
    say_first(opening->manifest,
              arena_format(opening->arena,
                           "'%s' is taken as its project (see --no-project)",
                           found),
              opening->arena);
    return true;
}

bool metadata_find(struct metadata *metadata, struct wasm_module *module,
                   const struct options *options, bool needs_assets,
                   struct arena *arena, struct diag *diag)
{
    struct manifest *manifest = arena_alloc(arena, 1, sizeof(*manifest));
    struct opening opening = {
        .manifest = manifest,
        .module = module,
        .options = options,
        .needs_assets = needs_assets,
        .arena = arena,
    };
    struct patch_asset *assets = NULL;
    bool is_open = false;
    diag->file = options->input;
    *metadata = (struct metadata){NULL, NULL, 0};
    if (!options->is_projectless && !attachment_check(module, arena, diag)) {
        return diag_hint(diag, "--no-project leaves what is inside aside");
    }
    if (!open_any(&opening, &is_open, diag)) {
        return false;
    }
    if (is_open) {
        manifest_check(manifest, module, arena);
        manifest_name_functions(manifest, module, arena);
        metadata->manifest = manifest;
    }
    if (!assets_place(&assets, &metadata->asset_count,
                      is_open ? manifest : NULL, opening.files,
                      opening.file_count, module, options, arena, diag)) {
        return false;
    }
    metadata->assets = assets;
    diag->file = options->input;
    return true;
}
