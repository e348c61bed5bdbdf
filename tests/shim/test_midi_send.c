/* SPDX-License-Identifier: MIT */
/*
 * MIDI out as a user meets it: files, bytes, and a sequencer made of files
 * (fake_seq.c).
 */
#define _GNU_SOURCE /* memmem */
#include "fake_card.h"
#include "fake_patch.h"
#include "json_check.h"
#include "program.h"
#include "serial.h"
#include "suite.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void setup(void)
{
    program_setup();
    (void)unsetenv("LD_PRELOAD");
}

static void teardown(void)
{
    (void)unsetenv("LD_PRELOAD");
    program_teardown();
}

static struct program_result run_sender(const char *arguments)
{
    return program_run(getenv("FAKE_SENDER"), NULL, arguments);
}

static void expect_bytes(const char *path, const unsigned char *want,
                         size_t count)
{
    size_t bytes;
    unsigned char *all = program_read_file(path, &bytes);
    for (size_t i = 0; i < bytes && i < count; i++) {
        ck_assert_msg(all[i] == want[i], "%s: byte %zu is %02x, not %02x", path,
                      i, all[i], want[i]);
    }
    ck_assert_uint_eq(bytes, count);
    free(all);
}

static void write_text(const char *path, const char *text)
{
    program_write_file(path, text, strlen(text));
}

/* ---- Files ---- */

static const char song[] = "0b call send 0 0x90 60 100\n"
                           "2b call send 3 0xb1 7 127\n"
                           "2b call send 3 0xc1 9 0\n"
                           "2b call send 0 0xf8 0 0\n"
                           "3b call send 0 0x80 60 0\n"
                           "3b call send 0 0x80 200 0\n"
                           "3b call send 99 0x90 60 1\n";

#define HEADER(division_high, division_low, length)                           \
    'M', 'T', 'h', 'd', 0, 0, 0, 6, 0, 0, 0, 1, division_high, division_low,  \
        'M', 'T', 'r', 'k', 0, 0, 0, length, 0, 0xff, 3, 11, 'f', 'a', 'k',   \
        'e', ' ', '"', 'r', 'a', 'm', 'p', '"', 0, 0xff, 0x51, 3, 0x07, 0xa1, \
        0x20

START_TEST(writes_a_file_while_it_renders)
{
    static const unsigned char want[] = {HEADER(24000 >> 8, 24000 & 255, 70),
                                         0,
                                         0x90,
                                         60,
                                         100,
                                         0x82,
                                         0, /* 256 frames */
                                         0xff,
                                         0x21,
                                         1,
                                         3,
                                         0,
                                         0xb1,
                                         7,
                                         127,
                                         0,
                                         0xc1,
                                         9,
                                         0,
                                         0xff,
                                         0x21,
                                         1,
                                         0,
                                         0,
                                         0xf7,
                                         1,
                                         0xf8,
                                         0x81,
                                         0,
                                         0x80,
                                         60,
                                         0,
                                         0x81,
                                         0,
                                         0xff,
                                         0x2f,
                                         0};
    write_text("s", song);
    struct program_result result = run_sender(
        "--render none --blocks 4 --script s --midi-out x.mid --stats-json -");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_double_eq(json_number(result.out, "midiSent"), 5.0);
    ck_assert_double_eq(json_number(result.out, "midiInvalid"), 2.0);
    ck_assert_double_eq(json_number(result.out, "midiNotSent"), 0.0);
    unsigned char fixed[sizeof(want)];
    memcpy(fixed, want, sizeof(want));
    fixed[21] = (unsigned char)(sizeof(want) - 22);
    expect_bytes("x.mid", fixed, sizeof(fixed));
}
END_TEST

/* What the patch leaves sounding ends with it: at the end, and by a trap. */
static const struct {
    const char *script;
    int status;
    unsigned char tail[64];
    size_t count;
} endings[] = {
    {"1b call send 2 0x94 60 100\n",
     0,
     {0x81, 0,  0xff, 0x21, 1,    2,   0, 0x94, 60,   100,  0x83, 0,
      0x84, 60, 0,    0,    0xb4, 123, 0, 0,    0xff, 0x2f, 0},
     23},
    {"1b call send 0 0x90 60 100\n2b call fail\n",
     6,
     {0x81, 0, 0x90, 60, 100, 0x81, 0, 0x80, 60, 0, 0, 0xb0, 123, 0, 0, 0xff,
      0x2f, 0},
     18},
};

