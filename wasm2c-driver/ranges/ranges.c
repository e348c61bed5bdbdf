/* SPDX-License-Identifier: MIT */
#include "ranges/ranges.h"

#include "ranges/analysis/certificate_write.h"
#include "ranges/check/check.h"

void ranges_find(struct ranges *ranges, const struct patch *patch,
                 bool has_host_code, struct arena *arena)
{
    struct analysis *analysis = &ranges->analysis;
    const char *reason = NULL;
    struct buf text;
    *ranges = (struct ranges){.certificate = NULL};
    analysis_run(analysis, patch, has_host_code, arena);
    if (analysis->failure != NULL) {
        return;
    }
    buf_init(&text, arena);
    certificate_write(&text, analysis, arena);
    if (!check_certificate(buf_string(&text), patch, has_host_code, &reason,
                           arena)) {
        analysis->failure =
            arena_format(arena, "the proof fails its check: %s", reason);
        return;
    }
    ranges->certificate = buf_string(&text);
    ranges->promotion = promote_find(analysis, arena);
}

bool ranges_are_useful(const struct ranges *ranges)
{
    const struct analysis *analysis = &ranges->analysis;
    uint32_t variable = 0;
    uint32_t proven = 0;
    analysis_count(analysis, &variable, &proven);
    return analysis->failure == NULL &&
           (proven > 0 ||
            (ranges->promotion != NULL && ranges->promotion->word_count > 0)) &&
           analysis->block_function >=
               analysis->bodies.module->imported_function_count;
}

const char *ranges_summary(const struct ranges *ranges, struct arena *arena)
{
    uint32_t variable = 0;
    uint32_t proven = 0;
    if (ranges->analysis.failure != NULL) {
        return arena_format(arena, "none proven: %s", ranges->analysis.failure);
    }
    analysis_count(&ranges->analysis, &variable, &proven);
    return arena_format(arena, "%u of %u variable addresses proven", proven,
                        variable);
}
