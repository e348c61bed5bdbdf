/* SPDX-License-Identifier: MIT */
#include "backends.h"

const struct audio_backend *backend_choose(const struct options *options,
                                           const struct f4e_patch *patch)
{
    return options->render != NULL ? &audio_render
           : patch->tick_ms > 0    ? &audio_timer
           : options->is_dummy     ? &audio_dummy
           : options->is_jack      ? &audio_jack
                                   : &audio_alsa;
}
