/* SPDX-License-Identifier: MIT */
/*
 * From the editor's two files to a program, by every way that leads there:
 * project, manifest, and a module that carries everything.
 */
#include "suite.h"

#include "builder.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* The files of a vector under the names that a user would give them. */
static void take_vector(const char *vector, const char *asset)
{
    const char *const files[][2] = {{"shared.wasm", "drum.wasm"},
                                    {"project.8f4e", "drum.8f4e"},
                                    {asset, asset}};
    for (size_t i = 0; i < 3 && files[i][0] != NULL; i++) {
        char *from =
            text("%s/vectors/%s/%s", F4E_TEST_DATA, vector, files[i][0]);
        size_t size = 0;
        unsigned char *bytes = slurp(from, &size);
        spit(builder_path(files[i][1]), bytes, size);
        free(bytes);
        free(from);
    }
}

static void put(const char *name, const char *content)
{
    spit(builder_path(name), content, strlen(content));
}

static void forget(struct child child)
{
    child_free(&child);
}

static void move(const char *from, const char *to)
{
    char *old = text("%s/%s", builder_work, from);
    ck_assert_int_eq(rename(old, builder_path(to)), 0);
    free(old);
}

START_TEST(takes_the_project_beside_the_module)
{
    take_vector("pcm8_player", "hit.s8");
    struct child child = BUILD("drum.wasm");
    ck_assert_ptr_nonnull(
        strstr(child.err, "notice: 'drum.8f4e' is taken as its project"));
    ck_assert_ptr_nonnull(strstr(child.err, "notice: asset 'hit' is 'hit.s8'"));
    child_free(&child);
    child = RUN_PROGRAM("./drum", "--list", "player:*");
    ck_assert_int_eq(child.status, 0);
    ck_assert_ptr_nonnull(strstr(child.out, "player:level"));
    child_free(&child);
    child = BUILD("drum.wasm", "--no-project", "-o", "bare");
    ck_assert_ptr_null(strstr(child.err, "drum.8f4e"));
    child_free(&child);
}
END_TEST

/* Three ways, one executable, byte for byte. */
START_TEST(builds_the_same_from_project_manifest_and_embedding)
{
    take_vector("pcm8_player", "hit.s8");
    forget(BUILD("drum.wasm", "-o", "drum"));
    move("drum", "by-project");

    struct child child = RUN("inspect", "--json", "drum.wasm");
    ck_assert_int_eq(child.status, 0);
    put("m.json", child.out);
    child_free(&child);
    forget(BUILD("drum.wasm", "--manifest", "m.json", "-o", "drum"));
    move("drum", "by-manifest");
    builder_expect_same("by-project", "by-manifest");

    child = RUN("embed", "drum.wasm", "-o", "full.wasm");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    ck_assert_int_eq(unlink(builder_path("hit.s8")), 0);
    ck_assert_int_eq(unlink(builder_path("drum.8f4e")), 0);
    ck_assert_int_eq(unlink(builder_path("drum.wasm")), 0);
    forget(BUILD("full.wasm", "-o", "drum"));
    move("drum", "by-embedding");
    builder_expect_same("by-project", "by-embedding");
}
END_TEST

/* What the editor draws is in the program, whichever way it came. */
START_TEST(shows_what_the_editor_draws)
{
    static const char *const lines[] = {
        "panel:keys     piano  2: 60 64\n",
        "&panel:volume  watch  4\n",
        "panel:gate     watch  00 00 00 00\n",
        "*panel:signal  meter  0\n",
        "panel:ring     plot   64: 0 0 0 0 ...\n",
        "*panel:signal  wave   32: 0 0 0 0 ...\n",
        "panel:volume   watch  0.5000\n",
        "panel:cutoff   meter  0.25\n",
        "panel:coarse   watch  1100\n",
    };
    take_vector("controls", NULL);
    forget(BUILD("drum.wasm", "--asset", "kick=", "-o", "drum"));
    struct child child = RUN_PROGRAM(builder_path("drum"), "--views");
    ck_assert_int_eq(child.status, 0);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        ck_assert_msg(strstr(child.out, lines[i]) != NULL, "no %s in %s",
                      lines[i], child.out);
    }
    child_free(&child);
    move("drum", "by-project");

    child = RUN("inspect", "--json", "drum.wasm");
    ck_assert_int_eq(child.status, 0);
    put("m.json", child.out);
    child_free(&child);
    forget(BUILD("drum.wasm", "--manifest", "m.json", "--asset", "kick=", "-o",
                 "drum"));
    move("drum", "by-manifest");
    builder_expect_same("by-project", "by-manifest");

    child = RUN("embed", "drum.wasm", "--asset", "kick=", "-o", "full.wasm");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    ck_assert_int_eq(unlink(builder_path("drum.8f4e")), 0);
    forget(BUILD("full.wasm", "-o", "drum"));
    move("drum", "by-embedding");
    builder_expect_same("by-project", "by-embedding");
}
END_TEST

