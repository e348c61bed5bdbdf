/* SPDX-License-Identifier: MIT */
/*
 * The settings as constraints for negotiation, and a last look at what came
 * out of it.
 */
#ifndef F4E_FAKE_CARD_CONSTRAINTS_H
#define F4E_FAKE_CARD_CONSTRAINTS_H

#include "stream.h"

/* After snd_pcm_ioplug_create(). Returns 0 or a negative error. */
int constraints_apply(struct stream *stream);

/*
 * False when the chosen parameters are not the card's: alsa-lib keeps sizes in
 * bytes, so with several formats it lets through frames that are not offered.
 */
bool constraints_hold(const struct stream *stream);

#endif
