/* SPDX-License-Identifier: MIT */
/*
 * Write WAV files of 32-bit float, packed 24-bit or 16-bit samples, or the same
 * samples without a header. One thread at a time; fails with STATUS_FILE.
 */
#ifndef F4E_WAV_WRITE_H
#define F4E_WAV_WRITE_H

#include "files/outfile.h"
#include "rt/convert.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wav_writer {
    struct outfile out;
    bool is_bare;              /* no header */
    enum sample_format format; /* F32, S24_3 or S16 */
    unsigned channels;
    uint32_t sample_rate;
    uint64_t frames; /* written so far */
    uint64_t frames_promised;
    void *buffer; /* for buffer_frames frames */
    size_t buffer_frames;
};

/*
 * Create 'path' ("-" is standard output, without a header). 'frames' is the
 * expected length: the header of a file that cannot seek keeps it. One write
 * has at most 'buffer_frames' frames. Also fails when a WAV file cannot hold
 * that many frames.
 */
F4E_MUST_CHECK bool wav_writer_open(struct wav_writer *writer, const char *path,
                                    enum sample_format format,
                                    unsigned channels, uint32_t sample_rate,
                                    uint64_t frames, size_t buffer_frames,
                                    struct failure *failure);

/* Floats go out bit for bit, integers as convert_from_float() makes them. */
F4E_MUST_CHECK bool wav_writer_write(struct wav_writer *writer,
                                     const float *const *planar, size_t frames,
                                     struct failure *failure);

/* Put the number of frames into the header and rename the file to its path. */
F4E_MUST_CHECK bool wav_writer_close(struct wav_writer *writer,
                                     struct failure *failure);

/* After a failed write: truncate the file to the last complete write. */
F4E_MUST_CHECK bool wav_writer_cut(struct wav_writer *writer,
                                   struct failure *failure);

/* Close and remove the file. Does nothing after wav_writer_close(). */
void wav_writer_discard(struct wav_writer *writer);

#endif
