/* SPDX-License-Identifier: MIT */
/* Claims on values, and failure, of replay.h. */
#include "ranges/check/replay.h"

void replay_fail(struct replay *replay, size_t offset, const char *what)
{
    if (replay->failure == NULL) {
        replay->failure = arena_format(replay->context.arena,
                                       "%s at byte 0x%zx", what, offset);
    }
    replay->state->is_unreachable = true;
}

void replay_check_value(struct replay *replay, const struct body_op *op,
                        uint32_t term)
{
    const struct certificate_site *site = &replay->certificate->sites[op->site];
    const struct interval seen =
        replay_state_interval(&replay->context, replay->state, term);
    if (site->has_value && !interval_within(&seen, &site->value)) {
        replay_fail(replay, op->insn.offset,
                    "a value is not what the proof says");
    }
}

void replay_push_unknown(struct replay *replay, uint8_t type)
{
    replay_state_push(&replay->context, replay->state,
                      type == WASM_I32
                          ? term_fresh(&replay->context.terms, interval_top())
                          : TERM_NONE);
}
