/* SPDX-License-Identifier: MIT */
/*
 * Every vector, -O0 and -O3, clang and gcc: built by f4e-build as a user would,
 * and the whole linear memory at every checkpoint and the output frames equal
 * V8's, bit for bit. A row of the table is a vector; a loop test runs it for
 * one build. Of a vector's two modules, shared and plain, each build takes one,
 * in turns; with F4E_VECTOR_BUILDS every build takes both. With
 * F4E_VECTOR_TARGET the same for other machines: cross-built, and run by an
 * emulator (emulator.h). With F4E_VECTOR_CPU for another CPU of this one, which
 * F4E_VECTOR_QEMU_CPU has emulated (tests/cpus/run).
 */
#include "child.h"
#include "emulator.h"
#include "reference.h"
#include "suite.h"
#include "vector_list.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ARGUMENTS = 64 };

static const char *const vectors[VECTOR_COUNT] = {VECTOR_LIST};

static const struct build {
    const char *module;
    const char *level;
    const char *cc;
    const char *ranges; /* NULL: the default of the level */
    bool has_project;   /* its text says everything; else flags do */
} builds[] = {
    {"shared.wasm", "-O3", F4E_CLANG, NULL, false},
    {"plain.wasm", "-O3", F4E_CLANG, NULL, false},
    {"shared.wasm", "-O0", F4E_CLANG, NULL, false},
    {"plain.wasm", "-O0", F4E_CLANG, NULL, false},
    {"shared.wasm", "-O3", F4E_GCC, NULL, false},
    {"plain.wasm", "-O3", F4E_GCC, NULL, false},
    {"shared.wasm", "-O0", F4E_GCC, NULL, false},
    {"plain.wasm", "-O0", F4E_GCC, NULL, false},
    {"plain.wasm", "-O3", F4E_CLANG, "off", false},
    {"plain.wasm", "-O1", F4E_CLANG, "check", false},
};

/* The machine under test; NULL: this one. */
static const struct emulator *emulator;
enum { BUILD_COUNT = sizeof(builds) / sizeof(builds[0]), PAIRED_BUILDS = 8 };

static const struct build by_project = {"shared.wasm", "-O1", F4E_CLANG, NULL,
                                        true};

struct arguments {
    const char *list[MAX_ARGUMENTS];
    size_t count;
};

static void add(struct arguments *arguments, const char *argument)
{
    ck_assert_uint_lt(arguments->count, MAX_ARGUMENTS - 1);
    arguments->list[arguments->count++] = argument;
}

/* Assets cut to the room they have, as the browser does. */
static void add_assets(struct arguments *arguments,
                       const struct reference *vector)
{
    const cJSON *asset = NULL;
    cJSON_ArrayForEach(
        asset, cJSON_GetObjectItemCaseSensitive(vector->config, "assets"))
    {
        char *path =
            text("%s/%s", vector->folder, reference_string(asset, "file"));
        size_t size = 0;
        unsigned char *bytes = slurp(path, &size);
        double address = reference_number(asset, "byteAddress");
        char *cut = text("%s/asset-%.0f", vector->work, address);
        size_t wanted = (size_t)reference_number(asset, "copiedBytes");
        ck_assert_uint_le(wanted, size);
        spit(cut, bytes, wanted);
        add(arguments, "--asset");
        add(arguments, text("%.0f=%s", address, cut));
        free(bytes);
        free(path);
    }
}

/* The reference's host functions, in C; they keep a count in a file. */
static const char host_c[] =
    "#include \"f4e-imports.h\"\n"
    "static uint32_t state = 42;\n"
    "int32_t f4e_import_random(void)\n"
    "{ state = state * 1103515245u + 12345u;\n"
    "  return (int32_t)(state >> 16 & 0x7fff); }\n"
    "void f4e_import_report_level(int32_t n, float v) { (void)n; (void)v; }\n";

/* What the module does not show, for a build without its project. */
static void add_flags(struct arguments *arguments,
                      const struct reference *vector)
{
    const char *driver = vector->config != NULL
                             ? reference_string(vector->config, "driver")
                             : "buffer";
    if (strcmp(driver, "main1") == 0) {
        add(arguments, "--block");
        add(arguments, "1");
    }
    if (strcmp(vector->name, "controls") == 0) {
        /* Its input is configured but never read: nothing to be found. */
        const cJSON *input = cJSON_GetArrayItem(
            cJSON_GetObjectItemCaseSensitive(vector->config, "inputs"), 0);
        add(arguments, "--in");
        add(arguments, text("0=%.0f", reference_number(input, "byteAddress")));
    }
    add_assets(arguments, vector);
}

