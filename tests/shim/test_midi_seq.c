/* SPDX-License-Identifier: MIT */
/* The ALSA sequencer, one made of files (fake_seq.c): ports that come and go,
 * all kinds of events. */
#include "fake_patch.h"
#include "json_check.h"
#include "midi_bench.h"
#include "program.h"
#include "suite.h"

#include <alsa/asoundlib.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char ports[] = "0 1 0 System:Announce\n"
                            "14 0 0 Midi Through:Midi Through Port-0\n"
                            "20 0 1 Keystation:Keystation MIDI 1\n"
                            "20 1 1 Keystation:Keystation MIDI 2\n"
                            "24 0 2 Sink:writes only\n"
                            "129 0 0 sequencer:out\n";

static void expect_file(const char *path, const char *want)
{
    size_t bytes;
    char *text = (char *)program_read_file(path, &bytes);
    ck_assert_str_eq(text, want);
    free(text);
}

static const char own_ports[] = "client f4e:fake \"ramp\"\n"
                                "port 0 in 0\n"
                                "port 1 in 2\n"
                                "port 2 in 5\n"
                                "port 3 announce hidden\n"
                                "0:1 to 3\n";

static const struct {
    const char *arguments;
    const char *connections;
} choices[] = {
    {"", "20:0 to 0\n20:1 to 0\n"},
    {"--midi-in keystation", "20:0 to 0\n20:1 to 0\n"},
    {"--midi-in 2=MIDI_2", ""},
    {"--midi-in 2=20:1", "20:1 to 1\n"},
    {"--midi-in 129:0 --midi-in 2=keyst", "20:0 to 1\n20:1 to 1\n"
                                          "129:0 to 0\n"},
    {"--midi-in through", "14:0 to 0\n"},
    {"--midi-in announce", ""},
    {"--midi-in writes", ""},
    {"--midi-in 20:0 --midi-in 20:0", "20:0 to 0\n"},
};

START_TEST(connects_what_is_asked_for)
{
    char line[128];
    char want[256];
    program_use_sequencer(ports);
    (void)snprintf(line, sizeof(line), "--dummy --blocks 2 %s",
                   choices[_i].arguments);
    struct program_result result = program_run(NULL, NULL, line);
    ck_assert_msg(result.status == 0, "%s", result.err);
    (void)snprintf(want, sizeof(want), "%s%s", own_ports,
                   choices[_i].connections);
    expect_file("connections", want);
}
END_TEST

/* In one piece: the reader does not wait for the rest. */
static void push(int fd, const snd_seq_event_t *event, const void *bytes)
{
    unsigned char all[sizeof(*event) + 64];
    size_t more = bytes != NULL ? event->data.ext.len : 0;
    ck_assert_uint_le(more, 64);
    memcpy(all, event, sizeof(*event));
    if (more > 0) {
        memcpy(all + sizeof(*event), bytes, more);
    }
    ck_assert_int_eq(write(fd, all, sizeof(*event) + more),
                     (int)(sizeof(*event) + more));
}

START_TEST(plays_from_the_sequencer)
{
    static const unsigned char exclusive[] = {0xf0, 0x43, 0x10, 1, 0xf7};
    static const unsigned char want[] = {
        0x91, 60, 100, 0x91, 60, 0, 0x91, 60, 9, 0xe2, 0x00, 0x40,
        0xb0, 7,  127, 0xc3, 5,  0, 0xf8, 0,  0, 0xf0, 0x43, 0x10,
        0xb0, 99, 1,   0xb0, 98, 2, 0xb0, 6,  3, 0xb0, 38,   4};
    program_use_sequencer(ports);
    pid_t pid = start("--stats-json j");
    program_wait_for("'Keystation:Keystation MIDI 1' plays port 0");
    int fd = open("events", O_WRONLY | O_CLOEXEC);
    snd_seq_event_t event;
#define EVENT(set)                        \
    snd_seq_ev_clear(&event);             \
    event.dest.port = 1; /* the second */ \
    set;                                  \
    push(fd, &event, NULL)
    EVENT(snd_seq_ev_set_noteon(&event, 1, 60, 100));
    EVENT(snd_seq_ev_set_noteon(&event, 1, 60, 0)); /* stays what it is */
    EVENT(snd_seq_ev_set_noteon(&event, 1, 60, 9));
    EVENT(snd_seq_ev_set_pitchbend(&event, 2, 0));
    EVENT(snd_seq_ev_set_controller(&event, 0, 7, 127));
    EVENT(snd_seq_ev_set_pgmchange(&event, 3, 5));
    EVENT((snd_seq_ev_set_fixed(&event), event.type = SND_SEQ_EVENT_CLOCK));
    snd_seq_ev_clear(&event);
    event.dest.port = 1;
    snd_seq_ev_set_sysex(&event, sizeof(exclusive),
                         (void *)(uintptr_t)exclusive);
    push(fd, &event, exclusive);
    EVENT((snd_seq_ev_set_fixed(&event), event.type = SND_SEQ_EVENT_NONREGPARAM,
           event.data.control.param = 1 << 7 | 2,
           event.data.control.value = 3 << 7 | 4));
    EVENT((event.type = 255));                  /* an overrun */
    EVENT((event.type = SND_SEQ_EVENT_SYSTEM)); /* no MIDI */
    EVENT((event.type = SND_SEQ_EVENT_NOTEON, event.dest.port = 9));
#undef EVENT
    wait_for_messages(pid, "12");
    (void)end(pid);
    (void)close(fd);
    expect_notes(want, (int)sizeof(want) / 3);
    ck_assert_int_eq(cell(FAKE_FLOAT_ARG), 0); /* not on port 2 */
    expect_counts(12.0, 1.0);
}
END_TEST

