/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
/*
 * The player of f4e-build play on a sound card in virtual time: what is heard
 * across many swaps, and what is left of them.
 */
#include "suite.h"

#include "builder.h"
#include "fake_card.h"
#include "performance.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SWAPS = 1000, SETTLED = 20, FRAME_BYTES = 2 * sizeof(float) };

static const char script[] = "0b call onKeys 0x90 60 100\n"
                             "200b call onKeys 0x90 64 90\n"
                             "900b call onKeys 0x80 60 0\n"
                             "3000b call onControl 0xe0 127 127\n"
                             "9000b call onKeys 0x90 48 127\n";

static struct fake_card card;
static int link_end = -1;

static void copy(const char *from, const char *to)
{
    size_t size;
    unsigned char *bytes = slurp(from, &size);
    spit(to, bytes, size);
    free(bytes);
}

/* Take the player and the first version from the folder of a run. */
static void take(const char *module, const char *project, const char *version)
{
    struct performance play;
    char path[512] = "";
    PERFORM(&play, "play", module, "--project", project, "--no-watch", "-q",
            "-O1", "--dummy", "--rt-prio", "0");
    performance_wait(&play, "m: buffer", 1);
    DIR *folder = opendir(builder_temporary);
    ck_assert_ptr_nonnull(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL;
         entry = readdir(folder)) {
        if (entry->d_name[0] != '.') {
            (void)snprintf(path, sizeof(path), "%s/%s", builder_temporary,
                           entry->d_name);
        }
    }
    (void)closedir(folder);
    char *own = text("%s/1.so", path);
    char *player = text("%s/player", path);
    copy(own, builder_path(version));
    copy(player, builder_path("player"));
    ck_assert_int_eq(chmod(builder_path("player"), 0700), 0);
    free(own);
    free(player);
    ck_assert_int_eq(performance_end(&play, SIGINT, true), 0);
}

/* Two modules of one patch, that differ in their memory's kind, and a finished
 * patch, to compare. */
static void prepare(const char *vector)
{
    for (int i = 0; i < 2; i++) {
        char *module = text(F4E_TEST_DATA "/vectors/%s/%s.wasm", vector,
                            i == 0 ? "plain" : "shared");
        char *project = text(F4E_TEST_DATA "/vectors/%s/project.8f4e", vector);
        copy(module, builder_path("m.wasm"));
        copy(project, builder_path("project"));
        take("m.wasm", "project", i == 0 ? "a.so" : "b.so");
        if (i == 0) {
            struct child child =
                RUN("m.wasm", "--project", "project", "-o", "finished");
            ck_assert_msg(child.status == 0, "%s", child.err);
            child_free(&child);
        }
        free(module);
        free(project);
    }
    spit(builder_path("script"), script, strlen(script));
}

static const char *const options[] = {
    "--device", "fake",    "--period",  "128", "--periods", "2",    "--format",
    "f32",      "--stats", "--rt-prio", "0",   "--midi-in", "none", NULL};

static void start(struct performance *player, bool has_script,
                  const char *const *more)
{
    const char *argv[40] = {builder_path("player"), "--f4e-player"};
    int ends[2];
    unsigned count = 4;
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends),
                     0);
    char *number = text("%d", ends[1]);
    argv[2] = number;
    argv[3] = builder_path("a.so");
    for (unsigned i = 0; options[i] != NULL; i++) {
        argv[count++] = options[i];
    }
    if (has_script) {
        argv[count++] = "--script";
        argv[count++] = "script";
    }
    for (unsigned i = 0; more[i] != NULL; i++) {
        argv[count++] = more[i];
    }
    char *variable = text("ALSA_CONFIG_PATH=%s", card.conf);
    performance_start(player, argv, variable, ends[1]);
    free(variable);
    free(number);
    ck_assert_int_eq(close(ends[1]), 0);
    link_end = ends[0];
}

/* The next line of the player. */
static void expect_answer(const char *wanted)
{
    static char buffer[4096];
    static size_t length;
    const struct timeval patience = {60, 0};
    (void)setsockopt(link_end, SOL_SOCKET, SO_RCVTIMEO, &patience,
                     sizeof(patience));
    for (;;) {
        char *end = memchr(buffer, '\n', length);
        if (end != NULL) {
            *end = '\0';
            ck_assert_msg(strncmp(buffer, wanted, strlen(wanted)) == 0,
                          "'%s', not '%s'", buffer, wanted);
            length -= (size_t)(end + 1 - buffer);
            memmove(buffer, end + 1, length);
            return;
        }
        ssize_t got =
            recv(link_end, buffer + length, sizeof(buffer) - length, 0);
        ck_assert_msg(got > 0, "no '%s'", wanted);
        length += (size_t)got;
    }
}

