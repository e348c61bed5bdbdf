/* SPDX-License-Identifier: MIT */
#include "options_run.h"

#include <string.h>

bool options_add_entry(struct options *options, const struct f4e_patch *patch,
                       const char *name, struct failure *failure)
{
    if (options->entry_count == ENTRIES_MAX) {
        return failure_set(failure, STATUS_USAGE,
                           "--run-entry can be given %d times", ENTRIES_MAX);
    }
    for (unsigned i = 0; i < patch->export_count; ++i) {
        if (strcmp(name, patch->exports[i].name) == 0) {
            options->entries[options->entry_count++] = &patch->exports[i];
            return true;
        }
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "--run-entry: the patch exports no function '%s'", name);
    return failure_hint(failure, "--info lists the exported functions");
}

static bool check_state(const struct options *options, struct failure *failure)
{
    bool is_there = options->state != NULL || options->load_state != NULL;
    const char *name = options->is_state_by_name ? "state-by-name"
                       : options->is_state_reset ? "reset-state"
                                                 : NULL;
    return is_there || name == NULL ||
           failure_set(failure, STATUS_USAGE,
                       "--%s needs --state or --load-state", name);
}

static bool check_keyboard(const struct options *options,
                           const struct f4e_patch *patch,
                           struct failure *failure)
{
    if (options->keyboard == NULL || patch->keyboard.code_address != 0 ||
        patch->keyboard.pressed_address != 0) {
        return true;
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "--keyboard: the patch has no memory for keys");
    return failure_hint(failure, "the project names it by '@config "
                                 "keyboard.keyCodeMemory'");
}

bool options_check_run(struct options *options, const struct f4e_patch *patch,
                       struct failure *failure)
{
    options->is_entries_only =
        options->entry_count > 0 && options->render == NULL &&
        options->record == NULL && !options->has_device && !options->is_dummy &&
        !options->has_limit;
    return check_state(options, failure) &&
           check_keyboard(options, patch, failure);
}
