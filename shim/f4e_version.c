/* SPDX-License-Identifier: MIT */
/* In the library of each version, beside its glue. */
#include "f4e_version.h"

#include <stddef.h>

static midi_queue_function *sender; /* NULL: nobody hears this version */

/* In place of the player's, which a library cannot see. */
void f4e_midi_out(uint32_t port, uint32_t status, uint32_t data1,
                  uint32_t data2)
{
    if (sender != NULL) {
        sender(port, status, data1, data2);
    }
}

__attribute__((visibility("default"))) const struct f4e_version f4e_version = {
    F4E_VERSION_LAYOUT, &f4e_patch, f4e_guard, &sender, f4e_interrupt};
