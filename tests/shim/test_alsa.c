/* SPDX-License-Identifier: MIT */
/*
 * Playing, without a sound card: alsa-lib's `file` PCM shows what reaches the
 * device, and a preloaded library makes it misbehave.
 */
#include "fake_patch.h"
#include "program.h"
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char conf[] =
    "pcm.sink { type null }\n"
    "pcm.default { type file slave.pcm sink file dev.raw format raw }\n"
    "pcm.s16 { type linear slave { pcm sink format S16_LE } }\n"
    "pcm.mono { type file slave.pcm narrow file dev.raw format raw }\n"
    "pcm.narrow { type multi\n"
    "  slaves.a { pcm sink channels 1 }\n"
    "  bindings.0 { slave a channel 0 } }\n"
    "pcm.wide { type file slave.pcm four file dev.raw format raw }\n"
    "pcm.four { type multi\n"
    "  slaves.a { pcm sink channels 4 }\n"
    "  bindings.0 { slave a channel 0 }\n"
    "  bindings.1 { slave a channel 1 }\n"
    "  bindings.2 { slave a channel 2 }\n"
    "  bindings.3 { slave a channel 3 } }\n";

/* Without capture: the null device would be read as fast as it can. */
static void expect(const char *arguments, int status, const char *text)
{
    char line[256];
    (void)snprintf(line, sizeof(line), "%s --input off", arguments);
    struct program_result result = program_run(NULL, conf, line);
    ck_assert_msg(result.status == status, "%s: status %d, %s", arguments,
                  result.status, result.err);
    ck_assert_msg(strstr(result.err, text) != NULL, "%s: '%s'", arguments,
                  result.err);
}

/* What reached the device is what the program renders. */
static void expect_same_as_render(const char *arguments)
{
    size_t played_bytes;
    size_t bytes;
    unsigned char *played = program_read_file("dev.raw", &played_bytes);
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_int_eq(result.status, 0);
    unsigned char *rendered = program_read_file("child.out", &bytes);
    ck_assert_msg(played_bytes == bytes, "%zu bytes played, not %zu",
                  played_bytes, bytes);
    ck_assert(memcmp(played, rendered, bytes) == 0);
    free(played);
    free(rendered);
}

START_TEST(starts_no_earlier_than_it_shall)
{
    struct timespec start;
    struct timespec end;
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    expect("--blocks 3 --start-at +0.3s", 0, ": start   at 2");
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    ck_assert_double_ge((double)(end.tv_sec - start.tv_sec) +
                            (double)(end.tv_nsec - start.tv_nsec) * 1e-9,
                        0.3);
    expect_same_as_render("--render - --blocks 3");
}
END_TEST

static const struct {
    const char *play;
    const char *render;
    const char *name;
} formats[] = {
    {"f32", "f32", "FLOAT_LE"},
    {"s24_3", "s24", "S24_3LE"},
    {"s16", "s16", "S16_LE"},
};

START_TEST(plays_what_it_renders)
{
    char line[128];
    (void)snprintf(line, sizeof(line), "--frames 5000 --format %s",
                   formats[_i].play);
    expect(line, 0, formats[_i].name);
    (void)snprintf(line, sizeof(line), "--render - --frames 5000 --format %s",
                   formats[_i].render);
    expect_same_as_render(line);
}
END_TEST

START_TEST(widens_samples_of_32_bits)
{
    size_t bytes;
    expect("--frames 300 --format s24", 0, "S24_LE");
    unsigned char *narrow = program_read_file("dev.raw", &bytes);
    ck_assert_uint_eq(bytes, 300 * 2 * 4);
    expect("--frames 300 --format s32", 0, "S32_LE");
    unsigned char *wide = program_read_file("dev.raw", &bytes);
    ck_assert_uint_eq(bytes, 300 * 2 * 4);
    for (size_t i = 0; i < 600; i++) {
        int32_t s24;
        int32_t s32;
        memcpy(&s24, narrow + 4 * i, 4);
        memcpy(&s32, wide + 4 * i, 4);
        ck_assert_int_le(labs((long)s32 / 256 - s24), 1);
    }
    free(narrow);
    free(wide);
}
END_TEST

