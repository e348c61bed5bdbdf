/* SPDX-License-Identifier: MIT */
#include "control/script.h"

#include "fake_patch.h"
#include "program.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command_reader reader = {.patch = &f4e_patch};

static bool load(const char *text, struct script *script,
                 struct failure *failure)
{
    *failure = (struct failure){0};
    program_write_file("s", text, strlen(text));
    const struct options options = {.script = "s"};
    return script_load(script, &options, &reader, failure);
}

START_TEST(orders_events_by_block_then_line)
{
    struct script script;
    struct failure failure;
    ck_assert_msg(load("# a comment\n\n"
                       "3b set 0 i8 1 # at the end\n"
                       "  1b set 1 i8 2\r\n"
                       "400f set 2 i8 3\n"    /* block 3 */
                       "0.0053s set 3 i8 4\n" /* frame 254, block 1 */
                       "0f set 4 i8 5",
                       &script, &failure),
                  "%s", failure.text);
    const uint64_t blocks[] = {0, 1, 1, 3, 3};
    const uint32_t addresses[] = {4, 1, 3, 0, 2};
    ck_assert_uint_eq(script.events.count, 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_uint_eq(script.events.events[i].block, blocks[i]);
        ck_assert_uint_eq(script.events.events[i].write.address, addresses[i]);
    }
    script_free(&script);
}
END_TEST

static const struct {
    const char *line;
    size_t size;
    unsigned char bytes[16];
} values[] = {
    {"i8 -1 255 0x7f", 3, {0xff, 0xff, 0x7f}},
    {"i16 -2 0xFFFF", 4, {0xfe, 0xff, 0xff, 0xff}},
    {"i32 4294967295 -2147483648", 8, {255, 255, 255, 255, 0, 0, 0, 0x80}},
    {"i32 010", 4, {10}},
    {"f32 1 -0.5", 8, {0, 0, 0x80, 0x3f, 0, 0, 0, 0xbf}},
    {"f32 0x1.8p1 inf", 8, {0, 0, 0x40, 0x40, 0, 0, 0x80, 0x7f}},
    {"f64 1", 8, {0, 0, 0, 0, 0, 0, 0xf0, 0x3f}},
    /* Rounded once, not through a double. */
    {"f32 1.00000005960464478", 4, {1, 0, 0x80, 0x3f}},
};

START_TEST(encodes_values)
{
    struct script script;
    struct failure failure;
    char line[128];
    (void)snprintf(line, sizeof(line), "0b set 0x100 %s\n", values[_i].line);
    ck_assert_msg(load(line, &script, &failure), "%s", failure.text);
    ck_assert_uint_eq(script.events.events[0].write.address, 256);
    ck_assert_msg(script.events.events[0].write.size == values[_i].size &&
                      memcmp(script.events.events[0].write.bytes,
                             values[_i].bytes, values[_i].size) == 0,
                  "%s", values[_i].line);
    script_free(&script);
}
END_TEST

START_TEST(fills_arguments_as_javascript_does)
{
    struct script script;
    struct failure failure;
    ck_assert(load("0b call note 0x90 60 100 7\n0b call note 1\n"
                   "0b call level\n",
                   &script, &failure));
    ck_assert(script.events.events[0].call.args[0] == 144.0);
    ck_assert(script.events.events[0].call.args[2] == 100.0);
    ck_assert(script.events.events[1].call.args[0] == 1.0);
    ck_assert(script.events.events[1].call.args[1] == 0.0);
    ck_assert(isnan(script.events.events[2].call.args[0]));
    ck_assert_str_eq(script.events.events[2].call.function->name, "level");
    script_free(&script);
}
END_TEST

