/* SPDX-License-Identifier: MIT */
/*
 * Live MIDI as a user meets it: bare bytes from pipes and files, and a
 * sequencer made of files (fake_seq.c).
 */
#include "fake_patch.h"
#include "json_check.h"
#include "program.h"
#include "serial.h"
#include "suite.h"

#include <alsa/asoundlib.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static unsigned char *memory; /* as dumped at the end */

static void setup(void)
{
    program_setup();
    (void)unsetenv("LD_PRELOAD");
}

static void teardown(void)
{
    free(memory);
    memory = NULL;
    (void)unsetenv("LD_PRELOAD");
    program_teardown();
}

static void pause_ms(long ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

static int32_t cell(unsigned address)
{
    int32_t value;
    memcpy(&value, memory + address, sizeof(value));
    return value;
}

static void take_memory(void)
{
    size_t bytes;
    free(memory);
    memory = program_read_file("m", &bytes);
    ck_assert_uint_eq(bytes, FAKE_MEMORY_BYTES);
}

static pid_t start(const char *arguments)
{
    char line[256];
    (void)snprintf(line, sizeof(line),
                   "--dummy --dump-memory m --record r.wav %s", arguments);
    pid_t pid = program_start(NULL, NULL, line);
    program_wait_for("policy");
    return pid;
}

/* Until it has played some blocks more, by what it has recorded: what was on
 * its way to the patch has arrived. */
static void play_on(pid_t pid)
{
    enum { BYTES = 32 * FAKE_BLOCK_FRAMES * 2 * sizeof(float) };
    char path[64];
    struct stat status = {0};
    (void)snprintf(path, sizeof(path), "r.wav.%ld.tmp", (long)pid);
    ck_assert_int_eq(stat(path, &status), 0);
    program_wait_for_bytes(path, (long)status.st_size + BYTES);
}

/* Until its statistics, on SIGUSR1, know of so many messages. */
static void wait_for_messages(pid_t pid, const char *count)
{
    char text[64];
    bool is_there = false;
    (void)snprintf(text, sizeof(text), "midi    %s messages", count);
    for (int i = 0; i < 3000 && !is_there; i++) {
        size_t bytes;
        ck_assert_int_eq(kill(pid, SIGUSR1), 0);
        pause_ms(20);
        char *err = (char *)program_read_file("child.err", &bytes);
        is_there = strstr(err, text) != NULL;
        free(err);
    }
    ck_assert_msg(is_there, "never %s", text);
    play_on(pid);
}

static struct program_result end(pid_t pid)
{
    (void)kill(pid, SIGINT);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d: %s", result.status, result.err);
    take_memory();
    return result;
}

/* In the file of --stats-json. */
static void expect_counts(double messages, double lost)
{
    size_t bytes;
    char *json = (char *)program_read_file("j", &bytes);
    ck_assert_msg(json_check(json) == NULL, "%s", json);
    ck_assert_double_eq(json_number(json, "midiMessages"), messages);
    ck_assert_double_eq(json_number(json, "midiLost"), lost);
    free(json);
}

static void expect_notes(const unsigned char *want, int count)
{
    ck_assert_int_eq(cell(FAKE_NOTE_COUNT), count);
    for (int i = 0; i < 3 * count; i++) {
        ck_assert_msg(memory[FAKE_NOTE_LOG + i] == want[i],
                      "byte %d of the notes is %d, not %d", i,
                      memory[FAKE_NOTE_LOG + i], want[i]);
    }
}

static const unsigned char song[] = {0x90, 60, 100, 62, 0xf8, 90, 0x80, 60, 0};
static const unsigned char heard[] = {0x90, 60, 100, 0xf8, 0,  0,
                                      0x90, 62, 90,  0x80, 60, 0};

START_TEST(plays_from_a_pipe)
{
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid = start("--midi-raw pipe --stats-json j");
    int fd = open("pipe", O_WRONLY | O_CLOEXEC);
    /* A byte at a time, and two writers. */
    for (size_t i = 0; i < sizeof(song); i++) {
        ck_assert_int_eq(write(fd, &song[i], 1), 1);
        if (i == 4) {
            (void)close(fd);
            pause_ms(100);
            fd = open("pipe", O_WRONLY | O_CLOEXEC);
        }
    }
    wait_for_messages(pid, "4");
    (void)end(pid);
    (void)close(fd);
    expect_notes(heard, 4);
    float status;
    memcpy(&status, memory + FAKE_FLOAT_ARG, sizeof(status));
    ck_assert(status == 128.0F); /* the other binding of port 0 */
    expect_counts(4.0, 0.0);
}
END_TEST

START_TEST(plays_a_file_on_another_port)
{
    program_write_file("song", song, sizeof(song));
    pid_t pid = start("--midi-raw 2=song --stats");
    program_wait_for("'song' has ended");
    play_on(pid);
    struct program_result result = end(pid);
    expect_notes(heard, 4);
    ck_assert_int_eq(cell(FAKE_FLOAT_ARG), 0);
    ck_assert_ptr_nonnull(strstr(result.err, "midi    4 messages, 0 lost"));
}
END_TEST

/* Far more than the inbox holds: a file waits. */
START_TEST(loses_nothing_of_a_file)
{
    enum { NOTES = 20000 };
    unsigned char *bytes = malloc(2 * NOTES + 1);
    ck_assert_ptr_nonnull(bytes);
    bytes[0] = 0x90;
    for (int i = 0; i < NOTES; i++) {
        bytes[1 + 2 * i] = (unsigned char)(i & 127);
        bytes[2 + 2 * i] = (unsigned char)(i >> 7 & 127);
    }
    program_write_file("song", bytes, 2 * NOTES + 1);
    free(bytes);
    pid_t pid = start("--midi-raw 2=song");
    program_wait_for("'song' has ended");
    play_on(pid);
    (void)end(pid);
    ck_assert_int_eq(cell(FAKE_NOTE_COUNT), NOTES);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), (NOTES - 1) >> 7 & 127);
}
END_TEST

