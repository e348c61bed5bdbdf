/* SPDX-License-Identifier: MIT */
/*
 * Write WAV files: 32-bit float, packed 24-bit or 16-bit samples; or the same
 * samples bare.
 */
#ifndef F4E_WAV_WRITE_H
#define F4E_WAV_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/outfile.h"
#include "rt/convert.h"

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
 * Create 'path' ("-" is standard output, without a header). 'frames' is how
 * many are expected: files that cannot seek get that in their header. At most
 * 'buffer_frames' frames come at a time. Fails with STATUS_FILE, also when a
 * WAV file cannot hold so many.
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

/* Complete the file with the number of frames written, and name it. */
bool wav_writer_close(struct wav_writer *writer, struct failure *failure);

/* After a failed write: end the file after the last whole piece. */
bool wav_writer_cut(struct wav_writer *writer, struct failure *failure);

/* Remove the file instead. Harmless after close. */
void wav_writer_discard(struct wav_writer *writer);

#endif
