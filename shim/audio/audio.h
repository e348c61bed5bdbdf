/* SPDX-License-Identifier: MIT */
/*
 * The interface of audio backends. The control thread opens and closes a
 * backend; run() is the audio thread. Both share struct audio.
 */
#ifndef F4E_AUDIO_H
#define F4E_AUDIO_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "options/settings.h"
#include "rt/engine.h"
#include "rt/stats.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct midi_in;
struct midi_send;
struct record;

struct audio {
    const struct f4e_patch *patch;
    const struct options *options;
    struct engine *engine;
    struct stats *stats;   /* run() counts here */
    struct record *record; /* of --record; NULL: nothing is recorded */
    void *state;           /* the backend's own */

    /* A render calls it before each block and after the last one, with the
     * number of blocks computed so far; may be NULL. */
    void (*before_block)(void *context, uint64_t block);
    void *context;

    /* Prepares the thread that computes, once, before the first block. Called
     * for backends that compute on a thread of their own: others run on one
     * that is prepared. */
    void (*enter)(void *context);
    void *enter_context;
    size_t stack_bytes;   /* of that thread, at least */
    struct midi_in *midi; /* who counts and hears MIDI that a backend brings */
    struct midi_send *midi_send; /* who counts what it takes away */

    /* Set by the control thread to end early; 'stop_fd' wakes a poll(). */
    atomic_bool is_stopping;
    int stop_fd; /* of wakeup_open() */

    uint64_t frames; /* computed; the control thread reads it after run() */
};

struct audio_backend {
    const char *name; /* in reports */

    /* Acquire everything that run() needs. Nothing is held on failure. */
    bool (*open)(struct audio *audio, struct failure *failure);

    /* Print the start-up lines about the device or file to 'file'. */
    void (*describe)(const struct audio *audio);

    /* Print what it has to say while run() is at work, on standard error. The
     * control thread, now and then. NULL: nothing ever. */
    void (*report)(const struct audio *audio);

    /* run() watches while another thread computes. */
    bool has_thread;

    /*
     * Process blocks until the frame limit, a stop of the engine or
     * is_stopping. False on any other end; the failure is set then.
     */
    bool (*run)(struct audio *audio, struct failure *failure);

    /* Control thread, while run() does: the code is about to be exchanged for
     * that of this patch. False: what it needs is on its way, ask again. NULL:
     * nothing of it matters here. */
    bool (*meet)(struct audio *audio, const struct f4e_patch *patch);

    /* Release; complete files when 'is_complete', else remove them. */
    bool (*close)(struct audio *audio, bool is_complete,
                  struct failure *failure);
};

/* --render: to a file, as fast as possible. */
extern const struct audio_backend audio_render;

/* To an ALSA device; defined in alsa/. */
extern const struct audio_backend audio_alsa;

/* To a JACK server, as one of its clients; defined in jack/. */
extern const struct audio_backend audio_jack;

/* --dummy: no output, in time with the system clock. */
extern const struct audio_backend audio_dummy;

/* Patches without audio: one block every patch->tick_ms. */
extern const struct audio_backend audio_timer;

/* The version of alsa-lib at run time. */
const char *audio_alsa_version(void);

/*
 * Audio thread, before each block: it will be heard at 'heard_ns'
 * (CLOCK_MONOTONIC), exactly, or as far as can be told at a wake-up. What the
 * patch sends by MIDI leaves then.
 */
F4E_REALTIME static inline void audio_set_time(struct audio *audio,
                                               uint64_t heard_ns)
{
    struct engine *engine = audio->engine;
    frame_clock_set(&engine->clock, engine->block * audio->patch->block_frames,
                    heard_ns);
}

F4E_REALTIME static inline void audio_tell_time(struct audio *audio,
                                                uint64_t heard_ns)
{
    struct engine *engine = audio->engine;
    frame_clock_tell(&engine->clock, engine->block * audio->patch->block_frames,
                     heard_ns, audio->patch->sample_rate);
}

/* One block buffer per output channel of the patch; NULL: out of memory. */
float **audio_make_outputs(const struct f4e_patch *patch);

/* 'out' may be NULL. */
void audio_free_outputs(float **out);

#endif
