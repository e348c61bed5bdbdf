/* SPDX-License-Identifier: MIT */
/* Declared in options/options_internal.h. */
#include "options/options_internal.h"

#include "options/options.h"

#include <string.h>

bool options_add_setting(struct options *options, bool is_load,
                         const char *text, struct failure *failure)
{
    if (options->setting_count == SETTINGS_MAX) {
        (void)failure_set(failure, STATUS_USAGE,
                          "more than %d of --set and --load", SETTINGS_MAX);
        return failure_hint(failure, "--script FILE, with lines like "
                                     "0b set module:variable 0.5");
    }
    options->settings[options->setting_count++] =
        (struct option_setting){is_load, text};
    return true;
}

bool options_add_control(struct options *options, const char *where,
                         struct failure *failure)
{
    if (options->control_count == CONTROLS_MAX) {
        return failure_set(failure, STATUS_USAGE, "more than %d of --control",
                           CONTROLS_MAX);
    }
    options->controls[options->control_count++] = where;
    return true;
}

bool options_has_control(const struct options *options, const char *where)
{
    unsigned i = 0;
    while (i < options->control_count &&
           strcmp(options->controls[i], where) != 0) {
        i++;
    }
    return i < options->control_count;
}

/* One that writes to standard output, not to a socket. */
static bool has_pipe(const struct options *options)
{
    for (unsigned i = 0; i < options->control_count; i++) {
        const char *where = options->controls[i];
        if (strcmp(where, "unix") != 0 && strncmp(where, "unix:", 5) != 0) {
            return true;
        }
    }
    return false;
}

bool options_is_names(const struct options *options)
{
    return options->is_list || options->is_params || options->is_views;
}

bool options_take_words(struct options *options, int argc, char **argv,
                        int first, struct failure *failure)
{
    bool is_wanted =
        options_is_names(options) && options->pattern == NULL && first < argc;
    if (is_wanted) {
        options->pattern = argv[first++];
    }
    if (first == argc) {
        return true;
    }
    (void)failure_set(failure, STATUS_USAGE, "unexpected argument '%s'",
                      argv[first]);
    /* What a shell makes of an unquoted pattern. */
    return is_wanted ? failure_hint(failure, "--list 'module:*', in quotes")
                     : false;
}

static bool is_stdout(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

bool options_check_control(const struct options *options,
                           struct failure *failure)
{
    bool is_render = options->render != NULL;
    const char *samples = is_stdout(options->render)   ? "--render -"
                          : is_stdout(options->record) ? "--record -"
                                                       : NULL;
    const char *lines = options->watch != NULL ? "--watch"
                        : has_pipe(options)    ? "--control"
                                               : NULL;
    const char *names[] = {options->is_list ? "--list" : NULL,
                           options->is_params ? "--params" : NULL,
                           options->is_views ? "--views" : NULL};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (first != NULL && names[i] != NULL) {
            return failure_set(failure, STATUS_USAGE,
                               "%s and %s exclude each other", first, names[i]);
        }
        first = names[i] != NULL ? names[i] : first;
    }
    if (is_render && options->control_count > 0) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--control changes a patch that plays, not a render");
        return failure_hint(failure, "--script FILE");
    }
    if (options->has_replies && !has_pipe(options)) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--control-replies needs --control with a pipe; a "
                          "socket always answers");
        return failure_hint(failure, "--control - --control-replies");
    }
    if (options->has_replies && options->watch != NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "--watch and --control-replies both write to "
                           "standard output");
    }
    if (samples != NULL && lines != NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "%s and %s both write to standard output", samples,
                           lines);
    }
    return options->watch_hz == 0 || options->watch != NULL ||
           failure_set(failure, STATUS_USAGE, "--watch-rate needs --watch");
}
