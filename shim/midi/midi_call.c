/* SPDX-License-Identifier: MIT */
#include "midi/midi_call.h"

#include "common/call_args.h"

void midi_call_args(const struct f4e_export *function,
                    const struct midi_message *message, double *args)
{
    enum { BYTES = sizeof(message->bytes) };
    double bytes[BYTES];
    for (unsigned i = 0; i < BYTES; i++) {
        bytes[i] = message->bytes[i];
    }
    call_args_fill(function, bytes, BYTES, args);
}

unsigned midi_call_send(const struct f4e_patch *patch, struct inbox *inbox,
                        unsigned port, const struct midi_message *message,
                        unsigned first)
{
    for (; first < patch->midi_count; first++) {
        const struct f4e_export *function =
            &patch->exports[patch->midi[first].export_index];
        /* No function of 8f4e has more. */
        if (patch->midi[first].port != port ||
            function->params > INBOX_ARGS_MAX) {
            continue;
        }
        double args[INBOX_ARGS_MAX];
        const struct change call = {
            .kind = CHANGE_CALL, .is_midi = true, .call = {function, args}};
        midi_call_args(function, message, args);
        if (!inbox_send(inbox, &call)) {
            break;
        }
    }
    return first;
}
