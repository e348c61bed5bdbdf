/* SPDX-License-Identifier: MIT */
#include "preset/presets.h"

#include "common/element.h"
#include "control/names.h"
#include "fake_patch.h"
#include "load/load.h"
#include "preset/preset_apply.h"
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
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct presets presets;
static struct engine engine;

static void open_file(const char *path)
{
    static struct options options;
    struct failure failure = {0};
    options = (struct options){.presets = path};
    memset(&presets, 0, sizeof(presets));
    bool is_open = presets_open(&presets, &f4e_patch, &options, &failure);
    ck_assert_msg(is_open, "%s", failure.text);
    told_start();
    engine_init(&engine, &f4e_patch, TRAP_STOP, load_stack_bytes(&f4e_patch));
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
}

static void close_file(void)
{
    told_stop();
    presets_close(&presets);
}

static bool say(const char *text)
{
    struct event_list events = {0};
    bool is_good = spoken(presets_word(&presets), text, &events);
    for (size_t i = 0; is_good && i < events.count; i++) {
        const struct change *event = &events.events[i];
        if (event->kind == CHANGE_WRITE) {
            engine_write(&engine, event->write.memory, event->write.address,
                         event->write.bytes, event->write.size);
        }
    }
    event_list_free(&events);
    return is_good;
}

static char *file_text(const char *path)
{
    static char text[65536];
    size_t size;
    unsigned char *bytes = program_read_file(path, &size);
    ck_assert_uint_lt(size, sizeof(text));
    memcpy(text, bytes, size);
    text[size] = '\0';
    free(bytes);
    return text;
}

static void poke(unsigned address, float value)
{
    memcpy(f4e_patch.memories[0].data + address, &value, sizeof(value));
}

static float peek(unsigned address)
{
    float value;
    memcpy(&value, f4e_patch.memories[0].data + address, sizeof(value));
    return value;
}

START_TEST(writes_a_value_a_line)
{
    open_file("p");
    poke(FAKE_PANEL, 0.75F);
    poke(FAKE_PANEL + 8, -0.5F);
    ck_assert_msg(say("save soft"), "%s", spoken_answer);
    ck_assert_str_eq(
        file_text("p"),
        "{\n"
        "  \"soft\": {\n"
        "    \"panel:bits\": {\"value\": -0.5},\n"
        "    \"panel:cut\": {\"value\": 0.75},\n"
        "    \"panel:left\": {\"value\": 0},\n"
        "    \"panel:play\": {\"value\": 0},\n"
        "    \"panel:right\": {\"value\": 0},\n"
        "    \"panel:steps\": {\"value\": 0},\n"
        "    \"table:f32\": {\"value\": [0, 0, 0, 0, 0, 0, 0, 0]},\n"
        "    \"table:i32\": {\"value\": [0, 0, 0, 0, 0, 0, 0, 0]},\n"
        "    \"table:odd\": {\"value\": 0},\n"
        "    \"wide:bytes\": {\"value\": [0, 0, 0, 0, 0, 0, 0, 0]}\n"
        "  }\n"
        "}\n");
    close_file();
}
END_TEST

/* All bytes that a variable can hold come back, but for the kinds of NaN. */
START_TEST(all_variables_come_back)
{
    open_file("p");
    uint8_t *data = f4e_patch.memories[0].data;
    srand(3);
    for (unsigned i = FAKE_TABLE; i < FAKE_TABLE + 472; i++) {
        data[i] = (uint8_t)rand();
    }
    poke(FAKE_GAIN, 1e-40F);
    static uint8_t before[FAKE_MEMORY_BYTES];
    memcpy(before, data, sizeof(before));
    ck_assert_msg(say("save \"all of it\" all"), "%s", spoken_answer);
    memset(data + FAKE_TABLE, 0, 472);
    poke(FAKE_GAIN, 3.0F);
    ck_assert_msg(say("load \"all of it\""), "%s", spoken_answer);
    for (unsigned i = 0; i < f4e_patch.item_count; i++) {
        const struct place place = names_place(&f4e_patch, i);
        const unsigned size = element_bytes(place.element);
        for (uint32_t k = 0; place.memory == 0 && k < place.count; k++) {
            const uint8_t *old = before + place.address + k * size;
            double number = element_decode(place.element, old);
            ck_assert_msg(
                number != number ||
                    memcmp(old, data + place.address + k * size, size) == 0,
                "%s[%u]", place.item->name, k);
        }
    }
    ck_assert_str_eq(told(), "");
    close_file();
}
END_TEST

