/* SPDX-License-Identifier: MIT */
#include "translate/lookup.h"

#include "wasm/wasm_write.h"

enum {
    FEW = 3,        /* rows that are compared one after the other */
    MAX_SPAN = 256, /* entries of a table */
    FILL = 4,       /* at least one entry in so many is a row's */
};

/* Whole numbers below it are exact in either kind of float. */
static const double max_float = 8388608.0;

static void write_constant(struct buf *out, enum wasm_type type, uint64_t bits)
{
    if (type == WASM_I32) {
        buf_byte(out, CODE_I32_CONST);
        wasm_write_s32(out, (int32_t)(uint32_t)bits);
        return;
    }
    unsigned bytes = type == WASM_F32 ? 4 : 8;
    buf_byte(out, type == WASM_F32 ? CODE_F32_CONST : CODE_F64_CONST);
    for (unsigned i = 0; i < bytes; i++) {
        buf_byte(out, (unsigned)(bits >> 8 * i) & 0xff);
    }
}

static void write_indexed(struct buf *out, unsigned code, uint32_t index)
{
    buf_byte(out, code);
    wasm_write_u32(out, index);
}

static void write_block(struct buf *out, unsigned code, enum wasm_type type)
{
    buf_byte(out, code);
    buf_byte(out, (unsigned)type);
}

/* By type: i32, f32, f64. */
static unsigned pick(enum wasm_type type, unsigned i32, unsigned f32,
                     unsigned f64)
{
    return type == WASM_I32 ? i32 : type == WASM_F32 ? f32 : f64;
}

static bool is_whole(const struct lookup *lookup, const struct lookup_row *row)
{
    double key = lookup_number(lookup->in, row->key);
    return lookup->in == WASM_I32 ||
           (key > -max_float && key < max_float && key == (int32_t)key);
}

/* The key of a row that is_whole(). */
static int32_t key_of(const struct lookup *lookup, uint32_t row)
{
    return (int32_t)lookup_number(lookup->in, lookup->rows[row].key);
}

/* Rows from 'first' on that make a table, at least one. */
static uint32_t table_end(const struct lookup *lookup, uint32_t first)
{
    uint32_t end = first + 1;
    if (!is_whole(lookup, &lookup->rows[first])) {
        return end;
    }
    int64_t low = key_of(lookup, first);
    for (uint32_t i = end; i < lookup->row_count; i++) {
        if (!is_whole(lookup, &lookup->rows[i])) {
            break;
        }
        int64_t span = key_of(lookup, i) - low + 1;
        if (span > MAX_SPAN || span > (int64_t)FILL * (i - first + 1)) {
            break;
        }
        end = i + 1;
    }
    return end;
}

/* Compares from the last row to the first, each with what is left so far. */
static void write_chain(struct buf *out, const struct lookup *lookup,
                        uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        write_constant(out, lookup->out, lookup->rows[i].value);
    }
    write_constant(out, lookup->out, lookup->otherwise);
    for (uint32_t i = end; i-- > first;) {
        write_indexed(out, CODE_LOCAL_GET, lookup->input);
        write_constant(out, lookup->in, lookup->rows[i].key);
        buf_byte(out, pick(lookup->in, CODE_I32_EQ, CODE_F32_EQ, CODE_F64_EQ));
        buf_byte(out, CODE_SELECT);
    }
}

/* The distinct values of rows: which of them each row has. */
struct values {
    uint64_t bits[MAX_SPAN];
    uint32_t count;
    uint32_t of_row[MAX_SPAN];
};

static void collect_values(struct values *values, const struct lookup *lookup,
                           uint32_t first, uint32_t end)
{
    values->count = 0;
    for (uint32_t i = first; i < end; i++) {
        uint32_t k = 0;
        while (k < values->count && values->bits[k] != lookup->rows[i].value) {
            k++;
        }
        if (k == values->count) {
            values->bits[values->count++] = lookup->rows[i].value;
        }
        values->of_row[i - first] = k;
    }
}

