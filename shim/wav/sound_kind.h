/* SPDX-License-Identifier: MIT */
/* What a file of sound is by its first bytes, and by its name. */
#ifndef F4E_SOUND_KIND_H
#define F4E_SOUND_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOUND_KIND_BYTES = 12 }; /* that are looked at */

enum sound_kind {
    SOUND_BARE,  /* nothing that is known here */
    SOUND_WAV,   /* RIFF, RF64 or BW64, with WAVE in it, or cut off before */
    SOUND_OTHER, /* known, and not to be taken for numbers */
    SOUND_MEDIA, /* the same, and nothing that sox reads */
};

/* The kind of 'bytes' first bytes; its name for messages in '*name'. */
enum sound_kind sound_kind_of(const uint8_t *head, size_t bytes,
                              const char **name);

/* The command that makes a WAV file of SOUND_OTHER or SOUND_MEDIA, up to the
 * file's name. */
const char *sound_converter(enum sound_kind kind);

/* Whether a path ends as files of sound do, such as ".wav", in any case. */
bool sound_has_name(const char *path);

#endif
