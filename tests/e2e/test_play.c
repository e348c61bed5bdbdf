/* SPDX-License-Identifier: MIT */
/* f4e-build play, as a musician meets it: save, hear, undo, end. */
#include "suite.h"

#include "builder.h"
#include "performance.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#define DUMMY "--dummy", "--rt-prio", "0"

static const char vector[] = F4E_TEST_DATA "/vectors/midi_synth/";

/* A patch that counts, and plays 'value'; what is in 'extra' comes first. */
static const char patch[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    " (func (export \"initDefaults\")\n"
    "  (f32.store (i32.const 8) (f32.const %s)) %s)\n"
    " (func (export \"buffer\") (local $i i32) %s\n"
    "  (loop $again\n"
    "   (f32.store offset=16 (i32.shl (local.get $i) (i32.const 2))\n"
    "    (f32.load (i32.const 8)))\n"
    "   (i32.store (i32.const 4)\n"
    "    (i32.add (i32.load (i32.const 4)) (i32.const 1)))\n"
    "   (br_if $again (i32.lt_s\n"
    "    (local.tee $i (i32.add (local.get $i) (i32.const 1)))\n"
    "    (i32.const 128))))))\n";

static const char manifest[] =
    "{\"f4e-manifest\":1,\"sampleRate\":48000,\"blockFrames\":128,"
    "\"outputs\":[{\"channel\":0,\"address\":16}],\"items\":["
    "{\"name\":\"m:count\",\"address\":4},"
    "{\"name\":\"m:value\",\"address\":8,\"element\":\"f32\"}]}";

static void copy(const char *from, const char *to)
{
    size_t size;
    unsigned char *bytes = slurp(from, &size);
    spit(to, bytes, size);
    free(bytes);
}

static void make_patch(const char *name, const char *value, const char *init,
                       const char *extra)
{
    char *source = text(patch, value, init, extra);
    builder_wat(name, source);
    free(source);
}

static void copy_vector(void)
{
    char *module = text("%splain.wasm", vector);
    char *project = text("%sproject.8f4e", vector);
    copy(module, builder_path("m.wasm"));
    copy(project, builder_path("m.8f4e"));
    free(module);
    free(project);
}

static void send_line(const char *pipe, const char *line)
{
    int fd = open(builder_path(pipe), O_WRONLY);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, line, strlen(line)), (ssize_t)strlen(line));
    ck_assert_int_eq(close(fd), 0);
}

static void wait_for_file(const char *name)
{
    static const struct timespec rest = {0, 10000000};
    for (int i = 0; access(builder_path(name), F_OK) != 0; i++) {
        ck_assert_int_lt(i, 6000);
        (void)nanosleep(&rest, NULL);
    }
}

START_TEST(plays_and_ends_with_ctrl_c)
{
    struct performance play;
    copy_vector();
    PERFORM(&play, "play", "m.wasm", "--no-watch", DUMMY);
    performance_wait(&play, "m: buffer", 1);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}
END_TEST

START_TEST(ends_with_the_patch)
{
    struct performance play;
    copy_vector();
    PERFORM(&play, "play", "m.wasm", "--no-watch", "--", DUMMY, "--seconds",
            "0.2");
    ck_assert_int_eq(performance_end(&play, 0, false), 0);
    PERFORM(&play, "play", "m.wasm", "--no-watch", "--set", "nothing=1");
    ck_assert_int_eq(performance_end(&play, 0, false), 2);
}
END_TEST

START_TEST(a_first_build_that_fails_is_the_end)
{
    struct performance play;
    PERFORM(&play, "play", "m.wasm", "--watch", DUMMY);
    performance_wait(&play, "cannot open 'm.wasm'", 1);
    ck_assert_int_eq(performance_end(&play, 0, false), 1);
    spit(builder_path("m.wasm"), "nonsense", 8);
    PERFORM(&play, "play", "m.wasm", "--watch", DUMMY);
    ck_assert_int_eq(performance_end(&play, 0, false), 1);
}
END_TEST