static const struct {
    const char *text;
    const char *message;
} bad[] = {
    {"0b\n", "s:1: expected set, load, call, midi, key or piano"},
    {"\n0b poke 1\n",
     "s:2: expected set, load, call, midi, key or piano, not 'poke'"},
    {"b set 0 i8 1\n", "s:1: time 'b'"},
    {"-1b set 0 i8 1\n", "s:1: time '-1b'"},
    {"1.5b set 0 i8 1\n", "s:1: time '1.5b'"},
    {"1 set 0 i8 1\n", "s:1: time '1'"},
    {"nans set 0 i8 1\n", "s:1: time 'nans'"},
    {"-1s set 0 i8 1\n", "s:1: time '-1s'"},
    {"0b set\n", "s:1: set needs a name"},
    {"0b set gain 1\n",
     "s:1: 2 variables are called 'gain': amp:gain, far:gain"},
    {"0b set 65536 i8 1\n", "s:1: address 65536 lies outside memory"},
    {"0b set 65535 i16 1\n", "s:1: address 65535 lies outside memory"},
    {"0b set 65528 i32 1 2 3\n", "s:1: value '3' for @0xfff8:i32 lies outside"},
    {"0b set 0 u9 1\n", "s:1: type 'u9'"},
    {"0b set 0\n", "s:1: type ''"},
    {"0b set 0 i8\n", "s:1: @0x0:i8 needs a value"},
    {"0b set 0 i8 256\n", "s:1: 256 is out of the range of int8, -128 to 255"},
    {"0b set 0 i8 -129\n", "s:1: -129 is out of the range of int8"},
    {"0b set 0 i32 4294967296\n", "s:1: 4294967296 is out of the range of int"},
    {"0b set 0 i32 1.5\n", "s:1: '1.5' is not a whole number; int takes"},
    {"0b set 0 f32 1.5x\n", "s:1: '1.5x' is not a number"},
    {"0b set nothing 1\n", "s:1: the patch has no variable 'nothing'"},
    {"0b set amp:gain\n", "s:1: amp:gain needs a value"},
    {"0b set amp:gain 1 2\n", "s:1: value '2' is one too many for amp:gain"},
    {"0b set table:i8[7] 1 2\n",
     "s:1: value '2' is one too many for table:i8[7], which takes 1"},
    {"0b set table:none 1\n", "s:1: value '1' is one too many for table:none"},
    {"0b set amp:gain &osc:offset\n",
     "s:1: '&osc:offset' is an address, which takes an int, not float"},
    {"0b set table:pointer &osc:ofset\n",
     "s:1: the patch has no variable 'osc:ofset'"},
    {"0b set amp:gain 50%\n", "s:1: '50%' is for sliders; amp:gain is none"},
    {"0b set panel:hit 50%\n", "s:1: '50%' is for sliders; panel:hit is none"},
    {"0b set table:i8[1] on\n",
     "s:1: 'on' is for buttons and switches; table:i8[1] is none"},
    {"0b set @0:i8 off\n",
     "s:1: 'off' is for buttons and switches; @0x0:i8 is none"},
    {"0b set panel:cut on\n",
     "s:1: 'on' is for buttons and switches; panel:cut is none"},
    {"0b set panel:cut 101%\n", "s:1: '101%' is not between 0% and 100%"},
    {"0b set panel:cut x%\n", "s:1: 'x%' is not between 0% and 100%"},
    {"0b load\n", "s:1: load needs a name and a file"},
    {"0b load drum:data\n", "s:1: load needs a name and a file"},
    {"0b load drum:data # x\n", "s:1: load needs a name and a file"},
    {"0b load drum:date f\n", "s:1: the patch has no variable 'drum:date'"},
    {"0b key\n", "s:1: key needs down, up or blur"},
    {"0b key left KeyA\n", "s:1: key needs down, up or blur"},
    {"0b key down\n", "s:1: key down needs a key"},
    {"0b key down keya\n", "s:1: no key is called 'keya'"},
    {"0b key up 256\n", "s:1: no key is called '256'"},
    {"0b key up -1\n", "s:1: no key is called '-1'"},
    {"0b key up 0x\n", "s:1: no key is called '0x'"},
    {"0b piano\n", "s:1: piano needs a name, a key and down, up or toggle"},
    {"0b piano table:i32 60\n", "s:1: piano needs a name, a key and"},
    {"0b piano table:i32 60 left\n", "s:1: piano needs a name, a key and"},
    {"0b piano table:i31 60 up\n", "s:1: the patch has no variable"},
    {"0b piano amp:gain 60 up\n", "s:1: no piano plays 'amp:gain'"},
    {"0b piano table:i32 60.5 up\n", "s:1: '60.5' is no number of a key"},
    {"0b piano table:i32 x up\n", "s:1: 'x' is no number of a key"},
    {"0b piano table:i32 2147483648 up\n",
     "s:1: '2147483648' is no number of a key for an array of int"},
    {"0b call\n", "s:1: call needs a function"},
    {"0b call nothing\n", "s:1: the patch exports no function 'nothing'"},
    {"0b call note one\n", "s:1: argument 'one' is not a number"},
    {"0b midi\n", "s:1: midi needs a port and a status"},
    {"0b midi 0\n", "s:1: midi needs a port and a status"},
    {"0b midi 0 60\n", "s:1: midi needs a port and a status"},
    {"0b midi 0 256\n", "s:1: '256' is not a byte, 0 to 255"},
    {"0b midi 0 -1\n", "s:1: '-1' is not a byte, 0 to 255"},
    {"0b midi 1 0x90\n",
     "s:1: the patch listens to MIDI on port 0, 2, 5, not '1'"},
    {"0b midi x 0x90\n", "s:1: the patch listens to MIDI on port"},
};

