/* SPDX-License-Identifier: MIT */
/*
 * Maps at random, as both compilers of the language write them, against what
 * becomes of them: same result and same locals for every number that goes in.
 * And chains that only look like a map.
 */
#include "translate/lookup.h"

#include "base/splitmix.h"
#include "interp/interp.h"
#include "suite.h"
#include "translate/normalise.h"
#include "vector.h"
#include "wasm/validate.h"

#include <math.h>
#include <stdlib.h>

enum {
    MAPS = 24, /* in a module */
    MODULES = 12,
    MAX_ROWS = 400,
    OUT_BYTES = 24, /* result, input, result once more */
};

static struct arena arena;
static struct diag diag;
static uint64_t numbers;

static void setup(void)
{
    const char *seed = getenv("F4E_SEED");
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
    numbers = seed != NULL ? strtoull(seed, NULL, 0) : 1;
}

static void teardown(void)
{
    arena_deinit(&arena);
}

static uint32_t below(uint32_t limit)
{
    return splitmix_next32(&numbers) % limit;
}

static const char *const type_names[] = {"i32", "f32", "f64"};
static const enum wasm_type type_codes[] = {WASM_I32, WASM_F32, WASM_F64};

struct map {
    unsigned in; /* into the tables above */
    unsigned out;
    bool is_last_first;
    uint32_t count;
    uint64_t keys[MAX_ROWS];
    uint64_t values[MAX_ROWS];
    uint64_t otherwise;
};

static uint64_t bits_of(unsigned type, double number)
{
    float single = (float)number;
    uint32_t word = 0;
    uint64_t bits = 0;
    if (type == 0) {
        return (uint32_t)(int32_t)number;
    }
    if (type == 1) {
        memcpy(&word, &single, sizeof(word));
        return word;
    }
    memcpy(&bits, &number, sizeof(bits));
    return bits;
}

static uint64_t any_bits(unsigned type)
{
    static const double edges[] = {0.0,        -0.0,         1.0,
                                   -1.0,       2147483647.0, -2147483648.0,
                                   16777216.0, -16777217.0,  8388607.0,
                                   -8388608.0, 0.5,          -0.75};
    const double odd[] = {HUGE_VAL, -HUGE_VAL,    nan(""),
                          1e-40,    2147483648.0, 4294967296.0};
    switch (below(4)) {
    case 0:
        return bits_of(type, edges[below(sizeof(edges) / sizeof(edges[0]))]);
    case 1:
        if (type != 0) {
            return bits_of(type, odd[below(sizeof(odd) / sizeof(odd[0]))]);
        }
        return splitmix_next32(&numbers);
    case 2:
        return bits_of(type, (double)below(64) - 8);
    default:
        return type == 2 ? splitmix_next64(&numbers)
                         : splitmix_next32(&numbers);
    }
}

/* Keys as people have them, one after the other, with holes, in clusters, and
 * as nobody has them: out of order, twice, and numbers that equal nothing. */
static void make_map(struct map *map)
{
    static const uint32_t counts[] = {1, 2, 3, 4, 5, 12, 128, MAX_ROWS};
    uint32_t shape = below(5);
    int32_t start = (int32_t)below(300) - 150;
    map->in = below(3);
    map->out = below(3);
    map->is_last_first = below(2) == 0;
    map->count = counts[below(sizeof(counts) / sizeof(counts[0]))];
    map->otherwise = below(2) == 0 ? 0 : any_bits(map->out);
    for (uint32_t i = 0; i < map->count; i++) {
        double key = start + (double)i;
        key = shape == 1 ? start + (double)below(map->count * 3) : key;
        key = shape == 2 ? start + (double)(i / 7) * 1000 + i % 7 : key;
        key = shape == 3 ? (start + (double)i) * 0.5 : key;
        map->keys[i] = shape == 4 ? any_bits(map->in) : bits_of(map->in, key);
        map->values[i] = below(3) == 0 ? any_bits(map->out)
                                       : bits_of(map->out, below(4) * 1.5);
    }
    for (uint32_t i = shape % 2 == 1 ? map->count - 1 : 0; i > 0; i--) {
        uint32_t other = below(i + 1);
        uint64_t key = map->keys[i];
        map->keys[i] = map->keys[other];
        map->keys[other] = key;
    }
}