/* Each way in which a file comes to be another one, once each. */
static void save_by_write(void)
{
    copy(builder_path("next"), builder_path("m.wasm"));
}

static void save_by_rename(void)
{
    copy(builder_path("next"), builder_path("m.wasm~"));
    ck_assert_int_eq(rename(builder_path("m.wasm~"), builder_path("m.wasm")),
                     0);
}

static void save_by_delete(void)
{
    ck_assert_int_eq(unlink(builder_path("m.wasm")), 0);
    save_by_write();
}

static void save_by_link(void)
{
    ck_assert_int_eq(unlink(builder_path("m.wasm")), 0);
    ck_assert_int_eq(link(builder_path("next"), builder_path("m.wasm")), 0);
    (void)unlink(builder_path("next"));
}

static void touch(void)
{
    ck_assert_int_eq(utime(builder_path("m.wasm"), NULL), 0);
}

static void save_a_hundred_times(void)
{
    for (int i = 0; i < 100; i++) {
        save_by_rename();
    }
}

static void save_the_text(void)
{
    copy(builder_path("m.8f4e"), builder_path("m.8f4e~"));
    ck_assert_int_eq(rename(builder_path("m.8f4e~"), builder_path("m.8f4e")),
                     0);
}

START_TEST(hears_whenever_something_is_saved)
{
    static void (*const ways[])(void) = {
        save_by_write, save_by_rename,       save_by_delete, touch,
        save_the_text, save_a_hundred_times, save_by_link};
    const unsigned count = sizeof(ways) / sizeof(*ways);
    struct performance play;
    copy_vector();
    copy(builder_path("m.wasm"), builder_path("next"));
    PERFORM(&play, "play", "m.wasm", "--watch", "-v", "-O1", DUMMY);
    performance_wait(&play, "m: buffer", 1);
    for (unsigned i = 0; i < count; i++) {
        ways[i]();
        performance_wait(&play, "save to sound", i + 1);
    }
    /* None was heard twice. */
    static const struct timespec rest = {0, 400000000};
    (void)nanosleep(&rest, NULL);
    ck_assert_uint_le(performance_count(&play, "save to sound"), count + 2);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}
END_TEST

START_TEST(says_a_notice_once)
{
    static const char notice[] = "is taken as its project";
    struct performance play;
    copy_vector();
    PERFORM(&play, "play", "m.wasm", "--watch", "-O1", DUMMY);
    performance_wait(&play, "m: buffer", 1);
    for (int i = 1; i <= 2; i++) {
        char *plays = text("version %d plays", i);
        touch();
        performance_wait(&play, plays, 1);
        free(plays);
    }
    ck_assert_uint_eq(performance_count(&play, notice), 1);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}
END_TEST

/* The text as before, or with one line more. */
static void save_text(const char *line)
{
    size_t size;
    unsigned char *bytes = slurp(builder_path("m.8f4e"), &size);
    char *all = text("%.*s%s", (int)size, (const char *)bytes, line);
    spit(builder_path("song.8f4e"), all, strlen(all));
    free(all);
    free(bytes);
}

static void save_the_lock(void)
{
    static const char lock[] = "f4e-lock 1\n";
    spit(builder_path("song.8f4e.lock"), lock, strlen(lock));
}

static void start_text(struct performance *play, const char *const *argv)
{
    copy_vector();
    save_text("");
    (void)setenv("F4E_FAKE", "marked", 1);
    char *module = text("F4E_FAKE_MODULE=%s", builder_path("m.wasm"));
    performance_start(play, argv, module, -1);
    (void)unsetenv("F4E_FAKE");
    free(module);
}

