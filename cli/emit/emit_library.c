/* SPDX-License-Identifier: MIT */
/* --emit object and --emit library: a patch for other programs. */
#include "emit/emit.h"

#include "base/file.h"
#include "base/process.h"
#include "embedded.h"
#include "emit/ar.h"
#include "emit/identifier.h"
#include "emit/output_check.h"
#include "render.h"

enum { MAX_OBJECT_BYTES = 1 << 30 };

/* What templates/library.h.in declares. */
static const char *const functions[] = {
    "create",        "destroy",   "reset", "process",     "blocks",
    "error",         "info",      "find",  "item",        "set",
    "get",           "write",     "read",  "call",        "result",
    "find_function", "midi",      "param", "param_get",   "param_set",
    "view",          "view_read", "piano", "preset_save", "preset_load",
    "preset_name",
};

enum { FUNCTION_COUNT = sizeof(functions) / sizeof(functions[0]) };

/* With a tail, lest a patch called "timer" or "math" be in the way of libc's
 * timer_create() and <math.h>. f4e_patch is what the code inside has. */
static const char *library_id(const struct emit_job *job, struct arena *arena)
{
    const char *id = identifier_make(job->patch->given_name, arena);
    return arena_format(arena, "%s%s_patch",
                        strcmp(id, "f4e") == 0 ? "patch_" : "", id);
}

static const char *const *symbols(const char *id, struct arena *arena)
{
    const char **list = arena_alloc(arena, FUNCTION_COUNT + 1, sizeof(*list));
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        list[i] = arena_format(arena, "%s_%s", id, functions[i]);
    }
    return list;
}

/* clang's is made for every architecture, GNU's for one. */
static bool find_objcopy(const char **path, const struct toolchain *toolchain,
                         struct arena *arena, struct diag *diag)
{
    const struct target *target = toolchain->target;
    const char *suffix = strrchr(file_base_name(toolchain->cc), '-');
    const char *own = target->is_cross ? arena_format(arena, "%s-objcopy",
                                                      target->abi->triple)
                                       : "objcopy";
    const char *const names[] = {
        arena_format(arena, "llvm-objcopy%s", suffix != NULL ? suffix : ""),
        "llvm-objcopy", own};
    for (size_t i = toolchain->is_clang ? 0 : 2;
         i < sizeof(names) / sizeof(names[0]); i++) {
        *path = process_find(names[i], arena);
        if (*path != NULL && **path == '/') {
            return true;
        }
    }
    diag_tool(diag, "no program '%s'", own);
    return diag_hint(diag, "sudo apt install binutils%s%s",
                     target->is_cross ? "-" : "",
                     target->is_cross ? target->abi->triple : "");
}

/* "dir/libsine.a" → "dir/sine_patch.h" */
static const char *header_path(const char *output, const char *id,
                               struct arena *arena)
{
    int folder = (int)(strlen(output) - strlen(file_base_name(output)));
    return arena_format(arena, "%.*s%s.h", folder, output, id);
}

/* The header and the file that includes it, beside the glue. */
static bool write_sources(struct buf *header, const struct emit_job *job,
                          const char *id, struct arena *arena,
                          struct diag *diag)
{
    /* Not its real name, which may be one of the shim's. */
    const char *name = "api.h";
    const struct render_value values[] = {
        {"ID", id},
        {"VERSION", F4E_VERSION},
    };
    const struct render_value api_values[] = {
        {"ID", id},
        {"VERSION", F4E_VERSION},
        {"HEADER", name},
    };
    struct buf api;
    buf_init(&api, arena);
    return render_template(header, "library.h.in", template_library_h, values,
                           sizeof(values) / sizeof(values[0]), diag) &&
           render_template(&api, "api.c.in", template_api_c, api_values,
                           sizeof(api_values) / sizeof(api_values[0]), diag) &&
           file_write(
               arena_format(arena, "%s/%s", job->request->directory, name),
               header->bytes, header->length, 0644, diag) &&
           file_write(arena_format(arena, "%s/api.c", job->request->directory),
                      api.bytes, api.length, 0644, diag);
}

/* The object at 'output', and the header beside what the user wants. */
static bool make_object(const struct emit_job *job, const char *id,
                        const char *output, size_t *size, struct arena *arena,
                        struct diag *diag)
{
    struct compile_plan plan;
    struct compile_object object = {.symbols = symbols(id, arena)};
    struct buf header;
    const char *path = header_path(job->options->output, id, arena);
    buf_init(&header, arena);
    if (!output_check_product(job->options, path, arena, diag) ||
        !find_objcopy(&object.objcopy, job->request->toolchain, arena, diag) ||
        !plan_make(&plan, job->request, output, arena, diag)) {
        return false;
    }
    plan.object = &object;
    plan.objects = NULL; /* not for executables */
    return write_sources(&header, job, id, arena, diag) &&
           compile_run(&plan, size, arena, diag) &&
           file_save(path, header.bytes, header.length, 0666, diag);
}

static void summarise(const struct emit_job *job, const char **summary,
                      const char *id, size_t size, struct arena *arena)
{
    *summary = arena_format(arena, "%s -O%u, %s and %s.h: %zu KiB",
                            file_base_name(job->request->toolchain->cc),
                            job->options->level, job->options->output, id,
                            size / 1024);
}

bool emit_object(const struct emit_job *job, const char **summary,
                 struct arena *arena, struct diag *diag)
{
    const char *id = library_id(job, arena);
    size_t size = 0;
    if (!make_object(job, id, job->options->output, &size, arena, diag)) {
        return false;
    }
    summarise(job, summary, id, size, arena);
    return true;
}

bool emit_library(const struct emit_job *job, const char **summary,
                  struct arena *arena, struct diag *diag)
{
    const char *id = library_id(job, arena);
    const char *object =
        arena_format(arena, "%s/object", job->request->directory);
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct buf archive;
    if (!make_object(job, id, object, &size, arena, diag) ||
        !file_read(object, MAX_OBJECT_BYTES, &bytes, &size, arena, diag)) {
        return false;
    }
    (void)remove(object);
    buf_init(&archive, arena);
    ar_start(&archive);
    ar_add_index(&archive, symbols(id, arena));
    ar_add(&archive, "patch.o", true, bytes, size);
    if (!file_save(job->options->output, archive.bytes, archive.length, 0666,
                   diag)) {
        return false;
    }
    summarise(job, summary, id, archive.length, arena);
    return true;
}