/* What a sequencer, a controller of 14 bits and an MPE keyboard send. */
START_TEST(hands_on_transport_and_fine_controllers)
{
    static const unsigned char want[] = {
        0xfa, 0,   0,  0xf8, 0,  0,  0xfb, 0,  0,   0xfc, 0,  0, 0xf2, 5,   1,
        0xf3, 7,   0,  0xfe, 0,  0,  0xb2, 7,  100, 0xb2, 39, 5, 0xb0, 101, 0,
        0xb0, 100, 6,  0xb0, 6,  15, 0xb0, 38, 0,   0xd4, 99, 0, 0xe4, 1,   64,
        0xb4, 74,  80, 0xa4, 60, 9};
    program_use_sequencer(ports);
    pid_t pid = start("--stats-json -");
    program_wait_for("'Keystation:Keystation MIDI 1' plays port 0");
    int fd = open("events", O_WRONLY | O_CLOEXEC);
    snd_seq_event_t event;
#define EVENT(set)                \
    snd_seq_ev_clear(&event);     \
    event.dest.port = 1;          \
    snd_seq_ev_set_fixed(&event); \
    set;                          \
    push(fd, &event, NULL)
    EVENT((event.type = SND_SEQ_EVENT_START));
    EVENT((event.type = SND_SEQ_EVENT_CLOCK));
    EVENT((event.type = SND_SEQ_EVENT_CONTINUE));
    EVENT((event.type = SND_SEQ_EVENT_STOP));
    EVENT((event.type = SND_SEQ_EVENT_SONGPOS,
           event.data.control.value = 1 << 7 | 5));
    EVENT((event.type = SND_SEQ_EVENT_SONGSEL, event.data.control.value = 7));
    EVENT((event.type = SND_SEQ_EVENT_SENSING));
    EVENT((event.type = SND_SEQ_EVENT_CONTROL14, event.data.control.channel = 2,
           event.data.control.param = 7,
           event.data.control.value = 100 << 7 | 5));
    /* A zone of 15 channels: registered parameter 6. */
    EVENT((event.type = SND_SEQ_EVENT_REGPARAM, event.data.control.param = 6,
           event.data.control.value = 15 << 7));
    EVENT(snd_seq_ev_set_chanpress(&event, 4, 99));
    EVENT(snd_seq_ev_set_pitchbend(&event, 4, 1));
    EVENT(snd_seq_ev_set_controller(&event, 4, 74, 80));
    EVENT(snd_seq_ev_set_keypress(&event, 4, 60, 9));
#undef EVENT
    wait_for_messages(pid, "17");
    (void)end(pid);
    (void)close(fd);
    expect_notes(want, (int)sizeof(want) / 3);
}
END_TEST

START_TEST(asks_the_sequencer_when_events_came)
{
    program_use_sequencer(ports);
    pid_t pid = start("--midi-latency 20");
    program_wait_for("'Keystation:Keystation MIDI 1' plays port 0");
    int fd = open("events", O_WRONLY | O_CLOEXEC);
    snd_seq_event_t event;
    snd_seq_ev_clear(&event);
    event.dest.port = 1;
    snd_seq_ev_set_noteon(&event, 1, 60, 100);
    event.queue = 3;
    event.flags |= SND_SEQ_TIME_STAMP_REAL;
    push(fd, &event, NULL);
    event.time.time.tv_sec = 4000000000U; /* that cannot be */
    push(fd, &event, NULL);
    wait_for_messages(pid, "2");
    (void)end(pid);
    (void)close(fd);
    ck_assert_int_eq(cell(FAKE_NOTE_COUNT), 2);
    expect_file("connections",
                "client f4e:fake \"ramp\"\n"
                "port 0 in 0\nport 0 stamps time by queue 3\n"
                "port 1 in 2\nport 1 stamps time by queue 3\n"
                "port 2 in 5\nport 2 stamps time by queue 3\n"
                "port 3 announce hidden\n0:1 to 3\n20:0 to 0\n20:1 to 0\n");
}
END_TEST

static void announce(int fd, int type, int client, int port)
{
    snd_seq_event_t event;
    snd_seq_ev_clear(&event);
    event.type = (unsigned char)type;
    event.dest.port = 2;
    event.data.addr.client = (unsigned char)client;
    event.data.addr.port = (unsigned char)port;
    push(fd, &event, NULL);
}

