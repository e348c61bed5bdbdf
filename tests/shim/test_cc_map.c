/* SPDX-License-Identifier: MIT */
#include "cc/cc_map.h"

#include "fake_patch.h"
#include "load/load.h"
#include "program.h"
#include "rt/engine.h"
#include "spoken.h"
#include "suite.h"
#include "told.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct cc_map map;
static struct options options;
static struct engine engine;
static struct inbox inbox;
static struct inbox_slot slots[64];
static struct inbox_payload payloads[64];
static float left[FAKE_BLOCK_FRAMES];
static float right[FAKE_BLOCK_FRAMES];
static float *const out[] = {left, right};

/* A map with the file "c", and a patch that plays when the test says so. */
static bool open_map(struct failure *failure)
{
    memset(&map, 0, sizeof(map));
    options.cc_map = "c";
    bool is_good = cc_map_open(&map, &f4e_patch, &options, failure);
    map.is_heard = true;
    told_start();
    engine_init(&engine, &f4e_patch, TRAP_STOP, load_stack_bytes(&f4e_patch));
    inbox_init(&inbox, slots, payloads, sizeof(slots) / sizeof(*slots));
    engine_attach(&engine, &inbox);
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
    return is_good;
}

static void must_open(void)
{
    struct failure failure = {0};
    ck_assert_msg(open_map(&failure), "%s", failure.text);
}

static void close_map(void)
{
    cc_map_close(&map);
    told_stop();
}

static bool say(const char *text)
{
    struct event_list events = {0};
    bool is_good = spoken(cc_map_word(&map), text, &events);
    ck_assert_uint_eq(events.count, 0);
    return is_good;
}

static void hear(uint8_t status, uint8_t first, uint8_t second)
{
    const struct midi_message message = {{status, first, second}};
    ck_assert(cc_map_hear(&map, &inbox, &message));
}

static void play(void)
{
    ck_assert(engine_process(&engine, NULL, out));
}

static float peek(unsigned address)
{
    float value;
    memcpy(&value, f4e_patch.memories[0].data + address, sizeof(value));
    return value;
}

static int32_t cell(unsigned address)
{
    int32_t value;
    memcpy(&value, f4e_patch.memories[0].data + address, sizeof(value));
    return value;
}

static void poke(unsigned address, float value)
{
    memcpy(f4e_patch.memories[0].data + address, &value, sizeof(value));
}

static char *file_text(void)
{
    static char text[65536];
    size_t size;
    unsigned char *bytes = program_read_file("c", &size);
    ck_assert_uint_lt(size, sizeof(text));
    memcpy(text, bytes, size);
    text[size] = '\0';
    free(bytes);
    return text;
}

/* What a message does to the patch's memory. */
static const struct {
    const char *set;
    uint8_t bytes[3];
    unsigned address;
    bool is_float;
    double value;
} moves[] = {
    {"set 7 panel:cut", {0xb0, 7, 127}, FAKE_PANEL, true, 1.0},
    {"set 7 panel:cut", {0xb0, 7, 80}, FAKE_PANEL, true, 0.75}, /* steps */
    {"set 7 panel:cut 1 0", {0xb0, 7, 0}, FAKE_PANEL, true, 1.0},
    {"set 7 panel:cut 0 0.5", {0xb0, 7, 127}, FAKE_PANEL, true, 0.5},
    {"set 7 panel:steps", {0xb0, 7, 77}, FAKE_PANEL + 4, false, 77},
    {"set 7 panel:steps 10 20", {0xb0, 7, 63}, FAKE_PANEL + 4, false, 15},
    {"set 7 panel:bits", {0xb0, 7, 0}, FAKE_PANEL + 8, true, -1.0},
    {"set 7 panel:play", {0xb0, 7, 63}, FAKE_PANEL + 12, false, 3},
    {"set 7 panel:play", {0xb0, 7, 64}, FAKE_PANEL + 12, false, 5},
    {"set 7 panel:play 0 9", {0xb0, 7, 127}, FAKE_PANEL + 12, false, 9},
    {"set note9 panel:hit", {0x90, 9, 64}, FAKE_PANEL + 16, true, 100.0},
    {"set 7 panel:left", {0xb0, 7, 127}, FAKE_PANEL + 20, true, 0.0},
    {"set 7 panel:right", {0xb0, 7, 127}, FAKE_PANEL + 24, true, 1.0},
    {"set bend amp:gain", {0xe0, 0, 64}, FAKE_GAIN, true, 0.5},
    {"set bend amp:gain -2 2", {0xe0, 0, 64}, FAKE_GAIN, true, 0.0},
    {"set 7 keys:note", {0xb0, 7, 100}, FAKE_LAST_NOTE, false, 100},
    {"set 7 table:f32[3]", {0xb0, 7, 127}, FAKE_TABLE + 332, true, 1.0},
    {"set 7 @0x20:f32", {0xb0, 7, 127}, FAKE_TINY, true, 1.0},
};

