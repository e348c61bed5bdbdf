/* SPDX-License-Identifier: MIT */
#include "wasm/callgraph.h"

enum colour { UNSEEN, OPEN, DONE };

struct node {
    enum colour colour;
    uint64_t stack; /* bytes that it and its callees need; valid when DONE */
    size_t at;      /* next instruction to look at while OPEN */
};

struct walk {
    const struct wasm_module *module;
    struct node *nodes;
    uint32_t *path; /* functions that are OPEN, outermost first */
    uint32_t depth;
};

/* The next function that 'function' calls, or UINT32_MAX. */
static uint32_t next_callee(const struct walk *walk, uint32_t function)
{
    const struct wasm_function *body = &walk->module->functions[function];
    struct node *node = &walk->nodes[function];
    struct diag diag;
    diag_init(&diag, NULL);
    struct wasm_insn insn;
    while (!body->is_imported && node->at < body->end_offset &&
           wasm_insn_read(walk->module, &node->at, body->end_offset, &insn,
                          &diag)) {
        if (insn.code == CODE_CALL) {
            return insn.index;
        }
    }
    return UINT32_MAX;
}

/*
 * An upper estimate for -O0: a slot for each local and for each value that an
 * instruction (two bytes at least) may push, and what every call costs.
 */
static uint64_t frame_bytes(const struct wasm_module *module, uint32_t index)
{
    enum { SLOT_BYTES = 8, CALL_BYTES = 256, INSN_BYTES = 2 };
    const struct wasm_function *function = &module->functions[index];
    uint64_t code = function->end_offset - function->code_offset;
    uint64_t slots = wasm_function_type(module, index)->param_count +
                     (uint64_t)function->local_count + code / INSN_BYTES;
    return CALL_BYTES + slots * SLOT_BYTES;
}

static void add_callee(struct walk *walk, uint32_t caller, uint32_t callee)
{
    uint64_t stack =
        frame_bytes(walk->module, caller) + walk->nodes[callee].stack;
    if (walk->nodes[caller].stack < stack) {
        walk->nodes[caller].stack = stack;
    }
}

static void open_node(struct walk *walk, uint32_t function)
{
    walk->nodes[function] =
        (struct node){.colour = OPEN,
                      .stack = frame_bytes(walk->module, function),
                      .at = walk->module->functions[function].code_offset};
    walk->path[walk->depth++] = function;
}

/* The function on top of the path is done; its caller learns of it. */
static void close_node(struct walk *walk)
{
    uint32_t done = walk->path[--walk->depth];
    walk->nodes[done].colour = DONE;
    if (walk->depth > 0) {
        add_callee(walk, walk->path[walk->depth - 1], done);
    }
}

/* Follow the calls from a function; true when they come to one on the way. */
static bool meets_cycle(struct walk *walk, uint32_t root)
{
    if (walk->nodes[root].colour == UNSEEN) {
        open_node(walk, root);
    }
    while (walk->depth > 0) {
        uint32_t caller = walk->path[walk->depth - 1];
        uint32_t callee = next_callee(walk, caller);
        if (callee == UINT32_MAX) {
            close_node(walk);
        } else if (walk->nodes[callee].colour == UNSEEN) {
            open_node(walk, callee);
        } else if (walk->nodes[callee].colour == OPEN) {
            return true;
        } else {
            add_callee(walk, caller, callee);
        }
    }
    return false;
}

static void start_walk(struct walk *walk, const struct wasm_module *module,
                       struct arena *arena)
{
    *walk = (struct walk){
        .module = module,
        .nodes =
            arena_alloc(arena, module->function_count, sizeof(*walk->nodes)),
        .path = arena_alloc(arena, module->function_count, sizeof(*walk->path)),
    };
}

static bool is_recursive_from(struct walk *walk, uint32_t root)
{
    return meets_cycle(walk, root) ||
           walk->nodes[root].stack > CALLGRAPH_MAX_STACK;
}

bool callgraph_is_recursive(const struct wasm_module *module,
                            struct arena *arena)
{
    struct walk walk;
    start_walk(&walk, module, arena);
    for (uint32_t i = 0; i < module->export_count; i++) {
        const struct wasm_export *export = &module->exports[i];
        if (export->kind == WASM_FUNCTION &&
            is_recursive_from(&walk, export->index)) {
            return true;
        }
    }
    return module->has_start &&
           is_recursive_from(&walk, module->start_function);
}

bool callgraph_has_cycle(const struct wasm_module *module, struct arena *arena)
{
    struct walk walk;
    start_walk(&walk, module, arena);
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (meets_cycle(&walk, i)) {
            return true;
        }
    }
    return false;
}
