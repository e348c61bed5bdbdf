/* SPDX-License-Identifier: MIT */
/* Standard MIDI files: what is read, what is written, and that both agree. */
#include "smf/smf_read.h"

#include "fake_patch.h"
#include "program.h"
#include "smf/smf_write.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct f4e_patch patch = {
    .name = "any", .sample_rate = 48000, .block_frames = 128};
static struct smf smf;
static struct failure failure;

static void setup(void)
{
    program_setup();
    failure = (struct failure){0};
}

static void teardown(void)
{
    smf_free(&smf);
    program_teardown();
}

/* ---- Reading ---- */

/* Bytes in hexadecimal; MThd and MTrk stand for themselves. */
static size_t parse_hex(const char *text, uint8_t *bytes)
{
    size_t count = 0;
    while (*text != '\0') {
        unsigned value = 0;
        int used = 0;
        if (strncmp(text, "MThd", 4) == 0 || strncmp(text, "MTrk", 4) == 0) {
            memcpy(bytes + count, text, 4);
            count += 4;
            text += 4;
        } else if (sscanf(text, "%2x%n", &value, &used) == 1) {
            bytes[count++] = (uint8_t)value;
            text += used;
        } else {
            text++;
        }
    }
    return count;
}

#define HEAD  "MThd 00000006 0000 0001 "
#define HEAD1 "MThd 00000006 0001 0002 "

static const struct {
    const char *bytes;
    const char *events; /* "frame:port:status data data" of each, then end */
} good[] = {
    /* 96 ticks at tempo 120: half a second. */
    {HEAD "0060 MTrk 0000000c 00903c64 60803c00 00ff2f00",
     "0:0:903c64 24000:0:803c00 24000"},
    /* Running status, two-byte messages, no end. */
    {HEAD "0060 MTrk 0000000d 00903c64 013e6401c30960 d340",
     "0:0:903c64 250:0:903e64 500:0:c30900 24500:0:d34000 24500"},
    /* Twice as fast from the second quarter on, in another track. */
    {HEAD1 "0060 MTrk 0000000b 60ff510303d090 00ff2f00"
           "MTrk 0000000d 00903c64 8140803c00 00ff2f00",
     "0:0:903c64 36000:0:803c00 36000"},
    /* A tempo at a tick counts from there, whatever stands first. */
    {HEAD "0001 MTrk 00000013 00903c64 00ff51030f4240 01803c00 00ff2f00",
     "0:0:903c64 48000:0:803c00 48000"},
    /* 25 frames of 40 ticks: a millisecond. Tempo is ignored. */
    {HEAD "e728 MTrk 00000014 00ff51030f4240 8768903c64 01803c00 00ff2f00",
     "48000:0:903c64 48048:0:803c00 48048"},
    {HEAD "e850 MTrk 00000008 18903c64 00ff2f00", "600:0:903c64 600"},
    /* 29.97: tick 30000 of 80 a frame is at 12.5125 s. */
    {HEAD "e350 MTrk 0000000a 81ea30903c64 00ff2f00", "600600:0:903c64 600600"},
    {HEAD "e201 MTrk 00000008 1e903c64 00ff2f00", "48000:0:903c64 48000"},
    /* System exclusive and its parts are passed over, messages in escapes not.
     */
    {HEAD "0060 MTrk 00000029 00f00343 12f7 00f701f8 00f703f20102 00f703f2ff02"
          "00f70400 010203 00f700 00f702fa00 00ff2f00",
     "0:0:f80000 0:0:f20102 0"},
    /* Ports, names, and a status that lives on behind them. */
    {HEAD "0060 MTrk 00000020 00903c64 00ff2101 05 00ff0302 6162 003c00"
          "00ff21020101 00b10740 00ff2f00",
     "0:0:903c64 0:5:903c00 0:5:b10740 0"},
    /* A longer header, foreign chunks, an empty track, tracks without number.
     */
    {"MThd 00000008 0001 0009 0001 aabb 58585858 00000001 00"
     "MTrk 00000000 MTrk 00000008 01903c64 01ff2f00",
     "24000:0:903c64 48000"},
    /* Padding behind the last one. */
    {HEAD "0060 MTrk 00000008 01903c64 01ff2f00 00000000000000",
     "250:0:903c64 500"},
    /* What follows the end of a track is not there. */
    {HEAD "0060 MTrk 00000008 00ff2f00 00903c64", "0"},
    {HEAD "0060", "0"},
    /* Nor what follows the last track. */
    {HEAD "0060 MTrk 00000008 60903c64 00ff2f00 1a", "24000:0:903c64 24000"},
    {HEAD "0060 MTrk 00000004 00ff2f00 6a756e6b6a756e6b6a756e6b", "0"},
};

