/* SPDX-License-Identifier: MIT */
#include "midi/midi_call.h"

#include <math.h>

void midi_call_args(const struct f4e_export *function,
                    const struct midi_message *message, double *args)
{
    for (unsigned i = 0; i < function->params; ++i) {
        char type = function->signature[i];
        bool is_float = type == 'f' || type == 'd';
        args[i] = i < sizeof message->bytes ? message->bytes[i]
                  : is_float                ? (double)NAN
                                            : 0.0;
    }
}

unsigned midi_call_send(const struct f4e_patch *patch, struct inbox *inbox,
                        unsigned port, const struct midi_message *message,
                        unsigned first)
{
    for (; first < patch->midi_count; ++first) {
        const struct f4e_export *function =
            &patch->exports[patch->midi[first].export_index];
        /* No function of 8f4e has more. */
        if (patch->midi[first].port != port ||
            function->params > INBOX_ARGS_MAX) {
            continue;
        }
        double args[INBOX_ARGS_MAX];
        const struct change call = {.kind = CHANGE_CALL,
                                    .call = {function, args}};
        midi_call_args(function, message, args);
        if (!inbox_send(inbox, &call)) {
            break;
        }
    }
    return first;
}
