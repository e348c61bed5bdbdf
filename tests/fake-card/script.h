/* SPDX-License-Identifier: MIT */
/*
 * The faults to come, as text: FAULT@FRAME[+EVERY[~SPREAD]][:ARGUMENT], or
 * FAULT@open[:ARGUMENT], separated by blanks. README.md says what each does.
 */
#ifndef F4E_FAKE_CARD_SCRIPT_H
#define F4E_FAKE_CARD_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a fault strikes. */
enum moment {
    MOMENT_POINTER,  /* the card, when its pointer reaches the frame */
    MOMENT_TRANSFER, /* the read or write that holds the frame */
    MOMENT_OPEN,     /* snd_pcm_open() */
};

enum fault {
    FAULT_XRUN,
    FAULT_SUSPEND,
    FAULT_NODEV,
    FAULT_HUP,
    FAULT_STALL,
    FAULT_SPURIOUS,
    FAULT_EARLY,
    FAULT_SHORT,
    FAULT_EAGAIN,
    FAULT_EINTR,
    FAULT_EIO,
    FAULT_OPEN_BUSY,
    FAULT_OPEN_GONE,
    FAULT_OPEN_NODEV,
    FAULT_OPEN_DENIED,
    FAULT_OPEN_SLOW,
    FAULT_COUNT
};

struct event {
    enum fault fault;
    uint64_t frame;
    uint64_t every;  /* 0: once */
    uint64_t spread; /* each repeat comes up to so many frames later */
    unsigned long argument;
    bool has_argument;
    bool is_done;
};

struct script {
    struct event *events;
    size_t count;
    uint32_t random; /* state of the spread's generator */
};

/*
 * Returns 0, -EINVAL with the word that is wrong in 'bad', or -ENOMEM. Release
 * with script_deinit(), whatever it returned.
 */
int script_init(struct script *script, const char *text, uint32_t seed,
                char *bad, size_t bad_size);
void script_deinit(struct script *script);

/* The first event of that kind still to come at or before 'frame', or NULL. */
struct event *script_due(const struct script *script, enum moment moment,
                         uint64_t frame);

/* The event has happened: on to its next time, if any. */
void script_pass(struct script *script, struct event *event);

/* Whatever lies at or before 'frame' has happened already. */
void script_skip(struct script *script, uint64_t frame);

const char *script_fault_name(enum fault fault);

#endif