START_TEST(moves_a_variable)
{
    must_open();
    ck_assert_msg(say(moves[_i].set), "%s", spoken_answer);
    hear(moves[_i].bytes[0], moves[_i].bytes[1], moves[_i].bytes[2]);
    /* Before the block: it computes some of them. */
    const struct change *change = NULL;
    ck_assert(inbox_enter(&inbox));
    for (; (change = inbox_first(&inbox)) != NULL; inbox_next(&inbox)) {
        engine_write(&engine, change->write.memory, change->write.address,
                     change->write.bytes, change->write.size);
    }
    inbox_leave(&inbox);
    double now = moves[_i].is_float ? (double)peek(moves[_i].address)
                                    : cell(moves[_i].address);
    ck_assert_msg(now == moves[_i].value, "%s: %g", moves[_i].set, now);
    close_map();
}
END_TEST

/* Pickup looks at the memory: what a preset did counts, what is on its way
 * does too. */
START_TEST(picks_up_what_another_moved)
{
    must_open();
    ck_assert_msg(say("set 7 keys:level pickup"), "%s", spoken_answer);
    poke(FAKE_FLOAT_ARG, 0.5F);
    hear(0xb0, 7, 10);
    play();
    ck_assert(peek(FAKE_FLOAT_ARG) == 0.5F);
    hear(0xb0, 7, 100);
    hear(0xb0, 7, 20); /* the first is not there yet, and its own */
    play();
    ck_assert(peek(FAKE_FLOAT_ARG) == (float)(20 / 127.0));
    poke(FAKE_FLOAT_ARG, 0.9F);
    hear(0xb0, 7, 30);
    play();
    ck_assert(peek(FAKE_FLOAT_ARG) == 0.9F);
    hear(0xb0, 7, 127);
    play();
    ck_assert(peek(FAKE_FLOAT_ARG) == 1.0F);
    close_map();
}
END_TEST

START_TEST(keeps_the_map_as_text)
{
    must_open();
    ck_assert_msg(say("set 74@16 cut 0.1 1 pickup"), "%s", spoken_answer);
    ck_assert_msg(say("set 1+33 amp:gain"), "%s", spoken_answer);
    ck_assert_msg(say("set bend@2 table:f32[3] scale"), "%s", spoken_answer);
    ck_assert_msg(say("set pressure panel:play"), "%s", spoken_answer);
    ck_assert_msg(say("set note60 panel:left -1 0.5"), "%s", spoken_answer);
    const char *text =
        "{\n"
        "  \"amp:gain\": {\"midi\": {\"ctrl\": 1, \"lsb\": 33}},\n"
        "  \"panel:cut\": {\"midi\": {\"ctrl\": 74, \"chan\": 16}, \"min\": "
        "0.1, \"max\": 1, \"takeover\": \"pickup\"},\n"
        "  \"panel:left\": {\"midi\": {\"note\": 60}, \"min\": -1, \"max\": "
        "0.5},\n"
        "  \"panel:play\": {\"midi\": {\"pressure\": true}},\n"
        "  \"table:f32[3]\": {\"midi\": {\"bend\": true, \"chan\": 2}, "
        "\"takeover\": \"scale\"}\n"
        "}\n";
    ck_assert_str_eq(file_text(), text);
    ck_assert(say("list"));
    static char before[1024];
    (void)snprintf(before, sizeof(before), "%s", spoken_answer);
    ck_assert_str_eq(before, "1+33 amp:gain 0 1 jump\n"
                             "74@16 panel:cut 0.1 1 pickup\n"
                             "note60 panel:left -1 0.5 jump\n"
                             "pressure panel:play jump\n"
                             "bend@2 table:f32[3] 0 1 scale\n");
    close_map();
    must_open();
    ck_assert(say("list"));
    ck_assert_str_eq(spoken_answer, before);
    ck_assert(say("clear cut") && !say("clear cut"));
    ck_assert_str_eq(spoken_answer, "no controller moves 'cut'");
    ck_assert_ptr_null(strstr(file_text(), "panel:cut"));
    close_map();
}
END_TEST