/* A text is compiled whenever it is saved, and what its lock says counts. */
START_TEST(plays_a_text)
{
    struct performance play;
    static const char *const argv[] = {F4E_BUILD,
                                       "play",
                                       "song.8f4e",
                                       "--compiler",
                                       F4E_FAKE_TOOLS "/8f4ec {in} {out}",
                                       "--watch",
                                       "-v",
                                       "-O1",
                                       DUMMY,
                                       NULL};
    start_text(&play, argv);
    performance_wait(&play, "song: buffer", 1);
    save_text("");
    performance_wait(&play, "save to sound", 1);
    save_the_lock();
    performance_wait(&play, "save to sound", 2);
    save_text("; wrong\n");
    performance_wait(&play, "cannot be built; what was there before plays on",
                     1);
    size_t size;
    unsigned char *bytes = slurp(builder_path("song.8f4e"), &size);
    unsigned line = 0;
    for (size_t i = 0; i < size; i++) {
        line += bytes[i] == '\n';
    }
    free(bytes);
    char *message =
        text("f4e-build: song.8f4e:%u: Parse error at line %u: this is wrong\n",
             line, line);
    performance_wait(&play, message, 1);
    free(message);
    save_text("");
    performance_wait(&play, "save to sound", 3);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}
END_TEST

/* Without a compiler there is nothing to play. */
START_TEST(a_text_needs_a_compiler)
{
    struct performance play;
    copy_vector();
    PERFORM(&play, "play", "m.8f4e", "--watch", DUMMY);
    ck_assert_int_eq(performance_end(&play, 0, false), 3);
}
END_TEST

START_TEST(a_better_build_follows_and_says_nothing)
{
    struct performance play;
    copy_vector();
    PERFORM(&play, "play", "m.wasm", "--no-watch", "-v", DUMMY, "-v");
    performance_wait(&play, "play    version 1 plays", 1);
    ck_assert_int_eq(performance_end(&play, SIGTERM, false), 0);
}
END_TEST

/* All has been read by then; in between comes what cannot be built. */
START_TEST(a_better_build_outlasts_what_cannot_be_built)
{
    struct performance play;
    char *launcher = text("#!/bin/sh\n"
                          "case $* in *-O3*glue.c*)\n"
                          "  echo >%s\n"
                          "  until [ -e %s ]; do sleep 0.05; done ;;\n"
                          "esac\n"
                          "exec \"$@\"\n",
                          builder_path("begun"), builder_path("gate"));
    spit(builder_path("launcher"), launcher, strlen(launcher));
    free(launcher);
    ck_assert_int_eq(chmod(builder_path("launcher"), 0755), 0);
    spit(builder_path("m.json"), manifest, strlen(manifest));
    make_patch("m.wasm", "0.25", "", "");
    PERFORM(&play, "play", "m.wasm", "--watch", "--manifest", "m.json",
            "--launcher", builder_path("launcher"), "--", DUMMY, "-v");
    wait_for_file("begun");
    spit(builder_path("m.wasm"), "nonsense", 8);
    performance_wait(&play, "what was there before plays on", 1);
    spit(builder_path("gate"), "", 0);
    performance_wait(&play, "play    version 1 plays", 1);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}
END_TEST

/* Its better build would be refused as well, and say so again. */
START_TEST(what_is_refused_is_not_built_again)
{
    struct performance play;
    spit(builder_path("m.json"), manifest, strlen(manifest));
    make_patch("m.wasm", "0.25", "", "");
    PERFORM(&play, "play", "m.wasm", "--watch", "--manifest", "m.json", DUMMY,
            "-v");
    performance_wait(&play, "play    version 1 plays", 1);
    make_patch("m.wasm", "0.5", "unreachable", "");
    performance_wait(&play, "version 2: trap: unreachable", 1);
    make_patch("m.wasm", "0.75", "", "");
    performance_wait(&play, "play    version 4 plays", 1);
    ck_assert_uint_eq(performance_count(&play, "; version 1 goes on"), 1);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}
END_TEST

