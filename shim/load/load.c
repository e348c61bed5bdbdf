/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* madvise */
#include "load/load.h"

#include "common/thread.h"
#include "files/outfile.h"
#include "load/trap_text.h"
#include "rt/denormals.h"
#include "rt/trap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    /* For CALLGRAPH_MAX_STACK, LOOP_SUMS_STACK_BYTES and
     * FRAME_STAGES_STACK_BYTES of the build tool. */
    STACK_BYTES = 448 << 10,
    STACK_BYTES_RECURSIVE = 7 << 20,
    STACK_BYTES_SHIM = 256 << 10, /* for ours, libasound's and libc's calls */
    /* Functions check the stack before they take their frame of it. */
    STACK_BYTES_FRAME = 1 << 20,
};

size_t load_stack_bytes(const struct f4e_patch *patch)
{
    return patch->is_recursive ? STACK_BYTES_RECURSIVE : STACK_BYTES;
}

size_t load_thread_bytes(const struct f4e_patch *patch)
{
    return load_stack_bytes(patch) + STACK_BYTES_SHIM +
           (patch->is_recursive ? STACK_BYTES_FRAME : 0);
}

bool load_start_thread(pthread_t *thread, const struct f4e_patch *patch,
                       void *(*function)(void *), void *arg,
                       struct failure *failure)
{
    pthread_attr_t attr;
    bool is_started = false;
    int error = pthread_attr_init(&attr);
    if (error == 0) {
        error = pthread_attr_setstacksize(&attr, load_thread_bytes(patch));
        is_started =
            error == 0 && thread_start(thread, &attr, function, arg, failure);
        (void)pthread_attr_destroy(&attr);
    }
    return error == 0
               ? is_started
               : failure_set(failure, STATUS_INTERNAL,
                             "cannot start a thread: %s", strerror(error));
}

/* What the loading thread works on. */
struct loading {
    struct engine *engine;
    bool is_flushing;
    struct f4e_trap_report report;
    const char *when; /* a trap's, or NULL */
};

static void instantiate(void *engine)
{
    ((const struct engine *)engine)->patch->instantiate();
}

static void *load(void *arg)
{
    struct loading *loading = arg;
    struct engine *engine = loading->engine;
    denormals_flush(loading->is_flushing);
    if (engine->guard(instantiate, engine, engine->stack_bytes,
                      &loading->report) != F4E_TRAP_NONE) {
        loading->when = "while it was instantiated";
    } else if (engine_restart(engine, &loading->report) != F4E_TRAP_NONE) {
        loading->when = "in initDefaults";
    }
    return NULL;
}

/*
 * Ask for huge pages where a memory is larger than what the CPU's translation
 * caches reach. A hint: without it a patch that reads all over such a memory is
 * slower, and nothing else.
 */
static void advise_memories(const struct f4e_patch *patch)
{
    const uint64_t large_bytes = UINT64_C(4) << 20;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (unsigned i = 0; i < patch->memory_count; i++) {
        const struct f4e_memory *memory = &patch->memories[i];
        size_t ahead = (size_t)(-(uintptr_t)memory->data & (page - 1));
        if (memory->bytes >= large_bytes) {
            (void)madvise(memory->data + ahead, (size_t)memory->bytes - ahead,
                          MADV_HUGEPAGE);
        }
    }
}

bool load_patch(struct engine *engine, const struct options *options,
                struct failure *failure)
{
    struct loading loading = {.engine = engine,
                              .is_flushing = options->is_flushing};
    pthread_t thread = 0;
    char text[320];
    advise_memories(engine->patch);
    if (!load_start_thread(&thread, engine->patch, load, &loading, failure)) {
        return false;
    }
    (void)pthread_join(thread, NULL);
    if (loading.when == NULL) {
        return true;
    }
    trap_describe(engine->patch, &loading.report, loading.when, text,
                  sizeof(text));
    return failure_set(failure, STATUS_TRAP, "%s", text);
}

static bool dump_one(const struct f4e_memory *memory, const char *path,
                     struct failure *failure)
{
    struct outfile out;
    if (!outfile_open(&out, path, failure)) {
        return false;
    }
    if (!outfile_write(&out, memory->data, (size_t)memory->bytes, failure)) {
        outfile_discard(&out);
        return false;
    }
    return outfile_close(&out, failure);
}

static bool dump(const struct f4e_patch *patch, const char *path,
                 struct failure *failure)
{
    size_t size = strlen(path) + 16;
    char *further = malloc(size);
    bool is_good = further != NULL || failure_set_memory(failure);
    for (unsigned i = 0; is_good && i < patch->memory_count; i++) {
        (void)snprintf(further, size, i == 0 ? "%s" : "%s.%u", path, i);
        is_good = dump_one(&patch->memories[i], further, failure);
    }
    free(further);
    return is_good;
}

bool load_probe_dump(const struct options *options, struct failure *failure)
{
    return options->dump_memory == NULL ||
           outfile_probe(options->dump_memory, failure);
}

void load_dump(const struct f4e_patch *patch, const struct options *options,
               struct failure *failure)
{
    struct failure own = {.status = STATUS_OK};
    /* After a trap too: that is when it is looked at. */
    bool is_wanted =
        options->dump_memory != NULL &&
        (failure->status == STATUS_OK || failure->status == STATUS_TRAP);
    if (is_wanted && !dump(patch, options->dump_memory, &own) &&
        failure->status == STATUS_OK) {
        *failure = own;
    }
}
