/* SPDX-License-Identifier: MIT */
/*
 * MIDI of the JACK backend, in and out, on a server of its own: at the frame,
 * whatever the server's period, and no note is left behind.
 */
#include "fake_patch.h"
#include "jack_room.h"
#include "json_check.h"
#include "program.h"
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = FAKE_RATE, BLOCK = FAKE_BLOCK_FRAMES, FRAMES = 12000 };

static const unsigned periods[] = {1024, 128, 1000, 96, 4096};

START_TEST(hears_midi)
{
    size_t bytes;
    size_t first;
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    pid_t pid = program_start(
        NULL, NULL, "--device jack:patch --stats-json - --dump-memory dump");
    jack_room_join("patch");
    (void)jack_room_hear(1, &first); /* nobody listens before */
    for (unsigned i = 0; i < 20; i++) {
        jack_room_say_midi(i * 50, 0x90, (uint8_t)(40 + i), (uint8_t)(100 - i));
    }
    jack_room_say_midi(0, 0xb0, 7, 1);
    jack_room_say_midi(0, 0xb0, 7, 2); /* the one before is on its way */
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_ptr_null(strstr(result.err, "sequencer"));
    unsigned char *dump = program_read_file("dump", &bytes);
    for (unsigned i = 0; i < 20; i++) {
        const unsigned char *note = &dump[FAKE_NOTE_LOG + (size_t)3 * i];
        ck_assert_uint_eq(note[0], 0x90);
        ck_assert_uint_eq(note[1], 40 + i);
        ck_assert_uint_eq(note[2], 100 - i);
    }
    free(dump);
    jack_room_leave();
}
END_TEST

/* A message of each block leaves with the block's first frame. */
START_TEST(sends_midi_at_its_frame_in_periods_of)
{
    enum { NOTES = 40 };
    char script[NOTES * 64];
    size_t length = 0;
    size_t first;
    if (!jack_room_open(RATE, periods[_i])) {
        return;
    }
    jack_room_enter();
    for (unsigned i = 0; i < NOTES; i++) {
        length += (size_t)snprintf(script + length, sizeof(script) - length,
                                   "%ub call send %u 0x%x %u 100\n", 2 * i + 1,
                                   i % 2 == 0 ? 0 : 3, i % 2 == 0 ? 0x90 : 0xc1,
                                   i + 10);
    }
    program_write_file("notes", script, length);
    pid_t pid =
        program_start(getenv("FAKE_SENDER"), NULL,
                      JACK_ROOM_LATER
                      "--device jack:patch --script notes --midi-out notes.mid "
                      "--stats-json -");
    jack_room_join_midi("patch:midi_out_1", 0);
    jack_room_join_midi("patch:midi_out_4", 1);
    jack_room_join("patch");
    const struct jack_room_heard *heard = jack_room_hear(FRAMES, &first);
    ck_assert_uint_eq(jack_room_hear_midi(NOTES), NOTES);
    size_t next[JACK_ROOM_EARS] = {0, 1}; /* each hears every other one */
    for (size_t k = 0; k < NOTES; k++) {
        const struct jack_room_midi *midi = &heard->midi[k];
        const size_t i = next[midi->ear];
        next[midi->ear] += JACK_ROOM_EARS;
        ck_assert_msg(midi->frame == first + (2 * i + 1) * BLOCK,
                      "%zu: frame %zu, not %zu", i, midi->frame - first,
                      (2 * i + 1) * BLOCK);
        ck_assert_uint_eq(midi->count, i % 2 == 0 ? 3 : 2);
        ck_assert_uint_eq(midi->bytes[0], i % 2 == 0 ? 0x90 : 0xc1);
        ck_assert_uint_eq(midi->bytes[1], i + 10);
    }
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_double_eq(json_number(result.out, "midiNotSent"), 0.0);
    /* The notes that sounded have ended, here and in the file. */
    ck_assert_uint_eq(jack_room_hear_midi(NOTES), NOTES + NOTES / 2 + 1);
    for (size_t i = 0; i < NOTES / 2; i++) {
        ck_assert_uint_eq(heard->midi[NOTES + i].bytes[0], 0x80);
        ck_assert_uint_eq(heard->midi[NOTES + i].bytes[1], 2 * i + 10);
    }
    ck_assert_uint_eq(heard->midi[NOTES + NOTES / 2].bytes[1], 123);
    size_t bytes;
    unsigned char *file = program_read_file("notes.mid", &bytes);
    ck_assert_uint_gt(bytes, NOTES * 4);
    free(file);
    jack_room_leave();
}
END_TEST

static const char *const lonely[] = {"", "--notes-off"};