static void write_truncated(struct buf *out, const struct lookup *lookup)
{
    enum { PREFIX_FC = 0xfc };
    write_indexed(out, CODE_LOCAL_GET, lookup->input);
    if (lookup->in != WASM_I32) {
        buf_byte(out, PREFIX_FC);
        wasm_write_u32(out, lookup->in == WASM_F32
                                ? CODE_I32_TRUNC_SAT_F32_S & 0xff
                                : CODE_I32_TRUNC_SAT_F64_S & 0xff);
    }
}

/* Jumps to the label of the number's value, or to that after them. A float goes
 * there when it is no integer: NaN is none. */
static void write_jump(struct buf *out, const struct lookup *lookup,
                       const struct values *values, uint32_t first,
                       uint32_t end)
{
    int32_t low = key_of(lookup, first);
    uint32_t span = (uint32_t)(key_of(lookup, end - 1) - low) + 1;
    if (lookup->in != WASM_I32) {
        write_truncated(out, lookup);
        buf_byte(out, pick(lookup->in, 0, CODE_F32_CONVERT_I32_S,
                           CODE_F64_CONVERT_I32_S));
        write_indexed(out, CODE_LOCAL_GET, lookup->input);
        buf_byte(out, pick(lookup->in, 0, CODE_F32_NE, CODE_F64_NE));
        write_indexed(out, CODE_BR_IF, values->count);
    }
    write_truncated(out, lookup);
    if (low != 0) {
        write_constant(out, WASM_I32, (uint32_t)low);
        buf_byte(out, CODE_I32_SUB);
    }
    write_indexed(out, CODE_BR_TABLE, span);
    uint32_t row = first;
    for (uint32_t i = 0; i < span; i++) {
        bool is_row = (uint32_t)(key_of(lookup, row) - low) == i;
        wasm_write_u32(out,
                       is_row ? values->of_row[row - first] : values->count);
        row += is_row ? 1 : 0;
    }
    wasm_write_u32(out, values->count);
}

static void write_table(struct buf *out, const struct lookup *lookup,
                        uint32_t first, uint32_t end)
{
    struct values values;
    collect_values(&values, lookup, first, end);
    write_block(out, CODE_BLOCK, lookup->out);
    for (uint32_t i = 0; i <= values.count; i++) {
        write_block(out, CODE_BLOCK, WASM_NONE);
    }
    write_jump(out, lookup, &values, first, end);
    for (uint32_t i = 0; i < values.count; i++) {
        buf_byte(out, CODE_END);
        write_constant(out, lookup->out, values.bits[i]);
        write_indexed(out, CODE_BR, values.count - i);
    }
    buf_byte(out, CODE_END);
    write_constant(out, lookup->out, lookup->otherwise);
    buf_byte(out, CODE_END);
}

/* Starts of tables: tables[i] up to tables[i + 1]. */
static void write_tree(struct buf *out, const struct lookup *lookup,
                       const uint32_t *tables, uint32_t count)
{
    uint32_t first = tables[0];
    uint32_t end = tables[count];
    if (end - first <= FEW) {
        write_chain(out, lookup, first, end);
        return;
    }
    if (count == 1) {
        write_table(out, lookup, first, end);
        return;
    }
    uint32_t half = count / 2;
    write_indexed(out, CODE_LOCAL_GET, lookup->input);
    write_constant(out, lookup->in, lookup->rows[tables[half]].key);
    buf_byte(out, pick(lookup->in, CODE_I32_LT_S, CODE_F32_LT, CODE_F64_LT));
    write_block(out, CODE_IF, lookup->out);
    write_tree(out, lookup, tables, half);
    buf_byte(out, CODE_ELSE);
    write_tree(out, lookup, tables + half, count - half);
    buf_byte(out, CODE_END);
}

void lookup_write(struct buf *out, const struct lookup *lookup)
{
    uint32_t *tables =
        arena_alloc(out->arena, (size_t)lookup->row_count + 1, sizeof(*tables));
    uint32_t count = 0;
    for (uint32_t i = 0; i < lookup->row_count;) {
        tables[count++] = i;
        i = table_end(lookup, i);
    }
    tables[count] = lookup->row_count;
    write_indexed(out, CODE_LOCAL_SET, lookup->input);
    write_tree(out, lookup, tables, count);
    write_indexed(out, CODE_LOCAL_TEE, lookup->result);
}
