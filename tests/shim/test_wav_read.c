/* SPDX-License-Identifier: MIT */
/* WAV files of others: each encoding, heads that are wrong. */
#include "wav/wav_read.h"

#include "program.h"
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A header of 44 bytes for one channel at 8 kHz, then the samples. */
static void write_pcm(unsigned tag, unsigned bits, const void *samples,
                      size_t bytes, bool is_extensible)
{
    unsigned char file[256] = "RIFF....WAVEfmt ";
    size_t fmt_bytes = is_extensible ? 40 : 16;
    file[16] = (unsigned char)fmt_bytes;
    file[20] = (unsigned char)(is_extensible ? 0xfe : tag);
    file[21] = is_extensible ? 0xff : 0;
    file[22] = 1;
    file[24] = 0x40;
    file[25] = 0x1f;
    file[32] = (unsigned char)((bits + 7) / 8);
    file[34] = (unsigned char)bits;
    if (is_extensible) {
        file[36] = 22;
        file[44] = (unsigned char)tag;
    }
    unsigned char *data = file + 20 + fmt_bytes;
    memcpy(data, "LIST\3\0\0\0abc\0data", 16); /* an odd chunk in between */
    data[16] = (unsigned char)bytes;
    memcpy(data + 20, samples, bytes);
    program_write_file("pcm.wav", file, (size_t)(data + 20 - file) + bytes);
}

static const struct {
    const char *name;
    unsigned tag, bits;
    unsigned char bytes[16];
    float want[2];
} pcm[] = {
    {"8 bits", 1, 8, {255, 1}, {1.0F, -1.0F}},
    {"12 bits",
     1,
     12,
     {0xf0, 0x7f, 0x10, 0x80},
     {32752.0F / 32767.0F, -32752.0F / 32767.0F}},
    {"16 bits", 1, 16, {0xff, 0x7f, 0x01, 0x80}, {1.0F, -1.0F}},
    {"20 bits", 1, 20, {0xff, 0xff, 0x7f, 1, 0, 0x80}, {1.0F, -1.0F}},
    {"24 bits", 1, 24, {0xff, 0xff, 0x7f, 1, 0, 0x80}, {1.0F, -1.0F}},
    {"32 bits", 1, 32, {0xff, 0xff, 0xff, 0x7f, 1, 0, 0, 0x80}, {1, -1}},
    {"floats", 3, 32, {0, 0, 0x40, 0x3f, 0, 0, 0x80, 0xbf}, {0.75F, -1.0F}},
    {"doubles",
     3,
     64,
     {0, 0, 0, 0, 0, 0, 0xe8, 0x3f, 0, 0, 0, 0, 0, 0, 0xf0, 0xbf},
     {0.75F, -1.0F}},
};

START_TEST(reads_each_encoding)
{
    for (unsigned is_extensible = 0; is_extensible < 2; is_extensible++) {
        struct failure failure = {0};
        struct wav_reader reader;
        float back[3] = {0};
        float *const planar[] = {back};
        write_pcm(pcm[_i].tag, pcm[_i].bits, pcm[_i].bytes,
                  (pcm[_i].bits + 7) / 8 * 2, is_extensible != 0);
        ck_assert_msg(wav_reader_open(&reader, "pcm.wav", &failure), "%s: %s",
                      pcm[_i].name, failure.text);
        ck_assert_uint_eq(wav_reader_read(&reader, planar, 3), 2);
        ck_assert_msg(back[0] == pcm[_i].want[0] && back[1] == pcm[_i].want[1],
                      "%s: %f %f", pcm[_i].name, (double)back[0],
                      (double)back[1]);
        wav_reader_close(&reader);
    }
}
END_TEST

enum { SAMPLES = 10 };
#define ALL_ONES UINT32_MAX

static unsigned char built[4096];
static size_t built_bytes;

static void add(const void *bytes, size_t count)
{
    memcpy(built + built_bytes, bytes, count);
    built_bytes += count;
}

static void add_number(uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        built[built_bytes++] =
            i < sizeof(number) ? (unsigned char)(number >> (8 * i)) : 0;
    }
}

static void add_chunk(const char *id, uint32_t size, const void *bytes,
                      size_t count)
{
    add(id, 4);
    add_number(size, 4);
    add(bytes, count);
}

/* One channel of 16 bits at 8 kHz: 1, 2, ... 10. */
static const unsigned char samples[2 * SAMPLES] = {
    1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9, 0, 10, 0};

