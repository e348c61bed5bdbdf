/* SPDX-License-Identifier: MIT */
/*
 * Words about devices for messages: what they take, and what else they are
 * called. Control thread.
 */
#ifndef F4E_ALSA_NAMES_H
#define F4E_ALSA_NAMES_H

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * All formats that 'hw' allows, "S8 U8", as far as 'text' has room. Returns how
 * many there are; '*is_iec958': all of them are frames of a digital output,
 * which only alsa-lib's plug-in of that name makes.
 */
unsigned alsa_list_formats(snd_pcm_hw_params_t *hw, char *text, size_t size,
                           bool *is_iec958);

/* Is it PipeWire's plug-in? Allocates. */
bool alsa_is_pipewire(snd_pcm_t *pcm);

/* Is its buffer, or one below it, mapped by emulation? Allocates. */
bool alsa_is_emulated(snd_pcm_t *pcm);

/* The card in "hw:CARD=PCH,DEV=0", "hw:PCH,0" or "plughw:1". False: none. */
bool alsa_card_in_name(const char *name, char *card, size_t size);

#endif
