/* SPDX-License-Identifier: MIT */
#include "rt/engine.h"

#include "fake_patch.h"
#include "load/load.h"
#include "load/trap_text.h"
#include "rt/denormals.h"
#include "suite.h"

#include <math.h>
#include <string.h>

static struct engine engine;
static float left[FAKE_BLOCK_FRAMES];
static float right[FAKE_BLOCK_FRAMES];
static float *const out[] = {left, right};

static uint8_t *memory_at(unsigned address)
{
    return f4e_patch.memories[0].data + address;
}

static int32_t cell(unsigned address)
{
    int32_t value;
    memcpy(&value, memory_at(address), sizeof(value));
    return value;
}

static void start(enum trap_policy policy)
{
    engine_init(&engine, &f4e_patch, policy, load_stack_bytes(&f4e_patch));
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
}

static void trap_at(int32_t block)
{
    memcpy(memory_at(FAKE_TRAP_AT), &block, sizeof(block));
}

static struct change write_at(uint64_t block, uint32_t address,
                              const int32_t *value)
{
    return (struct change){.block = block,
                           .write = {.bytes = (const uint8_t *)value,
                                     .address = address,
                                     .size = sizeof(*value)}};
}

START_TEST(copies_assets_after_init)
{
    start(TRAP_STOP);
    ck_assert_mem_eq(memory_at(FAKE_ASSET), "asset", 5);
    ck_assert_int_eq(cell(FAKE_INITS), 1);
}
END_TEST

START_TEST(moves_inputs_in_and_outputs_out)
{
    float in[FAKE_BLOCK_FRAMES];
    const float *const ins[] = {in};
    start(TRAP_STOP);
    for (unsigned i = 0; i < FAKE_BLOCK_FRAMES; i++) {
        in[i] = (float)i;
    }
    for (unsigned long block = 0; block < 3; block++) {
        ck_assert(engine_process(&engine, ins, out));
        for (unsigned i = 0; i < FAKE_BLOCK_FRAMES; i++) {
            float want = fake_ramp(block * FAKE_BLOCK_FRAMES + i);
            ck_assert(left[i] == want && right[i] == in[i]);
        }
    }
    ck_assert_uint_eq(engine.block, 3);
}
END_TEST

/* A patch whose left buffer is not configured, but its right one is. */
START_TEST(keeps_an_unconnected_output_silent)
{
    const struct f4e_channel outputs[] = {{F4E_UNCONNECTED}, {FAKE_LEFT}};
    struct f4e_patch patch = f4e_patch;
    patch.outputs = outputs;
    start(TRAP_STOP);
    engine.patch = &patch;
    left[0] = 1;
    ck_assert(engine_process(&engine, NULL, out));
    for (unsigned i = 0; i < FAKE_BLOCK_FRAMES; i++) {
        ck_assert(left[i] == 0.0F && right[i] == fake_ramp(i));
    }
}
END_TEST

START_TEST(leaves_memory_alone_without_input)
{
    const float *const none[] = {NULL};
    const float two = 2.0F;
    start(TRAP_STOP);
    memcpy(memory_at(FAKE_INPUT), &two, sizeof(two));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert(right[0] == 2.0F);
    ck_assert(engine_process(&engine, none, out));
    ck_assert(right[0] == 2.0F);
}
END_TEST

START_TEST(plays_events_in_their_block)
{
    const int32_t first = 5;
    const int32_t second = 6;
    const double args[] = {144, 60, 100};
    const struct change events[] = {
        write_at(0, FAKE_LAST_NOTE, &first),
        write_at(2, FAKE_LAST_NOTE, &first),
        write_at(2, FAKE_LAST_NOTE, &second),
        {3, CHANGE_CALL,
         .call = {.function = &f4e_patch.exports[0], .args = args}},
    };
    const int32_t want[] = {5, 0, 6, 100};
    start(TRAP_STOP);
    engine.events = events;
    engine.event_count = 4;
    for (unsigned block = 0; block < 4; block++) {
        ck_assert(engine_process(&engine, NULL, out));
        ck_assert_int_eq(cell(FAKE_LAST_NOTE), want[block]);
        memset(memory_at(FAKE_LAST_NOTE), 0, 4);
    }
}
END_TEST

static unsigned heard; /* calls of a function that listens to MIDI */
static double heard_args[INBOX_ARGS_MAX];

static void hear(const double *args, double *results)
{
    (void)results;
    memcpy(heard_args, args, sizeof(heard_args));
    heard++;
}

