/* SPDX-License-Identifier: MIT */
/*
 * The ALSA backend's audio thread: what it owns and how it goes round. Its
 * functions allocate nothing, take no lock of ours and print nothing; they
 * return 0 or a negative error of ALSA.
 */
#ifndef F4E_ALSA_ENGINE_H
#define F4E_ALSA_ENGINE_H

#include "alsa/alsa_stream.h"
#include "audio/audio.h"

enum alsa_direction { ALSA_OUT, ALSA_IN, ALSA_STREAMS };

/*
 * How long a device may do nothing before it is lost, unless it says itself
 * that it is gone: a bus that is reset or a machine that is held comes back.
 */
enum { ALSA_PATIENCE_MS = 5000 };

struct alsa {
    struct audio *audio;
    struct alsa_stream streams[ALSA_STREAMS];
    unsigned stream_count; /* 2: full duplex */
    bool is_linked;        /* they start and stop as one */
    float **out;           /* the patch's outputs */
    const float **in;      /* its inputs; NULL: nothing is fed */
    float *silence;        /* a block of it for the inputs, if nothing is */
    snd_pcm_status_t *status;
    int wait_ms;         /* a wait without news */
    uint32_t dither;     /* state of the generator */
    unsigned fade_total; /* frames; 0: end at once */

    /* The audio thread's own. */
    bool has_moved;           /* the device has played a frame, ever */
    bool is_started;          /* the device runs, or will when it is full */
    bool is_primed;           /* duplex: the silence is written */
    bool is_fading;           /* asked to end: */
    unsigned fade_left;       /* ... frames until it does */
    bool is_stopped;          /* no further block: the patch has trapped */
    size_t pending_at;        /* from this frame of the output's buffer ... */
    size_t pending;           /* ... so many wait */
    uint64_t skip;            /* frames to render and throw away */
    unsigned prepares;        /* since a frame was played */
    uint64_t trouble_ns;      /* when the first of them was needed */
    uint64_t progress_ns;     /* when the device last moved */
    unsigned empty_wakeups;   /* in a row */
    const char *lost_because; /* it does not start again, ..., or NULL */
};

static inline snd_pcm_t *alsa_pcm(const struct alsa *alsa, unsigned k)
{
    return alsa->streams[k].handle.pcm;
}

/* alsa_wait.c */

/* Sleep, at most until the control thread wants an end. */
void alsa_sleep(const struct alsa *alsa, int ms);

/* The error that a state amounts to, or 0: not every plugin returns it. */
int alsa_state_error(snd_pcm_t *pcm);

/*
 * Wait until so many frames can go out and come in; 0: that direction does not
 * matter. -ETIMEDOUT: the device does not move; -ECANCELED: nor does it when
 * an end is wanted.
 */
int alsa_wait(struct alsa *alsa, snd_pcm_uframes_t out, snd_pcm_uframes_t in);

/* alsa_transfer.c */

/*
 * Move 'frames' frames from frame 'from' of the block at 'data' on to the
 * device, or back, waiting for room; '*done' of them have been moved, whatever
 * is returned.
 */
int alsa_transfer(struct alsa *alsa, enum alsa_direction direction,
                  unsigned char *data, size_t from, size_t frames,
                  size_t *done);

/* Read the inputs of one block. */
int alsa_read_block(struct alsa *alsa);

/* Convert and write the first frames of the block in alsa->out. */
int alsa_write_block(struct alsa *alsa, size_t frames);

/* Write what an error has left of a block. */
int alsa_write_pending(struct alsa *alsa);

/* Fill the output's buffer with silence, the end of it with what is pending. */
int alsa_write_silence(struct alsa *alsa);

/* alsa_loop.c */

/* Go round until the end (0) or an error of the device. */
int alsa_play(struct alsa *alsa);

/* Let what is queued be heard, but never wait for a device that hangs. */
void alsa_drain(struct alsa *alsa);

/* alsa_recover.c */

enum alsa_remedy {
    ALSA_GOES_ON,  /* alsa_play() again */
    ALSA_ENDS,     /* an end was wanted meanwhile */
    ALSA_IS_LOST,  /* the device; lost_because or the error says why */
    ALSA_GIVES_UP, /* more xruns than allowed */
};

/* After an error of alsa_play(). */
enum alsa_remedy alsa_recover(struct alsa *alsa, int error);

/* alsa_reopen.c */

/* Wait for a lost device as options->wait_device_s says; may allocate. */
enum alsa_remedy alsa_reopen(struct alsa *alsa, struct failure *failure);

#endif
