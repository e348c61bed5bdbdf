/* SPDX-License-Identifier: MIT */
/* options_internal.h: options of play. */
#include "options/options_internal.h"

#include <unistd.h>

enum { CROSSFADE_MS = 10 };

bool options_check_play(struct options *options, struct diag *diag)
{
    const struct {
        const char *name;
        bool is_given;
    } only[] = {{"--watch", options->is_watching},
                {"--no-watch", options->is_not_watching},
                {"--crossfade", options->crossfade_ms != UINT32_MAX},
                {"--fresh", options->is_fresh}},
      never[] = {{"-o", options->output != NULL},
                 {"--emit", options->emit_kind != EMIT_PROGRAM},
                 {"--emit-c", options->emit_c != NULL},
                 {"--depfile", options->depfile != NULL},
                 {"--target", options->target != NULL},
                 {"--static", options->is_static},
                 {"--keep", options->is_keeping}};
    if (options->command != COMMAND_PLAY) {
        for (size_t i = 0; i < sizeof(only) / sizeof(*only); i++) {
            if (only[i].is_given) {
                diag_usage(diag, "%s goes with play", only[i].name);
                return diag_hint(diag, "f4e-build play %s", options->input);
            }
        }
        return true;
    }
    for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
        if (never[i].is_given) {
            diag_usage(diag, "%s does not go with play", never[i].name);
            return diag_hint(diag, "play leaves no file behind");
        }
    }
    if (options->is_watching && options->is_not_watching) {
        return diag_usage(diag, "--watch and --no-watch exclude each other");
    }
    options->is_watching = options->is_watching || (!options->is_not_watching &&
                                                    isatty(STDERR_FILENO) != 0);
    if (options->crossfade_ms == UINT32_MAX) {
        options->crossfade_ms = CROSSFADE_MS;
    }
    return true;
}
