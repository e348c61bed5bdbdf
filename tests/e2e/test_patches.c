/* SPDX-License-Identifier: MIT */
/*
 * The patches of tests/bench/patches: that their translator writes what the
 * language's compiler writes, and that f4e-build makes of them programs that
 * sound and leave the interpreter's memory.
 */
#include "suite.h"

#include "builder.h"
#include "interp/interp.h"
#include "wasm/validate.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCKS = 1000, BLOCK_FRAMES = 128, FUEL_PER_BLOCK = 100000000 };

/* ---- The translator ---- */

/* Vectors with a text, and what the translator says of those it refuses. */
static const struct {
    const char *name;
    const char *refusal;
} vectors[] = {
    {"controls", NULL},
    {"delay_reverb", NULL},
    {"denormal_tail", NULL},
    {"float64_state", NULL},
    {"heavy_bank", NULL},
    {"host_import", NULL},
    {"input_gain", NULL},
    {"midi_synth", NULL},
    {"mono_shared", NULL},
    {"narrow_arrays", NULL},
    {"no_buffer", NULL},
    {"noise_chaos", NULL},
    {"numeric_edges", NULL},
    {"pcm16_player", NULL},
    {"pcm8_player", NULL},
    {"region_memory", "project.8f4e:14: '#region' is not known"},
    {"sine_stereo", NULL},
    {"trap_div", NULL},
    {"trap_oob", NULL},
    {"two_entries", NULL},
    {"worker_counter", NULL},
};
enum { VECTOR_COUNT = sizeof(vectors) / sizeof(vectors[0]) };

static struct child compile(const char *project, const char *folder)
{
    return RUN_PROGRAM(F4E_PATCHES "/compile", project, folder);
}

/* What wasm2wat shows of a module; free() it. */
static char *disassemble(const char *module)
{
    struct child child = RUN_PROGRAM("wasm2wat", "--enable-all", module);
    ck_assert_msg(child.status == 0, "%s: %s", module, child.err);
    char *shown = strdup(child.out);
    child_free(&child);
    return shown;
}

static void expect_same_module(const char *ours, const char *theirs)
{
    char *a = disassemble(ours);
    char *b = disassemble(theirs);
    size_t at = 0;
    while (a[at] != '\0' && a[at] == b[at]) {
        at++;
    }
    ck_assert_msg(a[at] == b[at], "%s: at character %zu\n%.200s\nnot\n%.200s",
                  theirs, at, a + at, b + at);
    free(a);
    free(b);
}

START_TEST(translates_vectors_as_the_compiler_does)
{
    char *folder = text("%s/vectors/%s", F4E_TEST_DATA, vectors[_i].name);
    char *project = text("%s/project.8f4e", folder);
    struct child child = compile(project, "made");
    if (vectors[_i].refusal != NULL) {
        ck_assert_int_eq(child.status, 1);
        ck_assert_msg(strstr(child.err, vectors[_i].refusal) != NULL, "%s",
                      child.err);
    } else {
        ck_assert_msg(child.status == 0, "%s", child.err);
        static const char *const kinds[] = {"plain", "shared"};
        for (size_t i = 0; i < 2; i++) {
            char *made = text("made/%s.wasm", kinds[i]);
            char *theirs = text("%s/%s.wasm", folder, kinds[i]);
            expect_same_module(made, theirs);
            free(made);
            free(theirs);
        }
    }
    child_free(&child);
    free(project);
    free(folder);
}
END_TEST

/* A vector that nobody has listed above is not skipped in silence. */
START_TEST(knows_every_vector_with_a_text)
{
    DIR *all = opendir(F4E_TEST_DATA "/vectors");
    ck_assert_ptr_nonnull(all);
    const struct dirent *entry = NULL;
    while ((entry = readdir(all)) != NULL) {
        char *project =
            text("%s/vectors/%s/project.8f4e", F4E_TEST_DATA, entry->d_name);
        bool is_listed = access(project, R_OK) != 0;
        for (size_t i = 0; i < VECTOR_COUNT; i++) {
            is_listed =
                is_listed || strcmp(vectors[i].name, entry->d_name) == 0;
        }
        ck_assert_msg(is_listed, "%s", entry->d_name);
        free(project);
    }
    (void)closedir(all);
}
END_TEST

static const char *const examples[] = {"drum", "gain", "midi-synth", "reverb",
                                       "sine"};

START_TEST(translates_examples_as_the_compiler_does)
{
    char *project =
        text("%s/%s/%s.8f4e", F4E_EXAMPLES, examples[_i], examples[_i]);
    char *theirs =
        text("%s/%s/%s.wasm", F4E_EXAMPLES, examples[_i], examples[_i]);
    struct child child = compile(project, "made");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    expect_same_module("made/shared.wasm", theirs);
    free(project);
    free(theirs);
}
END_TEST

