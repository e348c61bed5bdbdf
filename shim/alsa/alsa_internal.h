/* SPDX-License-Identifier: MIT */
/*
 * The ALSA backend's audio thread: its data and the parts of its loop. Unless
 * they say otherwise, these functions allocate nothing, take no lock of ours,
 * print nothing, and return 0 or a negative error of ALSA.
 */
#ifndef F4E_ALSA_INTERNAL_H
#define F4E_ALSA_INTERNAL_H

#include "alsa/alsa_stream.h"
#include "audio/audio.h"
#include "audio/fade.h"

enum alsa_direction { ALSA_OUT, ALSA_IN, ALSA_STREAMS };

/*
 * How long a device may stand still before it counts as lost, unless it reports
 * that it is gone: after a bus reset or a paused machine it continues.
 */
extern const unsigned alsa_patience_ms;

struct alsa {
    struct audio *audio;
    unsigned stream_count; /* 2: full duplex */
    bool is_linked;        /* they start and stop as one */
    float **out;           /* the patch's outputs */
    const float **in;      /* its inputs; NULL: nothing is fed */
    float *silence;        /* one block for the inputs, if nothing is fed */
    snd_pcm_status_t *status;
    int wait_ms;     /* the longest poll() */
    uint32_t dither; /* state of the generator */

    /* The audio thread's own. */
    bool has_begun;  /* --start-at has come */
    bool has_moved;  /* the device has played a frame, ever */
    bool is_started; /* the device runs, or starts when it is full */
    bool is_primed;  /* duplex: the silence is written */
    struct fade fade;
    bool is_stopped;          /* no further block: the patch has trapped */
    size_t pending_at;        /* frames: where in the output's buffer */
    size_t pending;           /* ... so many frames are still to be written */
    uint64_t skip;            /* frames to render and throw away */
    unsigned prepares;        /* since a frame was played */
    uint64_t trouble_ns;      /* when the first of them was needed */
    uint64_t progress_ns;     /* when the device last moved */
    unsigned empty_wakeups;   /* in a row */
    const char *lost_because; /* why the device counts as lost, or NULL */

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    struct alsa_stream streams[ALSA_STREAMS];
};

static inline snd_pcm_t *alsa_pcm(const struct alsa *alsa, unsigned k)
{
    return alsa->streams[k].handle.pcm;
}

/* alsa_wait.c */

/* Sleep, at most until the control thread requests an end. */
void alsa_sleep(const struct alsa *alsa, int ms);

/* The error that the state implies, or 0: some plugins do not return it. */
int alsa_state_error(snd_pcm_t *pcm);

/*
 * Wait until 'out' frames can be written and 'in' frames read; 0: not that
 * direction. -ETIMEDOUT: the device does not move; -ECANCELED: nor does it
 * after an end was requested.
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

/* Write the rest of a block that an error interrupted. */
int alsa_write_pending(struct alsa *alsa);

/* Fill the device's buffer with silence and then the pending frames. */
int alsa_write_silence(struct alsa *alsa);

/* alsa_loop.c */

/* Run blocks until the end (0) or an error of the device. */
int alsa_play(struct alsa *alsa);

/* Play what is queued; never wait for a device that hangs. */
void alsa_drain(struct alsa *alsa);

/* alsa_recover.c */

enum alsa_remedy {
    ALSA_GOES_ON,  /* call alsa_play() again */
    ALSA_ENDS,     /* an end was requested meanwhile */
    ALSA_IS_LOST,  /* the device; lost_because or the error says why */
    ALSA_GIVES_UP, /* more xruns than allowed */
};

/* Recover from an error of alsa_play(): xruns, suspends. */
enum alsa_remedy alsa_recover(struct alsa *alsa, int error);

/* alsa_reopen.c */

/* Wait for a lost device as long as options->wait_device_s; may allocate. */
F4E_MUST_CHECK enum alsa_remedy alsa_reopen(struct alsa *alsa,
                                            struct failure *failure);

#endif
