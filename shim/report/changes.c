/* SPDX-License-Identifier: MIT */
#include "report/changes.h"

#include "message/message.h"
#include "rt/inbox.h"

#include <inttypes.h>

struct counts {
    uint64_t made;
    uint64_t merged;
    uint64_t crowded_blocks;
};

static struct counts count(const struct engine *engine)
{
    struct counts counts = {.crowded_blocks =
                                stats_get(&engine->crowded_blocks)};
    for (unsigned i = 0; i < engine->inbox_count; i++) {
        counts.made += inbox_taken(engine->inboxes[i]);
        counts.merged += stats_get(&engine->inboxes[i]->merged);
    }
    return counts;
}

void changes_print(const struct report *report, FILE *file)
{
    const struct counts counts = count(report->engine);
    if (counts.made > 0) {
        message_to(file,
                   "changes %" PRIu64 " from outside, %" PRIu64
                   " more overwritten at once; %" PRIu64
                   " blocks left some to the next",
                   counts.made, counts.merged, counts.crowded_blocks);
    }
}

void changes_write(const struct report *report, struct json *json)
{
    const struct counts counts = count(report->engine);
    json_member_unsigned(json, "changes", counts.made);
    json_member_unsigned(json, "changesMerged", counts.merged);
    json_member_unsigned(json, "crowdedBlocks", counts.crowded_blocks);
}
