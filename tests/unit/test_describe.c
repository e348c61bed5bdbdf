/* SPDX-License-Identifier: MIT */
#include "describe/describe.h"
#include "suite.h"
#include "vector.h"

static struct arena arena;
static struct diag diag;
static struct patch patch;
static struct wasm_module module;

static void set_up(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, "patch.wasm");
}

static void tear_down(void)
{
    arena_deinit(&arena);
}

static bool describe(const struct describe_flags *flags)
{
    static const struct describe_flags none;
    return patch_describe(&patch, &module, "patch.wasm",
                          flags != NULL ? flags : &none, &arena, &diag);
}

static bool has_notice(const char *text)
{
    for (uint32_t i = 0; i < patch.notice_count; i++) {
        if (strstr(patch.notices[i], text) != NULL) {
            return true;
        }
    }
    return false;
}

static uint32_t number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(cJSON_IsNumber(item), "no number '%s'", key);
    return (uint32_t)item->valuedouble;
}

/* Is the channel one of the configured ones, or both of them at once? */
static void check_outputs(const char *vector, const cJSON *outputs)
{
    int configured = cJSON_GetArraySize(outputs);
    bool is_one = patch.output_count == 1 && patch.is_mono_duplicated;
    ck_assert_msg(patch.output_count == (uint32_t)configured ||
                      (is_one && configured == 2),
                  "%s: %u outputs, not %d", vector, patch.output_count,
                  configured);
    ck_assert_msg(patch.is_mono_duplicated == (patch.output_count == 1),
                  "%s: mono", vector);
    for (int i = 0; i < configured; i++) {
        uint32_t found = patch.outputs[is_one ? 0 : i].address;
        uint32_t wanted = number(cJSON_GetArrayItem(outputs, i), "byteAddress");
        ck_assert_msg(found == wanted, "%s: output %d at %u, not %u", vector, i,
                      found, wanted);
    }
}

START_TEST(finds_the_buffers_of_every_vector)
{
    const char *vector = vector_names[_i];
    vector_module(&module, vector, true, &arena);
    ck_assert_msg(describe(NULL), "%s: %s", vector, diag.text);
    ck_assert_msg(patch.block_frames == 128, "%s: %u frames", vector,
                  patch.block_frames);
    cJSON *config = vector_json(vector, "config.json", &arena);
    if (config == NULL) { /* legacy_2025 */
        ck_assert(patch.output_count == 1 && patch.outputs[0].address == 8);
        ck_assert(patch.generation == GENERATION_JS);
        ck_assert_uint_eq(patch.sample_rate, 44100);
        return;
    }
    ck_assert(patch.generation == GENERATION_CURRENT);
    check_outputs(vector, cJSON_GetObjectItemCaseSensitive(config, "outputs"));

    const cJSON *inputs = cJSON_GetObjectItemCaseSensitive(config, "inputs");
    /* 'controls' names its output as its input: no behaviour shows that. */
    uint32_t input_count = strcmp(vector, "controls") == 0
                               ? 0
                               : (uint32_t)cJSON_GetArraySize(inputs);
    ck_assert_msg(patch.input_count == input_count, "%s: %u inputs", vector,
                  patch.input_count);
    for (uint32_t i = 0; i < input_count; i++) {
        ck_assert_uint_eq(
            patch.inputs[i].address,
            number(cJSON_GetArrayItem(inputs, (int)i), "byteAddress"));
    }
    /* A rate that the code names is the right one. */
    if (patch.rate_source == SOURCE_MODULE) {
        ck_assert_uint_eq(patch.sample_rate, number(config, "sampleRate"));
    } else {
        ck_assert_uint_eq(patch.sample_rate, 48000);
    }
    cJSON_Delete(config);
}
END_TEST

/* A patch with these memories, functions and exports. Main counts frames at
 * address 4. */
#define MODULE(body) "(module (memory 1 1) " body ")"
#define OUT(address)                                                  \
    "(f32.store offset=" address " (i32.shl (i32.load (i32.const 4))" \
    " (i32.const 2)) (f32.const 0))"
#define STEP                                            \
    "(i32.store (i32.const 4) (i32.and (i32.const 127)" \
    " (i32.add (i32.const 1) (i32.load (i32.const 4)))))"
