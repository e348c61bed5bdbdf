/* SPDX-License-Identifier: MIT */
#include "wasm/validate.h"

#include "fixture.h"
#include "suite.h"
#include "vector.h"

START_TEST(accepts_every_vector)
{
    for (int is_shared = 0; is_shared < 2; is_shared++) {
        struct wasm_module module;
        vector_module(&module, vector_names[_i], is_shared != 0, &arena);
        ck_assert_msg(wasm_supported(&module, &arena, &diag) &&
                          wasm_validate(&module, &arena, &diag),
                      "%s: %s", vector_names[_i], diag.text);
    }
}
END_TEST

/*
 * A module whose function 0 has the given type and body. It has memory 0,
 * global 0 (mutable i32), global 1 (f32), type 1 (i32) -> (i32 f32), and
 * function 1 of type 1. Bodies are below 100 bytes; the first instruction is at
 * the offset returned.
 */
static size_t build(struct buf *bytes, const char *params, const char *results,
                    const char *locals, const char *body, size_t length)
{
    size_t param_count = strlen(params);
    size_t result_count = strlen(results);
    size_t local_count = strlen(locals);
    buf_init(bytes, &arena);
    buf_add(bytes, "\0asm\1\0\0\0", 8);
    buf_byte(bytes, 1);
    buf_byte(bytes, (unsigned)(1 + 3 + param_count + result_count + 6));
    buf_add(bytes, "\2\x60", 2);
    buf_byte(bytes, (unsigned)param_count);
    buf_text(bytes, params);
    buf_byte(bytes, (unsigned)result_count);
    buf_text(bytes, results);
    buf_add(bytes, "\x60\1\x7f\2\x7f\x7d", 6);
    buf_add(bytes, "\3\3\2\0\1", 5);
    buf_add(bytes, "\5\3\1\0\1", 5);
    buf_add(bytes, "\6\x0e\2\x7f\1\x41\0\x0b\x7d\0\x43\0\0\x80\x3f\x0b", 16);
    buf_byte(bytes, 10);
    size_t size = 1 + 2 * local_count + length + 1;
    buf_byte(bytes, (unsigned)(1 + 1 + size + 10));
    buf_byte(bytes, 2);
    buf_byte(bytes, (unsigned)size);
    buf_byte(bytes, (unsigned)local_count);
    for (size_t i = 0; i < local_count; i++) {
        buf_byte(bytes, 1);
        buf_byte(bytes, (unsigned char)locals[i]);
    }
    size_t start = bytes->length;
    buf_add(bytes, body, length);
    buf_byte(bytes, 0x0b);
    buf_add(bytes, "\x09\0\x20\0\x43\0\0\0\0\x0b", 10);
    return start;
}

/* Letters of value types: i I f F. */
static const char *types_of(const char *letters)
{
    char *types = arena_copy(&arena, letters, strlen(letters));
    for (char *at = types; *at != '\0'; at++) {
        *at = *at == 'i'   ? '\x7f'
              : *at == 'I' ? '\x7e'
              : *at == 'f' ? '\x7d'
                           : '\x7c';
    }
    return types;
}

struct body_case {
    const char *name;
    const char *type;   /* "params:results" */
    const char *locals; /* after the parameters */
    const char *body;
    size_t length;
    size_t offset;    /* of the refused instruction in the body */
    const char *text; /* NULL: valid */
};

#define BODY(bytes) bytes, sizeof(bytes) - 1