START_TEST(prefers_floats_and_says_so)
{
    struct program_result result =
        program_run(NULL, conf, "--blocks 3 --input off");
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_nonnull(strstr(result.err, "stereo: device  default"));
    ck_assert_ptr_nonnull(strstr(result.err, "FLOAT_LE, 48000 Hz, 2 channels"));
    ck_assert_ptr_nonnull(strstr(result.err, "512 frames (10.7 ms)"));
    ck_assert_ptr_nonnull(strstr(result.err, "input channels get silence"));
    result = program_run(NULL, conf, "--blocks 3 --quiet");
    ck_assert_str_eq(result.err, "");
    result = program_run(NULL, conf, "--device s16 --blocks 3 --input off");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_ptr_null(strstr(result.err, "FLOAT_LE"));
    expect("--blocks 3 --period 100 --periods 3", 0, "periods of 100");
}
END_TEST

START_TEST(refuses_a_format_the_device_lacks)
{
    expect("--device s16 --blocks 1 --format f32", 4,
           "the device 's16' does not take FLOAT_LE samples");
}
END_TEST

START_TEST(maps_channels_to_the_device)
{
    size_t bytes;
    float x[4];
    expect("--device wide --blocks 1 --format f32", 0, "4 channels");
    unsigned char *data = program_read_file("dev.raw", &bytes);
    ck_assert_uint_eq(bytes, 128 * 4 * 4);
    memcpy(x, data + 16, sizeof(x));
    ck_assert(x[0] == fake_ramp(1) && x[2] == 0.0F && x[3] == 0.0F);
    free(data);
    expect("--device mono --blocks 1 --format f32", 0, "(left + right) / 2");
    data = program_read_file("dev.raw", &bytes);
    ck_assert_uint_eq(bytes, 128 * 4);
    memcpy(x, data, sizeof(x));
    ck_assert(x[1] == fake_ramp(1) / 2.0F);
    free(data);
    struct program_result result = program_run(
        getenv("FAKE_MONO"), conf, "--blocks 1 --format f32 --input off");
    ck_assert_int_eq(result.status, 0);
    data = program_read_file("dev.raw", &bytes);
    ck_assert_uint_eq(bytes, 128 * 2 * 4);
    memcpy(x, data, sizeof(x));
    ck_assert(x[2] == fake_ramp(1) && x[3] == fake_ramp(1));
    free(data);
}
END_TEST

START_TEST(says_why_a_device_cannot_be_opened)
{
    expect("--device missing --blocks 1", 3, "hint: --list-devices");
    expect("--device missing --blocks 1", 3, "alsa-lib: Unknown PCM missing");
}
END_TEST

START_TEST(ends_at_a_trap)
{
    program_write_file("s", "0b set 8 i32 5\n", 15);
    expect("--blocks 9 --script s", 6, "trap: divide by zero");
    program_write_file("s", "0b set 8 i32 5\n", 15);
    expect("--blocks 9 --script s --on-trap silence", 0, "silence from there");
}
END_TEST

START_TEST(ends_well_when_interrupted)
{
    /* A block takes a while, or the disk would fill. */
    program_write_file("s", "0b set 24 i32 2000\n", 19);
    pid_t pid =
        program_start(NULL, conf, "--script s --format f32 --input off");
    program_wait_for_bytes("dev.raw", 0);
    ck_assert_int_eq(kill(pid, _i == 0 ? SIGINT : SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d %s", result.status, result.err);
    size_t bytes;
    free(program_read_file("dev.raw", &bytes));
    ck_assert_uint_gt(bytes, 0);
    ck_assert_uint_eq(bytes % (128 * 2 * 4), 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("alsa");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 20);
    tcase_add_test(tcase, starts_no_earlier_than_it_shall);
    tcase_add_loop_test(tcase, plays_what_it_renders, 0, 3);
    tcase_add_test(tcase, widens_samples_of_32_bits);
    tcase_add_test(tcase, prefers_floats_and_says_so);
    tcase_add_test(tcase, refuses_a_format_the_device_lacks);
    tcase_add_test(tcase, maps_channels_to_the_device);
    tcase_add_test(tcase, says_why_a_device_cannot_be_opened);
    tcase_add_test(tcase, ends_at_a_trap);
    tcase_add_loop_test(tcase, ends_well_when_interrupted, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