/* A constant in the text format, to the bit. */
static void write_constant(struct buf *out, unsigned type, uint64_t bits)
{
    double number = lookup_number(type_codes[type], bits);
    buf_format(out, " %s.const ", type_names[type]);
    if (type == 0) {
        buf_format(out, "%d", (int32_t)(uint32_t)bits);
    } else if (isnan(number)) {
        bool is_single = type == 1;
        buf_format(
            out, "%snan:0x%llx", bits >> (is_single ? 31 : 63) != 0 ? "-" : "",
            (unsigned long long)(bits &
                                 (is_single ? 0x7fffff
                                            : UINT64_C(0xfffffffffffff))));
    } else {
        buf_format(out, "%a", number);
    }
}

static void write_row(struct buf *out, const struct map *map, uint32_t row)
{
    const char *in = type_names[map->in];
    write_constant(out, map->out, map->values[row]);
    buf_text(out, " local.get $result local.get $input");
    write_constant(out, map->in, map->keys[row]);
    buf_format(out, " %s.eq", in);
    buf_text(out, map->is_last_first
                      ? " select local.set $result\n"
                      : " local.set $hit local.get $hit local.get $done i32.eqz"
                        " i32.and select local.set $result local.get $done"
                        " local.get $hit i32.or local.set $done\n");
}

static void write_chain(struct buf *out, const struct map *map)
{
    buf_text(out, " local.set $input");
    write_constant(out, map->out, map->otherwise);
    buf_text(out, " local.set $result");
    if (!map->is_last_first) {
        buf_text(out, " i32.const 0 local.set $done");
    }
    buf_text(out, "\n");
    for (uint32_t i = 0; i < map->count; i++) {
        write_row(out, map, map->is_last_first ? map->count - 1 - i : i);
    }
    buf_text(out, " local.get $result");
}

/* Leaves in memory what comes out, and then both locals. */
static void write_function(struct buf *out, const struct map *map)
{
    const char *of = type_names[map->out];
    buf_format(out,
               "(func (param $in %s) (local $input %s) (local $result %s)"
               " (local $done i32) (local $hit i32)\n"
               " i32.const 0 local.get $in",
               type_names[map->in], type_names[map->in], of);
    write_chain(out, map);
    buf_format(out,
               " %s.store (%s.store (i32.const 8) (local.get $input))"
               " (%s.store (i32.const 16) (local.get $result)))\n",
               of, type_names[map->in], of);
}

static void answer(uint8_t result[OUT_BYTES], struct interp *interp,
                   uint32_t function, uint64_t argument)
{
    uint64_t fuel = 1000000;
    uint64_t size = 0;
    struct interp_stop stop;
    uint8_t *memory = interp_memory(interp, 0, &size);
    memset(memory, 0, OUT_BYTES);
    ck_assert_int_eq(
        interp_call_with(interp, function, &argument, &fuel, &stop),
        INTERP_DONE);
    memcpy(result, memory, OUT_BYTES);
}

/* By the rows, in their order. */
static uint64_t expected(const struct map *map, uint64_t argument)
{
    enum wasm_type type = type_codes[map->in];
    for (uint32_t i = 0; i < map->count; i++) {
        if (lookup_number(type, map->keys[i]) ==
            lookup_number(type, argument)) {
            return map->values[i];
        }
    }
    return map->otherwise;
}

static void compare(struct interp *plain, struct interp *rewritten,
                    uint32_t function, const struct map *map, uint64_t argument)
{
    uint8_t before[OUT_BYTES];
    uint8_t after[OUT_BYTES];
    uint64_t value = expected(map, argument);
    answer(before, plain, function, argument);
    answer(after, rewritten, function, argument);
    ck_assert_msg(memcmp(before, after, OUT_BYTES) == 0,
                  "function %u of %s to %s, %u rows: differs for 0x%llx",
                  function, type_names[map->in], type_names[map->out],
                  map->count, (unsigned long long)argument);
    ck_assert_mem_eq(after, &value, map->out == 2 ? 8 : 4);
}

