/* SPDX-License-Identifier: MIT */
/* The JACK backend and its server: one that ends, stands still, has another
 * rate or other ports, is not there. */
#include "jack/libjack.h"

#include "fake_patch.h"
#include "jack_room.h"
#include "json_check.h"
#include "program.h"
#include "suite.h"

#include <jack/jack.h>
#include <jack/midiport.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RATE = FAKE_RATE, FRAMES = 30000 };

START_TEST(ends_when_the_server_is_killed)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    pid_t pid = program_start(NULL, NULL, "--device jack");
    program_wait_for(": policy");
    jack_room_close(SIGKILL);
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, 5, "the device was lost: the JACK server is gone",
                   "hint: --wait-device");
}
END_TEST

START_TEST(waits_for_a_server_that_was_killed)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    pid_t pid =
        program_start(NULL, NULL, "--device jack:patch --wait-device --stats");
    program_wait_for(": policy");
    jack_room_close(SIGKILL);
    program_wait_for("waiting for it");
    ck_assert(jack_room_open(RATE, 1024));
    program_wait_for("is back");
    jack_room_enter();
    jack_room_wait_for("patch:out_1");
    ck_assert(jack_room_is_wired("patch:out_1", "system:playback_1"));
    jack_room_leave();
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, 0, "1 times a lost device came back");
}
END_TEST

START_TEST(ends_while_it_waits)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    pid_t pid = program_start(NULL, NULL, "--device jack --wait-device");
    program_wait_for(": policy");
    jack_room_close(SIGKILL);
    program_wait_for("waiting for it");
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert(jack_room_open(RATE, 1024));
    pid = program_start(NULL, NULL, "--device jack --wait-device=1");
    program_wait_for(": policy");
    jack_room_close(SIGKILL);
    result = program_wait(pid);
    PROGRAM_EXPECT(result, 5, "the device was lost and not back after 1 s");
}
END_TEST

/* Gives up ten times as early as others. */
static pid_t start_hasty(const char *arguments)
{
    return program_start(getenv("FAKE_HASTY"), NULL, arguments);
}

START_TEST(a_server_that_stands_still_is_lost)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    pid_t pid = start_hasty("--device jack");
    program_wait_for(": policy");
    jack_room_stand_still();
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, 5,
                   "the device was lost: the JACK server stands still",
                   "hint: --wait-device");
}
END_TEST

/* Where it was it goes on. */
START_TEST(plays_on_when_the_server_does)
{
    size_t first;
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    pid_t pid = start_hasty(JACK_ROOM_LATER "--device jack:patch --input off "
                                            "--wait-device --stats");
    jack_room_join_output("patch");
    (void)jack_room_hear(FRAMES, &first);
    jack_room_stand_still();
    program_wait_for("waiting for it");
    jack_room_go_on();
    program_wait_for("is back");
    const struct jack_room_heard *heard = jack_room_hear(2 * FRAMES, &first);
    size_t next = 0;
    for (size_t i = first; i < heard->frames; i++) {
        const bool is_next = heard->left[i] == fake_ramp(next);
        ck_assert_msg(is_next || heard->left[i] == 0.0F, "%zu: %.9g", i,
                      heard->left[i]);
        next += is_next;
    }
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, 0, "times a lost device came back");
    jack_room_leave();
}
END_TEST

START_TEST(waits_for_another_when_it_stands_still_and_is_killed)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    pid_t pid = start_hasty("--device jack:patch --wait-device --stats");
    program_wait_for(": policy");
    jack_room_stand_still();
    program_wait_for("waiting for it");
    jack_room_close(SIGKILL);
    ck_assert(jack_room_open(RATE, 1024));
    program_wait_for("is back");
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, 0, "times a lost device came back");
}
END_TEST

static const struct {
    const char *arguments;
    bool is_told; /* that it stands still, before the end */
    int status;   /* of an end that is asked for; -1: it is not */
    const char *message;
} stills[] = {
    {"--device jack", false, 0, ": policy"},
    {"--device jack --fade 50", false, 0, ": policy"},
    {"--device jack --wait-device", true, 0, "waiting for it"},
    {"--device jack --wait-device=1", true, -1,
     "lost and not back after 1 s: the JACK server stands still"},
};