#define MAIN(body) "(func $main (export \"main\") " body STEP ")"
#define BUFFER(count)                                             \
    "(func (export \"buffer\") (local $n i32) (loop (call $main)" \
    " (br_if 0 (i32.lt_u (local.tee $n (i32.add (local.get $n)"   \
    " (i32.const 1))) (i32.const " count ")))))"

static const struct describe_channel one_out[] = {{0, 1024}};
static const struct describe_channel one_in[] = {{0, 2048}};
static const struct describe_channel two_same[] = {{1, 1024}, {0, 1024}};
static const struct describe_channel with_gap[] = {{0, 1024}, {2, 2048}};
static const struct describe_channel twice[] = {{0, 1024}, {0, 2048}};
static const struct describe_channel too_high[] = {{0, 65536 - 511}};
static const struct describe_channel very_high[] = {{0, 0xfffffffc}};
static const struct describe_channel channel_64[] = {{64, 0}};
static const struct describe_channel odd[] = {{0, 1023}};
static const struct patch_asset asset_fits[] = {
    {.address = 65530,
     .file = "hit.raw",
     .bytes = (const uint8_t *)"123456",
     .size = 6}};
static const struct patch_asset asset_long[] = {
    {.address = 65531,
     .file = "hit.raw",
     .bytes = (const uint8_t *)"123456",
     .size = 6}};

static const struct {
    const char *name;
    const char *text;
    struct describe_flags flags;
    enum diag_kind kind;
    const char *message; /* of the error, or of a notice; NULL: none */
    const char *hint;    /* NULL: any */
} message_cases[] = {
    {"nothing to drive",
     MODULE("(func (export \"b\x1b[1m\"))"),
     {0},
     DIAG_INPUT,
     "exports 'b\\x1B[1m'",
     "--entry NAME"},
    {"an entry that is not there",
     MODULE(MAIN("")),
     {.entry = "tick"},
     DIAG_INPUT,
     "exported as 'tick'; the module exports 'main'",
     NULL},
    {"an entry instead of buffer",
     MODULE(MAIN(OUT("512")) BUFFER("128")),
     {.entry = "main"},
     DIAG_NONE,
     "128 calls of function 0 'main', not 'buffer'",
     NULL},
    {"no buffer",
     MODULE(MAIN(OUT("512"))),
     {0},
     DIAG_NONE,
     "a browser would be silent",
     NULL},
    {"one output",
     MODULE(MAIN(OUT("512")) BUFFER("128")),
     {0},
     DIAG_NONE,
     "both speakers",
     NULL},
    {"no output",
     MODULE(MAIN("") BUFFER("128")),
     {0},
     DIAG_NONE,
     "will be silent",
     NULL},
    {"no memory",
     "(module (func (export \"buffer\")))",
     {0},
     DIAG_NONE,
     "will be silent",
     NULL},
    {"no memory, but an output",
     "(module (func (export \"buffer\")))",
     {.outputs = one_out, .output_count = 1},
     DIAG_INPUT,
     "which has 0",
     NULL},
    {"three outputs",
     MODULE(MAIN(OUT("512") OUT("1024") OUT("2048")) BUFFER("128")),
     {0},
     DIAG_INPUT,
     "3 buffers behave like outputs, at 512, 1024, 2048",
     "--out 0=512 --out 1=1024"},
    {"three outputs, settled",
     MODULE(MAIN(OUT("512") OUT("1024") OUT("2048")) BUFFER("128")),
     {.outputs = one_out, .output_count = 1},
     DIAG_NONE,
     NULL,
     NULL},
    {"endless",
     MODULE("(func $main (export \"main\") (loop (br 0)))"),
     {0},
     DIAG_INPUT,
     "runs without end in block 0 (the first is 0): function 0 'main'",
     NULL},
    {"endless, settled",
     MODULE("(func $main (export \"main\") (loop (br 0)))"),
     {.outputs = one_out, .output_count = 1},
     DIAG_NONE,
     "runs without end",
     NULL},
    {"endless, all settled",
     MODULE("(func (export \"buffer\") (loop (br 0)))"),
     {.outputs = one_out,
      .output_count = 1,
      .inputs = one_in,
      .input_count = 1},
     DIAG_NONE,
     NULL,
     NULL},
    {"trap at once",
     MODULE(MAIN("(unreachable)") BUFFER("128")),
     {0},
     DIAG_INPUT,
     "the patch traps in block 0 (the first is 0): unreachable in function 0 "
     "'main'",
     NULL},
    {"trap in init",
     MODULE(MAIN("")
                BUFFER("128") "(func (export \"initDefaults\") (unreachable))"),
     {0},
     DIAG_INPUT,
     "traps in its initialisation",
     NULL},
    {"a memory too large to try",
     "(module (memory 65536 65536) (func (export \"buffer\")))",
     {0},
     DIAG_INPUT,
     "65536 pages",
     "--out 0=ADDR"},
    {"a gap",
     MODULE(MAIN("")),
     {.outputs = with_gap, .output_count = 2},
     DIAG_USAGE,
     "output channel 1 is missing",
     NULL},
    {"twice",
     MODULE(MAIN("")),
     {.inputs = twice, .input_count = 2},
     DIAG_USAGE,
     "input channel 0 is given twice",
     NULL},
    {"outside",
     MODULE(MAIN("")),
     {.outputs = too_high, .output_count = 1},
     DIAG_INPUT,
     "512 bytes at address 65025 do not fit in memory 0, which has "
     "65536",
     NULL},
    {"far outside",
     MODULE(MAIN("")),
     {.inputs = very_high, .input_count = 1},
     DIAG_INPUT,
     "4294967292",
     NULL},
    {"channel 64",
     MODULE(MAIN("")),
     {.outputs = channel_64, .output_count = 1},
     DIAG_USAGE,
     "channel 64",
     NULL},
    {"unaligned",
     MODULE(MAIN("")),
     {.outputs = odd, .output_count = 1},
     DIAG_NONE,
     "not a multiple of 4",
     NULL},
    {"an asset",
     MODULE(MAIN("")),
     {.assets = asset_fits, .asset_count = 1},
     DIAG_NONE,
     "silent",
     NULL},
    {"an asset too long",
     MODULE(MAIN("")),
     {.assets = asset_long, .asset_count = 1},
     DIAG_INPUT,
     "'hit.raw': 6 bytes at address 65531",
     NULL},
    {"a block too long",
     MODULE(MAIN("")),
     {.block_frames = 65537},
     DIAG_USAGE,
     "65537",
     NULL},
    {"a block longer than memory",
     MODULE(MAIN("")),
     {.block_frames = 65536, .outputs = one_out, .output_count = 1},
     DIAG_INPUT,
     "262144 bytes",
     NULL},
};

