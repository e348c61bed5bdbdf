/* SPDX-License-Identifier: MIT */
/* tests/bench/run with real engines, and with ones that lie or die. */
#include "suite.h"

#include "builder.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUICK "--rounds", "2", "--blocks", "3", "--warmup", "1"

/* A vector: its last frames of one block reach the next, so that a wrong number
 * of blocks would show in memory. */
static const char vector[] = F4E_TEST_DATA "/vectors/denormal_tail/plain.wasm";

static void set_up(void)
{
    builder_setup();
    builder_environment[0] = "F4E_BUILD=" F4E_BUILD;
}

/* An adapter that makes an engine of these shell lines. */
static void adapter(const char *name, const char *lines)
{
    char *script = text("#!/bin/sh\ncat >\"$2/run\" <<'END'\n#!/bin/sh\n%sEND\n"
                        "chmod +x \"$2/run\"\n",
                        lines);
    spit(builder_path(name), script, strlen(script));
    ck_assert_int_eq(chmod(builder_path(name), 0700), 0);
    free(script);
}

static struct child bench(const char *engines, const char *engine,
                          const char *option)
{
    char *argument = text("%s=%s", engine, builder_path(engine));
    struct child child =
        engine[0] == '\0' ? RUN_PROGRAM(F4E_BENCH, QUICK, "--engines", engines,
                                        option, vector)
                          : RUN_PROGRAM(F4E_BENCH, QUICK, "--engines", engines,
                                        "--engine", argument, option, vector);
    free(argument);
    return child;
}

START_TEST(real_engines_agree_and_are_reported)
{
    struct child child =
        RUN_PROGRAM(F4E_BENCH, QUICK, "--times", "7", "--denormals", "--fifo",
                    "--json", "--plots", "plots", "--engines",
                    "ours,ours-unchecked,wasm2c-O2", vector);
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    cJSON *root = cJSON_Parse(child.out);
    ck_assert_msg(root != NULL, "%s", child.out);
    const cJSON *module =
        cJSON_GetArrayItem(cJSON_GetObjectItem(root, "modules"), 0);
    ck_assert_str_eq(cJSON_GetObjectItem(module, "module")->valuestring,
                     "denormal_tail");
    ck_assert(cJSON_IsTrue(cJSON_GetObjectItem(module, "memoryAgrees")));
    const cJSON *engines = cJSON_GetObjectItem(module, "engines");
    ck_assert_int_eq(cJSON_GetArraySize(engines), 3);
    static const char *const positive[] = {
        "nsPerBlock", "nsPerBlockFlushed", "firstBlockNs", "startNs",
        "buildNs",    "executableBytes",   "residentKiB",  "maxNs"};
    const cJSON *engine = NULL;
    cJSON_ArrayForEach(engine, engines)
    {
        for (size_t i = 0; i < sizeof(positive) / sizeof(positive[0]); i++) {
            ck_assert_msg(
                cJSON_GetObjectItem(engine, positive[i])->valuedouble > 0,
                "%s: %s", positive[i], child.out);
        }
    }
    cJSON_Delete(root);
    child_free(&child);
    ck_assert_int_eq(access(builder_path("plots/ratios.svg"), R_OK), 0);
    ck_assert_int_eq(
        access(builder_path("plots/times-denormal_tail.svg"), R_OK), 0);
}
END_TEST

/* All of tests/bench/patches; against V8 where there is one. */
START_TEST(patches_leave_the_memory_of_v8)
{
    static const char *const patches[] = {
        "arp",    "blep", "drum",    "fm",      "granular", "looper",
        "mod",    "mono", "organ",   "reverb",  "sampler",  "spectral",
        "melody", "poly", "stretch", "tracker", "vocoder"};
    struct child child =
        RUN_PROGRAM(F4E_BENCH, "--patches", "--rounds", "1", "--blocks", "300",
                    "--warmup", "1", "--engines", "ours,v8-shared");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    ck_assert_ptr_null(strstr(child.out, "denormal_tail"));
    ck_assert_int_eq(strstr(child.out, "v8-shared") != NULL,
                     child_finds("node"));
    for (size_t i = 0; i < sizeof(patches) / sizeof(patches[0]); i++) {
        char *start = text("\n%s ", patches[i]);
        char *row = strstr(child.out, start);
        ck_assert_msg(row != NULL, "no %s in\n%s", patches[i], child.out);
        /* No dash in its last column. */
        ck_assert_msg(row[strcspn(row + 1, "\n")] == ')', "%s:\n%s", patches[i],
                      child.out);
        free(start);
    }
    child_free(&child);
}
END_TEST