/* A module is the same one with its project embedded: whatever names it, names
 * it by the hash that sha256sum has for the module alone. */
START_TEST(every_output_names_the_module_by_one_hash)
{
    take_vector("pcm8_player", "hit.s8");
    struct child child = RUN_PROGRAM("sha256sum", "drum.wasm");
    char *sha256 = text("%.64s", child.out);
    child_free(&child);
    forget(RUN("embed", "drum.wasm", "-o", "full.wasm"));
    forget(BUILD("full.wasm", "-q", "-o", "full"));
    forget(BUILD("full.wasm", "-q", "--emit", "bundle", "-o", "made"));
    forget(BUILD("full.wasm", "-q", "--emit", "deb", "-o", "full.deb"));
    static const char *const places[] = {
        "$BUILD inspect drum.wasm",
        "$BUILD inspect full.wasm",
        "$BUILD inspect --json full.wasm",
        "tail -c +9 full.wasm", /* the manifest in it */
        "./full --info",
        "./full --info --json",
        "cat made/README",
        "cat made/generated/glue.c",
        "dpkg-deb --fsys-tarfile full.deb | tar -xO --wildcards '*/copyright'",
    };
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        char *command =
            text("BUILD='%s'; %s | grep -aoE '[0-9a-f]{64}' | head -n 1",
                 F4E_BUILD, places[i]);
        child = RUN_PROGRAM("sh", "-c", command);
        ck_assert_msg(
            strlen(child.out) == 65 && memcmp(child.out, sha256, 64) == 0,
            "%s: %s%s, not %s", places[i], child.out, child.err, sha256);
        child_free(&child);
        free(command);
    }
    free(sha256);
}
END_TEST

/* The same where there are widgets, MIDI and keys: of every kind one. */
static const char *const everywhere[][2] = {
    {"controls", NULL},     {"midi_synth", NULL},  {"worker_counter", NULL},
    {"two_entries", NULL},  {"sine_stereo", NULL}, {"input_gain", NULL},
    {"float64_state", NULL}};

START_TEST(builds_the_same_from_any_project)
{
    take_vector(everywhere[_i][0], everywhere[_i][1]);
    forget(BUILD("drum.wasm", "--no-assets", "-o", "drum"));
    move("drum", "by-project");
    struct child child =
        RUN("embed", "drum.wasm", "--no-assets", "-o", "full.wasm");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    forget(BUILD("full.wasm", "--no-assets", "-o", "drum"));
    builder_expect_same("by-project", "drum");
}
END_TEST