/* Lines of a module from line 3 on, and what is said of them. */
static const struct {
    const char *lines;
    const char *error;
} mistakes[] = {
    {"push 1\n", "left on the stack"},
    {"add\n", "p.8f4e:4: nothing left on the stack"},
    {"int a\npush a\npush 1.0\nadd\ndrop\n", "p.8f4e:7: i32 where f32"},
    {"int a\npush 7\npush a\ndiv\ndrop\n", "p.8f4e:7: a divisor that may be"},
    {"risingEdge\n", "p.8f4e:4: 'risingEdge' is not known"},
    {"push nothing\n", "p.8f4e:4: no variable 'nothing'"},
    {"call nothing\n", "p.8f4e:4: no function 'nothing'"},
    {"push 1\nif\n", "p.8f4e:5: 'if' without an end"},
    {"ifEnd\n", "p.8f4e:4: no 'if' to end"},
    {"use nothing\n", "p.8f4e:3: 'use' of something unknown"},
    {"int[] a 1\n", "p.8f4e:4: an array of less than two elements"},
    {"int[] a\n", "p.8f4e:4: 'int[]' needs more words"},
    {"push\n", "p.8f4e:4: 'push' needs more words"},
    {"map 1 2\n", "p.8f4e:4: no 'mapBegin'"},
    {"moduleEnd\nentryEnd\nmodule n\n", "p.8f4e:6: a module outside of"},
    {"moduleEnd\nentryEnd\nfunction f\nparam\nfunctionEnd\n"
     "entry e\nmodule n\n",
     "p.8f4e:7: 'param' needs more words"},
    {"int a b\n", "p.8f4e:4: 'b' is not a number"},
};

START_TEST(says_where_a_text_is_wrong)
{
    char *project =
        text("8f4e/v1\nentry main\nmodule m\n%smoduleEnd\nentryEnd\n",
             mistakes[_i].lines);
    spit(builder_path("p.8f4e"), project, strlen(project));
    struct child child = compile("p.8f4e", "made");
    ck_assert_int_eq(child.status, 1);
    ck_assert_msg(strstr(child.err, mistakes[_i].error) != NULL,
                  "'%s', not '%s'", child.err, mistakes[_i].error);
    child_free(&child);
    free(project);
}
END_TEST

/* ---- The patches ---- */

/* With how many addresses are proven, of those that vary. None of a patch with
 * a .play runs the general code when it is played so. */
static const struct {
    const char *name;
    const char *ranges;
} patches[] = {
    {"arp", "5 of 5"},       {"blep", "8 of 9"},       {"drum", "18 of 18"},
    {"fm", "5 of 5"},        {"granular", "35 of 35"}, {"looper", "12 of 12"},
    {"melody", "7 of 7"},    {"mod", "17 of 21"},      {"mono", "5 of 5"},
    {"organ", "5 of 5"},     {"poly", "11 of 11"},     {"reverb", "54 of 54"},
    {"sampler", "14 of 14"}, {"spectral", "20 of 20"}, {"stretch", "4 of 4"},
    {"tracker", "21 of 21"}, {"vocoder", "4 of 4"},
};
enum { PATCH_COUNT = sizeof(patches) / sizeof(patches[0]) };

static uint32_t function_of(const struct wasm_module *module, const char *name)
{
    const struct wasm_export *export =
        wasm_find_export(module, WASM_FUNCTION, name);
    ck_assert_msg(export != NULL, "no '%s'", name);
    return export->index;
}

static void interpret(struct interp *interp, uint32_t function)
{
    struct interp_stop stop = {0};
    uint64_t fuel = FUEL_PER_BLOCK;
    ck_assert_msg(interp_call(interp, function, &fuel, &stop) == INTERP_DONE,
                  "function %u: %s", function, stop.text);
}

/* A message that comes again and again: a line "event" of tests/bench. */
struct event {
    unsigned blocks; /* until the next */
    char name[64];
    unsigned arguments[3];
};

enum { EVENTS_MAX = 256 };

/* What its .play leaves in memory, if it has one; the number of its messages.
 */