/* As many parameters as a call in an inbox has room for, and one more. */
START_TEST(turns_a_message_into_arguments)
{
    static const char signature[] = "iiildfiiiiiiiiiii:";
    start(TRAP_STOP);
    for (unsigned params = 0; params <= INBOX_ARGS_MAX + 1; params++) {
        const struct f4e_export function = {"f", signature, params, hear};
        const struct change change = {
            .kind = CHANGE_CALL,
            .is_midi = true,
            .call = {.function = &function, .midi = {0x90, 60, 100}}};
        heard = 0;
        ck_assert(engine_change(&engine, &change));
        ck_assert_uint_eq(heard, params <= INBOX_ARGS_MAX);
    }
    ck_assert(heard_args[0] == 0x90 && heard_args[1] == 60);
    ck_assert(heard_args[2] == 100 && heard_args[3] == 0.0);
    ck_assert(isnan(heard_args[4]) && isnan(heard_args[5]));
    ck_assert(heard_args[6] == 0.0 && heard_args[15] == 0.0);
}
END_TEST

START_TEST(stops_at_a_trap)
{
    start(TRAP_STOP);
    trap_at(2);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert(engine_process(&engine, NULL, out));
    left[0] = 42.0F;
    ck_assert(!engine_process(&engine, NULL, out));
    ck_assert(!engine_process(&engine, NULL, out));
    ck_assert(left[0] == 42.0F);
    ck_assert_uint_eq(engine.block, 2);
    ck_assert_uint_eq(engine.trap_block, 2);
    ck_assert_int_eq(engine.trap.kind, F4E_TRAP_DIV_BY_ZERO);
    /* Partial effects stay: half of the block was written. */
    float half;
    memcpy(&half, memory_at(FAKE_LEFT + 4 * 63), sizeof(half));
    ck_assert(half == fake_ramp(2 * FAKE_BLOCK_FRAMES + 63));
    memcpy(&half, memory_at(FAKE_LEFT + 4 * 64), sizeof(half));
    ck_assert(half == fake_ramp(1 * FAKE_BLOCK_FRAMES + 64));
}
END_TEST

START_TEST(is_silent_for_ever_after_a_trap)
{
    start(TRAP_SILENCE);
    trap_at(1);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert(left[0] != 0.0F);
    for (unsigned block = 1; block < 4; block++) {
        ck_assert(engine_process(&engine, NULL, out));
        for (unsigned i = 0; i < FAKE_BLOCK_FRAMES; i++) {
            ck_assert(left[i] == 0.0F && right[i] == 0.0F);
        }
    }
    ck_assert_int_eq(cell(FAKE_BLOCKS), 1);
    ck_assert_uint_eq(engine.traps, 1);
    ck_assert_uint_eq(engine.block, 4);
}
END_TEST

START_TEST(starts_again_after_a_trap)
{
    start(TRAP_RESET);
    trap_at(1);
    memset(memory_at(FAKE_ASSET), 0, 5);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert(left[0] == 0.0F && left[1] == 0.0F);
    ck_assert_int_eq(cell(FAKE_INITS), 2);
    ck_assert_mem_eq(memory_at(FAKE_ASSET), "asset", 5);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert(left[1] == fake_ramp(1));
}
END_TEST

START_TEST(follows_the_policy_when_an_event_traps)
{
    const struct change event = {1, CHANGE_CALL,
                                 .call = {.function = &f4e_patch.exports[2]}};
    start((enum trap_policy)_i);
    engine.events = &event;
    engine.event_count = 1;
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert(engine_process(&engine, NULL, out) == (_i != TRAP_STOP));
    ck_assert_int_eq(engine.trap.kind, F4E_TRAP_OOB);
    ck_assert_uint_eq(engine.trap_block, 1);
    /* The block itself did not run. */
    ck_assert_int_eq(cell(FAKE_BLOCKS), _i == TRAP_RESET ? 0 : 1);
}
END_TEST

/* As in a browser: whatever the policy, only the call is over. */
START_TEST(a_midi_callback_that_traps_is_dropped)
{
    const struct change events[] = {
        {1, CHANGE_CALL, true, .call = {.function = &f4e_patch.exports[2]}},
        {1, CHANGE_CALL, true, .call = {.function = &f4e_patch.exports[2]}},
        {2, CHANGE_CALL, .call = {.function = &f4e_patch.exports[2]}},
    };
    start((enum trap_policy)_i);
    engine.events = events;
    engine.event_count = 3;
    for (int block = 0; block < 2; block++) {
        ck_assert(engine_process(&engine, NULL, out));
        ck_assert(left[1] == fake_ramp((unsigned long)block * 128 + 1));
    }
    ck_assert_int_eq(engine.state, ENGINE_RUNNING);
    ck_assert_int_eq(cell(FAKE_BLOCKS), 2);
    ck_assert_uint_eq(engine.traps, 0);
    ck_assert_uint_eq(engine.dropped_midi.count, 2);
    ck_assert_int_eq(engine.dropped_midi.trap.kind, F4E_TRAP_OOB);
    ck_assert_uint_eq(engine.dropped_midi.block, 1);
    /* The first is told of for ever, after 50 days of a thousand a second. */
    atomic_store(&engine.dropped_midi.count, UINT64_C(0xffffffff));
    for (unsigned i = 0; i < 3; i++) {
        ck_assert(engine_change(&engine, &events[0]));
    }
    ck_assert_uint_eq(engine.dropped_midi.count, UINT64_C(0x100000002));
    ck_assert_uint_eq(engine.dropped_midi.block, 1);
    /* Another call is the patch's own affair. */
    ck_assert(engine_process(&engine, NULL, out) == (_i != TRAP_STOP));
    ck_assert_uint_eq(engine.traps, 1);
}
END_TEST