START_TEST(ends_while_the_server_stands_still)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    pid_t pid = start_hasty(stills[_i].arguments);
    program_wait_for(": policy");
    jack_room_stand_still();
    if (stills[_i].is_told) {
        program_wait_for("waiting for it");
    }
    if (stills[_i].status >= 0) {
        ck_assert_int_eq(kill(pid, SIGTERM), 0);
    }
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, stills[_i].status >= 0 ? stills[_i].status : 5,
                   stills[_i].message);
}
END_TEST

START_TEST(a_server_that_does_not_answer_is_not_waited_for)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_stand_still();
    struct program_result result = program_wait(start_hasty("--device jack"));
    PROGRAM_EXPECT(result, 3, "the JACK server does not answer", "hint: ");
    result = program_wait(start_hasty("--list-devices"));
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_nonnull(
        strstr(result.out, "jack  JACK server, NO, it does not answer\n"));
    result = program_wait(start_hasty("--list-devices --json"));
    ck_assert_ptr_null(json_check(result.out));
}
END_TEST

START_TEST(refuses_another_rate)
{
    if (!jack_room_open(44100, 1024)) {
        return;
    }
    struct program_result result = program_run(NULL, NULL, "--device jack");
    PROGRAM_EXPECT(
        result, 4,
        "the JACK server does not play at the patch's 48000 Hz; it has "
        "44100 Hz",
        "hint: export the patch with audioRuntime.sampleRate 44100");
}
END_TEST

START_TEST(refuses_another_rate_that_came_back)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    pid_t pid = program_start(NULL, NULL, "--device jack --wait-device");
    program_wait_for(": policy");
    jack_room_close(SIGKILL);
    ck_assert(jack_room_open(44100, 1024));
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, 4,
                   "the device is back, but the JACK server does not play");
}
END_TEST

START_TEST(two_of_one_name_play)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    pid_t first = program_start(NULL, NULL, "--device jack:patch");
    program_wait_for(": policy");
    struct program_result result =
        program_run(NULL, NULL, "--device jack:patch --seconds 0.2");
    PROGRAM_EXPECT(result, 0, "device  JACK, as 'patch-01'",
                   "wire    patch-01:out_1 -> system:playback_1");
    ck_assert(jack_room_is_wired("patch:out_2", "system:playback_2"));
    ck_assert_int_eq(kill(first, SIGTERM), 0);
    result = program_wait(first);
    ck_assert_int_eq(result.status, 0);
    jack_room_leave();
}
END_TEST

static const struct {
    const char *program; /* of the environment */
    const char *options;
    const char *from;
    const char *to;
    bool is_wired;
} wires[] = {
    {"FAKE_STEREO", "", "patch:out_1", "system:playback_1", true},
    {"FAKE_STEREO", "", "patch:out_2", "system:playback_2", true},
    {"FAKE_STEREO", "", "patch:out_1", "system:playback_2", false},
    {"FAKE_STEREO", "", "system:capture_1", "patch:in_1", true},
    {"FAKE_STEREO", "--no-connect", "patch:out_1", "system:playback_1", false},
    {"FAKE_STEREO", "--no-connect", "system:capture_1", "patch:in_1", false},
    {"FAKE_STEREO", "--out-map L:1", "patch:out_1", "system:playback_2", true},
    {"FAKE_STEREO", "--out-map L:1", "patch:out_2", "system:playback_2", false},
    {"FAKE_STEREO", "--in-map 0:1", "system:capture_2", "patch:in_1", true},
    {"FAKE_STEREO", "", "mouth:midi", "patch:midi_in_1", true},
    {"FAKE_STEREO", "--no-connect", "mouth:midi", "patch:midi_in_1", false},
    {"FAKE_STEREO", "--midi-in 2=Mouth", "mouth:midi", "patch:midi_in_2", true},
    {"FAKE_STEREO", "--midi-in 2=Mouth", "mouth:midi", "patch:midi_in_1",
     false},
    {"FAKE_STEREO", "--midi-in ear", "mouth:midi", "patch:midi_in_1", false},
    {"FAKE_MONO", "", "patch:out_1", "system:playback_1", true},
    {"FAKE_MONO", "", "patch:out_1", "system:playback_2", true},
    {"FAKE_MONO", "--out-map 0:1", "patch:out_1", "system:playback_1", false},
};

