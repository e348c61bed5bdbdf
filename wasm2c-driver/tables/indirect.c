/* SPDX-License-Identifier: MIT */
#include "tables/indirect.h"

#include "tables/function_table.h"
#include "wasm/wasm_write.h"

/* A made function that chooses: of each caller one for each type and table. */
struct chooser {
    uint32_t made; /* index into 'made' */
    uint32_t type; /* of the call */
    uint32_t table;
};

struct resolving {
    struct wasm_module *module; /* the result */
    struct function_table *tables;
    struct buf code; /* behind the bytes of the file */
    struct wasm_made *made;
    uint32_t made_count;
    uint32_t made_capacity;
    struct chooser *choosers;
    uint32_t chooser_count;
    uint32_t chooser_capacity;
    struct wasm_moved *moved;
    uint32_t moved_count;
    uint32_t moved_capacity;
    uint32_t *case_of;               /* by function, 0 between two choosers */
    uint32_t traps[WASM_MADE_KINDS]; /* made ones of 'trap_caller'; 0: none */
    uint32_t trap_caller;
    uint32_t own_function_count;

    uint32_t type_capacity;
    uint64_t targets;
    struct arena *arena;
};

/* ---- Functions ---- */

static uint32_t add_made(struct resolving *resolving, struct wasm_made made)
{
    resolving->made =
        arena_grow(resolving->arena, resolving->made, resolving->made_count,
                   &resolving->made_capacity, sizeof(*resolving->made));
    resolving->made[resolving->made_count] = made;
    return resolving->made_count++;
}

/* The index of the caller's function that traps in this way. Choosers come
 * caller by caller, and before all that traps: number 0 is none of these. */
static uint32_t find_trap(struct resolving *resolving,
                          const struct wasm_made *chooser,
                          enum wasm_made_kind kind)
{
    if (resolving->trap_caller != chooser->caller) {
        memset(resolving->traps, 0, sizeof(resolving->traps));
        resolving->trap_caller = chooser->caller;
    }
    if (resolving->traps[kind] == 0) {
        struct wasm_made wanted = *chooser;
        wanted.kind = kind;
        resolving->traps[kind] = add_made(resolving, wanted);
    }
    return resolving->own_function_count + resolving->traps[kind];
}

/* The index of what chooses for this call. */
static uint32_t find_chooser(struct resolving *resolving, uint32_t caller,
                             const struct wasm_insn *insn)
{
    for (uint32_t i = resolving->chooser_count; i > 0; i--) {
        const struct chooser *chooser = &resolving->choosers[i - 1];
        if (resolving->made[chooser->made].caller != caller) {
            break;
        }
        if (chooser->type == insn->index && chooser->table == insn->index2) {
            return resolving->own_function_count + chooser->made;
        }
    }
    resolving->choosers = arena_grow(
        resolving->arena, resolving->choosers, resolving->chooser_count,
        &resolving->chooser_capacity, sizeof(*resolving->choosers));
    uint32_t made = add_made(
        resolving, (struct wasm_made){WASM_MADE_CHOICE, caller, insn->offset});
    resolving->choosers[resolving->chooser_count++] =
        (struct chooser){made, insn->index, insn->index2};
    return resolving->own_function_count + made;
}

/* ---- Types ---- */

static bool is_same(const struct wasm_func_type *a,
                    const struct wasm_func_type *b)
{
    return a->param_count == b->param_count &&
           a->result_count == b->result_count &&
           (a->param_count == 0 ||
            memcmp(a->params, b->params, a->param_count) == 0) &&
           (a->result_count == 0 ||
            memcmp(a->results, b->results, a->result_count) == 0);
}

static uint32_t find_type(struct resolving *resolving,
                          const struct wasm_func_type *type)
{
    struct wasm_module *module = resolving->module;
    for (uint32_t i = 0; i < module->type_count; i++) {
        if (is_same(&module->types[i], type)) {
            return i;
        }
    }
    module->types =
        arena_grow(resolving->arena, module->types, module->type_count,
                   &resolving->type_capacity, sizeof(*module->types));
    module->types[module->type_count] = *type;
    return module->type_count++;
}

/* The type of a call, with the index behind its parameters. */
static uint32_t chooser_type(struct resolving *resolving, uint32_t call)
{
    struct wasm_func_type type = resolving->module->types[call];
    uint8_t *params =
        arena_alloc(resolving->arena, (size_t)type.param_count + 1, 1);
    if (type.param_count > 0) {
        memcpy(params, type.params, type.param_count);
    }
    params[type.param_count++] = WASM_I32;
    type.params = params;
    return find_type(resolving, &type);
}