START_TEST(keeps_what_it_does_not_know)
{
    static const char text[] =
        "{\"b\": {\"gone:x\" : { \"value\": [1 , 2],\n\"note\" : \"a, b: "
        "c\\\"\" },"
        "\"panel:cut\": {\"value\": 0.25, \"curve\": \"log\"},"
        "\"amp:gain\": {\"value\": \"much\"}, \"keys:note\": 3 },\n"
        " \"a\": {}}";
    program_write_file("p", text, sizeof(text) - 1);
    open_file("p");
    ck_assert_msg(say("load b"), "%s", spoken_answer);
    ck_assert(peek(FAKE_PANEL) == 0.25F);
    ck_assert(peek(FAKE_GAIN) == 1.0F);
    ck_assert_str_eq(told(), "fake: preset  'b': amp:gain, gone:x, keys:note "
                             "do not fit this patch\n");
    ck_assert(say("load b"));
    ck_assert_ptr_null(strstr(strchr(told(), '\n') + 1, "gone"));
    ck_assert_msg(say("save b"), "%s", spoken_answer);
    const char *now = file_text("p");
    ck_assert_ptr_nonnull(strstr(
        now,
        "    \"gone:x\": {\"value\": [1, 2], \"note\": \"a, b: c\\\"\"},\n"));
    ck_assert_ptr_nonnull(strstr(now, "{\n  \"a\": {},\n  \"b\": {\n"));
    ck_assert_ptr_nonnull(strstr(now, "\"panel:cut\": {\"value\": 0.25},\n"));
    close_file();
}
END_TEST

static const struct {
    const char *text;
    const char *message;
} malformed[] = {
    {"", "p:1:1: expected an object"},
    {"[]", "p:1:1: expected an object"},
    {"{\"a\": 1}", "p:1:7: expected an object"},
    {"{\"a\": {\n  \"x\": {\"value\": 01}}}", "p:2:18: not a number of JSON"},
    {"{\"a\": {}, \"a\": {}}", "p:1:11: a preset that is there twice"},
    {"{\"a\": {\"x\":1,\n\"x\":1}}", "p:2:1: a variable that is there twice"},
    {"{\"a\": {}} x", "p:1:11: something follows the end"},
};

/* What cannot be read is never written over. */
START_TEST(leaves_a_malformed_file_alone)
{
    program_write_file("p", "{}", 2);
    open_file("p");
    ck_assert_msg(say("save good"), "%s", spoken_answer);
    program_write_file("p", malformed[_i].text, strlen(malformed[_i].text));
    static const char *const lines[] = {"save x",      "load good",
                                        "delete good", "rename good y",
                                        "list",        "save x all"};
    for (unsigned i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        ck_assert_msg(!say(lines[i]), "%s", lines[i]);
        ck_assert_str_eq(spoken_answer, malformed[_i].message);
    }
    ck_assert_str_eq(file_text("p"), malformed[_i].text);
    struct options options = {.presets = "p"};
    struct failure failure = {0};
    static struct presets other;
    memset(&other, 0, sizeof(other));
    ck_assert(!presets_open(&other, &f4e_patch, &options, &failure));
    ck_assert_int_eq(failure.status, STATUS_FILE);
    presets_close(&other);
    close_file();
}
END_TEST

START_TEST(lists_deletes_and_renames)
{
    open_file("p");
    ck_assert(say("list"));
    ck_assert_str_eq(spoken_answer, "");
    ck_assert(say("save b") && say("save \"a \\\"1\\\"\"") && say("save c"));
    ck_assert(say("list"));
    ck_assert_str_eq(spoken_answer, "0 a \"1\"\n1 b\n2 c\n");
    ck_assert(say("rename b z # now the last") && say("delete c"));
    ck_assert(say("list"));
    ck_assert_str_eq(spoken_answer, "0 a \"1\"\n1 z\n");
    ck_assert(say("load z") && say("rename z z"));
    ck_assert(!say("rename z \"a \\\"1\\\"\""));
    ck_assert_str_eq(spoken_answer, "there is a preset 'a \"1\"' already");
    close_file();
}
END_TEST