START_TEST(what_cannot_be_played_leaves_the_old_one)
{
    struct performance play;
    spit(builder_path("m.json"), manifest, strlen(manifest));
    ck_assert_int_eq(mkfifo(builder_path("pipe"), 0600), 0);
    make_patch("m.wasm", "0.25", "", "");
    PERFORM(&play, "play", "m.wasm", "--watch", "--manifest", "m.json", "-O1",
            DUMMY, "--control", "pipe");
    performance_wait(&play, "m: buffer", 1);
    send_line("pipe", "set m:count 1000000\nget m:value\n");
    performance_wait(&play, "m:value 0.25", 1);
    spit(builder_path("m.wasm"), "nonsense", 8);
    performance_wait(&play, "cannot be built", 1);
    make_patch("m.wasm", "0.5", "unreachable", "");
    performance_wait(&play, "in initDefaults; version 0 goes on", 1);
    /* One that traps when it is heard. */
    make_patch("m.wasm", "0.5", "",
               "(if (i32.gt_u (i32.load (i32.const 4)) (i32.const 10000))\n"
               "(then unreachable))");
    performance_wait(&play, "version 0 goes on", 2);
    send_line("pipe", "get m:value\n");
    performance_wait(&play, "m:value 0.25", 2);
    /* Another default is heard; what counts goes on counting. */
    make_patch("m.wasm", "0.75", "", "");
    performance_wait(&play, "variables\n", 2);
    send_line("pipe", "get m:value\nget m:count\n");
    performance_wait(&play, "m:value 0.75", 1);
    performance_wait(&play, "m:count 1", 1);
    /* And back. */
    send_line("pipe", "undo\n");
    performance_wait(&play, "variables\n", 3);
    send_line("pipe", "get m:value\nversion\n");
    performance_wait(&play, "m:value 0.25", 3);
    performance_wait(&play, "version 0, module", 1);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}
END_TEST

/* However fast they come. */
START_TEST(undo_twice_is_where_it_was)
{
    struct performance play;
    spit(builder_path("m.json"), manifest, strlen(manifest));
    ck_assert_int_eq(mkfifo(builder_path("pipe"), 0600), 0);
    make_patch("m.wasm", "0.25", "", "");
    PERFORM(&play, "play", "m.wasm", "--watch", "--manifest", "m.json", "-O1",
            DUMMY, "--control", "pipe", "--control-replies");
    performance_wait(&play, "m: buffer", 1);
    make_patch("m.wasm", "0.5", "", "");
    performance_wait(&play, "version 1 plays", 1);
    send_line("pipe", "undo\nundo\n");
    make_patch("m.wasm", "0.75", "", "");
    performance_wait(&play, "version 2 plays", 1);
    send_line("pipe", "version\n");
    performance_wait(&play, "\"version\":2,", 1);
    performance_wait(&play, "\"before\":1}", 1);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}
END_TEST

/* It is interrupted: neither the sound nor the program is lost. */
START_TEST(what_does_not_end_leaves_the_old_one)
{
    static const char loop[] =
        "(loop $l (br_if $l (i32.gt_u (i32.load (i32.const 4))\n"
        " (i32.const 10000))))";
    struct performance play;
    spit(builder_path("m.json"), manifest, strlen(manifest));
    ck_assert_int_eq(mkfifo(builder_path("pipe"), 0600), 0);
    make_patch("m.wasm", "0.25", "", "");
    PERFORM(&play, "play", "m.wasm", "--watch", "--manifest", "m.json", "-O1",
            DUMMY, "--control", "pipe");
    performance_wait(&play, "m: buffer", 1);
    send_line("pipe", "set m:count 1000000\n");
    make_patch("m.wasm", "0.5", "", loop);
    performance_wait(&play, "trap: no end in block ", 1);
    performance_wait(&play, "version 0 goes on", 1);
    send_line("pipe", "get m:value\n");
    performance_wait(&play, "m:value 0.25", 1);
    make_patch("m.wasm", "0.5", "(loop $l (br $l))", "");
    performance_wait(&play, "trap: no end in initDefaults; version 0 goes on",
                     1);
    make_patch("m.wasm", "0.75", "", "");
    performance_wait(&play, "version 3 plays", 1);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
    /* Where there is no other one it traps, and is the end. */
    make_patch("m.wasm", "0.5", "", loop);
    PERFORM(&play, "play", "m.wasm", "--no-watch", "--manifest", "m.json",
            "-O1", DUMMY);
    ck_assert_int_eq(performance_end(&play, 0, false), 6);
}
END_TEST