static void load(struct wasm_module *before, struct wasm_module *after,
                 const char *wat)
{
    struct normalised normal = {0};
    wat_module(before, wat, &arena);
    ck_assert_msg(
        wasm_normalise(&normal, before, NULL, &arena, &diag) &&
            wasm_read(after, normal.bytes, normal.size, &arena, &diag) &&
            wasm_validate(after, &arena, &diag),
        "%s", diag.text);
}

static uint32_t count_lookups(const struct wasm_module *module)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < module->function_count; i++) {
        struct lookup *lookups = NULL;
        uint32_t count = 0;
        ck_assert(lookup_find(&lookups, &count, module, i, &arena, &diag));
        sum += count;
    }
    return sum;
}

static void try_map(struct interp *plain, struct interp *rewritten,
                    uint32_t function, const struct map *map)
{
    enum { OTHERS = 100 };
    enum wasm_type type = type_codes[map->in];
    for (uint32_t i = 0; i < map->count; i++) {
        double key = lookup_number(type, map->keys[i]);
        compare(plain, rewritten, function, map, map->keys[i]);
        if (fabs(key) < 1e9) {
            compare(plain, rewritten, function, map, bits_of(map->in, key - 1));
            compare(plain, rewritten, function, map,
                    bits_of(map->in, key + 0.5));
        }
    }
    for (uint32_t i = 0; i < OTHERS; i++) {
        compare(plain, rewritten, function, map, any_bits(map->in));
    }
}

START_TEST(gives_what_the_chain_gives)
{
    struct map *maps = arena_alloc(&arena, MAPS, sizeof(*maps));
    struct wasm_module before;
    struct wasm_module after;
    struct interp *plain = NULL;
    struct interp *rewritten = NULL;
    struct buf text;
    numbers += (uint64_t)_i * 1000003;
    buf_init(&text, &arena);
    buf_text(&text, "(module (memory 1)\n");
    for (uint32_t i = 0; i < MAPS; i++) {
        make_map(&maps[i]);
        write_function(&text, &maps[i]);
    }
    buf_text(&text, ")");
    load(&before, &after, buf_string(&text));
    ck_assert_uint_eq(count_lookups(&before), MAPS);
    ck_assert_uint_eq(count_lookups(&after), 0);
    ck_assert(interp_create(&plain, &before, &arena, &diag));
    ck_assert(interp_create(&rewritten, &after, &arena, &diag));
    for (uint32_t i = 0; i < MAPS; i++) {
        try_map(plain, rewritten, i, &maps[i]);
    }
    interp_destroy(plain);
    interp_destroy(rewritten);
}
END_TEST

/* ---- Chains by hand: how many lookups there are ---- */

#define FUNCTION(body)                                  \
    "(module (memory 1) (func (param i32) (result i32)" \
    " (local i32 i32 i32 i32 f32) local.get 0 " body "))"
#define START " local.set 1 i32.const 0 local.set 2 i32.const 0 local.set 3"
#define ROW_OF(compare)                                           \
    " i32.const 5 local.get 2 local.get 1 " compare               \
    " local.set 4 local.get 4 local.get 3 i32.eqz i32.and select" \
    " local.set 2 local.get 3 local.get 4 i32.or local.set 3"
#define ROW         ROW_OF("i32.const 7 i32.eq")
#define SHORT_START " local.set 1 i32.const 0 local.set 2"
#define SHORT_ROW                                                    \
    " i32.const 5 local.get 2 local.get 1 i32.const 7 i32.eq select" \
    " local.set 2"