START_TEST(names_the_line_that_is_wrong)
{
    struct script script;
    struct failure failure;
    ck_assert_msg(!load(bad[_i].text, &script, &failure), "%s", bad[_i].text);
    ck_assert_int_eq(failure.status, STATUS_USAGE);
    ck_assert_msg(
        strncmp(failure.text, bad[_i].message, strlen(bad[_i].message)) == 0,
        "%s: '%s'", bad[_i].text, failure.text);
    ck_assert_ptr_null(script.events.events);
}
END_TEST

/* What a line or an option writes: how much of it, where, and the bytes. */
static const struct {
    const char *text;
    uint32_t memory;
    uint32_t address;
    size_t size;
    unsigned char bytes[16];
} writes[] = {
    {"set amp:gain 0.5", 0, FAKE_GAIN, 4, {0, 0, 0, 0x3f}},
    {"set offset -1", 0, FAKE_OFFSET, 4, {0, 0, 0x80, 0xbf}},
    {"set far:gain 1", 1, 8, 4, {0, 0, 0x80, 0x3f}},
    {"set @scratch:0x10:i16 1,2", 1, 16, 4, {1, 0, 2}},
    {"set @1:16:u8 255", 1, 16, 1, {255}},
    {"set table:i8 1,-2,0x7f", 0, FAKE_TABLE, 3, {1, 0xfe, 0x7f}},
    {"set table:i8[6] 0xff 0b101", 0, FAKE_TABLE + 6, 2, {0xff, 5}},
    {"set table:i16[1] 1 , 2 # 3", 0, FAKE_TABLE + 130, 4, {1, 0, 2}},
    {"set table:i8 1, 2 ,3 #,, 4", 0, FAKE_TABLE, 3, {1, 2, 3}},
    {"set table:pointer &table:f64[1]",
     0,
     FAKE_TABLE + 448,
     4,
     {(FAKE_TABLE + 392) & 255, (FAKE_TABLE + 392) >> 8}},
    {"set panel:cut 60%", 0, FAKE_PANEL, 4, {0, 0, 0, 0x3f}}, /* a step */
    {"set panel:steps 50%", 0, FAKE_PANEL + 4, 4, {63}},
    {"set panel:bits 0%", 0, FAKE_PANEL + 8, 4, {0, 0, 0x80, 0xbf}},
    {"set panel:bits 0.5", 0, FAKE_PANEL + 8, 4, {0, 0, 0, 0x3f}},
    {"set panel:play on", 0, FAKE_PANEL + 12, 4, {5}},
    {"set panel:play 50%", 0, FAKE_PANEL + 12, 4, {15}},
    {"set panel:play off", 0, FAKE_PANEL + 12, 4, {3}},
    {"set panel:hit on", 0, FAKE_PANEL + 16, 4, {0, 0, 0xc8, 0x42}},
};

