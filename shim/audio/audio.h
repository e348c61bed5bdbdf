/* SPDX-License-Identifier: MIT */
/*
 * Where the blocks go: a backend. The control thread opens and closes it; in
 * between run() is the audio thread. They share struct audio.
 */
#ifndef F4E_AUDIO_H
#define F4E_AUDIO_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/failure.h"
#include "f4e_patch.h"
#include "options/settings.h"
#include "rt/engine.h"
#include "rt/stats.h"

struct record;

struct audio {
    const struct f4e_patch *patch;
    const struct options *options;
    struct engine *engine;
    struct stats *stats;   /* what run() counts */
    struct record *record; /* gets what is played; NULL: nobody listens */
    void *state;           /* the backend's own */

    /* Called by a render before each block, and after the last one, with the
     * number of blocks computed; NULL: nobody watches. */
    void (*before_block)(void *context, uint64_t block);
    void *context;

    /* Set by the control thread to end early; 'stop_fd' wakes a poll(). */
    atomic_bool is_stopping;
    int stop_fd; /* an eventfd */

    uint64_t frames; /* of the patch; for the control thread after run() */
};

struct audio_backend {
    /* Acquire everything that run() needs. Nothing is held on failure. */
    bool (*open)(struct audio *audio, struct failure *failure);

    /* What the user should know before it starts, to 'file'. */
    void (*describe)(const struct audio *audio, const char *program,
                     FILE *file);

    /*
     * Process blocks until the limit, a stop of the engine or is_stopping.
     * False on any other end, which is recorded after the last block.
     */
    bool (*run)(struct audio *audio, struct failure *failure);

    /* Release; complete files when 'is_complete', else remove them. */
    bool (*close)(struct audio *audio, bool is_complete,
                  struct failure *failure);
};

/* Offline, to the file of --render, as fast as it goes. */
extern const struct audio_backend audio_render;

/* To an ALSA device. */
extern const struct audio_backend audio_alsa;

/* To nowhere, at the pace of the system's clock. */
extern const struct audio_backend audio_dummy;

/* To nowhere, a block every tick_ms: for patches without audio. */
extern const struct audio_backend audio_timer;

/* The version of alsa-lib that is running. */
const char *audio_alsa_version(void);

/* One block buffer per output channel of the patch; NULL: out of memory. */
float **audio_make_outputs(const struct f4e_patch *patch);

/* NULL is allowed. */
void audio_free_outputs(float **out);

#endif