/* Whoever held a note is not connected any more. */
START_TEST(ends_notes_of_a_source_that_is_gone)
{
    char line[128];
    size_t bytes;
    size_t first;
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    (void)snprintf(line, sizeof(line),
                   "--device jack:patch --dump-memory dump %s", lonely[_i]);
    pid_t pid = program_start(NULL, NULL, line);
    jack_room_join("patch");
    (void)jack_room_hear(1, &first);
    jack_room_say_midi(0, 0x92, 60, 100);
    jack_room_say_midi(0, 0xfe, 0, 0); /* the one before is on its way */
    jack_room_say_midi(0, 0xfe, 0, 0);
    jack_room_part("mouth:midi", "patch:midi_in_1");
    (void)jack_room_hear(jack_room_hear(1, &first)->frames - first + 8192,
                         &first);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
    unsigned char *dump = program_read_file("dump", &bytes);
    const unsigned char *notes = &dump[FAKE_NOTE_LOG];
    bool is_ended = false;
    for (unsigned i = 0; i < 20; i++) {
        is_ended = is_ended || (notes[3 * i] == 0x82 && notes[3 * i + 1] == 60);
    }
    ck_assert_uint_eq(notes[0], 0x92);
    ck_assert_int_eq(is_ended, _i == 1);
    free(dump);
    jack_room_leave();
}
END_TEST

static const struct {
    const char *script;
    const char *options;
    int status;
} ends[] = {
    {"1b call send 0 0x90 60 100\n", "--seconds 1", 0},
    {"1b call send 0 0x90 60 100\n", "--seconds 1 --fade 0", 0},
    {"1b call send 0 0x90 60 100\n", "--seconds 0.501 --input off", 0},
    {"1b call send 0 0x90 60 100\n99b set 8 i32 100\n", "", 6},
    {"1b call send 0 0x90 60 100\n99b set 8 i32 100\n",
     "--on-trap silence --seconds 2", 0},
};

START_TEST(ends_its_notes)
{
    char line[256];
    size_t first;
    if (!jack_room_open(RATE, 1000)) {
        return;
    }
    jack_room_enter();
    program_write_file("notes", ends[_i].script, strlen(ends[_i].script));
    (void)snprintf(line, sizeof(line),
                   JACK_ROOM_LATER "--device jack:patch --script notes %s",
                   ends[_i].options);
    pid_t pid = program_start(getenv("FAKE_SENDER"), NULL, line);
    jack_room_join_midi("patch:midi_out_1", 0);
    jack_room_join_output("patch");
    const struct jack_room_heard *heard = jack_room_hear(1, &first);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == ends[_i].status, "%s", result.err);
    ck_assert_uint_eq(jack_room_hear_midi(3), 3);
    ck_assert_uint_eq(heard->midi[0].bytes[0], 0x90);
    ck_assert_uint_eq(heard->midi[1].bytes[0], 0x80);
    ck_assert_uint_eq(heard->midi[1].bytes[1], 60);
    ck_assert_uint_eq(heard->midi[2].bytes[0], 0xb0);
    ck_assert_uint_eq(heard->midi[2].bytes[1], 123);
    jack_room_leave();
}
END_TEST

static void expect_same(const char *one, const char *other)
{
    size_t bytes;
    size_t other_bytes;
    unsigned char *a = program_read_file(one, &bytes);
    unsigned char *b = program_read_file(other, &other_bytes);
    ck_assert_uint_eq(bytes, other_bytes);
    ck_assert_uint_gt(bytes, 0);
    ck_assert_int_eq(memcmp(a, b, bytes), 0);
    free(a);
    free(b);
}

/* A file in and a file out, faster than time: as a render has them. */
START_TEST(plays_and_writes_files_in_a_freewheel)
{
    static const char notes[] =
        "100b call send 0 0x90 60 100\n2000b call send 3 0xc0 7 0\n"
        "9000b call send 0 0x80 60 0\n";
    static const char common[] = "--midi song.mid --script notes --seconds 30";
    char line[256];
    if (!jack_room_open(RATE, 1000)) {
        return;
    }
    jack_room_enter();
    program_write_file("notes", notes, sizeof(notes) - 1);
    struct program_result result = program_run(
        getenv("FAKE_SENDER"), NULL,
        "--render none --script notes --seconds 30 --midi-out song.mid");
    ck_assert_msg(result.status == 0, "%s", result.err);
    (void)snprintf(line, sizeof(line),
                   "--render none %s --midi-out r.mid --dump-memory r", common);
    result = program_run(getenv("FAKE_SENDER"), NULL, line);
    ck_assert_msg(result.status == 0, "%s", result.err);
    (void)snprintf(line, sizeof(line),
                   "--device jack --input off %s --midi-out p.mid "
                   "--dump-memory p",
                   common);
    pid_t pid = program_start(getenv("FAKE_SENDER"), NULL, line);
    program_wait_for(": policy");
    jack_room_freewheel(true);
    result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    expect_same("p.mid", "r.mid");
    expect_same("p", "r");
    jack_room_leave();
}
END_TEST

