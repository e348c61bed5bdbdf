/* SPDX-License-Identifier: MIT */
#include "audio/record.h"

#include "fake_patch.h"
#include "program.h"
#include "suite.h"
#include "wav/wav_read.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

extern const struct f4e_patch f4e_patch;

static void expect_same_bytes(const char *one, const char *other)
{
    size_t bytes;
    size_t other_bytes;
    unsigned char *data = program_read_file(one, &bytes);
    unsigned char *other_data = program_read_file(other, &other_bytes);
    ck_assert_uint_eq(bytes, other_bytes);
    ck_assert_msg(memcmp(data, other_data, bytes) == 0, "%s is not %s", one,
                  other);
    free(data);
    free(other_data);
}

static const struct {
    const char *name;
    const char *program; /* in the environment */
    const char *options;
} plays[] = {
    {"floats", "FAKE_STEREO", ""},
    {"16 bits", "FAKE_STEREO", "--format s16"},
    {"24 bits", "FAKE_STEREO", "--format s24"},
    {"both speakers", "FAKE_MONO", ""},
    {"the last block in part", "FAKE_STEREO", "--period 100 --periods 5"},
};

START_TEST(records_what_it_renders)
{
    char line[128];
    const char *program = getenv(plays[_i].program);
    (void)snprintf(line, sizeof(line),
                   "--dummy --record p.wav --frames 9000 %s",
                   plays[_i].options);
    struct program_result result = program_run(program, NULL, line);
    ck_assert_msg(result.status == 0, "%s: %s", plays[_i].name, result.err);
    const char *format = strstr(plays[_i].options, "--format");
    (void)snprintf(line, sizeof(line), "--render r.wav --frames 9000 %s",
                   format != NULL ? format : "");
    result = program_run(program, NULL, line);
    ck_assert_msg(result.status == 0, "%s: %s", plays[_i].name, result.err);
    expect_same_bytes("p.wav", "r.wav");
}
END_TEST

START_TEST(an_interrupt_leaves_a_whole_file)
{
    static float left[1 << 16];
    static float right[1 << 16];
    float *const planar[] = {left, right};
    struct wav_reader reader;
    struct failure failure = {0};
    pid_t pid = program_start(NULL, NULL, "--dummy --record p.wav");
    program_wait_for_recording("p.wav", pid, 58 + 4800 * 2 * 4);
    ck_assert(!program_has_file("p.wav")); /* not before it is complete */
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d: %s", result.status, result.err);
    ck_assert_msg(wav_reader_open(&reader, "p.wav", &failure), "%s",
                  failure.text);
    size_t frames = wav_reader_read(&reader, planar, 1 << 16);
    wav_reader_close(&reader);
    ck_assert_uint_gt(frames, 4800);
    ck_assert_uint_eq(frames % FAKE_BLOCK_FRAMES, 0);
    for (size_t i = 0; i < frames; i++) {
        ck_assert_double_eq((double)left[i], (double)fake_ramp(i));
    }
    size_t bytes;
    free(program_read_file("p.wav", &bytes));
    ck_assert_uint_eq(bytes, 58 + frames * 2 * 4);
}
END_TEST

/* A limit on file sizes is a disk that fills up: what fits is kept whole. */
START_TEST(a_full_disk_does_not_stop_the_sound)
{
    enum { LIMIT_BYTES = 100000 };
    static float left[1 << 16];
    static float right[1 << 16];
    float *const planar[] = {left, right};
    struct wav_reader reader;
    struct failure failure = {0};
    const struct rlimit limit = {LIMIT_BYTES, LIMIT_BYTES};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    struct program_result result =
        program_run(NULL, NULL, "--dummy --record p.wav --seconds 0.5 --stats");
    ck_assert_int_eq(result.status, 9);
    ck_assert_msg(strstr(result.err, "cannot write 'p.wav'") != NULL, "%s",
                  result.err);
    ck_assert_msg(strstr(result.err, "188 blocks, 0.500 s of sound") != NULL,
                  "%s", result.err);
    ck_assert_msg(wav_reader_open(&reader, "p.wav", &failure), "%s",
                  failure.text);
    size_t frames = wav_reader_read(&reader, planar, 1 << 16);
    wav_reader_close(&reader);
    size_t bytes;
    free(program_read_file("p.wav", &bytes));
    ck_assert_uint_le(bytes, LIMIT_BYTES);
    ck_assert_uint_eq(bytes, 58 + frames * 2 * 4);
    ck_assert_uint_gt(frames, LIMIT_BYTES / 8 / 2);
    /* The limit holds for this process too, and Check notes each assertion in
     * a file: one, then. */
    size_t same = 0;
    while (same < frames && left[same] == fake_ramp(same)) {
        same++;
    }
    ck_assert_uint_eq(same, frames);
}
END_TEST

/* Which signals, and how it ends: a closing terminal is no impatience. */
static const struct {
    int first;
    int second;
    int status;
    bool is_complete;
} endings[] = {
    {SIGHUP, SIGHUP, 0, true},
    {SIGTERM, SIGHUP, 0, true},
    {SIGINT, SIGTERM, 130, false},
};

START_TEST(only_impatience_leaves_a_recording_incomplete)
{
    /* Stopped, it gets both signals at once. */
    pid_t pid = program_start(NULL, NULL, "--dummy --record p.wav");
    program_wait_for_recording("p.wav", pid, 58);
    ck_assert_int_eq(kill(pid, SIGSTOP), 0);
    ck_assert_int_eq(kill(pid, endings[_i].first), 0);
    ck_assert_int_eq(kill(pid, endings[_i].second), 0);
    ck_assert_int_eq(kill(pid, SIGCONT), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == endings[_i].status, "%d: %s", result.status,
                  result.err);
    ck_assert_int_eq(program_has_file("p.wav"), endings[_i].is_complete);
    char temporary[64];
    (void)snprintf(temporary, sizeof(temporary), "p.wav.%ld.tmp", (long)pid);
    ck_assert_int_eq(unlink(temporary) == 0, !endings[_i].is_complete);
}
END_TEST