static const struct body_case bodies[] = {
    {"empty", ":", "", BODY(""), 0, NULL},
    {"constant", ":i", "", BODY("\x41\0"), 0, NULL},
    {"result missing", ":i", "", BODY(""), 0,
     "function 0: end expects i32 but the stack is empty"},
    {"wrong result", ":i", "", BODY("\x43\0\0\0\0"), 5,
     "end expects i32 but the stack holds f32"},
    {"left over", ":", "", BODY("\x41\0"), 2, "leaves 1 more"},
    {"add", "ii:i", "", BODY("\x20\0\x20\1\x6a"), 0, NULL},
    {"add of floats", "ff:i", "", BODY("\x20\0\x20\1\x6a"), 4,
     "function 0: i32.add expects i32 but the stack holds f32"},
    {"add of one", "i:i", "", BODY("\x20\0\x6a"), 2, "stack is empty"},
    {"below its block", "i:", "", BODY("\x20\0\x02\x40\x1a\x0b\x1a"), 4,
     "drop expects a value but the stack is empty"},
    {"drop", "I:", "", BODY("\x20\0\x1a"), 0, NULL},
    {"drop of nothing", ":", "", BODY("\x1a"), 0, "stack is empty"},
    {"select", "ffi:f", "", BODY("\x20\0\x20\1\x20\2\x1b"), 0, NULL},
    {"select of two types", "fFi:f", "", BODY("\x20\0\x20\1\x20\2\x1b"), 6,
     "f32 and f64"},
    {"select by a float", "fff:f", "", BODY("\x20\0\x20\1\x20\2\x1b"), 6,
     "expects i32"},
    {"typed select", "IIi:I", "", BODY("\x20\0\x20\1\x20\2\x1c\1\x7e"), 0,
     NULL},
    {"typed select of others", "ffi:I", "",
     BODY("\x20\0\x20\1\x20\2\x1c\1\x7e"), 6, "expects i64"},
    {"local", ":F", "F", BODY("\x20\0"), 0, NULL},
    {"local after parameters", "i:F", "fF", BODY("\x20\2"), 0, NULL},
    {"set of another type", "i:", "f", BODY("\x20\0\x21\1"), 2,
     "local.set expects f32 but the stack holds i32"},
    {"tee", "i:i", "i", BODY("\x20\0\x22\1"), 0, NULL},
    {"tee of another type", "i:i", "f", BODY("\x20\0\x22\1"), 2,
     "local.tee expects f32"},
    {"global", ":i", "", BODY("\x23\0"), 0, NULL},
    {"global set", "i:", "", BODY("\x20\0\x24\0"), 0, NULL},
    {"immutable global", "f:", "", BODY("\x20\0\x24\1"), 2, "not mutable"},
    {"global of another type", "f:", "", BODY("\x20\0\x24\0"), 2,
     "expects i32"},
    {"block with a result", ":i", "", BODY("\x02\x7f\x41\0\x0b"), 0, NULL},
    {"block without its result", ":i", "", BODY("\x02\x7f\x0b"), 2,
     "end expects i32"},
    {"block with parameters", ":", "",
     BODY("\x41\0\x02\1\x43\0\0\0\0\x0b\x1a\x1a"), 0, NULL},
    {"block lacks its parameter", ":", "", BODY("\x02\1\x0b"), 0,
     "block expects i32"},
    {"if", "i:i", "", BODY("\x20\0\x04\x7f\x41\1\x05\x41\2\x0b"), 0, NULL},
    {"if by a float", "f:", "", BODY("\x20\0\x04\x40\x0b"), 2,
     "if expects i32"},
    {"if without else", "i:i", "", BODY("\x20\0\x04\x7f\x41\1\x0b"), 6,
     "if without else"},
    {"else of another type", "i:i", "",
     BODY("\x20\0\x04\x7f\x41\1\x05\x43\0\0\0\0\x0b"), 12, "end expects i32"},
    {"then of another type", "i:i", "",
     BODY("\x20\0\x04\x7f\x43\0\0\0\0\x05\x41\1\x0b"), 9, "else expects i32"},
    {"branch with a value", ":i", "", BODY("\x41\0\x0c\0"), 0, NULL},
    {"branch without its value", ":i", "", BODY("\x0c\0"), 0, "br expects i32"},
    {"branch to a loop carries nothing", ":i", "", BODY("\x03\x7f\x0c\0\x0b"),
     0, NULL},
    {"conditional branch", "i:i", "", BODY("\x41\5\x20\0\x0d\0"), 0, NULL},
    {"conditional branch by a float", "f:", "", BODY("\x20\0\x0d\0"), 2,
     "br_if expects i32"},
    {"table of branches", "i:", "", BODY("\x02\x40\x20\0\x0e\1\0\1\x0b"), 0,
     NULL},
    {"table of unlike branches", "i:", "",
     BODY("\x02\x7f\x41\0\x20\0\x0e\1\0\1\x0b\x1a"), 6,
     "labels that carry 0 and 1"},
    {"return", ":f", "", BODY("\x43\0\0\0\0\x0f"), 0, NULL},
    {"return without its value", ":f", "", BODY("\x0f"), 0,
     "return expects f32"},
    {"anything after unreachable", ":i", "", BODY("\0\x6a"), 0, NULL},
    {"wrong after unreachable", ":i", "", BODY("\0\x43\0\0\0\0"), 6,
     "expects i32 but the stack holds f32"},
    {"call", ":", "", BODY("\x41\0\x10\1\x1a\x1a"), 0, NULL},
    {"call without its argument", ":", "", BODY("\x10\1\x1a\x1a"), 0,
     "call expects i32"},
    {"call gives two", ":", "", BODY("\x41\0\x10\1\x1a"), 5, "leaves 1 more"},
    {"store", "if:", "", BODY("\x20\0\x20\1\x38\2\0"), 0, NULL},
    {"store of another type", "if:", "", BODY("\x20\0\x20\1\x36\2\0"), 4,
     "i32.store expects i32 but the stack holds f32"},
    {"load by a float", "f:i", "", BODY("\x20\0\x28\2\0"), 2, "expects i32"},
    {"memory.fill", "iii:", "", BODY("\x20\0\x20\1\x20\2\xfc\x0b\0"), 0, NULL},
    {"memory.fill of a float", "ifi:", "", BODY("\x20\0\x20\1\x20\2\xfc\x0b\0"),
     6, "memory.fill expects i32"},
    {"saturating truncation", "f:i", "", BODY("\x20\0\xfc\0"), 0, NULL},
    {"saturating truncation of another type", "F:i", "", BODY("\x20\0\xfc\0"),
     2, "expects f32"},
};

