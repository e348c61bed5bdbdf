/* SPDX-License-Identifier: MIT */
/* WAV files that were written, and damaged since. */
#include "program.h"
#include "suite.h"
#include "wav/wav_read.h"
#include "wav/wav_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 300, CHANNELS = 3, CHUNK = 128 };

static float source[CHANNELS][FRAMES];

static void fill_source(void)
{
    for (unsigned k = 0; k < CHANNELS; k++) {
        for (unsigned i = 0; i < FRAMES; i++) {
            source[k][i] = sinf((float)(i * (k + 1)) * 0.01F);
        }
    }
}

static void write_source(const char *path, enum sample_format format,
                         uint64_t promised, struct failure *failure)
{
    struct wav_writer writer;
    bool had_file = program_has_file(path);
    fill_source();
    ck_assert(wav_writer_open(&writer, path, format, CHANNELS, 44100, promised,
                              CHUNK, failure));
    for (size_t at = 0; at < FRAMES; at += CHUNK) {
        const float *planar[CHANNELS];
        size_t frames = FRAMES - at < CHUNK ? FRAMES - at : CHUNK;
        for (unsigned k = 0; k < CHANNELS; k++) {
            planar[k] = source[k] + at;
        }
        ck_assert(wav_writer_write(&writer, planar, frames, failure));
    }
    ck_assert(program_has_file(path) == had_file);
    ck_assert_msg(wav_writer_close(&writer, failure), "%s", failure->text);
    ck_assert(program_has_file(path));
}

static const struct {
    const char *name;
    enum sample_format format;
    float error;
} formats[] = {
    {"f32", FORMAT_F32, 0.0F},
    {"s24", FORMAT_S24_3, 0.6F / 8388607.0F},
    {"s16", FORMAT_S16, 0.6F / 32767.0F},
};

START_TEST(reads_what_it_writes)
{
    /* Promised exactly, too many and too few: the header is put right. */
    const uint64_t promised[] = {FRAMES, 100000, 1};
    struct failure failure = {0};
    struct wav_reader reader;
    float back[CHANNELS][FRAMES + 1];
    float *const planar[CHANNELS] = {back[0], back[1], back[2]};
    for (unsigned p = 0; p < 3; p++) {
        write_source("x.wav", formats[_i].format, promised[p], &failure);
        ck_assert_msg(wav_reader_open(&reader, "x.wav", &failure), "%s",
                      failure.text);
        ck_assert_uint_eq(reader.channels, CHANNELS);
        ck_assert_uint_eq(reader.sample_rate, 44100);
        ck_assert_uint_eq(wav_reader_read(&reader, planar, FRAMES + 1), FRAMES);
        wav_reader_close(&reader);
        for (unsigned k = 0; k < CHANNELS; k++) {
            for (unsigned i = 0; i < FRAMES; i++) {
                ck_assert_msg(
                    fabsf(back[k][i] - source[k][i]) <= formats[_i].error,
                    "%s: channel %u frame %u", formats[_i].name, k, i);
            }
        }
    }
}
END_TEST

