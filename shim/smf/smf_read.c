/* SPDX-License-Identifier: MIT */
#include "smf/smf_read.h"

#include "smf/smf_internal.h"

#include "rt/midi_queue.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER_BYTES = 6,
    CHUNK_BYTES = 8, /* its name and its length */
    META = 0xff,
    META_PORT = 0x21,
    META_END = 0x2f,
    META_TEMPO = 0x51,
    EXCLUSIVE = 0xf0,
    ESCAPE = 0xf7,
    SYSTEM = 0xf0,
};

/* Where a part of the file is read; it ends with the part. */
struct cursor {
    const uint8_t *start; /* of the file, for messages */
    const uint8_t *at;
    const uint8_t *end;
};

/* A track while it is read. */
struct track {
    struct cursor in;
    uint64_t tick;
    uint8_t status; /* that a message may leave out; 0: none */
    uint8_t port;
    bool has_ended;
};

static size_t left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

static bool fail(const struct cursor *cursor, const char *what,
                 struct failure *failure)
{
    (void)failure_set(failure, STATUS_FILE, "byte %zu: %s",
                      (size_t)(cursor->at - cursor->start), what);
    return false;
}

static uint32_t get_number(const uint8_t *bytes, size_t count)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

/* Seven bits a byte, at most four bytes. */
static bool take_length(struct cursor *cursor, uint32_t *value,
                        struct failure *failure)
{
    const uint8_t *at = cursor->at;
    *value = 0;
    for (int i = 0; i < 4; i++) {
        if (at == cursor->end) {
            return fail(cursor, "the track ends inside a number", failure);
        }
        *value = *value << 7 | (*at & 0x7fU);
        if ((*at++ & 0x80) == 0) {
            cursor->at = at;
            return true;
        }
    }
    return fail(cursor, "a number of more than four bytes", failure);
}

/* The bytes behind their length. */
static bool take_bytes(struct cursor *cursor, const uint8_t **bytes,
                       uint32_t *count, struct failure *failure)
{
    struct cursor behind = *cursor;
    if (!take_length(&behind, count, failure)) {
        return false;
    }
    if (*count > left(&behind)) {
        (void)failure_set(failure, STATUS_FILE,
                          "byte %zu: %u bytes of an event, but %zu are left "
                          "of the track",
                          (size_t)(cursor->at - cursor->start),
                          (unsigned)*count, left(&behind));
        return false;
    }
    *bytes = behind.at;
    cursor->at = behind.at + *count;
    return true;
}

static bool add(struct smf_file *file, const struct track *track,
                const struct smf_event *event, struct failure *failure)
{
    if (file->count == SMF_EVENTS_MAX) {
        (void)failure_set(failure, STATUS_FILE, "more than %d events",
                          SMF_EVENTS_MAX);
        return false;
    }
    if (file->count == file->capacity) {
        size_t larger = file->capacity == 0 ? 256 : file->capacity * 2;
        struct smf_event *events =
            realloc(file->events, larger * sizeof(*events));
        if (events == NULL) {
            (void)failure_set_memory(failure);
            return false;
        }
        file->events = events;
        file->capacity = larger;
    }
    struct smf_event *to = &file->events[file->count];
    *to = *event;
    to->tick = track->tick;
    to->order = (uint32_t)file->count++;
    to->port = track->port;
    return true;
}

static bool take_meta(struct smf_file *file, struct track *track,
                      struct failure *failure)
{
    struct cursor *in = &track->in;
    const uint8_t *bytes = NULL;
    uint32_t count = 0;
    if (left(in) == 0) {
        return fail(in, "the track ends inside an event", failure);
    }
    uint8_t kind = *in->at++;
    if (!take_bytes(in, &bytes, &count, failure)) {
        return false;
    }
    if (kind == META_END) {
        track->has_ended = true;
    } else if (kind == META_PORT && count == 1) {
        track->port = bytes[0];
    } else if (kind == META_TEMPO && count == 3) {
        const struct smf_event event = {.tempo_us = get_number(bytes, 3)};
        return event.tempo_us > 0
                   ? add(file, track, &event, failure)
                   : fail(in, "a quarter note takes no time", failure);
    }
    return true;
}

/* What has no place in a file but here: clock, song position, ... */
static bool take_escape(struct smf_file *file, struct track *track,
                        struct failure *failure)
{
    struct smf_event event = {0};
    const uint8_t *bytes = NULL;
    uint32_t count = 0;
    if (!take_bytes(&track->in, &bytes, &count, failure)) {
        return false;
    }
    bool is_message =
        count > 0 && bytes[0] >= SYSTEM && midi_queue_bytes(bytes[0]) == count;
    for (uint32_t i = 1; is_message && i < count; i++) {
        is_message = bytes[i] < 0x80;
    }
    if (!is_message) {
        return true; /* a part of a system exclusive */
    }
    memcpy(event.bytes, bytes, count);
    return add(file, track, &event, failure);
}