static void check_write(const struct change *event, int row)
{
    ck_assert_msg(event->write.memory == writes[row].memory &&
                      event->write.address == writes[row].address &&
                      event->write.size == writes[row].size &&
                      memcmp(event->write.bytes, writes[row].bytes,
                             writes[row].size) == 0,
                  "%s: %u at %u:%u", writes[row].text, event->write.size,
                  event->write.memory, event->write.address);
}

START_TEST(writes_where_the_name_says)
{
    struct script script;
    struct failure failure;
    char line[128];
    (void)snprintf(line, sizeof(line), "7b %s\n", writes[_i].text);
    ck_assert_msg(load(line, &script, &failure), "%s", failure.text);
    ck_assert_uint_eq(script.events.count, 1);
    ck_assert_uint_eq(script.events.events[0].block, 7);
    check_write(&script.events.events[0], _i);
    script_free(&script);
}
END_TEST

/* The same as --set, without a time and with one. */
START_TEST(sets_as_a_line_does)
{
    struct failure failure = {0};
    char name[64];
    char text[160];
    int start = 0;
    ck_assert_int_eq(sscanf(writes[_i].text, "set %63s %n", name, &start), 1);
    for (unsigned is_timed = 0; is_timed < 2; is_timed++) {
        struct script script = {0};
        struct option_setting setting = {false, text};
        (void)snprintf(text, sizeof(text), "%s%s=%s", is_timed ? "9b:" : "",
                       name, writes[_i].text + start);
        ck_assert_msg(script_read_setting(&script, &setting, &reader, &failure),
                      "%s", failure.text);
        ck_assert_uint_eq(script.events.count, is_timed);
        ck_assert_uint_eq(script.settings.count, 1 - is_timed);
        const struct change *event =
            is_timed ? script.events.events : script.settings.events;
        ck_assert_uint_eq(event->block, is_timed ? 9 : 0);
        check_write(event, _i);
        script_free(&script);
    }
}
END_TEST

START_TEST(reads_names_that_look_otherwise)
{
    static const struct {
        const char *text;
        uint64_t block; /* UINT64_MAX: a setting */
        uint32_t address;
    } rows[] = {
        {"a=b:c=d=1", UINT64_MAX, FAKE_TABLE + 464},
        {"3b:a=b:c=d=1", 3, FAKE_TABLE + 464},
        {"1.5s:x=1", UINT64_MAX, FAKE_TABLE + 468}, /* a module's name */
        {"0b:1.5s:x=1", 0, FAKE_TABLE + 468},
        {"1.5s:amp:gain=1", 562, FAKE_GAIN},
        {"1.5s:offset=1", 562, FAKE_OFFSET},
        {"257f:offset=1", 2, FAKE_OFFSET},
        {"1b:@0x20:f32=1", 1, 32},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct script script = {0};
        struct failure failure = {0};
        const struct option_setting setting = {false, rows[i].text};
        ck_assert_msg(script_read_setting(&script, &setting, &reader, &failure),
                      "%s", failure.text);
        bool is_setting = rows[i].block == UINT64_MAX;
        ck_assert_uint_eq(script.settings.count, is_setting ? 1 : 0);
        const struct change *event =
            is_setting ? script.settings.events : script.events.events;
        ck_assert_msg(event->write.address == rows[i].address, "%s",
                      rows[i].text);
        ck_assert(is_setting || event->block == rows[i].block);
        script_free(&script);
    }
}
END_TEST