static uint32_t get_u32(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

START_TEST(writes_sizes_that_are_right)
{
    struct failure failure = {0};
    size_t bytes;
    write_source("x.wav", FORMAT_F32, FRAMES, &failure);
    unsigned char *data = program_read_file("x.wav", &bytes);
    ck_assert_uint_eq(bytes, 58 + FRAMES * CHANNELS * 4);
    ck_assert_uint_eq(get_u32(data + 4), bytes - 8);
    ck_assert_uint_eq(data[20], 3);
    ck_assert_mem_eq(data + 38, "fact", 4);
    ck_assert_uint_eq(get_u32(data + 46), FRAMES);
    ck_assert_mem_eq(data + 50, "data", 4);
    ck_assert_uint_eq(get_u32(data + 54), FRAMES * CHANNELS * 4);
    free(data);
}
END_TEST

START_TEST(pads_an_odd_chunk)
{
    struct failure failure = {0};
    struct wav_writer writer;
    const float one[] = {1.0F};
    const float *const planar[] = {one};
    size_t bytes;
    ck_assert(wav_writer_open(&writer, "odd.wav", FORMAT_S24_3, 1, 8000, 1, 1,
                              &failure));
    ck_assert(wav_writer_write(&writer, planar, 1, &failure));
    ck_assert(wav_writer_close(&writer, &failure));
    unsigned char *data = program_read_file("odd.wav", &bytes);
    ck_assert_uint_eq(bytes, 48);
    ck_assert_uint_eq(get_u32(data + 4), 40);
    ck_assert_uint_eq(get_u32(data + 40), 3);
    free(data);
}
END_TEST

START_TEST(refuses_more_than_four_gigabytes)
{
    struct failure failure = {0};
    struct wav_writer writer;
    ck_assert(!wav_writer_open(&writer, "x.wav", FORMAT_F32, 2, 48000,
                               UINT64_C(1) << 29, CHUNK, &failure));
    ck_assert_int_eq(failure.status, STATUS_FILE);
    ck_assert_ptr_nonnull(strstr(failure.text, "do not fit"));
}
END_TEST

START_TEST(removes_what_it_discards)
{
    struct failure failure = {0};
    struct wav_writer writer;
    program_write_file("x.wav", "old", 3);
    ck_assert(wav_writer_open(&writer, "x.wav", FORMAT_F32, 1, 48000, 1, 1,
                              &failure));
    wav_writer_discard(&writer);
    size_t bytes;
    free(program_read_file("x.wav", &bytes));
    ck_assert_uint_eq(bytes, 3);
}
END_TEST

START_TEST(survives_every_truncation)
{
    struct failure failure = {0};
    size_t bytes;
    size_t read_before = 0;
    float back[CHANNELS][FRAMES];
    float *const planar[CHANNELS] = {back[0], back[1], back[2]};
    write_source("x.wav", formats[_i].format, FRAMES, &failure);
    unsigned char *data = program_read_file("x.wav", &bytes);
    for (size_t kept = 0; kept < bytes; kept += kept < 64 ? 1 : 97) {
        struct wav_reader reader;
        struct failure local = {0};
        program_write_file("cut.wav", data, kept);
        if (!wav_reader_open(&reader, "cut.wav", &local)) {
            ck_assert_int_eq(local.status, STATUS_FILE);
            ck_assert_uint_eq(read_before, 0);
            continue;
        }
        size_t frames = wav_reader_read(&reader, planar, FRAMES);
        ck_assert_uint_lt(frames, FRAMES);
        ck_assert_uint_ge(frames, read_before);
        read_before = frames;
        wav_reader_close(&reader);
    }
    ck_assert_uint_gt(read_before, 0);
    free(data);
}
END_TEST

START_TEST(survives_every_changed_byte)
{
    struct failure failure = {0};
    static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
    size_t bytes;
    write_source("x.wav", FORMAT_F32, FRAMES, &failure);
    unsigned char *data = program_read_file("x.wav", &bytes);
    for (size_t at = 0; at < 58; at++) {
        for (unsigned v = 0; v < sizeof(values); v++) {
            static float rows[WAV_CHANNELS_MAX][8];
            static float *planar[WAV_CHANNELS_MAX];
            struct wav_reader reader;
            struct failure local = {0};
            unsigned char kept = data[at];
            for (unsigned k = 0; k < WAV_CHANNELS_MAX; k++) {
                planar[k] = rows[k];
            }
            data[at] = values[v];
            program_write_file("bent.wav", data, bytes);
            if (wav_reader_open(&reader, "bent.wav", &local)) {
                ck_assert_uint_le(reader.channels, WAV_CHANNELS_MAX);
                (void)wav_reader_read(&reader, planar, 8);
                wav_reader_close(&reader);
            } else {
                ck_assert(local.text[0] != '\0');
            }
            data[at] = kept;
        }
    }
    free(data);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("wav");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 20);
    tcase_add_loop_test(tcase, reads_what_it_writes, 0, 3);
    tcase_add_test(tcase, writes_sizes_that_are_right);
    tcase_add_test(tcase, pads_an_odd_chunk);
    tcase_add_test(tcase, refuses_more_than_four_gigabytes);
    tcase_add_test(tcase, removes_what_it_discards);
    tcase_add_loop_test(tcase, survives_every_truncation, 0, 3);
    tcase_add_test(tcase, survives_every_changed_byte);
    suite_add_tcase(suite, tcase);
    return suite;
}
