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
#include "suite.h"

#include "child.h"
#include "emulator.h"
#include "vector_list.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_FRAMES = 128, FRAMES = 4096, MAX_ARGUMENTS = 64 };

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

/* One vector under test: where it is, what is known, what was built. */
struct vector {
    const char *name;
    char *folder;
    char *work;
    char *patch;
    char *script; /* NULL: no events */
    cJSON *ref;
    cJSON *config;       /* NULL for the oldest generation */
    uint32_t hash_bytes; /* of each memory; 0: all */
    const char *memory_names[8];
    size_t memory_count;
    size_t channels; /* of what is rendered */
};

static uint32_t fnv1a(const unsigned char *bytes, size_t size)
{
    uint32_t hash = 0x811c9dc5u;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * 16777619u;
    }
    return hash;
}

static cJSON *read_json(const struct vector *vector, const char *name)
{
    char *path = text("%s/%s", vector->folder, name);
    FILE *probe = fopen(path, "rb");
    cJSON *json = NULL;
    if (probe != NULL) {
        (void)fclose(probe);
        size_t size = 0;
        unsigned char *bytes = slurp(path, &size);
        json = cJSON_Parse((const char *)bytes);
        ck_assert_msg(json != NULL, "%s is not JSON", path);
        free(bytes);
    }
    free(path);
    return json;
}

static double number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(cJSON_IsNumber(item), "no number '%s'", key);
    return item->valuedouble;
}

static const char *string(const cJSON *object, const char *key)
{
    const char *value =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    ck_assert_msg(value != NULL, "no text '%s'", key);
    return value;
}

/* ---- Events become a script ---- */

static double item_address(const cJSON *plan, const char *item)
{
    const cJSON *memory = cJSON_GetObjectItemCaseSensitive(plan, "memory");
    return number(cJSON_GetObjectItemCaseSensitive(memory, item), "address");
}

static void write_midi(FILE *out, const struct vector *vector,
                       const cJSON *event)
{
    const cJSON *bytes = cJSON_GetObjectItemCaseSensitive(event, "bytes");
    const cJSON *binding = NULL;
    cJSON_ArrayForEach(binding,
                       cJSON_GetObjectItemCaseSensitive(vector->config, "midi"))
    {
        (void)fprintf(out, "%.0fb call %s", number(event, "block") - 1,
                      string(binding, "callback"));
        for (int i = 0; i < 3; i++) {
            const cJSON *byte = cJSON_GetArrayItem(bytes, i);
            (void)fprintf(out, " %d", byte != NULL ? byte->valueint : 0);
        }
        (void)fputc('\n', out);
    }
}

struct keyboard {
    int held[8];
    size_t count;
    double code_address;
    double pressed_address;
};

static int key_id(const char *code)
{
    static const struct {
        const char *code;
        int id;
    } keys[] = {{"KeyA", 0x04}, {"Space", 0x2c}, {"ShiftLeft", 0xe1}};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i].code, code) == 0) {
            return keys[i].id;
        }
    }
    return 0;
}

static void release(struct keyboard *keyboard, int id)
{
    size_t kept = 0;
    for (size_t i = 0; i < keyboard->count; i++) {
        if (keyboard->held[i] != id) {
            keyboard->held[kept++] = keyboard->held[i];
        }
    }
    keyboard->count = kept;
}

/* The last key held is the code; nothing held leaves the code as it is. */
static void write_key(FILE *out, struct keyboard *keyboard, const cJSON *event)
{
    const char *action = string(event, "action");
    int id = key_id(string(event, "code"));
    double block = number(event, "block") - 1;
    release(keyboard, id);
    if (strcmp(action, "blur") == 0) {
        keyboard->count = 0;
    } else if (strcmp(action, "down") == 0) {
        keyboard->held[keyboard->count++] = id;
    }
    if (keyboard->count > 0) {
        (void)fprintf(out, "%.0fb set %.0f i32 %d\n", block,
                      keyboard->code_address,
                      keyboard->held[keyboard->count - 1]);
    }
    (void)fprintf(out, "%.0fb set %.0f i32 %d\n", block,
                  keyboard->pressed_address, keyboard->count > 0 ? 1 : 0);
}