static const struct {
    struct option_setting setting;
    const char *message;
    const char *hint;
} bad_settings[] = {
    {{false, "amp:gain"},
     "--set amp:gain: no '=' between name and value",
     "--set module:variable=0.5"},
    {{true, "amp:gain"},
     "--load amp:gain: no '=' between name and file",
     "--load module:buffer="},
    {{false, "=1"}, "--set =1: the patch has no variable ''", "--list"},
    {{false, "amp:gian=1"},
     "--set amp:gian=1: the patch has no variable "
     "'amp:gian'",
     "did you mean amp:gain?"},
    {{false, "ofset=1"},
     "--set ofset=1: the patch has no variable 'ofset'",
     "did you mean osc:offset?"},
    {{false, "2s:ofset=1"},
     "--set 2s:ofset=1: the patch has no variable "
     "'ofset'",
     "did you mean osc:offset?"},
    {{false, "amp:gain="}, "--set amp:gain=: amp:gain needs a value", ""},
    {{false, "table:i8=1,,2"},
     "--set table:i8=1,,2: a value is missing before a comma",
     ""},
    {{false, "table:i8=,1"},
     "--set table:i8=,1: a value is missing before a comma",
     ""},
    {{false, "table:i8=1 , ,2"},
     "--set table:i8=1 , ,2: a value is missing before a comma",
     ""},
    {{false, "0b:table:i8=1, over 1s"},
     "--set 0b:table:i8=1, over 1s: a value is missing after a comma",
     ""},
    {{false, "table:i8=1,"},
     "--set table:i8=1,: a value is missing after a comma",
     ""},
    {{false, "@0:foo=1"},
     "--set @0:foo=1: '@0:foo' is not like @0x1c:f32, an address and one of "
     "i8, u8, i16, u16, i32, i64, f32 and f64",
     ""},
    {{false, "keys:note=0.5"},
     "--set keys:note=0.5: '0.5' is not a whole "
     "number; int takes -2147483648 to 2147483647",
     ""},
    {{false, "table:u8=300"},
     "--set table:u8=300: 300 is out of the range of "
     "int8u, 0 to 255",
     ""},
    {{false, "osc:offset=1e39"},
     "--set osc:offset=1e39: 1e39 is out of the "
     "range of float",
     ""},
    {{false, "table:i8[8]=1"},
     "--set table:i8[8]=1: table:i8 has 8 elements",
     ""},
    {{true, "drum:data=missing"},
     "--load drum:data=missing: cannot read "
     "'missing'",
     ""},
};

START_TEST(names_the_option_that_is_wrong)
{
    struct script script = {0};
    struct failure failure = {0};
    ck_assert(!script_read_setting(&script, &bad_settings[_i].setting, &reader,
                                   &failure));
    ck_assert_msg(strncmp(failure.text, bad_settings[_i].message,
                          strlen(bad_settings[_i].message)) == 0,
                  "%s", failure.text);
    ck_assert_msg(
        strstr(failure.hint, bad_settings[_i].hint) != NULL &&
            (bad_settings[_i].hint[0] != '\0' || failure.hint[0] == '\0'),
        "%s: '%s'", failure.text, failure.hint);
    script_free(&script);
}
END_TEST

START_TEST(moves_both_sides_of_a_crossfade)
{
    struct script script;
    struct failure failure;
    const float want[2] = {0.75F, 0.25F};
    for (int i = 0; i < 2; i++) {
        ck_assert(
            load(i == 0 ? "0b set panel:left 25%" : "0b set panel:right 25%",
                 &script, &failure));
        ck_assert_uint_eq(script.events.count, 2);
        for (unsigned k = 0; k < 2; k++) {
            ck_assert_uint_eq(script.events.events[k].write.address,
                              FAKE_PANEL + 20 + 4 * k);
            ck_assert_mem_eq(script.events.events[k].write.bytes, &want[k], 4);
        }
        script_free(&script);
    }
}
END_TEST

START_TEST(toggles_when_its_time_comes)
{
    struct script script;
    struct failure failure;
    static const unsigned char bytes[8] = {3, 0, 0, 0, 5, 0, 0, 0};
    ck_assert(load("0b set panel:play toggle", &script, &failure));
    ck_assert(script.events.events[0].kind == CHANGE_TOGGLE);
    ck_assert_uint_eq(script.events.events[0].write.size, 4);
    ck_assert_mem_eq(script.events.events[0].write.bytes, bytes, 8);
    script_free(&script);
}
END_TEST

