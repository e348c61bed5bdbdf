/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/initial_memory.h"

#include <string.h>

enum {
    MAX_IMAGE_BYTES = 64 << 20, /* of one memory; more is not looked at */
    MAX_OPERANDS = 3,
    MAX_CALL_DEPTH = 4,
    MAX_STEPS = 1 << 20,
};

struct span {
    uint64_t start;
    uint64_t end;
};

/* What a straight line of constants does, applied as it is read. */
struct drawing {
    struct image *image;
    struct span *filled; /* by memory: what the first fill has covered */
    const struct wasm_module *module;
    uint64_t stack[MAX_OPERANDS];
    uint32_t depth;
    uint32_t steps; /* drawn so far */
    struct arena *arena;
};

/* 'size' bytes at 'address', known to be inside the memory; NULL when that is
 * further than we look. */
static uint8_t *reach(struct drawing *drawing, uint32_t memory,
                      uint64_t address, uint64_t size)
{
    struct image_memory *image = &drawing->image->memories[memory];
    uint64_t end = (address + size + 3) & ~UINT64_C(3);
    if (end > MAX_IMAGE_BYTES) {
        return NULL;
    }
    if (end > image->size) {
        uint64_t room = 2 * image->size > end ? 2 * image->size : end;
        room = room > image->limit ? image->limit : room;
        uint8_t *grown = arena_alloc(drawing->arena, room, 1);
        if (image->size > 0) {
            memcpy(grown, image->bytes, image->size);
        }
        image->bytes = grown;
        image->size = room;
    }
    return image->bytes + address;
}

static bool fits(const struct drawing *drawing, uint32_t memory,
                 uint64_t address, uint64_t size)
{
    uint64_t limit = drawing->image->memories[memory].limit;
    return size <= limit && address <= limit - size;
}

static bool copy(struct drawing *drawing, uint32_t memory, uint64_t address,
                 const void *bytes, uint64_t size)
{
    if (!fits(drawing, memory, address, size)) {
        return false;
    }
    if (size == 0) {
        return true;
    }
    uint8_t *to = reach(drawing, memory, address, size);
    if (to != NULL) {
        memcpy(to, bytes, size);
    }
    return to != NULL;
}

static bool fill(struct drawing *drawing, uint32_t memory, uint64_t address,
                 uint32_t value, uint64_t size)
{
    struct image_memory *image = &drawing->image->memories[memory];
    if (!fits(drawing, memory, address, size)) {
        return false;
    }
    if ((value & 0xff) == 0) { /* zeros beyond the image are there already */
        size = address >= image->size         ? 0
               : size > image->size - address ? image->size - address
                                              : size;
    }
    if (size == 0) {
        return true;
    }
    uint8_t *to = reach(drawing, memory, address, size);
    if (to != NULL) {
        memset(to, (int)(value & 0xff), size);
    }
    return to != NULL;
}

/*
 * A write of a part of a word leaves the rest of it as it was, which only a
 * fill before makes known.
 */
static void note_torn(struct drawing *drawing, uint32_t memory,
                      uint64_t address, uint64_t size)
{
    struct image *image = drawing->image;
    const struct span *filled = &drawing->filled[memory];
    if (size == 0 || (address % 4 == 0 && size % 4 == 0) ||
        (filled->start <= address && address + size <= filled->end)) {
        return;
    }
    image->torn = arena_grow(drawing->arena, image->torn, image->torn_count,
                             &image->torn_capacity, sizeof(*image->torn));
    image->torn[image->torn_count++] = (struct image_torn){
        memory, address & ~UINT64_C(3), (address + size + 3) & ~UINT64_C(3)};
}

static void note_fill(struct drawing *drawing, uint32_t memory,
                      uint64_t address, uint64_t size)
{
    struct span *filled = &drawing->filled[memory];
    if (filled->end == 0) {
        *filled = (struct span){address, address + size};
    }
}

static bool init(struct drawing *drawing, const struct wasm_insn *insn,
                 const uint64_t operands[MAX_OPERANDS])
{
    const struct wasm_data *data = &drawing->module->data[insn->index];
    uint64_t size = data->is_passive ? data->size : 0;
    note_torn(drawing, insn->index2, operands[0], operands[2]);
    return operands[2] <= size && operands[1] <= size - operands[2] &&
           copy(drawing, insn->index2, operands[0], data->bytes + operands[1],
                operands[2]);
}