START_TEST(checks_types_of_bodies)
{
    const struct body_case *row = &bodies[_i];
    const char *colon = strchr(row->type, ':');
    const char *params =
        types_of(arena_copy(&arena, row->type, (size_t)(colon - row->type)));
    struct buf bytes;
    size_t start = build(&bytes, params, types_of(colon + 1),
                         types_of(row->locals), row->body, row->length);
    struct wasm_module module;
    ck_assert_msg(
        wasm_read(&module, bytes.bytes, bytes.length, &arena, &diag) &&
            wasm_supported(&module, &arena, &diag),
        "%s: %s", row->name, diag.text);
    bool is_valid = wasm_validate(&module, &arena, &diag);
    ck_assert_msg(is_valid == (row->text == NULL), "%s: %s", row->name,
                  diag.text);
    if (!is_valid) {
        ck_assert_msg(strstr(diag.text, row->text) != NULL &&
                          diag.offset == (int64_t)(start + row->offset),
                      "%s: at %lld: %s", row->name,
                      (long long)diag.offset - (long long)start, diag.text);
    }
}
END_TEST

/* Every instruction with a type: accepted with those operands, refused when
 * one is missing or of another type. */
START_TEST(follows_the_opcode_table)
{
    unsigned count = 0;
    const struct opcode *opcode = &opcode_table(&count)[_i];
    if (opcode->type == NULL || opcode->code >> 16 != 0 ||
        (opcode->immediate != IMMEDIATE_NONE &&
         opcode->immediate != IMMEDIATE_MEMARG)) {
        return;
    }
    const char *colon = strchr(opcode->type, ':');
    size_t operands = (size_t)(colon - opcode->type);
    for (size_t wrong = 0; wrong <= operands; wrong++) {
        char *letters = arena_copy(&arena, opcode->type, operands);
        if (wrong < operands) {
            letters[wrong] = letters[wrong] == 'i' ? 'F' : 'i';
        }
        char body[16];
        size_t length = 0;
        for (size_t i = 0; i < operands; i++) {
            body[length++] = 0x20;
            body[length++] = (char)i;
        }
        body[length++] = (char)opcode->code;
        if (opcode->immediate == IMMEDIATE_MEMARG) {
            body[length++] = (char)opcode->natural_alignment;
            body[length++] = 0;
        }
        struct buf bytes;
        (void)build(&bytes, types_of(letters), types_of(colon + 1), "", body,
                    length);
        struct wasm_module module;
        diag_init(&diag, NULL);
        ck_assert_msg(
            wasm_read(&module, bytes.bytes, bytes.length, &arena, &diag),
            "%s: %s", opcode->name, diag.text);
        ck_assert_msg(
            wasm_validate(&module, &arena, &diag) == (wrong == operands),
            "%s with operand %zu wrong: %s", opcode->name, wrong, diag.text);
    }
}
END_TEST

START_TEST(names_exported_functions)
{
    static const uint8_t bytes[] =
        "\0asm\1\0\0\0\1\5\1\x60\0\1\x7f\3\2\1\0\7\7\1\3run\0\0"
        "\x0a\4\1\2\0\x0b";
    struct wasm_module module;
    ck_assert_msg(wasm_read(&module, bytes, sizeof(bytes) - 1, &arena, &diag),
                  "%s", diag.text);
    ck_assert(!wasm_validate(&module, &arena, &diag));
    ck_assert_str_eq(diag.text, "function 0 'run': end expects i32 but the "
                                "stack is empty");
    ck_assert_int_eq(diag.offset, (int64_t)sizeof(bytes) - 2);
}
END_TEST

