/* SPDX-License-Identifier: MIT */
/*
 * One direction of a device: open, with its terms, and the memory between the
 * patch's channels and the device's interleaved samples.
 */
#ifndef F4E_ALSA_STREAM_H
#define F4E_ALSA_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "alsa/alsa_negotiate.h"
#include "alsa/alsa_open.h"
#include "f4e_patch.h"
#include "options/settings.h"

enum { ALSA_NAME_BYTES = 128 };

struct alsa_stream {
    struct alsa_handle handle;
    struct alsa_wish wish;
    struct alsa_terms terms;
    char again[ALSA_NAME_BYTES]; /* the name to open it by when it is back */
    bool is_converted;           /* opened with alsa-lib's converters */
    bool is_chain;               /* no device of its own, but of a plug-in */

    size_t sample_bytes;
    unsigned char *buffer;  /* one block, interleaved or channel by channel */
    unsigned char *silence; /* likewise, zero */

    /* One block per device channel: what to play, NULL for silence ... */
    const float **playing;
    /* ... or where to put what was recorded, NULL for nowhere. */
    float **recorded;
    void **planes;    /* per channel, where a transfer is: scratch memory */
    float *samples;   /* their storage, as far as it is not the patch's */
    float *mixed;     /* a mono device's (left + right) / 2, or NULL */
    bool is_all_mono; /* one recorded channel feeds every input */

    /* The audio thread's own. */
    uint64_t moved;          /* frames since prepare */
    snd_pcm_sframes_t avail; /* when last asked */
};

/*
 * Control thread. 'out' holds the patch's output blocks; for a capture device
 * it is NULL, and 'in' is filled with one block per input of the patch. On
 * failure nothing is held.
 */
F4E_MUST_CHECK bool alsa_stream_open(struct alsa_stream *stream,
                                     const struct f4e_patch *patch,
                                     const struct options *options,
                                     const char *device, float **out,
                                     const float **in, struct failure *failure);

/* Also for a stream that is zeroed or lost its device. */
void alsa_stream_close(struct alsa_stream *stream);

/* Let go of a lost device; all else stays. */
void alsa_stream_lose(struct alsa_stream *stream);

/*
 * Open it again, on exactly the terms that it had. STATUS_OPEN while it is
 * away, STATUS_HARDWARE when it does not agree any more.
 */
F4E_MUST_CHECK bool alsa_stream_reopen(struct alsa_stream *stream,
                                       struct failure *failure);

#endif
