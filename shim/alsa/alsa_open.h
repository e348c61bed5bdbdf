/* SPDX-License-Identifier: MIT */
/*
 * Opens and closes ALSA devices by name. Control thread, or the audio thread
 * while it waits for a lost device.
 */
#ifndef F4E_ALSA_OPEN_H
#define F4E_ALSA_OPEN_H

#include "common/failure.h"

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stddef.h>

/* An open device, or zeroed. */
struct alsa_handle {
    snd_pcm_t *pcm;     /* non-blocking; NULL: closed */
    snd_config_t *conf; /* used by 'pcm'; NULL: alsa-lib's global one */
};

/*
 * Open 'name', through alsa-lib's converters if 'is_converting'. Fails with
 * STATUS_OPEN, with alsa-lib's message as detail.
 */
F4E_MUST_CHECK bool alsa_open(struct alsa_handle *handle, const char *name,
                              snd_pcm_stream_t direction, bool is_converting,
                              struct failure *failure);

/* Close and zero the handle, which may be zeroed already. */
void alsa_close(struct alsa_handle *handle);

/*
 * The name that still means the device of 'pcm' after it was unplugged:
 * "hw:1,0" with the id of card 1 instead of its number. Other names are copied.
 */
void alsa_reopen_name(snd_pcm_t *pcm, const char *name, char *reopen_name,
                      size_t size);

#endif