/* While they are played. */
START_TEST(patches_written_by_hand_have_the_same_bits)
{
    static const char *const patches[] = {"arp", "looper", "organ", "vocoder"};
    char *modules[4];
    for (size_t i = 0; i < 4; i++) {
        char *project = text("%s/%s.8f4e", F4E_PATCHES, patches[i]);
        struct child child =
            RUN_PROGRAM(F4E_PATCHES "/compile", project, patches[i]);
        ck_assert_msg(child.status == 0, "%s", child.err);
        child_free(&child);
        free(project);
        modules[i] = text("%s/plain.wasm", patches[i]);
    }
    struct child child =
        RUN_PROGRAM(F4E_BENCH, "--rounds", "1", "--blocks", "500", "--warmup",
                    "1", "--engines", "ours-general,hand,hand-staged",
                    modules[0], modules[1], modules[2], modules[3]);
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    for (size_t i = 0; i < 4; i++) {
        char *start = text("\n%s ", patches[i]);
        char *row = strstr(child.out, start);
        ck_assert_msg(row != NULL, "no %s in\n%s", patches[i], child.out);
        row[1 + strcspn(row + 1, "\n")] = '\0';
        ck_assert_msg(strstr(row, " -") == NULL, "%s", row);
        row[strlen(row)] = '\n'; /* the next row is searched for in it */
        free(start);
        free(modules[i]);
    }
    child_free(&child);
}
END_TEST

START_TEST(an_engine_with_another_memory_fails_the_run)
{
    adapter("liar", "while read -r verb rest; do case $verb in\n"
                    "start) echo ready 1 ;; run) echo ns 1 ;;\n"
                    "end) echo hash 00000000 ;; esac; done\n");
    struct child child = bench("ours", "liar", "--denormals");
    ck_assert_int_eq(child.status, 1);
    ck_assert_ptr_nonnull(strstr(child.out, "MEMORY DIFFERS"));
    ck_assert_ptr_nonnull(strstr(child.out, "liar is faster on denormal_tail"));
    child_free(&child);
}
END_TEST

static const char *const broken[] = {
    "exit 1\n",
    "read -r line; echo perhaps\n",
    "read -r line; echo ready x\n",
    "read -r line; echo ready 5; read -r line; echo ns 5; exit 3\n",
    "kill -SEGV $$\n",
};

/* Words of pcm8_player that its proof relies on, set to what breaks it. */
static const char *const pokes[] = {"12128=5000", "12128=4294967295", "12104=7",
                                    "12132=12104"};

START_TEST(a_word_written_from_outside_is_seen_by_every_engine)
{
    struct child child = RUN_PROGRAM(
        F4E_BENCH, "--rounds", "1", "--blocks", "50", "--warmup", "3", "--poke",
        pokes[_i], "--engines", "ours,ours-general,wasm2c-O2",
        F4E_TEST_DATA "/vectors/pcm8_player/plain.wasm");
    ck_assert_msg(child.status == 0, "%s: %s%s", pokes[_i], child.out,
                  child.err);
    char *row = strstr(child.out, "pcm8_player ");
    ck_assert_ptr_nonnull(row);
    *strchr(row, '\n') = '\0';
    ck_assert_msg(strstr(row, " -") == NULL, "%s: %s", pokes[_i], row);
    child_free(&child);
}
END_TEST

/* Notes of a vector arrive while engines run it. */
START_TEST(messages_reach_every_engine)
{
    struct child child = RUN_PROGRAM(
        F4E_BENCH, "--rounds", "2", "--blocks", "150", "--warmup", "3",
        "--json", "--engines", "ours,ours-general,wasm2c-O2,v8-plain",
        F4E_TEST_DATA "/vectors/midi_synth/plain.wasm");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    cJSON *root = cJSON_Parse(child.out);
    const cJSON *module =
        cJSON_GetArrayItem(cJSON_GetObjectItem(root, "modules"), 0);
    ck_assert(cJSON_IsTrue(cJSON_GetObjectItem(module, "memoryAgrees")));
    ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItem(module, "engines")),
                     child_finds("node") ? 4 : 3);
    cJSON_Delete(root);
    child_free(&child);
}
END_TEST

