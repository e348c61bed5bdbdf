/* SPDX-License-Identifier: MIT */
#include "alsa/device_side.h"

#include "alsa/alsa_names.h"
#include "alsa/alsa_rate.h"

#include <errno.h>
#include <stdlib.h>

static const snd_pcm_format_t formats[DEVICE_FORMATS] = {
    SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_S24_3LE,
    SND_PCM_FORMAT_S24_LE, SND_PCM_FORMAT_S16_LE};

/* The number of channels that the patch would get, 0: none. */
static unsigned choose_channels(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw,
                                const struct device_side *side, unsigned wanted,
                                bool is_out)
{
    unsigned most =
        side->channels[1] < wanted + 64 ? side->channels[1] : wanted + 64;
    for (unsigned n = wanted; n <= most; n++) {
        if (snd_pcm_hw_params_test_channels(pcm, hw, n) == 0) {
            return n;
        }
    }
    /* One speaker takes left and right, one microphone feeds all inputs. */
    return (!is_out || wanted <= 2) && side->channels[0] == 1 ? 1 : 0;
}

/* What --resample would do. */
static void explain_rate(struct device_side *side, snd_pcm_t *pcm,
                         snd_pcm_hw_params_t *hw, unsigned wanted)
{
    unsigned rate = wanted;
    char periods[64] = "";
    (void)snd_pcm_hw_params_set_rate_near(pcm, hw, &rate, NULL);
    unsigned step = alsa_rate_step(wanted, rate);
    if (step > 1) {
        (void)snprintf(periods, sizeof(periods),
                       ", in tune with periods that are multiples of %u", step);
    }
    (void)snprintf(side->reason, sizeof(side->reason),
                   "not at the patch's %u Hz; --resample converts to %u Hz%s",
                   wanted, rate, periods);
}

/* None is known here: what there is, and what plays it. */
static void explain_formats(struct device_side *side, snd_pcm_hw_params_t *hw,
                            const char *card)
{
    char names[80];
    bool is_iec958;
    unsigned count = alsa_list_formats(hw, names, sizeof(names), &is_iec958);
    if (is_iec958) {
        (void)snprintf(side->reason, sizeof(side->reason),
                       "only %s; try hdmi:CARD=%s or sysdefault:CARD=%s", names,
                       card, card);
    } else {
        (void)snprintf(side->reason, sizeof(side->reason),
                       "no sample format that is known here%s%s",
                       count > 0 ? ", only " : "", names);
    }
}

/* The first thing that is in the way, else the shortest period for the patch.
 */
static void judge(struct device_side *side, snd_pcm_t *pcm,
                  snd_pcm_hw_params_t *hw, const struct f4e_patch *patch,
                  const char *card, bool is_out)
{
    unsigned wanted = is_out ? patch->output_count : patch->input_count;
    unsigned channels = choose_channels(
        pcm, hw, side, is_out && wanted == 1 ? 2 : wanted, is_out);
    int format = 0;
    while (format < DEVICE_FORMATS && !side->has_format[format]) {
        format++;
    }
    if (format == DEVICE_FORMATS) {
        explain_formats(side, hw, card);
    } else if (channels == 0) {
        (void)snprintf(side->reason, sizeof(side->reason),
                       "the patch has %u channels", wanted);
    } else if (snd_pcm_hw_params_test_rate(pcm, hw, patch->sample_rate, 0) !=
               0) {
        explain_rate(side, pcm, hw, patch->sample_rate);
    } else if (snd_pcm_hw_params_set_format(pcm, hw, formats[format]) < 0 ||
               snd_pcm_hw_params_set_channels(pcm, hw, channels) < 0 ||
               snd_pcm_hw_params_set_rate(pcm, hw, patch->sample_rate, 0) < 0) {
        (void)snprintf(side->reason, sizeof(side->reason),
                       "not with %u channels at %u Hz", channels,
                       (unsigned)patch->sample_rate);
    }
}

void device_side_look(struct device_side *side, snd_pcm_t *pcm,
                      const struct f4e_patch *patch, const char *card,
                      bool is_out)
{
    snd_pcm_hw_params_t *hw = calloc(1, snd_pcm_hw_params_sizeof());
    if (hw == NULL) {
        side->error = -ENOMEM;
        return;
    }
    side->error = snd_pcm_hw_params_any(pcm, hw);
    if (side->error >= 0) {
        side->error = 0;
        (void)snd_pcm_hw_params_set_rate_resample(pcm, hw, 0);
        (void)snd_pcm_hw_params_get_channels_min(hw, &side->channels[0]);
        (void)snd_pcm_hw_params_get_channels_max(hw, &side->channels[1]);
        (void)snd_pcm_hw_params_get_rate_min(hw, &side->rates[0], NULL);
        (void)snd_pcm_hw_params_get_rate_max(hw, &side->rates[1], NULL);
        for (int i = 0; i < DEVICE_FORMATS; i++) {
            side->has_format[i] =
                snd_pcm_hw_params_test_format(pcm, hw, formats[i]) == 0;
        }
        judge(side, pcm, hw, patch, card, is_out);
        (void)snd_pcm_hw_params_get_period_size_min(hw, &side->period_min,
                                                    NULL);
    }
    free(hw);
}

static void print_range(unsigned least, unsigned most, const char *unit,
                        FILE *file)
{
    (void)fprintf(file, "%u", least);
    if (most != least) {
        (void)fprintf(file, "-%u", most);
    }
    (void)fprintf(file, "%s, ", unit);
}

void device_side_print(const char *title, const struct device_side *side,
                       bool is_needed, FILE *file)
{
    if (!side->is_there) {
        return;
    }
    (void)fprintf(file, "  %-4s ", title);
    if (side->error == 0) {
        print_range(side->channels[0], side->channels[1], " channels", file);
        print_range(side->rates[0], side->rates[1], " Hz", file);
        for (int i = 0; i < DEVICE_FORMATS; i++) {
            if (side->has_format[i]) {
                (void)fprintf(file, "%s ", snd_pcm_format_name(formats[i]));
            }
        }
        (void)fprintf(file, "period >= %lu: ", side->period_min);
    }
    (void)fprintf(file, "%s%s\n",
                  !is_needed                ? "not needed"
                  : side->reason[0] != '\0' ? "NO, "
                                            : "OK",
                  is_needed ? side->reason : "");
}

void device_side_write(const char *title, const struct device_side *side,
                       bool is_needed, struct json *json)
{
    if (!side->is_there) {
        return;
    }
    json_open_member(json, title, '{');
    if (side->error == 0) {
        json_member_range(json, "channels", side->channels);
        json_member_range(json, "rates", side->rates);
        json_member_unsigned(json, "periodMin", side->period_min);
        json_open_member(json, "formats", '[');
        for (int i = 0; i < DEVICE_FORMATS; i++) {
            if (side->has_format[i]) {
                json_string(json, snd_pcm_format_name(formats[i]));
            }
        }
        json_close(json, ']');
    }
    if (side->owner_pid > 0) {
        json_member_unsigned(json, "ownerPid", (uint64_t)side->owner_pid);
    }
    json_member_bool(json, "isBusy", side->error == -EBUSY);
    json_member_bool(json, "isNeeded", is_needed);
    json_member_bool(json, "isGood", side->reason[0] == '\0');
    json_member_string(json, "reason", side->reason);
    json_close(json, '}');
}