static size_t poke(struct interp *interp, const char *path,
                   struct event events[EVENTS_MAX])
{
    char line[256];
    size_t count = 0;
    uint64_t bytes = 0;
    uint8_t *memory = interp_memory(interp, 0, &bytes);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        struct event event;
        unsigned long address = 0;
        unsigned long value = 0;
        if (sscanf(line, "event %u %63s %u %u %u", &event.blocks, event.name,
                   &event.arguments[0], &event.arguments[1],
                   &event.arguments[2]) == 5) {
            ck_assert_uint_lt(count, EVENTS_MAX);
            events[count++] = event;
            continue;
        }
        ck_assert_msg(sscanf(line, "%lu %lu", &address, &value) == 2 &&
                          address <= bytes - 4,
                      "%s: %s", path, line);
        for (int i = 0; i < 4; i++) {
            memory[address + (unsigned long)i] = (uint8_t)(value >> (8 * i));
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return count;
}

static void send(struct interp *interp, const struct wasm_module *module,
                 const struct event *event)
{
    struct interp_stop stop = {0};
    uint64_t fuel = FUEL_PER_BLOCK;
    const uint64_t arguments[] = {event->arguments[0], event->arguments[1],
                                  event->arguments[2]};
    ck_assert_msg(interp_call_with(interp, function_of(module, event->name),
                                   arguments, &fuel, &stop) == INTERP_DONE,
                  "%s: %s", event->name, stop.text);
}

/* All blocks, with the messages that come between them. */
static void play_blocks(struct interp *interp, const struct wasm_module *module,
                        const struct event *events, size_t count)
{
    size_t next = 0;
    unsigned left = 0;
    for (int i = 0; i < BLOCKS; i++) {
        for (size_t k = 0; k < count && left == 0; k++) {
            send(interp, module, &events[next]);
            left = events[next].blocks;
            next = (next + 1) % count;
        }
        left -= left > 0 ? 1 : 0;
        interpret(interp, function_of(module, "buffer"));
    }
}

/* The memory after BLOCKS blocks in the interpreter; free() it. */
static unsigned char *expected_memory(const char *path, const char *pokes,
                                      uint64_t *bytes)
{
    size_t size = 0;
    unsigned char *file = slurp(path, &size);
    struct arena arena;
    struct diag diag;
    struct wasm_module module;
    struct interp *interp = NULL;
    arena_init(&arena, 0);
    diag_init(&diag, path);
    ck_assert_msg(wasm_read(&module, file, size, &arena, &diag) &&
                      wasm_validate(&module, &arena, &diag) &&
                      interp_create(&interp, &module, &arena, &diag),
                  "%s", diag.text);
    interpret(interp, function_of(&module, "initDefaults"));
    struct event events[EVENTS_MAX];
    play_blocks(interp, &module, events, poke(interp, pokes, events));
    const uint8_t *memory = interp_memory(interp, 0, bytes);
    unsigned char *copy = malloc((size_t)*bytes);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, memory, (size_t)*bytes);
    interp_destroy(interp);
    arena_deinit(&arena);
    free(file);
    return copy;
}

/* Something is to be heard, and no more than full scale. */
static void expect_sound(const struct child *rendered)
{
    double sum = 0;
    size_t count = rendered->out_length / sizeof(float);
    ck_assert_uint_eq(count, (size_t)BLOCKS * BLOCK_FRAMES * 2);
    for (size_t i = 0; i < count; i++) {
        float sample;
        memcpy(&sample, rendered->out + i * sizeof(float), sizeof(sample));
        ck_assert_msg(fabsf(sample) <= 1, "sample %zu is %g", i,
                      (double)sample);
        sum += (double)sample * (double)sample;
    }
    ck_assert_msg(sqrt(sum / (double)count) > 0.03, "too quiet: %g",
                  sqrt(sum / (double)count));
}

/* The text next to it is found to be the module's: --project is strict. */
static void expect_program(int patch, const char *module, const char *ranges)
{
    char *script = text("%s/%s/script", F4E_PATCH_MODULES, patches[patch].name);
    char *pokes = text("%s/%s/pokes", F4E_PATCH_MODULES, patches[patch].name);
    bool is_played = access(script, R_OK) == 0;
    uint64_t size = 0;
    size_t dumped_size = 0;
    char blocks[16];
    char *project = text("%s/%s.8f4e", F4E_PATCHES, patches[patch].name);
    struct child child = BUILD("-O2", "--ranges", ranges, "--no-assets",
                               "--project", project, module, "-o", "program");
    child_free(&child);
    (void)snprintf(blocks, sizeof(blocks), "%d", BLOCKS);
    child = RUN_PROGRAM(builder_path("program"), "--render", "-", "--blocks",
                        blocks, "--quiet", "--dump-memory", "memory",
                        "--script", is_played ? script : "/dev/null",
                        "--stats-json", "stats.json");
    ck_assert_msg(child.status == 0, "%s", child.err);
    expect_sound(&child);
    child_free(&child);
    unsigned char *expected = expected_memory(module, pokes, &size);
    unsigned char *dumped = slurp(builder_path("memory"), &dumped_size);
    ck_assert_msg(dumped_size == size && memcmp(dumped, expected, size) == 0,
                  "--ranges %s: another memory", ranges);
    free(dumped);
    char *stats = (char *)slurp(builder_path("stats.json"), &dumped_size);
    ck_assert_msg(strstr(stats, "\"generalBlocks\": 0,") != NULL, "%s", stats);
    free(stats);
    free(script);
    free(pokes);
    free(expected);
    free(project);
}