START_TEST(connects_its_ports)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    for (size_t i = 0; i < sizeof(wires) / sizeof(*wires); i++) {
        char line[128];
        (void)snprintf(line, sizeof(line), "--device jack:patch %s",
                       wires[i].options);
        pid_t pid = program_start(getenv(wires[i].program), NULL, line);
        program_wait_for(": policy");
        ck_assert_msg(jack_room_is_wired(wires[i].from, wires[i].to) ==
                          wires[i].is_wired,
                      "%s: %s, %s", line, wires[i].from, wires[i].to);
        ck_assert_int_eq(kill(pid, SIGTERM), 0);
        ck_assert_int_eq(program_wait(pid).status, 0);
    }
    jack_room_leave();
}
END_TEST

START_TEST(says_which_channels_the_server_has_not)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    struct program_result result =
        program_run(NULL, NULL,
                    "--device jack --out-map L:5,R:1 --in-map 0:7 "
                    "--seconds 0.1");
    PROGRAM_EXPECT(
        result, 0,
        "wire    --out-map names channel 5, counted from 0; the server has 2",
        "wire    --in-map names channel 7, counted from 0; the server has 2",
        ":out_2 -> system:playback_2");
}
END_TEST

START_TEST(ports_have_names_for_people)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    pid_t pid = program_start(NULL, NULL, "--device jack:patch");
    program_wait_for(": policy");
    ck_assert(jack_room_has_port("patch:out_1", "patch:Output left"));
    ck_assert(jack_room_has_port("patch:out_2", "patch:Output right"));
    ck_assert(jack_room_has_port("patch:in_1", "patch:Input"));
    ck_assert(jack_room_has_port("patch:midi_in_1", "patch:MIDI port 0"));
    ck_assert(jack_room_has_port("patch:midi_in_3", "patch:MIDI port 5"));
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
    jack_room_leave();
}
END_TEST

START_TEST(an_end_is_heard_before_the_start)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    pid_t pid =
        program_start(NULL, NULL, "--device jack --start-at +1h --fade 1000");
    program_wait_for(": policy");
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
}
END_TEST

START_TEST(is_listed)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    struct program_result result = program_run(NULL, NULL, "--list-devices");
    ck_assert_int_eq(result.status, 0);
    ck_assert_msg(strstr(result.out,
                         "jack  JACK server, 48000 Hz, periods of 1024: OK\n"
                         "  out  system:playback_1\n"
                         "  out  system:playback_2\n"
                         "  in   system:capture_1\n") != NULL,
                  "%s", result.out);
    result = program_run(NULL, NULL, "--list-devices --json");
    ck_assert_ptr_null(json_check(result.out));
    ck_assert_msg(strstr(result.out, "\"jack\": {") != NULL, "%s", result.out);
    result = program_run(NULL, NULL, "--list-midi");
    ck_assert_msg(strstr(result.out, "jack   hardware mouth:midi ") != NULL,
                  "%s", result.out);
    result = program_run(NULL, NULL, "--list-midi --json");
    ck_assert_ptr_null(json_check(result.out));
    ck_assert_msg(strstr(result.out, "\"name\": \"mouth:midi\"") != NULL, "%s",
                  result.out);
    jack_room_leave();
    jack_room_close(SIGTERM);
    ck_assert(jack_room_open(44100, 1024));
    result = program_run(NULL, NULL, "--list-devices");
    ck_assert_ptr_nonnull(
        strstr(result.out, "NO, not at the patch's 48000 Hz"));
}
END_TEST

