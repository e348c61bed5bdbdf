/* SPDX-License-Identifier: MIT */
#include "tables/copies.h"

#include "wasm/wasm_write.h"

enum colour { UNSEEN, OPEN, DONE };

struct node {
    enum colour colour;
    size_t at;           /* next instruction to look at while OPEN */
    bool reaches_memory; /* it, or what it calls */
    bool is_root;        /* the host calls it */
    bool is_copied;      /* for each call */
    uint64_t calls;      /* of it, in all bodies that there will be */
};

struct copying {
    const struct wasm_module *from;
    struct wasm_module *module; /* the result */
    struct node *nodes;
    uint32_t *order; /* functions that the host reaches, callees first */
    uint32_t order_count;
    uint32_t *path; /* those that are OPEN, outermost first */
    uint32_t depth;
    struct buf code;  /* behind the module's bytes */
    uint32_t *copies; /* of which function of 'from' */
    uint32_t copy_count;
    uint32_t copy_capacity;
    struct wasm_moved *moved;
    uint32_t moved_count;
    uint32_t moved_capacity;
    struct arena *arena;
};

/* ---- Who calls whom ---- */

static bool is_access(uint32_t code)
{
    return (code >= CODE_I32_LOAD && code <= CODE_I64_STORE32) ||
           code == CODE_MEMORY_FILL || code == CODE_MEMORY_COPY ||
           code == CODE_MEMORY_INIT;
}

/* The next instruction of a body from '*at' on; false at its end. It has been
 * decoded before. */
static bool next_insn(const struct wasm_module *module, uint32_t function,
                      size_t *at, struct wasm_insn *insn)
{
    const struct wasm_function *body = &module->functions[function];
    struct diag diag;
    diag_init(&diag, NULL);
    return !body->is_imported && *at < body->end_offset &&
           wasm_insn_read(module, at, body->end_offset, insn, &diag);
}

static void open_node(struct copying *copying, uint32_t function)
{
    copying->nodes[function].colour = OPEN;
    copying->nodes[function].at =
        copying->from->functions[function].code_offset;
    copying->path[copying->depth++] = function;
}

static void close_node(struct copying *copying)
{
    uint32_t done = copying->path[--copying->depth];
    copying->nodes[done].colour = DONE;
    copying->order[copying->order_count++] = done;
    if (copying->depth > 0 && copying->nodes[done].reaches_memory) {
        copying->nodes[copying->path[copying->depth - 1]].reaches_memory = true;
    }
}

/* False: functions call each other in a circle. */
static bool visit(struct copying *copying, uint32_t root)
{
    if (copying->nodes[root].colour == UNSEEN) {
        open_node(copying, root);
    }
    while (copying->depth > 0) {
        uint32_t function = copying->path[copying->depth - 1];
        struct node *node = &copying->nodes[function];
        struct wasm_insn insn;
        if (!next_insn(copying->from, function, &node->at, &insn)) {
            close_node(copying);
        } else if (is_access(insn.code)) {
            node->reaches_memory = true;
        } else if (insn.code == CODE_CALL) {
            const struct node *callee = &copying->nodes[insn.index];
            if (callee->colour == OPEN) {
                return false;
            }
            node->reaches_memory =
                node->reaches_memory || callee->reaches_memory;
            if (callee->colour == UNSEEN) {
                open_node(copying, insn.index);
            }
        }
    }
    return true;
}

static bool visit_all(struct copying *copying)
{
    const struct wasm_module *module = copying->from;
    for (uint32_t i = 0; i < module->export_count; i++) {
        const struct wasm_export *export = &module->exports[i];
        if (export->kind == WASM_FUNCTION) {
            copying->nodes[export->index].is_root = true;
            if (!visit(copying, export->index)) {
                return false;
            }
        }
    }
    return !module->has_start;
}

/* ---- Which are copied ---- */

static uint64_t body_bytes(const struct wasm_module *module, uint32_t function)
{
    const struct wasm_function *body = &module->functions[function];
    return body->end_offset - body->body_offset;
}

static bool has_pointer(const struct wasm_module *module, uint32_t function)
{
    const struct wasm_func_type *type = wasm_function_type(module, function);
    for (uint32_t i = 0; i < type->param_count; i++) {
        if (type->params[i] == WASM_I32) {
            return true;
        }
    }
    return false;
}

/* Callers come before those that they call: how many bodies call a function is
 * known when it is decided on. */
static bool choose(struct copying *copying)
{
    const struct wasm_module *module = copying->from;
    uint32_t own = module->function_count - module->made_count;
    uint64_t room = 0;
    bool is_any = false;
    for (uint32_t i = 0; i < copying->order_count; i++) {
        room += body_bytes(module, copying->order[i]);
    }
    room = room > COPIES_LEAST_BYTES ? room : COPIES_LEAST_BYTES;
    for (uint32_t i = copying->order_count; i > 0; i--) {
        uint32_t function = copying->order[i - 1];
        struct node *node = &copying->nodes[function];
        uint64_t bytes = node->calls * body_bytes(module, function);
        node->is_copied = function < own && node->reaches_memory &&
                          has_pointer(module, function) &&
                          node->calls + (node->is_root ? 1 : 0) > 1 &&
                          node->calls <= COPIES_MAX_CALLS &&
                          bytes <= COPIES_MAX_BYTES_OF_ONE && bytes <= room;
        uint64_t bodies = 1;
        if (node->is_copied) {
            room -= bytes;
            is_any = true;
            bodies = node->calls + (node->is_root ? 1 : 0);
        }
        struct wasm_insn insn;
        for (size_t at = module->functions[function].code_offset;
             next_insn(module, function, &at, &insn);) {
            if (insn.code == CODE_CALL) {
                copying->nodes[insn.index].calls += bodies;
            }
        }
    }
    return is_any;
}

