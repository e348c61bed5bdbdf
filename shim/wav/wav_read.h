/* SPDX-License-Identifier: MIT */
/*
 * Read WAV files, RF64 and BW64 too: PCM of up to 32 bits, floats of 32 and
 * 64. No length in the file is trusted; of a truncated recording or a
 * stream, the frames that are present are read.
 */
#ifndef F4E_WAV_READ_H
#define F4E_WAV_READ_H

#include "common/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* How the file holds a sample. */
enum wav_encoding {
    WAV_U8,
    WAV_S16,
    WAV_S24,
    WAV_S32,
    WAV_F32,
    WAV_F64,
    WAV_ENCODING_COUNT
};

enum { WAV_CHANNELS_MAX = 1024 };

struct wav_reader {
    FILE *file;
    enum wav_encoding encoding;
    unsigned channels; /* 1 to WAV_CHANNELS_MAX */
    uint32_t sample_rate;
    uint64_t bytes_left; /* of the data; UINT64_MAX: a pipe's, to its end */
    char notice[128];    /* what the header got wrong, or "" */
};

/* Open the file and read its header. Fails with STATUS_FILE. */
F4E_MUST_CHECK bool wav_reader_open(struct wav_reader *reader, const char *path,
                                    struct failure *failure);

/*
 * Read up to 'frames' frames into one array per channel of the file; NULL
 * channels are skipped. Returns the number read, less than asked at the end.
 */
size_t wav_reader_read(struct wav_reader *reader, float *const *planar,
                       size_t frames);

/* Bytes of one frame of an open file. */
size_t wav_reader_frame_bytes(const struct wav_reader *reader);

/* Also for a reader that is zeroed or closed. */
void wav_reader_close(struct wav_reader *reader);

#endif
