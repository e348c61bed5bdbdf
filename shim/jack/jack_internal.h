/* SPDX-License-Identifier: MIT */
/*
 * The JACK backend: its data and its parts. Four threads meet here. libjack's
 * own calls jack_process(), which is the audio thread and keeps the rules of
 * rt/. The thread of run() watches, and sends errands to the server, which have
 * a thread of theirs. Other threads of the library report what happens, and
 * only set what is atomic.
 */
#ifndef F4E_JACK_INTERNAL_H
#define F4E_JACK_INTERNAL_H

#include "audio/audio.h"
#include "audio/fade.h"
#include "jack/jack_arrivals.h"
#include "jack/jack_errand.h"
#include "jack/jack_midi.h"
#include "jack/jack_midi_out.h"
#include "jack/libjack.h"
#include "midi/midi_lines.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What the thread of run() is told. */
enum jack_news {
    JACK_HAS_ENDED = 1,  /* all is played, or the patch has stopped */
    JACK_HAS_XRUNS = 2,  /* more than --max-xruns */
    JACK_IS_LOST = 4,    /* the server has gone, or has thrown us out */
    JACK_HAS_RATE = 8,   /* the server has another sample rate now */
    JACK_HAS_PORTS = 16, /* somebody has ports that were not there before */
    JACK_HAS_MIDI = 32,  /* a version of the patch sends to more ports */
};

enum {
    JACK_REASON_BYTES = 128,
    JACK_WATCH_MS = 250,  /* between two looks whether the server goes on */
    JACK_SETTLE_MS = 100, /* until ports that come have all their names */
    JACK_RETRY_MS = 500,  /* until what was refused is tried again ... */
    JACK_TRIES_MAX = 10,  /* ... so often */
};

struct jack {
    struct audio *audio;

    /* The audio thread's own. */
    bool has_entered;  /* the thread is set up */
    bool has_started;  /* --start-at has come */
    bool is_stopped;   /* no further block: the patch has trapped */
    bool has_ended;    /* told */
    bool is_delayed;   /* inputs are heard a block later; see next_chunk() */
    uint32_t frames;   /* of the last period */
    uint32_t position; /* frames of the block that have been played */
    uint64_t drain;    /* frames to play after the end */
    uint64_t skip;     /* frames to compute and throw away */
    struct fade fade;
    float **out; /* the block that is played */
    float **in;  /* the block that is collected */
    float **out_now;
    const float **in_now; /* the server's buffers of this period */

    struct libjack_client *client; /* NULL: none */
    int event_fd;                  /* of wakeup_open(): there is news */
    struct libjack_port **out_ports;
    struct libjack_port **in_ports; /* NULL: --input off, or none */
    unsigned in_count;
    unsigned wire_count;   /* made when the client was started */
    bool is_first;         /* it is connected for the first time */
    unsigned failed_count; /* connections that the server has refused ... */
    unsigned tries;        /* ... so often in a row */

    /* The thread of run(), and the one that opens and closes. */
    bool is_starting;   /* the errand: to become a client */
    bool is_abandoned;  /* it hangs: nothing of this may be freed */
    bool is_client;     /* how it went; see 'refusal' */
    uint64_t settle_ns; /* when to connect what has come; 0: nothing has */
    uint64_t lost_ns;   /* since when it is waited for; 0: it is there */
    uint64_t looked_ns; /* the last look at 'periods' ... */
    uint64_t looked_at; /* ... how many there were ... */
    unsigned looks;     /* ... and how often there were no more */

    /* Any thread. */
    atomic_uint news;            /* enum jack_news */
    atomic_bool is_running;      /* the patch may be run */
    atomic_bool is_inside;       /* jack_process() is at work */
    _Atomic uint64_t periods;    /* ever begun */
    atomic_bool is_freewheeling; /* nobody waits for a clock */
    _Atomic uint32_t rate;       /* that the server has told; 0: none */
    _Atomic uint32_t latency;    /* frames from an output to what is heard */
    _Atomic uint64_t xruns;      /* reported ... */
    _Atomic uint64_t lost_us;    /* ... and not counted yet */
    atomic_int reason_state;     /* 0: none, 1: being written, 2: there */

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    struct libjack lib;
    char name[LIBJACK_CLIENT_NAME_MAX + 1];
    struct jack_midi midi;
    struct jack_midi_out midi_out;
    struct midi_lines lines; /* of connections */
    struct jack_arrivals arrivals;
    struct jack_errand errand;
    struct failure refusal;         /* why it did not become a client */
    char reason[JACK_REASON_BYTES]; /* why the server has gone */
};

/* jack_news.c */

/* Tell the thread of run(). Any thread, but the audio thread only at its end:
 * this is a system call. */
void jack_tell(struct jack *jack, enum jack_news news);

/* jack_process.c */

/* A callback: one period. The audio thread. */
int jack_process(uint32_t frames, void *context);

/* The block of delay that a period makes necessary, or 0. Any thread. */
uint32_t jack_delay(const struct jack *jack, uint32_t period);

/* jack_client.c */

/*
 * Become a client with ports, run its thread and connect it; the patch waits
 * for is_running. A server that does not answer is given jack_patience_ms, or
 * until 'stop_fd' is readable (-1: none); the next call waits on. STATUS_OPEN,
 * STATUS_HARDWARE; but for one that does not answer nothing is held then.
 */
F4E_MUST_CHECK bool jack_client_start(struct jack *jack, int stop_fd,
                                      struct failure *failure);

/* Also when there is none. The audio thread has ended then, or is_abandoned:
 * the server does not answer. */
void jack_client_stop(struct jack *jack);

/* An errand, or while there is no client: ports for MIDI that the patch sends
 * to by now; those that the server refuses are not there. */
void jack_add_midi_out(void *context);

/* jack_wiring.c */

/* Names that people like, as aliases of the ports. */
void jack_name_ports(struct jack *jack);

/* Unless --no-connect: to what the server calls physical, and to what was
 * named. */
void jack_connect_ports(struct jack *jack);

/* The same for ports of MIDI that is sent, from 'first' on: an alias, and what
 * --midi-out says. An errand. */
void jack_connect_midi_out(struct jack *jack, unsigned first);

/* An errand: the same with the ports that have come since. */
void jack_connect_arrivals(void *context);

/* jack_latency.c */

/* A callback: tell the server how long things take. */
void jack_set_latencies(int mode, void *context);

/* jack_watch.c */

/* Look whether the server goes on, and connect what has come. False when it is
 * not to be waited for: the failure is set. The thread of run(), often. */
F4E_MUST_CHECK bool jack_watch(struct jack *jack, struct failure *failure);

/* How long the next look may wait. */
int jack_watch_ms(const struct jack *jack);

/* jack_reopen.c */

/* The server has gone. False when it is not to be waited for, or in vain: the
 * failure is set. True when it is back, or at an end of the program. The thread
 * of run(). */
F4E_MUST_CHECK bool jack_reopen(struct jack *jack, struct failure *failure);

/* The same of one that stands still: as its client, for it may go on. */
F4E_MUST_CHECK bool jack_outlast(struct jack *jack, struct failure *failure);

/* The same of one that has told of another rate: it may have ours again. */
F4E_MUST_CHECK bool jack_outlast_rate(struct jack *jack,
                                      struct failure *failure);

#endif
