/* SPDX-License-Identifier: MIT */
/*
 * Whole programs, rendering: what a user types and what must come of it.
 */
#include "fake_patch.h"
#include "program.h"
#include "suite.h"
#include "wav/wav_read.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FRAMES_MAX = 2048 };

static float left[FRAMES_MAX];
static float right[FRAMES_MAX];

/* Read a WAV file of the fakes; returns its frames. */
static size_t read_wav(const char *path, unsigned channels)
{
    struct wav_reader reader;
    struct failure failure = {0};
    float *const planar[] = {left, right};
    ck_assert_msg(wav_reader_open(&reader, path, &failure), "%s", failure.text);
    ck_assert_uint_eq(reader.channels, channels);
    ck_assert_uint_eq(reader.sample_rate, FAKE_RATE);
    size_t frames = wav_reader_read(&reader, planar, FRAMES_MAX);
    wav_reader_close(&reader);
    return frames;
}

static void expect(const char *program, const char *arguments, int status,
                   const char *text)
{
    struct program_result result = program_run(program, NULL, arguments);
    ck_assert_msg(result.status == status, "%s: status %d, %s", arguments,
                  result.status, result.err);
    ck_assert_msg(strstr(result.err, text) != NULL, "%s: '%s'", arguments,
                  result.err);
}

static int32_t dumped_cell(const char *path, unsigned address)
{
    size_t bytes;
    int32_t value;
    unsigned char *data = program_read_file(path, &bytes);
    ck_assert_uint_eq(bytes, FAKE_MEMORY_BYTES);
    memcpy(&value, data + address, sizeof(value));
    free(data);
    return value;
}

START_TEST(renders_a_ramp)
{
    struct program_result result =
        program_run(NULL, NULL, "--render x.wav --frames 300");
    ck_assert_int_eq(result.status, 0);
    ck_assert_str_eq(result.err, ""); /* not a terminal: nothing to say */
    ck_assert_uint_eq(read_wav("x.wav", 2), 300);
    for (unsigned i = 0; i < 300; i++) {
        ck_assert(left[i] == fake_ramp(i));
    }
}
END_TEST

START_TEST(doubles_a_mono_patch)
{
    expect(getenv("FAKE_MONO"), "--render x.wav --blocks 2", 0, "");
    ck_assert_uint_eq(read_wav("x.wav", 2), 256);
    ck_assert_mem_eq(left, right, sizeof(*left) * 256);
    ck_assert(left[255] == fake_ramp(255));
}
END_TEST

START_TEST(writes_bare_samples_to_stdout)
{
    struct program_result result =
        program_run(NULL, NULL, "--render - --frames 200");
    float first[4];
    ck_assert_int_eq(result.status, 0);
    ck_assert_uint_eq(result.out_bytes, 200 * 2 * 4);
    memcpy(first, result.out, sizeof(first));
    ck_assert(first[0] == fake_ramp(0) && first[2] == fake_ramp(1));
    result = program_run(NULL, NULL, "--render - --frames 200 --format s16");
    ck_assert_uint_eq(result.out_bytes, 200 * 2 * 2);
}
END_TEST

START_TEST(feeds_input_files)
{
    float in[400];
    for (unsigned i = 0; i < 400; i++) {
        in[i] = (float)i;
    }
    program_write_file("in.raw", in, sizeof(in) - 2); /* the last is cut off */
    expect(NULL, "--render x.wav --blocks 4 --input-raw in.raw", 0, "");
    ck_assert_uint_eq(read_wav("x.wav", 2), 512);
    for (unsigned i = 0; i < 512; i++) {
        ck_assert(right[i] == (i < 399 ? in[i] : 0.0F));
    }
    /* The ramp on both channels, mixed, comes back as it was. */
    expect(getenv("FAKE_MONO"), "--render in.wav --blocks 3", 0, "");
    expect(NULL, "--render y.wav --blocks 4 --input in.wav", 0, "mixed");
    ck_assert_uint_eq(read_wav("y.wav", 2), 512);
    for (unsigned i = 0; i < 512; i++) {
        ck_assert(right[i] == (i < 384 ? fake_ramp(i) : 0.0F));
    }
}
END_TEST

/* The same file, named and as standard input: plain, and as a pipe. */
static const struct {
    const char *option;
    const char *file;
    bool is_piped;
} given[] = {
    {"--input", "in.wav", false},     {"--input", "in.wav", true},
    {"--input-raw", "in.raw", false}, {"--input-raw", "in.raw", true},
    {"--script", "in.script", false}, {"--script", "in.script", true},
};
enum { GIVEN = sizeof(given) / sizeof(given[0]) };

