/* SPDX-License-Identifier: MIT */
#include "wav/wav_length.h"

#include "wav/wav_bytes.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

/* Chunks that programs write behind the data. */
static const char known_ids[][5] = {
    "LIST", "id3 ", "ID3 ", "bext", "iXML", "axml", "chna", "cue ", "plst",
    "labl", "note", "smpl", "inst", "acid", "fact", "PEAK", "JUNK", "junk",
    "PAD ", "FLLR", "DISP", "cart", "umid", "levl", "afsp", "_PMX", "strc",
    "minf", "elm1", "regn", "ResU", "LGWV", "SAUR", "MARK",
};

enum {
    HEAD_BYTES = 8,
    SEARCHED_BYTES = 16 << 20, /* at the end of a file, for chunks */
    HEADS_MAX = 1000, /* read in one search: a hostile file has millions */
};

static bool is_known(const uint8_t *id)
{
    for (size_t i = 0; i < sizeof(known_ids) / sizeof(known_ids[0]); i++) {
        if (memcmp(id, known_ids[i], 4) == 0) {
            return true;
        }
    }
    return false;
}

bool wav_knows_chunk(const uint8_t *id)
{
    return memcmp(id, "fmt ", 4) == 0 || memcmp(id, "data", 4) == 0 ||
           memcmp(id, "ds64", 4) == 0 || is_known(id);
}

static bool is_printable(const uint8_t *id)
{
    for (unsigned i = 0; i < 4; i++) {
        if (id[i] < 0x20 || id[i] >= 0x7f) {
            return false;
        }
    }
    return true;
}

/*
 * Is all of the file from 'at' to 'end' made of chunks? '*heads' is how many
 * may be read. Moves in the file.
 */
static bool is_chunks(FILE *file, uint64_t at, uint64_t end, unsigned *heads)
{
    uint8_t head[HEAD_BYTES];
    if (at >= end) {
        return false;
    }
    while (at < end) {
        if (end - at < sizeof(head) || *heads == 0 ||
            fseeko(file, (off_t)at, SEEK_SET) != 0 ||
            fread(head, sizeof(head), 1, file) != 1 || !is_printable(head)) {
            return false;
        }
        (*heads)--;
        uint64_t size = wav_u32(head + 4);
        at += sizeof(head) + size + (size & 1);
    }
    return at <= end + 1;
}

static bool has_chunks_behind(FILE *file, uint64_t at, uint64_t end)
{
    unsigned heads = HEADS_MAX;
    return is_chunks(file, at, end, &heads);
}

/*
 * Where the chunks begin that end the file at 'end', not before 'from'; 'end'
 * if there are none. Only names that are known count, since sound may look like
 * any other.
 */
static uint64_t find_chunks(FILE *file, uint64_t from, uint64_t end)
{
    uint8_t bytes[16384];
    unsigned heads = HEADS_MAX;
    uint64_t at = end - from > SEARCHED_BYTES ? end - SEARCHED_BYTES : from;
    while (end - at >= HEAD_BYTES && heads > 0) {
        size_t part =
            end - at < sizeof(bytes) ? (size_t)(end - at) : sizeof(bytes);
        if (fseeko(file, (off_t)at, SEEK_SET) != 0 ||
            fread(bytes, part, 1, file) != 1) {
            return end;
        }
        size_t starts = part - HEAD_BYTES + 1;
        for (size_t i = 0; i < starts; i++) {
            if (is_known(bytes + i) && is_chunks(file, at + i, end, &heads)) {
                return at + i;
            }
        }
        at += starts;
    }
    return end;
}

/*
 * Is the length of the data too small? The outermost chunk, whose length is
 * written at the same time, tells of more, and what follows is no chunk.
 */
static bool is_told_less(FILE *file, const struct wav_length *length,
                         uint64_t at, uint64_t end)
{
    uint64_t behind = at + length->data;
    return behind + 1 < end && length->file_end >= end &&
           length->file_end - end <= 1 &&
           !has_chunks_behind(file, behind, end) &&
           !has_chunks_behind(file, behind + 1, end);
}

/* All that lies between 'at' and the chunks at the end of the file, or of the
 * outermost chunk, whose length may have been written when the other was not.
 */
static uint64_t find_rest(FILE *file, const struct wav_length *length,
                          uint64_t at, uint64_t end)
{
    uint64_t found = find_chunks(file, at, end);
    if (found == end && length->file_end > at && length->file_end < end) {
        uint64_t inner = find_chunks(file, at, length->file_end);
        found = inner < length->file_end ? inner : end;
    }
    return found - at;
}

/* Of a file that has 'end' bytes. */
static uint64_t find(FILE *file, const struct wav_length *length, uint64_t at,
                     uint64_t end)
{
    const uint64_t wrap = UINT64_C(1) << 32;
    uint64_t said = length->data;
    uint64_t rest = end > at ? end - at : 0;
    bool is_killed = said == 0 && rest > 0 && !has_chunks_behind(file, at, end);
    if (rest > 0 && (said > rest || is_killed ||
                     (said > 0 && is_told_less(file, length, at, end)))) {
        return find_rest(file, length, at, end);
    }
    if (said <= rest && !length->is_64 && rest - said >= wrap) {
        return said + (rest - said) / wrap * wrap;
    }
    return said < rest ? said : rest;
}

uint64_t wav_length_find(FILE *file, const struct wav_length *length,
                         char *notice, size_t notice_bytes)
{
    struct stat status;
    uint64_t said = length->data;
    off_t at = ftello(file);
    bool is_unknown = said == 0 || (!length->is_64 && said == UINT32_MAX);
    if (at < 0 || fstat(fileno(file), &status) != 0 ||
        !S_ISREG(status.st_mode)) {
        return is_unknown ? UINT64_MAX : said;
    }
    uint64_t found = find(file, length, (uint64_t)at, (uint64_t)status.st_size);
    if (fseeko(file, at, SEEK_SET) != 0) {
        found = 0;
    }
    if (found == 0) {
        (void)snprintf(notice, notice_bytes, "it holds no sound at all");
    } else if (is_unknown && found != said) {
        (void)snprintf(notice, notice_bytes,
                       "its header does not know the length: the %" PRIu64
                       " bytes of sound that follow are read",
                       found);
    } else if (found != said) {
        (void)snprintf(notice, notice_bytes,
                       "its header tells of %" PRIu64
                       " bytes of sound, %" PRIu64 " are there and read",
                       said, found);
    }
    return found;
}