static const struct {
    const char *name;
    const char *start;    /* "RIFF", "RF64" */
    const char *between;  /* a chunk before the data as it stands, or "" */
    size_t between_bytes; /* of it */
    uint64_t ds64;        /* length in the ds64 chunk; 0: no such chunk ... */
    bool has_ds64;        /* ... unless it is there */
    uint32_t size;        /* of the data, as told */
    const char *behind;   /* the data */
    size_t behind_bytes;
    size_t read; /* samples */
    bool has_notice;
    bool has_file_size; /* in the first header; else 0 */
} headers[] = {
    {"right", "RIFF", "", 0, 0, false, 20, "", 0, 10, false, false},
    {"a chunk behind", "RIFF", "", 0, 0, false, 20, "LIST\2\0\0\0ab", 10, 10,
     false, false},
    {"dirt behind", "RIFF", "", 0, 0, false, 20, "\1\2\3\4\5", 5, 10, false,
     false},
    {"killed", "RIFF", "", 0, 0, false, 0, "", 0, 10, true, false},
    {"killed in a sample", "RIFF", "", 0, 0, false, 0, "\1", 1, 10, true,
     false},
    {"killed, told more", "RIFF", "", 0, 0, false, 1000, "", 0, 10, true,
     false},
    {"a stream", "RIFF", "", 0, 0, false, ALL_ONES, "", 0, 10, true, false},
    {"another stream", "RIFF", "", 0, 0, false, 0x7ffff000, "", 0, 10, true,
     false},
    {"RF64", "RF64", "", 0, 20, true, ALL_ONES, "", 0, 10, false, false},
    {"BW64", "BW64", "", 0, 20, true, ALL_ONES, "LIST\2\0\0\0ab", 10, 10, false,
     false},
    {"RF64, less", "RF64", "", 0, 8, true, ALL_ONES, "", 0, 4, false, false},
    {"RF64, killed", "RF64", "", 0, 0, true, ALL_ONES, "", 0, 10, true, false},
    {"RF64, told more", "RF64", "", 0, UINT64_C(1) << 40, true, ALL_ONES, "", 0,
     10, true, false},
    {"RF64, all ones", "RF64", "", 0, UINT64_MAX, true, ALL_ONES, "", 0, 10,
     true, false},
    {"RF64, short enough", "RF64", "", 0, 99, true, 20, "", 0, 10, false,
     false},
    {"RF64 without ds64", "RF64", "", 0, 0, false, ALL_ONES, "", 0, 10, true,
     false},
    {"an odd chunk", "RIFF", "LIST\3\0\0\0abc\0", 12, 0, false, 20, "", 0, 10,
     false, false},
    {"an odd chunk, not filled up", "RIFF", "LIST\3\0\0\0abc", 11, 0, false, 20,
     "", 0, 10, false, false},
    {"an odd chunk, filled up with something", "RIFF", "LIST\3\0\0\0abcd", 12,
     0, false, 20, "", 0, 10, false, false},
    {"an odd chunk, filled up with a letter of the next", "RIFF",
     "LIST\3\0\0\0abcdLIST\1\0\0\0xf", 22, 0, false, 20, "", 0, 10, false,
     false},
    {"an unknown odd chunk, filled up, and another", "RIFF",
     "quux\1\0\0\0q\0quuy\0\0\0\0", 18, 0, false, 20, "", 0, 10, false, false},
    {"an odd chunk, killed", "RIFF", "LIST\3\0\0\0abc", 11, 0, false, 0, "", 0,
     10, true, false},
    {"told less", "RIFF", "", 0, 0, false, 8, "", 0, 10, true, true},
    {"told less by an odd number", "RIFF", "", 0, 0, false, 7, "", 0, 10, true,
     true},
    {"told less, and that is so", "RIFF", "", 0, 0, false, 8, "", 0, 4, false,
     false},
    {"all told", "RIFF", "", 0, 0, false, 20, "LIST\2\0\0\0ab", 10, 10, false,
     true},
    {"killed, a chunk behind", "RIFF", "", 0, 0, false, 0, "LIST\4\0\0\0INFO",
     12, 10, true, false},
    {"killed, an odd chunk behind", "RIFF", "", 0, 0, false, 0,
     "LIST\3\0\0\0abc\0", 12, 10, true, true},
    {"killed, an odd chunk behind, not filled up", "RIFF", "", 0, 0, false, 0,
     "LIST\3\0\0\0abc", 11, 10, true, false},
    {"killed, two chunks behind", "RIFF", "", 0, 0, false, 0,
     "id3 \2\0\0\0abbext\0\0\0\0", 18, 10, true, true},
    {"killed, two chunks behind, one not known", "RIFF", "", 0, 0, false, 0,
     "LIST\2\0\0\0abquux\1\0\0\0c\0", 20, 10, true, true},
    {"a stream, a chunk behind", "RIFF", "", 0, 0, false, ALL_ONES,
     "LIST\4\0\0\0INFO", 12, 10, true, false},
    {"another stream, a chunk behind", "RIFF", "", 0, 0, false, 0x7ffff000,
     "LIST\4\0\0\0INFO", 12, 10, true, false},
    {"told less, a chunk behind", "RIFF", "", 0, 0, false, 8,
     "LIST\4\0\0\0INFO", 12, 10, true, true},
    {"RF64, killed, a chunk behind", "RF64", "", 0, 0, true, ALL_ONES,
     "LIST\4\0\0\0INFO", 12, 10, true, false},
    {"all told, and a byte", "RIFF", "", 0, 0, false, 20, "\1", 1, 10, false,
     true},
};
enum { HEADERS = sizeof(headers) / sizeof(*headers) };