START_TEST(says_what_is_wrong)
{
    const char *name = message_cases[_i].name;
    wat_module(&module, message_cases[_i].text, &arena);
    bool ok = describe(&message_cases[_i].flags);
    ck_assert_msg(ok == (message_cases[_i].kind == DIAG_NONE) &&
                      diag.kind == message_cases[_i].kind,
                  "%s: %s", name, diag.text);
    const char *message = message_cases[_i].message;
    if (!ok) {
        ck_assert_msg(strstr(diag.text, message) != NULL, "%s: %s", name,
                      diag.text);
    } else if (message != NULL) {
        ck_assert_msg(has_notice(message), "%s: not said", name);
    } else {
        ck_assert_msg(patch.notice_count <= 1, "%s: %s", name,
                      patch.notice_count > 0 ? patch.notices[0] : "");
    }
    const char *hint = message_cases[_i].hint;
    ck_assert_msg(hint == NULL || strstr(diag.hint, hint) != NULL, "%s: %s",
                  name, diag.hint);
}
END_TEST

static const struct {
    const char *name;
    const char *body; /* of buffer, which may call $main */
    uint32_t frames;  /* 0: not plain */
} block_cases[] = {
    {"a loop as 8f4e writes it",
     "(block (loop (if (i32.ge_s (local.get 0) (i32.const 64)) (then (br 2)))"
     " (local.set 0 (i32.add (local.get 0) (i32.const 1)))"
     " (call $main) (br 0)))",
     64},
    {"the lower of two bounds",
     "(block (loop (br_if 1 (i32.ge_s (local.get 0) (i32.const 1000)))"
     " (call $main)"
     " (br_if 0 (i32.ne (local.get 0) (i32.const 96)))))",
     96},
    {"loops in a loop",
     "(loop (loop (call $main) (br_if 0 (i32.lt_u (local.get 0)"
     " (i32.const 8)))) (br_if 0 (i32.lt_u (local.get 0) (i32.const 32))))",
     256},
    {"two calls in the loop",
     "(loop (call $main) (call $main)"
     " (br_if 0 (i32.lt_u (local.get 0) (i32.const 32))))",
     64},
    {"one by one", "(call $main) (call $main) (call $main)", 3},
    {"a loop that does the work",
     "(loop (br_if 0 (i32.eqz (i32.ge_u (local.get 0) (i32.const 512)))))",
     512},
    {"two such loops",
     "(loop (br_if 0 (i32.lt_u (local.get 0) (i32.const 512))))"
     "(loop (br_if 0 (i32.lt_u (local.get 0) (i32.const 512))))",
     512},
    {"two loops that differ",
     "(loop (br_if 0 (i32.lt_u (local.get 0) (i32.const 512))))"
     "(loop (br_if 0 (i32.lt_u (local.get 0) (i32.const 256))))",
     0},
    {"no bound", "(loop (call $main) (br_if 0 (local.get 0)))", 0},
    {"nothing", "", 0},
    {"once", "(call $main)", 0},
    {"absurd",
     "(loop (call $main)"
     " (br_if 0 (i32.lt_u (local.get 0) (i32.const 100000))))",
     0},
};