START_TEST(a_word_beyond_the_memory_is_refused)
{
    struct child child =
        RUN_PROGRAM(F4E_BENCH, QUICK, "--poke", "65533=1", "--engines", "ours",
                    F4E_TEST_DATA "/vectors/pcm8_player/plain.wasm");
    ck_assert_ptr_null(strstr(child.out, "(1.00x)"));
    child_free(&child);
    child =
        RUN_PROGRAM(F4E_BENCH, QUICK, "--poke", "65532=1", "--engines", "ours",
                    F4E_TEST_DATA "/vectors/pcm8_player/plain.wasm");
    ck_assert_ptr_nonnull(strstr(child.out, "(1.00x)"));
    child_free(&child);
}
END_TEST

START_TEST(an_engine_that_breaks_is_a_dash)
{
    adapter("broken", broken[_i]);
    struct child child = bench("ours", "broken", "--denormals");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    char *row = strstr(child.out, "denormal_tail ");
    ck_assert_ptr_nonnull(row);
    *strchr(row, '\n') = '\0';
    ck_assert_ptr_nonnull(strstr(row, "(1.00x)"));
    ck_assert_str_eq(row + strlen(row) - 2, " -");
    child_free(&child);
}
END_TEST

/* What an adapter says when its engine is not installed: the variable is empty,
 * or names a folder without it. */
static const struct {
    const char *engine, *variable, *missing;
} absent[] = {
    {"wamr-aot", "WAMR_DIR=", "WAMR_DIR is empty"},
    {"wamr-aot", "WAMR_DIR=/dev/null", "'/dev/null/bin/wamrc' is missing"},
    {"wamr-segue", "WAMR_DIR=", "WAMR_DIR is empty"},
    {"wamr-interp", "WAMR_DIR=", "WAMR_DIR is empty"},
    {"wasmtime", "WASMTIME_DIR=", "WASMTIME_DIR is empty"},
    {"wasmtime", "WASMTIME_DIR=/dev/null",
     "tests/bench/install/wasmtime brings it"},
    {"wasmtime-capi", "WASMTIME_DIR=/dev/null",
     "'/dev/null/include/wasm.h' is missing"},
    {"wasmer", "WASMER_DIR=/dev/null", "'/dev/null/include/wasm.h' is missing"},
    {"wasmer-llvm", "WASMER_LLVM_DIR=/dev/null",
     "tests/bench/install/wasmer-llvm brings it"},
    {"w2c2", "W2C2_DIR=/dev/null", "'/dev/null/bin/w2c2' is missing"},
    {"wasm3", "WASM3_DIR=/dev/null", "'/dev/null/include/wasm3.h' is missing"},
    {"wasmedge-aot", "WASMEDGE_DIR=/dev/null",
     "'/dev/null/include/wasmedge/wasmedge.h' is missing"},
    {"wasm2c-new", "WABT_DIR=/dev/null", "'/dev/null/bin/wasm2c' is missing"},
    {"wasm2c-O2", "WABT_RUNTIME=/dev/null",
     "'/dev/null/wasm-rt-impl.c' is missing"},
};

enum { ABSENT = sizeof(absent) / sizeof(absent[0]) };

/* In what the command says: a line that names the engine and why, once. */
static void expect_left_out(const struct child *child, const char *engine,
                            const char *missing)
{
    char *notice = text(": without %s: ", engine);
    char *all = text("%s", child->err);
    char *said = strstr(all, notice);
    ck_assert_msg(said != NULL, "no '%s' in %s", notice, all);
    ck_assert_msg(strstr(said + 1, notice) == NULL, "%s", all);
    char *line = said + 1;
    line[strcspn(line, "\n")] = '\0';
    ck_assert_msg(strstr(line, missing) != NULL, "%s", line);
    ck_assert_ptr_null(strstr(child->out, engine));
    free(all);
    free(notice);
}

/* All whose variable is empty in one run, all whose folder lacks them in
 * another. */