/* ---- Code ---- */

/* What is written from here on comes from 'original' on, or from that
 * instruction alone. */
static void note_origin(struct copying *copying, size_t original, bool is_made)
{
    copying->moved =
        arena_grow(copying->arena, copying->moved, copying->moved_count,
                   &copying->moved_capacity, sizeof(*copying->moved));
    copying->moved[copying->moved_count++] = (struct wasm_moved){
        copying->from->size + copying->code.length, original, is_made};
}

static uint32_t add_copy(struct copying *copying, uint32_t of)
{
    copying->copies =
        arena_grow(copying->arena, copying->copies, copying->copy_count,
                   &copying->copy_capacity, sizeof(*copying->copies));
    copying->copies[copying->copy_count] = of;
    return copying->from->function_count + copying->copy_count++;
}

/* The body of 'of', with calls of copies, as that of 'function'. */
static void write_body(struct copying *copying, uint32_t of, uint32_t function)
{
    const struct wasm_module *from = copying->from;
    const struct wasm_function *body = &from->functions[of];
    struct wasm_function *written = &copying->module->functions[function];
    size_t start = from->size + copying->code.length;
    size_t done = body->body_offset;
    struct wasm_insn insn;
    note_origin(copying, done, false);
    for (size_t at = body->code_offset; next_insn(from, of, &at, &insn);) {
        if (insn.code == CODE_CALL && copying->nodes[insn.index].is_copied) {
            buf_add(&copying->code, from->bytes + done, insn.offset - done);
            note_origin(copying, insn.offset, true);
            buf_byte(&copying->code, CODE_CALL);
            wasm_write_u32(&copying->code, add_copy(copying, insn.index));
            done = insn.end;
            note_origin(copying, done, false);
        }
    }
    buf_add(&copying->code, from->bytes + done, body->end_offset - done);
    *written = *body;
    written->debug_name =
        function == of ? body->debug_name : (struct wasm_name){NULL, 0};
    written->body_offset = start;
    written->code_offset = start + (body->code_offset - body->body_offset);
    written->end_offset = from->size + copying->code.length;
}

static bool calls_copies(const struct copying *copying, uint32_t function)
{
    struct wasm_insn insn;
    for (size_t at = copying->from->functions[function].code_offset;
         next_insn(copying->from, function, &at, &insn);) {
        if (insn.code == CODE_CALL && copying->nodes[insn.index].is_copied) {
            return true;
        }
    }
    return false;
}

/* Bodies that stay what they are but for calls, then all copies; writing one
 * may make more. */
static void write_all(struct copying *copying)
{
    struct wasm_module *module = copying->module;
    uint32_t capacity = module->function_count;
    for (uint32_t i = 0; i < copying->order_count; i++) {
        uint32_t function = copying->order[i];
        const struct node *node = &copying->nodes[function];
        if ((node->is_root || !node->is_copied) &&
            calls_copies(copying, function)) {
            write_body(copying, function, function);
        }
    }
    for (uint32_t i = 0; i < copying->copy_count; i++) {
        module->functions = arena_grow(copying->arena, module->functions,
                                       module->function_count, &capacity,
                                       sizeof(*module->functions));
        uint32_t function = module->function_count++;
        write_body(copying, copying->copies[i], function);
    }
}

/* ---- The module's lists ---- */

static void *copy_list(const void *list, uint32_t count, uint32_t more,
                       size_t size, struct arena *arena)
{
    char *copy = arena_alloc(arena, (size_t)count + more, size);
    if (count > 0) {
        memcpy(copy, list, count * size);
    }
    return copy;
}

static void join_lists(struct copying *copying)
{
    const struct wasm_module *from = copying->from;
    struct wasm_module *module = copying->module;
    struct arena *arena = copying->arena;
    struct wasm_made *made =
        copy_list(from->made, from->made_count, copying->copy_count,
                  sizeof(*made), arena);
    for (uint32_t i = 0; i < copying->copy_count; i++) {
        uint32_t of = copying->copies[i];
        made[from->made_count + i] = (struct wasm_made){
            WASM_MADE_COPY, of, from->functions[of].code_offset};
    }
    struct wasm_moved *moved =
        copy_list(from->moved, from->moved_count, copying->moved_count,
                  sizeof(*moved), arena);
    memcpy(moved + from->moved_count, copying->moved,
           copying->moved_count * sizeof(*moved));
    uint8_t *bytes = arena_alloc(arena, from->size + copying->code.length, 1);
    memcpy(bytes, from->bytes, from->size);
    memcpy(bytes + from->size, copying->code.bytes, copying->code.length);
    module->made = made;
    module->made_count += copying->copy_count;
    module->moved = moved;
    module->moved_count += copying->moved_count;
    module->bytes = bytes;
    module->size += copying->code.length;
}

void copies_make(struct wasm_module *result, const struct wasm_module *module,
                 struct arena *arena)
{
    uint32_t count = module->function_count;
    struct copying copying = {
        .from = module,
        .module = result,
        .nodes = arena_alloc(arena, count, sizeof(*copying.nodes)),
        .order = arena_alloc(arena, count, sizeof(*copying.order)),
        .path = arena_alloc(arena, count, sizeof(*copying.path)),
        .arena = arena,
    };
    *result = *module;
    if (!visit_all(&copying) || !choose(&copying)) {
        return;
    }
    buf_init(&copying.code, arena);
    result->functions = copy_list(module->functions, count, 0,
                                  sizeof(*module->functions), arena);
    write_all(&copying);
    join_lists(&copying);
}