START_TEST(keeps_what_it_does_not_know)
{
    static const char text[] =
        "{\"gone:x\": {\"midi\": {\"ctrl\": 1}}, \"amp:gain\": 7,\n"
        "\"panel:cut\": {\"midi\": {\"ctrl\": 3}, \"osc\": [\"/a\", 1]},"
        "\"keys:note\": {\"midi\": {\"ctrl\": 200}}}";
    program_write_file("c", text, sizeof(text) - 1);
    must_open();
    ck_assert(say("set 4 osc:offset"));
    ck_assert_str_eq(
        file_text(),
        "{\n"
        "  \"amp:gain\": 7,\n"
        "  \"gone:x\": {\"midi\": {\"ctrl\": 1}},\n"
        "  \"keys:note\": {\"midi\": {\"ctrl\": 200}},\n"
        "  \"osc:offset\": {\"midi\": {\"ctrl\": 4}},\n"
        "  \"panel:cut\": {\"midi\": {\"ctrl\": 3}, \"osc\": [\"/a\", 1]}\n"
        "}\n");
    ck_assert(say("set 5 keys:note") && say("clear gone:x"));
    ck_assert_ptr_null(strstr(file_text(), "200"));
    ck_assert_ptr_null(strstr(file_text(), "gone"));
    close_map();
}
END_TEST

START_TEST(leaves_a_malformed_file_alone)
{
    struct failure failure = {0};
    program_write_file("c", "{\"a\":\n {\"midi\" 1}}", 18);
    ck_assert(!open_map(&failure));
    ck_assert_str_eq(failure.text, "c:2:10: expected ':'");
    ck_assert_int_eq(failure.status, STATUS_FILE);
    ck_assert(!say("set 1 amp:gain") && !say("learn amp:gain") &&
              !say("clear amp:gain"));
    ck_assert_str_eq(spoken_answer, "c:2:10: expected ':'");
    ck_assert_str_eq(file_text(), "{\"a\":\n {\"midi\" 1}}");
    close_map();
}
END_TEST

START_TEST(options_are_stronger_and_not_kept)
{
    static const char text[] = "{\"amp:gain\": {\"midi\": {\"ctrl\": 9}}}";
    program_write_file("c", text, sizeof(text) - 1);
    options.cc[0] = "7=amp:gain:0:3:pickup";
    options.cc[1] = "8=cut";
    options.cc[2] = "9@3=a=b:c=d:1:2";
    options.cc_count = 3;
    must_open();
    ck_assert(say("list"));
    ck_assert_str_eq(spoken_answer, "9@3 a=b:c=d 1 2 jump\n"
                                    "7 amp:gain 0 3 pickup\n"
                                    "8 panel:cut 0 1 jump\n");
    ck_assert(say("set 1 osc:offset"));
    ck_assert_str_eq(file_text(),
                     "{\n"
                     "  \"amp:gain\": {\"midi\": {\"ctrl\": 9}},\n"
                     "  \"osc:offset\": {\"midi\": {\"ctrl\": 1}}\n"
                     "}\n");
    ck_assert(say("set 2 amp:gain"));
    ck_assert_ptr_nonnull(strstr(file_text(), "\"ctrl\": 2"));
    ck_assert_ptr_null(strstr(file_text(), "\"ctrl\": 9"));
    close_map();
    options.cc_count = 0;
}
END_TEST

START_TEST(learns_what_is_moved)
{
    must_open();
    ck_assert_msg(say("learn amp:gain"), "%s", spoken_answer);
    hear(0x90, 60, 100); /* notes are played meanwhile */
    hear(0xb0, 123, 0);  /* and modes of a channel */
    hear(0xb4, 21, 127);
    play();
    ck_assert(peek(FAKE_GAIN) == 1.0F);
    hear(0xb4, 21, 0);
    play();
    ck_assert(peek(FAKE_GAIN) == 0.0F);
    cc_map_pump(&map);
    ck_assert_str_eq(told(), "fake: cc      21@5 moves amp:gain\n");
    ck_assert_ptr_nonnull(strstr(
        file_text(), "\"amp:gain\": {\"midi\": {\"ctrl\": 21, \"chan\": 5}}"));
    /* A fine part right behind is part of it. */
    ck_assert(say("learn osc:offset"));
    hear(0xb0, 2, 64);
    hear(0xb0, 34, 1);
    hear(0xb0, 3, 1);
    ck_assert(say("list"));
    ck_assert_ptr_nonnull(strstr(spoken_answer, "2+34@1 osc:offset"));
    ck_assert(say("learn osc:offset"));
    hear(0xe0, 1, 64);
    ck_assert(say("list"));
    ck_assert_ptr_nonnull(strstr(spoken_answer, "bend@1 osc:offset"));
    ck_assert(say("learn cut") && say("learn off"));
    hear(0xb0, 99, 64);
    ck_assert(say("list"));
    ck_assert_ptr_null(strstr(spoken_answer, "cut"));
    close_map();
}
END_TEST