START_TEST(sends_midi_to_every_binding_of_a_port)
{
    struct script script;
    struct failure failure;
    ck_assert_msg(
        load("0b midi 0 0x90 60 100 7\n1b midi 2 248\n", &script, &failure),
        "%s", failure.text);
    ck_assert_uint_eq(script.events.count, 3);
    const struct change *events = script.events.events;
    ck_assert_str_eq(events[0].call.function->name, "note");
    ck_assert(events[0].is_midi && events[0].call.midi[0] == 144 &&
              events[0].call.midi[1] == 60 && events[0].call.midi[2] == 100);
    ck_assert_str_eq(events[1].call.function->name, "level");
    ck_assert(events[1].is_midi && events[1].call.midi[0] == 144);
    ck_assert_str_eq(events[2].call.function->name, "note");
    ck_assert(events[2].is_midi && events[2].call.midi[0] == 248 &&
              events[2].call.midi[1] == 0 && events[2].call.midi[2] == 0);
    script_free(&script);
}
END_TEST

START_TEST(puts_options_before_lines_of_the_same_block)
{
    struct script script;
    struct failure failure = {0};
    const struct options options = {.script = "s",
                                    .settings = {{false, "2b:keys:note=1"},
                                                 {false, "keys:note=9"},
                                                 {false, "1b:keys:note=2"},
                                                 {false, "2b:keys:note=3"}},
                                    .setting_count = 4};
    static const char text[] = "2b set keys:note 4\n0b set keys:note 5\n";
    static const unsigned char want[] = {5, 2, 1, 3, 4};
    program_write_file("s", text, strlen(text));
    ck_assert_msg(script_load(&script, &options, &reader, &failure), "%s",
                  failure.text);
    ck_assert_uint_eq(script.settings.count, 1);
    ck_assert_uint_eq(script.events.count, 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_uint_eq(script.events.events[i].write.bytes[0], want[i]);
    }
    script_free(&script);
}
END_TEST

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 33;
}

/* Whatever a line says: it is refused, or stays within the patch. */
START_TEST(survives_any_line)
{
    static const char *const seeds[] = {
        "set table:i16[3] 1,2 -5 0x7f", "set @0xfff0:f64 0x1.8p1 nan",
        "set 65532 i32 4294967295",     "set panel:cut 50% # half",
        "set panel:play toggle",        "set table:pointer &table:f64[3]",
        "set @scratch:0x10:u8 1 2 3",   "load drum:data bytes",
        "midi 0 0x90 60 100",           "call level 0x1p-3 nan",
        "set far:gain 1e-40",           "set table:u8 0b11 255",
    };
    enum { SEEDS = sizeof(seeds) / sizeof(*seeds) };
    static const char letters[] = "0123456789abcdefx:[]@&%,.-+#= \t\n\xff";
    uint64_t state = 7;
    unsigned accepted = 0;
    program_write_file("bytes", "bytes", 5);
    for (int round = 0; round < 50000; round++) {
        char line[128];
        struct event_list list = {0};
        struct failure failure = {0};
        (void)snprintf(line, sizeof(line), "%s",
                       seeds[next_random(&state) % SEEDS]);
        for (uint64_t i = next_random(&state) % 4; i > 0; i--) {
            size_t length = strlen(line);
            size_t at = next_random(&state) % (length + 1);
            char letter = letters[next_random(&state) % (sizeof(letters) - 1)];
            if (next_random(&state) % 2 == 0 && at < length) {
                memmove(line + at, line + at + 1, length - at);
            } else if (length < sizeof(line) - 1) {
                memmove(line + at + 1, line + at, length - at + 1);
                line[at] = letter;
            }
        }
        bool is_good = command_read(&reader, line, 1, &list, &failure);
        ck_assert(is_good == (failure.status == STATUS_OK));
        for (size_t i = 0; is_good && i < list.count; i++) {
            const struct change *event = &list.events[i];
            if (event->kind == CHANGE_CALL || event->kind == CHANGE_KEY) {
                continue;
            }
            ck_assert(event->write.memory < f4e_patch.memory_count);
            const struct f4e_memory *memory =
                &f4e_patch.memories[event->write.memory];
            ck_assert(event->write.address <= memory->bytes &&
                      event->write.size <=
                          memory->bytes - event->write.address);
        }
        accepted += is_good;
        event_list_free(&list);
    }
    /* Neither all nor none: the lines are near the border. */
    ck_assert_msg(accepted > 5000 && accepted < 45000, "%u", accepted);
}
END_TEST

