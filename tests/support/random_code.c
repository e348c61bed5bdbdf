/* SPDX-License-Identifier: MIT */
#include "base/splitmix.h"
#include "random_maker.h"

#include <string.h>

enum { SEGMENT_BYTES = RANDOM_CODE_CELLS * 4 };

const char *const maker_types[MAKER_TYPES] = {":",   "ii:i",  ":i",
                                              "i:i", "ii:ii", "ifi:"};

const struct maker_function maker_functions[MAKER_FUNCTIONS] = {
    {NULL, TYPE_ANY},    {"initDefaults", TYPE_VOID}, {NULL, TYPE_II_I},
    {"turn", TYPE_I_I},  {"swap", TYPE_II_II},        {"note", TYPE_NOTE},
    {"main", TYPE_VOID}, {"buffer", TYPE_VOID},
};

uint32_t random_any(struct random_numbers *numbers, uint32_t below)
{
    return splitmix_next32(&numbers->state) % below;
}

uint32_t random_word(struct random_numbers *numbers)
{
    static const uint32_t words[] = {
        0,          1,          2,          3,          4,          7,
        8,          12,         15,         16,         20,         28,
        31,         32,         60,         63,         64,         252,
        256,        260,        316,        320,        380,        384,
        448,        65528,      65532,      65535,      65536,      0x7fffffff,
        0x80000000, 0xffffffff, 0xfffffffc, 0x40000000, 0x7ffffffc, 0x3fffffff,
        0xc0000000, 0xffff0000};
    switch (random_any(numbers, 8)) {
    case 0:
        return random_any(numbers, UINT32_MAX);
    case 1:
    case 2:
        return random_any(numbers, 520);
    case 3:
        return 0u - random_any(numbers, 300);
    default:
        return words[random_any(numbers, sizeof(words) / sizeof(words[0]))];
    }
}

/* A constant write somewhere; now and then of a part of a word. */
static void draw(struct code_maker *maker)
{
    static const uint32_t stores[] = {CODE_I32_STORE, CODE_I32_STORE,
                                      CODE_I32_STORE, 0x3a, 0x3b};
    maker_constant(maker, maker_any(maker, 4) == 0
                              ? maker_any(maker, RANDOM_CODE_END)
                              : maker_cell(maker));
    maker_constant(maker, random_word(maker->numbers));
    if (maker_any(maker, 4) == 0) {
        maker_constant(maker, maker_any(maker, 40));
        maker_op(maker, CODE_MEMORY_FILL);
        buf_byte(maker->out, 0);
    } else {
        maker_op(maker, stores[maker_any(maker, 5)]);
        wasm_write_u32(maker->out, 0);
        wasm_write_u32(maker->out, 0);
    }
}

static void init_defaults(struct code_maker *maker)
{
    if (maker_any(maker, 4) == 0) {
        draw(maker);
    }
    maker_constant(maker, maker_any(maker, 4) == 0 ? maker_any(maker, 64) : 0);
    maker_constant(maker, 0);
    maker_constant(maker, maker_any(maker, 4) == 0 ? maker_any(maker, 64)
                                                   : RANDOM_CODE_END);
    maker_op(maker, CODE_MEMORY_FILL);
    buf_byte(maker->out, 0);
    maker_constant(maker, RANDOM_CODE_CELL);
    maker_constant(maker, 0);
    maker_constant(maker, maker_any(maker, 8) == 0
                              ? maker_any(maker, SEGMENT_BYTES)
                              : SEGMENT_BYTES);
    maker_op(maker, CODE_MEMORY_INIT);
    buf_byte(maker->out, 0);
    buf_byte(maker->out, 0);
    for (unsigned i = maker_any(maker, 3); i > 0; i--) {
        draw(maker);
    }
}

static void body(struct code_maker *maker, unsigned function)
{
    const char *type = maker_types[maker_functions[function].type];
    maker->function = function;
    maker->params = (unsigned)(strchr(type, ':') - type);
    maker->budget = maker->style->budget;
    maker->labels[0] = (unsigned)strlen(type) - maker->params - 1;
    maker->label_count = 1;
    wasm_write_u32(maker->out, 1);
    wasm_write_u32(maker->out, MAKER_NUMBERS + MAKER_COUNTERS);
    buf_byte(maker->out, WASM_I32);
    if (function == 1) {
        init_defaults(maker);
    } else {
        for (unsigned i = 0; i < maker->params; i++) {
            if (type[i] == 'i' && maker_any(maker, 2) == 0) {
                maker_indexed(maker, CODE_LOCAL_GET, i);
                maker_indexed(maker, CODE_LOCAL_SET, maker_local(maker));
            }
        }
        maker_statements(maker, maker->style->length);
        for (unsigned i = 0; i < maker->labels[0]; i++) {
            maker_expression(maker, 2);
        }
    }
    maker_op(maker, CODE_END);
}

static void section(struct buf *out, unsigned id, const struct buf *content)
{
    buf_byte(out, id);
    wasm_write_u32(out, (uint32_t)content->length);
    buf_add(out, content->bytes, content->length);
}

