/* SPDX-License-Identifier: MIT */
/* Declared in options/options_internal.h. */
#include "options/options_internal.h"

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

bool options_take_words(struct options *options, int argc, char **argv,
                        int first, struct failure *failure)
{
    bool is_wanted = (options->is_list || options->is_params) &&
                     options->pattern == NULL && first < argc;
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
    const char *lines = options->watch != NULL     ? "--watch"
                        : options->control != NULL ? "--control"
                                                   : NULL;
    if (options->is_list && options->is_params) {
        return failure_set(failure, STATUS_USAGE,
                           "--list and --params exclude each other");
    }
    if (is_render && options->control != NULL) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--control changes a patch that plays, not a render");
        return failure_hint(failure, "--script FILE");
    }
    if (samples != NULL && lines != NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "%s and %s both write to standard output", samples,
                           lines);
    }
    return options->watch_hz == 0 || options->watch != NULL ||
           failure_set(failure, STATUS_USAGE, "--watch-rate needs --watch");
}
