/* SPDX-License-Identifier: MIT */
/* --info and --version. Control thread. */
#ifndef F4E_INFO_H
#define F4E_INFO_H

#include "common/json.h"
#include "f4e_patch.h"

#include <stdbool.h>
#include <stdio.h>

/* --info as text. */
void info_print(const struct f4e_patch *patch, FILE *file);

/* The same as one JSON object, ASCII only, and a line feed; and as members of
 * the object that is open. */
void info_print_json(const struct f4e_patch *patch, FILE *file);
void info_write(const struct f4e_patch *patch, struct json *json);

/* At the start: what MIDI and the keyboard do, if anything. */
void info_tell_bindings(const struct f4e_patch *patch, bool has_midi,
                        bool has_keyboard);

/* The versions of the patch, f4e-build, the compiler and alsa-lib. */
void info_print_version(const struct f4e_patch *patch, const char *alsa_version,
                        FILE *file);

#endif