START_TEST(engines_that_are_not_installed_are_left_out_and_named_once)
{
    const char *arguments[ABSENT + 16] = {NULL};
    char *engines = text("ours");
    size_t count = 0;
    for (size_t i = 0; i < ABSENT; i++) {
        bool is_empty = strchr(absent[i].variable, '=')[1] == '\0';
        if (is_empty == (_i == 0)) {
            char *more = text("%s,%s", engines, absent[i].engine);
            free(engines);
            engines = more;
            arguments[count++] = absent[i].variable;
        }
    }
    ck_assert_uint_ge(count, 4);
    const char *const command[] = {
        F4E_BENCH, QUICK,  "--engines",
        engines,   vector, F4E_TEST_DATA "/vectors/mono_shared/plain.wasm",
        NULL};
    for (size_t i = 0; command[i] != NULL; i++) {
        arguments[count++] = command[i];
    }
    struct child child = builder_run("env", arguments);
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    ck_assert_ptr_nonnull(strstr(child.out, "mono_shared"));
    for (size_t i = 0; i < ABSENT; i++) {
        bool is_empty = strchr(absent[i].variable, '=')[1] == '\0';
        if (is_empty == (_i == 0)) {
            expect_left_out(&child, absent[i].engine, absent[i].missing);
        }
    }
    child_free(&child);
    free(engines);
}
END_TEST