START_TEST(leaves_no_note_behind)
{
    write_text("s", endings[_i].script);
    struct program_result result =
        run_sender("--render none --blocks 4 --script s --midi-out x.mid");
    ck_assert_msg(result.status == endings[_i].status, "%s", result.err);
    size_t bytes;
    unsigned char *all = program_read_file("x.mid", &bytes);
    size_t count = endings[_i].count;
    ck_assert_uint_ge(bytes, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(all[bytes - count + i] == endings[_i].tail[i],
                      "byte %zu of the end is %02x", i, all[bytes - count + i]);
    }
    free(all);
}
END_TEST

/* Live, the same messages at the same times. */
START_TEST(records_the_same_file_live)
{
    write_text("s", song);
    struct program_result result = run_sender(
        "--render none --blocks 40 --script s --midi-out x.mid --quiet");
    ck_assert_msg(result.status == 0, "%s", result.err);
    result = run_sender("--dummy --blocks 40 --script s --midi-out y.MID -q");
    ck_assert_msg(result.status == 0, "%s", result.err);
    size_t bytes;
    unsigned char *all = program_read_file("x.mid", &bytes);
    expect_bytes("y.MID", all, bytes);
    free(all);
}
END_TEST

static const struct {
    const char *program;
    const char *arguments;
    int status;
    const char *message;
} refusals[] = {
    {"FAKE_SENDER", "--render none --blocks 1 --midi-out organ", 2,
     "hint: --midi-out organ.mid"},
    {"FAKE_SENDER", "--render none --blocks 1 --midi-out-raw x", 2,
     "--render and --midi-out-raw exclude"},
    {"FAKE_SENDER", "--dummy --midi-out none --midi-out x", 2,
     "--midi-out none and --midi-out exclude"},
    {"FAKE_SENDER", "--dummy --midi-out 16=x", 2,
     "the patch sends to ports 0 to 15, not to 16"},
    {"FAKE_SENDER", "--dummy --midi-out 1=", 2, "--midi-out is empty"},
    {"FAKE_SENDER", "--dummy --midi-running-status", 2,
     "--midi-running-status needs --midi-out-raw"},
    {"FAKE_SENDER", "--dummy --blocks 1 --midi-out organ", 8,
     "cannot open the MIDI sequencer: No such file"},
    {"FAKE_SENDER", "--dummy --blocks 1 --midi-out-raw no/x", 8,
     "cannot send MIDI to 'no/x': No such file"},
    {"FAKE_SENDER", "--dummy --blocks 1 --midi-out-raw hw:9,0", 8,
     "hint: amidi -l shows raw devices"},
    {"FAKE_SENDER", "--dummy --blocks 1 --midi-out no/x.mid", 9, "no/x.mid"},
    {"FAKE_STEREO", "--dummy --blocks 1 --midi-out organ", 2,
     "--midi-out: the patch sends no MIDI"},
    {"FAKE_STEREO", "--dummy --blocks 1 --midi-out-raw x", 2,
     "--midi-out-raw: the patch sends no MIDI"},
};

START_TEST(says_why_nothing_is_sent)
{
    struct program_result result =
        program_run(getenv(refusals[_i].program), NULL, refusals[_i].arguments);
    ck_assert_msg(result.status == refusals[_i].status &&
                      strstr(result.err, refusals[_i].message) != NULL,
                  "%s: %d: %s", refusals[_i].arguments, result.status,
                  result.err);
    ck_assert(!program_has_file("no"));
}
END_TEST

START_TEST(plays_on_without_a_sequencer)
{
    struct program_result result =
        run_sender("--dummy --blocks 2 --midi-in none");
    ck_assert_int_eq(result.status, 0);
    ck_assert_msg(strstr(result.err,
                         "sender: midi    nothing is sent: cannot "
                         "open the MIDI sequencer: No such") != NULL,
                  "%s", result.err);
    static const char *const silent[] = {
        "--dummy --blocks 2 --midi-in none --midi-out none",
        "--render none --blocks 1"};
    for (size_t i = 0; i < sizeof(silent) / sizeof(*silent); i++) {
        result = run_sender(silent[i]);
        ck_assert_int_eq(result.status, 0);
        ck_assert_msg(strstr(result.err, "midi    nothing") == NULL, "%s",
                      result.err);
    }
}
END_TEST

/* ---- Bytes ---- */

static const char melody[] = "10b call send 0 0x90 60 100\n"
                             "11b call send 1 0x90 62 100\n"
                             "12b call send 0 0xf8 0 0\n"
                             "13b call send 0 0x90 60 0\n"
                             "14b call send 0 0xf2 1 2\n"
                             "15b call send 0 0x90 62 0\n"
                             "16b call send 1 0x90 62 0\n";