START_TEST(counts_midi_that_finds_no_room)
{
    if (!jack_room_open(RATE, 64)) {
        return;
    }
    static const char flood[] = "1b set 44000 i32 4000\n3b set 44000 i32 0\n";
    program_write_file("flood", flood, sizeof(flood) - 1);
    struct program_result result =
        program_run(getenv("FAKE_SENDER"), NULL,
                    "--device jack --script flood --seconds 1 --stats-json -");
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_nonnull(
        strstr(result.err, "messages not sent: more than can leave"));
    const double sent = json_number(result.out, "midiSent");
    const double lost = json_number(result.out, "midiNotSent");
    ck_assert_double_gt(sent, 0.0);
    ck_assert_double_gt(lost, 0.0);
    ck_assert_double_eq(sent + lost, 8000.0);
}
END_TEST

START_TEST(midi_ends_where_else_it_goes_when_the_server_is_killed)
{
    static const unsigned char off[] = {0x80, 60, 0, 0xb0, 123, 0};
    size_t bytes;
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    program_write_file("notes", "1b call send 0 0x90 60 100\n", 27);
    pid_t pid = program_start(getenv("FAKE_SENDER"), NULL,
                              "--device jack --wait-device --script notes "
                              "--midi-out-raw bytes");
    program_wait_for(": policy");
    program_wait_for_bytes("bytes", 2);
    jack_room_close(SIGKILL);
    program_wait_for("waiting for it");
    program_wait_for_bytes("bytes", 8);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
    unsigned char *file = program_read_file("bytes", &bytes);
    ck_assert_uint_eq(bytes, 9);
    ck_assert_mem_eq(file + 3, off, sizeof(off));
    free(file);
}
END_TEST

START_TEST(connects_midi_that_is_named)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    pid_t pid = program_start(getenv("FAKE_SENDER"), NULL,
                              "--device jack:patch --midi-out EAR:midi_1 "
                              "--midi-out 2=midi_2 --midi-out nobody");
    program_wait_for(": policy");
    ck_assert(jack_room_is_wired("patch:midi_out_1", "ear:midi_1"));
    ck_assert(!jack_room_is_wired("patch:midi_out_1", "ear:midi_2"));
    ck_assert(jack_room_is_wired("patch:midi_out_3", "ear:midi_2"));
    ck_assert(jack_room_has_port("patch:midi_out_3", "patch:MIDI out 2"));
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_nonnull(strstr(
        result.err, "midi    no port of the server to send to has 'nobody'"));
    ck_assert_ptr_nonnull(
        strstr(result.err, "wire    patch:midi_out_3 -> ear:midi_2"));
    pid = program_start(getenv("FAKE_SENDER"), NULL,
                        "--device jack:patch --midi-out none");
    program_wait_for(": policy");
    ck_assert(!jack_room_has_port("patch:midi_out_1", "patch:MIDI out 0"));
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
    jack_room_leave();
}
END_TEST

/* By an alias, in the start's words. */
static const struct {
    const char *options;
    const char *from;
    const char *to;
} meant[] = {
    {"--midi-out ORGAN", "patch:midi_out_1", "ear:midi_2"},
    {"--midi-out 4=organ:pipes", "patch:midi_out_5", "ear:midi_2"},
    {"--midi-in launchpad", "mouth:midi", "patch:midi_in_1"},
    {"--midi-in 2=wonder", "mouth:midi", "patch:midi_in_2"},
};

START_TEST(knows_ports_by_every_name)
{
    char line[128];
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    for (size_t i = 0; i < sizeof(meant) / sizeof(*meant); i++) {
        (void)snprintf(line, sizeof(line), "--device jack:patch %s",
                       meant[i].options);
        pid_t pid = program_start(getenv("FAKE_SENDER"), NULL, line);
        program_wait_for(": policy");
        ck_assert_msg(jack_room_is_wired(meant[i].from, meant[i].to), "%s",
                      line);
        ck_assert(!jack_room_is_wired("patch:midi_out_1", "ear:midi_1"));
        ck_assert_int_eq(kill(pid, SIGTERM), 0);
        ck_assert_int_eq(program_wait(pid).status, 0);
    }
    struct program_result result = program_run(NULL, NULL, "--list-midi");
    ck_assert_msg(
        strstr(result.out, "jack   hardware mouth:midi (Launchpad:keys, "
                           "Wonder Wheel)\n") != NULL &&
            strstr(result.out,
                   "to send to:\njack            ear:midi_1\n"
                   "jack            ear:midi_2 (Organ:pipes)\n") != NULL,
        "%s", result.out);
    result = program_run(NULL, NULL, "--list-midi --json");
    ck_assert_ptr_null(json_check(result.out));
    jack_room_leave();
}
END_TEST

