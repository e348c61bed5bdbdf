/* SPDX-License-Identifier: MIT */
#include "interp/interp_decode.h"

static const uint32_t NO_INSN = UINT32_MAX;

/* A block that is open while its body is read. */
struct label {
    uint32_t kind;   /* CODE_BLOCK, CODE_LOOP, CODE_IF, CODE_ELSE */
    uint32_t height; /* operands below its parameters */
    uint32_t param_count;
    uint32_t result_count;
    uint32_t start;   /* loop: first instruction */
    uint32_t pending; /* list of branches to its end, linked by 'index' */
    uint32_t if_insn; /* the `if` whose false case is not known yet */
    bool is_dead;     /* the block as a whole cannot be reached */
};

struct decoder {
    const struct wasm_module *module;
    struct interp_code *code;
    struct arena *arena;
    struct label *labels;
    uint32_t label_count;
    uint32_t label_capacity;
    uint32_t height; /* operands now */
    uint32_t highest;
    bool is_dead; /* after a branch that is always taken */
};

static struct interp_insn *emit(struct decoder *decoder, size_t offset,
                                uint32_t op)
{
    struct interp_code *code = decoder->code;
    struct interp_insn *insn = &code->insns[code->insn_count];
    code->offsets[code->insn_count++] = (uint32_t)offset;
    insn->op = (uint16_t)op;
    return insn;
}

static void set_height(struct decoder *decoder, uint32_t height)
{
    decoder->height = height;
    if (height > decoder->highest) {
        decoder->highest = height;
    }
}

static void push_label(struct decoder *decoder, uint32_t kind,
                       struct wasm_func_type type)
{
    if (decoder->label_count == decoder->label_capacity) {
        uint32_t capacity = decoder->label_capacity * 2 + 16;
        struct label *labels =
            arena_alloc(decoder->arena, capacity, sizeof(*labels));
        if (decoder->label_count > 0) {
            memcpy(labels, decoder->labels,
                   decoder->label_count * sizeof(*labels));
        }
        decoder->labels = labels;
        decoder->label_capacity = capacity;
    }
    decoder->labels[decoder->label_count++] = (struct label){
        .kind = kind,
        .height = decoder->is_dead ? 0 : decoder->height - type.param_count,
        .param_count = type.param_count,
        .result_count = type.result_count,
        .start = decoder->code->insn_count,
        .pending = NO_INSN,
        .if_insn = NO_INSN,
        .is_dead = decoder->is_dead,
    };
}

static struct label *label_at(struct decoder *decoder, uint32_t depth)
{
    return &decoder->labels[decoder->label_count - 1 - depth];
}

/* Let the instruction just emitted at 'at' branch to the label at 'depth'. */
static void aim(struct decoder *decoder, uint32_t at, uint32_t depth)
{
    struct label *label = label_at(decoder, depth);
    struct interp_insn *insn = &decoder->code->insns[at];
    if (label->kind == CODE_LOOP) {
        insn->index = label->start;
        insn->value = INTERP_BRANCH(label->param_count, label->height);
        return;
    }
    insn->value = INTERP_BRANCH(label->result_count, label->height);
    insn->index = label->pending;
    label->pending = at;
}

static void branch(struct decoder *decoder, size_t offset, uint32_t op,
                   uint32_t depth)
{
    uint32_t at = decoder->code->insn_count;
    (void)emit(decoder, offset, op);
    aim(decoder, at, depth);
}

static void on_else(struct decoder *decoder, size_t offset)
{
    struct label *label = label_at(decoder, 0);
    if (label->is_dead) {
        return;
    }
    if (!decoder->is_dead) {
        uint32_t at = decoder->code->insn_count;
        struct interp_insn *insn = emit(decoder, offset, CODE_ELSE);
        insn->index = label->pending;
        label->pending = at;
    }
    decoder->code->insns[label->if_insn].index = decoder->code->insn_count;
    label->if_insn = NO_INSN;
    decoder->is_dead = false;
    set_height(decoder, label->height + label->param_count);
}

static void on_end(struct decoder *decoder, size_t offset)
{
    struct label *label = label_at(decoder, 0);
    struct interp_insn *insns = decoder->code->insns;
    decoder->label_count--;
    if (label->is_dead) {
        return;
    }
    uint32_t here = decoder->code->insn_count;
    while (label->pending != NO_INSN) {
        uint32_t next = insns[label->pending].index;
        insns[label->pending].index = here;
        label->pending = next;
    }
    if (label->if_insn != NO_INSN) {
        insns[label->if_insn].index = here;
    }
    decoder->is_dead = false;
    set_height(decoder, label->height + label->result_count);
    if (decoder->label_count == 0) {
        (void)emit(decoder, offset, CODE_END);
    }
}

/* Operands before and after by a "ii:i" type. */
static void apply_type(struct decoder *decoder, const char *type)
{
    const char *colon = strchr(type, ':');
    decoder->height -= (uint32_t)(colon - type);
    set_height(decoder, decoder->height + (uint32_t)strlen(colon + 1));
}