START_TEST(reads_the_block_length)
{
    wat_module(&module,
               arena_format(&arena,
                            "(module (memory 1 1) (func $main (export"
                            " \"main\")) (func (export \"buffer\") (local i32)"
                            " %s))",
                            block_cases[_i].body),
               &arena);
    const struct describe_flags settled = {.outputs = one_out,
                                           .output_count = 1,
                                           .inputs = one_in,
                                           .input_count = 1};
    ck_assert_msg(describe(&settled), "%s", diag.text);
    uint32_t frames = block_cases[_i].frames;
    ck_assert_msg(patch.block_frames == (frames != 0 ? frames : 128),
                  "%s: %u frames", block_cases[_i].name, patch.block_frames);
    ck_assert_msg(patch.block_source ==
                      (frames != 0 ? SOURCE_MODULE : SOURCE_DEFAULT),
                  "%s: source", block_cases[_i].name);
}
END_TEST

static const struct {
    const char *body; /* of main */
    uint32_t hz;      /* 0: not plain */
} rate_cases[] = {
    {"(drop (f32.convert_i32_s (i32.const 32000)))", 32000},
    {"(drop (f32.const 96000))", 96000},
    {"(drop (f64.const 44100))", 44100},
    {"(drop (f64.const 0x1.7c6e3c0449f8cp-16))", 0}, /* not quite 1/44100 */
    {"(drop (f64.div (f64.const 1) (f64.const 32000)))", 32000},
    {"(drop (f32.const 0x1.5d867cp-16))", 48000}, /* 1/48000 */
    {"(drop (f32.load (i32.const 48000)))", 0},
    {"(f32.store (i32.const 48000) (f32.const 1))", 0},
    {"(drop (f32.const 8000))", 0},
    {"(drop (f32.const 22050)) (drop (f32.const 44100))", 44100},
    {"(drop (f32.const 48000)) (drop (f32.const 44100))", 0},
    {"(drop (f32.const 47999))", 0},
};

START_TEST(reads_the_sample_rate)
{
    wat_module(&module,
               arena_format(&arena, MODULE("(func (export \"main\") %s)"),
                            rate_cases[_i].body),
               &arena);
    ck_assert_msg(describe(NULL), "%s", diag.text);
    uint32_t hz = rate_cases[_i].hz;
    ck_assert_msg(patch.sample_rate == (hz != 0 ? hz : 48000), "%s: %u Hz",
                  rate_cases[_i].body, patch.sample_rate);
    ck_assert_msg(patch.rate_source ==
                      (hz != 0 ? SOURCE_MODULE : SOURCE_DEFAULT),
                  "%s: source", rate_cases[_i].body);
}
END_TEST

START_TEST(lets_flags_override)
{
    vector_module(&module, "input_gain", true, &arena);
    const struct describe_flags outputs = {.name = "a b\n",
                                           .outputs = two_same,
                                           .output_count = 2,
                                           .sample_rate = 22050};
    ck_assert_msg(describe(&outputs), "%s", diag.text);
    ck_assert_str_eq(patch.name, "a b_");
    ck_assert_uint_eq(patch.output_count, 2);
    ck_assert(patch.outputs[1].address == 1024 && !patch.is_mono_duplicated);
    ck_assert(patch.outputs[0].source == SOURCE_FLAG);
    ck_assert(patch.inputs[0].address == 528);
    ck_assert(patch.inputs[0].source == SOURCE_PROBE);
    ck_assert(patch.sample_rate == 22050 && patch.rate_source == SOURCE_FLAG);

    const struct describe_flags inputs = {.inputs = one_in, .input_count = 1};
    ck_assert_msg(describe(&inputs), "%s", diag.text);
    ck_assert_str_eq(patch.name, "patch");
    ck_assert(patch.output_count == 2 && patch.outputs[1].address == 1040);
    ck_assert(patch.inputs[0].address == 2048);

    const struct describe_flags block = {.block_frames = 64};
    ck_assert_msg(describe(&block), "%s", diag.text);
    ck_assert_uint_eq(patch.block_frames, 64);
    ck_assert_uint_eq(patch.output_count, 0);
}
END_TEST