static void build(struct reference *vector, const struct build *build)
{
    struct arguments arguments = {{NULL}, 0};
    vector->patch = text("%s/patch", vector->work);
    add(&arguments, F4E_BUILD);
    add(&arguments, "-q");
    add(&arguments, build->level);
    if (emulator == NULL || strcmp(build->cc, F4E_GCC) != 0) {
        add(&arguments, "--cc");
        add(&arguments, build->cc);
    } else {
        add(&arguments, "--cc");
        add(&arguments, text("%s-gcc", emulator->triple));
    }
    if (getenv("F4E_VECTOR_CPU") != NULL) {
        add(&arguments, "--cpu");
        add(&arguments, getenv("F4E_VECTOR_CPU"));
    }
    if (build->ranges != NULL) {
        add(&arguments, "--ranges");
        add(&arguments, build->ranges);
    }
    if (emulator != NULL) {
        add(&arguments, "--target");
        add(&arguments, emulator->target);
    }
    add(&arguments, "-o");
    add(&arguments, vector->patch);
    if (strcmp(vector->name, "host_import") == 0) {
        char *path = text("%s/host.c", vector->work);
        spit(path, host_c, sizeof(host_c) - 1);
        add(&arguments, "--import-c");
        add(&arguments, path);
    }
    if (build->has_project) {
        add(&arguments, "--project");
        add(&arguments, text("%s/project.8f4e", vector->folder));
        if (strcmp(vector->name, "controls") == 0) {
            /* The reference has run without the file that its text names. */
            char *path = text("%s/empty", vector->work);
            spit(path, "", 0);
            add(&arguments, "--asset");
            add(&arguments, text("kick=%s", path));
        }
        vector->channels = (size_t)cJSON_GetArraySize(
            cJSON_GetObjectItemCaseSensitive(vector->config, "outputs"));
    } else {
        add_flags(&arguments, vector);
        vector->channels = 2;
    }
    const char *module = strcmp(vector->name, "legacy_2025") == 0
                             ? "shared.wasm"
                             : build->module;
    add(&arguments, text("%s/%s", vector->folder, module));
    struct child child;
    child_run(&child, arguments.list, NULL);
    ck_assert_msg(child.status == 0, "%s %s %s %s: f4e-build says\n%s",
                  vector->name, build->module, build->level, build->cc,
                  child.err);
    child_free(&child);
}

/* Run 'blocks' blocks; memory goes to WORK/memory, frames come back raw. */
static struct child render(const struct reference *vector, int blocks,
                           int expected_status)
{
    struct arguments arguments = {{NULL}, 0};
    char *count = text("%d", blocks);
    char *memory = text("%s/memory", vector->work);
    char *input = text("%s/input.f32", vector->work);
    if (emulator != NULL) {
        arguments.count = emulator_words(emulator, arguments.list);
    } else if (getenv("F4E_VECTOR_QEMU_CPU") != NULL) {
        add(&arguments, "qemu-x86_64");
        add(&arguments, "-cpu");
        add(&arguments, getenv("F4E_VECTOR_QEMU_CPU"));
    }
    add(&arguments, vector->patch);
    add(&arguments, "--render");
    add(&arguments, "-");
    add(&arguments, "--blocks");
    add(&arguments, count);
    add(&arguments, "--denormals");
    add(&arguments, "ieee");
    add(&arguments, "--dump-memory");
    add(&arguments, memory);
    add(&arguments, "--quiet");
    if (vector->script != NULL) {
        add(&arguments, "--script");
        add(&arguments, vector->script);
    }
    const cJSON *inputs =
        cJSON_GetObjectItemCaseSensitive(vector->config, "inputs");
    if (cJSON_GetArraySize(inputs) > 0) {
        add(&arguments, "--input-raw");
        add(&arguments, input);
    }
    struct child child;
    child_run(&child, arguments.list, NULL);
    ck_assert_msg(child.status == expected_status,
                  "%s, %d blocks: status %d (signal %d), expected %d: %s",
                  vector->name, blocks, child.status, child.signal,
                  expected_status, child.err);
    free(count);
    free(memory);
    free(input);
    return child;
}

/* F4E_VECTOR_CC and F4E_VECTOR_LEVEL keep to builds of one compiler, one level.
 */
static bool is_wanted(const struct build *build)
{
    const char *cc = getenv("F4E_VECTOR_CC");
    const char *level = getenv("F4E_VECTOR_LEVEL");
    return (cc == NULL || strcmp(cc, build->cc) == 0) &&
           (level == NULL || strcmp(level, build->level) == 0);
}

/*
 * The first rows of builds[] are pairs that differ in the module alone: the
 * module that is left out here is taken for the next vector, and for this one
 * by the next pair.
 */