/* Constant expressions and the start function. */
static const struct {
    const char *name;
    const char *bytes;
    size_t length;
    size_t offset;
    const char *text;
} modules[] = {
    {"global of another type", BODY("\6\6\1\x7d\0\x41\0\x0b"), 13,
     "global 0: a constant expression must give f32 but i32.const gives i32"},
    {"global without value", BODY("\6\4\1\x7d\0\x0b"), 13, "gives 0"},
    {"global with two values", BODY("\6\x08\1\x7f\0\x41\0\x41\0\x0b"), 13,
     "gives 2"},
    {"global from a mutable one",
     BODY("\6\x0b\2\x7f\1\x41\0\x0b\x7f\0\x23\0\x0b"), 18,
     "reads global 0, which is mutable"},
    {"global from a constant one",
     BODY("\6\x0b\2\x7f\0\x41\0\x0b\x7f\0\x23\0\x0b"), 0, NULL},
    {"address is a float", BODY("\5\3\1\0\1\x0b\x09\1\0\x43\0\0\0\0\x0b\0"), 17,
     "data segment 0: a constant expression must give i32"},
    {"start with a result",
     BODY("\1\5\1\x60\0\1\x7f\3\2\1\0\x08\1\0\x0a\6\1\4\0\x41\0\x0b"), 21,
     "cannot be the start function"},
};

START_TEST(checks_constant_expressions_and_start)
{
    struct buf bytes;
    buf_init(&bytes, &arena);
    buf_add(&bytes, "\0asm\1\0\0\0", 8);
    buf_add(&bytes, modules[_i].bytes, modules[_i].length);
    struct wasm_module module;
    ck_assert_msg(wasm_read(&module, bytes.bytes, bytes.length, &arena, &diag),
                  "%s: %s", modules[_i].name, diag.text);
    bool is_valid = wasm_validate(&module, &arena, &diag);
    ck_assert_msg(is_valid == (modules[_i].text == NULL), "%s: %s",
                  modules[_i].name, diag.text);
    if (!is_valid) {
        ck_assert_msg(strstr(diag.text, modules[_i].text) != NULL &&
                          diag.offset == (int64_t)modules[_i].offset,
                      "%s: at %lld: %s", modules[_i].name,
                      (long long)diag.offset, diag.text);
    }
}
END_TEST

static const struct {
    const char *name;
    const char *text;
    const char *what; /* NULL: buildable */
    const char *why;  /* a word of the reason */
} features[] = {
    {"plain", "(module (func))", NULL, NULL},
    {"shared memory",
     "(module (import \"host\" \"memory\" "
     "(memory 1 1 shared)))",
     NULL, NULL},
    {"other imports", "(module (import \"env\" \"f\" (func)))", NULL, NULL},
    {"64-bit numbers", "(module (func (result i64) i64.const 1))", NULL, NULL},
    {"own global", "(module (global i32 (i32.const 1)))", NULL, NULL},
    {"atomic",
     "(module (memory 1 1 shared) (func i32.const 0 "
     "i32.atomic.load drop))",
     "i32.atomic.load", "one thread"},
    {"fence", "(module (func atomic.fence))", "atomic.fence", "one thread"},
    {"SIMD", "(module (func v128.const i32x4 0 0 0 0 drop))",
     "v128 instruction 0xfd 0x0c", "SIMD"},
    {"SIMD local", "(module (func (local v128)))", "v128", "SIMD"},
    {"reference parameter", "(module (func (param externref)))", "externref",
     "reference"},
    {"reference", "(module (func ref.null func drop))", "ref.null",
     "reference"},
    {"table", "(module (table 1 funcref))", NULL, NULL},
    {"elements", "(module (table 1 funcref) (func $f) (elem (i32.const 0) $f))",
     NULL, NULL},
    {"indirect call",
     "(module (table 1 funcref) (func i32.const 0 call_indirect))", NULL, NULL},
    {"imported table", "(module (import \"a\" \"b\" (table 1 funcref)))",
     "imported table", "imported tables"},
    {"table of anything", "(module (table 1 externref))", "externref",
     "reference"},
    {"large table", "(module (table 100000 funcref) (table 1 funcref))",
     "large table", "100000 elements"},
    {"table that changes",
     "(module (table 1 funcref) (func i32.const 0 i32.const 0 table.get 0 "
     "table.set 0))",
     "table.get", "tables"},
    {"64-bit memory", "(module (memory i64 1))", "64-bit memory", "wasm32"},
    {"imported global", "(module (import \"a\" \"b\" (global i32)))",
     "imported global", "imported globals"},
    {"exception", "(module (tag) (func throw 0))", "tag", "exceptions"},
    {"tail call", "(module (func return_call 0))", "return_call", "tail"},
    {"growing memory",
     "(module (memory 1 2) (func i32.const 0 memory.grow "
     "drop))",
     "memory.grow", "fixed size"},
    {"memory without maximum",
     "(module (memory 1) (func i32.const 0 "
     "memory.grow drop))",
     "memory.grow", "fixed size"},
    {"fixed memory",
     "(module (memory 1 1) (func i32.const 0 memory.grow "
     "drop))",
     NULL, NULL},
};

