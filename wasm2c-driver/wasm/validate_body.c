/* SPDX-License-Identifier: MIT */
#include "wasm/validate_body.h"

enum {
    /* Calls with many results push much in few bytes; no engine goes here. */
    MAX_STACK = 1 << 20,

    /* The type of what comes after `br` and its like: it fits everywhere. */
    TYPE_ANY = 0,
};

/* An open block. */
struct frame {
    uint32_t code; /* block, loop, if, else; 0 for the body itself */
    struct wasm_func_type type;
    uint32_t height; /* of the operand stack outside, without parameters */
    bool is_unreachable;
};

struct checker {
    const struct wasm_module *module;
    struct arena *arena;
    struct diag *diag;
    uint32_t function;
    struct wasm_insn insn; /* the one being checked */
    uint8_t *stack;        /* enum wasm_type or TYPE_ANY */
    uint32_t height;
    uint32_t stack_capacity;
    struct frame *frames;
    uint32_t frame_count;
    uint32_t frame_capacity;
};

static bool fail(const struct checker *checker, const char *format, ...)
    F4E_PRINTF(2, 3);

static bool fail(const struct checker *checker, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return diag_input(
        checker->diag, (int64_t)checker->insn.offset, "%s: %s %s",
        wasm_function_print(checker->module, checker->function, checker->arena),
        checker->insn.opcode->name, text);
}

static struct frame *top(const struct checker *checker)
{
    return &checker->frames[checker->frame_count - 1];
}

static bool push(struct checker *checker, uint8_t type)
{
    if (checker->height == MAX_STACK) {
        return fail(checker, "makes the stack deeper than %d", MAX_STACK);
    }
    checker->stack = arena_grow(checker->arena, checker->stack, checker->height,
                                &checker->stack_capacity, 1);
    checker->stack[checker->height++] = type;
    return true;
}

/* Take any one value; '*type' may become TYPE_ANY. 'wanted' is for messages. */
static bool take(struct checker *checker, const char *wanted, uint8_t *type)
{
    const struct frame *frame = top(checker);
    if (checker->height > frame->height) {
        *type = checker->stack[--checker->height];
        return true;
    }
    *type = TYPE_ANY;
    return frame->is_unreachable ||
           fail(checker, "expects %s but the stack is empty", wanted);
}

static bool pop(struct checker *checker, uint8_t wanted)
{
    const char *name =
        wanted == TYPE_ANY ? "a value" : wasm_type_name((enum wasm_type)wanted);
    uint8_t type = TYPE_ANY;
    if (!take(checker, name, &type)) {
        return false;
    }
    return type == wanted || type == TYPE_ANY || wanted == TYPE_ANY ||
           fail(checker, "expects %s but the stack holds %s", name,
                wasm_type_name((enum wasm_type)type));
}

static bool pop_all(struct checker *checker, const uint8_t *types,
                    uint32_t count)
{
    for (uint32_t i = count; i > 0; i--) {
        if (!pop(checker, types[i - 1])) {
            return false;
        }
    }
    return true;
}

static bool push_all(struct checker *checker, const uint8_t *types,
                     uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!push(checker, types[i])) {
            return false;
        }
    }
    return true;
}

static bool enter(struct checker *checker, uint32_t code,
                  struct wasm_func_type type)
{
    checker->frames =
        arena_grow(checker->arena, checker->frames, checker->frame_count,
                   &checker->frame_capacity, sizeof(*checker->frames));
    checker->frames[checker->frame_count++] = (struct frame){
        .code = code,
        .type = type,
        .height = checker->height,
    };
    return true;
}

static bool check_block(struct checker *checker)
{
    const struct wasm_insn *insn = &checker->insn;
    struct wasm_func_type type =
        wasm_block_type(checker->module, insn->block_type);
    return (insn->code != CODE_IF || pop(checker, WASM_I32)) &&
           pop_all(checker, type.params, type.param_count) &&
           enter(checker, insn->code, type) &&
           push_all(checker, type.params, type.param_count);
}

/* The innermost block must hold its results and nothing else. */
static bool leave(struct checker *checker, struct frame *left)
{
    const struct frame *frame = top(checker);
    if (!pop_all(checker, frame->type.results, frame->type.result_count)) {
        return false;
    }
    if (checker->height != frame->height) {
        return fail(checker, "leaves %u more on the stack than its block gives",
                    checker->height - frame->height);
    }
    *left = *frame;
    checker->frame_count--;
    return true;
}

