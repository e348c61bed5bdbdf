/* SPDX-License-Identifier: MIT */
#include "midi/midi_send_raw.h"

#include "common/alsa_errors.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SYSTEM = 0xf0,
    REAL_TIME = 0xf8,    /* and above: between the bytes of anything */
    LATE_NS = 100000000, /* a device that takes nothing for so long loses it */
    LOOK_NS = 50000000,  /* between two looks for a reader */
};

static bool fail(const char *name, const char *why, struct failure *failure)
{
    return failure_set(failure, STATUS_MIDI, "cannot send MIDI to '%s': %s",
                       name, why);
}

/* As alsa-lib names devices: "hw:1,0,0", "virtual". */
static bool is_device(const char *name)
{
    struct stat status;
    return strchr(name, '/') == NULL && stat(name, &status) != 0 &&
           (strchr(name, ':') != NULL || strcmp(name, "virtual") == 0);
}

static bool open_file(struct midi_send_raw *raw, const char *name,
                      struct failure *failure)
{
    const int flags = O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    struct stat status;
    if (stat(name, &status) == 0 && S_ISFIFO(status.st_mode)) {
        raw->pipe = name;
        raw->fd = open(name, flags);
        return raw->fd >= 0 || errno == ENXIO ||
               fail(name, strerror(errno), failure);
    }
    raw->fd = open(name, flags | O_CREAT | O_TRUNC, 0666);
    return raw->fd >= 0 || fail(name, strerror(errno), failure);
}

/* Whether somebody reads the pipe now. */
static void look_for_reader(struct midi_send_raw *raw, uint64_t now_ns)
{
    if (raw->pipe != NULL && raw->fd < 0 && now_ns - raw->looked_ns > LOOK_NS) {
        raw->looked_ns = now_ns;
        raw->fd = open(raw->pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
        raw->status = 0;
    }
}

bool midi_send_raw_open(struct midi_send_raw *raw, const char *name,
                        bool has_running_status, struct failure *failure)
{
    *raw = (struct midi_send_raw){.fd = -1,
                                  .has_running_status = has_running_status};
    if (strcmp(name, "-") == 0) {
        raw->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
        return raw->fd >= 0 ||
               fail("standard output", strerror(errno), failure);
    }
    if (!is_device(name)) {
        return open_file(raw, name, failure);
    }
    alsa_errors_capture();
    int error =
        snd_rawmidi_open(NULL, &raw->device, name, SND_RAWMIDI_NONBLOCK);
    if (error < 0) {
        raw->device = NULL;
        (void)fail(name, snd_strerror(error), failure);
        alsa_errors_detail(failure);
        return failure_hint(failure, "amidi -l shows raw devices");
    }
    return true;
}

bool midi_send_raw_is_open(const struct midi_send_raw *raw)
{
    return raw->fd >= 0 || raw->pipe != NULL || raw->device != NULL;
}

bool midi_send_raw_put(struct midi_send_raw *raw,
                       const struct midi_queue_message *message,
                       bool is_counted)
{
    const size_t at = raw->head & (MIDI_SEND_RAW_WAITING - 1);
    if (raw->head - raw->tail == MIDI_SEND_RAW_WAITING) {
        return false;
    }
    raw->waiting[at] = *message;
    raw->is_counted[at] = is_counted;
    raw->head++;
    return true;
}

/* How many of the bytes were taken. */
static size_t write_bytes(struct midi_send_raw *raw, const uint8_t *bytes,
                          size_t count)
{
    ssize_t written;
    if (raw->device != NULL) {
        written = snd_rawmidi_write(raw->device, bytes, count);
        errno = written < 0 ? (int)-written : 0;
    } else if (raw->fd < 0) {
        return 0;
    } else {
        written = write(raw->fd, bytes, count);
    }
    if (written < 0 && errno == EPIPE && raw->pipe != NULL) {
        (void)close(raw->fd);
        raw->fd = -1;
        raw->started_count = 0;
    } else if (written < 0 && errno != EAGAIN && errno != EINTR) {
        raw->is_broken = true;
    }
    return written > 0 ? (size_t)written : 0;
}

/* The rest of a message of which the receiver has a part. */
static bool finish_started(struct midi_send_raw *raw)
{
    if (raw->started_count > 0) {
        size_t taken = write_bytes(raw, raw->started, raw->started_count);
        raw->started_count -= taken;
        memmove(raw->started, raw->started + taken, raw->started_count);
    }
    return raw->started_count == 0;
}

/* False: none of it was taken. */
static bool write_message(struct midi_send_raw *raw,
                          const struct midi_queue_message *message)
{
    uint8_t status = message->bytes[0];
    size_t skip =
        raw->has_running_status && status < SYSTEM && status == raw->status ? 1
                                                                            : 0;
    size_t count = message->count - skip;
    size_t taken = write_bytes(raw, message->bytes + skip, count);
    if (taken == 0) {
        return false;
    }
    raw->status = status < SYSTEM       ? status
                  : status >= REAL_TIME ? raw->status
                                        : (uint8_t)0;
    raw->started_count = count - taken;
    memcpy(raw->started, message->bytes + skip + taken, raw->started_count);
    return true;
}

uint64_t midi_send_raw_flush(struct midi_send_raw *raw, uint64_t now_ns,
                             struct midi_send_raw_counts *counts)
{
    look_for_reader(raw, now_ns);
    while (raw->tail != raw->head) {
        const size_t at = raw->tail & (MIDI_SEND_RAW_WAITING - 1);
        const struct midi_queue_message *message = &raw->waiting[at];
        if (message->due_ns > now_ns) {
            return message->due_ns;
        }
        bool is_sent = !raw->is_broken && finish_started(raw) &&
                       write_message(raw, message);
        if (!is_sent && !raw->is_broken && message->due_ns > 0 &&
            now_ns - message->due_ns < LATE_NS) {
            return now_ns; /* a serial line is slow: try again */
        }
        if (!raw->is_counted[at]) {
            counts->sent += is_sent;
            counts->lost += !is_sent;
        }
        raw->tail++;
    }
    return raw->started_count > 0 && !raw->is_broken && !finish_started(raw)
               ? now_ns
               : 0;
}

void midi_send_raw_give_up(struct midi_send_raw *raw,
                           struct midi_send_raw_counts *counts)
{
    for (; raw->tail != raw->head; raw->tail++) {
        counts->lost +=
            !raw->is_counted[raw->tail & (MIDI_SEND_RAW_WAITING - 1)];
    }
}

void midi_send_raw_close(struct midi_send_raw *raw)
{
    if (raw->device != NULL) {
        (void)snd_rawmidi_drain(raw->device);
        (void)snd_rawmidi_close(raw->device);
        raw->device = NULL;
    }
    if (raw->fd >= 0) {
        (void)close(raw->fd);
        raw->fd = -1;
    }
    raw->pipe = NULL;
}