static void write_script(struct vector *vector)
{
    cJSON *events = read_json(vector, "events.json");
    cJSON *plan = read_json(vector, "plan.json");
    if (events != NULL) {
        vector->script = text("%s/events.script", vector->work);
        FILE *out = fopen(vector->script, "w");
        ck_assert_ptr_nonnull(out);
        struct keyboard keyboard = {{0}, 0, 0, 0};
        const cJSON *keys =
            cJSON_GetObjectItemCaseSensitive(vector->config, "keyboard");
        if (cJSON_GetArraySize(keys) > 0) {
            keyboard.code_address =
                item_address(plan, string(keys, "keyCodeMemory"));
            keyboard.pressed_address =
                item_address(plan, string(keys, "keyPressedMemory"));
        }
        const cJSON *event = NULL;
        cJSON_ArrayForEach(event, events)
        {
            const char *type = string(event, "type");
            if (strcmp(type, "midi") == 0) {
                write_midi(out, vector, event);
            } else if (strcmp(type, "key") == 0) {
                write_key(out, &keyboard, event);
            } else {
                (void)fprintf(out, "%.0fb set %.0f %s %.9g\n",
                              number(event, "block") - 1,
                              item_address(plan, string(event, "memory")),
                              string(event, "kind"), number(event, "value"));
            }
        }
        ck_assert_int_eq(fclose(out), 0);
    }
    cJSON_Delete(events);
    cJSON_Delete(plan);
}

/* ---- Input: the generator of the reference, as raw floats ---- */

static void write_input(const struct vector *vector, const char *path)
{
    uint32_t state = 12345;
    FILE *out = fopen(path, "wb");
    ck_assert_ptr_nonnull(out);
    for (int i = 0; i < 1000 * BLOCK_FRAMES; i++) {
        state = state * 1664525u + 1013904223u;
        int32_t shifted = (int32_t)(state >> 8);
        shifted = (state & 0x80000000u) != 0 ? shifted - (1 << 24) : shifted;
        float sample = (float)shifted / 8388608.0f;
        ck_assert_uint_eq(fwrite(&sample, sizeof(sample), 1, out), 1);
    }
    ck_assert_int_eq(fclose(out), 0);
    char *expected_path = text("%s/in_L.f32", vector->folder);
    size_t expected_size = 0;
    size_t size = 0;
    unsigned char *expected = slurp(expected_path, &expected_size);
    unsigned char *made = slurp(path, &size);
    ck_assert_msg(memcmp(expected, made, expected_size) == 0,
                  "%s: the test's input signal differs", vector->name);
    free(expected);
    free(made);
    free(expected_path);
}