static bool is_others_turn(int build, int row)
{
    return getenv("F4E_VECTOR_BUILDS") == NULL && build < PAIRED_BUILDS &&
           (build + build / 2 + row) % 2 != 0;
}

static void check_vector(int row, const struct build *how)
{
    struct reference vector;
    reference_open(&vector, vectors[row]);
    build(&vector, how);
    const cJSON *hashes =
        cJSON_GetObjectItemCaseSensitive(vector.ref, "hashes");
    const cJSON *flat = hashes != NULL ? hashes : vector.ref;
    const cJSON *start = cJSON_GetObjectItemCaseSensitive(flat, "assets");
    struct child child = render(&vector, 0, 0);
    reference_compare_memory(
        &vector,
        start != NULL ? start : cJSON_GetObjectItemCaseSensitive(flat, "init"),
        "after init");
    child_free(&child);
    const cJSON *blocks = cJSON_GetObjectItemCaseSensitive(flat, "blocks");
    ck_assert_int_gt(cJSON_GetArraySize(blocks), 0);
    const cJSON *checkpoint = NULL;
    cJSON_ArrayForEach(checkpoint, blocks)
    {
        child = render(&vector, (int)strtol(checkpoint->string, NULL, 10), 0);
        reference_compare_memory(&vector, checkpoint, checkpoint->string);
        child_free(&child);
    }
    const cJSON *trap = cJSON_GetObjectItemCaseSensitive(vector.ref, "trap");
    child = render(&vector, 1000, trap != NULL ? 6 : 0);
    if (trap != NULL) {
        reference_compare_memory(
            &vector, cJSON_GetObjectItemCaseSensitive(trap, "memoryAfterTrap"),
            "after the trap");
        ck_assert_msg(strstr(child.err, reference_string(trap, "kind")) != NULL,
                      "%s: the trap is not named: %s", vector.name, child.err);
    }
    reference_compare_output(&vector, &child);
    child_free(&child);
    reference_close(&vector);
}

/* The vectors under test: all, or those that F4E_VECTOR_NAMES lists. */
static int rows[VECTOR_COUNT];
static int row_count;

static void choose_rows(const char *names)
{
    for (int i = 0; i < VECTOR_COUNT; i++) {
        if (names == NULL || strstr(names, vectors[i]) != NULL) {
            rows[row_count++] = i;
        }
    }
}

static void open_emulator(void)
{
    emulator = emulator_open(getenv("F4E_VECTOR_TARGET"));
}

START_TEST(equals_v8_bit_for_bit)
{
    int build = _i / row_count;
    int row = rows[_i % row_count];
    if (is_wanted(&builds[build]) && !is_others_turn(build, row)) {
        check_vector(row, &builds[build]);
    }
}
END_TEST

/* The editor's two files and nothing else; assets lie beside the text. */
START_TEST(equals_v8_by_its_project_alone)
{
    int row = rows[_i];
    /* The oldest has no text. */
    if (strcmp(vectors[row], "legacy_2025") != 0 && is_wanted(&by_project)) {
        check_vector(row, &by_project);
    }
}
END_TEST

/* A name that nothing has would leave nothing to fail. */
static void require_work(int count)
{
    int wanted = 0;
    for (int build = 0; build < count; build++) {
        wanted += is_wanted(&builds[build]);
    }
    if (wanted == 0 || row_count == 0) {
        (void)fprintf(stderr, "F4E_VECTOR_CC, _LEVEL, _BUILDS or _NAMES: "
                              "no build of any vector is meant\n");
        exit(2);
    }
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("vectors");
    TCase *tcase = tcase_create("v8");
    tcase_set_timeout(tcase, 600);
    /* F4E_VECTOR_BUILDS=2 keeps to the first two builds, of both modules. */
    const char *limit = getenv("F4E_VECTOR_BUILDS");
    long count = limit != NULL ? strtol(limit, NULL, 10) : BUILD_COUNT;
    if (count < 1 || count > BUILD_COUNT) {
        count = BUILD_COUNT;
    }
    if (getenv("F4E_VECTOR_TARGET") != NULL) {
        tcase_add_unchecked_fixture(tcase, open_emulator, emulator_close);
    }
    choose_rows(getenv("F4E_VECTOR_NAMES"));
    require_work((int)count);
    tcase_add_loop_test(tcase, equals_v8_bit_for_bit, 0,
                        row_count * (int)count);
    if (count > 1) { /* what a text says is the same for every machine */
        tcase_add_loop_test(tcase, equals_v8_by_its_project_alone, 0,
                            row_count);
    }
    suite_add_tcase(suite, tcase);
    return suite;
}