static void add_name(struct buf *out, const char *name)
{
    wasm_write_u32(out, (uint32_t)strlen(name));
    buf_text(out, name);
}

static void add_types(struct buf *out)
{
    wasm_write_u32(out, MAKER_TYPES);
    for (size_t i = 0; i < MAKER_TYPES; i++) {
        const char *colon = strchr(maker_types[i], ':');
        buf_byte(out, 0x60);
        wasm_write_u32(out, (uint32_t)(colon - maker_types[i]));
        for (const char *at = maker_types[i]; *at != '\0'; at++) {
            if (at == colon) {
                wasm_write_u32(out, (uint32_t)strlen(colon + 1));
            } else {
                buf_byte(out, *at == 'i' ? WASM_I32 : WASM_F32);
            }
        }
    }
}

static void add_imports(struct buf *out)
{
    static const char *const memories[] = {"memory", "other"};
    wasm_write_u32(out, 3);
    add_name(out, "host");
    add_name(out, "any");
    buf_byte(out, 0);
    wasm_write_u32(out, TYPE_ANY);
    for (int i = 0; i < 2; i++) {
        add_name(out, "host");
        add_name(out, memories[i]);
        buf_add(out, "\x02\x01\x01\x01", 4);
    }
}

static void add_exports(struct buf *out)
{
    wasm_write_u32(out, MAKER_FUNCTIONS - 2);
    for (uint32_t i = 0; i < MAKER_FUNCTIONS; i++) {
        if (maker_functions[i].name != NULL) {
            add_name(out, maker_functions[i].name);
            buf_byte(out, 0);
            wasm_write_u32(out, i);
        }
    }
}

/* Functions, a hole, functions, and nothing. */
static void add_table(struct buf *out)
{
    buf_add(out, "\x01\x70\x00", 3);
    wasm_write_u32(out, MAKER_ELEMENTS + 1);
}

static void add_elements(struct buf *out)
{
    wasm_write_u32(out, 2);
    for (unsigned first = 0; first < MAKER_ELEMENTS;
         first += MAKER_FUNCTIONS + 1) {
        buf_add(out, "\x00\x41", 2);
        wasm_write_s32(out, (int32_t)first);
        buf_byte(out, CODE_END);
        wasm_write_u32(out, MAKER_FUNCTIONS);
        for (uint32_t i = 0; i < MAKER_FUNCTIONS; i++) {
            wasm_write_u32(out, i);
        }
    }
}

static void add_segment(struct buf *out, struct random_numbers *numbers)
{
    buf_add(out, "\x01\x01", 2);
    wasm_write_u32(out, SEGMENT_BYTES);
    for (int i = 0; i < RANDOM_CODE_CELLS; i++) {
        static const uint32_t starts[] = {256, 320, 384, 16, 0, 1};
        uint32_t word = random_any(numbers, 3) > 0
                            ? starts[random_any(numbers, 6)]
                            : random_word(numbers);
        for (int k = 0; k < 4; k++) {
            buf_byte(out, word >> 8 * k & 0xff);
        }
    }
}

struct buf random_code(struct random_numbers *numbers, struct arena *arena)
{
    struct buf parts[8];
    struct buf out;
    const struct maker_style style = {
        .cells = 2 + random_any(numbers, RANDOM_CODE_CELLS - 1),
        .locals = 2 + random_any(numbers, MAKER_NUMBERS - 1),
        .budget = 2 + random_any(numbers, 2 + random_any(numbers, 30)),
        .length = 1 + random_any(numbers, 7),
        .depth = random_any(numbers, 4),
    };
    for (int i = 0; i < 8; i++) {
        buf_init(&parts[i], arena);
    }
    buf_init(&out, arena);
    add_types(&parts[0]);
    add_imports(&parts[1]);
    wasm_write_u32(&parts[2], MAKER_FUNCTIONS - 1);
    wasm_write_u32(&parts[4], MAKER_FUNCTIONS - 1);
    for (unsigned i = 1; i < MAKER_FUNCTIONS; i++) {
        struct buf text;
        buf_init(&text, arena);
        struct code_maker maker = {
            .numbers = numbers, .out = &text, .style = &style};
        body(&maker, i);
        wasm_write_u32(&parts[2], maker_functions[i].type);
        wasm_write_u32(&parts[4], (uint32_t)text.length);
        buf_add(&parts[4], text.bytes, text.length);
    }
    add_exports(&parts[3]);
    add_segment(&parts[5], numbers);
    add_table(&parts[6]);
    add_elements(&parts[7]);
    buf_add(&out, "\0asm\1\0\0\0", 8);
    section(&out, 1, &parts[0]);
    section(&out, 2, &parts[1]);
    section(&out, 3, &parts[2]);
    section(&out, 4, &parts[6]);
    section(&out, 7, &parts[3]);
    section(&out, 9, &parts[7]);
    buf_add(&out, "\x0c\x01\x01", 3); /* one data segment */
    section(&out, 10, &parts[4]);
    section(&out, 11, &parts[5]);
    return out;
}
