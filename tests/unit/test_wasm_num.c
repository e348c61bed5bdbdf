/* SPDX-License-Identifier: MIT */
/*
 * Every numeric instruction over edge operands against wabt's interpreter, bit
 * for bit and trap for trap: the test writes a module with one function for
 * each instruction and choice of operands, lets wasm-interp run them all, and
 * runs ours.
 */
#include "suite.h"

#include "rt/wasm_rt.h"
#include "wasm_num_ops.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { OPERANDS_MAX = 72, LINE_MAX_BYTES = 128, STACK_BYTES = 65536 };

static const char *const type_names[] = {"i32", "i64", "f32", "f64"};

/* ---- The operands ---- */

/* clang-format off */
static const u32 i32_operands[] = {
    0, 1, 2, 3, 7, 31, 32, 33, 63, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff,
    0xffffff, 0x1000001, 0x12345678, 0x3fffffff, 0x7ffffffe, 0x7fffffff,
    0x80000000, 0x80000001, 0xdeadbeef, 0xfffffffe, 0xffffffff,
};

/* With ties and double roundings on the way to f32 and f64. */
static const u64 i64_operands[] = {
    0, 1, 2, 31, 32, 63, 64, 65, 0x80, 0xff8000, 0x7fffffff, 0x80000000,
    0xffffffff, 0x100000000, 0x123456789abcdef0, 0x20000000000001,
    0x20000020000001, 0x7fffff4000000001, 0x7ffffffffffffffe,
    0x7fffffffffffffff, 0x8000000000000000, 0x8000000000000001,
    0x8000008000000001, 0x8000000000000400, 0x8000000000000c00,
    0xfffffffffffff7ff, 0xfffffffffffffffe, 0xffffffffffffffff,
};

/* Each is used with both signs. */
static const f32 f32_operands[] = {
    0, 1, 0.5f, 0x1.fffffep-2f, 1.5f, 2.5f, 3.7f, 0x1p-149f, 0x1.fffffcp-127f,
    0x1p-126f, 0x1.fffffep-1f, 0x1.fffffcp21f, 0x1.fffffep22f, 0x1.000002p23f,
    0x1.fffffep30f, 0x1p31f, 0x1.000002p31f, 0x1.fffffep31f, 0x1p32f,
    0x1.fffffep62f, 0x1p63f, 0x1.000002p63f, 0x1.fffffep63f, 0x1p64f,
    0x1.fffffep127f,
};

static const u32 f32_specials[] = {
    0x7f800000, 0x7fc00000, 0x7fc12345, 0x7f800001, 0x7fa00000,
};

static const f64 f64_operands[] = {
    0, 1, 0.5, 0x1.fffffffffffffp-2, 1.5, 2.5, 3.7, 0x1p-1074,
    0x1.ffffffffffffep-1023, 0x1p-1022, 0x1p-149, 0x1p-150, 0x1.000001p0,
    0x1.fffffefffffffp127, 0x1.ffffffp127, 0x1.fffffffffffffp-1,
    0x1.fffffffffffffp51, 0x1.0000000000001p52, 2147483647.5, 0x1p31,
    2147483648.5, 2147483649.0, 4294967295.5, 0x1p32, 0x1.fffffffffffffp62,
    0x1p63, 0x1.0000000000001p63, 0x1.fffffffffffffp63, 0x1p64,
    0x1.fffffffffffffp1023,
};

static const u64 f64_specials[] = {
    0x7ff0000000000000, 0x7ff8000000000000, 0x7ff8000012345678,
    0x7ff0000000000001, 0x7ff4000000000000,
};
/* clang-format on */

static u64 operands[4][OPERANDS_MAX]; /* the bits, by type */
static unsigned operand_counts[4];

/* Every operand with every other takes long: without F4E_LONG each instruction
 * gets every third, counted from 'third', by which instructions differ. */
static unsigned third;

static bool operand_is_chosen(void)
{
    enum { ALL = 10 };
    static unsigned offered;
    return suite_rounds(ALL) == ALL || offered++ % 3 == third;
}

static void operand_add(enum type type, u64 bits)
{
    if (!operand_is_chosen()) {
        return;
    }
    ck_assert_uint_lt(operand_counts[type], OPERANDS_MAX);
    operands[type][operand_counts[type]++] = bits;
}

