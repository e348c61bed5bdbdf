/* SPDX-License-Identifier: MIT */
#include "wasm/wasm_code.h"

#include "wasm/leb128.h"

/* Which block an `else`, `catch` or `end` belongs to: the codes of the open
 * blocks, innermost last. */
struct nesting {
    struct buf codes;
};

static uint8_t innermost(const struct nesting *nesting)
{
    return nesting->codes.bytes[nesting->codes.length - 1];
}

static bool enter_clause(const struct reader *reader, struct nesting *nesting,
                         const struct wasm_insn *insn)
{
    uint8_t top = innermost(nesting);
    bool fits = insn->code == CODE_ELSE ? top == CODE_IF
                                        : top == CODE_TRY || top == CODE_CATCH;
    if (!fits) {
        return reader_fail(reader, insn->offset, "%s without %s",
                           insn->opcode->name,
                           insn->code == CODE_ELSE ? "if" : "try");
    }
    nesting->codes.bytes[nesting->codes.length - 1] = (uint8_t)insn->code;
    return true;
}

static bool check_label(const struct reader *reader,
                        const struct nesting *nesting,
                        const struct wasm_insn *insn, uint32_t label)
{
    if (label < nesting->codes.length) {
        return true;
    }
    return reader_fail(reader, insn->offset,
                       "%s to label %u but %zu are open here",
                       insn->opcode->name, label, nesting->codes.length);
}

static bool check_label_table(const struct reader *reader,
                              const struct nesting *nesting,
                              const struct wasm_insn *insn)
{
    const uint8_t *bytes = insn->label_bytes;
    for (uint32_t i = 0; i <= insn->label_count; i++) {
        uint32_t label = 0;
        bytes += leb128_read_u32(bytes, 5, &label);
        if (!check_label(reader, nesting, insn, label)) {
            return false;
        }
    }
    return true;
}

/* Follow one instruction of a body; 'locals' includes the parameters. */
static bool walk_insn(const struct reader *reader, struct nesting *nesting,
                      const struct wasm_insn *insn, uint32_t locals)
{
    if (insn->code == CODE_END) {
        nesting->codes.length--;
        return true;
    }
    if (insn->code == CODE_ELSE || insn->code == CODE_CATCH ||
        insn->code == CODE_CATCH_ALL) {
        return enter_clause(reader, nesting, insn);
    }
    enum opcode_immediate immediate = insn->opcode->immediate;
    if (immediate == IMMEDIATE_BLOCK || immediate == IMMEDIATE_TRY_TABLE) {
        buf_byte(&nesting->codes, insn->code);
        return true;
    }
    if (immediate == IMMEDIATE_LOCAL && insn->index >= locals) {
        return reader_fail(reader, insn->offset,
                           "local index %u is out of range: %u here",
                           insn->index, locals);
    }
    if (immediate == IMMEDIATE_LABEL_TABLE) {
        return check_label_table(reader, nesting, insn);
    }
    if (immediate == IMMEDIATE_LABEL) {
        if (insn->code == CODE_DELEGATE) {
            if (innermost(nesting) != CODE_TRY) {
                return reader_fail(reader, insn->offset,
                                   "delegate without try");
            }
            nesting->codes.length--;
        }
        return check_label(reader, nesting, insn, insn->index);
    }
    return true;
}

static bool walk_body(const struct wasm_module *module, struct reader *reader,
                      struct nesting *nesting, uint32_t locals)
{
    nesting->codes.length = 0;
    buf_byte(&nesting->codes, 0);
    while (nesting->codes.length > 0) {
        if (reader_left(reader) == 0) {
            return reader_fail(reader, reader->offset,
                               "the body ends inside %zu open blocks",
                               nesting->codes.length);
        }
        struct wasm_insn insn;
        if (!wasm_insn_decode(module, reader, &insn) ||
            !walk_insn(reader, nesting, &insn, locals)) {
            return false;
        }
    }
    if (reader_left(reader) != 0) {
        return reader_fail(reader, reader->offset,
                           "%zu bytes stand after the end of the body",
                           reader_left(reader));
    }
    return true;
}

/*
 * Local declarations are run lengths: a few bytes can ask for a great many
 * types, so their number is limited per function and over the whole module.
 */
static bool read_locals(struct reader *reader, struct wasm_function *function,
                        uint64_t *budget, struct arena *arena)
{
    size_t start = reader->offset;
    uint32_t groups = 0;
    if (!reader_count(reader, "groups of locals", 2, &groups)) {
        return false;
    }
    size_t first = reader->offset;
    uint64_t total = 0;
    for (uint32_t i = 0; i < groups; i++) {
        uint32_t count = 0;
        enum wasm_type type = WASM_NONE;
        if (!reader_u32(reader, "a number of locals", &count) ||
            !reader_value_type(reader, &type)) {
            return false;
        }
        total += count;
        if (total > WASM_MAX_LOCALS) {
            return reader_fail(reader, start, "%llu locals, the limit is %d",
                               (unsigned long long)total, WASM_MAX_LOCALS);
        }
    }
    if (total > *budget) {
        return reader_fail(
            reader, start, "%llu locals, %llu more are allowed in this module",
            (unsigned long long)total, (unsigned long long)*budget);
    }
    *budget -= total;
    uint8_t *types = arena_alloc(arena, (size_t)total, 1);
    reader->offset = first;
    for (uint32_t i = 0, at = 0; i < groups; i++) {
        uint32_t count = 0;
        enum wasm_type type = WASM_NONE;
        if (!reader_u32(reader, "a number of locals", &count) ||
            !reader_value_type(reader, &type)) {
            return false;
        }
        memset(types + at, (int)type, count);
        at += count;
    }
    function->local_types = types;
    function->local_count = (uint32_t)total;
    return true;
}

static bool read_body(struct wasm_module *module, struct reader *section,
                      uint32_t index, uint64_t *budget, struct nesting *nesting,
                      struct arena *arena)
{
    struct wasm_function *function = &module->functions[index];
    uint32_t size = 0;
    const uint8_t *bytes = NULL;
    section->function = index;
    if (!reader_u32(section, "the size of a body", &size) ||
        !reader_bytes(section, "the body", size, &bytes)) {
        return false;
    }
    section->function = UINT32_MAX;
    struct reader reader = *section;
    reader.end = reader.offset;
    reader.offset -= size;
    reader.within = "the body";
    reader.function = index;
    function->body_offset = reader.offset;
    if (!read_locals(&reader, function, budget, arena)) {
        return false;
    }
    function->code_offset = reader.offset;
    function->end_offset = reader.end;
    uint32_t parameters = module->types[function->type].param_count;
    return walk_body(module, &reader, nesting,
                     parameters + function->local_count);
}

bool wasm_code_read(struct wasm_module *module, struct reader *reader,
                    struct arena *arena)
{
    enum { SPARE_LOCALS = 1000000 };
    size_t start = reader->offset;
    uint32_t count = 0;
    if (!reader_count(reader, "bodies", 3, &count)) {
        return false;
    }
    uint32_t wanted = module->function_count - module->imported_function_count;
    if (count != wanted) {
        return reader_fail(reader, start,
                           "section 'code' has %u bodies but section "
                           "'function' declares %u",
                           count, wanted);
    }
    struct nesting nesting;
    buf_init(&nesting.codes, arena);
    uint64_t budget = (uint64_t)SPARE_LOCALS + module->size;
    for (uint32_t i = 0; i < count; i++) {
        if (!read_body(module, reader, module->imported_function_count + i,
                       &budget, &nesting, arena)) {
            return false;
        }
    }
    return true;
}