START_TEST(reads_what_is_right)
{
    uint8_t bytes[256];
    char text[512] = "";
    size_t size = parse_hex(good[_i].bytes, bytes);
    /* In a block of its own: what reads behind it is seen. */
    uint8_t *copy = malloc(size);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, size);
    bool is_good = smf_read(&smf, copy, size, &patch, &failure);
    free(copy);
    ck_assert_msg(is_good, "%s: %s", good[_i].bytes, failure.text);
    for (size_t i = 0; i < smf.count; i++) {
        const struct sequence_event *event = &smf.events[i];
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof(text) - used,
                       "%llu:%u:%02x%02x%02x ",
                       (unsigned long long)event->frame, event->port,
                       event->bytes[0], event->bytes[1], event->bytes[2]);
    }
    size_t used = strlen(text);
    (void)snprintf(text + used, sizeof(text) - used, "%llu",
                   (unsigned long long)smf.end_frame);
    ck_assert_str_eq(text, good[_i].events);
}
END_TEST

static const struct {
    const char *bytes;
    const char *message;
} bad[] = {
    {"", "not a standard MIDI file"},
    {"MThd 0000", "not a standard MIDI file"},
    {"MTrk 00000000 00000000", "not a standard MIDI file"},
    {"MThd 00000007 0000 0001 0060",
     "byte 0: a chunk of 7 bytes, but 6 are left of the file"},
    {"MThd ffffffff 0000 0001 0060", "a chunk of 4294967295 bytes, but 6"},
    {"MThd 00000005 0000 0001 00", "byte 8: a header of less than 6 bytes"},
    {"MThd 00000006 0002 0001 0060", "byte 8: format 2, not 0 or 1"},
    {"MThd 00000006 ffff 0001 0060", "byte 8: format 65535, not 0 or 1"},
    {HEAD "0000", "byte 12: a quarter note has no ticks"},
    {HEAD "e700", "byte 12: 25 frames of 0 ticks"},
    {HEAD "8001", "byte 12: 128 frames of 1 ticks"},
    {HEAD "0060 MTrk", "byte 14: the file ends inside a chunk"},
    {HEAD "0060 MTrk 00000005 00ff2f00",
     "byte 14: a chunk of 5 bytes, but 4 are left of the file"},
    {HEAD1 "0060 MTrk 00000004 00ff2f00 MTrk 00000005 00ff2f00",
     "byte 26: a chunk of 5 bytes, but 4 are left of the file"},
    {HEAD "0060 MTrk 00000003 00903c", "byte 24: the track ends inside a mess"},
    {HEAD "0060 MTrk 00000001 81", "byte 22: the track ends inside a number"},
    {HEAD "0060 MTrk 00000005 8181818100", "byte 22: a number of more than"},
    {HEAD "0060 MTrk 00000001 00", "byte 23: the track ends inside an event"},
    {HEAD "0060 MTrk 00000002 00ff", "byte 24: the track ends inside an event"},
    {HEAD "0060 MTrk 00000004 00ff0302",
     "byte 25: 2 bytes of an event, but 0 are left of the track"},
    {HEAD "0060 MTrk 00000004 00f0ff7f", "16383 bytes of an event"},
    {HEAD "0060 MTrk 00000007 00ff5103000000", "byte 29: a quarter note takes"},
    {HEAD "0060 MTrk 00000003 003c64", "byte 23: data without a status"},
    {HEAD "0060 MTrk 00000004 00903c90", "byte 25: a status where a message"},
    {HEAD "0060 MTrk 00000002 00f8", "byte 23: a status that files do not"},
    {HEAD "0060 MTrk 00000002 00f1", "byte 23: a status that files do not"},
};

