/* SPDX-License-Identifier: MIT */
#include "ranges/check/replay.h"

enum {
    MAX_DEPTH = 400, /* C's own stack */
    MAX_STEPS = 3 * 1000 * 1000,
    WORK_PER_STEP = 8,
    MAX_BYTES = 256 << 20,
    MAX_TABLE = 256, /* labels of a br_table */
};

static void follow(struct replay *replay, const struct code_function *function,
                   uint32_t first, uint32_t end);

void replay_init(struct replay *replay, const struct certificate *certificate,
                 const struct code *code, struct arena *arena)
{
    *replay = (struct replay){.certificate = certificate, .code = code};
    moments_init(&replay->moments, certificate, arena);
    replay->labels = arena_alloc(arena, MAX_DEPTH + 1, sizeof(*replay->labels));
    replay->memory_bytes = arena->used;
}

void replay_fail(struct replay *replay, size_t offset, const char *what)
{
    if (replay->failure == NULL) {
        replay->failure = arena_format(replay->moments.arena,
                                       "%s at byte 0x%zx", what, offset);
    }
    replay->now->is_never = true;
}

void replay_check_value(struct replay *replay, const struct code_step *step,
                        uint32_t term)
{
    const struct certificate_site *site =
        &replay->certificate->sites[step->site];
    const struct interval seen =
        moment_look(&replay->moments, replay->now, term);
    if (site->has_value && !interval_inside(&seen, &site->value)) {
        replay_fail(replay, step->insn.offset,
                    "a value is not what the proof says");
    }
}

void replay_push_unknown(struct replay *replay, uint8_t type)
{
    moment_push(&replay->moments, replay->now,
                type == WASM_I32
                    ? term_unknown(&replay->moments.terms, interval_any())
                    : TERM_NONE);
}

/* ---- Jumps ---- */

static void open_label(struct replay *replay, const struct replay_loop *loop,
                       uint32_t height, uint32_t arity)
{
    struct replay_label label = {
        .loop = loop, .height = height, .arity = arity};
    label.out = loop == NULL ? moment_take(&replay->moments) : NULL;
    replay->labels[replay->label_count++] = label;
}

/* What jumped out of the innermost block goes on with what came to its end. */
static void close_label(struct replay *replay)
{
    struct moment *out = replay->labels[--replay->label_count].out;
    moment_join(&replay->moments, replay->now, out);
    moment_give(&replay->moments, out);
}

/* 'moment' ends here. */
static void jump(struct replay *replay, struct moment *moment, uint32_t index)
{
    const struct replay_label *label = &replay->labels[index];
    if (moment->is_never) {
        return;
    }
    uint32_t from = moment->height - label->arity;
    for (uint32_t i = 0; i < label->arity; i++) {
        moment->stack[label->height + i] = moment->stack[from + i];
    }
    moment->height = label->height + label->arity;
    if (label->loop != NULL) {
        replay_check_round(replay, label->loop, moment);
    } else {
        moment_join(&replay->moments, label->out, moment);
    }
    moment->is_never = true;
}

static void jump_if(struct replay *replay, const struct code_step *step,
                    uint32_t index)
{
    uint32_t condition = moment_pop(replay->now);
    replay_check_value(replay, step, condition);
    struct moment *taken = moment_copy(&replay->moments, replay->now);
    moment_branch(&replay->moments, taken, condition, true);
    jump(replay, taken, index);
    moment_give(&replay->moments, taken);
    moment_branch(&replay->moments, replay->now, condition, false);
}

static void jump_table(struct replay *replay, const struct wasm_insn *insn)
{
    (void)moment_pop(replay->now);
    if (insn->label_count > MAX_TABLE) {
        replay_fail(replay, insn->offset, "too many labels");
        return;
    }
    for (uint32_t i = 0; i <= insn->label_count; i++) {
        struct moment *taken = moment_copy(&replay->moments, replay->now);
        jump(replay, taken, replay->label_count - 1 - wasm_insn_label(insn, i));
        moment_give(&replay->moments, taken);
    }
    replay->now->is_never = true;
}

/* ---- Blocks ---- */

static void follow_block(struct replay *replay,
                         const struct code_function *function, uint32_t at,
                         const struct wasm_func_type *type)
{
    open_label(replay, NULL, replay->now->height - type->param_count,
               type->result_count);
    follow(replay, function, at + 1, function->steps[at].other_end);
    close_label(replay);
}

static void follow_loop(struct replay *replay,
                        const struct code_function *function, uint32_t at,
                        const struct wasm_func_type *type)
{
    struct replay_loop loop;
    replay_enter_loop(replay, &loop, function->steps[at].insn.offset);
    open_label(replay, &loop, replay->now->height - type->param_count,
               type->param_count);
    follow(replay, function, at + 1, function->steps[at].other_end);
    replay->label_count--;
    moment_give(&replay->moments, loop.entry);
}

static void follow_if(struct replay *replay,
                      const struct code_function *function, uint32_t at,
                      const struct wasm_func_type *type)
{
    const struct code_step *step = &function->steps[at];
    uint32_t condition = moment_pop(replay->now);
    replay_check_value(replay, step, condition);
    struct moment *other = moment_copy(&replay->moments, replay->now);
    moment_branch(&replay->moments, replay->now, condition, true);
    moment_branch(&replay->moments, other, condition, false);
    open_label(replay, NULL, replay->now->height - type->param_count,
               type->result_count);
    follow(replay, function, at + 1, step->other_else);
    struct moment *first = replay->now;
    replay->now = other;
    if (step->other_else != step->other_end) {
        follow(replay, function, step->other_else + 1, step->other_end);
    }
    moment_join(&replay->moments, replay->now, first);
    moment_give(&replay->moments, first);
    close_label(replay);
}