START_TEST(takes_channels_by_the_names_of_variables)
{
    take_vector("pcm8_player", "hit.s8");
    struct child child = RUN("inspect", "drum.wasm");
    const char *line = strstr(child.out, "output       channel 0 at ");
    ck_assert_ptr_nonnull(line);
    unsigned address = (unsigned)strtoul(line + 26, NULL, 10);
    char *name = NULL;
    char *pattern = text(" at %u (project)\n", address);
    const char *end = strstr(child.out, pattern);
    ck_assert_ptr_nonnull(end);
    const char *item = end;
    while (strncmp(item, "item ", 5) != 0) {
        item--;
    }
    item += strspn(item + 5, " ") + 5;
    /* "module:id: type at N" */
    const char *colon = strstr(item, ": ");
    ck_assert(colon != NULL && colon < end);
    name = text("0=%.*s", (int)(colon - item), item);
    child_free(&child);
    forget(BUILD("drum.wasm", "--out", name, "-o", "drum"));
    move("drum", "by-name");
    char *number = text("0=%u", address);
    forget(BUILD("drum.wasm", "--out", number, "-o", "drum"));
    builder_expect_same("drum", "by-name");
    free(number);
    free(name);
    free(pattern);
    child = RUN("drum.wasm", "-q", "--out", "0=no:such");
    ck_assert_int_eq(child.status, 2);
    ck_assert_ptr_nonnull(
        strstr(child.err, "--out: 'no:such' is no variable, says drum.8f4e"));
    child_free(&child);
    child = RUN("drum.wasm", "-q", "--out", "1=bank:clpi");
    ck_assert_ptr_nonnull(
        strstr(child.err, "hint: did you mean --out 1=bank:clip?\n"));
    child_free(&child);
    child = RUN("drum.wasm", "-q", "--asset", "clip=hit.s8");
    ck_assert_int_eq(child.status, 2);
    ck_assert_ptr_nonnull(
        strstr(child.err, "hint: did you mean --asset bank:clip=hit.s8?\n"));
    child_free(&child);
    child = RUN("drum.wasm", "-q", "--no-project", "--in", "1=a:b");
    ck_assert_int_eq(child.status, 2);
    ck_assert_ptr_nonnull(strstr(
        child.err, "--in: 'a:b' is no address, and there is no project"));
    child_free(&child);
}
END_TEST

START_TEST(says_in_which_memory_a_variable_lies)
{
    static const char config[] =
        "\nnote\n"
        "; @config audioRuntime.audioOutBufferLAddress wave:table\n"
        "; @config keyboard.keyCodeMemory tape:at\n"
        "; @config bin.hit.url hit.s8\n; @config bin.hit.memory wave:bytes\n"
        "noteEnd\n";
    static const char *const said[] = {
        "the left output is not connected: 'wave:table' lies in memory 1, not "
        "in memory 0",
        "'tape:at' lies in memory 2, not in memory 0: the keyboard does not "
        "reach it",
        "asset 'hit' is not loaded: 'wave:bytes' lies in memory 1, not in "
        "memory 0",
    };
    static const char *const options[] = {"--out", "--in", "--asset"};
    take_vector("region_memory", NULL);
    put("hit.s8", "hit");
    size_t size = 0;
    unsigned char *project = slurp(builder_path("drum.8f4e"), &size);
    char *more = text("%.*s%s", (int)size, (const char *)project, config);
    put("drum.8f4e", more);
    free(more);
    free(project);
    struct child child = RUN("inspect", "drum.wasm");
    ck_assert_msg(child.status == 0, "%s", child.err);
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        ck_assert_msg(strstr(child.out, said[i]) != NULL, "%s: %s", said[i],
                      child.out);
    }
    child_free(&child);
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        bool is_asset = strcmp(options[i], "--asset") == 0;
        child = RUN("drum.wasm", "-q", options[i],
                    is_asset ? "wave:table=hit.s8" : "0=wave:table");
        char *refusal = text("%s: 'wave:table' lies in memory 1, not in "
                             "memory 0",
                             options[i]);
        ck_assert_int_eq(child.status, 2);
        ck_assert_msg(strstr(child.err, refusal) != NULL, "%s", child.err);
        free(refusal);
        child_free(&child);
    }
}
END_TEST

