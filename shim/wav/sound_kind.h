/* SPDX-License-Identifier: MIT */
/*
 * What a file of sound is by its first bytes.
 */
#ifndef F4E_SOUND_KIND_H
#define F4E_SOUND_KIND_H

#include <stddef.h>
#include <stdint.h>

enum { SOUND_KIND_BYTES = 12 }; /* that are looked at */

enum sound_kind {
    SOUND_BARE,  /* nothing that is known here */
    SOUND_WAV,   /* RIFF, RF64 or BW64, with WAVE in it, or cut off before */
    SOUND_OTHER, /* known, and not to be taken for numbers */
};

/* The kind of 'bytes' first bytes; its name for messages in '*name'. */
enum sound_kind sound_kind_of(const uint8_t *head, size_t bytes,
                              const char **name);

#endif