/* Somebody edits the file between the learning and the keeping. */
START_TEST(learns_on_top_of_an_edit)
{
    static const char text[] = "{\"keys:note\": {\"midi\": {\"ctrl\": 9}}}";
    must_open();
    ck_assert(say("set 1 osc:offset") && say("learn amp:gain"));
    program_write_file("c", text, sizeof(text) - 1);
    hear(0xb4, 21, 127);
    cc_map_pump(&map);
    ck_assert_str_eq(
        file_text(),
        "{\n"
        "  \"amp:gain\": {\"midi\": {\"ctrl\": 21, \"chan\": 5}},\n"
        "  \"keys:note\": {\"midi\": {\"ctrl\": 9}}\n"
        "}\n");
    close_map();
}
END_TEST

static const struct {
    const char *line;
    const char *message;
} wrong[] = {
    {"", "expected cc list, set, learn or clear"},
    {"sat", "expected cc list, set, learn or clear, not 'sat'"},
    {"set", "cc set needs a controller and a name"},
    {"set 1", "cc set needs a controller and a name"},
    {"set 120 amp:gain", "'120' is no controller from 0 to 119"},
    {"set 1 amp:gian", "the patch has no variable 'amp:gian'"},
    {"set 1 amp:gain 1", "expected a second number for the range"},
    {"set 1 amp:gain 1 x", "expected a second number for the range, not 'x'"},
    {"set 1 amp:gain 1 2 3", "expected jump, pickup or scale, not '3'"},
    {"set 1 table:i8[0] 0 200", "200 is out of the range of table:i8[0]"},
    {"set 1 amp:gain nan 1", "nan is out of the range of amp:gain"},
    {"set 1 table:none", "table:none has no elements"},
    {"learn", "cc learn needs a name, or off"},
    {"clear", "cc clear needs a name"},
    {"clear amp:gain table:none", "'table:none' is one word too many"},
    {"learn amp:gain now", "'now' is one word too many"},
    {"learn off now", "'now' is one word too many"},
    {"list all", "'all' is one word too many"},
};

START_TEST(says_what_is_wrong)
{
    must_open();
    ck_assert_msg(!say(wrong[_i].line), "%s", wrong[_i].line);
    ck_assert_msg(strncmp(spoken_answer, wrong[_i].message,
                          strlen(wrong[_i].message)) == 0,
                  "%s: %s", wrong[_i].line, spoken_answer);
    ck_assert(!program_has_file("c"));
    close_map();
}
END_TEST

/* A folder is in the way of the file that takes the place of the old one: what
 * was asked for holds, and the answer says for how long. */
START_TEST(holds_what_cannot_be_kept)
{
    char blocked[32];
    must_open();
    (void)snprintf(blocked, sizeof(blocked), "c.%d.tmp", (int)getpid());
    ck_assert_int_eq(mkdir(blocked, 0700), 0);
    ck_assert(!say("set 74 amp:gain"));
    ck_assert_msg(strncmp(spoken_answer, "cannot write 'c'", 16) == 0, "%s",
                  spoken_answer);
    ck_assert_ptr_nonnull(strstr(spoken_hint, "until the program ends"));
    ck_assert(say("list"));
    ck_assert_str_eq(spoken_answer, "74 amp:gain 0 1 jump\n");
    ck_assert_int_eq(rmdir(blocked), 0);
    ck_assert(say("set 75 amp:gain"));
    ck_assert(program_has_file("c"));
    close_map();
}
END_TEST