START_TEST(finds_assets_in_another_folder)
{
    take_vector("pcm8_player", "hit.s8");
    forget(BUILD("drum.wasm", "-o", "drum"));
    move("drum", "beside");
    ck_assert_int_eq(mkdir(builder_path("sounds"), 0777), 0);
    move("hit.s8", "sounds/hit.s8");
    struct child child = RUN("drum.wasm", "-q");
    ck_assert_int_eq(child.status, 1);
    ck_assert_ptr_nonnull(strstr(child.err, "hint: or --assets DIR"));
    ck_assert_ptr_nonnull(strstr(child.err, "hint: or --no-assets"));
    ck_assert_ptr_null(strstr(child.err, "--no-project"));
    child_free(&child);
    forget(BUILD("drum.wasm", "--assets", "sounds", "-o", "drum"));
    builder_expect_same("drum", "beside");
    forget(BUILD("drum.wasm", "--no-assets", "-o", "drum"));
    move("drum", "without");
    forget(BUILD("drum.wasm", "--asset", "hit=", "-o", "drum"));
    builder_expect_same("drum", "without");
    child = RUN("drum.wasm", "-q", "--assets", "nowhere");
    ck_assert_int_eq(child.status, 1);
    ck_assert_ptr_nonnull(
        strstr(child.err, "--assets: 'nowhere' is no folder"));
    child_free(&child);
    /* A name that was mistyped is no reason to leave the project. */
    child = RUN("drum.wasm", "-q", "--asset", "hit=hti.s8");
    ck_assert_int_eq(child.status, 1);
    ck_assert_ptr_null(strstr(child.err, "--no-project"));
    child_free(&child);
    spit(builder_path("hit.s8"), "12345", 5);
    child = BUILD("drum.wasm", "-o", "drum");
    ck_assert_msg(strstr(child.err, "'hit.s8' has 5 bytes, and the text was "
                                    "compiled for ") != NULL,
                  "%s", child.err);
    child_free(&child);
}
END_TEST

START_TEST(embeds_again_without_a_change_and_engines_do_not_mind)
{
    take_vector("pcm8_player", "hit.s8");
    forget(RUN("embed", "drum.wasm", "-o", "full.wasm"));
    forget(RUN("embed", "full.wasm", "-o", "again.wasm"));
    builder_expect_same("full.wasm", "again.wasm");
    forget(RUN("embed", "again.wasm", "-o", "again.wasm"));
    builder_expect_same("full.wasm", "again.wasm");
    struct child child =
        RUN_PROGRAM("wasm-validate", "--enable-threads", "full.wasm");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    if (child_finds("node")) {
        child = RUN_PROGRAM(
            "node", "-e",
            "const m = new WebAssembly.Module("
            "require('fs').readFileSync('full.wasm'));"
            "const s = WebAssembly.Module.customSections(m, 'f4e.manifest');"
            "console.log(JSON.parse(new TextDecoder().decode(s[0]))"
            ".assets.length)");
        ck_assert_msg(child.status == 0, "%s", child.err);
        ck_assert_str_eq(child.out, "2\n");
        child_free(&child);
    }
    /* Other bytes for the asset replace the section. */
    put("other", "x");
    child =
        RUN("embed", "full.wasm", "--asset", "hit=other", "-o", "small.wasm");
    ck_assert_int_eq(child.status, 0);
    child_free(&child);
    struct stat full;
    struct stat small;
    ck_assert_int_eq(stat(builder_path("full.wasm"), &full), 0);
    ck_assert_int_eq(stat(builder_path("small.wasm"), &small), 0);
    ck_assert_int_gt(full.st_size - small.st_size, 5900);
}
END_TEST

START_TEST(embeds_what_the_trial_run_found)
{
    builder_wat("ramp.wasm", builder_ramp);
    forget(RUN("embed", "ramp.wasm", "-o", "full.wasm"));
    struct child child = RUN("inspect", "full.wasm");
    ck_assert_ptr_nonnull(
        strstr(child.out, "output       channel 0 at 16 (embedded)"));
    child_free(&child);
    child = RUN("inspect", "--no-project", "full.wasm");
    ck_assert_ptr_nonnull(
        strstr(child.out, "output       channel 0 at 16 (probe)"));
    child_free(&child);
    forget(BUILD("full.wasm", "-o", "p"));
    builder_expect_ramp("p", 2);
}
END_TEST

START_TEST(a_damaged_embedded_manifest_is_an_error_and_can_be_left_aside)
{
    /* Section 0, 13 bytes of name, "{". */
    static const unsigned char section[] = {0,   14,  12,  'f', '4', 'e',
                                            '.', 'm', 'a', 'n', 'i', 'f',
                                            'e', 's', 't', '{'};
    builder_wat("ramp.wasm", builder_ramp);
    size_t size = 0;
    unsigned char *bytes = slurp(builder_path("ramp.wasm"), &size);
    bytes = realloc(bytes, size + sizeof(section));
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes + size, section, sizeof(section));
    spit(builder_path("ramp.wasm"), bytes, size + sizeof(section));
    free(bytes);
    struct child child = RUN("ramp.wasm");
    ck_assert_int_eq(child.status, 1);
    ck_assert_str_eq(
        child.err,
        "f4e-build: ramp.wasm: the manifest inside:1: not JSON near column "
        "2\n"
        "f4e-build: hint: --no-project leaves the manifest "
        "aside\n");
    child_free(&child);
    forget(BUILD("ramp.wasm", "--no-project"));
    builder_expect_ramp("ramp", 2);
}
END_TEST

