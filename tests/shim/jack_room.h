/* SPDX-License-Identifier: MIT */
/*
 * A JACK server without hardware, and two clients of it: one that speaks to a
 * patch, and one that hears it. The server waits for its clients, however late
 * they are, so that no frame is lost on a busy machine.
 */
#ifndef F4E_TEST_JACK_ROOM_H
#define F4E_TEST_JACK_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Time to connect before the first frame. */
#define JACK_ROOM_LATER "--start-at +3s --no-connect "

/* Start jackd; false when it cannot run here, with a line that says so. */
bool jack_room_open(unsigned rate, unsigned period);

/* End it by this signal and wait. Does nothing when it is not there. */
void jack_room_close(int signal);

/* Checked fixture, behind program_setup(): the server ends as well. */
void jack_room_teardown(void);

/* It computes and answers nothing, until it goes on. One of ours that asks it
 * something meanwhile hangs. */
void jack_room_stand_still(void);
void jack_room_go_on(void);

enum {
    JACK_ROOM_FRAMES = 48000 * 8,
    JACK_ROOM_MIDI = 4096,
    JACK_ROOM_EARS = 2
};

/* A MIDI message that was heard. */
struct jack_room_midi {
    size_t frame;
    unsigned ear; /* below JACK_ROOM_EARS */
    size_t count;
    uint8_t bytes[3];
};

/* What was heard, from the moment of jack_room_enter() on. */
struct jack_room_heard {
    size_t frames;
    float left[JACK_ROOM_FRAMES];
    float right[JACK_ROOM_FRAMES];
    uint32_t said[JACK_ROOM_FRAMES]; /* which of jack_room_word() was said */
    int64_t at_ns[JACK_ROOM_FRAMES]; /* of the system's clock */
    struct jack_room_midi midi[JACK_ROOM_MIDI];
};

/* What is said at a frame. */
float jack_room_word(uint32_t frame);

/* Become both clients. "mouth:midi" has the alias "Launchpad:keys" and the
 * pretty name "Wonder Wheel", "ear:midi_2" the alias "Organ:pipes". */
void jack_room_enter(void);
void jack_room_leave(void);

/* Wait until the patch 'client' is there, and connect to it both ways, or hear
 * it alone. */
void jack_room_join(const char *client);
void jack_room_join_output(const char *client);

/* They are connected no more. */
void jack_room_part(const char *from, const char *to);

/* Wait until there is this port, and hear its MIDI by one of the ears. */
void jack_room_join_midi(const char *port, unsigned ear);

/* Messages heard so far, in jack_room_heard.midi; waits for 'least'. */
size_t jack_room_hear_midi(size_t least);

/* Wait until so many frames are heard since the first that is not silent. */
const struct jack_room_heard *jack_room_hear(size_t frames, size_t *first);

/* Say a MIDI message at this frame of the next period. */
void jack_room_say_midi(uint32_t frame, uint8_t status, uint8_t data1,
                        uint8_t data2);

void jack_room_freewheel(bool is_on);
void jack_room_set_period(unsigned frames);

/* Is 'to' connected to 'from'? A port that is not there is an error. */
bool jack_room_is_wired(const char *from, const char *to);

/* Wait until it is. */
void jack_room_await_wire(const char *from, const char *to);

/* Wait until there is such a port. */
void jack_room_wait_for(const char *port);

bool jack_room_has_port(const char *name, const char *alias);

/* The latency that a port reports. */
void jack_room_latency(const char *port, bool is_playback, uint32_t *min,
                       uint32_t *max);

#endif