START_TEST(reads_standard_input)
{
    static const char script[] = "2b set osc:offset 0.25\n";
    char arguments[128];
    char command[256];
    size_t bytes;
    size_t piped;
    program_write_file("in.script", script, strlen(script));
    expect(NULL, "--render in.raw --blocks 3", 0, "");
    expect(getenv("FAKE_MONO"), "--render in.wav --blocks 3", 0, "");
    (void)snprintf(arguments, sizeof(arguments),
                   "--render x.wav --blocks 4 %s %s", given[_i].option,
                   given[_i].file);
    expect(NULL, arguments, 0, "");
    (void)snprintf(command, sizeof(command),
                   "%s %s | \"$FAKE_STEREO\" --render y.wav --blocks 4 %s - %s "
                   "%s",
                   given[_i].is_piped ? "cat" : "true", given[_i].file,
                   given[_i].option, given[_i].is_piped ? "" : "<",
                   given[_i].is_piped ? "" : given[_i].file);
    program_write_file("command", command, strlen(command));
    expect("/bin/sh", "command", 0, "");
    unsigned char *named = program_read_file("x.wav", &bytes);
    unsigned char *read = program_read_file("y.wav", &piped);
    ck_assert_uint_eq(piped, bytes);
    ck_assert_mem_eq(read, named, bytes);
    expect(NULL, "--render y.wav --blocks 4", 0, "");
    free(read);
    read = program_read_file("y.wav", &piped);
    ck_assert(piped != bytes || memcmp(read, named, bytes) != 0);
    free(read);
    free(named);
}
END_TEST

START_TEST(tells_what_standard_input_is)
{
    static const struct {
        const char *command;
        const char *said;
    } wrong[] = {
        {"echo hello | \"$FAKE_STEREO\" --render x.wav --blocks 1 --input -",
         "'standard input': not a WAV file"},
        {"echo hello | \"$FAKE_STEREO\" --render x.wav --blocks 1 --script -",
         "standard input:1: time 'hello' is not like 12b"},
        {"echo hello | \"$FAKE_STEREO\" --render x.wav --blocks 1 --midi -",
         "'standard input': "},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        program_write_file("command", wrong[i].command,
                           strlen(wrong[i].command));
        struct program_result result = program_run("/bin/sh", NULL, "command");
        ck_assert_int_ne(result.status, 0);
        ck_assert_msg(strstr(result.err, wrong[i].said) != NULL, "%s",
                      result.err);
    }
}
END_TEST

START_TEST(refuses_input_of_another_rate)
{
    size_t bytes;
    expect(NULL, "--render in.wav --blocks 1", 0, "");
    unsigned char *data = program_read_file("in.wav", &bytes);
    data[24] = 0x44;
    data[25] = 0xac;
    program_write_file("in.wav", data, bytes);
    free(data);
    expect(NULL, "--render x.wav --blocks 1 --input in.wav", 9,
           "'in.wav' has 44100 Hz, the patch 48000 Hz");
    ck_assert(!program_has_file("x.wav"));
}
END_TEST

START_TEST(follows_a_script)
{
    const char script[] = "1b set 20 f32 10\n"
                          "256f call note 144 60 99\n"
                          "2b call level 0.5\n"
                          "1000b set 12 i32 1\n";
    program_write_file("s", script, strlen(script));
    expect(NULL, "--render x.wav --blocks 3 --script s --dump-memory m", 0, "");
    ck_assert_uint_eq(read_wav("x.wav", 2), 384);
    ck_assert(left[127] == fake_ramp(127));
    ck_assert(left[128] == fake_ramp(128) + 10.0F);
    ck_assert_int_eq(dumped_cell("m", FAKE_LAST_NOTE), 99);
    ck_assert_int_eq(dumped_cell("m", FAKE_FLOAT_ARG), 0x3f000000);
}
END_TEST

START_TEST(dumps_memory_right_after_the_start)
{
    expect(NULL, "--render x.wav --blocks 0 --dump-memory m", 0, "");
    ck_assert_int_eq(dumped_cell("m", FAKE_INITS), 1);
    ck_assert_int_eq(dumped_cell("m", FAKE_BLOCKS), 0);
    ck_assert_int_eq(dumped_cell("m", FAKE_ASSET + 1), 0x74657373);
    ck_assert_int_eq(dumped_cell("m.1", 0), 0x07070707);
    ck_assert_uint_eq(read_wav("x.wav", 2), 0);
}
END_TEST

START_TEST(ends_at_a_trap_with_what_it_has)
{
    program_write_file("s", "0b set 8 i32 5\n", 15);
    expect(NULL, "--render x.wav --blocks 9 --script s --dump-memory m", 6,
           "stereo: trap: divide by zero in function 3 'main' at block 5 "
           "(the first is 0)\n");
    ck_assert_uint_eq(read_wav("x.wav", 2), 5 * 128);
    ck_assert_int_eq(dumped_cell("m", FAKE_BLOCKS), 5);
}
END_TEST

