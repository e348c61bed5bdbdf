/* SPDX-License-Identifier: MIT */
/*
 * A fake sound card for one test: an asound.conf of its own in a private
 * folder, with the PCMs fake, fake_in (the same card) and plugfake. The card
 * itself is tests/fake-card/. Everything here fails the test when it cannot.
 *
 * The plug-in's path comes from the environment: F4E_FAKE_CARD_LIBRARY.
 */
#ifndef F4E_TEST_FAKE_CARD_H
#define F4E_TEST_FAKE_CARD_H

#include <stddef.h>
#include <stdint.h>

enum { FAKE_CARD_PATH_MAX = 256 };

struct fake_card {
    char folder[FAKE_CARD_PATH_MAX];
    char conf[FAKE_CARD_PATH_MAX]; /* for ALSA_CONFIG_PATH */
    char played[FAKE_CARD_PATH_MAX];
    char log[FAKE_CARD_PATH_MAX];
    char state[FAKE_CARD_PATH_MAX]; /* remembered from open to open */
};

/*
 * Make the folder and the conf. The settings are lines of an asound.conf entry
 * ("speed 0\nformats \"S16_LE\"") for fake and for fake_in, or NULL.
 */
void fake_card_make(struct fake_card *card, const char *settings,
                    const char *in_settings);

/* Point this process, and what it starts, at the card. */
void fake_card_use(const struct fake_card *card);

/* Remove the folder and what the card left in it. */
void fake_card_remove(const struct fake_card *card);

/* What was heard, and the log as a string: free() both. Empty when none. */
unsigned char *fake_card_played(const struct fake_card *card, size_t *bytes);
char *fake_card_log(const struct fake_card *card);

/*
 * The nth (from 0) line of the log of that stream ("playback", "capture") and
 * event ("xrun"): its text from the frame on, or NULL.
 */
const char *fake_card_event(const char *log, const char *stream,
                            const char *event, unsigned nth);

/* The frame of that line, or -1; and a "key=NUMBER" in it, or -1. */
int64_t fake_card_frame(const char *log, const char *stream, const char *event,
                        unsigned nth);
int64_t fake_card_number(const char *log, const char *stream, const char *event,
                         unsigned nth, const char *key);

#endif
