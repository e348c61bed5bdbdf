/* SPDX-License-Identifier: MIT */
#include "midi/midi_send_raw.h"

#include "common/alsa_errors.h"
#include "midi/midi_raw.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SYSTEM = 0xf0,
    REAL_TIME = 0xf8,     /* and above: between the bytes of anything */
    LATE_NS = 100000000,  /* a device that takes nothing for so long loses it */
    LOOK_NS = 50000000,   /* between two looks for a reader */
    AWAY_NS = 1000000000, /* and for a device that was unplugged */
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

static const int file_flags = O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

static bool open_file(struct midi_send_raw *raw, const char *name,
                      struct failure *failure)
{
    struct stat status = {.st_mode = 0};
    if (stat(name, &status) == 0 && S_ISFIFO(status.st_mode)) {
        raw->is_pipe = true;
        raw->fd = open(name, file_flags);
        return raw->fd >= 0 || errno == ENXIO ||
               fail(name, strerror(errno), failure);
    }
    raw->can_return = S_ISCHR(status.st_mode);
    raw->fd = open(name, file_flags | O_CREAT | O_TRUNC, 0666);
    return raw->fd >= 0 || fail(name, strerror(errno), failure);
}

static bool reopen(struct midi_send_raw *raw)
{
    struct stat status;
    if (stat(raw->name, &status) == 0) {
        raw->fd = S_ISCHR(status.st_mode) ? open(raw->name, file_flags) : -1;
        return raw->fd >= 0;
    }
    if (is_device(raw->name) &&
        midi_raw_open_quietly(NULL, &raw->device, raw->name) < 0) {
        raw->device = NULL;
    }
    return raw->device != NULL;
}

/* Whether somebody reads the pipe now, or the device is there again. What
 * either knows is nothing. */
static void look(struct midi_send_raw *raw, uint64_t now_ns)
{
    const bool is_unread = raw->is_pipe && raw->fd < 0;
    const uint64_t pause_ns = raw->is_away ? AWAY_NS : LOOK_NS;
    if ((is_unread || raw->is_away) && now_ns - raw->looked_ns > pause_ns) {
        raw->looked_ns = now_ns;
        raw->status = 0;
        if (raw->is_away) {
            raw->is_away = !reopen(raw);
        } else {
            raw->fd = open(raw->name, file_flags);
        }
    }
}

bool midi_send_raw_open(struct midi_send_raw *raw, const char *name,
                        bool has_running_status, struct failure *failure)
{
    *raw = (struct midi_send_raw){
        .fd = -1, .name = name, .has_running_status = has_running_status};
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
    raw->can_return = true;
    return true;
}

bool midi_send_raw_is_open(const struct midi_send_raw *raw)
{
    return raw->fd >= 0 || raw->is_pipe || raw->is_away || raw->device != NULL;
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

static void close_both(struct midi_send_raw *raw)
{
    if (raw->device != NULL) {
        (void)snd_rawmidi_close(raw->device);
        raw->device = NULL;
    }
    if (raw->fd >= 0) {
        (void)close(raw->fd);
        raw->fd = -1;
    }
}

/* Nobody reads the pipe, the device was unplugged, or there is no more to it
 * than an error. */
static void lose(struct midi_send_raw *raw, int error)
{
    if (raw->is_pipe && error == EPIPE) {
        close_both(raw);
        raw->started_count = 0;
    } else if (raw->can_return &&
               (error == ENODEV || error == ENXIO || error == EIO)) {
        close_both(raw);
        raw->started_count = 0;
        raw->is_away = true;
    } else {
        raw->is_broken = true;
    }
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
    if (written < 0 && errno != EAGAIN && errno != EINTR) {
        lose(raw, errno);
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
    look(raw, now_ns);
    while (raw->tail != raw->head) {
        const size_t at = raw->tail & (MIDI_SEND_RAW_WAITING - 1);
        const struct midi_queue_message *message = &raw->waiting[at];
        if (message->due_ns > now_ns) {
            return message->due_ns;
        }
        bool is_sent = !raw->is_broken && finish_started(raw) &&
                       write_message(raw, message);
        if (!is_sent && !raw->is_broken && !raw->is_away &&
            message->due_ns > 0 && now_ns - message->due_ns < LATE_NS) {
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
    }
    close_both(raw);
    raw->is_pipe = false;
    raw->is_away = false;
}
