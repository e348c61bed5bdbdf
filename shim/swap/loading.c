/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* SCHED_IDLE */
#include "swap/loading.h"

#include "common/thread.h"
#include "control/list.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

static bool load(struct loading *loading)
{
    struct version *version = &loading->version;
    const struct loading_host *host = loading->host;
    struct failure *failure = &loading->failure;
    if (!version_open(version, loading->path, failure) ||
        !version_fits(version->patch, loading->shape, failure)) {
        return false;
    }
    version->deck = calloc(1, sizeof(*version->deck));
    if (version->deck == NULL) {
        return failure_set_memory(failure);
    }
    struct engine *engine = &version->deck->engine;
    engine_init(engine, version->patch, TRAP_SILENCE,
                host->stack_bytes(version->patch));
    atomic_store(&loading->interrupt, version->interrupt);
    engine->guard = version->guard;
    engine->sender = version->sender;
    version->deck->version = version->number;
    if (!host->load(engine, loading->options, failure)) {
        return false;
    }
    version->defaults = list_remember(version->patch, failure);
    if (version->defaults == NULL) {
        return false;
    }
    host->keep(host->context, version->patch);
    version_touch_code(version);
    return true;
}

static void *run_loader(void *arg)
{
    struct loading *loading = arg;
    const struct loading_host *host = loading->host;
    loading->is_good = load(loading);
    atomic_store(&loading->is_done, true);
    host->wake();
    return NULL;
}

struct loading *loading_start(const struct loading_host *host,
                              const struct options *options,
                              const struct f4e_patch *shape, const char *path,
                              uint32_t number, struct failure *failure)
{
    struct loading *loading = calloc(1, sizeof(*loading));
    if (loading == NULL) {
        (void)failure_set_memory(failure);
        return NULL;
    }
    loading->host = host;
    loading->options = options;
    loading->shape = shape;
    loading->version.number = number;
    (void)snprintf(loading->path, sizeof(loading->path), "%s", path);
    if (!thread_start(&loading->thread, NULL, run_loader, loading, failure)) {
        free(loading);
        return NULL;
    }
    return loading;
}

void loading_abandon(struct loading *loading)
{
    static const struct sched_param idle = {0};
    (void)pthread_setschedparam(loading->thread, SCHED_IDLE, &idle);
    (void)pthread_detach(loading->thread);
}