static bool check_else(struct checker *checker)
{
    struct frame frame = {0};
    return leave(checker, &frame) && enter(checker, CODE_ELSE, frame.type) &&
           push_all(checker, frame.type.params, frame.type.param_count);
}

static bool check_end(struct checker *checker)
{
    struct frame frame = {0};
    if (!leave(checker, &frame)) {
        return false;
    }
    const struct wasm_func_type *type = &frame.type;
    if (frame.code == CODE_IF &&
        (type->param_count != type->result_count ||
         (type->param_count > 0 &&
          memcmp(type->params, type->results, type->param_count) != 0))) {
        return fail(checker, "closes an if without else that must give values");
    }
    return checker->frame_count == 0 ||
           push_all(checker, type->results, type->result_count);
}

/* What a branch to 'label' carries. */
static void label_types(const struct checker *checker, uint32_t label,
                        const uint8_t **types, uint32_t *count)
{
    const struct frame *frame =
        &checker->frames[checker->frame_count - 1 - label];
    bool is_loop = frame->code == CODE_LOOP;
    *types = is_loop ? frame->type.params : frame->type.results;
    *count = is_loop ? frame->type.param_count : frame->type.result_count;
}

static void set_unreachable(struct checker *checker)
{
    struct frame *frame = top(checker);
    checker->height = frame->height;
    frame->is_unreachable = true;
}

static bool check_branch(struct checker *checker)
{
    const uint8_t *types = NULL;
    uint32_t count = 0;
    label_types(checker, checker->insn.index, &types, &count);
    if (checker->insn.code == CODE_BR_IF) {
        return pop(checker, WASM_I32) && pop_all(checker, types, count) &&
               push_all(checker, types, count);
    }
    if (!pop_all(checker, types, count)) {
        return false;
    }
    set_unreachable(checker);
    return true;
}

/* Does the top of the stack fit 'types'? Leaves the stack as it is. */
static bool match(struct checker *checker, const uint8_t *types, uint32_t count)
{
    uint32_t height = checker->height;
    bool fits = pop_all(checker, types, count);
    checker->height = height;
    return fits;
}

static bool check_branch_table(struct checker *checker)
{
    const struct wasm_insn *insn = &checker->insn;
    const uint8_t *types = NULL;
    uint32_t arity = 0;
    label_types(checker, insn->index, &types, &arity);
    if (!pop(checker, WASM_I32) || !match(checker, types, arity)) {
        return false;
    }
    struct wasm_insn rest = *insn; /* the labels from the next one on */
    const uint8_t *matched = types;
    while (rest.label_count > 0) {
        uint32_t count = 0;
        label_types(checker, wasm_insn_label(&rest, 0), &types, &count);
        if (count != arity) {
            return fail(checker, "has labels that carry %u and %u values",
                        arity, count);
        }
        if (types != matched && !match(checker, types, count)) {
            return false;
        }
        matched = types;
        while ((*rest.label_bytes++ & 0x80) != 0) {
        }
        rest.label_count--;
    }
    set_unreachable(checker);
    return true;
}

static bool is_number(uint8_t type)
{
    return type == TYPE_ANY || (type >= WASM_F64 && type <= WASM_I32);
}

static bool check_select(struct checker *checker)
{
    uint8_t second = TYPE_ANY;
    uint8_t first = TYPE_ANY;
    if (checker->insn.code == CODE_SELECT_TYPED) {
        uint8_t type = (uint8_t)checker->insn.index;
        return pop(checker, WASM_I32) && pop(checker, type) &&
               pop(checker, type) && push(checker, type);
    }
    if (!pop(checker, WASM_I32) || !take(checker, "a value", &second) ||
        !take(checker, "a value", &first)) {
        return false;
    }
    if (!is_number(first) || !is_number(second)) {
        return fail(checker, "expects numbers");
    }
    if (first != second && first != TYPE_ANY && second != TYPE_ANY) {
        return fail(checker,
                    "expects two of a type but the stack holds %s "
                    "and %s",
                    wasm_type_name((enum wasm_type)first),
                    wasm_type_name((enum wasm_type)second));
    }
    return push(checker, first != TYPE_ANY ? first : second);
}

static uint8_t local_type(const struct checker *checker, uint32_t index)
{
    const struct wasm_func_type *type =
        wasm_function_type(checker->module, checker->function);
    return index < type->param_count
               ? type->params[index]
               : checker->module->functions[checker->function]
                     .local_types[index - type->param_count];
}

