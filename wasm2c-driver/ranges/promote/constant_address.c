/* SPDX-License-Identifier: MIT */
#include "ranges/promote/constant_address.h"

#include <string.h>

enum { MOST_INSTRUCTIONS = 256 }; /* that are looked at, backwards */

struct effect {
    uint32_t pops;
    uint32_t pushes;
};

/* False for what ends a straight line. */
static bool find_effect(const struct wasm_module *module,
                        const struct wasm_insn *insn, struct effect *effect)
{
    const char *type = insn->opcode->type;
    const struct wasm_func_type *function = NULL;
    switch (insn->code) {
    case CODE_LOCAL_GET:
    case CODE_GLOBAL_GET:
        *effect = (struct effect){0, 1};
        return true;
    case CODE_LOCAL_SET:
    case CODE_GLOBAL_SET:
    case CODE_DROP:
        *effect = (struct effect){1, 0};
        return true;
    case CODE_LOCAL_TEE:
        *effect = (struct effect){1, 1};
        return true;
    case CODE_SELECT:
        *effect = (struct effect){3, 1};
        return true;
    case CODE_CALL:
        function = wasm_function_type(module, insn->index);
        *effect =
            (struct effect){function->param_count, function->result_count};
        return true;
    default:
        if (type == NULL) {
            return false;
        }
        effect->pops = (uint32_t)strcspn(type, ":");
        effect->pushes = (uint32_t)strlen(type) - effect->pops - 1;
        return true;
    }
}

bool constant_address_find(const struct wasm_module *module,
                           const struct body_op *ops, uint32_t i,
                           uint32_t *address)
{
    /* Values above the address, going backwards. */
    uint32_t above = body_is_store(ops[i].insn.code) ? 1 : 0;
    uint32_t last = i > MOST_INSTRUCTIONS ? i - MOST_INSTRUCTIONS : 0;
    while (i > last) {
        const struct wasm_insn *insn = &ops[--i].insn;
        struct effect effect;
        if (!find_effect(module, insn, &effect)) {
            return false;
        }
        if (above < effect.pushes) { /* it pushes the address */
            *address = (uint32_t)insn->constant;
            return insn->code == CODE_I32_CONST;
        }
        above = above - effect.pushes + effect.pops;
    }
    return false;
}
