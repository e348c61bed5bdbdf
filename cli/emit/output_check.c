/* SPDX-License-Identifier: MIT */
#include "emit/output_check.h"

#include "base/file.h"
#include "compile/compile.h"
#include "emit/emit.h"
#include "generate.h"
#include "metadata/metadata.h"
#include "translate/translate.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_IMPORT_C_BYTES = 64 << 20 };

static bool is_same_file(const char *path, const struct stat *other)
{
    struct stat status;
    return path != NULL && stat(path, &status) == 0 &&
           status.st_dev == other->st_dev && status.st_ino == other->st_ino;
}

/* What the file behind 'status' is to this build, which reads it; else NULL. */
static const char *as_input(const struct options *options,
                            const struct stat *status, struct arena *arena)
{
    /* A module may be embedded into in place. */
    if ((options->command != COMMAND_EMBED || options->is_text) &&
        is_same_file(options->input, status)) {
        return options->is_text ? "the text itself" : "the module itself";
    }
    if (is_same_file(options->import_c, status)) {
        return "the file given with --import-c";
    }
    if (is_same_file(options->project, status) ||
        is_same_file(options->manifest, status) ||
        is_same_file(project_beside(options, arena), status)) {
        return "the project or manifest";
    }
    if (is_same_file(options->pgo_script, status)) {
        return "the file given with --pgo-script";
    }
    for (uint32_t i = 0; i < options->asset_count; i++) {
        if (is_same_file(options->assets[i].file, status)) {
            return "an asset";
        }
    }
    return NULL;
}

static bool is_asset(const struct patch_asset *assets, uint32_t count,
                     const struct stat *status)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!assets[i].is_inside && is_same_file(assets[i].file, status)) {
            return true;
        }
    }
    return false;
}