static bool take_message(struct smf_file *file, struct track *track,
                         struct failure *failure)
{
    struct cursor *in = &track->in;
    struct smf_event event = {.bytes = {track->status}};
    unsigned count = midi_queue_bytes(track->status);
    if (count - 1 > left(in)) {
        return fail(in, "the track ends inside a message", failure);
    }
    for (unsigned i = 1; i < count; i++) {
        if (*in->at >= 0x80) {
            return fail(in, "a status where a message has data", failure);
        }
        event.bytes[i] = *in->at++;
    }
    return add(file, track, &event, failure);
}

/* One event and the time before it. */
static bool take_event(struct smf_file *file, struct track *track,
                       struct failure *failure)
{
    struct cursor *in = &track->in;
    uint32_t delta = 0;
    if (!take_length(in, &delta, failure)) {
        return false;
    }
    track->tick += delta;
    if (left(in) == 0) {
        return fail(in, "the track ends inside an event", failure);
    }
    uint8_t first = *in->at;
    if (first < 0x80) {
        return track->status != 0
                   ? take_message(file, track, failure)
                   : fail(in, "data without a status before it", failure);
    }
    if (first == META || first == ESCAPE) {
        in->at++;
        return first == META ? take_meta(file, track, failure)
                             : take_escape(file, track, failure);
    }
    if (first == EXCLUSIVE) {
        const uint8_t *bytes = NULL;
        uint32_t count = 0;
        in->at++;
        return take_bytes(in, &bytes, &count, failure);
    }
    if (first >= SYSTEM) {
        return fail(in, "a status that files do not have", failure);
    }
    in->at++;
    track->status = first;
    return take_message(file, track, failure);
}

static bool read_track(struct smf_file *file, const struct cursor *chunk,
                       struct failure *failure)
{
    struct track track = {.in = *chunk};
    bool is_good = true;
    /* A track may end without saying so. */
    while (is_good && !track.has_ended && left(&track.in) > 0) {
        is_good = take_event(file, &track, failure);
    }
    file->end_tick = track.tick > file->end_tick ? track.tick : file->end_tick;
    return is_good;
}

static bool has_chunk(const struct cursor *in)
{
    return left(in) >= CHUNK_BYTES &&
           get_number(in->at + 4, 4) <= left(in) - CHUNK_BYTES;
}

/* The next chunk: 'inside' is what is in it. */
static bool take_chunk(struct cursor *in, const uint8_t **name,
                       struct cursor *inside, struct failure *failure)
{
    if (left(in) < CHUNK_BYTES) {
        return fail(in, "the file ends inside a chunk", failure);
    }
    uint32_t count = get_number(in->at + 4, 4);
    if (count > left(in) - CHUNK_BYTES) {
        (void)failure_set(failure, STATUS_FILE,
                          "byte %zu: a chunk of %u bytes, but %zu are left "
                          "of the file",
                          (size_t)(in->at - in->start), (unsigned)count,
                          left(in) - CHUNK_BYTES);
        return false;
    }
    *name = in->at;
    *inside = (struct cursor){in->start, in->at + CHUNK_BYTES,
                              in->at + CHUNK_BYTES + count};
    in->at = inside->end;
    return true;
}

static bool read_header(struct smf_file *file, struct cursor *in,
                        struct failure *failure)
{
    const uint8_t *name = NULL;
    struct cursor inside;
    if (left(in) < CHUNK_BYTES || memcmp(in->at, "MThd", 4) != 0) {
        (void)failure_set(failure, STATUS_FILE, "not a standard MIDI file");
        return false;
    }
    if (!take_chunk(in, &name, &inside, failure)) {
        return false;
    }
    if (left(&inside) < HEADER_BYTES) {
        return fail(&inside, "a header of less than 6 bytes", failure);
    }
    uint32_t format = get_number(inside.at, 2);
    if (format > 1) {
        (void)failure_set(failure, STATUS_FILE, "byte 8: format %u, not 0 or 1",
                          (unsigned)format);
        return format == 2
                   ? failure_hint(failure, "its tracks are pieces of their "
                                           "own: save one as format 0")
                   : false;
    }
    file->tracks = get_number(inside.at + 2, 2);
    file->division = (uint16_t)get_number(inside.at + 4, 2);
    return true;
}

bool smf_read(struct smf *smf, const uint8_t *bytes, size_t size,
              const struct f4e_patch *patch, struct failure *failure)
{
    struct smf_file file = {0};
    struct cursor in = {bytes, bytes, bytes + size};
    bool is_good = read_header(&file, &in, failure);
    uint32_t tracks = 0;
    /* Names are what counts, not how many tracks the header promises. What some
     * programs leave behind the last of them is no part of the file. */
    while (is_good && left(&in) > 0 &&
           (tracks == 0 || (left(&in) >= CHUNK_BYTES &&
                            (tracks < file.tracks || has_chunk(&in))))) {
        const uint8_t *name = NULL;
        struct cursor inside;
        is_good = take_chunk(&in, &name, &inside, failure);
        if (is_good && memcmp(name, "MTrk", 4) == 0) {
            is_good = read_track(&file, &inside, failure);
            tracks++;
        }
    }
    is_good = is_good && smf_time(smf, &file, patch, failure);
    free(file.events);
    return is_good;
}

void smf_free(struct smf *smf)
{
    free(smf->events);
    *smf = (struct smf){0};
}