/* The same events at the same blocks, offline and live: the same memory. */
START_TEST(plays_alike_live_and_offline)
{
    static const char text[] = "3b set osc:offset 0.125\n"
                               "0.05s midi 0 0x90 60 99\n"
                               "20b set panel:play toggle\n"
                               "21b set panel:play toggle\n"
                               "2000f load drum:data bytes\n"
                               "30b set panel:left 75%\n"
                               "40b call level 0.3\n";
    size_t sizes[4];
    program_write_file("s", text, strlen(text));
    program_write_file("bytes", "bytes", 5);
    struct program_result offline = program_run(
        NULL, NULL,
        "--render r.wav --blocks 100 --script s --set 20b:amp:gain=0.5 "
        "--set table:i32=1,2,3 --dump-memory a -q");
    ck_assert_msg(offline.status == 0 && offline.err[0] == '\0', "%s",
                  offline.err);
    struct program_result live = program_run(
        NULL, NULL,
        "--dummy --rt-prio 0 --blocks 100 --script s --set 20b:amp:gain=0.5 "
        "--set table:i32=1,2,3 --dump-memory b -q");
    ck_assert_msg(live.status == 0, "%s", live.err);
    static const char *const files[] = {"a", "b", "a.1", "b.1"};
    unsigned char *data[4];
    for (int i = 0; i < 4; i++) {
        data[i] = program_read_file(files[i], &sizes[i]);
    }
    ck_assert_mem_eq(data[0], data[1], FAKE_MEMORY_BYTES);
    ck_assert_mem_eq(data[2], data[3], FAKE_SECOND_BYTES);
    ck_assert_mem_eq(data[0] + FAKE_ASSET, "bytes", 5);
    ck_assert_int_eq(data[0][FAKE_TABLE + 260], 2);
    ck_assert_int_eq(data[0][FAKE_LAST_NOTE], 99);
    ck_assert_int_eq(data[0][FAKE_PANEL + 12], 5); /* off, then on */
    for (int i = 0; i < 4; i++) {
        free(data[i]);
    }
}
END_TEST

static bool miss(void *context, const char *where)
{
    struct failure *failure = context;
    char *said = failure->text + strlen(failure->text);
    (void)snprintf(said, sizeof(failure->text) - strlen(failure->text), " (%s)",
                   where);
    failure->status = STATUS_OK;
    return true;
}

/* Who may go on without a file, or what it says, has all the rest; options
 * themselves are right or wrong. */
START_TEST(goes_on_without_what_may_be_missing)
{
    static const char lines[] = "2b set keys:note 7\n1b load drum:data none\n"
                                "0b set amp:gain 0.5\n";
    static const char wrong[] = "0b load drum:data none\n0b set keys:note x\n";
    static const struct option_setting settings[] = {
        {.is_load = true, .text = "drum:data=none"},
        {.is_load = true, .text = "1b:drum:data=none"},
        {.text = "keys:note=3"}};
    struct script script;
    struct failure failure = {0};
    struct options options = {.script = "lines", .setting_count = 3};
    memcpy(options.settings, settings, sizeof(settings));
    const struct command_reader missing = {
        .patch = &f4e_patch, .can_miss = miss, .context = &failure};
    program_write_file("lines", lines, sizeof(lines) - 1);
    program_write_file("wrong", wrong, sizeof(wrong) - 1);
    ck_assert_msg(script_load(&script, &options, &missing, &failure), "%s",
                  failure.text);
    ck_assert_ptr_nonnull(strstr(failure.text, "(lines:2)"));
    ck_assert_uint_eq(script.settings.count, 1);
    ck_assert_uint_eq(script.events.count, 2);
    ck_assert_uint_eq(script.events.events[0].block, 0);
    ck_assert_uint_eq(script.events.events[1].block, 2);
    script_free(&script);
    options.script = ".";
    ck_assert(script_load(&script, &options, &missing, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "(--script)"));
    ck_assert_uint_eq(script.events.count, 0);
    script_free(&script);
    options.script = "wrong";
    ck_assert(script_load(&script, &options, &missing, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "(wrong:2)"));
    ck_assert_uint_eq(script.events.count, 0);
    script_free(&script);
    options.settings[2].text = "keys:none=3";
    ck_assert(!script_load(&script, &options, &missing, &failure));
    ck_assert_int_eq(failure.status, STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(failure.text, "--set keys:none=3: "));
}
END_TEST

