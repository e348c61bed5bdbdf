/* SPDX-License-Identifier: MIT */
#include "compile/shim_parts.h"

#include <string.h>

static bool has_audio(const struct patch *patch)
{
    return patch->runtime == RUNTIME_AUDIO;
}

static bool has_timer(const struct patch *patch)
{
    return patch->runtime == RUNTIME_TIMER;
}

static bool has_keyboard(const struct patch *patch)
{
    return patch->keyboard_code != 0 || patch->keyboard_pressed != 0;
}

static bool hears_midi(const struct patch *patch)
{
    return patch->midi_count > 0;
}

static bool has_inputs(const struct patch *patch)
{
    return patch->input_count > 0;
}

static bool sends_midi(const struct patch *patch)
{
    return patch->midi_out_ports > 0;
}

static bool has_midi_messages(const struct patch *patch)
{
    return sends_midi(patch) || hears_midi(patch);
}

/* The shim refers to each by F4E_OPTIONAL(), where the same is asked. */
static const struct {
    const char *source;
    bool (*is_needed)(const struct patch *patch);
} parts[] = {
    {"alsa/audio_alsa.c", has_audio},
    {"audio/audio_timer.c", has_timer},
    {"audio/input.c", has_inputs},
    {"common/key_codes.c", has_keyboard},
    {"jack/audio_jack.c", has_audio},
    {"jack/jack_midi_out.c", sends_midi},
    {"keyboard/key_evdev.c", has_keyboard},
    {"keyboard/key_input.c", has_keyboard},
    {"keyboard/key_term.c", has_keyboard},
    {"keyboard/key_tty.c", has_keyboard},
    {"midi/midi_send.c", sends_midi},
    {"midi/midi_send_raw.c", sends_midi},
    {"midi/midi_send_seq.c", sends_midi},
    {"midi/smf_load.c", hears_midi},
    {"rt/midi_queue.c", has_midi_messages},
};

enum { PART_COUNT = sizeof(parts) / sizeof(parts[0]) };

bool shim_parts_needs(const struct patch *patch, const char *source)
{
    for (unsigned i = 0; i < PART_COUNT; i++) {
        if (strcmp(source, parts[i].source) == 0) {
            return parts[i].is_needed(patch);
        }
    }
    return true;
}

const char *shim_parts_name(unsigned index)
{
    return index < PART_COUNT ? parts[index].source : NULL;
}