static bool is_empty(const char *path)
{
    DIR *directory = opendir(path);
    size_t count = 0;
    while (directory != NULL && readdir(directory) != NULL) {
        count++;
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    return count <= 2;
}

/* A folder to fill is new, empty, or one that an earlier build filled, which
 * 'mark' in it shows. */
static bool check_folder(const char *folder, const char *mark,
                         const char *option, struct arena *arena,
                         struct diag *diag)
{
    struct stat status;
    if (stat(folder, &status) != 0) {
        return true;
    }
    if (!S_ISDIR(status.st_mode)) {
        return diag_system(diag, "'%s' is not a directory", folder);
    }
    if (!is_empty(folder) &&
        access(arena_format(arena, "%s/%s", folder, mark), F_OK) != 0) {
        diag_usage(diag, "'%s' holds files that no build made", folder);
        return diag_hint(diag, "give %s a new or empty folder", option);
    }
    return true;
}

/* Whether a file can be written there, as far as one sees without trying. */
static bool check_place(const char *path, struct arena *arena,
                        struct diag *diag)
{
    struct stat status;
    const char *parent = file_directory(file_target(path, arena), arena);
    if (stat(path, &status) != 0 && (errno == ELOOP || errno == ENAMETOOLONG)) {
        return diag_system(diag, "cannot write '%s': %s", path,
                           strerror(errno));
    }
    bool is_folder = stat(parent, &status) != 0 || S_ISDIR(status.st_mode);
    errno = ENOTDIR;
    if (!is_folder || access(parent, W_OK | X_OK) != 0) {
        return diag_system(diag, "cannot write to '%s': %s", parent,
                           strerror(errno));
    }
    return true;
}

static bool check_output(const struct options *options, struct arena *arena,
                         struct diag *diag)
{
    const char *output = options->output;
    struct stat status;
    if (stat(output, &status) == 0) {
        const char *input = as_input(options, &status, arena);
        if (input != NULL) {
            return diag_usage(diag, "the output '%s' is %s", output, input);
        }
        if (emit_kind_row(options->emit_kind)->is_folder) {
            return check_folder(output, BUNDLE_MANIFEST, "--emit bundle", arena,
                                diag);
        }
        if (!S_ISREG(status.st_mode)) {
            return diag_system(diag, "the output '%s' is %s", output,
                               S_ISDIR(status.st_mode) ? "a directory"
                                                       : "not a regular file");
        }
    }
    return check_place(output, arena, diag);
}

static bool matches(const char *name, const char *const *patterns)
{
    while (*patterns != NULL && fnmatch(*patterns, name, 0) != 0) {
        patterns++;
    }
    return *patterns != NULL;
}

/* Names that a stage writes in the folder of --emit-c. */
static int is_written(const struct dirent *entry)
{
    return matches(entry->d_name, translate_files) ||
           matches(entry->d_name, generate_patterns) ||
           matches(entry->d_name, compile_patterns);
}

/* The files of an earlier build in the folder of --emit-c, sorted; their number
 * is 0 without such a folder. free() each, and the list. */
static int list_written(const struct options *options, struct dirent ***list)
{
    *list = NULL;
    int count = options->emit_c == NULL
                    ? 0
                    : scandir(options->emit_c, list, is_written, alphasort);
    return count < 0 ? 0 : count;
}

/* Nothing in the folder of --emit-c that will be replaced is an input: one of
 * the options', or one of 'assets'. */
static bool check_written(const struct options *options,
                          const struct patch_asset *assets, uint32_t count,
                          struct arena *arena, struct diag *diag)
{
    struct dirent **list = NULL;
    int written = list_written(options, &list);
    bool ok = true;
    for (int i = 0; i < written; i++) {
        struct stat status;
        const char *path =
            arena_format(arena, "%s/%s", options->emit_c, list[i]->d_name);
        const char *input = NULL;
        if (ok && stat(path, &status) == 0) {
            input = as_input(options, &status, arena);
            input = is_asset(assets, count, &status) ? "an asset" : input;
        }
        if (input != NULL) {
            ok = diag_usage(diag, "--emit-c would overwrite '%s', %s", path,
                            input);
        }
        free(list[i]);
    }
    free(list);
    return ok;
}

static bool check_emit(const struct options *options, struct arena *arena,
                       struct diag *diag)
{
    return options->emit_c == NULL ||
           (check_folder(options->emit_c, "compile.sh", "--emit-c", arena,
                         diag) &&
            check_written(options, NULL, 0, arena, diag));
}

bool output_check_assets(const struct options *options,
                         const struct patch_asset *assets, uint32_t count,
                         struct arena *arena, struct diag *diag)
{
    struct stat status;
    if (stat(options->output, &status) == 0 &&
        is_asset(assets, count, &status)) {
        return diag_usage(diag, "the output '%s' is an asset", options->output);
    }
    return check_written(options, assets, count, arena, diag);
}

/* A rule is a line: make has no way to write a line end inside of a name. */
static bool check_rule(const struct options *options, struct diag *diag)
{
    const char *const names[] = {options->output,      options->input,
                                 options->project,     options->manifest,
                                 options->pgo_script,  options->import_c,
                                 options->asset_folder};
    const char *bad = NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        bool has_end = names[i] != NULL && strpbrk(names[i], "\r\n") != NULL;
        bad = has_end ? names[i] : bad;
    }
    for (uint32_t i = 0; i < options->asset_count; i++) {
        const char *file = options->assets[i].text;
        bad = strpbrk(file, "\r\n") != NULL ? file : bad;
    }
    return bad == NULL || diag_usage(diag,
                                     "--depfile: a rule for make cannot hold "
                                     "the line end in '%s'",
                                     bad);
}

static bool check_depfile(const struct options *options, struct arena *arena,
                          struct diag *diag)
{
    struct stat status;
    if (options->depfile == NULL) {
        return true;
    }
    if (!check_rule(options, diag)) {
        return false;
    }
    if (strcmp(options->depfile, options->output) == 0) {
        return diag_usage(diag, "--depfile and -o name the same file '%s'",
                          options->output);
    }
    if (stat(options->depfile, &status) != 0) {
        return check_place(options->depfile, arena, diag);
    }
    const char *input = as_input(options, &status, arena);
    if (input != NULL) {
        return diag_usage(diag, "--depfile would overwrite '%s', %s",
                          options->depfile, input);
    }
    if (S_ISDIR(status.st_mode)) {
        return diag_system(diag, "--depfile: '%s' is a directory",
                           options->depfile);
    }
    /* To a device or a pipe no file beside it is written first. */
    return !S_ISREG(status.st_mode) ||
           check_place(options->depfile, arena, diag);
}

bool output_check_product(const struct options *options, const char *path,
                          struct arena *arena, struct diag *diag)
{
    struct stat status;
    const char *input =
        stat(path, &status) == 0 ? as_input(options, &status, arena) : NULL;
    return input == NULL ||
           diag_usage(diag, "--emit %s would overwrite '%s', %s",
                      emit_kind_row(options->emit_kind)->name, path, input);
}

bool output_check(const struct options *options, struct arena *arena,
                  struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    return check_output(options, arena, diag) &&
           check_emit(options, arena, diag) &&
           check_depfile(options, arena, diag) &&
           (options->import_c == NULL ||
            file_read(options->import_c, MAX_IMPORT_C_BYTES, &bytes, &size,
                      arena, diag));
}
