/* SPDX-License-Identifier: MIT */
/* What a walk records and why it gives up, of walk.h. */
#include "ranges/analysis/walk.h"

#include "ranges/certificate_format.h"

void walk_fail(struct walk *walk, const char *why)
{
    if (walk->failure == NULL) {
        walk->failure = why;
    }
    walk->state->is_unreachable = true;
}

/* Copying a state takes time as instructions do. */
void walk_spend_copy(struct walk *walk)
{
    const struct state *state = walk->state;
    walk->steps +=
        ((uint64_t)state->slot_count + state->cell_count + state->fact_count) /
        CERTIFICATE_WORDS_PER_STEP;
}

void walk_push_unknown(struct walk *walk, uint8_t type)
{
    state_push(&walk->context, walk->state,
               type == WASM_I32
                   ? value_fresh(&walk->context.values, range_top())
                   : VALUE_NONE);
}

void walk_record_value(struct walk *walk, const struct body_op *op,
                       uint32_t value)
{
    struct walk_site *site = &walk->sites[op->site];
    const struct range now = state_range(&walk->context, walk->state, value);
    if (walk->context.memory->is_extrapolating) {
        return;
    }
    site->value = site->has_value ? range_join(&site->value, &now) : now;
    site->has_value = true;
}
