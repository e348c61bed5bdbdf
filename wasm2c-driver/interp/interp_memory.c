/* SPDX-License-Identifier: MIT */
#include "interp/interp_run.h"

static void tell_bulk(struct interp *interp, struct interp_access access,
                      bool is_store)
{
    access.is_store = is_store;
    if (interp->watch.access != NULL && access.bytes > 0) {
        interp->watch.access(interp->watch.user, &access);
    }
}

bool interp_bulk(struct interp *interp, const struct interp_insn *insn,
                 uint32_t site, const uint64_t *operands)
{
    uint32_t to = (uint32_t)operands[0];
    uint32_t from = (uint32_t)operands[1];
    uint32_t bytes = (uint32_t)operands[2];
    struct interp_access access = {
        .address = to, .bytes = bytes, .site = site, .is_bulk = true};
    const uint8_t *source = NULL;
    if (insn->op == 0x108) { /* memory.init */
        const struct wasm_data *data = &interp->module->data[insn->index];
        uint32_t size = interp->is_dropped[insn->index] ? 0 : data->size;
        if (bytes > size || from > size - bytes) {
            return false;
        }
        access.memory = insn->memory;
        source = data->bytes + from;
    } else if (insn->op == 0x10a) { /* memory.copy */
        if (!interp_fits(interp, insn->memory, from, bytes)) {
            return false;
        }
        access.memory = insn->index;
        source = interp->memories[insn->memory].bytes + from;
    } else { /* memory.fill */
        access.memory = insn->memory;
        access.is_fill = true;
    }
    if (!interp_fits(interp, access.memory, to, bytes)) {
        return false;
    }
    uint8_t *target = interp->memories[access.memory].bytes + to;
    if (source == NULL || bytes == 0) {
        memset(target, (int)(from & 0xff), bytes);
    } else {
        memmove(target, source, bytes);
    }
    tell_bulk(interp, access, true);
    if (insn->op == 0x10a) {
        access.memory = insn->memory;
        access.address = from;
        tell_bulk(interp, access, false);
    }
    return true;
}
