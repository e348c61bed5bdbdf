/* SPDX-License-Identifier: MIT */
#include "control/control.h"

#include "control/list.h"
#include "message/message.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool control_open(struct control *control, struct engine *engine,
                  const struct options *options, struct failure *failure)
{
    const struct f4e_patch *patch = engine->patch;
    const struct command_reader reader = {.patch = patch,
                                          .words = control->words,
                                          .word_count = control->word_count,
                                          .is_quiet = options->is_quiet,
                                          .can_miss = control->can_miss,
                                          .context = control->context};
    control->options = options;
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
    control->reader = reader;
    return true;
}

bool control_remember(struct control *control, const struct engine *engine,
                      struct failure *failure)
{
    if (control->keeps_defaults || control->options->is_list ||
        control->options->control_count > 0) {
        control->defaults = list_remember(engine->patch, failure);
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
    struct json json;
    if (!options->is_json) {
        return options->is_list ? list_print(patch, control->defaults,
                                             options->pattern, stdout, failure)
               : options->is_params
                   ? list_print_params(patch, options->pattern, stdout, failure)
                   : list_print_views(patch, options->pattern, stdout, failure);
    }
    json_init(&json, stdout, 2);
    json_open(&json, '{');
    bool is_good =
        options->is_list ? list_write(patch, control->defaults,
                                      options->pattern, &json, failure)
        : options->is_params
            ? list_write_params(patch, options->pattern, &json, failure)
            : list_write_views(patch, options->pattern, &json, failure);
    json_close(&json, '}');
    return is_good;
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

int control_wait_ms(const struct control *control, int most_ms)
{
    if (is_watching(control)) {
        most_ms = watch_wait_ms(&control->watch,
                                stats_now_ns() - control->start_ns, most_ms);
    }
    return most_ms;
}

bool control_pump(struct control *control, const struct stats *stats)
{
    if (is_watching(control)) {
        watch_tick(&control->watch, stats_now_ns() - control->start_ns,
                   stats_get(&stats->frames));
    }
    return atomic_load(&control->watch.is_over) &&
           control->watch.error == EPIPE;
}

void control_report(struct control *control, const struct engine *engine)
{
    uint64_t refused =
        atomic_load_explicit(&engine->ramps.refused, memory_order_relaxed);
    if (refused != control->refused && !control->options->is_quiet) {
        control->refused = refused;
        message(PRIORITY_WARNING,
                "%" PRIu64
                " values took their end at once: no more than %d can move",
                refused, RAMPS_MAX);
    }
}

void control_follow(struct control *control, const struct f4e_patch *patch)
{
    control->reader.patch = patch;
    if (control->options->watch != NULL) {
        watch_follow(&control->watch, patch, control->options->watch);
    }
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
    watch_close(&control->watch);
    script_free(&control->script);
    free(control->defaults);
    control->defaults = NULL;
}