/* ---- Code ---- */

static void write_op(struct resolving *resolving, uint32_t code,
                     uint32_t immediate)
{
    buf_byte(&resolving->code, code);
    wasm_write_u32(&resolving->code, immediate);
}

/* Everything that is written from here on comes from 'original' on, or from
 * that instruction alone. */
static void note_origin(struct resolving *resolving, size_t original,
                        bool is_made)
{
    resolving->moved =
        arena_grow(resolving->arena, resolving->moved, resolving->moved_count,
                   &resolving->moved_capacity, sizeof(*resolving->moved));
    resolving->moved[resolving->moved_count++] = (struct wasm_moved){
        resolving->module->size + resolving->code.length, original, is_made};
}

static void write_trap(struct resolving *resolving,
                       const struct wasm_made *chooser,
                       enum wasm_made_kind kind)
{
    write_op(resolving, CODE_CALL, find_trap(resolving, chooser, kind));
}

/* The label of each element: 'cases' of them are different functions of the
 * right type, each listed once in 'targets'. */
static uint32_t find_targets(struct resolving *resolving,
                             const struct chooser *chooser, uint32_t *labels,
                             uint32_t *targets)
{
    const struct wasm_module *module = resolving->module;
    const struct function_table *table = &resolving->tables[chooser->table];
    uint32_t *case_of = resolving->case_of;
    uint32_t cases = 0;
    for (uint32_t i = 0; i < table->used; i++) {
        uint32_t function = table->functions[i];
        if (function == TABLE_NO_FUNCTION) {
            labels[i] = UINT32_MAX;
        } else if (!is_same(wasm_function_type(module, function),
                            &module->types[chooser->type])) {
            labels[i] = UINT32_MAX - 1;
        } else {
            if (case_of[function] == 0) {
                targets[cases++] = function;
                case_of[function] = cases;
            }
            labels[i] = case_of[function] - 1;
        }
    }
    for (uint32_t i = 0; i < cases; i++) {
        case_of[targets[i]] = 0;
    }
    return cases;
}

/*
 * Blocks in blocks: behind the end of the innermost one stands the call of the
 * first function, and so on; then what traps for another type, for null, and
 * for an index that the jump's list does not have: null as well, or none of
 * the table's.
 */
static void write_choice(struct resolving *resolving,
                         const struct chooser *chooser)
{
    enum { BLOCK_OF_NOTHING = 0x40 };
    struct buf *code = &resolving->code;
    const struct wasm_made made = resolving->made[chooser->made];
    const struct function_table *table = &resolving->tables[chooser->table];
    uint32_t params = resolving->module->types[chooser->type].param_count;
    uint32_t *labels =
        arena_alloc(resolving->arena, table->used, sizeof(*labels));
    uint32_t *targets =
        arena_alloc(resolving->arena, table->used, sizeof(*targets));
    uint32_t cases = find_targets(resolving, chooser, labels, targets);
    bool has_null = false;
    bool has_other = false;
    resolving->targets += (uint64_t)cases + table->used;
    for (uint32_t i = 0; i < cases + 3; i++) {
        write_op(resolving, CODE_BLOCK, BLOCK_OF_NOTHING);
    }
    write_op(resolving, CODE_LOCAL_GET, params);
    write_op(resolving, CODE_BR_TABLE, table->used);
    for (uint32_t i = 0; i < table->used; i++) {
        has_null = has_null || labels[i] == UINT32_MAX;
        has_other = has_other || labels[i] == UINT32_MAX - 1;
        wasm_write_u32(code, labels[i] == UINT32_MAX       ? cases + 1
                             : labels[i] == UINT32_MAX - 1 ? cases
                                                           : labels[i]);
    }
    wasm_write_u32(code, cases + 2);
    for (uint32_t i = 0; i < cases; i++) {
        buf_byte(code, CODE_END);
        for (uint32_t k = 0; k < params; k++) {
            write_op(resolving, CODE_LOCAL_GET, k);
        }
        write_op(resolving, CODE_CALL, targets[i]);
        buf_byte(code, CODE_RETURN);
    }
    buf_byte(code, CODE_END);
    if (has_other) {
        write_trap(resolving, &made, WASM_MADE_OTHER_TYPE);
    }
    buf_byte(code, CODE_UNREACHABLE);
    buf_byte(code, CODE_END);
    if (has_null) {
        write_trap(resolving, &made, WASM_MADE_NULL);
    }
    buf_byte(code, CODE_UNREACHABLE);
    buf_byte(code, CODE_END);
    if (table->size > table->used) {
        write_op(resolving, CODE_LOCAL_GET, params);
        buf_byte(code, CODE_I32_CONST);
        wasm_write_s32(code, (int32_t)table->size);
        buf_byte(code, CODE_I32_LT_U);
        write_op(resolving, CODE_IF, BLOCK_OF_NOTHING);
        write_trap(resolving, &made, WASM_MADE_NULL);
        buf_byte(code, CODE_END);
    }
    write_trap(resolving, &made, WASM_MADE_NO_ELEMENT);
    buf_byte(code, CODE_UNREACHABLE);
}

