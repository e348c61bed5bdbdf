/* SPDX-License-Identifier: MIT */
#include "control/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/list.h"

bool remote_open(struct remote *remote, struct engine *engine,
                 const struct options *options, const char *program,
                 struct failure *failure)
{
    const struct f4e_patch *patch = engine->patch;
    const struct command_reader reader = {.patch = patch,
                                          .told =
                                              options->is_quiet ? NULL : stderr,
                                          .program = program};
    remote->options = options;
    remote->console.fd = -1;
    if (!script_load(&remote->script, options, &reader, failure)) {
        return false;
    }
    engine->events = remote->script.events.events;
    engine->event_count = remote->script.events.count;
    if (options->watch != NULL) {
        unsigned rate_hz = options->watch_hz > 0 ? options->watch_hz : 1;
        if (!watch_open(&remote->watch, patch, options->watch, rate_hz, stdout,
                        failure)) {
            return false;
        }
    }
    remote->console.reader = reader;
    remote->console.answers = stdout;
    remote->console.errors = stderr;
    return true;
}

bool remote_listen(struct remote *remote, struct engine *engine,
                   struct failure *failure)
{
    const char *path = remote->options->control;
    remote->has_console =
        path != NULL && console_open(&remote->console, path, failure);
    if (remote->has_console) {
        engine_attach(engine, &remote->console.inbox);
    }
    return path == NULL || remote->has_console;
}

bool remote_remember(struct remote *remote, const struct engine *engine,
                     struct failure *failure)
{
    if (remote->options->is_list || remote->has_console) {
        remote->defaults = list_remember(engine->patch, failure);
        remote->console.defaults = remote->defaults;
        if (remote->defaults == NULL) {
            return false;
        }
    }
    return true;
}

void remote_set(struct remote *remote, struct engine *engine)
{
    engine->settings = remote->script.settings.events;
    engine->setting_count = remote->script.settings.count;
    engine_apply_settings(engine);
}

bool remote_print(const struct remote *remote, const struct f4e_patch *patch,
                  struct failure *failure)
{
    const struct options *options = remote->options;
    return options->is_list
               ? list_print(patch, remote->defaults, options->pattern,
                            options->is_json, stdout, failure)
               : list_print_params(patch, options->pattern, options->is_json,
                                   stdout, failure);
}

void remote_start(struct remote *remote)
{
    remote->start_ns = stats_now_ns();
}

void remote_before_block(void *context, uint64_t block)
{
    struct remote *remote = context;
    watch_block(&remote->watch, block);
}

/* A render shows its values itself. */
static bool is_watching(const struct remote *remote)
{
    return remote->options->render == NULL;
}

int remote_fd(const struct remote *remote)
{
    return remote->has_console ? console_fd(&remote->console) : -1;
}

int remote_wait_ms(const struct remote *remote, int most_ms)
{
    if (remote->has_console) {
        most_ms = console_wait_ms(&remote->console, most_ms);
    }
    if (is_watching(remote)) {
        most_ms = watch_wait_ms(&remote->watch,
                                stats_now_ns() - remote->start_ns, most_ms);
    }
    return most_ms;
}

bool remote_pump(struct remote *remote, const struct stats *stats)
{
    if (remote->has_console) {
        console_pump(&remote->console, stats_now_ns());
    }
    if (is_watching(remote)) {
        watch_tick(&remote->watch, stats_now_ns() - remote->start_ns,
                   stats_get(&stats->frames));
    }
    return remote->console.is_quitting ||
           (atomic_load(&remote->watch.is_over) &&
            remote->watch.error == EPIPE);
}

bool remote_check(const struct remote *remote, struct failure *failure)
{
    bool is_good =
        !atomic_load(&remote->watch.is_over) || remote->watch.error == EPIPE;
    return is_good ||
           failure_set(failure, STATUS_FILE, "cannot write standard output: %s",
                       strerror(remote->watch.error));
}

void remote_close(struct remote *remote)
{
    console_close(&remote->console);
    watch_close(&remote->watch);
    script_free(&remote->script);
    free(remote->defaults);
    remote->defaults = NULL;
}