START_TEST(fresh_code_starts_from_its_defaults)
{
    struct performance play;
    spit(builder_path("m.json"), manifest, strlen(manifest));
    ck_assert_int_eq(mkfifo(builder_path("pipe"), 0600), 0);
    make_patch("m.wasm", "0.25", "", "");
    PERFORM(&play, "play", "m.wasm", "--watch", "--fresh", "--crossfade", "0",
            "--manifest", "m.json", "-O1", DUMMY, "--control", "pipe");
    performance_wait(&play, "m: buffer", 1);
    send_line("pipe", "set m:value 0.75\nget m:value\n");
    performance_wait(&play, "m:value 0.75", 1);
    make_patch("m.wasm", "0.25", "nop", "");
    performance_wait(&play, "keeps 0 variables", 1);
    send_line("pipe", "get m:value\n");
    performance_wait(&play, "m:value 0.25", 1);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}
END_TEST

/* Sends the count of its blocks as the value of a controller. */
static const char sending[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    " (import \"host\" \"midiOut\" (func $m (param i32 i32 i32)))\n"
    " (func (export \"initDefaults\")\n"
    "  (call $m (i32.const 0xb0) (i32.const %s) (i32.const 127)))\n"
    " (func (export \"buffer\") %s\n"
    "  (i32.store (i32.const 4) (i32.rem_u\n"
    "   (i32.add (i32.load (i32.const 4)) (i32.const 1)) (i32.const 100)))\n"
    "  (call $m (i32.const 0xb0) (i32.const %s) (i32.load (i32.const 4)))))\n";

static void make_sending(const char *number, const char *extra)
{
    char *source = text(sending, number, extra, number);
    builder_wat("m.wasm", source);
    free(source);
}

/* Whatever version sends: each block has sent, and once. */
static void expect_each_block_once(const char *name)
{
    size_t size;
    unsigned char *bytes = slurp(builder_path(name), &size);
    unsigned number = 1;
    ck_assert_uint_ge(size, 6);
    ck_assert_uint_eq(size % 3, 0);
    /* The first version's initDefaults; the others' are not heard. */
    ck_assert_uint_eq(bytes[2], 127);
    for (size_t i = 3; i < size; i += 3) {
        ck_assert_uint_eq(bytes[i], 0xb0);
        ck_assert_msg(bytes[i + 2] == i / 3 % 100, "message %zu is %u", i / 3,
                      (unsigned)bytes[i + 2]);
        ck_assert(bytes[i + 1] == number || bytes[i + 1] == ++number);
    }
    ck_assert_uint_eq(number, 2);
    free(bytes);
}

START_TEST(sends_midi_once_across_swaps)
{
    struct performance play;
    spit(builder_path("m.json"), manifest, strlen(manifest));
    make_sending("1", "");
    PERFORM(&play, "play", "m.wasm", "--watch", "--manifest", "m.json", "-O1",
            "--crossfade", "100", DUMMY, "--midi-out-raw", "sent");
    performance_wait(&play, "m: buffer", 1);
    make_sending("2", "");
    performance_wait(&play, "version 1 plays", 1);
    make_sending("3", "unreachable");
    performance_wait(&play, "version 1 goes on", 1);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
    expect_each_block_once("sent");
}
END_TEST

/* The version that is there at first need not have what the options are for. */
START_TEST(sends_midi_when_a_later_version_does)
{
    struct performance play;
    size_t size = 0;
    spit(builder_path("m.json"), manifest, strlen(manifest));
    make_patch("m.wasm", "0.25", "", "");
    PERFORM(&play, "play", "m.wasm", "--watch", "--manifest", "m.json", "-O1",
            DUMMY, "--midi-out-raw", "sent", "--midi-in", "2=nothing");
    performance_wait(&play, "m: buffer", 1);
    make_sending("9", "");
    performance_wait(&play, "version 1 plays", 1);
    for (int i = 0; size < 30; i++) {
        static const struct timespec rest = {0, 10000000};
        ck_assert_int_lt(i, 3000);
        (void)nanosleep(&rest, NULL);
        free(slurp(builder_path("sent"), &size));
    }
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
    unsigned char *bytes = slurp(builder_path("sent"), &size);
    /* What it sends in initDefaults goes nowhere, as with any later one. */
    for (size_t i = 0; i + 2 < size; i += 3) {
        ck_assert_uint_eq(bytes[i], 0xb0);
        ck_assert_uint_eq(bytes[i + 1], 9);
        ck_assert_uint_eq(bytes[i + 2], (i / 3 + bytes[2]) % 100);
    }
    free(bytes);
    /* No version has such a port. */
    PERFORM(&play, "play", "m.wasm", "--no-watch", "--manifest", "m.json",
            "-O1", DUMMY, "--midi-out", "16=x");
    ck_assert_int_eq(performance_end(&play, 0, false), 2);
}
END_TEST

/* A patch with a table of a million bytes. */
static const char table[] =
    "(module (import \"host\" \"memory\" (memory 20 20))\n"
    " (func (export \"buffer\")\n"
    "  (f32.store (i32.const 16) (f32.const %s))))\n";

static const char table_manifest[] =
    "{\"f4e-manifest\":1,\"sampleRate\":48000,\"blockFrames\":128,"
    "\"outputs\":[{\"channel\":0,\"address\":16}],\"items\":["
    "{\"name\":\"m:table\",\"address\":65536,\"element\":\"u8\","
    "\"count\":1000000}]}";

static void make_table(const char *value)
{
    char *source = text(table, value);
    builder_wat("m.wasm", source);
    free(source);
}

/* It is spread over blocks; a swap waits for the end of it. */
START_TEST(a_sample_that_loads_is_whole_after_a_swap)
{
    enum { BYTES = 1000000, LOADS = 40 };
    struct performance play;
    char lines[2048] = "";
    for (int k = 0; k < LOADS; k++) {
        (void)snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines),
                       "load m:table sample-%d\n", k % 2);
    }
    for (int k = 0; k < 2; k++) {
        char *sample = calloc(1, BYTES);
        char *name = text("sample-%d", k);
        ck_assert_ptr_nonnull(sample);
        memset(sample, 100 + k, BYTES);
        spit(builder_path(name), sample, BYTES);
        free(name);
        free(sample);
    }
    spit(builder_path("m.json"), table_manifest, strlen(table_manifest));
    ck_assert_int_eq(mkfifo(builder_path("pipe"), 0600), 0);
    make_table("0.25");
    PERFORM(&play, "play", "m.wasm", "--watch", "--manifest", "m.json", "-O1",
            DUMMY, "--control", "pipe");
    performance_wait(&play, "m: buffer", 1);
    make_table("0.5");
    send_line("pipe", lines);
    performance_wait(&play, "version 1 plays", 1);
    send_line("pipe", "get m:table[0] m:table[65536] m:table[999999]\n");
    performance_wait(&play, "m:table[0] 101", 1);
    performance_wait(&play, "m:table[65536] 101", 1);
    performance_wait(&play, "m:table[999999] 101", 1);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}