START_TEST(says_what_is_missing)
{
    char here[256];
    (void)setenv("JACK_DEFAULT_SERVER", "f4e-nobody", 1);
    struct program_result result = program_run(NULL, NULL, "--device jack");
    PROGRAM_EXPECT(result, 3, "no JACK server is there to play on",
                   "libjack: ", "hint: jackd -d alsa");
    program_write_file("libjack.so.0", "nothing", 7);
    ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
    ck_assert_int_eq(setenv("LD_LIBRARY_PATH", here, 1), 0);
    result = program_run(NULL, NULL, "--device jack");
    PROGRAM_EXPECT(result, 8, "--device jack needs libjack.so.0: ",
                   "hint: sudo apt install libjack-jackd2-0\n");
    ck_assert_int_eq(unsetenv("LD_LIBRARY_PATH"), 0);
    result = program_run(getenv("FAKE_MUTE"), NULL, "--device jack");
    PROGRAM_EXPECT(result, 2, "the patch has no output channels");
}
END_TEST

START_TEST(declares_the_library_as_it_is)
{
    ck_assert_int_eq(LIBJACK_NO_START_SERVER, JackNoStartServer);
    ck_assert_int_eq(LIBJACK_IS_INPUT, JackPortIsInput);
    ck_assert_int_eq(LIBJACK_IS_OUTPUT, JackPortIsOutput);
    ck_assert_int_eq(LIBJACK_IS_PHYSICAL, JackPortIsPhysical);
    ck_assert_int_eq(LIBJACK_CAPTURE_LATENCY, JackCaptureLatency);
    ck_assert_int_eq(LIBJACK_PLAYBACK_LATENCY, JackPlaybackLatency);
    ck_assert_int_lt(LIBJACK_CLIENT_NAME_MAX, jack_client_name_size());
    ck_assert_str_eq(LIBJACK_AUDIO, JACK_DEFAULT_AUDIO_TYPE);
    ck_assert_str_eq(LIBJACK_MIDI, JACK_DEFAULT_MIDI_TYPE);
    ck_assert_uint_eq(sizeof(struct libjack_range),
                      sizeof(jack_latency_range_t));
    ck_assert_uint_eq(offsetof(struct libjack_range, max),
                      offsetof(jack_latency_range_t, max));
    ck_assert_uint_eq(sizeof(struct libjack_event), sizeof(jack_midi_event_t));
    ck_assert_uint_eq(offsetof(struct libjack_event, size),
                      offsetof(jack_midi_event_t, size));
    ck_assert_uint_eq(offsetof(struct libjack_event, bytes),
                      offsetof(jack_midi_event_t, buffer));
    ck_assert_uint_eq(sizeof(jack_nframes_t), sizeof(uint32_t));
    ck_assert_uint_eq(sizeof(jack_options_t), sizeof(int));
    ck_assert_uint_eq(sizeof(jack_status_t), sizeof(int));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("jack_server");
    TCase *tcase = tcase_create("jack_server");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, program_setup, jack_room_teardown);
    tcase_add_test(tcase, ends_when_the_server_is_killed);
    tcase_add_test(tcase, waits_for_a_server_that_was_killed);
    tcase_add_test(tcase, ends_while_it_waits);
    tcase_add_test(tcase, a_server_that_stands_still_is_lost);
    tcase_add_test(tcase, plays_on_when_the_server_does);
    tcase_add_test(tcase, waits_for_another_when_it_stands_still_and_is_killed);
    tcase_add_loop_test(tcase, ends_while_the_server_stands_still, 0,
                        sizeof(stills) / sizeof(*stills));
    tcase_add_test(tcase, a_server_that_does_not_answer_is_not_waited_for);
    tcase_add_test(tcase, refuses_another_rate);
    tcase_add_test(tcase, refuses_another_rate_that_came_back);
    tcase_add_test(tcase, two_of_one_name_play);
    tcase_add_test(tcase, connects_its_ports);
    tcase_add_test(tcase, says_which_channels_the_server_has_not);
    tcase_add_test(tcase, ports_have_names_for_people);
    tcase_add_test(tcase, an_end_is_heard_before_the_start);
    tcase_add_test(tcase, is_listed);
    tcase_add_test(tcase, says_what_is_missing);
    tcase_add_test(tcase, declares_the_library_as_it_is);
    suite_add_tcase(suite, tcase);
    return suite;
}