static void build(int row)
{
    built_bytes = 0;
    add(headers[row].start, 4);
    add_number(0, 4);
    add("WAVE", 4);
    if (headers[row].has_ds64) {
        add_chunk("ds64", 28, "", 0);
        add_number(0, 8);
        add_number(headers[row].ds64, 8);
        add_number(0, 12);
    }
    add_chunk("fmt ", 16, "\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\20\0", 16);
    add(headers[row].between, headers[row].between_bytes);
    add_chunk("data", headers[row].size, samples, sizeof(samples));
    add(headers[row].behind, headers[row].behind_bytes);
    if (headers[row].has_file_size) {
        size_t bytes = built_bytes;
        built_bytes = 4;
        add_number(bytes - 8, 4);
        built_bytes = bytes;
    }
}

static void append(const char *bytes, size_t count)
{
    add(bytes, count);
    program_write_file("f.wav", built, built_bytes);
}

START_TEST(reads_what_is_there)
{
    struct failure failure = {0};
    struct wav_reader reader;
    float back[2 * SAMPLES] = {0.0F};
    float *const planar[] = {back};
    build(_i);
    program_write_file("f.wav", built, built_bytes);
    ck_assert_msg(wav_reader_open(&reader, "f.wav", &failure), "%s: %s",
                  headers[_i].name, failure.text);
    size_t count = wav_reader_read(&reader, planar, 2 * SAMPLES);
    ck_assert_msg(count == headers[_i].read, "%s: %zu samples",
                  headers[_i].name, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(lrintf(back[i] * 32767.0F) == (long)i + 1, "%s: %zu",
                      headers[_i].name, i);
    }
    ck_assert_msg((reader.notice[0] != '\0') == headers[_i].has_notice,
                  "%s: '%s'", headers[_i].name, reader.notice);
    wav_reader_close(&reader);
}
END_TEST

/* The outermost chunk has its length, the data have none: what lies behind both
 * is not sound either. */
START_TEST(chunks_end_where_the_file_says)
{
    struct failure failure = {0};
    struct wav_reader reader;
    build(0);
    built_bytes -= sizeof(samples) + 4;
    add_number(0, 4);
    add(samples, sizeof(samples));
    add("LIST\4\0\0\0INFO", 12);
    size_t bytes = built_bytes;
    built_bytes = 4;
    add_number(bytes - 8, 4);
    built_bytes = bytes;
    append("dirt", 4);
    ck_assert(wav_reader_open(&reader, "f.wav", &failure));
    ck_assert_uint_eq(reader.bytes_left, sizeof(samples));
    ck_assert(reader.notice[0] != '\0');
    wav_reader_close(&reader);
}
END_TEST

/* Every place looks like a chunk, and none of them ends with the file: the
 * search gives up, and all is sound. */
START_TEST(a_file_of_heads_ends_the_search)
{
    enum { HEADS = 200000 };
    struct failure failure = {0};
    struct wav_reader reader;
    build(0);
    built_bytes -= sizeof(samples) + 4;
    add_number(0, 4);
    program_write_file("f.wav", built, built_bytes);
    FILE *file = fopen("f.wav", "ab");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < HEADS; i++) {
        ck_assert_uint_eq(fwrite("LIST\0\0\0\0", 8, 1, file), 1);
    }
    ck_assert_uint_eq(fwrite("LI", 2, 1, file), 1);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert(wav_reader_open(&reader, "f.wav", &failure));
    ck_assert_uint_eq(reader.bytes_left, 8 * HEADS + 2);
    wav_reader_close(&reader);
}
END_TEST

