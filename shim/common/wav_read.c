/* SPDX-License-Identifier: MIT */
#include "common/wav_read.h"

#include <errno.h>
#include <string.h>

#include "rt/convert.h"

static const unsigned char encoding_bytes[WAV_ENCODING_COUNT] = {1, 2, 3,
                                                                 4, 4, 8};

enum { TAG_PCM = 1, TAG_FLOAT = 3, TAG_EXTENSIBLE = 0xfffe };

struct fmt {
    unsigned tag;
    unsigned channels;
    uint32_t sample_rate;
    unsigned align;
    unsigned bits;
};

static uint32_t get_u16(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8;
}

static uint32_t get_u32(const uint8_t *at)
{
    return get_u16(at) | get_u16(at + 2) << 16;
}

static bool find_encoding(const struct fmt *fmt, enum wav_encoding *encoding)
{
    static const struct {
        unsigned tag;
        unsigned bits;
    } known[WAV_ENCODING_COUNT] = {
        {TAG_PCM, 8},  {TAG_PCM, 16},   {TAG_PCM, 24},
        {TAG_PCM, 32}, {TAG_FLOAT, 32}, {TAG_FLOAT, 64},
    };
    for (unsigned i = 0; i < WAV_ENCODING_COUNT; ++i) {
        if (fmt->tag == known[i].tag && fmt->bits == known[i].bits) {
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
    struct fmt fmt = {get_u16(chunk), get_u16(chunk + 2), get_u32(chunk + 4),
                      get_u16(chunk + 12), get_u16(chunk + 14)};
    if (fmt.tag == TAG_EXTENSIBLE && size >= 40) {
        fmt.tag = get_u16(chunk + 24); /* the sub-format's first bytes */
    }
    if (!find_encoding(&fmt, &reader->encoding)) {
        return failure_set(failure, STATUS_FILE,
                           "'%s': WAV format %u with %u bits is not known; "
                           "PCM of 8, 16, 24 and 32 bits and floats of 32 and "
                           "64 are",
                           path, fmt.tag, fmt.bits);
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
        size_t part = bytes < sizeof scrap ? (size_t)bytes : sizeof scrap;
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

/* Walk the chunks up to the data chunk's first byte. */
static bool parse_chunks(struct wav_reader *reader, const char *path,
                         struct failure *failure)
{
    uint8_t head[12];
    if (fread(head, sizeof head, 1, reader->file) != 1 ||
        memcmp(head, "RIFF", 4) != 0 || memcmp(head + 8, "WAVE", 4) != 0) {
        return failure_set(failure, STATUS_FILE, "'%s': not a WAV file", path);
    }
    for (;;) {
        uint8_t chunk[40];
        if (fread(head, 8, 1, reader->file) != 1) {
            return fail_short(path, "data", failure);
        }
        uint32_t size = get_u32(head + 4);
        if (memcmp(head, "data", 4) == 0) {
            reader->bytes_left = size;
            return reader->channels != 0 ||
                   failure_set(failure, STATUS_FILE,
                               "'%s': no fmt chunk before the data", path);
        }
        uint64_t rest = (uint64_t)size + (size & 1);
        if (memcmp(head, "fmt ", 4) == 0) {
            size_t kept = size < sizeof chunk ? size : sizeof chunk;
            if (kept > 0 && fread(chunk, kept, 1, reader->file) != 1) {
                return fail_short(path, "format", failure);
            }
            if (!parse_fmt(reader, path, chunk, kept, failure)) {
                return false;
            }
            rest -= kept;
        }
        if (!skip(reader->file, rest)) {
            return fail_short(path, "data", failure);
        }
    }
}

bool wav_reader_open(struct wav_reader *reader, const char *path,
                     struct failure *failure)
{
    *reader = (struct wav_reader){.file = fopen(path, "rbe")};
    if (reader->file == NULL) {
        return failure_set(failure, STATUS_FILE, "cannot read '%s': %s", path,
                           strerror(errno));
    }
    if (!parse_chunks(reader, path, failure)) {
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
    for (unsigned k = 0; k < channels; ++k, src += encoding_bytes[encoding]) {
        if (planar[k] == NULL) {
            continue;
        }
        float *dst = planar[k] + offset;
        if (encoding == WAV_U8) {
            *dst = (float)(*src - 128) / 127.0F;
        } else if (encoding == WAV_F64) {
            double x;
            memcpy(&x, src, sizeof x);
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
        ++done;
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