START_TEST(flushes_denormals_or_not)
{
    start(TRAP_STOP);
    denormals_flush(true);
    ck_assert(engine_process(&engine, NULL, out));
    int32_t flushed = cell(FAKE_TINY);
    denormals_flush(false);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(FAKE_TINY), 0x00400000);
    ck_assert_int_eq(flushed, 0);
}
END_TEST

START_TEST(words_a_trap)
{
    static const struct {
        const char *function;
        const char *want;
    } cases[] = {
        {"w2c_patch_fn3_main_0", "trap: unreachable in function 3 'main' now"},
        {"w2c_fn3", "trap: unreachable in function 3 'main' now"},
        {"w2c_fn7", "trap: unreachable in function 7 now"},
        {"w2c_fnord", "trap: unreachable in 'w2c_fnord' now"},
        {NULL, "trap: unreachable now"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct f4e_trap_report report = {F4E_TRAP_UNREACHABLE,
                                         cases[i].function};
        char text[128];
        trap_describe(&f4e_patch, &report, "now", text, sizeof(text));
        ck_assert_str_eq(text, cases[i].want);
    }
}
END_TEST

/* ---- Invariants ---- */

static struct f4e_patch proving; /* the fake patch with a faster block() */
static unsigned proven_blocks;

static void proven_block(void)
{
    proven_blocks++;
    f4e_patch.block();
}

/* One word of the panel must be 3, 7, 11 … 99, the next two not negative. */
static const struct f4e_invariant invariants[] = {
    {0, FAKE_PANEL & ~3u, 1, 3, 99, 3, 3},
    {0, (FAKE_PANEL & ~3u) + 4, 2, 0, INT32_MAX, 0, 0},
    {0, FAKE_TABLE, 1, -5, 5, 0, 0},
};

enum { INVARIANT_WORD = FAKE_PANEL & ~3u };

static void start_proving(enum trap_policy policy, int32_t first_word)
{
    static int32_t word;
    static const struct f4e_asset asset = {INVARIANT_WORD, sizeof(word),
                                           (const uint8_t *)&word};
    word = first_word;
    proving = f4e_patch;
    proving.invariants = invariants;
    proving.invariant_count = sizeof(invariants) / sizeof(*invariants);
    proving.proven_block = proven_block;
    proving.assets = &asset;
    proving.asset_count = 1;
    proven_blocks = 0;
    engine_init(&engine, &proving, policy, load_stack_bytes(&proving));
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
}

/* What a host writes, and whether the faster code may run after it. */
static const struct {
    const char *name;
    uint32_t address;
    int32_t word;
    uint32_t size;
    bool holds;
} host_writes[] = {
    {"the lowest value", INVARIANT_WORD, 3, 4, true},
    {"the highest value", INVARIANT_WORD, 99, 4, true},
    {"too low", INVARIANT_WORD, -1, 4, false},
    {"too high", INVARIANT_WORD, 103, 4, false},
    {"in between, off the step", INVARIANT_WORD, 8, 4, false},
    {"its lowest byte alone, off the step", INVARIANT_WORD, 4, 1, false},
    {"its second byte alone", INVARIANT_WORD + 1, 1, 1, false},
    {"its highest byte alone, no change", INVARIANT_WORD + 3, 0, 1, true},
    {"across two words, the first breaks", INVARIANT_WORD + 2, 1, 4, false},
    {"across two words, both hold", INVARIANT_WORD + 2, 0, 4, true},
    {"the second word of a run", INVARIANT_WORD + 8, -1, 4, false},
    {"the sign byte of the second word", INVARIANT_WORD + 11, 0x80, 1, false},
    {"just before", INVARIANT_WORD - 4, -1, 4, true},
    {"just behind", INVARIANT_WORD + 12, -1, 4, true},
    {"another invariant, at its edge", FAKE_TABLE, -5, 4, true},
    {"another invariant, over its edge", FAKE_TABLE, -6, 4, false},
};

START_TEST(leaves_proven_code_while_an_invariant_is_broken)
{
    uint8_t before[4];
    start_proving(TRAP_STOP, 7);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_msg(proven_blocks == 1, "%s: does not start proven",
                  host_writes[_i].name);
    memcpy(before, memory_at(host_writes[_i].address), 4);
    engine_write(&engine, 0, host_writes[_i].address, &host_writes[_i].word,
                 host_writes[_i].size);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert(engine_process(&engine, NULL, out));
    }
    unsigned want = host_writes[_i].holds ? 3 : 1;
    ck_assert_msg(proven_blocks == want, "%s: %u proven blocks, not %u",
                  host_writes[_i].name, proven_blocks, want);
    ck_assert_msg(engine.general_blocks == 3 - want, "%s: %llu counted",
                  host_writes[_i].name,
                  (unsigned long long)engine.general_blocks);
    engine_write(&engine, 0, host_writes[_i].address, before,
                 host_writes[_i].size);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_msg(proven_blocks == want + 1, "%s: does not come back",
                  host_writes[_i].name);
}
END_TEST