static bool pop(struct drawing *drawing, uint32_t count)
{
    bool ok = drawing->depth >= count;
    drawing->depth = ok ? drawing->depth - count : 0;
    return ok;
}

static bool draw_fill(struct drawing *drawing, uint32_t memory)
{
    const uint64_t *operands = drawing->stack;
    note_torn(drawing, memory, operands[0], operands[2]);
    if (!fill(drawing, memory, operands[0], (uint32_t)operands[1],
              operands[2])) {
        return false;
    }
    note_fill(drawing, memory, operands[0], operands[2]);
    return true;
}

/* The operand's bytes are little-endian, as those of the memory. */
static bool draw_store(struct drawing *drawing, const struct wasm_insn *insn)
{
    uint64_t address = drawing->stack[0] + insn->memarg_offset;
    uint32_t size = code_access_bytes(insn->code);
    note_torn(drawing, insn->index2, address, size);
    return copy(drawing, insn->index2, address, &drawing->stack[1], size);
}

/* One instruction; false for one that is not part of a straight line. */
static bool draw_insn(struct drawing *drawing, const struct wasm_insn *insn)
{
    switch (insn->code) {
    case CODE_NOP:
        return true;
    case CODE_I32_CONST:
    case CODE_I64_CONST:
    case CODE_F32_CONST:
    case CODE_F64_CONST:
        if (drawing->depth == MAX_OPERANDS) {
            return false;
        }
        drawing->stack[drawing->depth++] = insn->code == CODE_I32_CONST
                                               ? (uint32_t)insn->constant
                                               : insn->constant;
        return true;
    case CODE_MEMORY_FILL:
        return pop(drawing, 3) && draw_fill(drawing, insn->index);
    case CODE_MEMORY_INIT:
        return pop(drawing, 3) && init(drawing, insn, drawing->stack);
    default:
        return code_is_store(insn->code) && pop(drawing, 2) &&
               draw_store(drawing, insn);
    }
}

/* Older compilers call a function for each module from `init`. */
static bool draw_function(struct drawing *drawing, const struct code *code,
                          uint32_t index, unsigned depth)
{
    const struct code_function *function = &code->functions[index];
    const struct wasm_func_type *type = wasm_function_type(code->module, index);
    if (depth == 0 || index < code->module->imported_function_count ||
        type->param_count > 0 || type->result_count > 0) {
        return false;
    }
    for (uint32_t i = 0; i + 1 < function->step_count; i++) {
        const struct wasm_insn *insn = &function->steps[i].insn;
        bool ok = insn->code == CODE_CALL
                      ? drawing->depth == 0 &&
                            draw_function(drawing, code, insn->index, depth - 1)
                      : draw_insn(drawing, insn);
        if (!ok || ++drawing->steps > MAX_STEPS) {
            return false;
        }
    }
    return drawing->depth == 0;
}

/* Active segments: at a constant address, or we do not know. */
static bool draw_segments(struct drawing *drawing)
{
    for (uint32_t i = 0; i < drawing->module->data_count; i++) {
        const struct wasm_data *data = &drawing->module->data[i];
        struct wasm_insn insn;
        struct diag diag;
        size_t at = data->expression_offset;
        diag_init(&diag, NULL);
        if (data->is_passive) {
            continue;
        }
        if (!wasm_insn_read(drawing->module, &at, data->expression_end, &insn,
                            &diag) ||
            insn.code != CODE_I32_CONST || at + 1 != data->expression_end ||
            !copy(drawing, data->memory, (uint32_t)insn.constant, data->bytes,
                  data->size)) {
            return false;
        }
    }
    return true;
}

/* The word at 'address', a multiple of 4 inside the memory. */
static uint32_t read_word(const struct image *image, uint32_t memory,
                          uint64_t address)
{
    const struct image_memory *from = &image->memories[memory];
    uint32_t word = 0;
    if (address < from->size) {
        memcpy(&word, from->bytes + address, sizeof(word));
    }
    return word;
}

static struct range word_range(const struct image *image, uint32_t memory,
                               uint64_t address)
{
    return range_constant(read_word(image, memory, address));
}

static struct range join_words(const struct image *image, uint32_t memory,
                               uint64_t start, uint64_t end)
{
    struct range all = word_range(image, memory, start);
    for (uint64_t at = start + 4; at < end; at += 4) {
        const struct range word = word_range(image, memory, at);
        all = range_join(&all, &word);
    }
    return all;
}