START_TEST(goes_on_after_a_trap)
{
    program_write_file("s", "0b set 8 i32 5\n", 15);
    expect(NULL, "--render x.wav --blocks 9 --script s --on-trap reset", 0,
           "at block 5 (the first is 0); started again");
    ck_assert_uint_eq(read_wav("x.wav", 2), 9 * 128);
    ck_assert(left[5 * 128 + 1] == 0.0F && left[6 * 128 + 1] == fake_ramp(1));
    expect(NULL, "--render x.wav --blocks 9 --script s --on-trap silence", 0,
           "at block 5 (the first is 0); silence from there");
    ck_assert_uint_eq(read_wav("x.wav", 2), 9 * 128);
    ck_assert(left[8 * 128 + 1] == 0.0F);
}
END_TEST

START_TEST(fails_when_init_traps)
{
    expect(getenv("FAKE_BAD"), "--render x.wav --blocks 1 --dump-memory m", 6,
           "trap: unreachable in function 0 'initDefaults' in initDefaults");
    ck_assert(!program_has_file("x.wav") && program_has_file("m"));
}
END_TEST

START_TEST(renders_without_outputs)
{
    expect(getenv("FAKE_MUTE"), "--render x.wav --blocks 3 --dump-memory m", 0,
           "no file is written");
    ck_assert(!program_has_file("x.wav"));
    ck_assert_int_eq(dumped_cell("m", FAKE_BLOCKS), 3);
    expect(getenv("FAKE_MUTE"), "--blocks 3", 2, "nothing to play");
}
END_TEST

START_TEST(reports_file_errors)
{
    expect(NULL, "--render missing/x.wav --blocks 1", 9,
           "cannot write 'missing/x.wav': No such file or directory");
    expect(NULL, "--render /dev/full --blocks 99", 9, "No space left");
    expect(NULL, "--render . --blocks 1", 9, "Is a directory");
    expect(NULL, "--render x.wav --blocks 1 --input none.wav", 9,
           "cannot read 'none.wav'");
    expect(NULL, "--render x.wav --blocks 1 --input-raw none", 9,
           "cannot read 'none'");
    expect(NULL, "--render x.wav --blocks 1 --script none", 9,
           "cannot read 'none'");
    expect(NULL, "--render /dev/null --blocks 1 --dump-memory no/m", 9,
           "cannot write 'no/m'");
    ck_assert(!program_has_file("x.wav"));
    expect(NULL, "--render /dev/null --blocks 5", 0, "");
}
END_TEST

START_TEST(counts_samples_that_are_not_finite)
{
    program_write_file("s", "1b set 20 f32 nan\n2b set 20 f32 0\n", 34);
    expect(NULL, "--render x.wav --blocks 3 --script s", 0,
           "128 samples were not finite");
    ck_assert_uint_eq(read_wav("x.wav", 2), 384);
    ck_assert(isnan(left[130]));
    expect(NULL, "--render x.wav --blocks 3 --script s --format s16", 0,
           "128 samples were not finite");
    ck_assert_uint_eq(read_wav("x.wav", 2), 384);
    ck_assert(left[130] == 0.0F);
    struct program_result result =
        program_run(NULL, NULL, "--render x.wav --blocks 3 --script s -q");
    ck_assert_str_eq(result.err, "");
}
END_TEST

START_TEST(keeps_denormals_on_request)
{
    expect(NULL, "--render x.wav --blocks 1 --dump-memory m", 0, "");
    ck_assert_int_eq(dumped_cell("m", FAKE_TINY), 0);
    expect(NULL, "--render x.wav --blocks 1 --dump-memory m --denormals ieee",
           0, "");
    ck_assert_int_eq(dumped_cell("m", FAKE_TINY), 0x00400000);
}
END_TEST

static void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

START_TEST(completes_the_file_when_interrupted)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    program_write_file("s", "0b set 24 i32 2000\n", 19);
    pid_t pid =
        program_start(NULL, NULL, "--render x.wav --blocks 100000 --script s");
    program_wait_for_recording("x.wav", pid, 58);
    ck_assert_int_eq(kill(pid, signals[_i]), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d %s", result.status, result.err);
    size_t frames = read_wav("x.wav", 2);
    ck_assert_uint_gt(frames, 0);
    ck_assert_uint_eq(frames % 128, 0);
    ck_assert(left[frames - 1] == fake_ramp(frames - 1));
}
END_TEST