static const struct {
    const char *arguments;
    int status;
    const char *message;
} refusals[] = {
    {"--midi-raw no/file", 8, "cannot open 'no/file' for MIDI: No such file"},
    {"--midi-raw .", 8, "cannot open '.' for MIDI: Is a directory"},
    {"--midi-raw hw:9,0", 8, "cannot open 'hw:9,0' for MIDI"},
    {"--midi-raw 1=x", 2, "the patch does not listen to port 1"},
    {"--midi-in 7=x", 2, "hint: --midi-in 0=x"},
    {"--midi-in none --midi-in x", 2, "--midi-in is none and 'x'"},
    {"--midi-in 0=", 2, "--midi-in is empty"},
    {"--require-midi", 8, "cannot open the MIDI sequencer: No such file"},
    {"--require-midi", 8, "hint: sudo modprobe snd-seq"},
    {"--render x --midi-raw y", 2, "--render and --midi-raw exclude"},
};

START_TEST(says_why_there_is_no_midi)
{
    char line[128];
    (void)snprintf(line, sizeof(line), "--dummy --blocks 1 %s",
                   refusals[_i].arguments);
    struct program_result result = program_run(
        NULL, NULL, strstr(line, "--render") != NULL ? line + 8 : line);
    ck_assert_msg(result.status == refusals[_i].status &&
                      strstr(result.err, refusals[_i].message) != NULL,
                  "%s: %d: %s", line, result.status, result.err);
}
END_TEST