/* As an answer of the channel, whatever the names are. */
START_TEST(writes_its_list)
{
    char *text = NULL;
    size_t size = 0;
    struct json json;
    struct failure failure = {0};
    open_file("p");
    ck_assert(say("save b") && say("save \"a \\\"1\\\"\""));
    FILE *file = open_memstream(&text, &size);
    json_init(&json, file, 0);
    json_open(&json, '{');
    ck_assert(presets_write(&presets, &json, &failure));
    json_close(&json, '}');
    (void)fclose(file);
    ck_assert_str_eq(text,
                     "{\"presets\":[{\"number\":0,\"name\":\"a \\\"1\\\"\"},"
                     "{\"number\":1,\"name\":\"b\"}]}");
    free(text);
    close_file();
}
END_TEST

/* What is played into a piano is a player's work too. */
START_TEST(keeps_pianos)
{
    static const float keys[] = {60.0F, 64.0F, 67.0F};
    int32_t count = 3;
    open_file("p");
    uint8_t *memory = f4e_patch.memories[0].data;
    memcpy(memory + FAKE_TABLE + 320, keys, sizeof(keys));
    memcpy(memory + FAKE_PANEL + 4, &count, sizeof(count));
    ck_assert_msg(say("save chord"), "%s", spoken_answer);
    ck_assert_ptr_nonnull(strstr(file_text("p"), "\"table:f32\": {\"value\": "
                                                 "[60, 64, 67,"));
    memset(memory + FAKE_TABLE + 320, 0, sizeof(keys));
    memset(memory + FAKE_PANEL + 4, 0, sizeof(count));
    ck_assert_msg(say("load chord"), "%s", spoken_answer);
    ck_assert_int_eq(memcmp(memory + FAKE_TABLE + 320, keys, sizeof(keys)), 0);
    ck_assert_int_eq(memcmp(memory + FAKE_PANEL + 4, &count, sizeof(count)), 0);
    close_file();
}
END_TEST

static const struct {
    const char *line;
    const char *message;
} wrong[] = {
    {"", "expected preset load, save, list, delete or rename"},
    {"lod x", "expected preset load, save, list, delete or rename, not 'lod'"},
    {"load", "preset load needs a name"},
    {"load x", "there is no preset 'x' in 'p'"},
    {"load x over", "over needs a time"},
    {"load \"x", "preset load: a quote has no end"},
    {"load \"\"", "preset load needs a name"},
    {"load x y", "'y' is one word too many"},
    {"list x", "'x' is one word too many"},
    {"save", "preset save needs a name"},
    {"save # x", "preset save needs a name"},
    {"save x ale", "'ale' is one word too many"},
    {"save \"a\tb\"", "the name of a preset has a control character"},
    {"save \xff\xfe", "the name of a preset is not UTF-8"},
    {"save \xed\xa0\x80", "the name of a preset is not UTF-8"},
    {"save x\xc3", "the name of a preset is not UTF-8"},
    {"rename x \xc0\xaf", "the name of a preset is not UTF-8"},
    {"delete \"a\tb\"", "there is no preset 'a\tb' in 'p'"},
    {"delete x", "there is no preset 'x' in 'p'"},
    {"delete", "preset delete needs a name"},
    {"rename x", "preset rename needs two names"},
    {"rename x y", "there is no preset 'x' in 'p'"},
};

START_TEST(says_what_is_wrong)
{
    open_file("p");
    ck_assert_msg(!say(wrong[_i].line), "%s", wrong[_i].line);
    ck_assert_msg(strncmp(spoken_answer, wrong[_i].message,
                          strlen(wrong[_i].message)) == 0,
                  "%s: %s", wrong[_i].line, spoken_answer);
    ck_assert(!program_has_file("p"));
    close_file();
}
END_TEST

START_TEST(says_how_long_a_name_may_be)
{
    char line[1100];
    open_file("p");
    for (int i = 0; i < 2; i++) {
        size_t bytes = 1039 + (size_t)i;
        int start = snprintf(line, sizeof(line), "save ");
        memset(line + start, 'x', bytes);
        line[(size_t)start + bytes] = '\0';
        ck_assert_msg(say(line) == (i == 0), "%zu: %s", bytes, spoken_answer);
    }
    ck_assert_str_eq(spoken_answer, "the name of a preset has 1040 bytes, at "
                                    "most 1039 are allowed");
    close_file();
}
END_TEST