START_TEST(sends_bytes_to_a_file)
{
    static const unsigned char whole[] = {0x90, 60, 100,  0x90, 62, 100, 0xf8,
                                          0x90, 60, 0,    0xf2, 1,  2,   0x90,
                                          62,   0,  0x90, 62,   0};
    static const unsigned char running[] = {
        0x90, 60, 100, 62, 100, 0xf8, 60, 0, 0xf2, 1, 2, 0x90, 62, 0, 62, 0};
    write_text("s", melody);
    struct program_result result = run_sender(
        "--dummy --blocks 40 --script s --midi-out-raw x.bytes --stats");
    ck_assert_msg(result.status == 0, "%s", result.err);
    expect_bytes("x.bytes", whole, sizeof(whole));
    ck_assert_msg(strstr(result.err, "midi    7 messages sent, 0 not sent, 0 "
                                     "invalid") != NULL,
                  "%s", result.err);
    result = run_sender("--dummy --blocks 40 --script s --midi-out-raw x.bytes "
                        "--midi-running-status");
    ck_assert_msg(result.status == 0, "%s", result.err);
    expect_bytes("x.bytes", running, sizeof(running));
}
END_TEST

static double now_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Bytes leave when their block is heard, and notes end with the program. */
START_TEST(ends_notes_when_it_is_interrupted)
{
    unsigned char got[16];
    size_t count = 0;
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    int fd = open("pipe", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    write_text("s", "10b call send 0 0x95 60 100\n");
    pid_t pid = program_start(getenv("FAKE_SENDER"), NULL,
                              "--dummy --script s --midi-out-raw pipe");
    program_wait_for("policy");
    double until = now_s() + 20.0;
    while (count < sizeof(got) && now_s() < until) {
        struct pollfd poller = {.fd = fd, .events = POLLIN};
        (void)poll(&poller, 1, 100);
        ssize_t more = read(fd, got + count, sizeof(got) - count);
        count += more > 0 ? (size_t)more : 0;
        if (count == 3) {
            (void)kill(pid, SIGINT);
        }
        if (count == 9) {
            break;
        }
    }
    struct program_result result = program_wait(pid);
    (void)close(fd);
    static const unsigned char want[] = {0x95, 60,   100, 0x85, 60,
                                         0,    0xb5, 123, 0};
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_uint_eq(count, sizeof(want));
    ck_assert_mem_eq(got, want, sizeof(want));
}
END_TEST

/* Nobody reads the pipe: what finds no room in it is counted. */
START_TEST(counts_what_nobody_takes)
{
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    int fd = open("pipe", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    write_text("s", "0b set 44000 i32 200\n");
    struct program_result result =
        run_sender("--dummy --blocks 400 --script s --midi-out-raw pipe "
                   "--stats-json -");
    (void)close(fd);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_msg(
        strstr(result.err, "messages not sent: more than can leave") != NULL,
        "%s", result.err);
    /* Each of them is the one or the other; the ends of notes come on top. */
    const double lost = json_number(result.out, "midiNotSent");
    const double sent = json_number(result.out, "midiSent");
    ck_assert_double_gt(lost, 1000.0);
    ck_assert_double_ge(sent + lost, 400 * 200.0);
    ck_assert_double_le(sent + lost, 400 * 200.0 + 200.0);
}
END_TEST

/* Who comes later hears nothing old; who goes may come again. */
START_TEST(a_pipe_keeps_nothing_for_later)
{
    enum { NOTES = 120 };
    char script[NOTES * 40];
    unsigned char note[2][3];
    size_t length = 0;
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    for (unsigned i = 0; i < NOTES; i++) {
        length += (size_t)snprintf(script + length, sizeof(script) - length,
                                   "%ub call send 0 0x90 %u 1\n", 50 * i, i);
    }
    program_write_file("s", script, length);
    pid_t pid = program_start(getenv("FAKE_SENDER"), NULL,
                              "--dummy --script s --midi-out-raw pipe");
    program_wait_for("messages not sent");
    for (int i = 0; i < 2; i++) {
        int fd = open("pipe", O_RDONLY | O_CLOEXEC);
        ck_assert_int_eq(read(fd, note[i], 3), 3);
        ck_assert_int_eq(note[i][0], 0x90);
        (void)close(fd);
    }
    ck_assert_int_ge(note[0][1], 1);
    ck_assert_int_gt(note[1][1], note[0][1]);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
}
END_TEST

START_TEST(sends_to_a_device_that_comes_back)
{
    unsigned char got[30];
    int serial = serial_plug("./port");
    write_text("s", "0b set 44000 i32 1\n");
    pid_t pid = program_start(getenv("FAKE_SENDER"), NULL,
                              "--dummy --script s --midi-out-raw ./port "
                              "--midi-running-status");
    serial_read(serial, got, sizeof(got));
    (void)close(serial);
    program_wait_for("midi    './port' is gone");
    serial = serial_plug("./port");
    serial_read(serial, got, 3);
    program_wait_for("midi    './port' is back");
    (void)kill(pid, SIGINT);
    struct program_result result = program_wait(pid);
    (void)close(serial);
    ck_assert_msg(result.status == 0, "%s", result.err);
    /* A message from its beginning, with its status. */
    ck_assert_msg(got[0] >= 0x80 && got[1] < 0x80, "%x %x", got[0], got[1]);
    ck_assert_msg(strstr(result.err, "messages not sent") != NULL, "%s",
                  result.err);
}
END_TEST

START_TEST(counts_what_a_full_disk_does_not_take)
{
    write_text("s", "0b set 44000 i32 2\n");
    struct program_result result =
        run_sender("--dummy --blocks 20 --script s --midi-out-raw /dev/full "
                   "--stats-json -");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_double_eq(json_number(result.out, "midiSent"), 0.0);
    ck_assert_double_ge(json_number(result.out, "midiNotSent"), 40.0);
}
END_TEST

/* The length of its track stands at the beginning. */
START_TEST(refuses_a_midi_file_that_is_a_pipe)
{
    ck_assert_int_eq(mkfifo("x.mid", 0600), 0);
    int fd = open("x.mid", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    struct program_result result =
        run_sender("--dummy --blocks 20 --midi-out x.mid");
    (void)close(fd);
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(
        strstr(result.err, "cannot write 'x.mid': a MIDI file is no stream"));
}
END_TEST

/* Ten thousand a second, for a second: all of them leave, or are counted. */
static const char *const devices[] = {"--dummy", "--device fake"};

START_TEST(sends_ten_thousand_messages_a_second)
{
    enum { BLOCKS = 375, EACH = 27 };
    struct fake_card card;
    char line[200];
    size_t bytes;
    fake_card_make(&card, "speed 1", NULL);
    char *conf = (char *)program_read_file(card.conf, &bytes);
    write_text("s", "0b set 44000 i32 27\n");
    (void)snprintf(line, sizeof(line),
                   "%s --input off --blocks %d --script s --midi-out-raw "
                   "/dev/null --midi-out x.mid --midi-in none --stats-json -",
                   devices[_i], BLOCKS);
    struct program_result result =
        program_run(getenv("FAKE_SENDER"), conf, line);
    free(conf);
    fake_card_remove(&card);
    ck_assert_msg(result.status == 0, "%s", result.err);
    const double sent = json_number(result.out, "midiSent");
    const double lost = json_number(result.out, "midiNotSent");
    ck_assert_double_gt(sent, 0.0);
    ck_assert_double_ge(sent + lost, (double)(BLOCKS * EACH));
    ck_assert_double_le(sent + lost, (double)(BLOCKS * EACH + 256));
}
END_TEST

/* A card is lost and comes back: its notes end when it goes, not later. */
START_TEST(ends_notes_when_the_card_is_lost)
{
    static const unsigned char off[] = {0x80, 60, 0};
    static const unsigned char next[] = {0x90, 62, 100};
    struct fake_card card;
    fake_card_make(&card, "speed 0\nscript 'nodev@10000:1'", NULL);
    size_t bytes;
    char *conf = (char *)program_read_file(card.conf, &bytes);
    write_text("s", "5b call send 0 0x90 60 100\n"
                    "200b call send 0 0x90 62 100\n");
    struct program_result result =
        program_run(getenv("FAKE_SENDER"), conf,
                    "--device fake --midi-in none --wait-device=20 --script s "
                    "--blocks 300 --midi-out x.mid");
    free(conf);
    fake_card_remove(&card);
    ck_assert_msg(result.status == 0, "%s", result.err);
    unsigned char *all = program_read_file("x.mid", &bytes);
    const unsigned char *ended = memmem(all, bytes, off, sizeof(off));
    const unsigned char *begun = memmem(all, bytes, next, sizeof(next));
    ck_assert_msg(ended != NULL && begun != NULL && ended < begun, "%s",
                  result.err);
    free(all);
}
END_TEST

/* ---- The sequencer ---- */

static const char ports[] = "20 0 1 Keystation:Keystation MIDI 1\n"
                            "23 0 2 Sink:not to connect\n"
                            "24 0 3 Sink:writes only\n"
                            "25 3 3 Organ:pipes\n";

static char *read_text(const char *path)
{
    size_t bytes;
    return (char *)program_read_file(path, &bytes);
}

static const struct {
    const char *arguments;
    const char *connections;
} choices[] = {
    {"", "port 1 announce hidden\n0:1 to 1\n"},
    {"--midi-out organ", "port 1 announce hidden\n0:1 to 1\n0 to 25:3\n"},
    {"--midi-out 24:0 --midi-out 2=PIPES",
     "port 1 out 2\nport 2 announce hidden\n0:1 to 2\n0 to 24:0\n"
     "1 to 25:3\n"},
    {"--midi-out sink", "port 1 announce hidden\n0:1 to 1\n0 to 24:0\n"},
    {"--midi-out keystation", /* it only plays */
     "port 1 announce hidden\n0:1 to 1\n"},
};

START_TEST(connects_what_is_asked_for)
{
    char line[160];
    char want[256];
    program_use_sequencer(ports);
    (void)snprintf(line, sizeof(line), "--dummy --blocks 2 --midi-in none %s",
                   choices[_i].arguments);
    struct program_result result = run_sender(line);
    ck_assert_msg(result.status == 0, "%s", result.err);
    (void)snprintf(want, sizeof(want),
                   "client f4e:fake \"ramp\"\nport 0 out 0\n%s",
                   choices[_i].connections);
    char *text = read_text("connections");
    ck_assert_str_eq(text, want);
    free(text);
}
END_TEST

/*
 * Through the kernel's queue: times are the blocks', one after the other as far
 * apart as they are, whatever the thread that sends was doing.
 */
START_TEST(schedules_what_it_sends)
{
    program_use_sequencer(ports);
    write_text("s", "20b call send 0 0x90 60 100\n"
                    "21b call send 0 0x90 60 0\n"
                    "29b call send 4 0xb0 7 1\n"
                    "29b call send 4 0xe0 0 64\n");
    struct program_result result =
        run_sender("--dummy --blocks 60 --midi-in none --script s");
    ck_assert_msg(result.status == 0, "%s", result.err);
    char *text = read_text("sent");
    double at[4];
    int used = 0;
    int fields = sscanf(text,
                        "%lf 0 90 3c 64\n%lf 0 90 3c 00\n%lf 2 b0 07 01\n"
                        "%lf 2 e0 00 40\n%n",
                        &at[0], &at[1], &at[2], &at[3], &used);
    ck_assert_msg(fields == 4 && text[used] == '\0', "%s", text);
    const double block = 128.0 / 48000.0;
    ck_assert_msg(at[1] - at[0] > 0.7 * block && at[1] - at[0] < 1.3 * block,
                  "%s", text);
    ck_assert_msg(at[2] - at[0] > 8.5 * block && at[2] - at[0] < 9.5 * block,
                  "%s", text);
    ck_assert(at[3] == at[2]);
    free(text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("midi_send");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, writes_a_file_while_it_renders);
    tcase_add_loop_test(tcase, leaves_no_note_behind, 0,
                        sizeof(endings) / sizeof(*endings));
    tcase_add_test(tcase, records_the_same_file_live);
    tcase_add_loop_test(tcase, says_why_nothing_is_sent, 0,
                        sizeof(refusals) / sizeof(*refusals));
    tcase_add_test(tcase, plays_on_without_a_sequencer);
    tcase_add_test(tcase, sends_bytes_to_a_file);
    tcase_add_test(tcase, ends_notes_when_it_is_interrupted);
    tcase_add_test(tcase, counts_what_nobody_takes);
    tcase_add_test(tcase, a_pipe_keeps_nothing_for_later);
    tcase_add_test(tcase, sends_to_a_device_that_comes_back);
    tcase_add_test(tcase, counts_what_a_full_disk_does_not_take);
    tcase_add_test(tcase, refuses_a_midi_file_that_is_a_pipe);
    tcase_add_loop_test(tcase, sends_ten_thousand_messages_a_second, 0,
                        sizeof(devices) / sizeof(*devices));
    tcase_add_test(tcase, ends_notes_when_the_card_is_lost);
    tcase_add_loop_test(tcase, connects_what_is_asked_for, 0,
                        sizeof(choices) / sizeof(*choices));
    tcase_add_test(tcase, schedules_what_it_sends);
    suite_add_tcase(suite, tcase);
    return suite;
}