START_TEST(names_what_cannot_be_built)
{
    struct wasm_module module;
    wat_module(&module, features[_i].text, &arena);
    struct wasm_unsupported *list = NULL;
    uint32_t count = wasm_unsupported(&module, &list, &arena);
    if (features[_i].what == NULL) {
        ck_assert_msg(count == 0, "%s: %s", features[_i].name,
                      count > 0 ? list[0].what : "");
        return;
    }
    ck_assert_msg(count > 0 && strcmp(list[0].what, features[_i].what) == 0 &&
                      strstr(list[0].why, features[_i].why) != NULL &&
                      list[0].offset < module.size,
                  "%s: %s", features[_i].name,
                  count > 0 ? list[0].what : "nothing");
    ck_assert(!wasm_supported(&module, &arena, &diag));
    /* The message names one of them, an instruction where there is one. */
    bool is_named = false;
    bool has_insn = false;
    for (uint32_t i = 0; i < count; i++) {
        has_insn = has_insn || list[i].function != UINT32_MAX;
        is_named = is_named || (strstr(diag.text, list[i].what) != NULL &&
                                strcmp(diag.hint, list[i].why) == 0 &&
                                diag.offset == (int64_t)list[i].offset);
    }
    ck_assert_msg(is_named &&
                      (strncmp(diag.text, "function", 8) == 0) == has_insn,
                  "%s: %s", features[_i].name, diag.text);
}
END_TEST

START_TEST(refuses_sums_in_constant_expressions)
{
    static const uint8_t bytes[] =
        "\0asm\1\0\0\0\6\x09\1\x7f\0\x41\1\x41\2\x6a\x0b";
    struct wasm_module module;
    ck_assert(wasm_read(&module, bytes, sizeof(bytes) - 1, &arena, &diag));
    ck_assert(!wasm_supported(&module, &arena, &diag));
    ck_assert_str_eq(diag.text, "the module uses 'extended constant "
                                "expression', which cannot be built");
    ck_assert_int_eq(diag.offset, 17);
}
END_TEST

START_TEST(lists_each_kind_once_in_order)
{
    struct wasm_module module;
    wat_module(&module,
               "(module (memory 1 1 shared) (func)"
               " (func (export \"run\") (param i32) atomic.fence"
               " (drop (i32.atomic.load (local.get 0)))"
               " return_call 0) (func atomic.fence))",
               &arena);
    struct wasm_unsupported *list = NULL;
    ck_assert_uint_eq(wasm_unsupported(&module, &list, &arena), 3);
    ck_assert_str_eq(list[0].what, "atomic.fence");
    ck_assert_uint_eq(list[0].count, 2);
    ck_assert_uint_eq(list[0].function, 1);
    ck_assert_str_eq(list[1].what, "i32.atomic.load");
    ck_assert_str_eq(list[2].what, "return_call");
    ck_assert(list[0].offset < list[1].offset &&
              list[1].offset < list[2].offset);
    ck_assert(!wasm_supported(&module, &arena, &diag));
    ck_assert_str_eq(diag.text, "function 1 'run' uses 'atomic.fence', which "
                                "cannot be built");
}
END_TEST

Suite *test_suite(void)
{
    unsigned opcodes = 0;
    (void)opcode_table(&opcodes);
    Suite *suite = suite_create("validate");
    TCase *tests = tcase_create("validate");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 20);
    tcase_add_loop_test(tests, accepts_every_vector, 0, VECTOR_COUNT);
    tcase_add_loop_test(tests, checks_types_of_bodies, 0,
                        sizeof(bodies) / sizeof(bodies[0]));
    tcase_add_loop_test(tests, follows_the_opcode_table, 0, (int)opcodes);
    tcase_add_test(tests, names_exported_functions);
    tcase_add_loop_test(tests, checks_constant_expressions_and_start, 0,
                        sizeof(modules) / sizeof(modules[0]));
    tcase_add_loop_test(tests, names_what_cannot_be_built, 0,
                        sizeof(features) / sizeof(features[0]));
    tcase_add_test(tests, refuses_sums_in_constant_expressions);
    tcase_add_test(tests, lists_each_kind_once_in_order);
    suite_add_tcase(suite, tests);
    return suite;
}