START_TEST(waits_for_room)
{
    must_open();
    ck_assert(say("set 7 panel:left"));
    const struct midi_message message = {{0xb0, 7, 5}};
    const struct change call = {.kind = CHANGE_KEY};
    unsigned sent = 0;
    /* What nobody has seen yet is replaced, unless something came between. */
    while (cc_map_hear(&map, &inbox, &message)) {
        ck_assert_uint_eq(inbox_end(&inbox) - sent, 2);
        ck_assert(cc_map_hear(&map, &inbox, &message));
        ck_assert_uint_eq(inbox_end(&inbox) - sent, 2);
        sent += 2 + inbox_send(&inbox, &call);
    }
    ck_assert_uint_eq(inbox_end(&inbox), sent);
    ck_assert_uint_ge(sent, sizeof(slots) / sizeof(*slots) - 4);
    play();
    ck_assert(cc_map_hear(&map, &inbox, &message));
    close_map();
}
END_TEST

static int32_t run_midi(const char *program, const char *arguments,
                        unsigned address, struct program_result *result)
{
    char line[300];
    (void)snprintf(line, sizeof(line),
                   PROGRAM_ASKED "--dummy --dump-memory m %s", arguments);
    pid_t pid = program_start(program, NULL, line);
    program_wait_for("has ended"); /* the file of MIDI */
    program_play_on(32);
    (void)kill(pid, SIGINT);
    *result = program_wait(pid);
    ck_assert_msg(result->status == 0, "%s", result->err);
    return program_dumped("m", address);
}

/* The patch's own functions get every message all the same; a patch without
 * any is played too. */
START_TEST(moves_a_patch_that_plays)
{
    static const unsigned char bytes[] = {0xb0, 7, 100, 7, 101, 0xc2, 1};
    static const char presets[] = "{\"a\": {\"test:trapAt\": {\"value\": -2}},"
                                  "\"b\": {\"test:trapAt\": {\"value\": -3}}}";
    struct program_result result;
    program_write_file("song", bytes, sizeof(bytes));
    program_write_file("p", presets, sizeof(presets) - 1);
    ck_assert_int_eq(run_midi(NULL,
                              "--midi-raw song --cc 7=panel:steps "
                              "--cc-map none --presets p "
                              "--preset-programs",
                              FAKE_PANEL + 4, &result),
                     101);
    ck_assert_int_eq(program_dumped("m", FAKE_NOTE_COUNT), 3);
    ck_assert_int_eq(program_dumped("m", FAKE_TRAP_AT), -3);
    ck_assert_int_eq(run_midi(getenv("FAKE_MUTE"),
                              "--midi-raw song --cc 7=panel:steps --cc-map c "
                              "--presets p --preset-programs=4",
                              FAKE_PANEL + 4, &result),
                     101);
    ck_assert_int_eq(program_dumped("m", FAKE_TRAP_AT), -1);
    ck_assert(!program_has_file("c"));
}
END_TEST

START_TEST(refuses_options_that_are_wrong)
{
    static const struct {
        const char *option;
        const char *message;
    } rows[] = {
        {"--cc=7", "--cc 7: no '=' between controller and name"},
        {"--cc=7=amp:gian", "--cc 7=amp:gian: the patch has no variable"},
        {"--cc=x=amp:gain", "--cc x=amp:gain: 'x' is no controller"},
        {"--cc=7=amp:gain:1", "--cc 7=amp:gain:1: the patch has no variable"},
        {"--preset-programs=17", "--preset-programs is 17, not between 1 and"},
    };
    for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char line[128];
        (void)snprintf(line, sizeof(line),
                       "--cc-map none --dummy %s --blocks 1", rows[i].option);
        struct program_result result = program_run(NULL, NULL, line);
        ck_assert_int_eq(result.status, STATUS_USAGE);
        ck_assert_msg(strstr(result.err, rows[i].message) != NULL, "%s",
                      result.err);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cc_map");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_loop_test(tcase, moves_a_variable, 0,
                        sizeof(moves) / sizeof(*moves));
    tcase_add_test(tcase, picks_up_what_another_moved);
    tcase_add_test(tcase, keeps_the_map_as_text);
    tcase_add_test(tcase, keeps_what_it_does_not_know);
    tcase_add_test(tcase, leaves_a_malformed_file_alone);
    tcase_add_test(tcase, options_are_stronger_and_not_kept);
    tcase_add_test(tcase, learns_what_is_moved);
    tcase_add_test(tcase, learns_on_top_of_an_edit);
    tcase_add_loop_test(tcase, says_what_is_wrong, 0,
                        sizeof(wrong) / sizeof(*wrong));
    tcase_add_test(tcase, holds_what_cannot_be_kept);
    tcase_add_test(tcase, waits_for_room);
    tcase_add_test(tcase, moves_a_patch_that_plays);
    tcase_add_test(tcase, refuses_options_that_are_wrong);
    suite_add_tcase(suite, tcase);
    return suite;
}
