/* SPDX-License-Identifier: MIT */
#include "wav/wav_write.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_MAX = 58 };

static uint8_t *put_tag(uint8_t *at, const char *tag)
{
    memcpy(at, tag, 4);
    return at + 4;
}

static uint8_t *put_u16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    return at + 2;
}

static uint8_t *put_u32(uint8_t *at, uint32_t value)
{
    return put_u16(put_u16(at, value), value >> 16);
}

static size_t frame_bytes(const struct wav_writer *writer)
{
    return format_bytes(writer->format) * writer->channels;
}

/*
 * RIFF, fmt, for floats fact (formats other than PCM want it), data. The size
 * has been checked to fit.
 */
static size_t make_header(const struct wav_writer *writer, uint64_t frames,
                          uint8_t *header)
{
    bool is_float = writer->format == FORMAT_F32;
    uint32_t align = (uint32_t)frame_bytes(writer);
    uint32_t data_bytes = (uint32_t)(frames * align);
    uint32_t header_bytes = is_float ? HEADER_MAX : 44;
    uint8_t *at = put_tag(header, "RIFF");
    at = put_u32(at, header_bytes - 8 + data_bytes + (data_bytes & 1));
    at = put_tag(put_tag(at, "WAVE"), "fmt ");
    at = put_u32(at, is_float ? 18 : 16);
    at = put_u16(at, is_float ? 3 : 1);
    at = put_u16(at, writer->channels);
    at = put_u32(at, writer->sample_rate);
    at = put_u32(at, writer->sample_rate * align);
    at = put_u16(at, align);
    at = put_u16(at, (uint32_t)format_bytes(writer->format) * 8);
    if (is_float) {
        at = put_u16(at, 0);
        at = put_u32(put_tag(at, "fact"), 4);
        at = put_u32(at, (uint32_t)frames);
    }
    at = put_u32(put_tag(at, "data"), data_bytes);
    return (size_t)(at - header);
}

static bool check_size(const struct wav_writer *writer, struct failure *failure)
{
    uint64_t most = (UINT32_MAX - HEADER_MAX) / frame_bytes(writer);
    if (writer->frames_promised <= most) {
        return true;
    }
    (void)failure_set(failure, STATUS_FILE,
                      "'%s': %llu frames do not fit a WAV file, which holds "
                      "%llu (%llu s) in this format",
                      writer->out.path,
                      (unsigned long long)writer->frames_promised,
                      (unsigned long long)most,
                      (unsigned long long)(most / writer->sample_rate));
    return failure_hint(failure, "--render - writes bare samples, any number");
}

bool wav_writer_open(struct wav_writer *writer, const char *path,
                     enum sample_format format, unsigned channels,
                     uint32_t sample_rate, uint64_t frames,
                     size_t buffer_frames, struct failure *failure)
{
    uint8_t header[HEADER_MAX];
    *writer = (struct wav_writer){
        .out = {.path = path, .slot = -1},
        .is_bare = strcmp(path, "-") == 0,
        .format = format,
        .channels = channels,
        .sample_rate = sample_rate,
        .frames_promised = frames,
        .buffer_frames = buffer_frames,
    };
    if (!writer->is_bare && !check_size(writer, failure)) {
        return false;
    }
    writer->buffer = malloc(buffer_frames * frame_bytes(writer));
    if (writer->buffer == NULL) {
        return failure_set_memory(failure);
    }
    bool is_open = outfile_open(&writer->out, path, failure);
    if (is_open && buffer_frames * frame_bytes(writer) >= BUFSIZ) {
        /* What is refused must not wait in a second buffer. */
        (void)setvbuf(writer->out.file, NULL, _IONBF, 0);
    }
    if (is_open &&
        (writer->is_bare ||
         outfile_write(&writer->out, header,
                       make_header(writer, frames, header), failure))) {
        return true;
    }
    wav_writer_discard(writer);
    return false;
}

bool wav_writer_write(struct wav_writer *writer, const float *const *planar,
                      size_t frames, struct failure *failure)
{
    if (writer->format == FORMAT_F32) {
        (void)convert_interleave(writer->buffer, planar, writer->channels,
                                 frames);
    } else {
        (void)convert_from_float(writer->format, writer->buffer, planar,
                                 writer->channels, frames);
    }
    if (!outfile_write(&writer->out, writer->buffer,
                       frames * frame_bytes(writer), failure)) {
        return false;
    }
    writer->frames += frames;
    return true;
}

bool wav_writer_cut(struct wav_writer *writer, struct failure *failure)
{
    uint8_t header[HEADER_MAX];
    /* An even number: a byte to fill up may not fit either. */
    writer->frames -= writer->frames % 2;
    return writer->is_bare ||
           outfile_cut(&writer->out,
                       make_header(writer, 0, header) +
                           writer->frames * frame_bytes(writer),
                       failure);
}

bool wav_writer_close(struct wav_writer *writer, struct failure *failure)
{
    uint8_t header[HEADER_MAX];
    bool is_good = true;
    if (!writer->is_bare) {
        /* Chunks have even length. */
        is_good = ((writer->frames * frame_bytes(writer)) & 1) == 0 ||
                  outfile_write(&writer->out, "", 1, failure);
        is_good = is_good &&
                  (writer->frames == writer->frames_promised ||
                   outfile_patch(&writer->out, header,
                                 make_header(writer, writer->frames, header),
                                 failure));
    }
    is_good = is_good && outfile_close(&writer->out, failure);
    wav_writer_discard(writer);
    return is_good;
}

void wav_writer_discard(struct wav_writer *writer)
{
    outfile_discard(&writer->out);
    free(writer->buffer);
    writer->buffer = NULL;
}