START_TEST(a_coded_file_can_be_converted)
{
    struct failure failure = {0};
    struct wav_reader reader;
    write_pcm(6, 8, samples, 4, false); /* A-law */
    ck_assert(!wav_reader_open(&reader, "pcm.wav", &failure));
    ck_assert_msg(strstr(failure.text, "WAV format 6 with 8 bits") != NULL,
                  "%s", failure.text);
    ck_assert_str_eq(failure.hint,
                     "sox 'pcm.wav' -e signed-integer -b 24 converted.wav");
}
END_TEST

START_TEST(an_empty_file_is_told)
{
    struct failure failure = {0};
    struct wav_reader reader;
    float back[2];
    float *const planar[] = {back};
    /* With other chunks behind, a length of 0 is one. */
    for (int behind = 0; behind < 2; behind++) {
        build(0);
        built_bytes -= sizeof(samples) + 4;
        add_number(0, 4);
        append("LIST\4\0\0\0abcd", behind == 0 ? 0 : 12);
        ck_assert(wav_reader_open(&reader, "f.wav", &failure));
        ck_assert_uint_eq(wav_reader_read(&reader, planar, 2), 0);
        ck_assert_str_eq(reader.notice, "it holds no sound at all");
        wav_reader_close(&reader);
    }
}
END_TEST

START_TEST(reads_more_than_four_gigabytes)
{
    struct failure failure = {0};
    struct wav_reader reader;
    build(0);
    program_write_file("f.wav", built, built_bytes);
    /* 2^32 bytes more than the field can hold, most of them a hole. */
    off_t whole = (off_t)built_bytes + (off_t)(UINT64_C(1) << 32);
    if (truncate("f.wav", whole) != 0) {
        return; /* a file system without large files */
    }
    ck_assert(wav_reader_open(&reader, "f.wav", &failure));
    ck_assert_uint_eq(reader.bytes_left, (UINT64_C(1) << 32) + 20);
    ck_assert(reader.notice[0] != '\0');
    wav_reader_close(&reader);
}
END_TEST

static const struct {
    const char *start;
    size_t bytes;
    const char *says;
} foreign[] = {
    {"RIFF\0\0\0\0AVI LIST", 16, "a RIFF file other than WAV, not a WAV file"},
    {"RIFX\0\0\0\0WAVEfmt ", 16, "a big-endian WAV file"},
    {"FORM\0\0\0\0AIFFCOMM", 16, "an AIFF file"},
    {"fLaC\0\0\0\42........", 16, "a FLAC file"},
    {"OggS\0\2..........", 16, "an Ogg file"},
    {"RIFF", 4, "ends before its format"},
    {"RIFF\0\0\0\0WAV", 11, "ends before its format"},
    {"RIFF\0\0\0\0WAVE", 12, "ends before its data"},
    {"RIFF\0\0\0\0WAVEds64\377\377\377\377", 20, "ends before its format"},
    {"", 0, "not a WAV file"},
    {"just text, as it happens", 24, "not a WAV file"},
};
enum { FOREIGN = sizeof(foreign) / sizeof(*foreign) };

START_TEST(names_what_is_no_wav)
{
    struct failure failure = {0};
    struct wav_reader reader;
    program_write_file("f.wav", foreign[_i].start, foreign[_i].bytes);
    ck_assert(!wav_reader_open(&reader, "f.wav", &failure));
    ck_assert_msg(strstr(failure.text, foreign[_i].says) != NULL, "%s",
                  failure.text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("wav_read");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 20);
    tcase_add_loop_test(tcase, reads_each_encoding, 0,
                        sizeof(pcm) / sizeof(*pcm));
    tcase_add_loop_test(tcase, reads_what_is_there, 0, HEADERS);
    tcase_add_test(tcase, chunks_end_where_the_file_says);
    tcase_add_test(tcase, a_file_of_heads_ends_the_search);
    tcase_add_test(tcase, a_coded_file_can_be_converted);
    tcase_add_test(tcase, an_empty_file_is_told);
    tcase_add_test(tcase, reads_more_than_four_gigabytes);
    tcase_add_loop_test(tcase, names_what_is_no_wav, 0, FOREIGN);
    suite_add_tcase(suite, tcase);
    return suite;
}
