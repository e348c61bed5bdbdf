/* SPDX-License-Identifier: MIT */
/*
 * What a card is and does: read from the asound.conf entry, each key
 * overridden by the environment variable F4E_FAKE_CARD_<KEY>.
 */
#ifndef F4E_FAKE_CARD_SETTINGS_H
#define F4E_FAKE_CARD_SETTINGS_H

#include "range.h"

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stdint.h>

enum { SETTINGS_NAMES_MAX = 16 };

enum key {
    KEY_CARD,
    KEY_FILE,
    KEY_LOG,
    KEY_STATE,
    KEY_INPUT,
    KEY_SCRIPT,
    KEY_IN_SCRIPT,
    KEY_SPEED,
    KEY_QUANTUM,
    KEY_JITTER_US,
    KEY_SEED,
    KEY_ACCESS,
    KEY_FORMATS,
    KEY_RATES,
    KEY_CHANNELS,
    KEY_PERIOD,
    KEY_PERIODS,
    KEY_BUFFER,
    KEY_REFUSE,
    KEY_UNDERRUNS,
    KEY_LINKED,
    KEY_COUNT
};

struct settings {
    char *text[KEY_COUNT]; /* each allocated, never NULL */
    double speed;
    bool is_quantum_period; /* the pointer moves by whole periods */
    unsigned long quantum_frames;
    unsigned long jitter_us;
    uint32_t seed;
    unsigned access[SETTINGS_NAMES_MAX]; /* snd_pcm_access_t */
    unsigned access_count;
    unsigned formats[SETTINGS_NAMES_MAX]; /* snd_pcm_format_t */
    unsigned format_count;
    struct range rates_hz;
    struct range channels;
    struct range period_frames;
    struct range periods;
    struct range buffer_frames;
    bool has_underruns; /* false: the card waits for a late program */
    bool is_linked;     /* an xrun stops all streams of the card */
};

/*
 * Returns 0, or a negative error that has been reported through alsa-lib's
 * error handler. Release with settings_deinit(), whatever it returned.
 */
int settings_init(struct settings *settings, snd_config_t *conf);
void settings_deinit(struct settings *settings);

/*
 * True when 'refuse' names the value: "periods=2 period=100". What it may
 * name: rate channels period periods buffer.
 */
bool settings_refuse(const struct settings *settings, const char *name,
                     unsigned long value);

#endif