START_TEST(maps_old_names)
{
    vector_module(&module, "legacy_2025", true, &arena);
    ck_assert_msg(describe(NULL), "%s", diag.text);
    ck_assert_uint_eq(patch.init_function, 0);
    ck_assert_uint_eq(patch.main_function, 1);
    ck_assert_uint_eq(patch.buffer_function, 2);
    ck_assert(patch.block_source == SOURCE_MODULE);
    ck_assert(!patch.is_driven_by_main && !patch.is_recursive);
}
END_TEST

/* A hand-written patch: other signatures, no initDefaults, another length. */
START_TEST(takes_what_others_write)
{
    wat_module(&module,
               "(module (memory 1 1) (func (export \"buffer\")"
               " (param i32 f32) (result i32) (local $n i32) (loop"
               " (f32.store offset=512 (i32.shl (local.get $n) (i32.const 2))"
               " (f32.load offset=4096 (i32.shl (local.get $n) (i32.const 2))))"
               " (br_if 0 (i32.ne (local.tee $n (i32.add (local.get $n)"
               " (i32.const 1))) (i32.const 256)))) (local.get 0)))",
               &arena);
    ck_assert_msg(describe(NULL), "%s", diag.text);
    ck_assert(patch.generation == GENERATION_OTHER);
    ck_assert_uint_eq(patch.init_function, UINT32_MAX);
    ck_assert_uint_eq(patch.main_function, UINT32_MAX);
    ck_assert_uint_eq(patch.block_frames, 256);
    ck_assert(patch.output_count == 1 && patch.outputs[0].address == 512);
    ck_assert(patch.input_count == 1 && patch.inputs[0].address == 4096);
}
END_TEST

START_TEST(notices_a_later_trap)
{
    vector_module(&module, "trap_div", true, &arena);
    ck_assert_msg(describe(NULL), "%s", diag.text);
    ck_assert(has_notice("traps in block 17 (the first is 0): divide by zero"));
    ck_assert_uint_eq(patch.output_count, 1);
}
END_TEST

/* An asset changes what the patch does: main writes only once it is there. */
START_TEST(probes_with_assets)
{
    wat_module(&module,
               MODULE(MAIN("(if (i32.load8_u (i32.const 9000)) (then " OUT(
                   "512") "))") BUFFER("128")),
               &arena);
    ck_assert(describe(NULL));
    ck_assert_uint_eq(patch.output_count, 0);
    const struct patch_asset asset = {.address = 9000,
                                      .file = "x",
                                      .bytes = (const uint8_t *)"\1",
                                      .size = 1};
    ck_assert(
        describe(&(struct describe_flags){.assets = &asset, .asset_count = 1}));
    ck_assert_uint_eq(patch.output_count, 1);
    ck_assert_uint_eq(patch.asset_count, 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("describe");
    TCase *tests = tcase_create("describe");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 30);
    tcase_add_loop_test(tests, finds_the_buffers_of_every_vector, 0,
                        VECTOR_COUNT);
    tcase_add_loop_test(tests, says_what_is_wrong, 0,
                        sizeof(message_cases) / sizeof(message_cases[0]));
    tcase_add_loop_test(tests, reads_the_block_length, 0,
                        sizeof(block_cases) / sizeof(block_cases[0]));
    tcase_add_loop_test(tests, reads_the_sample_rate, 0,
                        sizeof(rate_cases) / sizeof(rate_cases[0]));
    tcase_add_test(tests, lets_flags_override);
    tcase_add_test(tests, maps_old_names);
    tcase_add_test(tests, takes_what_others_write);
    tcase_add_test(tests, notices_a_later_trap);
    tcase_add_test(tests, probes_with_assets);
    suite_add_tcase(suite, tests);
    return suite;
}