static void float_add(enum type type, u64 bits)
{
    operand_add(type, bits);
    operand_add(type, bits | (type == TYPE_F64 ? 1ull << 63 : 1ull << 31));
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void operands_fill(void)
{
    for (size_t i = 0; i < COUNT(i32_operands); i++) {
        operand_add(TYPE_I32, i32_operands[i]);
    }
    for (size_t i = 0; i < COUNT(i64_operands); i++) {
        operand_add(TYPE_I64, i64_operands[i]);
    }
    for (size_t i = 0; i < COUNT(f32_operands); i++) {
        float_add(TYPE_F32, i32_reinterpret_f32(f32_operands[i]));
    }
    for (size_t i = 0; i < COUNT(f32_specials); i++) {
        float_add(TYPE_F32, f32_specials[i]);
    }
    for (size_t i = 0; i < COUNT(f64_operands); i++) {
        float_add(TYPE_F64, i64_reinterpret_f64(f64_operands[i]));
    }
    for (size_t i = 0; i < COUNT(f64_specials); i++) {
        float_add(TYPE_F64, f64_specials[i]);
    }
}

/* ---- wabt's answers ---- */

static void operand_write(FILE *out, enum type type, u64 bits)
{
    const bool is_float = type == TYPE_F32 || type == TYPE_F64;
    const bool is_long = type == TYPE_I64 || type == TYPE_F64;

    if (is_float) {
        fprintf(out, "(%s.reinterpret_%s", type_names[type],
                is_long ? "i64" : "i32");
    }
    fprintf(out, "(%s.const 0x%llx)", is_long ? "i64" : "i32",
            (unsigned long long)bits);
    if (is_float) {
        fputc(')', out);
    }
}

static void function_write(FILE *out, const struct op *op, u64 a, u64 b)
{
    const bool is_long = op->result == TYPE_I64 || op->result == TYPE_F64;
    const char *bits = is_long ? "i64" : "i32";
    const bool is_float = op->result == TYPE_F32 || op->result == TYPE_F64;

    fprintf(out, "(func (export \"%s %llx %llx\") (result %s) ", op->name,
            (unsigned long long)a, (unsigned long long)b, bits);
    if (is_float) {
        fprintf(out, "(%s.reinterpret_%s", bits, type_names[op->result]);
    }
    fprintf(out, "(%.3s.%s", op->name, op->name + 4);
    operand_write(out, op->operand, a);
    if (op->arity == 2) {
        operand_write(out, op->operand, b);
    }
    fputs(is_float ? ")))\n" : "))\n", out);
}

/* Run a tool of wabt with its standard output in 'out_path'. */
static bool tool_run(char *const argv[], const char *out_path)
{
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status = -1;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_path,
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const bool is_started =
        posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return is_started && waitpid(pid, &status, 0) == pid && status == 0;
}

static void module_write(FILE *out, const struct op *op)
{
    const unsigned count = operand_counts[op->operand];

    fputs("(module\n", out);
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < (op->arity == 2 ? count : 1); k++) {
            function_write(out, op, operands[op->operand][i],
                           operands[op->operand][k]);
        }
    }
    fputs(")\n", out);
}

/* The interpreter's report on one operation, open for reading. */
static FILE *interpret(const struct op *op)
{
    char directory[] = "/tmp/f4e-wasm-num-XXXXXX";
    char wat[64];
    char wasm[64];
    char text[64];
    char assembler[] = "wat2wasm";
    char output[] = "-o";
    char interpreter[] = "wasm-interp";
    char all[] = "--run-all-exports";

    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(wat, sizeof(wat), "%s/ops.wat", directory);
    snprintf(wasm, sizeof(wasm), "%s/ops.wasm", directory);
    snprintf(text, sizeof(text), "%s/ops.txt", directory);

    FILE *out = fopen(wat, "w");
    if (out != NULL) {
        module_write(out, op);
        fclose(out);
    }
    const bool is_run =
        tool_run((char *const[]){assembler, wat, output, wasm, NULL}, text) &&
        tool_run((char *const[]){interpreter, wasm, all, NULL}, text);
    FILE *in = fopen(text, "r");
    unlink(wat);
    unlink(wasm);
    unlink(text);
    rmdir(directory);
    ck_assert_msg(is_run && in != NULL, "%s: wat2wasm or wasm-interp failed",
                  op->name);
    return in;
}

/* ---- Comparison ---- */

struct outcome {
    enum f4e_trap trap;
    u64 bits;
};

/* "=> i32:5" or "=> error: integer overflow" */
static struct outcome outcome_parse(const struct op *op, const char *text)
{
    static const struct {
        const char *text;
        enum f4e_trap division;
        enum f4e_trap conversion;
    } errors[] = {
        {"error: integer divide by zero", F4E_TRAP_DIV_BY_ZERO, F4E_TRAP_NONE},
        {"error: integer overflow", F4E_TRAP_INT_OVERFLOW,
         F4E_TRAP_INVALID_CONVERSION},
        {"error: invalid conversion to integer", F4E_TRAP_NONE,
         F4E_TRAP_INVALID_CONVERSION},
    };
    struct outcome outcome = {F4E_TRAP_NONE, 0};

    for (size_t i = 0; i < COUNT(errors); i++) {
        if (strncmp(text, errors[i].text, strlen(errors[i].text)) == 0) {
            outcome.trap =
                op->arity == 2 ? errors[i].division : errors[i].conversion;
            ck_assert_int_ne(outcome.trap, F4E_TRAP_NONE);
            return outcome;
        }
    }
    ck_assert_msg(text[0] == 'i' && text[3] == ':', "%s: %s", op->name, text);
    outcome.bits = strtoull(text + 4, NULL, 10);
    return outcome;
}

