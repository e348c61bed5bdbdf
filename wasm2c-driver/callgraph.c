/* SPDX-License-Identifier: MIT */
#include "callgraph.h"

enum { OPCODE_CALL = 0x10 };

enum colour { UNSEEN, OPEN, DONE };

struct node {
    enum colour colour;
    uint32_t height; /* calls below it, itself included; valid when DONE */
    size_t at;       /* next instruction to look at while OPEN */
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
        if (insn.code == OPCODE_CALL) {
            return insn.index;
        }
    }
    return UINT32_MAX;
}

static void open_node(struct walk *walk, uint32_t function)
{
    walk->nodes[function] =
        (struct node){.colour = OPEN,
                      .height = 1,
                      .at = walk->module->functions[function].code_offset};
    walk->path[walk->depth++] = function;
}

/* The function on top of the path is done; its caller is one higher. */
static void close_node(struct walk *walk)
{
    const struct node *node = &walk->nodes[walk->path[--walk->depth]];
    walk->nodes[walk->path[walk->depth]].colour = DONE;
    if (walk->depth > 0) {
        struct node *caller = &walk->nodes[walk->path[walk->depth - 1]];
        if (caller->height < node->height + 1) {
            caller->height = node->height + 1;
        }
    }
}

static bool is_recursive_from(struct walk *walk, uint32_t root)
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
        } else if (walk->nodes[caller].height <
                   walk->nodes[callee].height + 1) {
            walk->nodes[caller].height = walk->nodes[callee].height + 1;
        }
    }
    return walk->nodes[root].height > CALLGRAPH_MAX_DEPTH;
}

bool callgraph_is_recursive(const struct wasm_module *module,
                            struct arena *arena)
{
    struct walk walk = {
        .module = module,
        .nodes =
            arena_alloc(arena, module->function_count, sizeof(*walk.nodes)),
        .path = arena_alloc(arena, module->function_count, sizeof(*walk.path)),
    };
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