static const struct {
    const char *what;
    const char *text;
    uint32_t lookups;
} chains[] = {
    {"a row", FUNCTION(START ROW " local.get 2"), 1},
    {"rows", FUNCTION(START ROW ROW ROW " local.get 2"), 1},
    {"the short kind", FUNCTION(SHORT_START SHORT_ROW " local.get 2"), 1},
    {"two in turn, with the same locals",
     FUNCTION(START ROW " local.get 2" START ROW " local.get 2"), 2},
    {"one feeds the other, short kind",
     FUNCTION(SHORT_START SHORT_ROW " local.get 2" SHORT_START SHORT_ROW
                                    " local.get 2"),
     2},
    {"in a loop and a block",
     FUNCTION(" drop block (result i32) loop (result i32) local.get 0" START ROW
              " local.get 2 end end"),
     1},
    {"what follows begins like a row of another type",
     FUNCTION(SHORT_START SHORT_ROW " f32.const 1 local.set 5 local.get 2"), 0},
    {"what follows the end begins like a row of another type",
     FUNCTION(SHORT_START SHORT_ROW " local.get 2 f32.const 1 local.set 5"), 1},
    {"no rows", FUNCTION(START " local.get 2"), 0},
    {"no end", FUNCTION(START ROW " local.get 1"), 0},
    {"another comparison",
     FUNCTION(START ROW_OF("i32.const 7 i32.ne") " local.get 2"), 0},
    {"a key that is computed",
     FUNCTION(START ROW_OF("local.get 0 i32.eq") " local.get 2"), 0},
    {"it begins as matched",
     FUNCTION(" local.set 1 i32.const 0 local.set 2 i32.const 1 local.set 3" ROW
              " local.get 2"),
     0},
    {"whether it matched is read",
     FUNCTION(START ROW " local.get 2 local.get 3 i32.add"), 0},
    {"the last condition is read",
     FUNCTION(START ROW " local.get 2 local.get 4 i32.add"), 0},
    {"the input is the result",
     FUNCTION(" local.set 1 i32.const 0 local.set 1"
              " i32.const 5 local.get 1 local.get 1 i32.const 7 i32.eq select"
              " local.set 1 local.get 1"),
     0},
    {"a result of another row's local",
     FUNCTION(SHORT_START SHORT_ROW
              " i32.const 5 local.get 3 local.get 1 i32.const 7 i32.eq select"
              " local.set 2 local.get 2"),
     0},
};

START_TEST(knows_a_map_from_what_looks_like_one)
{
    struct wasm_module before;
    struct wasm_module after;
    load(&before, &after, chains[_i].text);
    ck_assert_msg(count_lookups(&before) == chains[_i].lookups, "%s: %u",
                  chains[_i].what, count_lookups(&before));
    ck_assert_msg(count_lookups(&after) == 0, "%s", chains[_i].what);
}
END_TEST

/* What is left of each row is a label, or less. */
START_TEST(takes_few_steps_for_many_rows)
{
    enum { ROWS = 300 };
    struct map map = {.count = ROWS, .is_last_first = _i == 1};
    struct wasm_module before;
    struct wasm_module after;
    struct buf text;
    buf_init(&text, &arena);
    for (uint32_t i = 0; i < ROWS; i++) {
        map.keys[i] = i;
        map.values[i] = i * i + 1;
    }
    buf_text(&text, "(module (memory 1)\n");
    write_function(&text, &map);
    buf_text(&text, ")");
    load(&before, &after, buf_string(&text));
    struct interp *interp = NULL;
    uint64_t argument = ROWS - 1;
    uint64_t fuel = 100;
    struct interp_stop stop;
    ck_assert(interp_create(&interp, &after, &arena, &diag));
    ck_assert_int_eq(interp_call_with(interp, 0, &argument, &fuel, &stop),
                     INTERP_DONE);
    interp_destroy(interp);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("lookup");
    TCase *tcase = tcase_create("maps");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, gives_what_the_chain_gives, 0, MODULES);
    tcase_add_loop_test(tcase, knows_a_map_from_what_looks_like_one, 0,
                        sizeof(chains) / sizeof(chains[0]));
    tcase_add_loop_test(tcase, takes_few_steps_for_many_rows, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
