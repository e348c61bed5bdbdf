/* SPDX-License-Identifier: MIT */
#include "wav/wav_read.h"

#include "files/infile.h"
#include "rt/convert.h"
#include "wav/sound_kind.h"
#include "wav/wav_bytes.h"
#include "wav/wav_length.h"

#include <string.h>

static const unsigned char encoding_bytes[WAV_ENCODING_COUNT] = {1, 2, 3,
                                                                 4, 4, 8};

enum { TAG_PCM = 1, TAG_FLOAT = 3, TAG_EXTENSIBLE = 0xfffe };

enum { CHUNK_HEAD_BYTES = 8 };

struct fmt {
    unsigned tag;
    unsigned channels;
    uint32_t sample_rate;
    unsigned align;
    unsigned bits;
};

static bool find_encoding(const struct fmt *fmt, enum wav_encoding *encoding)
{
    static const struct {
        unsigned tag;
        unsigned bits;
    } known[WAV_ENCODING_COUNT] = {
        {TAG_PCM, 8},  {TAG_PCM, 16},   {TAG_PCM, 24},
        {TAG_PCM, 32}, {TAG_FLOAT, 32}, {TAG_FLOAT, 64},
    };
    /* PCM of 12 or 20 bits stands at the upper end of whole bytes. */
    unsigned bits = fmt->tag == TAG_PCM ? (fmt->bits + 7) / 8 * 8 : fmt->bits;
    for (unsigned i = 0; i < WAV_ENCODING_COUNT; i++) {
        if (fmt->tag == known[i].tag && bits == known[i].bits) {
            *encoding = (enum wav_encoding)i;
            return true;
        }
    }
    return false;
}

/* 'chunk' holds 'size' bytes of the fmt chunk. */
static bool parse_fmt(struct wav_reader *reader, const char *path,
                      const uint8_t *chunk, size_t size,
                      struct failure *failure)
{
    if (size < 16) {
        return failure_set(failure, STATUS_FILE,
                           "'%s': fmt chunk has %zu bytes, not 16", path, size);
    }
    struct fmt fmt = {wav_u16(chunk), wav_u16(chunk + 2), wav_u32(chunk + 4),
                      wav_u16(chunk + 12), wav_u16(chunk + 14)};
    if (fmt.tag == TAG_EXTENSIBLE && size >= 40) {
        fmt.tag = wav_u16(chunk + 24); /* the sub-format's first bytes */
    }
    if (!find_encoding(&fmt, &reader->encoding)) {
        (void)failure_set(failure, STATUS_FILE,
                          "'%s': WAV format %u with %u bits is not known; "
                          "PCM of up to 32 bits and floats of 32 and 64 are",
                          path, fmt.tag, fmt.bits);
        return failure_hint(
            failure, "sox '%s' -e signed-integer -b 24 converted.wav", path);
    }
    if (fmt.channels == 0 || fmt.channels > WAV_CHANNELS_MAX) {
        return failure_set(failure, STATUS_FILE,
                           "'%s': %u channels, not 1 to %d", path, fmt.channels,
                           WAV_CHANNELS_MAX);
    }
    if (fmt.align != fmt.channels * encoding_bytes[reader->encoding]) {
        return failure_set(failure, STATUS_FILE,
                           "'%s': a frame of %u channels takes %u bytes, not "
                           "the %u stated",
                           path, fmt.channels,
                           fmt.channels * encoding_bytes[reader->encoding],
                           fmt.align);
    }
    reader->channels = fmt.channels;
    reader->sample_rate = fmt.sample_rate;
    return true;
}

/* Step over bytes, also of a pipe. False at the end of the file. */
static bool skip(FILE *file, uint64_t bytes)
{
    char scrap[512];
    while (bytes > 0) {
        size_t part = bytes < sizeof(scrap) ? (size_t)bytes : sizeof(scrap);
        if (fread(scrap, part, 1, file) != 1) {
            return false;
        }
        bytes -= part;
    }
    return true;
}

static bool fail_short(const char *path, const char *what,
                       struct failure *failure)
{
    return failure_set(failure, STATUS_FILE, "'%s': ends before its %s", path,
                       what);
}

/*
 * The first bytes of the next chunk. After a chunk of an odd size a byte fills
 * up, which some programs forget and others do not set to 0.
 */
static bool read_head(FILE *file, bool is_odd, uint8_t head[CHUNK_HEAD_BYTES])
{
    if (fread(head, CHUNK_HEAD_BYTES, 1, file) != 1) {
        return false;
    }
    if (!is_odd || (head[0] != 0 &&
                    (wav_knows_chunk(head) || !wav_knows_chunk(head + 1)))) {
        return true;
    }
    memmove(head, head + 1, CHUNK_HEAD_BYTES - 1);
    return fread(head + CHUNK_HEAD_BYTES - 1, 1, 1, file) == 1;
}

static bool read_ds64(struct wav_reader *reader, const char *path,
                      uint32_t size, struct wav_length *length,
                      struct failure *failure)
{
    uint8_t chunk[16];
    if (size < sizeof(chunk) ||
        fread(chunk, sizeof(chunk), 1, reader->file) != 1 ||
        !skip(reader->file, size - sizeof(chunk))) {
        return fail_short(path, "format", failure);
    }
    length->is_64 = true;
    length->data = wav_u32(chunk + 8) | (uint64_t)wav_u32(chunk + 12) << 32;
    return true;
}