static const char counter[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    "  (func (export \"main\"))\n"
    "  (func (export \"initDefaults\")\n"
    "    (i32.store (i32.const 8) (i32.const 5)))\n"
    "  (func (export \"buffer\")\n"
    "    (i32.store (i32.const 8)\n"
    "      (i32.add (i32.load (i32.const 8)) (i32.const 3)))))\n";

/* A stand-in for w2c2, whose sources no registry carries: what it writes of the
 * module above has w2c2's form, with a function in a file of its own. */
static const char base_of_w2c2[] =
    "typedef unsigned char U8;\ntypedef unsigned int U32;\n"
    "typedef enum Trap { trapUnreachable } Trap;\n"
    "static inline const char *trapDescription(Trap trap)\n"
    "{ (void)trap; return \"unreachable\"; }\n"
    "extern void trap(Trap) __attribute__((noreturn));\n"
    "typedef struct wasmMemory { U8 *data; U32 pages, maxPages, size; } "
    "wasmMemory;\n";
static const char stand_in_for_w2c2[] =
    "#!/bin/sh\n"
    "[ \"$1 $2\" = 'patch.wasm patch.c' ] || exit 1\n"
    "cat >patch.h <<'END'\n"
    "#include \"w2c2_base.h\"\n"
    "typedef struct patchInstance { wasmMemory *host__memory; } "
    "patchInstance;\n"
    "void patch_initDefaults(patchInstance*i);\n"
    "void patch_buffer(patchInstance*i);\n"
    "void patchInstantiate(patchInstance* instance, "
    "void* resolve(const char* module, const char* name));\n"
    "END\n"
    "cat >patch.c <<'END'\n"
    "#include \"patch.h\"\n"
    "void f2(patchInstance*i);\n"
    "void patch_initDefaults(patchInstance*i) "
    "{ i->host__memory->data[8] = 5; }\n"
    "void patch_buffer(patchInstance*i) { f2(i); }\n"
    "void patchInstantiate(patchInstance* i, "
    "void* resolve(const char* module, const char* name))\n"
    "{ i->host__memory = (wasmMemory*)resolve(\"host\", \"memory\"); }\n"
    "END\n"
    "cat >s0000000000.c <<'END'\n"
    "#include \"patch.h\"\n"
    "void f2(patchInstance*i)\n"
    "{ *(U32 *)(i->host__memory->data + 8) += 3; }\n"
    "END\n";

START_TEST(the_adapter_of_w2c2_runs_code_of_its_form)
{
    char *variable = text("W2C2_DIR=%s", builder_path("w2c2"));
    builder_environment[1] = variable;
    ck_assert_int_eq(mkdir(builder_path("w2c2"), 0700), 0);
    ck_assert_int_eq(mkdir(builder_path("w2c2/bin"), 0700), 0);
    ck_assert_int_eq(mkdir(builder_path("w2c2/include"), 0700), 0);
    spit(builder_path("w2c2/include/w2c2_base.h"), base_of_w2c2,
         strlen(base_of_w2c2));
    spit(builder_path("w2c2/bin/w2c2"), stand_in_for_w2c2,
         strlen(stand_in_for_w2c2));
    ck_assert_int_eq(chmod(builder_path("w2c2/bin/w2c2"), 0700), 0);
    spit(builder_path("counter.wat"), counter, strlen(counter));
    struct child child =
        RUN_PROGRAM("wat2wasm", "counter.wat", "-o", "counter.wasm");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    child =
        RUN_PROGRAM(F4E_BENCH, QUICK, "--engines", "ours,w2c2", "counter.wasm");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    char *row = strstr(child.out, "counter ");
    ck_assert_msg(row != NULL, "%s%s", child.out, child.err);
    *strchr(row, '\n') = '\0';
    ck_assert_msg(row[strlen(row) - 1] == ')', "%s", row);
    child_free(&child);
    free(variable);
}
END_TEST

/* examples/engine-host, with the one engine that Debian has. */
START_TEST(an_engine_sounds_the_same_behind_our_loop)
{
    struct child child =
        RUN_PROGRAM(F4E_ENGINE_HOST, "wasm2c-O2", vector, "hosted");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    child_free(&child);
    child = RUN_PROGRAM(F4E_BUILD, "-q", vector, "-o", "native");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    static const char *const players[] = {"hosted", "native"};
    for (size_t i = 0; i < 2; i++) {
        char *wav = text("%s.wav", players[i]);
        char *player = text("%s", builder_path(players[i]));
        child = RUN_PROGRAM(player, "-q", "--denormals", "ieee", "--render",
                            wav, "--seconds", "1");
        ck_assert_msg(child.status == 0, "%s", child.err);
        child_free(&child);
        free(player);
        free(wav);
    }
    struct child same = RUN_PROGRAM("/usr/bin/cmp", "hosted.wav", "native.wav");
    ck_assert_msg(same.status == 0, "%s%s", same.out, same.err);
    child_free(&same);
    child = RUN_PROGRAM("./hosted", "--info");
    ck_assert_ptr_nonnull(strstr(child.out, "engine-host, wasm2c-O2"));
    child_free(&child);
    child = RUN_PROGRAM(F4E_ENGINE_HOST, "v8-plain", vector, "other");
    ck_assert_int_eq(child.status, 2);
    ck_assert_ptr_nonnull(strstr(child.err, "no engine 'v8-plain'"));
    child_free(&child);
}
END_TEST

START_TEST(a_patch_that_traps_everywhere_is_left_out)
{
    struct child child =
        RUN_PROGRAM(F4E_BENCH, QUICK, "--warmup", "5000", "--engines", "ours",
                    vector, F4E_TEST_DATA "/vectors/trap_div/plain.wasm");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    ck_assert_ptr_nonnull(strstr(child.out, "denormal_tail"));
    ck_assert_ptr_null(strstr(child.out, "trap_div"));
    child_free(&child);
}
END_TEST

START_TEST(refuses_what_it_does_not_know)
{
    struct child child = bench("ours,nonsense", "", "--json");
    ck_assert_int_eq(child.status, 2);
    ck_assert_ptr_nonnull(strstr(child.err, "no engine 'nonsense'"));
    child_free(&child);
    child = RUN_PROGRAM(F4E_BENCH, "--fast");
    ck_assert_int_eq(child.status, 2);
    ck_assert_ptr_nonnull(strstr(child.err, "--engines LIST"));
    child_free(&child);
    child = RUN_PROGRAM(F4E_BENCH, "missing.wasm");
    ck_assert_int_eq(child.status, 1);
    ck_assert_ptr_nonnull(strstr(child.err, "no file 'missing.wasm'"));
    child_free(&child);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("bench");
    TCase *tcase = tcase_create("bench");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, set_up, builder_teardown);
    tcase_add_test(tcase, real_engines_agree_and_are_reported);
    tcase_add_test(tcase, patches_leave_the_memory_of_v8);
    tcase_add_test(tcase, patches_written_by_hand_have_the_same_bits);
    tcase_add_test(tcase, an_engine_with_another_memory_fails_the_run);
    tcase_add_loop_test(tcase,
                        a_word_written_from_outside_is_seen_by_every_engine, 0,
                        sizeof(pokes) / sizeof(pokes[0]));
    tcase_add_test(tcase, messages_reach_every_engine);
    tcase_add_test(tcase, a_word_beyond_the_memory_is_refused);
    tcase_add_loop_test(tcase, an_engine_that_breaks_is_a_dash, 0,
                        sizeof(broken) / sizeof(broken[0]));
    tcase_add_loop_test(
        tcase, engines_that_are_not_installed_are_left_out_and_named_once, 0,
        2);
    tcase_add_test(tcase, the_adapter_of_w2c2_runs_code_of_its_form);
    tcase_add_test(tcase, an_engine_sounds_the_same_behind_our_loop);
    tcase_add_test(tcase, a_patch_that_traps_everywhere_is_left_out);
    tcase_add_test(tcase, refuses_what_it_does_not_know);
    suite_add_tcase(suite, tcase);
    return suite;
}