START_TEST(ends_at_once_at_the_second_signal)
{
    program_write_file("s", "0b set 24 i32 60000000\n", 23); /* a block hangs */
    pid_t pid =
        program_start(NULL, NULL, "--render x.wav --blocks 9 --script s");
    program_wait_for("asleep");
    ck_assert_int_eq(program_insist(pid, SIGINT).status, 130);
    ck_assert(!program_has_file("x.wav"));
}
END_TEST

/* What the shell gives to programs in the background. */
START_TEST(leaves_an_interrupt_ignored_that_was)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    ck_assert_int_eq(sigaction(SIGINT, &ignore, &before), 0);
    pid_t pid = program_start(NULL, NULL, "--dummy --midi-in none");
    (void)sigaction(SIGINT, &before, NULL);
    program_wait_for("policy");
    (void)kill(pid, SIGINT);
    (void)kill(pid, SIGINT);
    pause_ms(200);
    ck_assert_int_eq(kill(pid, 0), 0);
    (void)kill(pid, SIGTERM);
    ck_assert_int_eq(program_wait(pid).status, 0);
}
END_TEST

START_TEST(counts_calls_of_main)
{
    size_t bytes;
    expect(NULL, "--render a --cycles 1000 --format s16", 0, "");
    expect(NULL, "--render b --frames 1000 --format s16", 0, "");
    unsigned char *a = program_read_file("a", &bytes);
    unsigned char *b = program_read_file("b", &bytes);
    ck_assert_mem_eq(a, b, bytes);
    free(a);
    free(b);
    expect(NULL, "--render a --cycles x", 2, "--cycles is 'x', not a whole");
    expect(getenv("FAKE_TIMER"), "--render none --cycles 9 --dump-memory m", 0,
           "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 9);
}
END_TEST

START_TEST(describes_itself)
{
    struct program_result result = program_run(NULL, NULL, "--info");
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_nonnull(strstr(result.out, "note(i32, i32, i32)\n"));
    ck_assert_ptr_nonnull(strstr(result.out, "level(f32) -> f64\n"));
    ck_assert_ptr_nonnull(strstr(result.out, "output   1 at byte 1540\n"));
    ck_assert_ptr_nonnull(strstr(result.out, "midi     port 2 calls note\n"));
    ck_assert_ptr_nonnull(strstr(result.out, "keyboard code at byte "));
    result = program_run(NULL, NULL, "--info --json");
    ck_assert_ptr_nonnull(
        strstr(result.out, "\"name\": \"fake \\\"ramp\\\"\""));
    ck_assert_ptr_nonnull(strstr(result.out,
                                 "{\"name\": \"level\", \"params\": [\"f32\"], "
                                 "\"results\": [\"f64\"]}"));
    ck_assert_ptr_nonnull(
        strstr(result.out, "{\"port\": 2, \"callback\": \"note\"}"));
    ck_assert_ptr_nonnull(strstr(result.out, "\"keyboard\": {\"code\": "));
    result = program_run(NULL, NULL, "--version");
    ck_assert_ptr_nonnull(strstr(result.out, "by hand"));
    ck_assert_ptr_nonnull(strstr(result.out, "alsa-lib 1."));
    result = program_run(NULL, NULL, "--help");
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_nonnull(strstr(result.out, "Examples:"));
    expect(NULL, "--nonsense", 2, "unknown option '--nonsense'");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("render");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 20);
    tcase_add_test(tcase, renders_a_ramp);
    tcase_add_test(tcase, doubles_a_mono_patch);
    tcase_add_test(tcase, writes_bare_samples_to_stdout);
    tcase_add_test(tcase, feeds_input_files);
    tcase_add_loop_test(tcase, reads_standard_input, 0, GIVEN);
    tcase_add_test(tcase, tells_what_standard_input_is);
    tcase_add_test(tcase, refuses_input_of_another_rate);
    tcase_add_test(tcase, follows_a_script);
    tcase_add_test(tcase, dumps_memory_right_after_the_start);
    tcase_add_test(tcase, ends_at_a_trap_with_what_it_has);
    tcase_add_test(tcase, goes_on_after_a_trap);
    tcase_add_test(tcase, fails_when_init_traps);
    tcase_add_test(tcase, renders_without_outputs);
    tcase_add_test(tcase, reports_file_errors);
    tcase_add_test(tcase, counts_samples_that_are_not_finite);
    tcase_add_test(tcase, keeps_denormals_on_request);
    tcase_add_loop_test(tcase, completes_the_file_when_interrupted, 0, 3);
    tcase_add_test(tcase, ends_at_once_at_the_second_signal);
    tcase_add_test(tcase, leaves_an_interrupt_ignored_that_was);
    tcase_add_test(tcase, counts_calls_of_main);
    tcase_add_test(tcase, describes_itself);
    suite_add_tcase(suite, tcase);
    return suite;
}