START_TEST(says_when_it_cannot_begin)
{
    struct program_result result =
        program_run(NULL, NULL, "--dummy --record no/such/p.wav --seconds 0.1");
    ck_assert_int_eq(result.status, 9);
    result = program_run(getenv("FAKE_MUTE"), NULL,
                         "--dummy --record p.wav --seconds 0.1");
    ck_assert_int_eq(result.status, 2);
    ck_assert_msg(strstr(result.err, "no output channels to record") != NULL,
                  "%s", result.err);
}
END_TEST

START_TEST(counts_what_the_ring_cannot_hold)
{
    enum { RING_FRAMES = 512, BLOCKS = 7 };
    static float storage[RING_FRAMES * 2];
    static float blocks[2][FAKE_BLOCK_FRAMES];
    const float *const out[] = {blocks[0], blocks[1]};
    struct record record = {
        .ring = {.samples = storage, .frames = RING_FRAMES, .channels = 2}};
    /* Nobody reads: four blocks fit. */
    for (int i = 0; i < BLOCKS; i++) {
        blocks[0][0] = (float)i;
        record_block(&record, out, FAKE_BLOCK_FRAMES);
    }
    ck_assert_uint_eq(atomic_load(&record.lost),
                      (BLOCKS - 4) * FAKE_BLOCK_FRAMES);
    for (int i = 0; i < 4; i++) {
        float *const in[] = {blocks[0], blocks[1]};
        ck_assert_uint_eq(ring_read(&record.ring, in, FAKE_BLOCK_FRAMES),
                          FAKE_BLOCK_FRAMES);
        ck_assert_double_eq((double)blocks[0][0], (double)(float)i);
    }
    ck_assert(ring_is_empty(&record.ring));
    record_block(NULL, out, FAKE_BLOCK_FRAMES);
}
END_TEST

/* Writes and reads of any size, the counters running over. */
START_TEST(the_ring_keeps_the_order)
{
    enum { RING_FRAMES = 64, ROUNDS = 20000 };
    static float storage[RING_FRAMES];
    float chunk[RING_FRAMES];
    struct ring ring = {
        .samples = storage, .frames = RING_FRAMES, .channels = 1};
    atomic_store(&ring.head, SIZE_MAX - 1000);
    atomic_store(&ring.tail, SIZE_MAX - 1000);
    uint32_t seed = 1;
    unsigned written = 0;
    unsigned read = 0;
    for (int round = 0; round < ROUNDS; round++) {
        seed = seed * 1664525 + 1013904223;
        size_t frames = (seed >> 16) % (RING_FRAMES + 1);
        if ((seed >> 30) < 2) {
            for (size_t i = 0; i < frames; i++) {
                chunk[i] = (float)((written + i) % 4096);
            }
            const float *const out[] = {chunk};
            bool does_fit = frames <= RING_FRAMES - (written - read);
            ck_assert(ring_write(&ring, out, frames) == does_fit);
            written += does_fit ? (unsigned)frames : 0;
        } else {
            float *const in[] = {chunk};
            size_t waiting = written - read;
            size_t count = ring_read(&ring, in, frames);
            ck_assert_uint_eq(count, waiting < frames ? waiting : frames);
            for (size_t i = 0; i < count; i++) {
                ck_assert_double_eq((double)chunk[i],
                                    (double)(float)((read + i) % 4096));
            }
            read += (unsigned)count;
        }
    }
    ck_assert_uint_gt(read, ROUNDS);
}
END_TEST

/* A writer and a reader at once, for the thread sanitizer too. */
START_TEST(records_from_another_thread)
{
    enum { BLOCKS = 2000 };
    static struct record record;
    static float blocks[2][FAKE_BLOCK_FRAMES];
    const float *const out[] = {blocks[0], blocks[1]};
    const struct options options = {.record = "p.wav",
                                    .frame_limit = UINT64_MAX};
    struct failure failure = {0};
    ck_assert_msg(record_open(&record, &f4e_patch, &options, &failure), "%s",
                  failure.text);
    for (int i = 0; i < BLOCKS; i++) {
        record_block(&record, out, FAKE_BLOCK_FRAMES);
    }
    uint64_t lost = atomic_load(&record.lost);
    ck_assert_msg(record_close(&record, &failure), "%s", failure.text);
    size_t bytes;
    free(program_read_file("p.wav", &bytes));
    ck_assert_uint_eq(bytes,
                      58 + (BLOCKS * FAKE_BLOCK_FRAMES - (size_t)lost) * 8);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("record");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 30);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_loop_test(tcase, records_what_it_renders, 0,
                        sizeof(plays) / sizeof(*plays));
    tcase_add_test(tcase, an_interrupt_leaves_a_whole_file);
    tcase_add_loop_test(tcase, only_impatience_leaves_a_recording_incomplete, 0,
                        3);
    tcase_add_test(tcase, a_full_disk_does_not_stop_the_sound);
    tcase_add_test(tcase, says_when_it_cannot_begin);
    tcase_add_test(tcase, counts_what_the_ring_cannot_hold);
    tcase_add_test(tcase, the_ring_keeps_the_order);
    tcase_add_test(tcase, records_from_another_thread);
    suite_add_tcase(suite, tcase);
    return suite;
}