START_TEST(looks_at_what_assets_leave)
{
    start_proving(TRAP_STOP, 8);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(proven_blocks, 0);
    ck_assert_uint_eq(engine.general_blocks, 1);
    ck_assert_int_eq(cell(FAKE_BLOCKS), 1);
}
END_TEST

START_TEST(counts_a_broken_word_until_the_whole_table_holds)
{
    const int32_t bad = -1;
    const int32_t good = 11;
    const int32_t bad_table = 6;
    const int32_t good_table = 5;
    start_proving(TRAP_STOP, 7);
    engine_write(&engine, 0, INVARIANT_WORD, &bad, sizeof(bad));
    engine_write(&engine, 0, INVARIANT_WORD + 8, &bad, sizeof(bad));
    engine_write(&engine, 0, INVARIANT_WORD, &good, sizeof(good));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(proven_blocks, 0);
    ck_assert_uint_eq(engine.violated, 1);
    engine_write(&engine, 0, FAKE_TABLE, &bad_table, sizeof(bad_table));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(engine.violated, 1); /* still that one */
    engine_write(&engine, 0, INVARIANT_WORD + 8, &good, sizeof(good));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(proven_blocks, 0);
    ck_assert_uint_eq(engine.violated, 2);
    engine_write(&engine, 0, FAKE_TABLE, &good_table, sizeof(good_table));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(proven_blocks, 1);
}
END_TEST

START_TEST(looks_again_after_a_trap)
{
    const int32_t broken = 8;
    const int32_t good = 0;
    start_proving(TRAP_RESET, 7);
    /* As if the patch had stopped between two writes of its own. */
    trap_at(0);
    memcpy(memory_at(FAKE_TABLE), &broken, sizeof(broken));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(engine.traps, 1);
    ck_assert_uint_eq(proven_blocks, 1);
    memcpy(memory_at(FAKE_TABLE), &broken, sizeof(broken));
    engine.uses_general_block = true;
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(proven_blocks, 1);
    memcpy(memory_at(FAKE_TABLE), &good, sizeof(good));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(proven_blocks, 2);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("engine");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, copies_assets_after_init);
    tcase_add_test(tcase, moves_inputs_in_and_outputs_out);
    tcase_add_test(tcase, keeps_an_unconnected_output_silent);
    tcase_add_test(tcase, leaves_memory_alone_without_input);
    tcase_add_test(tcase, plays_events_in_their_block);
    tcase_add_test(tcase, turns_a_message_into_arguments);
    tcase_add_test(tcase, stops_at_a_trap);
    tcase_add_test(tcase, is_silent_for_ever_after_a_trap);
    tcase_add_test(tcase, starts_again_after_a_trap);
    tcase_add_loop_test(tcase, follows_the_policy_when_an_event_traps, 0, 3);
    tcase_add_loop_test(tcase, a_midi_callback_that_traps_is_dropped, 0, 3);
    tcase_add_test(tcase, flushes_denormals_or_not);
    tcase_add_test(tcase, words_a_trap);
    tcase_add_loop_test(tcase, leaves_proven_code_while_an_invariant_is_broken,
                        0, sizeof(host_writes) / sizeof(*host_writes));
    tcase_add_test(tcase, looks_at_what_assets_leave);
    tcase_add_test(tcase, counts_a_broken_word_until_the_whole_table_holds);
    tcase_add_test(tcase, looks_again_after_a_trap);
    suite_add_tcase(suite, tcase);
    return suite;
}