START_TEST(plays_on_without_a_sequencer)
{
    struct program_result result =
        program_run(NULL, NULL, "--dummy --blocks 1");
    ck_assert_int_eq(result.status, 0);
    ck_assert_msg(strstr(result.err, "stereo: midi    cannot open the MIDI "
                                     "sequencer: No such file") != NULL,
                  "%s", result.err);
    ck_assert_msg(strstr(result.err, "ALSA lib") == NULL, "%s", result.err);
    static const char *const silent[] = {"--dummy --blocks 1 --midi-in none",
                                         "--render none --blocks 1",
                                         "--run-entry level"};
    for (size_t i = 0; i < sizeof(silent) / sizeof(*silent); i++) {
        result = program_run(NULL, NULL, silent[i]);
        ck_assert_int_eq(result.status, 0);
        ck_assert_msg(strstr(result.err, "midi") == NULL, "%s: %s", silent[i],
                      result.err);
    }
    result = program_run(getenv("FAKE_MUTE"), NULL, "--dummy --blocks 1");
    ck_assert_msg(result.status == 0 && strstr(result.err, "midi") == NULL,
                  "%s", result.err);
    result = program_run(getenv("FAKE_MUTE"), NULL,
                         "--dummy --blocks 1 --midi-in x");
    ck_assert_int_eq(result.status, 2);
    ck_assert_ptr_nonnull(strstr(result.err, "does not listen to MIDI"));
}
END_TEST

/* ---- The sequencer ---- */

static const char ports[] = "0 1 0 System:Announce\n"
                            "14 0 0 Midi Through:Midi Through Port-0\n"
                            "20 0 1 Keystation:Keystation MIDI 1\n"
                            "20 1 1 Keystation:Keystation MIDI 2\n"
                            "24 0 2 Sink:writes only\n"
                            "129 0 0 sequencer:out\n";

static void use_fake(void)
{
    const char *fake = getenv("FAKE_SEQ");
    ck_assert_ptr_nonnull(fake);
    (void)setenv("LD_PRELOAD", fake, 1);
    program_write_file("ports", ports, sizeof(ports) - 1);
    ck_assert_int_eq(mkfifo("events", 0600), 0);
}

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
    use_fake();
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
    use_fake();
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
    use_fake();
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

/* A second later by the patch's own time: 40 blocks are over before. */
START_TEST(delays_to_a_constant)
{
    program_write_file("song", song, sizeof(song));
    struct program_result result =
        program_run(NULL, NULL,
                    "--dummy --blocks 40 --midi-raw 2=song --midi-latency 1000 "
                    "--dump-memory m --stats");
    ck_assert_msg(result.status == 0, "%s", result.err);
    take_memory();
    ck_assert_int_eq(cell(FAKE_NOTE_COUNT), 0);
    ck_assert_ptr_nonnull(strstr(
        result.err, "midi    0 messages too late for --midi-latency 1000"));
    result = program_run(NULL, NULL,
                         "--dummy --blocks 1500 --midi-raw 2=song "
                         "--midi-latency 1000 --dump-memory m");
    ck_assert_msg(result.status == 0, "%s", result.err);
    take_memory();
    expect_notes(heard, 4);
}
END_TEST

