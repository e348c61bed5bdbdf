/* SPDX-License-Identifier: MIT */
#include "load/entries.h"

#include "common/call_args.h"
#include "load/load.h"
#include "load/trap_text.h"
#include "rt/denormals.h"
#include "rt/trap.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* What the thread works on. */
struct entries {
    const struct engine *engine;
    const struct options *options;
    const struct f4e_export *entry; /* the one being called */
    double *args;                   /* of it */
    struct f4e_trap_report report;
    bool has_trapped;
};

static void call_entry(void *arg)
{
    const struct entries *entries = arg;
    entries->entry->call(entries->args, NULL);
}

static void *call_all(void *arg)
{
    struct entries *entries = arg;
    const struct options *options = entries->options;
    denormals_flush(options->is_flushing);
    for (unsigned i = 0; i < options->entry_count; i++) {
        const struct f4e_export *entry = options->entries[i];
        entries->entry = entry;
        call_args_fill(entry, NULL, 0, entries->args);
        if (entries->engine->guard(call_entry, entries,
                                   entries->engine->stack_bytes,
                                   &entries->report) != F4E_TRAP_NONE) {
            entries->has_trapped = true;
            break;
        }
    }
    return NULL;
}

bool entries_run(struct engine *engine, const struct options *options,
                 struct failure *failure)
{
    struct entries entries = {.engine = engine, .options = options};
    pthread_t thread = 0;
    char text[320];
    size_t most = 1;
    if (options->entry_count == 0) {
        return true;
    }
    for (unsigned i = 0; i < options->entry_count; i++) {
        most = options->entries[i]->params > most ? options->entries[i]->params
                                                  : most;
    }
    entries.args = calloc(most, sizeof(*entries.args));
    if (entries.args == NULL) {
        return failure_set_memory(failure);
    }
    bool is_good =
        load_start_thread(&thread, engine->patch, call_all, &entries, failure);
    if (is_good) {
        (void)pthread_join(thread, NULL);
    }
    free(entries.args);
    if (entries.has_trapped) {
        trap_describe(engine->patch, &entries.report, "called by --run-entry",
                      text, sizeof(text));
        is_good = failure_set(failure, STATUS_TRAP, "%s", text);
    }
    return is_good;
}