static void join_blocks(struct image *image, struct arena *arena)
{
    enum { BYTES = IMAGE_BLOCK_WORDS * 4 };
    for (uint32_t i = 0; i < image->memory_count; i++) {
        struct image_memory *memory = &image->memories[i];
        uint64_t count = memory->size / BYTES;
        memory->blocks = arena_alloc(arena, count, sizeof(*memory->blocks));
        for (uint64_t k = 0; k < count; k++) {
            memory->blocks[k] =
                join_words(image, i, k * BYTES, (k + 1) * BYTES);
        }
    }
}

static bool draw_assets(struct drawing *drawing, const struct patch *patch)
{
    struct image *image = drawing->image;
    image->below_assets = arena_alloc(drawing->arena, patch->asset_count,
                                      sizeof(*image->below_assets));
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        const struct patch_asset *asset = &patch->assets[i];
        if (asset->size == 0) {
            image->below_assets[i] = range_constant(0);
            continue;
        }
        /* Reaching all of it first: then every word is in the image. */
        if (!fits(drawing, 0, asset->address, asset->size) ||
            reach(drawing, 0, asset->address, asset->size) == NULL) {
            return false;
        }
        image->below_assets[i] = join_words(
            image, 0, asset->address & ~UINT32_C(3),
            ((uint64_t)asset->address + asset->size + 3) & ~UINT64_C(3));
        if (!copy(drawing, 0, asset->address, asset->bytes, asset->size)) {
            return false;
        }
    }
    return true;
}

bool image_make(struct image *image, const struct patch *patch,
                const struct code *code, const char **reason,
                struct arena *arena)
{
    const struct wasm_module *module = patch->module;
    struct drawing drawing = {.image = image, .module = module, .arena = arena};
    drawing.filled =
        arena_alloc(arena, module->memory_count, sizeof(*drawing.filled));
    *image = (struct image){.memory_count = module->memory_count};
    image->memories =
        arena_alloc(arena, module->memory_count, sizeof(*image->memories));
    for (uint32_t i = 0; i < module->memory_count; i++) {
        image->memories[i].limit =
            module->memories[i].limits.min * WASM_PAGE_BYTES;
    }
    *reason = "active data segments cannot be placed";
    if (!draw_segments(&drawing)) {
        return false;
    }
    *reason = "initDefaults computes what it writes";
    if (patch->init_function != UINT32_MAX &&
        !draw_function(&drawing, code, patch->init_function, MAX_CALL_DEPTH)) {
        return false;
    }
    *reason = "assets do not fit";
    if (!draw_assets(&drawing, patch)) {
        return false;
    }
    join_blocks(image, arena);
    return true;
}

struct range image_join(const struct image *image, uint32_t memory,
                        uint64_t start, uint64_t end)
{
    enum { BYTES = IMAGE_BLOCK_WORDS * 4 };
    const struct image_memory *from = &image->memories[memory];
    struct range all = word_range(image, memory, start);
    if (end > from->size) {
        const struct range zero = range_constant(0);
        all = range_join(&all, &zero);
        end = from->size;
    }
    for (uint64_t at = start; at < end;) {
        if (at % BYTES == 0 && end - at >= BYTES) {
            all = range_join(&all, &from->blocks[at / BYTES]);
            at += BYTES;
        } else {
            const struct range word = word_range(image, memory, at);
            all = range_join(&all, &word);
            at += 4;
        }
    }
    return all;
}

static uint32_t image_byte(const struct image *image, uint32_t memory,
                           uint64_t address)
{
    return read_word(image, memory, address & ~UINT64_C(3)) >> address % 4 * 8 &
           0xff;
}

struct range image_join_parts(const struct image *image, uint32_t memory,
                              uint64_t start, uint64_t end, uint64_t step,
                              uint32_t bytes, bool is_signed)
{
    struct range all = range_top();
    for (uint64_t at = start; at + bytes <= end; at += step) {
        uint32_t number = image_byte(image, memory, at);
        uint32_t unused_bits = 32 - 8 * bytes;
        if (bytes == 2) {
            number |= image_byte(image, memory, at + 1) << 8;
        }
        if (is_signed) {
            number = (uint32_t)((int32_t)(number << unused_bits) >>
                                (int32_t)unused_bits);
        }
        const struct range one = range_constant(number);
        all = at == start ? one : range_join(&all, &one);
    }
    return all;
}