/* Later ones overwrite earlier ones; short ones leave the rest alone. */
/* The asset inside is no file that make could look for. */
START_TEST(an_asset_inside_is_no_prerequisite)
{
    take_vector("pcm8_player", "hit.s8");
    forget(RUN("embed", "drum.wasm", "-o", "full.wasm"));
    ck_assert_int_eq(unlink(builder_path("hit.s8")), 0);
    forget(BUILD("full.wasm", "-o", "full", "--depfile", "full.d"));
    size_t size = 0;
    char *rule = (char *)slurp(builder_path("full.d"), &size);
    ck_assert_ptr_nonnull(strstr(rule, "full.wasm"));
    ck_assert_ptr_null(strstr(rule, "hit.s8"));
    free(rule);
}
END_TEST

START_TEST(builds_without_an_asset_when_told)
{
    take_vector("pcm8_player", "hit.s8");
    ck_assert_int_eq(unlink(builder_path("hit.s8")), 0);
    struct child child = RUN("drum.wasm");
    ck_assert_int_eq(child.status, 1);
    ck_assert_ptr_nonnull(strstr(child.err, "hint: --asset hit=FILE"));
    ck_assert_ptr_nonnull(
        strstr(child.err, ", or --asset hit= to do without\n"));
    child_free(&child);
    child = RUN("inspect", "drum.wasm", "--asset", "hit=");
    ck_assert_ptr_nonnull(strstr(child.out, "hit: left out at 4, bank:clip"));
    child_free(&child);
    forget(RUN("embed", "drum.wasm", "--asset", "hit=", "-o", "full.wasm"));
    forget(BUILD("full.wasm", "-o", "drum"));
    child = RUN_PROGRAM("./drum", "--list", "bank:roomy");
    ck_assert_ptr_nonnull(strstr(child.out, "-1 -2 -3 0 ..."));
    child_free(&child);
}
END_TEST

START_TEST(places_assets_in_order)
{
    take_vector("pcm8_player", "hit.s8");
    put("a", "AAAAAAAA");
    put("b", "BBBB");
    put("c", "C");
    forget(BUILD("drum.wasm", "--asset", "hit=a", "--asset", "bank:clip=b",
                 "--asset", "5=c"));
    forget(RUN_PROGRAM("./drum", "--render", "-", "--blocks", "0",
                       "--dump-memory", "memory"));
    size_t size = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    ck_assert_mem_eq(memory + 4, "BCBBAAAA\0", 9);    /* bank:clip */
    ck_assert_mem_eq(memory + 4104, "AAAAAAAA\0", 9); /* bank:roomy */
    free(memory);
}
END_TEST

/* Room for 64 MiB; the file appears once in the executable. */
START_TEST(a_large_asset_costs_no_time)
{
    enum { SIZE = 64 << 20, PAGE = 65536, SECONDS = 20 };
    builder_wat("big.wasm",
                "(module (import \"host\" \"memory\" (memory 2049 2049))"
                " (func (export \"main\")) (func (export \"buffer\")))");
    unsigned char *bytes = malloc(SIZE);
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < SIZE; i++) {
        bytes[i] = (unsigned char)(i * 2654435761u >> 13);
    }
    spit(builder_path("big.raw"), bytes, SIZE);
    put("m.json",
        "{\"f4e-manifest\": 1, \"outputs\": [], \"inputs\": [], \"assets\": ["
        "{\"id\": \"big\", \"file\": \"big.raw\", \"address\": 65536},"
        "{\"id\": \"big\", \"file\": \"big.raw\", \"address\": 67174400}]}");
    /* Of the CPU: a busy machine takes no more. */
    struct rusage before;
    struct rusage after;
    ck_assert_int_eq(getrusage(RUSAGE_CHILDREN, &before), 0);
    forget(BUILD("big.wasm", "--manifest", "m.json"));
    ck_assert_int_eq(getrusage(RUSAGE_CHILDREN, &after), 0);
    long seconds = after.ru_utime.tv_sec - before.ru_utime.tv_sec +
                   after.ru_stime.tv_sec - before.ru_stime.tv_sec;
    ck_assert_msg(seconds < SECONDS, "took %ld s", seconds);
    struct stat status;
    ck_assert_int_eq(stat(builder_path("big"), &status), 0);
    ck_assert_int_lt(status.st_size, SIZE + (1 << 20));
    forget(RUN_PROGRAM("./big", "--render", "-", "--blocks", "0",
                       "--dump-memory", "memory"));
    size_t size = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    ck_assert_uint_eq(size, 2049 * (size_t)PAGE);
    ck_assert(memcmp(memory + PAGE, bytes, SIZE) == 0);
    ck_assert(memcmp(memory + PAGE + SIZE, bytes, SIZE) == 0);
    free(memory);
    free(bytes);
}
END_TEST