/* A pipe without a writer must not stop the program. */
START_TEST(refuses_a_pipe)
{
    open_file("p");
    ck_assert_int_eq(mkfifo("p", 0600), 0);
    ck_assert(!say("list"));
    ck_assert_str_eq(spoken_answer, "'p' is a pipe, which keeps nothing");
    close_file();
}
END_TEST

/* Another hand may edit the text while the patch plays. */
START_TEST(sees_what_an_editor_wrote)
{
    static const char text[] = "{\"x\": {\"panel:cut\": {\"value\": 0.5}}}";
    open_file("p");
    ck_assert(say("save x"));
    program_write_file("p", text, sizeof(text) - 1);
    ck_assert_msg(say("load x"), "%s", spoken_answer);
    ck_assert(peek(FAKE_PANEL) == 0.5F);
    close_file();
}
END_TEST

START_TEST(has_a_place_of_its_own)
{
    char folder[] = "/tmp/f4e-config-XXXXXX";
    char path[128];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", folder, 1), 0);
    open_file(NULL);
    ck_assert_msg(say("save x"), "%s", spoken_answer);
    (void)snprintf(path, sizeof(path), "%s/f4e/fake__ramp_.presets.json",
                   folder);
    ck_assert_str_eq(presets.config.path, path);
    ck_assert_int_eq(unlink(path), 0);
    *strrchr(path, '/') = '\0';
    ck_assert_int_eq(rmdir(path), 0);
    ck_assert_int_eq(rmdir(folder), 0);
    close_file();
    ck_assert_int_eq(unsetenv("XDG_CONFIG_HOME"), 0);
    ck_assert_int_eq(unsetenv("HOME"), 0);
    open_file(NULL);
    ck_assert(!say("save x"));
    ck_assert_ptr_nonnull(
        strstr(spoken_answer, "there is no place for presets"));
    close_file();
}
END_TEST

/* Killed at any time the file is the old one or the new one. */
START_TEST(is_whole_after_a_kill)
{
    open_file("p");
    ck_assert(say("save x all"));
    for (unsigned i = 0; i < 20; i++) {
        pid_t pid = fork();
        ck_assert_int_ge(pid, 0);
        if (pid == 0) {
            for (;;) {
                poke(FAKE_GAIN, (float)rand());
                (void)say("save x all");
            }
        }
        const struct timespec time = {0, 3000000L + i * 700000L};
        (void)nanosleep(&time, NULL);
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
        char temporary[64];
        (void)snprintf(temporary, sizeof(temporary), "p.%ld.tmp", (long)pid);
        (void)unlink(temporary);
        ck_assert_msg(say("load x"), "%s", spoken_answer);
    }
    close_file();
}
END_TEST

START_TEST(programs_load_by_number)
{
    static float left[FAKE_BLOCK_FRAMES];
    static float right[FAKE_BLOCK_FRAMES];
    float *const out[] = {left, right};
    open_file("p");
    static struct sender sender;
    sender_init(&sender);
    presets.sender = &sender;
    engine_attach(&engine, &sender.inbox);
    for (unsigned i = 0; i < 3; i++) {
        static const char *const lines[] = {"save c", "save a", "save b"};
        poke(FAKE_PANEL, (float)i);
        ck_assert(say(lines[i]));
    }
    for (unsigned i = 0; i < 3; i++) {
        static const float values[] = {1.0F, 2.0F, 0.0F};
        presets_want_program(&presets, i);
        ck_assert(!presets_pump(&presets));
        ck_assert(engine_process(&engine, NULL, out));
        ck_assert(peek(FAKE_PANEL) == values[i]);
    }
    presets_want_program(&presets, 3);
    ck_assert(!presets_pump(&presets));
    ck_assert_str_eq(told(),
                     "fake: preset  program 3: there are 3 presets, from 0\n");
    close_file();
    sender_close(&sender);
}
END_TEST