START_TEST(asks_the_sequencer_when_events_came)
{
    use_fake();
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
    use_fake();
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
    use_fake();
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
    use_fake();
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
    use_fake();
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

START_TEST(drops_calls_that_trap)
{
    /* Port 5 calls a function that traps, port 0 one that does not. */
    program_write_file("song", song, sizeof(song));
    pid_t pid = start("--midi-raw 5=song --stats --stats-json -");
    program_wait_for("in a MIDI callback; that call is dropped");
    struct program_result result = end(pid);
    ck_assert_msg(strstr(result.err, "trap: ") != NULL &&
                      strstr(result.err, "in function 9 at block") != NULL &&
                      strstr(result.err, "midi    4 calls dropped") != NULL,
                  "%s", result.err);
    ck_assert_double_eq(json_number(result.out, "midiTraps"), 4.0);
    ck_assert_double_eq(json_number(result.out, "traps"), 0.0);
    ck_assert_int_gt(cell(FAKE_BLOCKS), 0);
    /* From a script and the console the same. */
    program_write_file("s", "1b midi 5 0x90 1 2\n2b midi 0 0x90 3 4\n", 38);
    result = program_run(NULL, NULL,
                         "--render none --blocks 9 --script s --dump-memory m");
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_nonnull(strstr(result.err, "in a MIDI callback"));
    take_memory();
    ck_assert_int_eq(cell(FAKE_BLOCKS), 9);
    ck_assert_int_eq(cell(FAKE_NOTE_COUNT), 1);
}
END_TEST

/* Two notes are held when the source ends: on channels 1 and 3. */
static const unsigned char held[] = {0x90, 60, 100, 62, 90, 62, 0, 0x92, 5, 1};

START_TEST(ends_the_notes_of_a_source_that_ends)
{
    static const unsigned char want[] = {
        0x90, 60, 100, 0x90, 62,  90, 0x90, 62, 0, 0x92, 5,   1,
        0x80, 60, 0,   0xb0, 123, 0,  0x82, 5,  0, 0xb2, 123, 0};
    program_write_file("song", held, sizeof(held));
    pid_t pid = start("--midi-raw song --notes-off");
    program_wait_for("'song' has ended; 2 notes ended");
    play_on(pid);
    (void)end(pid);
    expect_notes(want, 8);
    pid = start("--midi-raw song");
    program_wait_for("it holds 2 notes, which --notes-off would end");
    play_on(pid);
    (void)end(pid);
    expect_notes(want, 4);
}
END_TEST

/* A note is held, and half a message has come, when it is unplugged. */
START_TEST(hears_a_device_that_comes_back)
{
    static const unsigned char before[] = {0x92, 5, 1, 0x90, 60};
    static const unsigned char after[] = {60, 60, 0x91, 7, 1};
    static const unsigned char want[] = {0x92, 5,   1, 0x82, 5, 0,
                                         0xb2, 123, 0, 0x91, 7, 1};
    int serial = serial_plug("./port");
    pid_t pid = start("--midi-raw ./port --notes-off --stats");
    ck_assert_int_eq(write(serial, before, sizeof(before)), sizeof(before));
    wait_for_messages(pid, "1");
    (void)close(serial);
    program_wait_for("midi    './port' is gone; 1 note ended");
    serial = serial_plug("./port");
    program_wait_for("midi    './port' is back");
    ck_assert_int_eq(write(serial, after, sizeof(after)), sizeof(after));
    wait_for_messages(pid, "4");
    (void)end(pid);
    (void)close(serial);
    expect_notes(want, 4);
}
END_TEST

/* What ends without having been unplugged has ended. */
START_TEST(does_not_wait_for_what_has_no_end)
{
    pid_t pid = start("--midi-raw /dev/null");
    program_wait_for("midi    '/dev/null' has ended");
    (void)end(pid);
    expect_notes(NULL, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("midi_in");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, plays_from_a_pipe);
    tcase_add_test(tcase, plays_a_file_on_another_port);
    tcase_add_test(tcase, loses_nothing_of_a_file);
    tcase_add_loop_test(tcase, says_why_there_is_no_midi, 0,
                        sizeof(refusals) / sizeof(*refusals));
    tcase_add_test(tcase, plays_on_without_a_sequencer);
    tcase_add_loop_test(tcase, connects_what_is_asked_for, 0,
                        sizeof(choices) / sizeof(*choices));
    tcase_add_test(tcase, plays_from_the_sequencer);
    tcase_add_test(tcase, hands_on_transport_and_fine_controllers);
    tcase_add_test(tcase, delays_to_a_constant);
    tcase_add_test(tcase, asks_the_sequencer_when_events_came);
    tcase_add_test(tcase, connects_what_is_plugged_in_later);
    tcase_add_test(tcase, loses_and_counts_what_is_too_much);
    tcase_add_test(tcase, requires_something_to_play_from);
    tcase_add_test(tcase, lists_the_ports);
    tcase_add_test(tcase, drops_calls_that_trap);
    tcase_add_test(tcase, ends_the_notes_of_a_source_that_ends);
    tcase_add_test(tcase, hears_a_device_that_comes_back);
    tcase_add_test(tcase, does_not_wait_for_what_has_no_end);
    suite_add_tcase(suite, tcase);
    return suite;
}
