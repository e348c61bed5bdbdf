/* SPDX-License-Identifier: MIT */
#include "report/general.h"

#include "control/names.h"
#include "message/message.h"

#include <inttypes.h>

/* The word for which blocks last ran the general code; "" for none. */
static void find_cause(const struct report *report, char *text, size_t size)
{
    const struct f4e_patch *patch = report->engine->patch;
    text[0] = '\0';
    if (atomic_load(&report->engine->general_blocks) > 0) {
        const struct f4e_invariant *cause =
            &patch->invariants[atomic_load(&report->engine->general_cause)];
        const struct place place =
            names_at_address(patch, cause->memory, cause->address);
        names_format(patch, &place, text, size);
    }
}

void general_print(const struct report *report, FILE *file)
{
    char cause[NAMES_TEXT_MAX];
    uint64_t blocks = atomic_load(&report->engine->general_blocks);
    if (blocks > 0) {
        find_cause(report, cause, sizeof(cause));
        message_to(file,
                   "general %" PRIu64
                   " blocks, %.1f ms, in code without proofs: "
                   "%s was last not as they want it",
                   blocks, (double)stats_get(&report->stats->general_ns) * 1e-6,
                   cause);
    }
}

void general_write(const struct report *report, struct json *json)
{
    char cause[NAMES_TEXT_MAX];
    find_cause(report, cause, sizeof(cause));
    json_member_fixed(json, "generalMs",
                      (double)stats_get(&report->stats->general_ns) * 1e-6, 3);
    json_member_string(json, "generalCause", cause);
}