static bool check_local(struct checker *checker)
{
    uint8_t type = local_type(checker, checker->insn.index);
    if (checker->insn.code == CODE_LOCAL_GET) {
        return push(checker, type);
    }
    return pop(checker, type) &&
           (checker->insn.code == CODE_LOCAL_SET || push(checker, type));
}

static bool check_global(struct checker *checker)
{
    const struct wasm_global *global =
        &checker->module->globals[checker->insn.index];
    if (checker->insn.code == CODE_GLOBAL_GET) {
        return push(checker, (uint8_t)global->type);
    }
    if (!global->is_mutable) {
        return fail(checker, "writes global %u, which is not mutable",
                    checker->insn.index);
    }
    return pop(checker, (uint8_t)global->type);
}

/* Instructions whose opcode says all: "ii:i". */
static bool check_plain(struct checker *checker)
{
    const char *type = checker->insn.opcode->type;
    if (type == NULL) {
        return fail(checker, "is not supported");
    }
    const char *colon = strchr(type, ':');
    for (const char *at = colon; at > type; at--) {
        if (!pop(checker, (uint8_t)wasm_letter_type(at[-1]))) {
            return false;
        }
    }
    for (const char *at = colon + 1; *at != '\0'; at++) {
        if (!push(checker, (uint8_t)wasm_letter_type(*at))) {
            return false;
        }
    }
    return true;
}

static bool check_call_indirect(struct checker *checker)
{
    const struct wasm_insn *insn = &checker->insn;
    const struct wasm_module *module = checker->module;
    const struct wasm_func_type *type = &module->types[insn->index];
    if (module->tables[insn->index2].type != WASM_FUNCREF) {
        return fail(checker, "needs a table of functions, table %u holds %s",
                    insn->index2,
                    wasm_type_name(module->tables[insn->index2].type));
    }
    return pop(checker, WASM_I32) &&
           pop_all(checker, type->params, type->param_count) &&
           push_all(checker, type->results, type->result_count);
}

static bool check_insn(struct checker *checker)
{
    const struct wasm_insn *insn = &checker->insn;
    const struct wasm_func_type *type = NULL;
    switch (insn->code) {
    case CODE_UNREACHABLE:
        set_unreachable(checker);
        return true;
    case CODE_BLOCK:
    case CODE_LOOP:
    case CODE_IF:
        return check_block(checker);
    case CODE_ELSE:
        return check_else(checker);
    case CODE_END:
        return check_end(checker);
    case CODE_BR:
    case CODE_BR_IF:
        return check_branch(checker);
    case CODE_BR_TABLE:
        return check_branch_table(checker);
    case CODE_RETURN:
        type = wasm_function_type(checker->module, checker->function);
        if (!pop_all(checker, type->results, type->result_count)) {
            return false;
        }
        set_unreachable(checker);
        return true;
    case CODE_CALL:
        type = wasm_function_type(checker->module, insn->index);
        return pop_all(checker, type->params, type->param_count) &&
               push_all(checker, type->results, type->result_count);
    case CODE_CALL_INDIRECT:
        return check_call_indirect(checker);
    case CODE_DROP:
        return pop(checker, TYPE_ANY);
    case CODE_SELECT:
    case CODE_SELECT_TYPED:
        return check_select(checker);
    case CODE_LOCAL_GET:
    case CODE_LOCAL_SET:
    case CODE_LOCAL_TEE:
        return check_local(checker);
    case CODE_GLOBAL_GET:
    case CODE_GLOBAL_SET:
        return check_global(checker);
    default:
        return check_plain(checker);
    }
}

static bool check_function(struct checker *checker, uint32_t index)
{
    const struct wasm_module *module = checker->module;
    const struct wasm_function *function = &module->functions[index];
    checker->function = index;
    checker->height = 0;
    checker->frame_count = 0;
    if (!enter(checker, 0, *wasm_function_type(module, index))) {
        return false;
    }
    size_t offset = function->code_offset;
    while (offset < function->end_offset) {
        if (!wasm_insn_read(module, &offset, function->end_offset,
                            &checker->insn, checker->diag) ||
            !check_insn(checker)) {
            return false;
        }
    }
    return true;
}

bool wasm_bodies_validate(const struct wasm_module *module, struct arena *arena,
                          struct diag *diag)
{
    struct checker checker = {
        .module = module,
        .arena = arena,
        .diag = diag,
    };
    for (uint32_t i = module->imported_function_count;
         i < module->function_count; i++) {
        if (!check_function(&checker, i)) {
            return false;
        }
    }
    return true;
}
