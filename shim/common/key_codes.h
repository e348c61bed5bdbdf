/* SPDX-License-Identifier: MIT */
/*
 * The USB HID usage ids of keys, by the names of browsers (KeyboardEvent.code),
 * Linux key codes and what terminals send. Any thread.
 */
#ifndef F4E_KEY_CODES_H
#define F4E_KEY_CODES_H

#include <stdbool.h>
#include <stdint.h>

/* The id of "KeyA", "Space" and so on; false, with id 0, for other names. */
bool key_from_name(const char *name, unsigned *id);

/* The id of a KEY_... of linux/input-event-codes.h; 0: none. */
unsigned key_from_linux(unsigned code);

/*
 * The id of the key that has this character on a US keyboard, or this number in
 * the kitty keyboard protocol; 0: none.
 */
unsigned key_from_character(uint32_t character);

#endif