/* A library is opened once by its place: each time it has another one. */
static void ask_with(unsigned id, unsigned fade_ms, const char *values,
                     const char *version)
{
    char *path = text("%s/%u.so", builder_work, id);
    char *line = text("swap %u %u %s %s\n", id, fade_ms, values, path);
    char *from = text("%s/%s", builder_work, version);
    copy(from, path);
    free(from);
    ck_assert_int_eq(send(link_end, line, strlen(line), MSG_NOSIGNAL),
                     (ssize_t)strlen(line));
    free(line);
    free(path);
}

static void ask(unsigned id, unsigned fade_ms, const char *version)
{
    ask_with(id, fade_ms, "same", version);
}

static void swap(unsigned id, unsigned fade_ms, const char *version)
{
    char *wanted = text("playing %u", id);
    char *path = text("%s/%u.so", builder_work, id);
    ask(id, fade_ms, version);
    expect_answer(wanted);
    ck_assert_int_eq(unlink(path), 0);
    free(path);
    free(wanted);
}

/* How many lines a file of /proc has, or entries a folder. */
static unsigned count_of(pid_t pid, const char *name, bool is_folder)
{
    char *path = text("/proc/%d/%s", (int)pid, name);
    unsigned count = 0;
    if (is_folder) {
        count = (unsigned)directory_count(path);
    } else {
        FILE *file = fopen(path, "re");
        ck_assert_ptr_nonnull(file);
        for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
            count += c == '\n';
        }
        (void)fclose(file);
    }
    free(path);
    return count;
}

/* KiB of memory, all of it present or not. */
static unsigned kib_of(pid_t pid)
{
    char *path = text("/proc/%d/statm", (int)pid);
    unsigned pages = 0;
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%u", &pages), 1);
    (void)fclose(file);
    free(path);
    return pages * 4;
}

static int end(struct performance *player)
{
    ck_assert_int_eq(close(link_end), 0);
    link_end = -1;
    return performance_end(player, 0, false);
}

/* The frames that both have: what the finished patch plays without swaps. */
static void expect_same_sound(bool has_script)
{
    size_t bytes;
    size_t other_bytes;
    unsigned char *played = fake_card_played(&card, &bytes);
    ck_assert_uint_gt(bytes, 1000 * FRAME_BYTES);
    char *frames = text("%zu", bytes / FRAME_BYTES);
    char *variable = text("ALSA_CONFIG_PATH=%s", card.conf);
    const char *argv[40];
    unsigned count = 0;
    for (; options[count] != NULL; count++) {
        argv[count] = options[count];
    }
    argv[count++] = "--frames";
    argv[count++] = frames;
    if (has_script) {
        argv[count++] = "--script";
        argv[count++] = "script";
    }
    argv[count] = NULL;
    ck_assert_int_eq(unlink(card.played), 0);
    ck_assert_int_eq(unlink(card.log), 0);
    builder_environment[0] = variable;
    struct child child = builder_run(builder_path("finished"), argv);
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    unsigned char *wanted = fake_card_played(&card, &other_bytes);
    ck_assert_uint_ge(other_bytes, bytes - 1024 * FRAME_BYTES);
    size_t common = bytes < other_bytes ? bytes : other_bytes;
    bool is_silent = true;
    size_t at = 0;
    while (at < common && played[at] == wanted[at]) {
        is_silent = is_silent && wanted[at] == 0;
        at++;
    }
    ck_assert_msg(at == common, "frame %zu of %zu differs", at / FRAME_BYTES,
                  common / FRAME_BYTES);
    ck_assert(!is_silent);
    free(frames);
    free(variable);
    free(played);
    free(wanted);
}

static const char *const vectors[] = {"midi_synth", "delay_reverb"};

/*
 * At 128 frames and two periods: no frame is lost or twice there, no xrun, the
 * sound is that of a patch that was never exchanged, and nothing is left.
 */
START_TEST(many_swaps_cannot_be_heard)
{
    struct performance player;
    const unsigned swaps = suite_rounds(SWAPS);
    const bool has_script = _i == 0;
    unsigned before[4] = {0};
    prepare(vectors[_i]);
    fake_card_make(&card, "speed 0\nformats \"FLOAT_LE\"", NULL);
    start(&player, has_script, (const char *const[]){NULL});
    for (unsigned i = 1; i <= swaps; i++) {
        swap(i, 0, i % 2 == 0 ? "a.so" : "b.so");
        if (i == SETTLED) {
            before[0] = count_of(player.pid, "maps", false);
            before[1] = count_of(player.pid, "fd", true);
            before[2] = count_of(player.pid, "task", true);
            before[3] = kib_of(player.pid);
        }
    }
    ck_assert_uint_le(count_of(player.pid, "maps", false), before[0] + 8);
    ck_assert_uint_le(count_of(player.pid, "fd", true), before[1] + 1);
    ck_assert_uint_le(count_of(player.pid, "task", true), before[2] + 1);
    ck_assert_uint_le(kib_of(player.pid), before[3] + 4096);
    char *log = text("%s", player.log);
    ck_assert_int_eq(end(&player), 0);
    size_t size;
    unsigned char *said = slurp(log, &size);
    ck_assert_ptr_nonnull(memmem(said, size, "xruns   0", 9));
    free(said);
    free(log);
    expect_same_sound(has_script);
    fake_card_remove(&card);
}
END_TEST

