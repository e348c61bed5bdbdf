/* SPDX-License-Identifier: MIT */
#include "midi/midi_raw.h"

#include "common/alsa_errors.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(const char *name, const char *why, struct failure *failure)
{
    return failure_set(failure, STATUS_MIDI, "cannot open '%s' for MIDI: %s",
                       name, why);
}

static bool open_file(struct midi_raw *raw, const char *name, mode_t mode,
                      struct failure *failure)
{
    /* A pipe that is its own writer does not end with the others. */
    int flags = S_ISFIFO(mode) ? O_RDWR : O_RDONLY;
    raw->fd = open(name, flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    return raw->fd >= 0 || fail(name, strerror(errno), failure);
}

bool midi_raw_open(struct midi_raw *raw, const char *name,
                   struct failure *failure)
{
    struct stat status;
    *raw = (struct midi_raw){.fd = -1};
    if (strcmp(name, "-") == 0) {
        raw->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        return raw->fd >= 0 || fail("standard input", strerror(errno), failure);
    }
    if (stat(name, &status) == 0) {
        raw->can_return = S_ISCHR(status.st_mode);
        return S_ISDIR(status.st_mode)
                   ? fail(name, strerror(EISDIR), failure)
                   : open_file(raw, name, status.st_mode, failure);
    }
    if (strchr(name, '/') != NULL) {
        return fail(name, strerror(errno), failure);
    }
    alsa_errors_capture();
    int error =
        snd_rawmidi_open(&raw->device, NULL, name, SND_RAWMIDI_NONBLOCK);
    if (error < 0) {
        raw->device = NULL;
        (void)fail(name, snd_strerror(error), failure);
        alsa_errors_detail(failure);
        return failure_hint(failure, "amidi -l shows raw devices");
    }
    raw->can_return = true;
    return true;
}

static void say_nothing(const char *file, int line, const char *function,
                        int error, const char *format, va_list arguments)
{
    (void)file;
    (void)line;
    (void)function;
    (void)error;
    (void)format;
    (void)arguments;
}

int midi_raw_open_quietly(snd_rawmidi_t **in, snd_rawmidi_t **out,
                          const char *name)
{
    snd_local_error_handler_t before = snd_lib_error_set_local(say_nothing);
    int error = snd_rawmidi_open(in, out, name, SND_RAWMIDI_NONBLOCK);
    (void)snd_lib_error_set_local(before);
    return error;
}

bool midi_raw_reopen(struct midi_raw *raw, const char *name)
{
    struct failure unsaid = {.status = STATUS_OK};
    struct stat status;
    if (stat(name, &status) == 0) {
        return S_ISCHR(status.st_mode) &&
               open_file(raw, name, status.st_mode, &unsaid);
    }
    if (strchr(name, '/') != NULL) {
        return false;
    }
    if (midi_raw_open_quietly(&raw->device, NULL, name) < 0) {
        raw->device = NULL;
        return false;
    }
    return true;
}

void midi_raw_poll_fill(const struct midi_raw *raw, struct pollfd *fd)
{
    *fd = (struct pollfd){.fd = raw->fd, .events = POLLIN};
    if (raw->device != NULL) {
        (void)snd_rawmidi_poll_descriptors(raw->device, fd, 1);
    }
}

int midi_raw_read(struct midi_raw *raw, unsigned char *bytes, size_t room)
{
    ssize_t count;
    int error;
    if (raw->device != NULL) {
        count = snd_rawmidi_read(raw->device, bytes, room);
        error = count < 0 ? (int)-count : 0;
    } else {
        count = read(raw->fd, bytes, room);
        error = count < 0 ? errno : 0;
    }
    if (error == EAGAIN || error == EINTR) {
        return 0;
    }
    return count > 0 ? (int)count : -1;
}

void midi_raw_close(struct midi_raw *raw)
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