/* What somebody parts by hand stays so, whoever else comes. */
START_TEST(connects_what_comes_later)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    pid_t pid = program_start(getenv("FAKE_SENDER"), NULL,
                              "--device jack:patch --midi-out EAR:midi_1 "
                              "--midi-out 2=pipes --midi-in 2=mouth");
    program_wait_for(
        "no port of the server to play from has 'mouth' in its name yet");
    program_wait_for(": policy");
    jack_room_enter();
    jack_room_await_wire("patch:midi_out_1", "ear:midi_1");
    jack_room_await_wire("patch:midi_out_3", "ear:midi_2");
    jack_room_await_wire("mouth:midi", "patch:midi_in_2");
    ck_assert(!jack_room_is_wired("mouth:midi", "patch:midi_in_1"));
    program_wait_for("wire    patch:midi_out_1 -> ear:midi_1");
    jack_room_leave();
    jack_room_enter();
    jack_room_await_wire("patch:midi_out_1", "ear:midi_1");
    jack_room_await_wire("patch:midi_out_3", "ear:midi_2");
    jack_room_part("patch:midi_out_1", "ear:midi_1");
    jack_room_await_wire("mouth:midi", "patch:midi_in_2");
    /* Another patch is looked at by then. */
    pid_t other = program_start(getenv("FAKE_SENDER"), NULL,
                                "--device jack:other --midi-out ear:midi_1");
    jack_room_await_wire("other:midi_out_1", "ear:midi_1");
    ck_assert(!jack_room_is_wired("patch:midi_out_1", "ear:midi_1"));
    ck_assert_int_eq(kill(other, SIGTERM), 0);
    ck_assert_int_eq(program_wait(other).status, 0);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
    jack_room_leave();
}
END_TEST

/* The physical ones, as at the start; none of them with --no-connect. */
START_TEST(plays_from_what_is_plugged_in)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    pid_t pid = program_start(NULL, NULL, "--device jack:patch");
    program_wait_for(": policy");
    jack_room_enter();
    jack_room_await_wire("mouth:midi", "patch:midi_in_1");
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
    jack_room_leave();
}
END_TEST

/* As much as a patch of 10000 messages a second sends. */
START_TEST(sends_ten_thousand_messages_a_second)
{
    enum { EACH = 27, BLOCKS = RATE / BLOCK };
    static const unsigned sizes[] = {1024, 96};
    static const char flood[] = "0b set 44000 i32 27\n";
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        if (!jack_room_open(RATE, sizes[i])) {
            return;
        }
        program_write_file("flood", flood, sizeof(flood) - 1);
        struct program_result result = program_run(
            getenv("FAKE_SENDER"), NULL,
            "--device jack --script flood --seconds 1 --stats-json -");
        ck_assert_msg(result.status == 0, "%s", result.err);
        /* And what ends the notes that sound. */
        ck_assert_double_ge(json_number(result.out, "midiSent"),
                            (double)(BLOCKS * EACH));
        ck_assert_double_eq(json_number(result.out, "midiNotSent"), 0.0);
        jack_room_close(SIGTERM);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("jack_midi");
    TCase *midi = tcase_create("midi");
    tcase_set_timeout(midi, 120);
    tcase_add_checked_fixture(midi, program_setup, jack_room_teardown);
    tcase_add_test(midi, hears_midi);
    tcase_add_loop_test(midi, ends_notes_of_a_source_that_is_gone, 0,
                        sizeof(lonely) / sizeof(*lonely));
    tcase_add_loop_test(midi, sends_midi_at_its_frame_in_periods_of, 0,
                        sizeof(periods) / sizeof(*periods));
    tcase_add_loop_test(midi, ends_its_notes, 0, sizeof(ends) / sizeof(*ends));
    tcase_add_test(midi, plays_and_writes_files_in_a_freewheel);
    tcase_add_test(midi, counts_midi_that_finds_no_room);
    tcase_add_test(midi,
                   midi_ends_where_else_it_goes_when_the_server_is_killed);
    tcase_add_test(midi, connects_midi_that_is_named);
    tcase_add_test(midi, knows_ports_by_every_name);
    tcase_add_test(midi, connects_what_comes_later);
    tcase_add_test(midi, plays_from_what_is_plugged_in);
    tcase_add_test(midi, sends_ten_thousand_messages_a_second);
    suite_add_tcase(suite, midi);
    return suite;
}