/* ---- Calls ---- */

/* Functions of the host see no memory here; those that might are not checked
 * (check.h). */
static void call_host(struct replay *replay, const struct wasm_func_type *type)
{
    replay->now->height -= type->param_count;
    for (uint32_t i = 0; i < type->result_count; i++) {
        replay_push_unknown(replay, type->results[i]);
    }
}

/* The body of a function whose arguments are on the stack. */
static void follow_body(struct replay *replay, uint32_t index)
{
    const struct wasm_module *module = replay->code->module;
    const struct wasm_function *body = &module->functions[index];
    const struct wasm_func_type *type = wasm_function_type(module, index);
    const struct code_function *function = &replay->code->functions[index];
    uint32_t body_label = replay->body_label;
    uint32_t frame = replay->frame;
    replay->body_label = replay->label_count;
    replay->frame = replay->now->height - type->param_count;
    open_label(replay, NULL, replay->frame, type->result_count);
    for (uint32_t i = 0; i < body->local_count; i++) {
        moment_push(&replay->moments, replay->now,
                    body->local_types[i] == WASM_I32
                        ? term_constant(&replay->moments.terms, 0)
                        : TERM_NONE);
    }
    follow(replay, function, 0, function->step_count - 1);
    jump(replay, replay->now, replay->body_label);
    close_label(replay);
    replay->body_label = body_label;
    replay->frame = frame;
}

static void call(struct replay *replay, const struct wasm_insn *insn)
{
    const struct wasm_module *module = replay->code->module;
    uint32_t path = replay->path;
    if (module->functions[insn->index].is_imported) {
        call_host(replay, wasm_function_type(module, insn->index));
        return;
    }
    replay->path = certificate_follow(replay->certificate, path, insn->offset);
    follow_body(replay, insn->index);
    replay->path = path;
}

/* One instruction with all that is inside of it; the step that ends it. */
static uint32_t follow_step(struct replay *replay,
                            const struct code_function *function, uint32_t at)
{
    const struct code_step *step = &function->steps[at];
    const struct wasm_insn *insn = &step->insn;
    uint32_t label = replay->label_count - 1 - insn->index;
    struct wasm_func_type type;
    switch (insn->code) {
    case CODE_UNREACHABLE:
        replay->now->is_never = true;
        return at;
    case CODE_BLOCK:
    case CODE_LOOP:
    case CODE_IF:
        type = wasm_block_type(replay->code->module, insn->block_type);
        (insn->code == CODE_BLOCK  ? follow_block
         : insn->code == CODE_LOOP ? follow_loop
                                   : follow_if)(replay, function, at, &type);
        return step->other_end;
    case CODE_BR:
        jump(replay, replay->now, label);
        return at;
    case CODE_BR_IF:
        jump_if(replay, step, label);
        return at;
    case CODE_BR_TABLE:
        jump_table(replay, insn);
        return at;
    case CODE_RETURN:
        jump(replay, replay->now, replay->body_label);
        return at;
    case CODE_CALL:
        call(replay, insn);
        return at;
    default:
        replay_plain(replay, step);
        return at;
    }
}

/* Steps 'first' to 'end' - 1; what nothing gets to is left out. */
static void follow(struct replay *replay, const struct code_function *function,
                   uint32_t first, uint32_t end)
{
    const struct arena *arena = replay->moments.arena;
    if (replay->depth == MAX_DEPTH) {
        replay_fail(replay, function->steps[first].insn.offset,
                    "calls and blocks are nested too deep");
        return;
    }
    replay->depth++;
    for (uint32_t at = first; at < end && !replay->now->is_never; at++) {
        replay->steps++;
        if (replay->failure != NULL ||
            replay->steps + replay->moments.work / WORK_PER_STEP > MAX_STEPS ||
            arena->used - replay->memory_bytes > MAX_BYTES) {
            replay_fail(replay, function->steps[at].insn.offset,
                        "the check takes too long");
            break;
        }
        at = follow_step(replay, function, at);
    }
    replay->depth--;
}

bool replay_call(struct replay *replay, uint32_t function)
{
    const struct wasm_module *module = replay->code->module;
    const struct wasm_func_type *type = wasm_function_type(module, function);
    terms_forget(&replay->moments.terms);
    replay->now = moment_take(&replay->moments);
    replay->now->is_never = false;
    replay->path = certificate_follow(replay->certificate, 0, function);
    for (uint32_t i = 0; i < type->param_count; i++) {
        replay_push_unknown(replay, type->params[i]);
    }
    follow_body(replay, function);
    const struct moment *end = replay->now;
    for (uint32_t i = 0; !end->is_never && i < end->word_count; i++) {
        const struct moment_word *word = &end->words[i];
        const struct interval left =
            moment_look(&replay->moments, end, word->term);
        if (!certificate_allows(replay->certificate, word->key, word->key + 4,
                                &left)) {
            replay_fail(replay, module->functions[function].code_offset,
                        "a word is left as the proof does not allow by the "
                        "call of the function");
        }
    }
    moment_give(&replay->moments, replay->now);
    return replay->failure == NULL;
}
