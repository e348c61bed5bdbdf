/* SPDX-License-Identifier: MIT */
/* The rows of the option table by name, and the parts of options_parse(). */
#ifndef F4E_OPTIONS_INTERNAL_H
#define F4E_OPTIONS_INTERNAL_H

#include "options/options.h"

/* In the order of the help; option_id names the rows. */
enum option_id {
    OPTION_OUTPUT,
    OPTION_VERBOSE,
    OPTION_QUIET,
    OPTION_VERSION,
    OPTION_HELP,
    OPTION_COMPLETION,
    OPTION_JSON,
    OPTION_NAME,
    OPTION_OUT,
    OPTION_IN,
    OPTION_BLOCK,
    OPTION_RATE,
    OPTION_ENTRY,
    OPTION_ASSET,
    OPTION_ASSETS,
    OPTION_NO_ASSETS,
    OPTION_PROJECT,
    OPTION_NO_PROJECT,
    OPTION_PROJECT_CHECK,
    OPTION_MANIFEST,
    OPTION_COMPILER,
    OPTION_ALLOW_PRIVATE,
    OPTION_UPDATE,
    OPTION_MAX_BYTES,
    OPTION_MAX_SECONDS,
    OPTION_IMPORT_STUB,
    OPTION_IMPORT_C,
    OPTION_LEVEL,
    OPTION_TARGET,
    OPTION_SYSROOT,
    OPTION_ALSA,
    OPTION_STATIC,
    OPTION_RANGES,
    OPTION_CPU,
    OPTION_PGO,
    OPTION_PGO_SCRIPT,
    OPTION_TUNE,
    OPTION_MEMORY,
    OPTION_CC,
    OPTION_LAUNCHER,
    OPTION_WASM2C,
    OPTION_EMIT_C,
    OPTION_EMIT,
    OPTION_KEEP,
    OPTION_NO_CACHE,
    OPTION_DEPFILE,
    OPTION_JOBS,
    OPTION_PACKAGE_VERSION,
    OPTION_WATCH,
    OPTION_NO_WATCH,
    OPTION_CROSSFADE,
    OPTION_FRESH,
    OPTION_COUNT
};

/* Store one option. 'value' is NULL when an optional one is absent; text is
 * kept. Fails (usage) when it is not a value of that option. */
F4E_MUST_CHECK bool options_apply(struct options *options, enum option_id id,
                                  const char *value, struct diag *diag);

/* The words that an option takes, from 0 on, NULL for a value without one; at
 * the end, and of other options, "". */
const char *options_choice(enum option_id id, unsigned index);

/* --asset: an address, or a name that is resolved with the metadata. */
F4E_MUST_CHECK bool options_parse_asset(struct options *options,
                                        const char *value, struct diag *diag);

/* When the input is a text it is the project as well, unless another one or
 * none is asked for; after all options are parsed. */
void options_take_text(struct options *options);

/* Conflicts of --project, --manifest and --no-project, and what embed needs;
 * after all options are parsed. Fails (usage). */
F4E_MUST_CHECK bool options_check_project(const struct options *options,
                                          struct diag *diag);

/* What fetch takes, and what belongs to fetch alone; after all options are
 * parsed. Fails (usage). */
F4E_MUST_CHECK bool options_check_fetch(struct options *options,
                                        struct diag *diag);

/* Conflicts of --pgo, --pgo-script and --tune with the other options; after
 * all options are parsed. Fails (usage). */
F4E_MUST_CHECK bool options_check_tuning(const struct options *options,
                                         struct diag *diag);

/* Options that go with play alone, and those that do not go with it; after all
 * options are parsed. Also whether files are watched. Fails (usage). */
F4E_MUST_CHECK bool options_check_play(struct options *options,
                                       struct diag *diag);

#endif