START_TEST(refuses_what_is_wrong)
{
    uint8_t bytes[256];
    size_t size = parse_hex(bad[_i].bytes, bytes);
    ck_assert_msg(!smf_read(&smf, bytes, size, &patch, &failure), "%s",
                  bad[_i].bytes);
    ck_assert_int_eq(failure.status, STATUS_FILE);
    ck_assert_msg(strstr(failure.text, bad[_i].message) != NULL, "%s: %s",
                  bad[_i].bytes, failure.text);
    ck_assert_ptr_null(smf.events);
}
END_TEST

/* The slowest tempo for as long as a file can say it. */
START_TEST(refuses_what_lasts_for_ages)
{
    enum { BYTES = 2000000, EVENT = 7 };
    uint8_t *bytes = malloc(BYTES);
    ck_assert_ptr_nonnull(bytes);
    size_t size = parse_hex(HEAD "0001 MTrk 00000000 00ff5103ffffff", bytes);
    while (size + EVENT < BYTES) {
        size += parse_hex("ffffff7fff0100", bytes + size);
    }
    for (int i = 0; i < 4; i++) {
        bytes[18 + i] = (uint8_t)((size - 22) >> (24 - 8 * i));
    }
    ck_assert(!smf_read(&smf, bytes, size, &patch, &failure));
    free(bytes);
    ck_assert_ptr_nonnull(strstr(failure.text, "it lasts for ages"));
}
END_TEST

/* ---- Both ---- */

static const struct {
    uint32_t rate, block, tick_ms;
} clocks[] = {
    {48000, 128, 0},  {44100, 128, 0},   {96000, 128, 0}, {192000, 128, 0},
    {88200, 64, 0},   {8000, 128, 0},    {11025, 128, 0}, {65533, 128, 0},
    {99991, 16, 0},   {1000000, 256, 0}, {1, 1, 0},       {143, 1, 7},
    {48000, 4096, 0}, {1000, 1, 1},      {60, 1, 17},
};

/* Whatever was written comes back in the block that it was written in. */
START_TEST(comes_back_as_it_was_written)
{
    enum { EVENTS = 3000 };
    static struct sequence_event sent[EVENTS];
    struct smf_writer writer;
    uint64_t block = 0;
    patch.sample_rate = clocks[_i].rate;
    patch.block_frames = clocks[_i].block;
    patch.tick_ms = clocks[_i].tick_ms;
    srand((unsigned)_i + 1);
    ck_assert(smf_writer_open(&writer, "x.mid", &patch, &failure));
    for (size_t i = 0; i < EVENTS; i++) {
        static const uint8_t kinds[][3] = {{0x90, 60, 1}, {0xc1, 5, 0},
                                           {0xf8, 0, 0},  {0xf2, 3, 4},
                                           {0xe5, 0, 64}, {0xf3, 7, 0}};
        static const unsigned counts[] = {3, 2, 1, 3, 3, 2};
        unsigned kind = (unsigned)rand() % 6;
        block += (uint64_t)(rand() % 3 == 0 ? rand() % 1000 : 0);
        block += i == EVENTS / 2 ? UINT64_C(3000000000) / patch.block_frames
                                 : 0; /* more than a time in a file holds */
        sent[i] = (struct sequence_event){
            .frame = block * patch.block_frames,
            .port = (uint8_t)(rand() % 4 == 0 ? rand() % 16 : 0)};
        memcpy(sent[i].bytes, kinds[kind], 3);
        ck_assert_msg(smf_writer_add(&writer, sent[i].frame, sent[i].port,
                                     sent[i].bytes, counts[kind], &failure),
                      "%s", failure.text);
    }
    ck_assert(
        smf_writer_close(&writer, (block + 1) * patch.block_frames, &failure));
    size_t size = 0;
    uint8_t *bytes = program_read_file("x.mid", &size);
    ck_assert_msg(smf_read(&smf, bytes, size, &patch, &failure), "%s",
                  failure.text);
    free(bytes);
    ck_assert_uint_eq(smf.count, EVENTS);
    for (size_t i = 0; i < EVENTS; i++) {
        ck_assert_uint_eq(smf.events[i].frame / patch.block_frames,
                          sent[i].frame / patch.block_frames);
        ck_assert_uint_eq(smf.events[i].port, sent[i].port);
        ck_assert_mem_eq(smf.events[i].bytes, sent[i].bytes, 3);
    }
    ck_assert_uint_eq(smf.end_frame / patch.block_frames, block + 1);
}
END_TEST