/* A device has no line that ends. */
START_TEST(gives_up_on_endless_lines)
{
    struct script script;
    struct failure failure = {0};
    const struct options options = {.script = "/dev/zero"};
    ck_assert(!script_load(&script, &options, &reader, &failure));
    ck_assert_int_eq(failure.status, STATUS_USAGE);
    ck_assert_str_eq(failure.text,
                     "/dev/zero:1: the line is longer than 1048576 bytes");
}
END_TEST

static void expect_script(const void *text, size_t bytes, int status,
                          const char *says)
{
    program_write_file("s", text, bytes);
    struct program_result result = program_run(
        NULL, NULL, "--render none --blocks 2 --script s --dump-memory m");
    ck_assert_msg(result.status == status && strstr(result.err, says) != NULL,
                  "%d: %s", result.status, result.err);
}

/* Editors of other systems begin a text with U+FEFF. */
START_TEST(skips_a_mark_at_the_start)
{
    expect_script("\xef\xbb\xbf"
                  "0b set keys:note 7\r\n",
                  23, 0, "");
    ck_assert_int_eq(program_dumped("m", FAKE_LAST_NOTE), 7);
    expect_script("\xef\xbb\xbf", 3, 0, "");
    /* But nowhere else. */
    expect_script("# \n\xef\xbb\xbf"
                  "0b set keys:note 7\n",
                  25, 2, "s:2: ");
}
END_TEST

START_TEST(refuses_a_byte_0)
{
    expect_script("0b set keys:note 7\0 8\n", 22, 2,
                  "s:1: the line has a byte 0");
    expect_script("# \0\n", 4, 2, "s:1: the line has a byte 0");
}
END_TEST

START_TEST(reports_a_missing_file)
{
    struct script script;
    struct failure failure = {0};
    const struct options options = {.script = "missing"};
    ck_assert(!script_load(&script, &options, &reader, &failure));
    ck_assert_int_eq(failure.status, STATUS_FILE);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("script");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, orders_events_by_block_then_line);
    tcase_add_loop_test(tcase, encodes_values, 0,
                        sizeof(values) / sizeof(*values));
    tcase_add_test(tcase, fills_arguments_as_javascript_does);
    tcase_add_loop_test(tcase, names_the_line_that_is_wrong, 0,
                        sizeof(bad) / sizeof(*bad));
    tcase_add_loop_test(tcase, writes_where_the_name_says, 0,
                        sizeof(writes) / sizeof(*writes));
    tcase_add_loop_test(tcase, sets_as_a_line_does, 0,
                        sizeof(writes) / sizeof(*writes));
    tcase_add_test(tcase, reads_names_that_look_otherwise);
    tcase_add_loop_test(tcase, names_the_option_that_is_wrong, 0,
                        sizeof(bad_settings) / sizeof(*bad_settings));
    tcase_add_test(tcase, moves_both_sides_of_a_crossfade);
    tcase_add_test(tcase, toggles_when_its_time_comes);
    tcase_add_test(tcase, sends_midi_to_every_binding_of_a_port);
    tcase_add_test(tcase, puts_options_before_lines_of_the_same_block);
    tcase_add_test(tcase, survives_any_line);
    tcase_add_test(tcase, plays_alike_live_and_offline);
    tcase_add_test(tcase, gives_up_on_endless_lines);
    tcase_add_test(tcase, goes_on_without_what_may_be_missing);
    tcase_add_test(tcase, skips_a_mark_at_the_start);
    tcase_add_test(tcase, refuses_a_byte_0);
    tcase_add_test(tcase, reports_a_missing_file);
    suite_add_tcase(suite, tcase);
    return suite;
}
