/* SPDX-License-Identifier: MIT */
/* Which backend plays, as the options and the patch want it. */
#ifndef F4E_BACKENDS_H
#define F4E_BACKENDS_H

#include "audio/audio.h"

const struct audio_backend *backend_choose(const struct options *options,
                                           const struct f4e_patch *patch);

#endif
