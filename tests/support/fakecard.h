/* SPDX-License-Identifier: MIT */
/*
 * A fake sound card for one test: an asound.conf of its own in a private
 * folder, with the PCMs fake, fake_in (the same card) and plugfake. The card
 * itself is tests/fakecard/. Everything here fails the test when it cannot.
 *
 * The plug-in's path comes from the environment: F4E_FAKECARD_LIBRARY.
 */
#ifndef F4E_TEST_FAKECARD_H
#define F4E_TEST_FAKECARD_H

#include <stddef.h>
#include <stdint.h>

enum { FAKECARD_PATH_MAX = 256 };

struct fakecard {
    char folder[FAKECARD_PATH_MAX];
    char conf[FAKECARD_PATH_MAX]; /* for ALSA_CONFIG_PATH */
    char played[FAKECARD_PATH_MAX];
    char log[FAKECARD_PATH_MAX];
    char state[FAKECARD_PATH_MAX]; /* remembered from open to open */
};

/*
 * Make the folder and the conf. The settings are lines of an asound.conf entry
 * ("speed 0\nformats \"S16_LE\"") for fake and for fake_in, or NULL.
 */
void fakecard_make(struct fakecard *card, const char *settings,
                   const char *in_settings);

/* Point this process, and what it starts, at the card. */
void fakecard_use(const struct fakecard *card);

/* Remove the folder and what the card left in it. */
void fakecard_remove(const struct fakecard *card);

/* What was heard, and the log as a string: free() both. Empty when none. */
unsigned char *fakecard_played(const struct fakecard *card, size_t *bytes);
char *fakecard_log(const struct fakecard *card);

/*
 * The nth (from 0) line of the log of that stream ("playback", "capture") and
 * event ("xrun"): its text from the frame on, or NULL.
 */
const char *fakecard_event(const char *log, const char *stream,
                           const char *event, unsigned nth);

/* The frame of that line, or -1; and a "key=NUMBER" in it, or -1. */
int64_t fakecard_frame(const char *log, const char *stream, const char *event,
                       unsigned nth);
int64_t fakecard_number(const char *log, const char *stream, const char *event,
                        unsigned nth, const char *key);

#endif
