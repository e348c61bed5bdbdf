/* SPDX-License-Identifier: MIT */
#include "backends.h"

#include "optional.h"

F4E_OPTIONAL(audio_alsa);
F4E_OPTIONAL(audio_jack);
F4E_OPTIONAL(audio_timer);

const struct audio_backend *backend_choose(const struct options *options,
                                           const struct f4e_patch *patch)
{
    return options->render != NULL ? &audio_render
           : patch->tick_ms > 0    ? &audio_timer
           : options->is_dummy     ? &audio_dummy
           : options->is_jack      ? &audio_jack
                                   : &audio_alsa;
}
