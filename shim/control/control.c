/* SPDX-License-Identifier: MIT */
#include "control/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/list.h"

bool control_open(struct control *control, struct engine *engine,
                  const struct options *options, const char *program,
                  struct failure *failure)
{
    const struct f4e_patch *patch = engine->patch;
    const struct command_reader reader = {.patch = patch,
                                          .messages =
                                              options->is_quiet ? NULL : stderr,
                                          .program = program};
    control->options = options;
    control->console.fd = -1;
    if (!script_load(&control->script, options, &reader, failure)) {
        return false;
    }
    engine->events = control->script.events.events;
    engine->event_count = control->script.events.count;
    if (options->watch != NULL) {
        unsigned rate_hz = options->watch_hz > 0 ? options->watch_hz : 1;
        if (!watch_open(&control->watch, patch, options->watch, rate_hz, stdout,
                        failure)) {
            return false;
        }
    }
    control->console.reader = reader;
    control->console.answers = stdout;
    control->console.errors = stderr;
    return true;
}

bool control_listen(struct control *control, struct engine *engine,
                    struct failure *failure)
{
    const char *path = control->options->control;
    control->has_console =
        path != NULL && console_open(&control->console, path, failure);
    if (control->has_console) {
        engine_attach(engine, &control->console.inbox);
    }
    return path == NULL || control->has_console;
}

bool control_remember(struct control *control, const struct engine *engine,
                      struct failure *failure)
{
    if (control->options->is_list || control->has_console) {
        control->defaults = list_remember(engine->patch, failure);
        control->console.defaults = control->defaults;
        if (control->defaults == NULL) {
            return false;
        }
    }
    return true;
}

void control_set(struct control *control, struct engine *engine)
{
    engine->settings = control->script.settings.events;
    engine->setting_count = control->script.settings.count;
    engine_apply_settings(engine);
}

bool control_print(const struct control *control, const struct f4e_patch *patch,
                   struct failure *failure)
{
    const struct options *options = control->options;
    return options->is_list
               ? list_print(patch, control->defaults, options->pattern,
                            options->is_json, stdout, failure)
               : list_print_params(patch, options->pattern, options->is_json,
                                   stdout, failure);
}

void control_start(struct control *control)
{
    control->start_ns = stats_now_ns();
}

void control_before_block(void *context, uint64_t block)
{
    struct control *control = context;
    watch_block(&control->watch, block);
}

/* A render shows its values itself. */
static bool is_watching(const struct control *control)
{
    return control->options->render == NULL;
}

int control_fd(const struct control *control)
{
    return control->has_console ? console_fd(&control->console) : -1;
}

int control_wait_ms(const struct control *control, int most_ms)
{
    if (control->has_console) {
        most_ms = console_wait_ms(&control->console, most_ms);
    }
    if (is_watching(control)) {
        most_ms = watch_wait_ms(&control->watch,
                                stats_now_ns() - control->start_ns, most_ms);
    }
    return most_ms;
}

bool control_pump(struct control *control, const struct stats *stats)
{
    if (control->has_console) {
        console_pump(&control->console, stats_now_ns());
    }
    if (is_watching(control)) {
        watch_tick(&control->watch, stats_now_ns() - control->start_ns,
                   stats_get(&stats->frames));
    }
    return control->console.is_quitting ||
           (atomic_load(&control->watch.is_over) &&
            control->watch.error == EPIPE);
}

bool control_check(const struct control *control, struct failure *failure)
{
    bool is_good =
        !atomic_load(&control->watch.is_over) || control->watch.error == EPIPE;
    return is_good ||
           failure_set(failure, STATUS_FILE, "cannot write standard output: %s",
                       strerror(control->watch.error));
}

void control_close(struct control *control)
{
    console_close(&control->console);
    watch_close(&control->watch);
    script_free(&control->script);
    free(control->defaults);
    control->defaults = NULL;
}