END_TEST

/* Nobody is left who plays, and nothing is left that the next run leaves. */
START_TEST(leaves_nothing_when_it_is_killed)
{
    struct performance play;
    copy_vector();
    PERFORM(&play, "play", "m.wasm", "--no-watch", "--stats", DUMMY);
    performance_wait(&play, "m: buffer", 1);
    char *log = text("%s", play.log);
    pid_t pid = play.pid;
    ck_assert_int_eq(performance_end(&play, SIGKILL, false), 128 + SIGKILL);
    play.pid = pid;
    play.log = log;
    for (int i = 0; performance_count(&play, "xruns") == 0; i++) {
        static const struct timespec rest = {0, 10000000};
        ck_assert_int_lt(i, 3000);
        (void)nanosleep(&rest, NULL);
    }
    free(log);
    ck_assert_uint_eq(directory_count(builder_temporary), 1);
    /* The lock is held until the last of its builds has ended, too. */
    for (int i = 0; directory_count(builder_temporary) > 0; i++) {
        ck_assert_int_lt(i, 50);
        PERFORM(&play, "play", "m.wasm", "--no-watch", DUMMY, "--seconds",
                "0.1");
        ck_assert_int_eq(performance_end(&play, 0, false), 0);
    }
}
END_TEST

/* At any time. */
START_TEST(ctrl_c_leaves_nothing)
{
    struct performance play;
    const struct timespec wait = {0, (long)_i * 60000000L};
    copy_vector();
    PERFORM(&play, "play", "m.wasm", "--watch", DUMMY);
    (void)nanosleep(&wait, NULL);
    int status = performance_end(&play, SIGINT, true);
    ck_assert_msg(status == 0 || status == 128 + SIGINT, "status %d", status);
}
END_TEST