struct call {
    const struct op *op;
    u64 a;
    u64 b;
    u64 result;
};

static void call_run(void *arg)
{
    struct call *call = arg;

    call->result = call->op->run(call->a, call->b);
}

/* The result is a float and not defined bit for bit when it is NaN. */
static bool op_is_arithmetic(const struct op *op)
{
    return (op->result == TYPE_F32 || op->result == TYPE_F64) &&
           strstr(op->name, "_abs") == NULL &&
           strstr(op->name, "_neg") == NULL &&
           strstr(op->name, "_copysign") == NULL &&
           strstr(op->name, "_reinterpret") == NULL;
}

static bool outcomes_agree(const struct op *op, struct outcome ours,
                           struct outcome theirs)
{
    if (ours.trap != theirs.trap) {
        return false;
    }
    if (op_is_arithmetic(op)) {
        const bool is_long = op->result == TYPE_F64;
        const u64 quiet = is_long ? 0x7ff8000000000000 : 0x7fc00000;
        const u64 infinity = is_long ? 0x7ff0000000000000 : 0x7f800000;
        const u64 sign = is_long ? 0x8000000000000000 : 0x80000000;
        if ((theirs.bits & ~sign) > infinity) {
            return (ours.bits & quiet) == quiet;
        }
    }
    return ours.bits == theirs.bits;
}

static void op_check(const struct op *op, u64 a, u64 b, const char *text)
{
    struct call call = {op, a, b, 0};
    struct f4e_trap_report report;
    const struct outcome theirs = outcome_parse(op, text);
    const struct outcome ours = {
        f4e_guard(call_run, &call, STACK_BYTES, &report), call.result};

    ck_assert_msg(outcomes_agree(op, ours, theirs),
                  "%s 0x%llx 0x%llx: %s 0x%llx, expected %s", op->name,
                  (unsigned long long)a, (unsigned long long)b,
                  f4e_trap_text(ours.trap), (unsigned long long)ours.bits,
                  text);
    if (ours.trap != F4E_TRAP_NONE) {
        /* "run_" and the name */
        ck_assert_str_eq(report.function + 4, op->name);
    }
}

START_TEST(agrees_with_the_interpreter)
{
    const struct op *op = &wasm_num_ops_plain[_i];
    third = (unsigned)_i % 3;
    operands_fill();
    const unsigned count = operand_counts[op->operand];
    char line[LINE_MAX_BYTES];
    unsigned rows = 0;
    FILE *in = interpret(op);

    while (fgets(line, sizeof(line), in) != NULL) {
        const u64 a =
            operands[op->operand][op->arity == 2 ? rows / count : rows];
        const u64 b = operands[op->operand][op->arity == 2 ? rows % count : 0];
        char name[LINE_MAX_BYTES];
        const int length =
            snprintf(name, sizeof(name), "%s %llx %llx() => ", op->name,
                     (unsigned long long)a, (unsigned long long)b);

        ck_assert_msg(strncmp(line, name, (size_t)length) == 0, "%s: %s", name,
                      line);
        op_check(op, a, b, line + length);
        op_check(&wasm_num_ops_optimised[_i], a, b, line + length);
        rows++;
    }
    fclose(in);
    ck_assert_uint_eq(rows, op->arity == 2 ? count * count : count);
}
END_TEST

/* What two instructions give one after the other; the second never sees a NaN,
 * so that all bits are defined. */
START_TEST(round_trips_are_two_conversions)
{
    third = (unsigned)_i;
    operands_fill();
    for (unsigned i = 0; i < operand_counts[TYPE_F32]; i++) {
        const f32 x = f32_reinterpret_i32((u32)operands[TYPE_F32][i]);
        const f32 two_steps = (f32)(s32)I32_TRUNC_SAT_S_F32(x);
        ck_assert_uint_eq(i32_reinterpret_f32(F32_WHOLE(x)),
                          i32_reinterpret_f32(two_steps));
    }
    for (unsigned i = 0; i < operand_counts[TYPE_F64]; i++) {
        const f64 x = f64_reinterpret_i64(operands[TYPE_F64][i]);
        const f64 two_steps = (f64)(s32)I32_TRUNC_SAT_S_F64(x);
        ck_assert_uint_eq(i64_reinterpret_f64(F64_WHOLE(x)),
                          i64_reinterpret_f64(two_steps));
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("wasm_num");
    TCase *tests = tcase_create("numbers");

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, agrees_with_the_interpreter, 0, WASM_NUM_OPS);
    tcase_add_loop_test(tests, round_trips_are_two_conversions, 0, 3);
    suite_add_tcase(suite, tests);
    return suite;
}
