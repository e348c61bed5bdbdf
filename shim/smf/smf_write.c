/* SPDX-License-Identifier: MIT */
#include "smf/smf_write.h"

#include <string.h>

enum {
    HEADER_BYTES = 22, /* MThd and its data, MTrk and its length */
    DIVISION_AT = 12,
    LENGTH_AT = 18,
    DIVISION_MAX = 32767,
    DELTA_BITS = 28, /* of a length or a time in a file */
    END_BYTES = 64,  /* room for what ends a track */
    NAME_MAX_BYTES = 127,
    SYSTEM = 0xf0,
};

static const uint64_t TRACK_MAX = UINT32_MAX - END_BYTES;

/* At tempo 120 there are two quarter notes in a second. */
static void choose_ticks(struct smf_writer *writer,
                         const struct f4e_patch *patch)
{
    if (patch->tick_ms > 0) {
        writer->rate = 1;
        writer->per_second = patch->tick_ms; /* a tick is a millisecond */
        writer->division = 500;
        return;
    }
    const uint32_t rate = patch->sample_rate;
    uint32_t frames = 1; /* in a tick, where that is a whole number */
    while (frames < 64 &&
           (rate % (2 * frames) != 0 || rate / (2 * frames) > DIVISION_MAX)) {
        frames++;
    }
    writer->rate = rate;
    writer->division = frames < 64            ? rate / (2 * frames)
                       : rate <= DIVISION_MAX ? rate
                                              : DIVISION_MAX;
    writer->per_second = UINT64_C(2) * writer->division;
}

/* Seven bits a byte, the most significant first. */
static size_t put_number(uint8_t *to, uint32_t value)
{
    size_t count = 0;
    for (int shift = 21; shift >= 0; shift -= 7) {
        if (value >> shift != 0 || shift == 0) {
            to[count++] =
                (uint8_t)((value >> shift & 0x7f) | (shift > 0 ? 0x80U : 0U));
        }
    }
    return count;
}

static bool write_bytes(struct smf_writer *writer, const uint8_t *bytes,
                        size_t count, struct failure *failure)
{
    writer->bytes += count;
    return outfile_write(&writer->out, bytes, count, failure);
}

/* Rounded up: a time in the file never lies before its block. */
static uint64_t ticks_of(const struct smf_writer *writer, uint64_t frame)
{
    uint64_t whole = frame / writer->rate;
    uint64_t rest = frame % writer->rate * writer->per_second;
    return whole * writer->per_second +
           (rest + writer->rate - 1) / writer->rate;
}

/* The time since the last event; longer ones than a number holds are bridged
 * by empty texts. */
static bool write_delta(struct smf_writer *writer, uint64_t frame,
                        struct failure *failure)
{
    static const uint8_t nothing[] = {0xff, 0x01, 0x00};
    const uint32_t most = (UINT32_C(1) << DELTA_BITS) - 1;
    uint64_t ticks = ticks_of(writer, frame);
    uint64_t delta = ticks > writer->ticks ? ticks - writer->ticks : 0;
    uint8_t text[4];
    writer->ticks += delta;
    for (; delta > most; delta -= most) {
        if (!write_bytes(writer, text, put_number(text, most), failure) ||
            !write_bytes(writer, nothing, sizeof(nothing), failure)) {
            return false;
        }
    }
    return write_bytes(writer, text, put_number(text, (uint32_t)delta),
                       failure);
}

/* Of the file and of its one track, whose length is 'bytes' so far. */
static void make_header(const struct smf_writer *writer,
                        uint8_t header[HEADER_BYTES])
{
    static const uint8_t fixed[HEADER_BYTES] = "MThd\0\0\0\6\0\0\0\1\0\0MTrk";
    memcpy(header, fixed, HEADER_BYTES);
    header[DIVISION_AT] = (uint8_t)(writer->division >> 8);
    header[DIVISION_AT + 1] = (uint8_t)writer->division;
    for (int i = 0; i < 4; i++) {
        header[LENGTH_AT + i] = (uint8_t)(writer->bytes >> (24 - 8 * i));
    }
}

bool smf_writer_open(struct smf_writer *writer, const char *path,
                     const struct f4e_patch *patch, struct failure *failure)
{
    static const uint8_t tempo[] = {0, 0xff, 0x51, 3, 0x07, 0xa1, 0x20};
    uint8_t header[HEADER_BYTES];
    *writer = (struct smf_writer){.rate = 1};
    choose_ticks(writer, patch);
    make_header(writer, header);
    size_t length = strlen(patch->name);
    length = length < NAME_MAX_BYTES ? length : NAME_MAX_BYTES;
    const uint8_t name[] = {0, 0xff, 0x03, (uint8_t)length};
    if (!outfile_open(&writer->out, path, failure)) {
        return false;
    }
    /* How long the track is stands before it. */
    if (fseeko(writer->out.file, 0, SEEK_SET) != 0) {
        outfile_discard(&writer->out);
        (void)failure_set(failure, STATUS_FILE,
                          "cannot write '%s': a MIDI file is no stream", path);
        return failure_hint(failure, "--midi-out-raw sends bytes to a pipe");
    }
    if (!write_bytes(writer, header, sizeof(header), failure) ||
        !write_bytes(writer, name, sizeof(name), failure) ||
        !write_bytes(writer, (const uint8_t *)patch->name, length, failure) ||
        !write_bytes(writer, tempo, sizeof(tempo), failure)) {
        outfile_discard(&writer->out);
        return false;
    }
    writer->bytes -= HEADER_BYTES;
    return true;
}

bool smf_writer_add(struct smf_writer *writer, uint64_t frame, unsigned port,
                    const uint8_t *bytes, unsigned count,
                    struct failure *failure)
{
    /* What belongs to no channel has no place in a file but inside this. */
    const uint8_t escape[] = {0xf7, (uint8_t)count};
    const uint8_t change[] = {0xff, 0x21, 1, (uint8_t)port, 0};
    if (writer->bytes > TRACK_MAX) {
        return failure_set(failure, STATUS_FILE,
                           "'%s' is full: a track holds 4 GiB",
                           writer->out.path);
    }
    if (!write_delta(writer, frame, failure)) {
        return false;
    }
    if (port != writer->port &&
        !write_bytes(writer, change, sizeof(change), failure)) {
        return false;
    }
    writer->port = port;
    return (bytes[0] < SYSTEM ||
            write_bytes(writer, escape, sizeof(escape), failure)) &&
           write_bytes(writer, bytes, count, failure);
}

bool smf_writer_close(struct smf_writer *writer, uint64_t frame,
                      struct failure *failure)
{
    static const uint8_t end[] = {0xff, 0x2f, 0};
    uint8_t header[HEADER_BYTES];
    if (!write_delta(writer, frame, failure) ||
        !write_bytes(writer, end, sizeof(end), failure)) {
        outfile_discard(&writer->out);
        return false;
    }
    make_header(writer, header);
    if (!outfile_patch(&writer->out, header, sizeof(header), failure)) {
        outfile_discard(&writer->out);
        return false;
    }
    return outfile_close(&writer->out, failure);
}

void smf_writer_discard(struct smf_writer *writer)
{
    outfile_discard(&writer->out);
}