/* Faults of the card while versions come and go. */
static const struct {
    const char *faults;
    const char *said;
} trouble[] = {
    {"xrun@20000+9000~3000", "xruns"},
    {"suspend@30000+60000~5000:1", "suspends"},
    {"nodev@50000:2 nodev@200000:2", "came back"},
    {"stall@20000+50000~5000:40", "xruns"},
};

START_TEST(a_card_in_trouble_delays_a_swap_and_no_more)
{
    struct performance player;
    char *settings = text("speed 8\nformats \"FLOAT_LE\"\nscript \"%s\"",
                          trouble[_i].faults);
    prepare("midi_synth");
    fake_card_make(&card, settings, NULL);
    start(&player, true,
          (const char *const[]){"--wait-device=0", "--state", "state",
                                "--record", "record.wav", NULL});
    for (unsigned i = 1; i <= 60; i++) {
        swap(i, i % 3 * 5, i % 2 == 0 ? "a.so" : "b.so");
        if (i % 5 == 0) {
            /* A state is saved by whoever plays at that moment. */
            ck_assert_int_eq(kill(player.pid, SIGUSR2), 0);
        }
    }
    char *log = text("%s", player.log);
    ck_assert_int_eq(end(&player), 0);
    size_t size;
    unsigned char *said = slurp(log, &size);
    ck_assert_ptr_nonnull(
        memmem(said, size, trouble[_i].said, strlen(trouble[_i].said)));
    free(said);
    free(log);
    /* What was recorded and saved is whole. */
    struct child child = builder_run(
        builder_path("finished"),
        (const char *const[]){"--state-by-name", "--load-state", "state",
                              "--render", "out.wav", "--blocks", "10", NULL});
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    free(slurp(builder_path("record.wav"), &size));
    ck_assert_uint_gt(size, 100000);
    fake_card_remove(&card);
    free(settings);
}
END_TEST

/* What does not fit is refused, and says so; it plays on. */
START_TEST(another_shape_is_refused)
{
    struct performance player;
    prepare("midi_synth");
    copy(F4E_TEST_DATA "/vectors/mono_shared/plain.wasm",
         builder_path("mono.wasm"));
    copy(F4E_TEST_DATA "/vectors/mono_shared/project.8f4e",
         builder_path("mono"));
    copy(builder_path("mono.wasm"), builder_path("m.wasm"));
    take("m.wasm", "mono", "mono.so");
    fake_card_make(&card, "speed 4\nformats \"FLOAT_LE\"", NULL);
    start(&player, false, (const char *const[]){NULL});
    ask(1, 0, "mono.so");
    expect_answer("refused 1 it has 44100 Hz");
    spit(builder_path("nonsense"), "nonsense", 8);
    ask(2, 0, "nonsense");
    expect_answer("refused 2 cannot load");
    swap(3, 10, "b.so");
    ck_assert_int_eq(end(&player), 0);
    fake_card_remove(&card);
}
END_TEST

/* While another one fades in, a version waits, and then its better build. */
START_TEST(a_better_build_stands_in_for_one_that_waits)
{
    struct performance player;
    prepare("midi_synth");
    fake_card_make(&card, "speed 1\nformats \"FLOAT_LE\"", NULL);
    start(&player, false, (const char *const[]){NULL});
    swap(1, 1000, "b.so");
    ask(2, 0, "a.so");
    ask_with(3, 0, "all", "a.so");
    expect_answer("refused 2 a newer one came");
    expect_answer("playing 3");
    /* One of what does not play any more is late. */
    swap(4, 0, "b.so");
    ask_with(5, 0, "all", "a.so");
    expect_answer("refused 5 another version plays");
    ask_with(6, 0, "all", "b.so");
    expect_answer("playing 6");
    /* Undo goes to what was written before, not to another build. */
    ck_assert_int_eq(send(link_end, "undo\n", 5, MSG_NOSIGNAL), 5);
    performance_wait(&player, "version 2 plays", 2);
    ck_assert_int_eq(end(&player), 0);
    fake_card_remove(&card);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("swap");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_add_loop_test(tcase, many_swaps_cannot_be_heard, 0, 2);
    tcase_add_loop_test(tcase, a_card_in_trouble_delays_a_swap_and_no_more, 0,
                        sizeof(trouble) / sizeof(*trouble));
    tcase_add_test(tcase, another_shape_is_refused);
    tcase_add_test(tcase, a_better_build_stands_in_for_one_that_waits);
    suite_add_tcase(suite, tcase);
    return suite;
}
