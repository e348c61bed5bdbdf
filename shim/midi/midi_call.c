/* SPDX-License-Identifier: MIT */
#include "midi/midi_call.h"

#include <string.h>

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
        struct change call = {.kind = CHANGE_CALL,
                              .is_midi = true,
                              .call = {.function = function}};
        memcpy(call.call.midi, message->bytes, sizeof(call.call.midi));
        if (!inbox_send(inbox, &call)) {
            break;
        }
    }
    return first;
}