/* ---- As a user meets them ---- */

/* Seven blocks and a half, a callback of port 0, one of port 2. */
static const char song[] = HEAD
    "5dc0 MTrk 0000002b 00903c64 813f3c00 01b06340 00b06201 00b00603 00b02604"
    "00ff210102 00c009 8500f701f8 00ff2f00";
/* The same as a script. */
static const char script[] = "0f midi 0 0x90 60 100\n"
                             "191f midi 0 0x90 60 0\n"
                             "192f midi 0 0xb0 99 64\n"
                             "192f midi 0 0xb0 98 1\n"
                             "192f midi 0 0xb0 6 3\n"
                             "192f midi 0 0xb0 38 4\n"
                             "192f midi 2 0xc0 9\n"
                             "832f midi 2 0xf8\n";

static void write_song(void)
{
    uint8_t bytes[256];
    size_t size = parse_hex(song, bytes);
    bytes[21] = (uint8_t)(size - 22);
    program_write_file("song.mid", bytes, size);
    program_write_file("script", script, strlen(script));
}

static void expect_same(const char *one, const char *other)
{
    size_t sizes[2];
    unsigned char *a = program_read_file(one, &sizes[0]);
    unsigned char *b = program_read_file(other, &sizes[1]);
    ck_assert_uint_eq(sizes[0], sizes[1]);
    ck_assert_msg(memcmp(a, b, sizes[0]) == 0, "%s and %s differ", one, other);
    free(a);
    free(b);
}

static void run(const char *arguments, const char *message)
{
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_msg(result.status == 0, "%s: %s", arguments, result.err);
    ck_assert_msg(strstr(result.err, message) != NULL, "%s: %s", arguments,
                  result.err);
}

START_TEST(plays_as_a_script_does_offline_and_live)
{
    write_song();
    run("--render a.wav --blocks 20 --midi song.mid --dump-memory a",
        "midi    'song.mid', 8 messages, 0.017 s");
    run("--render b.wav --blocks 20 --script script --dump-memory b", "");
    run("--dummy --blocks 20 --midi song.mid --midi-in none --record c.wav "
        "--dump-memory c",
        "'song.mid', 8 messages");
    expect_same("a", "b");
    expect_same("a", "c");
    expect_same("a.wav", "b.wav");
    ck_assert_int_eq(program_dumped("a", FAKE_NOTE_COUNT), 8);
}
END_TEST