static void plain(struct decoder *decoder, const struct wasm_insn *insn)
{
    uint32_t op = insn->code;
    if (op >= OPCODE_PREFIX_FC) {
        op = INTERP_PREFIX_FC | (op & 0xff);
    }
    struct interp_insn *out = emit(decoder, insn->offset, op);
    out->index = insn->index;
    out->memory = (uint16_t)insn->index2;
    out->value = insn->opcode->immediate == IMMEDIATE_MEMARG
                     ? insn->memarg_offset
                     : insn->constant;
    if (insn->opcode->immediate == IMMEDIATE_MEMORY) {
        out->memory = (uint16_t)insn->index;
    }
    switch (insn->code) {
    case 0x10: { /* call */
        const struct wasm_func_type *type =
            wasm_function_type(decoder->module, insn->index);
        decoder->height -= type->param_count;
        set_height(decoder, decoder->height + type->result_count);
        break;
    }
    case 0x1a: /* drop */
    case 0x21: /* local.set */
    case 0x24: /* global.set */
        decoder->height--;
        break;
    case 0x1b: /* select */
    case 0x1c:
        out->op = 0x1b;
        decoder->height -= 2;
        break;
    case 0x20: /* local.get */
    case 0x23: /* global.get */
        set_height(decoder, decoder->height + 1);
        break;
    case 0x22: /* local.tee */
        break;
    default:
        apply_type(decoder, insn->opcode->type);
        break;
    }
}

static void control(struct decoder *decoder, const struct wasm_insn *insn)
{
    switch (insn->code) {
    case 0x00: /* unreachable */
        (void)emit(decoder, insn->offset, insn->code);
        decoder->is_dead = true;
        break;
    case 0x01: /* nop */
        break;
    case CODE_BR:
        branch(decoder, insn->offset, CODE_BR, insn->index);
        decoder->is_dead = true;
        break;
    case CODE_BR_IF:
        decoder->height--;
        branch(decoder, insn->offset, CODE_BR_IF, insn->index);
        break;
    case CODE_BR_TABLE:
        decoder->height--;
        emit(decoder, insn->offset, CODE_BR_TABLE)->index = insn->label_count;
        for (uint32_t k = 0; k <= insn->label_count; k++) {
            branch(decoder, insn->offset, CODE_BR, wasm_insn_label(insn, k));
        }
        decoder->is_dead = true;
        break;
    case CODE_RETURN:
        (void)emit(decoder, insn->offset, CODE_END);
        decoder->is_dead = true;
        break;
    default:
        plain(decoder, insn);
        break;
    }
}

static void step(struct decoder *decoder, const struct wasm_insn *insn)
{
    struct wasm_func_type type = {0};
    switch (insn->code) {
    case CODE_BLOCK:
    case CODE_LOOP:
        type = wasm_block_type(decoder->module, insn->block_type);
        push_label(decoder, insn->code, type);
        break;
    case CODE_IF: {
        type = wasm_block_type(decoder->module, insn->block_type);
        uint32_t at = decoder->code->insn_count;
        if (!decoder->is_dead) {
            decoder->height--;
            (void)emit(decoder, insn->offset, CODE_IF);
        }
        push_label(decoder, CODE_IF, type);
        if (!decoder->is_dead) {
            label_at(decoder, 0)->if_insn = at;
        }
        break;
    }
    case CODE_ELSE:
        on_else(decoder, insn->offset);
        break;
    case CODE_END:
        on_end(decoder, insn->offset);
        break;
    default:
        if (!decoder->is_dead) {
            control(decoder, insn);
        }
        break;
    }
}

bool interp_decode(struct interp_code *code, const struct wasm_module *module,
                   uint32_t index, struct arena *arena, struct diag *diag)
{
    const struct wasm_function *function = &module->functions[index];
    const struct wasm_func_type *type = wasm_function_type(module, index);
    *code = (struct interp_code){
        .param_count = type->param_count,
        .result_count = type->result_count,
        .local_count = type->param_count + function->local_count,
    };
    if (function->is_imported) {
        return true;
    }
    /* No instruction is shorter than a byte, and a br_table of n labels takes
     * more than n bytes. */
    size_t size = function->end_offset - function->code_offset;
    code->insns = arena_alloc(arena, size + 1, sizeof(*code->insns));
    code->offsets = arena_alloc(arena, size + 1, sizeof(*code->offsets));
    struct decoder decoder = {.module = module, .code = code, .arena = arena};
    push_label(&decoder, CODE_BLOCK,
               (struct wasm_func_type){.result_count = type->result_count});
    for (size_t at = function->code_offset; at < function->end_offset;) {
        struct wasm_insn insn;
        if (!wasm_insn_read(module, &at, function->end_offset, &insn, diag)) {
            return false;
        }
        step(&decoder, &insn);
    }
    code->slot_count = code->local_count + decoder.highest;
    return true;
}
