/* SPDX-License-Identifier: MIT */
/* options_internal.h: options about measured builds. */
#include "options/options_internal.h"

bool options_check_tuning(const struct options *options, struct diag *diag)
{
    const char *asked = options->is_tuning         ? "--tune"
                        : options->pgo_seconds > 0 ? "--pgo"
                                                   : NULL;
    if (options->pgo_script != NULL && asked == NULL) {
        diag_usage(diag, "--pgo-script goes with --pgo or --tune");
        return diag_hint(diag, "f4e-build --pgo --pgo-script %s %s",
                         options->pgo_script, options->input);
    }
    if (asked != NULL && !emit_kind_row(options->emit_kind)->is_compiled) {
        diag_usage(diag,
                   "%s decides how a patch is compiled, and --emit %s compiles "
                   "nothing",
                   asked, emit_kind_row(options->emit_kind)->name);
        return diag_hint(diag, "leave %s out", asked);
    }
    return true;
}
