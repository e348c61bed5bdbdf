/* SPDX-License-Identifier: MIT */
/*
 * One direction of an open card: its ring, its pointer, and when it wakes the
 * program. All but opening and closing is called under clock_lock().
 */
#ifndef F4E_FAKE_CARD_STREAM_H
#define F4E_FAKE_CARD_STREAM_H

#include "clock.h"
#include "history.h"
#include "journal.h"
#include "script.h"
#include "settings.h"
#include "source.h"

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <stdbool.h>
#include <stdint.h>

struct stream {
    snd_pcm_ioplug_t io;
    struct settings settings;
    struct script script;
    struct journal journal;
    struct history history;
    struct source source;     /* capture */
    struct card_clock *clock; /* NULL until it is attached */
    int timer_fd;             /* readable when the program should wake */
    uint64_t armed_ns;        /* what the timer is set to, before jitter */
    int out_fd;               /* playback: what was heard; or -1 */

    size_t frame_bytes;
    unsigned char *ring; /* buffer_size frames */
    snd_pcm_uframes_t avail_min;
    snd_pcm_uframes_t stop_threshold;
    snd_pcm_uframes_t boundary;

    bool is_running;
    uint64_t start_ns;       /* card time at which 'hw' would have been 0 */
    uint64_t hw;             /* frames since prepare */
    uint64_t total;          /* frames heard or captured, in all */
    uint64_t base;           /* frames the program transferred before prepare */
    uint64_t position;       /* and since, as far as is known */
    snd_pcm_uframes_t ahead; /* transferred, not yet counted by alsa-lib */
    unsigned idle;           /* questions since the program last did anything */
    uint32_t random;         /* of the jitter */

    bool is_gone;
    bool is_hung_up;
    snd_pcm_state_t suspended_state;
    unsigned long resumes_left; /* 0: resuming does not work */
    unsigned long spurious;     /* wake-ups for nothing still to come */
    unsigned long early;        /* wake-ups that promise too much */
    unsigned long refusals;     /* transfers still to fail with 'refusal' */
    int refusal;
    bool is_refusing_rest; /* of a transfer that was cut short */

    unsigned long xruns;
    uint64_t silence_frames; /* heard because nothing was written */
    uint64_t late_frames;    /* written after their time */
};

static inline bool stream_is_playback(const struct stream *stream)
{
    return stream->io.stream == SND_PCM_STREAM_PLAYBACK;
}

/*
 * opening.c: everything but the PCM. Returns 0, or the error that
 * snd_pcm_open() gives, which may be the script's.
 */
int stream_open(struct stream **stream, snd_config_t *conf,
                snd_pcm_stream_t direction);
void stream_close(struct stream *stream);

/* Frames in the ring: waiting to be heard (negative: overtaken), or read. */
int64_t stream_queued(const struct stream *stream);

/* Bring the pointer to where the clock stands. 0 or -EPIPE: an xrun. */
int stream_advance(struct stream *stream);

/* The program asks without doing anything: a virtual clock may move on. */
void stream_ask(struct stream *stream);

/* The program waits: a virtual clock moves to where it may go on. */
void stream_wait(struct stream *stream);

/* What poll() has to say now. */
unsigned short stream_events(const struct stream *stream);

/* Set the timer for the next wake-up. */
void stream_arm(struct stream *stream);

/* The pointer starts to move from where it is, and stops. */
void stream_run(struct stream *stream);
int stream_xrun(struct stream *stream, const char *cause);

/* Copy between the program's areas and the ring. 0 < result <= size. */
snd_pcm_sframes_t stream_transfer(struct stream *stream,
                                  const snd_pcm_channel_area_t *areas,
                                  snd_pcm_uframes_t offset,
                                  snd_pcm_uframes_t size);

/* faults.c: what the script does when the pointer is at the event. */
int fault_strike(struct stream *stream, struct event *event);

/* faults.c: 0, or the error of a transfer; it may shorten 'size'. */
int fault_transfer(struct stream *stream, snd_pcm_uframes_t *size);

/* faults.c: 0, or the error that snd_pcm_open() gives this time. */
int fault_open(struct stream *stream);

#endif