static bool has_indirect_call(const struct wasm_module *module,
                              uint32_t function, struct diag *diag)
{
    const struct wasm_function *body = &module->functions[function];
    struct wasm_insn insn;
    for (size_t at = body->code_offset;
         !body->is_imported && at < body->end_offset;) {
        if (!wasm_insn_read(module, &at, body->end_offset, &insn, diag)) {
            return false;
        }
        if (insn.code == CODE_CALL_INDIRECT) {
            return true;
        }
    }
    return false;
}

/* A copy of the body, with calls of what chooses. */
static bool rewrite(struct resolving *resolving, uint32_t function,
                    struct diag *diag)
{
    struct wasm_module *module = resolving->module;
    struct wasm_function *body = &module->functions[function];
    size_t start = module->size + resolving->code.length;
    size_t copied = body->body_offset;
    struct wasm_insn insn;
    note_origin(resolving, copied, false);
    for (size_t at = body->code_offset; at < body->end_offset;) {
        if (!wasm_insn_read(module, &at, body->end_offset, &insn, diag)) {
            return false;
        }
        if (insn.code == CODE_CALL_INDIRECT) {
            buf_add(&resolving->code, module->bytes + copied,
                    insn.offset - copied);
            note_origin(resolving, insn.offset, true);
            write_op(resolving, CODE_CALL,
                     find_chooser(resolving, function, &insn));
            copied = insn.end;
            note_origin(resolving, copied, false);
        }
    }
    buf_add(&resolving->code, module->bytes + copied,
            body->end_offset - copied);
    body->code_offset = start + (body->code_offset - body->body_offset);
    body->body_offset = start;
    body->end_offset = module->size + resolving->code.length;
    return true;
}

/* The functions behind those of the file. Writing one may make more. */
static bool write_made(struct resolving *resolving, struct diag *diag)
{
    struct wasm_module *module = resolving->module;
    const struct wasm_func_type nothing = {NULL, NULL, 0, 0};
    uint32_t capacity = module->function_count;
    uint32_t chooser = 0;
    for (uint32_t i = 0; i < resolving->made_count; i++) {
        module->functions = arena_grow(resolving->arena, module->functions,
                                       module->function_count, &capacity,
                                       sizeof(*module->functions));
        struct wasm_function *function =
            &module->functions[module->function_count];
        bool is_choice = resolving->made[i].kind == WASM_MADE_CHOICE;
        *function = (struct wasm_function){
            .type = is_choice ? chooser_type(resolving,
                                             resolving->choosers[chooser].type)
                              : find_type(resolving, &nothing),
        };
        module->function_count++;
        note_origin(resolving, resolving->made[i].origin, true);
        function->body_offset = module->size + resolving->code.length;
        buf_byte(&resolving->code, 0); /* no locals */
        function->code_offset = function->body_offset + 1;
        if (is_choice) {
            write_choice(resolving, &resolving->choosers[chooser++]);
        } else {
            buf_byte(&resolving->code, CODE_UNREACHABLE);
        }
        buf_byte(&resolving->code, CODE_END);
        function->end_offset = module->size + resolving->code.length;
        if (resolving->targets > INDIRECT_MAX_TARGETS) {
            (void)diag_input(diag, (int64_t)resolving->made[i].origin,
                             "the indirect calls have more than %d targets",
                             INDIRECT_MAX_TARGETS);
            return diag_hint(diag, "make tables smaller, or let fewer "
                                   "functions call through them");
        }
    }
    return true;
}

/* The result's own lists, with room for what is made. */
static void copy_lists(struct resolving *resolving,
                       const struct wasm_module *module)
{
    struct wasm_func_type *types =
        arena_alloc(resolving->arena, module->type_count, sizeof(*types));
    memcpy(types, module->types, module->type_count * sizeof(*types));
    resolving->module->types = types;
    resolving->type_capacity = module->type_count;
    struct wasm_function *functions = arena_alloc(
        resolving->arena, module->function_count, sizeof(*functions));
    memcpy(functions, module->functions,
           module->function_count * sizeof(*functions));
    resolving->module->functions = functions;
}