/* At 832 frames: it comes again within a block. */
START_TEST(plays_again_and_again)
{
    write_song();
    run("--render none --blocks 13 --midi song.mid --midi-loop --dump-memory a",
        "0.017 s, again and again");
    ck_assert_int_eq(program_dumped("a", FAKE_NOTE_COUNT), 15);
    run("--render none --blocks 14 --midi song.mid --midi-loop --dump-memory a",
        "");
    ck_assert_int_eq(program_dumped("a", FAKE_NOTE_COUNT), 17);
}
END_TEST

/* What it leaves sounding is ended before it comes again. */
START_TEST(ends_its_notes_before_it_comes_again)
{
    static const unsigned char want[] = {0x93, 60,  100, 0x83, 60, 0,
                                         0xb3, 123, 0,   0x93, 60, 100};
    uint8_t bytes[64];
    size_t size =
        parse_hex(HEAD "5dc0 MTrk 00000009 00933c64 8100ff2f00", bytes);
    program_write_file("song.mid", bytes, size);
    run("--render none --blocks 2 --midi song.mid --midi-loop --dump-memory a",
        "");
    unsigned char *memory = program_read_file("a", &size);
    ck_assert_mem_eq(memory + FAKE_NOTE_LOG, want, sizeof(want));
    free(memory);
}
END_TEST

START_TEST(plays_another_port_when_told_so)
{
    write_song();
    run("--render none --blocks 20 --midi 5=song.mid --dump-memory a", "");
    ck_assert_int_eq(program_dumped("a", FAKE_NOTE_COUNT), 0);
}
END_TEST

static const struct {
    const char *arguments;
    int status;
    const char *message;
} refusals[] = {
    {"--midi none.mid", 9, "cannot read 'none.mid': No such file"},
    {"--midi .", 9, "cannot read '.': Is a directory"},
    {"--midi script", 9, "'script': not a standard MIDI file"},
    {"--midi 1=song.mid", 2, "--midi: the patch does not listen to port 1"},
    {"--midi-loop", 2, "--midi-loop needs --midi"},
    {"--midi short.mid --midi-loop", 2, "'short.mid' is shorter than a block"},
};

START_TEST(says_why_it_does_not_play)
{
    char line[160];
    uint8_t bytes[64];
    write_song();
    size_t size = parse_hex(HEAD "0060", bytes);
    program_write_file("short.mid", bytes, size);
    (void)snprintf(line, sizeof(line), "--render none --blocks 1 %s",
                   refusals[_i].arguments);
    struct program_result result = program_run(NULL, NULL, line);
    ck_assert_msg(result.status == refusals[_i].status &&
                      strstr(result.err, refusals[_i].message) != NULL,
                  "%s: %d: %s", line, result.status, result.err);
}
END_TEST

START_TEST(needs_somebody_who_listens)
{
    write_song();
    struct program_result result = program_run(
        getenv("FAKE_MUTE"), NULL, "--render none --blocks 1 --midi song.mid");
    ck_assert_int_eq(result.status, 2);
    ck_assert_ptr_nonnull(
        strstr(result.err, "--midi: the patch does not listen to MIDI"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("smf");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, reads_what_is_right, 0,
                        sizeof(good) / sizeof(*good));
    tcase_add_loop_test(tcase, refuses_what_is_wrong, 0,
                        sizeof(bad) / sizeof(*bad));
    tcase_add_test(tcase, refuses_what_lasts_for_ages);
    tcase_add_loop_test(tcase, comes_back_as_it_was_written, 0,
                        sizeof(clocks) / sizeof(*clocks));
    tcase_add_test(tcase, plays_as_a_script_does_offline_and_live);
    tcase_add_test(tcase, plays_again_and_again);
    tcase_add_test(tcase, ends_its_notes_before_it_comes_again);
    tcase_add_test(tcase, plays_another_port_when_told_so);
    tcase_add_loop_test(tcase, says_why_it_does_not_play, 0,
                        sizeof(refusals) / sizeof(*refusals));
    tcase_add_test(tcase, needs_somebody_who_listens);
    suite_add_tcase(suite, tcase);
    return suite;
}
