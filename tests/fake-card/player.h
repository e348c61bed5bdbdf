/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the fake card do to it, through alsa-lib alone.
 */
#ifndef F4E_FAKE_CARD_PLAYER_H
#define F4E_FAKE_CARD_PLAYER_H

#include <alsa/asoundlib.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct player {
    snd_pcm_t *pcm;
    bool is_mmap;
    snd_pcm_format_t format;
    unsigned channels;
    unsigned rate_hz;
    snd_pcm_uframes_t period_frames;
    unsigned periods;
    bool is_endless;     /* no xrun: the pointer runs on */
    bool is_asking_once; /* for the poll descriptor */
    struct pollfd fd;
    size_t frame_bytes;
    unsigned wakes; /* times that poll() returned, and for nothing */
    unsigned empty_wakes;
    unsigned short events; /* of the last wake-up */
};

/* 2 channels of S16_LE at 48 kHz, 4 periods of 128. */
struct player player_defaults(void);

/* Non-blocking, started by hand. Returns 0 or the first error. */
int player_open(struct player *player, const char *name,
                snd_pcm_stream_t stream);
/* The same, which must work. */
void player_must_open(struct player *player, const char *name,
                      snd_pcm_stream_t stream);
int player_configure(struct player *player);
void player_close(struct player *player);

/* One non-blocking read or write, by the access that was configured. */
snd_pcm_sframes_t player_transfer(struct player *player, void *data,
                                  snd_pcm_uframes_t frames);

/*
 * poll() once: 1 when it returned (the events are kept), 0 after the timeout,
 * or a negative error.
 */
int player_wait(struct player *player, int timeout_ms);

/*
 * Write or read all of it, starting the stream when the ring is full. Returns
 * the frames done; 'error' is 0 or what stopped it.
 */
size_t player_run(struct player *player, void *data, size_t frames, int *error);

/* The same, which must reach its end. */
void player_must_run(struct player *player, void *data, size_t frames);

/* Let the queue be heard, blocking. */
void player_drain(struct player *player);

/* Bytes that differ everywhere. free() them. */
unsigned char *player_noise(size_t bytes);

#endif
