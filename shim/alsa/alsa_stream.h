/* SPDX-License-Identifier: MIT */
/*
 * One direction of an open device: its configuration, and the buffers between
 * the patch's channels and the device's interleaved samples.
 */
#ifndef F4E_ALSA_STREAM_H
#define F4E_ALSA_STREAM_H

#include "alsa/alsa_negotiate.h"
#include "alsa/alsa_open.h"
#include "f4e_patch.h"
#include "options/settings.h"

#include <stddef.h>
#include <stdint.h>

enum { ALSA_NAME_BYTES = 128 };

struct alsa_stream {
    struct alsa_handle handle;
    struct alsa_request request;
    struct alsa_config config;
    bool is_converted; /* opened through alsa-lib's converters */
    bool is_pipewire;  /* whose pace is not that of the configuration */
    bool is_chain;     /* no device of its own, but of a plug-in */

    size_t sample_bytes;
    unsigned char *buffer;  /* one block, interleaved or channel by channel */
    unsigned char *silence; /* likewise, zero */

    /* One block per device channel: what to play, NULL for silence ... */
    const float **playing;
    /* ... or where to put what was recorded, NULL for nowhere. */
    float **recorded;
    void **planes;    /* per channel, where a transfer is: scratch memory */
    float *samples;   /* storage of those that are not the patch's own */
    float *mixed;     /* a mono device's (left + right) / 2, or NULL */
    bool is_all_mono; /* one recorded channel feeds every input */

    /* The audio thread's own. */
    uint64_t moved;               /* frames since prepare */
    snd_pcm_sframes_t avail;      /* at the last look */
    snd_pcm_sframes_t least_step; /* that it has moved at once, lately */
    unsigned steps;               /* ... among so many */

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    char reopen_name[ALSA_NAME_BYTES]; /* of alsa_reopen_name() */
};

/*
 * Control thread. Playback: 'out' has the patch's output blocks. Capture: 'out'
 * is NULL, and 'in' gets one block per input of the patch. On failure nothing
 * is open or allocated.
 */
F4E_MUST_CHECK bool alsa_stream_open(struct alsa_stream *stream,
                                     const struct f4e_patch *patch,
                                     const struct options *options,
                                     const char *device, float **out,
                                     const float **in, struct failure *failure);

/* Also for a zeroed stream and one that lost its device. */
void alsa_stream_close(struct alsa_stream *stream);

/* Close a lost device; everything else stays. */
void alsa_stream_lose(struct alsa_stream *stream);

/*
 * Open it again with the same configuration. STATUS_OPEN while it is missing,
 * STATUS_HARDWARE when it no longer accepts the configuration.
 */
F4E_MUST_CHECK bool alsa_stream_reopen(struct alsa_stream *stream,
                                       struct failure *failure);

#endif
