/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "emit/depfile.h"

#include "base/file.h"
#include "compile/compile.h"
#include "compile/shim_sources.h"
#include "metadata/lock.h"
#include "metadata/metadata.h"

#include <unistd.h>

enum { MAX_RULE_BYTES = 1 << 20 };

/* What gcc -M does: '\' before blanks and '#', and '$' twice; and what would
 * end a name of make's. make takes the backslashes that stand before an escaped
 * character in pairs. */
void depfile_add_path(struct buf *rule, const char *path)
{
    for (const char *p = path; *p != '\0'; p++) {
        if (strchr(" \t:;|", *p) != NULL) {
            for (const char *back = p; back > path && back[-1] == '\\';
                 back--) {
                buf_byte(rule, '\\');
            }
            buf_byte(rule, '\\');
        } else if (*p == '#') {
            buf_byte(rule, '\\');
        } else if (*p == '$') {
            buf_byte(rule, '$');
        }
        buf_byte(rule, (unsigned char)*p);
    }
}

static void add_input(struct buf *rule, const char *path)
{
    if (path != NULL) {
        buf_text(rule, " \\\n  ");
        depfile_add_path(rule, path);
    }
}

/* A folder that is not there has no files. */
static void add_sources(struct buf *rule, const char *data_dir,
                        struct arena *arena)
{
    struct shim_sources sources = {NULL, 0};
    struct diag missing;
    diag_init(&missing, NULL);
    (void)!shim_sources_all(&sources, data_dir, arena, &missing);
    for (size_t i = 0; i < sources.count; i++) {
        add_input(rule, arena_format(arena, "%s/shim/%s", data_dir,
                                     sources.names[i]));
    }
}

/*
 * The compiler's own rule for the file of --import-c: absolute paths are files
 * of the user's, the others are generated. It is escaped already.
 */
static void add_included(struct buf *rule, const char *directory,
                         struct arena *arena)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct diag missing;
    diag_init(&missing, NULL);
    const char *path =
        arena_format(arena, "%s/%s", directory, COMPILE_IMPORT_RULE);
    if (!file_read(path, MAX_RULE_BYTES, &bytes, &size, arena, &missing)) {
        return;
    }
    (void)remove(path); /* the directory may be the user's (--emit-c) */
    const char *at = strchr((const char *)bytes, ':');
    at = at == NULL ? "" : at + 1;
    while (*at != '\0') {
        size_t length = 0;
        while (at[length] != '\0' && strchr(" \t\n", at[length]) == NULL) {
            length += at[length] == '\\' && at[length + 1] != '\0' ? 2 : 1;
        }
        if (at[0] == '/') {
            buf_format(rule, " \\\n  %.*s", (int)length, at);
        }
        at += length;
        at += strspn(at, " \t\n");
    }
}

/* The lock file of the text, or NULL. */
static const char *find_lock(const struct options *options, struct arena *arena)
{
    const char *text = options->project != NULL
                           ? options->project
                           : project_beside(options, arena);
    const char *path = text != NULL ? lock_name(text, arena) : NULL;
    return path != NULL && access(path, F_OK) == 0 ? path : NULL;
}

bool depfile_write(const struct options *options, const struct patch *patch,
                   const struct toolchain *toolchain, const char *directory,
                   struct arena *arena, struct diag *diag)
{
    struct buf rule;
    buf_init(&rule, arena);
    depfile_add_path(&rule, options->output);
    buf_byte(&rule, ':');
    add_input(&rule, options->input);
    add_input(&rule, options->is_text ? NULL : options->project);
    add_input(&rule, options->manifest);
    add_input(&rule, find_lock(options, arena));
    add_input(&rule, project_beside(options, arena));
    add_input(&rule, options->pgo_script);
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        add_input(&rule,
                  patch->assets[i].is_inside ? NULL : patch->assets[i].file);
    }
    if (options->import_c != NULL) {
        add_input(&rule, options->import_c);
        add_included(&rule, directory, arena);
    }
    add_sources(&rule, toolchain->data_dir, arena);
    char *program = realpath("/proc/self/exe", NULL);
    add_input(&rule, program);
    free(program);
    buf_byte(&rule, '\n');
    return file_save(options->depfile, rule.bytes, rule.length, 0666, diag);
}