/* Nor does anybody wait for a build that has no end, the first or a later one,
 * whoever sends the signal. */
START_TEST(a_signal_ends_a_build)
{
    struct performance play;
    copy_vector();
    char *compiler = text(
        "/bin/sh -c 'test -e %s || exec cp %s \"$2\"; echo >%s; "
        "exec sleep 1000' sh {in} {out}",
        builder_path("gate"), builder_path("m.wasm"), builder_path("begun"));
    spit(builder_path("gate"), "", 0);
    PERFORM(&play, "play", "m.8f4e", "--compiler", compiler, "--watch", DUMMY);
    wait_for_file("begun");
    ck_assert_int_eq(performance_end(&play, SIGTERM, false), 128 + SIGTERM);
    ck_assert_int_eq(unlink(builder_path("begun")), 0);
    ck_assert_int_eq(unlink(builder_path("gate")), 0);
    PERFORM(&play, "play", "m.8f4e", "--compiler", compiler, "--watch", DUMMY);
    performance_wait(&play, "m: buffer", 1);
    spit(builder_path("gate"), "", 0);
    save_the_text();
    wait_for_file("begun");
    ck_assert_int_eq(performance_end(&play, SIGTERM, false), 0);
    free(compiler);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("play");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_add_test(tcase, plays_and_ends_with_ctrl_c);
    tcase_add_test(tcase, ends_with_the_patch);
    tcase_add_test(tcase, a_first_build_that_fails_is_the_end);
    tcase_add_test(tcase, hears_whenever_something_is_saved);
    tcase_add_test(tcase, says_a_notice_once);
    tcase_add_test(tcase, plays_a_text);
    tcase_add_test(tcase, a_text_needs_a_compiler);
    tcase_add_test(tcase, a_better_build_follows_and_says_nothing);
    tcase_add_test(tcase, a_better_build_outlasts_what_cannot_be_built);
    tcase_add_test(tcase, what_is_refused_is_not_built_again);
    tcase_add_test(tcase, what_cannot_be_played_leaves_the_old_one);
    tcase_add_test(tcase, undo_twice_is_where_it_was);
    tcase_add_test(tcase, what_does_not_end_leaves_the_old_one);
    tcase_add_test(tcase, fresh_code_starts_from_its_defaults);
    tcase_add_test(tcase, a_sample_that_loads_is_whole_after_a_swap);
    tcase_add_test(tcase, sends_midi_once_across_swaps);
    tcase_add_test(tcase, sends_midi_when_a_later_version_does);
    tcase_add_test(tcase, leaves_nothing_when_it_is_killed);
    tcase_add_loop_test(tcase, ctrl_c_leaves_nothing, 0, 12);
    tcase_add_test(tcase, a_signal_ends_a_build);
    suite_add_tcase(suite, tcase);
    return suite;
}
