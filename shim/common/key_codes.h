/* SPDX-License-Identifier: MIT */
/*
 * What keys are called: by browsers (KeyboardEvent.code), by Linux, and by
 * terminals, and the USB HID usage id of each.
 */
#ifndef F4E_KEY_CODES_H
#define F4E_KEY_CODES_H

#include <stdbool.h>
#include <stdint.h>

/* The id of "KeyA", "Space" and so on; 0 and false when there is none. */
bool key_from_name(const char *name, unsigned *id);

/* The id of a KEY_... of linux/input-event-codes.h; 0: none. */
unsigned key_from_linux(unsigned code);

/*
 * The id of what a terminal sends: a character, on the key where the US layout
 * has it, or a number of the kitty keyboard protocol; 0: none.
 */
unsigned key_from_character(uint32_t character);

#endif
