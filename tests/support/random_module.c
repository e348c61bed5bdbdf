/* SPDX-License-Identifier: MIT */
#include "random_module.h"
#include "base/splitmix.h"

/*
 * Memory: cells (words that have an address of their own) from byte 16 on, two
 * arrays, and a table of pointers into them.
 */
enum {
    CELLS = 12,
    FIRST_CELL = 16,
    ARRAY = 256,
    ARRAY_BYTES = 128,
    OTHER_ARRAY = 512,
    TABLE = 768,
    TABLE_WORDS = 4,
    LOCALS = 4,
};

struct maker {
    struct buf out;
    uint64_t state;
    unsigned depth;  /* of statements in statements */
    unsigned labels; /* loops so far: each has its own counter */
    unsigned helpers;
};

static uint32_t any(struct maker *maker, uint32_t below)
{
    return splitmix_next32(&maker->state) % below;
}

static const char *pick(struct maker *maker, const char *const *list,
                        uint32_t count)
{
    return list[any(maker, count)];
}

#define PICK(maker, ...)                            \
    pick(maker, (const char *const[]){__VA_ARGS__}, \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static int32_t number(struct maker *maker)
{
    static const int32_t numbers[] = {
        0,           1,           2,
        3,           4,           5,
        8,           16,          31,
        32,          124,         127,
        128,         ARRAY,       ARRAY + 124,
        ARRAY + 128, OTHER_ARRAY, OTHER_ARRAY + 124,
        TABLE,       65532,       65535,
        INT32_MAX,   INT32_MIN,   -1,
        -4,          0x40000000};
    return any(maker, 4) == 0
               ? (int32_t)any(maker, 200) - 40
               : numbers[any(maker, sizeof(numbers) / sizeof(numbers[0]))];
}

static uint32_t cell(struct maker *maker)
{
    return FIRST_CELL + 4 * any(maker, CELLS);
}

static void expression(struct maker *maker, unsigned depth);

static void condition(struct maker *maker, unsigned depth)
{
    if (depth > 0 && any(maker, 4) == 0) {
        buf_format(&maker->out, "(%s ", PICK(maker, "i32.and", "i32.or"));
        condition(maker, depth - 1);
        buf_text(&maker->out, " ");
        condition(maker, depth - 1);
        buf_text(&maker->out, ")");
        return;
    }
    if (any(maker, 6) == 0) {
        buf_text(&maker->out, "(i32.eqz ");
        expression(maker, depth);
        buf_text(&maker->out, ")");
        return;
    }
    buf_format(&maker->out, "(%s ",
               PICK(maker, "i32.eq", "i32.ne", "i32.lt_s", "i32.lt_u",
                    "i32.gt_s", "i32.gt_u", "i32.le_s", "i32.le_u", "i32.ge_s",
                    "i32.ge_u"));
    expression(maker, depth);
    buf_text(&maker->out, " ");
    if (any(maker, 3) > 0) {
        buf_format(&maker->out, "(i32.const %d))", number(maker));
    } else {
        expression(maker, depth);
        buf_text(&maker->out, ")");
    }
}

/* An integer; mostly harmless. */
static void expression(struct maker *maker, unsigned depth)
{
    struct buf *out = &maker->out;
    switch (any(maker, depth > 0 ? 10 : 4)) {
    case 0:
        buf_format(out, "(i32.const %d)", number(maker));
        return;
    case 1:
        buf_format(out, "(local.get %u)", any(maker, LOCALS));
        return;
    case 2:
    case 3:
        buf_format(out, "(i32.load%s (i32.const %u))",
                   any(maker, 12) == 0
                       ? PICK(maker, " offset=2", "8_u", "8_s", "16_u offset=1")
                       : "",
                   cell(maker));
        return;
    case 4:
        buf_text(out, "(select ");
        expression(maker, depth - 1);
        expression(maker, depth - 1);
        condition(maker, depth - 1);
        buf_text(out, ")");
        return;
    case 5: /* never divides by zero */
        buf_format(
            out, "(%s ",
            PICK(maker, "i32.rem_s", "i32.rem_u", "i32.div_u", "i32.div_s"));
        expression(maker, depth - 1);
        buf_format(out, " (i32.const %u))", 1 + any(maker, 130));
        return;
    default:
        buf_format(out, "(%s ",
                   PICK(maker, "i32.add", "i32.sub", "i32.mul", "i32.and",
                        "i32.or", "i32.xor", "i32.shl", "i32.shr_s",
                        "i32.shr_u"));
        expression(maker, depth - 1);
        buf_text(out, " ");
        if (any(maker, 2) == 0) {
            buf_format(out, "(i32.const %d))", number(maker));
        } else {
            expression(maker, depth - 1);
            buf_text(out, ")");
        }
        return;
    }
}

/* An address: a pointer, or an array with an index. */
static void address(struct maker *maker)
{
    struct buf *out = &maker->out;
    switch (any(maker, 5)) {
    case 0:
        buf_format(out, "(i32.load (i32.const %u))", cell(maker));
        return;
    case 3: /* among the cells */
        buf_format(out,
                   "(i32.add (i32.const %d) (i32.and (i32.load (i32.const %u)) "
                   "(i32.const %s)))",
                   FIRST_CELL, cell(maker), PICK(maker, "12", "28", "31"));
        return;
    case 1:
        buf_format(out,
                   "(i32.add (i32.const %d) (i32.mul (i32.load (i32.const %u)) "
                   "(i32.const %s)))",
                   any(maker, 2) == 0 ? ARRAY : OTHER_ARRAY, cell(maker),
                   PICK(maker, "4", "4", "1", "8"));
        return;
    case 2:
        buf_format(out,
                   "(i32.load (i32.add (i32.const %d) (i32.and (i32.load "
                   "(i32.const %u)) (i32.const 12))))",
                   TABLE, cell(maker));
        return;
    default:
        expression(maker, 1);
        return;
    }
}

static void access(struct maker *maker)
{
    struct buf *out = &maker->out;
    bool is_guarded = any(maker, 4) > 0;
    buf_text(out, "(local.set 3 ");
    address(maker);
    buf_text(out, ")\n");
    if (is_guarded) {
        buf_format(out, "(if (i32.le_u (local.get 3) (i32.const %s)) (then\n",
                   PICK(maker, "65528", "65528", "380", "600", "-9"));
    }
    switch (any(maker, 8)) {
    case 0:
        buf_format(out, "(f32.store (local.get 3) (f32.const 1.5))\n");
        break;
    case 1:
        buf_format(out, "(f64.store (local.get 3) (f64.const 1e9))\n");
        break;
    case 2:
        buf_format(out, "(%s offset=%s (local.get 3) ",
                   PICK(maker, "i32.store8", "i32.store16"),
                   PICK(maker, "0", "1", "3"));
        expression(maker, 2);
        buf_text(out, ")\n");
        break;
    case 3:
    case 4:
        buf_format(out,
                   "(i32.store (i32.const %u) (i32.load%s (local.get 3)))\n",
                   cell(maker), PICK(maker, "", "", " offset=4", "8_u"));
        break;
    default:
        buf_text(out, "(i32.store (local.get 3) ");
        expression(maker, 2);
        buf_text(out, ")\n");
        break;
    }
    if (is_guarded) {
        buf_text(out, "))\n");
    }
}

/* p += 4; if p is past the end, back to the start: and all ways to write it. */
static void advance(struct maker *maker)
{
    uint32_t at = cell(maker);
    uint32_t start = any(maker, 2) == 0 ? ARRAY : OTHER_ARRAY;
    buf_format(&maker->out,
               "(i32.store (i32.const %u) (i32.add (i32.load (i32.const %u)) "
               "(i32.const %s)))\n"
               "(if (%s (i32.load (i32.const %u)) (i32.const %u))\n"
               "  (then (i32.store (i32.const %u) (i32.const %u))))\n",
               at, at, PICK(maker, "4", "4", "1", "12", "-4"),
               PICK(maker, "i32.gt_s", "i32.ge_s", "i32.gt_u", "i32.eq"), at,
               start + ARRAY_BYTES - any(maker, 3) * 4, at, start);
}

static void statements(struct maker *maker, unsigned count);

static void loop(struct maker *maker)
{
    struct buf *out = &maker->out;
    unsigned label = maker->labels++;
    buf_format(out,
               "(local.set $n%u (i32.const 0))\n(block $out%u (loop $in%u\n"
               "(br_if $out%u (i32.ge_s (local.get $n%u) (i32.const %u)))\n"
               "(local.set $n%u (i32.add (local.get $n%u) (i32.const 1)))\n"
               "(local.set 2 (local.get $n%u))\n",
               label, label, label, label, label, 1 + any(maker, 9), label,
               label, label);
    statements(maker, 2);
    if (any(maker, 3) == 0) {
        buf_format(out, "(br_if $out%u ", label);
        condition(maker, 1);
        buf_text(out, ")\n");
    }
    buf_format(out, "(br $in%u)))\n", label);
}

static void branch(struct maker *maker)
{
    struct buf *out = &maker->out;
    buf_text(out, "(if ");
    condition(maker, 2);
    buf_text(out, " (then\n");
    statements(maker, 2);
    buf_text(out, ")");
    if (any(maker, 2) == 0) {
        buf_text(out, " (else\n");
        statements(maker, 1);
        buf_text(out, ")");
    }
    buf_text(out, ")\n");
}

static void table(struct maker *maker)
{
    struct buf *out = &maker->out;
    buf_text(out, "(block (block (block (br_table 0 1 2 1 ");
    expression(maker, 1);
    buf_text(out, "))\n");
    statements(maker, 1);
    buf_text(out, ")\n");
    statements(maker, 1);
    buf_text(out, ")\n");
}

static void statement(struct maker *maker)
{
    struct buf *out = &maker->out;
    bool is_deep = maker->depth >= 3;
    switch (any(maker, is_deep ? 8 : 14)) {
    case 0:
    case 1:
        buf_format(out, "(i32.store (i32.const %u) ", cell(maker));
        expression(maker, 3);
        buf_text(out, ")\n");
        return;
    case 2:
    case 3:
        advance(maker);
        return;
    case 4:
    case 5:
    case 6:
        access(maker);
        return;
    case 7:
        buf_format(out, "(local.set %u ", any(maker, LOCALS));
        expression(maker, 3);
        buf_text(out, ")\n");
        return;
    case 8:
    case 9:
        branch(maker);
        return;
    case 10:
        loop(maker);
        return;
    case 11:
        if (maker->helpers > 0) {
            buf_format(out, "(i32.store (i32.const %u) (call $helper%u ",
                       cell(maker), any(maker, maker->helpers));
            expression(maker, 2);
            buf_text(out, " (i32.const 7)))\n");
        }
        return;
    case 12:
        table(maker);
        return;
    default:
        if (any(maker, 6) == 0) {
            buf_format(out,
                       "(%s (i32.const %d) (i32.const %u) (i32.const %u))\n",
                       PICK(maker, "memory.fill", "memory.copy"), number(maker),
                       any(maker, 300), any(maker, 9));
        }
        return;
    }
}

static void statements(struct maker *maker, unsigned count)
{
    maker->depth++;
    for (unsigned i = any(maker, count) + 1; i > 0; i--) {
        statement(maker);
    }
    maker->depth--;
}

/* A function's text needs its loops counted first: they declare locals. */
static void function(struct maker *maker, const char *head, const char *tail,
                     unsigned count)
{
    struct buf whole = maker->out;
    buf_init(&maker->out, whole.arena);
    maker->labels = 0;
    statements(maker, count);
    const char *body = buf_string(&maker->out);
    maker->out = whole;
    buf_text(&maker->out, head);
    for (unsigned i = 0; i < maker->labels; i++) {
        buf_format(&maker->out, " (local $n%u i32)", i);
    }
    buf_format(&maker->out, "\n%s%s)\n", body, tail);
}

const char *random_module(uint64_t seed, struct arena *arena)
{
    struct maker maker = {.state = seed * UINT64_C(0x100000001b3)};
    struct buf *out = &maker.out;
    buf_init(out, arena);
    buf_text(out, "(module (import \"host\" \"memory\" (memory 1 1))\n"
                  "(data $cells \"");
    for (int i = 0; i < CELLS; i++) {
        static const uint32_t values[] = {0, ARRAY, OTHER_ARRAY, 1, 8, TABLE};
        uint32_t value = values[any(&maker, 6)];
        buf_format(out, "\\%02x\\%02x\\00\\00", value & 0xff, value >> 8);
    }
    buf_text(out,
             "\")\n(data $table \"\\00\\01\\00\\00\\10\\01\\00\\00\\00\\02"
             "\\00\\00\\40\\02\\00\\00\")\n"
             "(func (export \"initDefaults\")\n"
             "(memory.fill (i32.const 0) (i32.const 0) (i32.const 1024))\n");
    buf_format(out,
               "(memory.init $cells (i32.const %d) (i32.const 0) "
               "(i32.const %d))\n"
               "(memory.init $table (i32.const %d) (i32.const 0) "
               "(i32.const %d)))\n",
               FIRST_CELL, 4 * CELLS, TABLE, 4 * TABLE_WORDS);
    for (unsigned i = 0; i < 2; i++) {
        const char *head = arena_format(
            arena,
            "(func $helper%u (param i32 i32) (result i32) (local i32 i32)", i);
        function(&maker, head, "(local.get 0)", 3);
        maker.helpers++;
    }
    function(&maker,
             "(func $note (export \"note\") (param i32 i32) "
             "(local i32 i32)",
             "", 3);
    function(&maker, "(func $main (export \"main\") (local i32 i32 i32 i32)",
             "", 6);
    buf_text(out, "(func (export \"buffer\") (local i32)\n"
                  "(loop (call $main)\n"
                  "(local.set 0 (i32.add (local.get 0) (i32.const 1)))\n"
                  "(br_if 0 (i32.lt_u (local.get 0) (i32.const 16))))))\n");
    return buf_string(out);
}