START_TEST(connects_what_is_plugged_in_later)
{
    static const char more[] = "24 0 1 Launch\033Pad:Launchpad\n"
                               "25 0 0 Other:Software\n";
    program_use_sequencer(ports);
    (void)unlink("ports");
    program_write_file("ports", "", 0);
    pid_t pid = start("--notes-off");
    program_wait_for("nothing is connected yet");
    int fd = open("events", O_WRONLY | O_CLOEXEC);
    program_write_file("ports", more, sizeof(more) - 1);
    announce(fd, SND_SEQ_EVENT_PORT_START, 24, 0);
    announce(fd, SND_SEQ_EVENT_PORT_START, 25, 0);
    announce(fd, SND_SEQ_EVENT_PORT_START, 26, 0);
    /* What a terminal would obey is shown. */
    program_wait_for("'Launch\\x1bPad:Launchpad' plays port 0");
    /* It holds a note when it is pulled out. */
    snd_seq_event_t note;
    snd_seq_ev_clear(&note);
    snd_seq_ev_set_noteon(&note, 1, 60, 100);
    note.source.client = 24;
    push(fd, &note, NULL);
    announce(fd, SND_SEQ_EVENT_PORT_EXIT, 25, 0);
    announce(fd, SND_SEQ_EVENT_PORT_EXIT, 24, 0);
    program_wait_for("'Launch\\x1bPad:Launchpad' is gone; 1 note ended");
    announce(fd, SND_SEQ_EVENT_PORT_START, 24, 0);
    char want[256];
    int bytes =
        snprintf(want, sizeof(want), "%s24:0 to 0\n24:0 to 0\n", own_ports);
    program_wait_for_bytes("connections", bytes - 1);
    play_on(pid);
    (void)end(pid);
    (void)close(fd);
    expect_file("connections", want);
    expect_notes(
        (const unsigned char[]){0x91, 60, 100, 0x81, 60, 0, 0xb1, 123, 0}, 3);
}
END_TEST

START_TEST(loses_and_counts_what_is_too_much)
{
    program_use_sequencer(ports);
    program_write_file("s", "0b set 24 i32 400000\n1b set 24 i32 0\n", 36);
    pid_t pid = start("--script s");
    int fd = open("events", O_WRONLY | O_CLOEXEC);
    snd_seq_event_t event;
    snd_seq_ev_clear(&event);
    event.dest.port = 1;
    snd_seq_ev_set_noteon(&event, 1, 60, 100);
    for (int i = 0; i < 3000; i++) {
        push(fd, &event, NULL);
    }
    program_wait_for("messages lost");
    play_on(pid);
    (void)end(pid);
    (void)close(fd);
    ck_assert_int_ge(cell(FAKE_NOTE_COUNT), 1024);
    ck_assert_int_lt(cell(FAKE_NOTE_COUNT), 3000);
}
END_TEST

START_TEST(requires_something_to_play_from)
{
    program_use_sequencer(ports);
    struct program_result result =
        program_run(NULL, NULL, "--dummy --blocks 1 --require-midi");
    ck_assert_int_eq(result.status, 0);
    result = program_run(NULL, NULL,
                         "--dummy --blocks 1 --require-midi --midi-in organ");
    ck_assert_int_eq(result.status, 8);
    ck_assert_ptr_nonnull(strstr(result.err, "no MIDI port to play from"));
}
END_TEST

START_TEST(lists_the_ports)
{
    struct program_result result = program_run(NULL, NULL, "--list-midi");
    ck_assert_int_eq(result.status, 8);
    program_use_sequencer(ports);
    result = program_run(NULL, NULL, "--list-midi");
    ck_assert_int_eq(result.status, 0);
    ck_assert_str_eq(result.out,
                     "14:0             Midi Through:Midi Through Port-0\n"
                     "20:0    hardware Keystation:Keystation MIDI 1\n"
                     "20:1    hardware Keystation:Keystation MIDI 2\n"
                     "129:0             sequencer:out\n");
    result = program_run(NULL, NULL, "--list-midi --json");
    ck_assert_msg(json_check(result.out) == NULL, "%s", result.out);
    ck_assert_ptr_nonnull(strstr(result.out, "\"address\": \"20:1\""));
    program_write_file("ports", "", 0);
    result = program_run(NULL, NULL, "--list-midi");
    ck_assert_str_eq(result.out, "no MIDI ports to play from\n");
    result = program_run(NULL, NULL, "--list-midi --json");
    ck_assert_msg(json_check(result.out) == NULL, "%s", result.out);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("midi_seq");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, connects_what_is_asked_for, 0,
                        sizeof(choices) / sizeof(*choices));
    tcase_add_test(tcase, plays_from_the_sequencer);
    tcase_add_test(tcase, hands_on_transport_and_fine_controllers);
    tcase_add_test(tcase, asks_the_sequencer_when_events_came);
    tcase_add_test(tcase, connects_what_is_plugged_in_later);
    tcase_add_test(tcase, loses_and_counts_what_is_too_much);
    tcase_add_test(tcase, requires_something_to_play_from);
    tcase_add_test(tcase, lists_the_ports);
    suite_add_tcase(suite, tcase);
    return suite;
}
