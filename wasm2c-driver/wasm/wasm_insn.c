/* SPDX-License-Identifier: MIT */
#include "wasm/wasm_code.h"

#include "wasm/leb128.h"

static bool read_opcode(struct reader *reader, struct wasm_insn *insn)
{
    uint8_t byte = 0;
    if (!reader_byte(reader, "an instruction", &byte)) {
        return false;
    }
    insn->code = byte;
    if (byte >= 0xfb && byte <= 0xfe) {
        uint32_t number = 0;
        if (!reader_u32(reader, "the number of a prefixed instruction",
                        &number)) {
            return false;
        }
        if (byte == 0xfb) {
            (void)reader_fail(reader, insn->offset,
                              "instruction 0xfb %u is not supported: "
                              "garbage-collected types have no native form",
                              number);
            return false;
        }
        if (number > 0xffff) {
            (void)reader_fail(reader, insn->offset,
                              "unknown instruction 0x%02x %u", byte, number);
            return false;
        }
        insn->code = (uint32_t)byte << 16 | number;
    }
    insn->opcode = opcode_find(insn->code);
    if (insn->opcode != NULL) {
        return true;
    }
    if (byte == insn->code) {
        (void)reader_fail(reader, insn->offset, "unknown instruction 0x%02x",
                          byte);
    } else {
        (void)reader_fail(reader, insn->offset, "unknown instruction 0x%02x %u",
                          byte, insn->code & 0xffff);
    }
    return false;
}

static bool read_block_type(const struct wasm_module *module,
                            struct reader *reader, struct wasm_insn *insn)
{
    size_t start = reader->offset;
    if (!reader_s33(reader, "a block type", &insn->block_type)) {
        return false;
    }
    if (insn->block_type >= (int64_t)module->type_count) {
        return reader_fail(reader, start,
                           "type index %lld is out of range: %u here",
                           (long long)insn->block_type, module->type_count);
    }
    if (insn->block_type >= 0 || insn->block_type == WASM_NONE - 0x80) {
        return true;
    }
    if (insn->block_type < -0x40 || reader->offset - start != 1) {
        return reader_fail(reader, start, "malformed block type");
    }
    return reader_check_type(reader, start, reader->bytes[start]);
}

static bool read_memarg(const struct wasm_module *module, struct reader *reader,
                        struct wasm_insn *insn)
{
    enum { HAS_MEMORY = 0x40 };
    size_t start = reader->offset;
    if (!reader_u32(reader, "an alignment", &insn->alignment)) {
        return false;
    }
    insn->index2 = 0;
    if ((insn->alignment & HAS_MEMORY) != 0) {
        insn->alignment &= ~(uint32_t)HAS_MEMORY;
        if (!reader_index(reader, "memory", module->memory_count,
                          &insn->index2)) {
            return false;
        }
    } else if (module->memory_count == 0) {
        return reader_fail(reader, insn->offset,
                           "%s needs a memory but the module has none",
                           insn->opcode->name);
    }
    if (insn->alignment > insn->opcode->natural_alignment) {
        return reader_fail(reader, start,
                           "alignment 2^%u of %s is larger than its natural "
                           "2^%u",
                           insn->alignment, insn->opcode->name,
                           insn->opcode->natural_alignment);
    }
    if (module->memories[insn->index2].limits.is_64) {
        return reader_u64(reader, "a memory offset", &insn->memarg_offset);
    }
    uint32_t narrow = 0;
    bool is_read = reader_u32(reader, "a memory offset", &narrow);
    insn->memarg_offset = narrow;
    return is_read;
}

static bool read_label_table(struct reader *reader, struct wasm_insn *insn)
{
    if (!reader_count(reader, "labels", 1, &insn->label_count)) {
        return false;
    }
    insn->label_bytes = reader->bytes + reader->offset;
    for (uint32_t i = 0; i < insn->label_count; i++) {
        uint32_t label = 0;
        if (!reader_u32(reader, "a label", &label)) {
            return false;
        }
    }
    return reader_u32(reader, "the default label", &insn->index);
}

