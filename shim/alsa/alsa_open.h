/* SPDX-License-Identifier: MIT */
/*
 * Opening ALSA devices by name, and what alsa-lib says meanwhile. Not for the
 * audio thread while it plays.
 */
#ifndef F4E_ALSA_OPEN_H
#define F4E_ALSA_OPEN_H

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/failure.h"

/* A device that is open, or zeroed. */
struct alsa_handle {
    snd_pcm_t *pcm;     /* non-blocking; NULL: closed */
    snd_config_t *conf; /* lives as long as 'pcm' does; NULL: alsa-lib's own */
};

/*
 * Open 'name', with alsa-lib's converters in front of it when
 * 'is_converting'. Fails with STATUS_OPEN, alsa-lib's own words as detail.
 */
F4E_MUST_CHECK bool alsa_open(struct alsa_handle *handle, const char *name,
                              snd_pcm_stream_t direction, bool is_converting,
                              struct failure *failure);

/* Also for a zeroed handle, which it becomes. */
void alsa_close(struct alsa_handle *handle);

/*
 * The name under which the device of 'pcm' is found again after it was pulled
 * out: "hw:1,0" with the name of card 1. Other names are copied.
 */
void alsa_name_again(snd_pcm_t *pcm, const char *name, char *again,
                     size_t size);

#endif