/* ---- Building ---- */

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
static void add_assets(struct arguments *arguments, const struct vector *vector)
{
    const cJSON *asset = NULL;
    cJSON_ArrayForEach(
        asset, cJSON_GetObjectItemCaseSensitive(vector->config, "assets"))
    {
        char *path = text("%s/%s", vector->folder, string(asset, "file"));
        size_t size = 0;
        unsigned char *bytes = slurp(path, &size);
        double address = number(asset, "byteAddress");
        char *cut = text("%s/asset-%.0f", vector->work, address);
        size_t wanted = (size_t)number(asset, "copiedBytes");
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
static void add_flags(struct arguments *arguments, const struct vector *vector)
{
    const char *driver =
        vector->config != NULL ? string(vector->config, "driver") : "buffer";
    if (strcmp(driver, "main1") == 0) {
        add(arguments, "--block");
        add(arguments, "1");
    }
    if (strcmp(vector->name, "controls") == 0) {
        /* Its input is configured but never read: nothing to be found. */
        const cJSON *input = cJSON_GetArrayItem(
            cJSON_GetObjectItemCaseSensitive(vector->config, "inputs"), 0);
        add(arguments, "--in");
        add(arguments, text("0=%.0f", number(input, "byteAddress")));
    }
    add_assets(arguments, vector);
}

static void build(struct vector *vector, const struct build *build)
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

/* ---- Rendering ---- */

/* Run 'blocks' blocks; memory goes to WORK/memory, frames come back raw. */
static struct child render(const struct vector *vector, int blocks,
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

/* 'hashes': memory name → hash; a single text for the oldest generation. */
static void compare_memory(const struct vector *vector, const cJSON *hashes,
                           const char *when)
{
    size_t count = cJSON_IsString(hashes) ? 1 : vector->memory_count;
    for (size_t i = 0; i < count; i++) {
        char *path = i == 0 ? text("%s/memory", vector->work)
                            : text("%s/memory.%zu", vector->work, i);
        size_t size = 0;
        unsigned char *bytes = slurp(path, &size);
        if (vector->hash_bytes != 0) {
            size = vector->hash_bytes;
        }
        char *hash = text("%08x", fnv1a(bytes, size));
        const char *expected = cJSON_IsString(hashes)
                                   ? cJSON_GetStringValue(hashes)
                                   : string(hashes, vector->memory_names[i]);
        ck_assert_msg(strcmp(hash, expected) == 0,
                      "%s: memory %zu %s hashes to %s, V8's to %s",
                      vector->name, i, when, hash, expected);
        free(hash);
        free(bytes);
        free(path);
    }
}

/* Channel 'channel' of interleaved 'out', compared with out_L or out_R. */
static void compare_frames(const struct vector *vector,
                           const struct child *child, size_t channel,
                           size_t channels, const char *name)
{
    char *path = text("%s/%s", vector->folder, name);
    size_t size = 0;
    unsigned char *expected = slurp(path, &size);
    size_t frames = child->out_length / (channels * sizeof(float));
    ck_assert_msg(frames * sizeof(float) >= size,
                  "%s: %zu frames rendered, %zu expected", vector->name, frames,
                  size / sizeof(float));
    for (size_t i = 0; i < size / sizeof(float); i++) {
        ck_assert_msg(
            memcmp(child->out + (i * channels + channel) * sizeof(float),
                   expected + i * sizeof(float), sizeof(float)) == 0,
            "%s: channel %zu differs from V8 at frame %zu", vector->name,
            channel, i);
    }
    free(expected);
    free(path);
}

/* The reference hashes block after block; all completed blocks count. */
static void compare_output_hash(const struct vector *vector,
                                const struct child *child, size_t channel,
                                size_t channels, const char *expected)
{
    size_t frames = child->out_length / (channels * sizeof(float));
    unsigned char *samples = malloc(frames * sizeof(float) + 1);
    ck_assert_ptr_nonnull(samples);
    for (size_t i = 0; i < frames; i++) {
        memcpy(samples + i * sizeof(float),
               child->out + (i * channels + channel) * sizeof(float),
               sizeof(float));
    }
    char *hash = text("%08x", fnv1a(samples, frames * sizeof(float)));
    ck_assert_msg(strcmp(hash, expected) == 0,
                  "%s: channel %zu hashes to %s, V8's to %s", vector->name,
                  channel, hash, expected);
    free(hash);
    free(samples);
}

/* A bare module with one output plays on both speakers: two equal channels. A
 * project that names one has one. */
static void compare_output(const struct vector *vector,
                           const struct child *child)
{
    static const char *const names[] = {"out_L.f32", "out_R.f32"};
    const cJSON *hashes =
        cJSON_GetObjectItemCaseSensitive(vector->ref, "outputHash");
    if (cJSON_GetArraySize(hashes) == 0) {
        ck_assert_uint_eq(child->out_length, 0);
        return;
    }
    const cJSON *hash = NULL;
    cJSON_ArrayForEach(hash, hashes)
    {
        size_t channel = strcmp(hash->string, "1") == 0 ? 1 : 0;
        ck_assert_uint_lt(channel, vector->channels);
        compare_frames(vector, child, channel, vector->channels,
                       names[channel]);
        compare_output_hash(vector, child, channel, vector->channels,
                            cJSON_GetStringValue(hash));
    }
}

static void open_vector(struct vector *vector, int row)
{
    *vector = (struct vector){
        .name = vectors[row],
        /* The oldest reference has the hash of the first page alone. */
        .hash_bytes = strcmp(vectors[row], "legacy_2025") == 0 ? 65536 : 0,
        .folder = text("%s/vectors/%s", F4E_TEST_DATA, vectors[row]),
        .work = tmpdir_make(),
    };
    vector->ref = read_json(vector, "ref.json");
    vector->config = read_json(vector, "config.json");
    ck_assert_ptr_nonnull(vector->ref);
    vector->memory_names[vector->memory_count++] = "memory";
    const cJSON *region = NULL;
    cJSON_ArrayForEach(region, cJSON_GetObjectItemCaseSensitive(
                                   vector->config, "memoryRegions"))
    {
        vector->memory_names[vector->memory_count++] =
            cJSON_GetStringValue(region);
    }
    write_script(vector);
    if (cJSON_GetArraySize(
            cJSON_GetObjectItemCaseSensitive(vector->config, "inputs")) > 0) {
        char *path = text("%s/input.f32", vector->work);
        write_input(vector, path);
        free(path);
    }
}

static void close_vector(struct vector *vector)
{
    cJSON_Delete(vector->ref);
    cJSON_Delete(vector->config);
    tmpdir_remove(vector->work);
    free(vector->folder);
    free(vector->patch);
    free(vector->script);
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
    struct vector vector;
    open_vector(&vector, row);
    build(&vector, how);
    const cJSON *hashes =
        cJSON_GetObjectItemCaseSensitive(vector.ref, "hashes");
    const cJSON *flat = hashes != NULL ? hashes : vector.ref;
    const cJSON *start = cJSON_GetObjectItemCaseSensitive(flat, "assets");
    struct child child = render(&vector, 0, 0);
    compare_memory(
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
        compare_memory(&vector, checkpoint, checkpoint->string);
        child_free(&child);
    }
    const cJSON *trap = cJSON_GetObjectItemCaseSensitive(vector.ref, "trap");
    child = render(&vector, 1000, trap != NULL ? 6 : 0);
    if (trap != NULL) {
        compare_memory(
            &vector, cJSON_GetObjectItemCaseSensitive(trap, "memoryAfterTrap"),
            "after the trap");
        ck_assert_msg(strstr(child.err, string(trap, "kind")) != NULL,
                      "%s: the trap is not named: %s", vector.name, child.err);
    }
    compare_output(&vector, &child);
    child_free(&child);
    close_vector(&vector);
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