static bool read_fmt(struct wav_reader *reader, const char *path, uint32_t size,
                     struct failure *failure)
{
    uint8_t chunk[40];
    size_t kept = size < sizeof(chunk) ? size : sizeof(chunk);
    if (kept > 0 && fread(chunk, kept, 1, reader->file) != 1) {
        return fail_short(path, "format", failure);
    }
    return parse_fmt(reader, path, chunk, kept, failure) &&
           (skip(reader->file, size - kept) ||
            fail_short(path, "data", failure));
}

/* Walk the chunks up to the data chunk's first byte. */
static bool parse_chunks(struct wav_reader *reader, const char *path,
                         struct wav_length *length, struct failure *failure)
{
    uint8_t head[CHUNK_HEAD_BYTES];
    uint32_t size = 0;
    while (read_head(reader->file, (size & 1) != 0, head)) {
        size = wav_u32(head + 4);
        if (memcmp(head, "data", 4) == 0) {
            bool is_long = length->is_64 && size == UINT32_MAX;
            length->data = is_long ? length->data : size;
            length->is_64 = is_long;
            return reader->channels != 0 ||
                   failure_set(failure, STATUS_FILE,
                               "'%s': no fmt chunk before the data", path);
        }
        bool is_good = true;
        if (memcmp(head, "fmt ", 4) == 0) {
            is_good = read_fmt(reader, path, size, failure);
        } else if (memcmp(head, "ds64", 4) == 0) {
            is_good = read_ds64(reader, path, size, length, failure);
        } else if (!skip(reader->file, size)) {
            break;
        }
        if (!is_good) {
            return false;
        }
    }
    return fail_short(path, "data", failure);
}

static bool parse(struct wav_reader *reader, const char *path,
                  struct failure *failure)
{
    uint8_t head[SOUND_KIND_BYTES];
    const char *name;
    struct wav_length length = {.is_64 = false};
    size_t bytes = fread(head, 1, sizeof(head), reader->file);
    enum sound_kind kind = sound_kind_of(head, bytes, &name);
    if (kind == SOUND_WAV && bytes < sizeof(head)) {
        return fail_short(path, "format", failure);
    }
    if (kind >= SOUND_OTHER) {
        (void)failure_set(failure, STATUS_FILE, "'%s': %s, not a WAV file",
                          path, name);
        return failure_hint(failure, "%s '%s' converted.wav",
                            sound_converter(kind), path);
    }
    if (kind == SOUND_BARE) {
        return failure_set(failure, STATUS_FILE, "'%s': not a WAV file", path);
    }
    length.file_end = 8 + (uint64_t)wav_u32(head + 4);
    if (!parse_chunks(reader, path, &length, failure)) {
        return false;
    }
    reader->bytes_left = wav_length_find(reader->file, &length, reader->notice,
                                         sizeof(reader->notice));
    return true;
}

bool wav_reader_open(struct wav_reader *reader, const char *path,
                     struct failure *failure)
{
    *reader = (struct wav_reader){.file = infile_open(path, failure)};
    if (reader->file == NULL) {
        return false;
    }
    if (!parse(reader, infile_name(path), failure)) {
        wav_reader_close(reader);
        return false;
    }
    return true;
}

static void decode(enum wav_encoding encoding, float *const *planar,
                   size_t offset, const uint8_t *src, unsigned channels)
{
    static const enum sample_format formats[WAV_ENCODING_COUNT] = {
        [WAV_S16] = FORMAT_S16,
        [WAV_S24] = FORMAT_S24_3,
        [WAV_S32] = FORMAT_S32,
        [WAV_F32] = FORMAT_F32};
    for (unsigned k = 0; k < channels; k++, src += encoding_bytes[encoding]) {
        if (planar[k] == NULL) {
            continue;
        }
        float *dst = planar[k] + offset;
        if (encoding == WAV_U8) {
            *dst = (float)(*src - 128) / 127.0F;
        } else if (encoding == WAV_F64) {
            double x;
            memcpy(&x, src, sizeof(x));
            *dst = (float)x;
        } else {
            convert_to_float(formats[encoding], &dst, src, 1, 1);
        }
    }
}

size_t wav_reader_frame_bytes(const struct wav_reader *reader)
{
    return (size_t)encoding_bytes[reader->encoding] * reader->channels;
}

size_t wav_reader_read(struct wav_reader *reader, float *const *planar,
                       size_t frames)
{
    uint8_t frame[WAV_CHANNELS_MAX * sizeof(double)];
    size_t bytes = wav_reader_frame_bytes(reader);
    size_t done = 0;
    while (done < frames && reader->bytes_left >= bytes &&
           fread(frame, bytes, 1, reader->file) == 1) {
        decode(reader->encoding, planar, done, frame, reader->channels);
        reader->bytes_left -= bytes;
        done++;
    }
    return done;
}

void wav_reader_close(struct wav_reader *reader)
{
    if (reader->file != NULL) {
        (void)fclose(reader->file);
        reader->file = NULL;
    }
}