static void join_bytes(struct resolving *resolving)
{
    struct wasm_module *module = resolving->module;
    size_t size = module->size + resolving->code.length;
    uint8_t *bytes = arena_alloc(resolving->arena, size, 1);
    memcpy(bytes, module->bytes, module->size);
    memcpy(bytes + module->size, resolving->code.bytes, resolving->code.length);
    module->bytes = bytes;
    module->size = size;
}

bool indirect_resolve(struct wasm_module *result,
                      const struct wasm_module *module, struct arena *arena,
                      struct diag *diag)
{
    struct resolving resolving = {
        .module = result,
        .own_function_count = module->function_count,
        .arena = arena,
    };
    *result = *module;
    resolving.case_of =
        arena_alloc(arena, module->function_count, sizeof(*resolving.case_of));
    resolving.trap_caller = UINT32_MAX;
    buf_init(&resolving.code, arena);
    if (!tables_read(&resolving.tables, module, arena, diag)) {
        return false;
    }
    bool has_lists = false;
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (!has_indirect_call(module, i, diag)) {
            continue;
        }
        if (!has_lists) {
            copy_lists(&resolving, module);
            has_lists = true;
        }
        if (!rewrite(&resolving, i, diag)) {
            return false;
        }
    }
    result->table_count = 0;
    result->element_count = 0;
    if (resolving.made_count == 0) {
        return diag->kind == DIAG_NONE;
    }
    if (!write_made(&resolving, diag)) {
        return false;
    }
    join_bytes(&resolving);
    result->made = resolving.made;
    result->made_count = resolving.made_count;
    result->moved = resolving.moved;
    result->moved_count = resolving.moved_count;
    return true;
}

/* Where the code came from that was moved or made last. */
static size_t moved_from(const struct wasm_module *module, size_t offset)
{
    uint32_t first = 0;
    uint32_t count = module->moved_count;
    while (count > 1) { /* the last one that is not behind it */
        uint32_t half = count / 2;
        if (module->moved[first + half].at <= offset) {
            first += half;
            count -= half;
        } else {
            count = half;
        }
    }
    const struct wasm_moved *moved = &module->moved[first];
    return moved->original + (moved->is_made ? 0 : offset - moved->at);
}

size_t indirect_origin(const struct wasm_module *module, size_t offset)
{
    while (module->moved_count > 0 && offset >= module->moved[0].at) {
        offset = moved_from(module, offset);
    }
    return offset;
}

static const struct wasm_made *find_made(const struct wasm_module *module,
                                         uint32_t function)
{
    uint32_t own = module->function_count - module->made_count;
    return function < own ? NULL : &module->made[function - own];
}

uint32_t indirect_caller(const struct wasm_module *module, uint32_t function)
{
    const struct wasm_made *made = find_made(module, function);
    return made == NULL ? function : made->caller;
}

const char *indirect_trap_text(const struct wasm_module *module,
                               uint32_t function)
{
    static const char *const texts[WASM_MADE_KINDS] = {
        [WASM_MADE_NO_ELEMENT] = "table index is out of bounds",
        [WASM_MADE_NULL] = "null function",
        [WASM_MADE_OTHER_TYPE] = "function signature mismatch",
    };
    const struct wasm_made *made = find_made(module, function);
    return made == NULL ? NULL : texts[made->kind];
}

const char *indirect_name(const struct wasm_module *module, uint32_t function,
                          struct arena *arena)
{
    static const char *const names[WASM_MADE_KINDS] = {
        [WASM_MADE_CHOICE] = "f4eCallThroughATableWithTheTypeOfNumber",
        [WASM_MADE_NO_ELEMENT] = "f4eTrapForAnIndexThatIsOutOfBounds",
        [WASM_MADE_NULL] = "f4eTrapForAnElementThatIsNoFunction",
        [WASM_MADE_OTHER_TYPE] = "f4eTrapForAFunctionOfAnotherSignature",
        [WASM_MADE_COPY] = "f4eCopyForOneCallWithTheNumberThatIs",
    };
    const struct wasm_made *made = find_made(module, function);
    return made == NULL ? NULL
           : made->kind == WASM_MADE_CHOICE || made->kind == WASM_MADE_COPY
               ? arena_format(arena, "%s%u", names[made->kind], function)
               : names[made->kind];
}