START_TEST(patch_sounds_and_leaves_the_memory_of_the_interpreter)
{
    char *module =
        text("%s/%s/plain.wasm", F4E_PATCH_MODULES, patches[_i].name);
    expect_program(_i, module, "on");
    expect_program(_i, module, "off");
    free(module);
}
END_TEST

/* What a player does to a patch, and how many blocks run unproven code then. */
static const struct {
    const char *patch;
    const char *script;
    const char *general;
} played[] = {
    {"tracker", "5b key down KeyZ\n9b key down KeyQ\n20b key up KeyZ\n", "0"},
    {"granular", "5b set grain0:size 3000\n", "0"},
    {"mono", "5b set loudness:attackTime 77\n", "0"},
};

static uint64_t play(const char *mode, int row, char **stats)
{
    char *module =
        text("%s/%s/plain.wasm", F4E_PATCH_MODULES, played[row].patch);
    char *project = text("%s/%s.8f4e", F4E_PATCHES, played[row].patch);
    size_t size = 0;
    struct child child = BUILD("-O2", "--ranges", mode, "--project", project,
                               module, "-o", "program");
    child_free(&child);
    spit(builder_path("script"), played[row].script,
         strlen(played[row].script));
    child = RUN_PROGRAM(builder_path("program"), "--render", "-", "--blocks",
                        "60", "--quiet", "--script", "script", "--dump-memory",
                        "memory", "--stats-json", "stats.json");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    unsigned char *memory = slurp(builder_path("memory"), &size);
    uint64_t hash = 0;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ memory[i]) * UINT64_C(0x100000001b3);
    }
    *stats = (char *)slurp(builder_path("stats.json"), &size);
    free(memory);
    free(project);
    free(module);
    return hash;
}

START_TEST(playing_it_does_not_end_its_proof)
{
    char *stats = NULL;
    uint64_t plain = play("off", _i, &stats);
    free(stats);
    ck_assert_msg(play("on", _i, &stats) == plain, "%s: another memory",
                  played[_i].patch);
    char *want = text("\"generalBlocks\": %s,", played[_i].general);
    ck_assert_msg(strstr(stats, want) != NULL, "%s: not %s in\n%s",
                  played[_i].patch, want, stats);
    free(want);
    free(stats);
}
END_TEST

START_TEST(patch_has_its_addresses_proven)
{
    char *module =
        text("%s/%s/plain.wasm", F4E_PATCH_MODULES, patches[_i].name);
    char *line = text("%-12s %s variable addresses proven\n", "ranges",
                      patches[_i].ranges);
    struct child child = RUN("inspect", "--ranges", module);
    ck_assert_msg(strstr(child.out, line) != NULL, "not '%s' in\n%s", line,
                  child.out);
    child_free(&child);
    free(line);
    free(module);
}
END_TEST

/* As many as there are texts. */
START_TEST(knows_every_patch)
{
    int count = 0;
    DIR *all = opendir(F4E_PATCHES);
    ck_assert_ptr_nonnull(all);
    const struct dirent *entry = NULL;
    while ((entry = readdir(all)) != NULL) {
        count += strstr(entry->d_name, ".8f4e") != NULL ? 1 : 0;
    }
    (void)closedir(all);
    ck_assert_int_eq(count, PATCH_COUNT);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("patches");
    TCase *tcase = tcase_create("patches");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_add_loop_test(tcase, translates_vectors_as_the_compiler_does, 0,
                        VECTOR_COUNT);
    tcase_add_test(tcase, knows_every_vector_with_a_text);
    tcase_add_loop_test(tcase, translates_examples_as_the_compiler_does, 0,
                        sizeof(examples) / sizeof(examples[0]));
    tcase_add_loop_test(tcase, says_where_a_text_is_wrong, 0,
                        sizeof(mistakes) / sizeof(mistakes[0]));
    tcase_add_test(tcase, knows_every_patch);
    tcase_add_loop_test(tcase,
                        patch_sounds_and_leaves_the_memory_of_the_interpreter,
                        0, PATCH_COUNT);
    tcase_add_loop_test(tcase, playing_it_does_not_end_its_proof, 0,
                        sizeof(played) / sizeof(played[0]));
    tcase_add_loop_test(tcase, patch_has_its_addresses_proven, 0, PATCH_COUNT);
    suite_add_tcase(suite, tcase);
    return suite;
}
