/* SPDX-License-Identifier: MIT */
/*
 * How many bytes of sound a WAV file holds, which its header often does not
 * know: a program that was killed while it recorded left 0 or what it had hoped
 * for, a stream all ones, and more than 4 GiB do not fit the field. What is in
 * the file counts.
 */
#ifndef F4E_WAV_LENGTH_H
#define F4E_WAV_LENGTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What the file says before its data. */
struct wav_length {
    uint64_t data;
    bool is_64;        /* RF64, and its ds64 chunk has been read */
    uint64_t file_end; /* where the outermost chunk ends */
};

/* Whether the four bytes name a chunk that programs write. */
bool wav_knows_chunk(const uint8_t *id);

/*
 * The length in bytes of the data, whose first byte is the next to be read, and
 * still is after that; UINT64_MAX for a pipe, which is read to its end.
 * 'notice' becomes what the header got wrong, or stays.
 */
uint64_t wav_length_find(FILE *file, const struct wav_length *length,
                         char *notice, size_t notice_bytes);

#endif