/* The same morph, offline and live: the same memory, bit for bit. */
START_TEST(morphs_live_as_offline)
{
    static const char text[] =
        "{\"x\": {\"panel:cut\": {\"value\": 0.7}, \"panel:left\": {\"value\": "
        "0.3}, \"panel:play\": {\"value\": 5}, \"panel:steps\": {\"value\": "
        "99},"
        "\"amp:gain\": {\"value\": -0.1}, \"keys:note\": {\"value\": 100},"
        "\"table:f32\": {\"value\": [1, 2]}},"
        "\"y\": {\"panel:cut\": {\"value\": 0.1}}}";
    static const char script[] = "3b preset load x over 50ms\n"
                                 "9b set panel:steps 3 over 90b\n"
                                 "12b preset load y over 30b\n";
    size_t sizes[2];
    unsigned char *memories[2];
    program_write_file("p", text, sizeof(text) - 1);
    program_write_file("s", script, sizeof(script) - 1);
    for (int i = 0; i < 2; i++) {
        char line[200];
        (void)snprintf(
            line, sizeof(line),
            "%s --script s --presets p --blocks 17 --dump-memory m%d",
            i == 0 ? "--render none" : "--dummy", i);
        struct program_result result = program_run(NULL, NULL, line);
        ck_assert_msg(result.status == 0, "%s", result.err);
        memories[i] = program_read_file(i == 0 ? "m0" : "m1", &sizes[i]);
    }
    ck_assert_uint_eq(sizes[0], sizes[1]);
    ck_assert_mem_eq(memories[0], memories[1], sizes[0]);
    /* The switch and the int without a slider are there, the gain moves. */
    float gain;
    memcpy(&gain, memories[0] + FAKE_GAIN, sizeof(gain));
    ck_assert(gain < 1.0F && gain > -0.1F);
    ck_assert_int_eq(program_dumped("m0", FAKE_PANEL + 12), 5);
    ck_assert_int_eq(program_dumped("m0", FAKE_LAST_NOTE), 100);
    free(memories[0]);
    free(memories[1]);
}
END_TEST

START_TEST(starts_with_a_preset)
{
    static const char text[] = "{\"a \\\"b\": {\"keys:note\": {\"value\": 7},"
                               "\"test:sleep\": {\"value\": 1}}, \"c\": "
                               "{\"keys:note\": {\"value\": 8}}}";
    program_write_file("p", text, sizeof(text) - 1);
    struct program_result result = program_run(
        NULL, NULL,
        "--presets p --preset c --set test:sleep=2 --render none --blocks 1 "
        "--dump-memory m");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_int_eq(program_dumped("m", FAKE_LAST_NOTE), 8);
    ck_assert_int_eq(program_dumped("m", FAKE_SLEEP_US), 2);
    result = program_run(NULL, NULL,
                         "--presets p --preset d --render none --blocks 1");
    ck_assert_int_eq(result.status, STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(result.err, "there is no preset 'd' in 'p'"));
    result = program_run(NULL, NULL, "--presets . --render none --blocks 1");
    ck_assert_int_eq(result.status, STATUS_FILE);
}
END_TEST

START_TEST(a_script_only_loads)
{
    program_write_file("s", "0b preset save x\n", 17);
    struct program_result result = program_run(
        NULL, NULL, "--presets p --script s --render none --blocks 1");
    ck_assert_int_eq(result.status, STATUS_USAGE);
    ck_assert_ptr_nonnull(
        strstr(result.err, "s:1: a script can load presets, nothing else"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("presets");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, writes_a_value_a_line);
    tcase_add_test(tcase, all_variables_come_back);
    tcase_add_test(tcase, keeps_what_it_does_not_know);
    tcase_add_loop_test(tcase, leaves_a_malformed_file_alone, 0,
                        sizeof(malformed) / sizeof(*malformed));
    tcase_add_test(tcase, lists_deletes_and_renames);
    tcase_add_test(tcase, writes_its_list);
    tcase_add_test(tcase, keeps_pianos);
    tcase_add_loop_test(tcase, says_what_is_wrong, 0,
                        sizeof(wrong) / sizeof(*wrong));
    tcase_add_test(tcase, says_how_long_a_name_may_be);
    tcase_add_test(tcase, refuses_a_pipe);
    tcase_add_test(tcase, sees_what_an_editor_wrote);
    tcase_add_test(tcase, has_a_place_of_its_own);
    tcase_add_test(tcase, is_whole_after_a_kill);
    tcase_add_test(tcase, programs_load_by_number);
    tcase_add_test(tcase, morphs_live_as_offline);
    tcase_add_test(tcase, starts_with_a_preset);
    tcase_add_test(tcase, a_script_only_loads);
    suite_add_tcase(suite, tcase);
    return suite;
}
