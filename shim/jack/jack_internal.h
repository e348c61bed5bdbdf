/* SPDX-License-Identifier: MIT */
/*
 * The JACK backend: its data and its parts. Three threads meet here. libjack's
 * own calls jack_process(), which is the audio thread and keeps the rules of
 * rt/. The thread of run() opens, watches, and opens again. Other threads of
 * the library report what happens, and only set what is atomic.
 */
#ifndef F4E_JACK_INTERNAL_H
#define F4E_JACK_INTERNAL_H

#include "audio/audio.h"
#include "audio/fade.h"
#include "jack/jack_midi.h"
#include "jack/jack_midi_out.h"
#include "jack/libjack.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What the thread of run() is told. */
enum jack_news {
    JACK_HAS_ENDED = 1, /* all is played, or the patch has stopped */
    JACK_HAS_XRUNS = 2, /* more than --max-xruns */
    JACK_IS_LOST = 4,   /* the server has gone, or has thrown us out */
    JACK_HAS_RATE = 8,  /* the server has another sample rate now */
    JACK_HAS_MIDI = 16, /* a version of the patch sends to more ports */
};

enum { JACK_REASON_BYTES = 128, JACK_WIRES_MAX = 64 };

/* A connection that was made. */
struct jack_wire {
    char from[64];
    char to[128];
};

struct jack {
    struct audio *audio;
    struct libjack lib;
    struct libjack_client *client; /* NULL: none */
    char name[LIBJACK_CLIENT_NAME_MAX + 1];
    int event_fd; /* of wakeup_open(): there is news */
    struct libjack_port **out_ports;
    struct libjack_port **in_ports; /* NULL: --input off, or none */
    unsigned in_count;
    struct jack_midi midi;
    struct jack_midi_out midi_out;
    struct jack_wire wires[JACK_WIRES_MAX]; /* for describe() */
    unsigned wire_count;
    const char *missing[MIDI_OUT_MAX]; /* of --midi-out: no such port */
    unsigned missing_count;

    /* Any thread. */
    atomic_uint news;               /* enum jack_news */
    atomic_bool is_running;         /* the patch may be run */
    atomic_bool is_inside;          /* jack_process() is at work */
    atomic_bool is_freewheeling;    /* nobody waits for a clock */
    _Atomic uint32_t latency;       /* frames from an output to what is heard */
    _Atomic uint64_t xruns;         /* reported ... */
    _Atomic uint64_t lost_us;       /* ... and not counted yet */
    atomic_int reason_state;        /* 0: none, 1: being written, 2: there */
    char reason[JACK_REASON_BYTES]; /* why the server has gone */

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
 * for is_running. STATUS_OPEN, STATUS_HARDWARE; nothing is held then.
 */
F4E_MUST_CHECK bool jack_client_start(struct jack *jack,
                                      struct failure *failure);

/* Also when there is none. The audio thread has ended then. */
void jack_client_stop(struct jack *jack);

/* Ports for MIDI that the patch sends to by now; those that the server refuses
 * are not there. The thread of run(). */
void jack_add_midi_out(struct jack *jack);

/* jack_wiring.c */

/* Names that people like, as aliases of the ports. */
void jack_name_ports(struct jack *jack);

/* Unless --no-connect: to what the server calls physical. */
void jack_connect_ports(struct jack *jack);

/* The same for ports of MIDI that is sent, from 'first' on: an alias, and what
 * --midi-out says. */
void jack_connect_midi_out(struct jack *jack, unsigned first);

/* A callback: tell the server how long things take. */
void jack_set_latencies(int mode, void *context);

/* jack_reopen.c */

/* False when it is not to be waited for, or in vain: the failure is set. True
 * when it is back, or at an end of the program. The thread of run(). */
F4E_MUST_CHECK bool jack_reopen(struct jack *jack, struct failure *failure);

#endif
