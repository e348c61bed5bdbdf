/* SPDX-License-Identifier: MIT */
#include "alsa/alsa_names.h"

#include "audio/audio.h"

#include <stdio.h>
#include <string.h>

unsigned alsa_list_formats(snd_pcm_hw_params_t *hw, char *text, size_t size,
                           bool *is_iec958)
{
    snd_pcm_format_mask_t *mask;
    unsigned count = 0;
    unsigned digital = 0;
    size_t used = 0;
    text[0] = '\0';
    *is_iec958 = false;
    if (snd_pcm_format_mask_malloc(&mask) < 0) {
        return 0;
    }
    snd_pcm_hw_params_get_format_mask(hw, mask);
    for (int k = 0; k <= SND_PCM_FORMAT_LAST; k++) {
        snd_pcm_format_t format = (snd_pcm_format_t)k;
        const char *name = snd_pcm_format_name(format);
        if (name == NULL || !snd_pcm_format_mask_test(mask, format)) {
            continue;
        }
        digital += strncmp(name, "IEC958", 6) == 0;
        if (used < size) {
            used += (size_t)snprintf(text + used, size - used, "%s%s",
                                     count > 0 ? " " : "", name);
        }
        count++;
    }
    snd_pcm_format_mask_free(mask);
    *is_iec958 = count > 0 && digital == count;
    return count;
}

/* In what alsa-lib says of the device and of all that lies below it. */
static bool is_described_as(snd_pcm_t *pcm, const char *word)
{
    snd_output_t *output;
    char *text = NULL;
    bool is_it = false;
    if (snd_output_buffer_open(&output) < 0) {
        return false;
    }
    if (snd_pcm_dump(pcm, output) >= 0 && snd_output_putc(output, '\0') >= 0 &&
        snd_output_buffer_string(output, &text) > 0) {
        is_it = strstr(text, word) != NULL;
    }
    (void)snd_output_close(output);
    return is_it;
}

bool alsa_is_pipewire(snd_pcm_t *pcm)
{
    return snd_pcm_type(pcm) == SND_PCM_TYPE_IOPLUG &&
           is_described_as(pcm, "PipeWire");
}

bool alsa_is_emulated(snd_pcm_t *pcm)
{
    return is_described_as(pcm, "Mmap emulation");
}

bool alsa_card_in_name(const char *name, char *card, size_t size)
{
    static const char key[] = "CARD=";
    const char *at = strchr(name, ':');
    if (at == NULL) {
        return false;
    }
    at++;
    at += strncmp(at, key, sizeof(key) - 1) == 0 ? sizeof(key) - 1 : 0;
    size_t length = strcspn(at, ",");
    (void)snprintf(card, size, "%.*s", (int)length, at);
    return length > 0 && length < size && strchr(card, '=') == NULL;
}

const char *audio_alsa_version(void)
{
    return snd_asoundlib_version();
}