static bool read_try_table(const struct wasm_module *module,
                           struct reader *reader, struct wasm_insn *insn)
{
    uint32_t count = 0;
    if (!read_block_type(module, reader, insn) ||
        !reader_count(reader, "catch clauses", 2, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint8_t kind = 0;
        uint32_t index = 0;
        if (!reader_byte(reader, "a catch clause", &kind)) {
            return false;
        }
        if (kind > 3) {
            return reader_fail(reader, reader->offset - 1,
                               "0x%02x is not a kind of catch clause", kind);
        }
        if ((kind < 2 &&
             !reader_index(reader, "tag", module->tag_count, &index)) ||
            !reader_u32(reader, "a label", &index)) {
            return false;
        }
    }
    return true;
}

static bool read_select_types(struct reader *reader, struct wasm_insn *insn)
{
    size_t start = reader->offset;
    uint32_t count = 0;
    if (!reader_count(reader, "types of select", 1, &count)) {
        return false;
    }
    if (count != 1) {
        return reader_fail(reader, start,
                           "select lists %u types but must list one", count);
    }
    enum wasm_type type = WASM_NONE;
    bool is_read = reader_value_type(reader, &type);
    insn->index = (uint32_t)type;
    return is_read;
}

static bool read_float(struct reader *reader, size_t length, uint64_t *bits)
{
    const uint8_t *bytes = NULL;
    if (!reader_bytes(reader, "a floating-point constant", length, &bytes)) {
        return false;
    }
    *bits = 0;
    for (size_t i = 0; i < length; i++) {
        *bits |= (uint64_t)bytes[i] << (8 * i);
    }
    return true;
}

static bool read_reference_type(struct reader *reader, uint32_t *type)
{
    uint8_t byte = 0;
    if (!reader_byte(reader, "a reference type", &byte)) {
        return false;
    }
    if (byte != WASM_FUNCREF && byte != WASM_EXTERNREF) {
        return reader_fail(reader, reader->offset - 1,
                           "reference type 0x%02x is not supported", byte);
    }
    *type = byte;
    return true;
}

static bool read_zero_byte(struct reader *reader)
{
    uint8_t byte = 0;
    if (!reader_byte(reader, "a zero byte", &byte)) {
        return false;
    }
    return byte == 0 || reader_fail(reader, reader->offset - 1,
                                    "0x%02x stands where zero must be", byte);
}

/* What an index counts. */
enum index_of {
    INDEX_NONE,
    INDEX_LABEL, /* depends on the body: see walk_insn() */
    INDEX_LOCAL, /* the same */
    INDEX_FUNCTION,
    INDEX_TYPE,
    INDEX_TABLE,
    INDEX_MEMORY,
    INDEX_GLOBAL,
    INDEX_TAG,
    INDEX_ELEMENT,
    INDEX_DATA,
};

/* Immediates that are one index, or two. */
static const struct {
    enum index_of first;
    enum index_of second;
} index_immediates[] = {
    [IMMEDIATE_LABEL] = {INDEX_LABEL, INDEX_NONE},
    [IMMEDIATE_LOCAL] = {INDEX_LOCAL, INDEX_NONE},
    [IMMEDIATE_FUNCTION] = {INDEX_FUNCTION, INDEX_NONE},
    [IMMEDIATE_CALL_INDIRECT] = {INDEX_TYPE, INDEX_TABLE},
    [IMMEDIATE_GLOBAL] = {INDEX_GLOBAL, INDEX_NONE},
    [IMMEDIATE_TABLE] = {INDEX_TABLE, INDEX_NONE},
    [IMMEDIATE_MEMORY] = {INDEX_MEMORY, INDEX_NONE},
    [IMMEDIATE_MEMORY_COPY] = {INDEX_MEMORY, INDEX_MEMORY},
    [IMMEDIATE_MEMORY_INIT] = {INDEX_DATA, INDEX_MEMORY},
    [IMMEDIATE_DATA] = {INDEX_DATA, INDEX_NONE},
    [IMMEDIATE_TABLE_COPY] = {INDEX_TABLE, INDEX_TABLE},
    [IMMEDIATE_TABLE_INIT] = {INDEX_ELEMENT, INDEX_TABLE},
    [IMMEDIATE_ELEMENT] = {INDEX_ELEMENT, INDEX_NONE},
    [IMMEDIATE_TAG] = {INDEX_TAG, INDEX_NONE},
    [IMMEDIATE_TRY_TABLE] = {INDEX_NONE, INDEX_NONE}, /* the last one */
};

static bool read_index(const struct wasm_module *module, struct reader *reader,
                       const struct wasm_insn *insn, enum index_of index_of,
                       uint32_t *index)
{
    switch (index_of) {
    case INDEX_NONE:
        return true;
    case INDEX_LABEL:
        return reader_u32(reader, "a label", index);
    case INDEX_LOCAL:
        return reader_u32(reader, "a local index", index);
    case INDEX_FUNCTION:
        return reader_index(reader, "function", module->function_count, index);
    case INDEX_TYPE:
        return reader_index(reader, "type", module->type_count, index);
    case INDEX_TABLE:
        return reader_index(reader, "table", module->table_count, index);
    case INDEX_MEMORY:
        return reader_index(reader, "memory", module->memory_count, index);
    case INDEX_GLOBAL:
        return reader_index(reader, "global", module->global_count, index);
    case INDEX_TAG:
        return reader_index(reader, "tag", module->tag_count, index);
    case INDEX_ELEMENT:
        return reader_index(reader, "element segment", module->element_count,
                            index);
    case INDEX_DATA:
        if (!module->has_data_count) {
            return reader_fail(
                reader, insn->offset,
                "%s needs a section 'data count', which is missing",
                insn->opcode->name);
        }
        return reader_index(reader, "data segment", module->data_count, index);
    }
    return true;
}

static bool read_indices(const struct wasm_module *module,
                         struct reader *reader, struct wasm_insn *insn)
{
    enum opcode_immediate immediate = insn->opcode->immediate;
    return read_index(module, reader, insn, index_immediates[immediate].first,
                      &insn->index) &&
           read_index(module, reader, insn, index_immediates[immediate].second,
                      &insn->index2);
}

static bool read_immediates(const struct wasm_module *module,
                            struct reader *reader, struct wasm_insn *insn)
{
    const uint8_t *bytes = NULL;
    uint8_t lane = 0;
    int32_t narrow = 0;
    int64_t wide = 0;
    bool is_read = true;
    switch ((int)insn->opcode->immediate) {
    case IMMEDIATE_NONE:
        return true;
    case IMMEDIATE_BLOCK:
        return read_block_type(module, reader, insn);
    case IMMEDIATE_LABEL_TABLE:
        return read_label_table(reader, insn);
    case IMMEDIATE_MEMARG:
        return read_memarg(module, reader, insn);
    case IMMEDIATE_MEMARG_LANE:
        return read_memarg(module, reader, insn) &&
               reader_byte(reader, "a lane", &lane);
    case IMMEDIATE_LANE:
        return reader_byte(reader, "a lane", &lane);
    case IMMEDIATE_BYTES_16:
        return reader_bytes(reader, "a v128 constant", 16, &bytes);
    case IMMEDIATE_I32:
        is_read = reader_s32(reader, "an i32 constant", &narrow);
        insn->constant = (uint32_t)narrow;
        return is_read;
    case IMMEDIATE_I64:
        is_read = reader_s64(reader, "an i64 constant", &wide);
        insn->constant = (uint64_t)wide;
        return is_read;
    case IMMEDIATE_F32:
        return read_float(reader, 4, &insn->constant);
    case IMMEDIATE_F64:
        return read_float(reader, 8, &insn->constant);
    case IMMEDIATE_REF_TYPE:
        return read_reference_type(reader, &insn->index);
    case IMMEDIATE_SELECT_TYPES:
        return read_select_types(reader, insn);
    case IMMEDIATE_ZERO_BYTE:
        return read_zero_byte(reader);
    case IMMEDIATE_TRY_TABLE:
        return read_try_table(module, reader, insn);
    default:
        return read_indices(module, reader, insn);
    }
}

bool wasm_insn_decode(const struct wasm_module *module, struct reader *reader,
                      struct wasm_insn *insn)
{
    *insn = (struct wasm_insn){.offset = reader->offset};
    if (!read_opcode(reader, insn) || !read_immediates(module, reader, insn)) {
        return false;
    }
    insn->end = reader->offset;
    return true;
}

bool wasm_insn_read(const struct wasm_module *module, size_t *offset,
                    size_t end, struct wasm_insn *insn, struct diag *diag)
{
    struct reader reader = {
        .bytes = module->bytes,
        .offset = *offset,
        .end = end,
        .within = "the code",
        .function = UINT32_MAX,
        .diag = diag,
    };
    if (!wasm_insn_decode(module, &reader, insn)) {
        return false;
    }
    *offset = reader.offset;
    return true;
}

bool wasm_expression_read(const struct wasm_module *module,
                          struct reader *reader)
{
    for (;;) {
        struct wasm_insn insn;
        if (!wasm_insn_decode(module, reader, &insn)) {
            return false;
        }
        switch (insn.code) {
        case CODE_END:
            return true;
        case CODE_GLOBAL_GET:
        case 0x41: /* i32.const … f64.const */
        case 0x42:
        case 0x43:
        case 0x44:
        case 0x6a: /* i32.add … i32.mul */
        case 0x6b:
        case 0x6c:
        case 0x7c: /* i64.add … i64.mul */
        case 0x7d:
        case 0x7e:
        case CODE_REF_NULL:
        case CODE_REF_FUNC:
        case CODE_V128_CONST:
            break;
        default:
            return reader_fail(reader, insn.offset,
                               "%s is not allowed in a constant expression",
                               insn.opcode->name);
        }
    }
}

uint32_t wasm_insn_label(const struct wasm_insn *insn, uint32_t k)
{
    const uint8_t *bytes = insn->label_bytes;
    uint32_t label = 0;
    for (uint32_t i = 0; i <= k && i <= insn->label_count; i++) {
        bytes += leb128_read_u32(bytes, 5, &label);
    }
    return label;
}

struct wasm_func_type wasm_block_type(const struct wasm_module *module,
                                      int64_t block_type)
{
    /* Each as the byte that writes it. */
    static const uint8_t results[] = {
        WASM_I32,  WASM_I64,     WASM_F32,       WASM_F64,
        WASM_V128, WASM_FUNCREF, WASM_EXTERNREF,
    };
    if (block_type >= 0) {
        return module->types[block_type];
    }
    struct wasm_func_type type = {0};
    for (size_t i = 0; i < sizeof(results); i++) {
        if (results[i] == block_type + 0x80) {
            type.results = &results[i];
            type.result_count = 1;
        }
    }
    return type;
}