START_TEST(names_modules_in_traps)
{
    take_vector("trap_div", NULL);
    forget(BUILD("drum.wasm"));
    struct child child =
        RUN_PROGRAM("./drum", "--render", "-", "--blocks", "100", "--quiet");
    ck_assert_int_eq(child.status, 6);
    ck_assert_msg(strstr(child.err, "divide by zero") != NULL &&
                      (strstr(child.err, "level") != NULL ||
                       strstr(child.err, "out") != NULL),
                  "%s", child.err);
    child_free(&child);
}
END_TEST

START_TEST(a_right_output_alone_leaves_the_left_silent)
{
    take_vector("sine_stereo", NULL);
    struct child child = RUN("inspect", "--json", "drum.wasm");
    char *at = strstr(child.out, "\"address\":\t");
    ck_assert_ptr_nonnull(at);
    at += strlen("\"address\":\t");
    char *rest = at + strspn(at, "0123456789");
    char *manifest = text("%.*snull%s", (int)(at - child.out), child.out, rest);
    put("m.json", manifest);
    free(manifest);
    child_free(&child);
    forget(BUILD("drum.wasm", "--manifest", "m.json"));
    child = RUN_PROGRAM("./drum", "--render", "-", "--blocks", "4", "--quiet");
    ck_assert_uint_eq(child.out_length, 4 * 128 * 2 * sizeof(float));
    bool is_heard = false;
    for (size_t i = 0; i < 4 * 128; i++) {
        float frame[2];
        memcpy(frame, child.out + i * sizeof(frame), sizeof(frame));
        ck_assert(frame[0] == 0.0F);
        is_heard = is_heard || frame[1] != 0.0F;
    }
    ck_assert(is_heard);
    child_free(&child);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("project");
    TCase *tests = tcase_create("project");
    tcase_set_timeout(tests, 600);
    tcase_add_checked_fixture(tests, builder_setup, builder_teardown);
    tcase_add_test(tests, takes_the_project_beside_the_module);
    tcase_add_test(tests, builds_the_same_from_project_manifest_and_embedding);
    tcase_add_test(tests, shows_what_the_editor_draws);
    tcase_add_test(tests, every_output_names_the_module_by_one_hash);
    tcase_add_loop_test(tests, builds_the_same_from_any_project, 0,
                        sizeof(everywhere) / sizeof(everywhere[0]));
    tcase_add_test(tests, takes_channels_by_the_names_of_variables);
    tcase_add_test(tests, says_in_which_memory_a_variable_lies);
    tcase_add_test(tests, finds_assets_in_another_folder);
    tcase_add_test(tests,
                   embeds_again_without_a_change_and_engines_do_not_mind);
    tcase_add_test(tests, embeds_what_the_trial_run_found);
    tcase_add_test(
        tests, a_damaged_embedded_manifest_is_an_error_and_can_be_left_aside);
    tcase_add_test(tests, an_asset_inside_is_no_prerequisite);
    tcase_add_test(tests, builds_without_an_asset_when_told);
    tcase_add_test(tests, places_assets_in_order);
    tcase_add_test(tests, a_large_asset_costs_no_time);
    tcase_add_test(tests, names_modules_in_traps);
    tcase_add_test(tests, a_right_output_alone_leaves_the_left_silent);
    suite_add_tcase(suite, tests);
    return suite;
}
