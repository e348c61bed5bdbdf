/* SPDX-License-Identifier: MIT */
#include "glue_proven.h"

const char *glue_private_block(const struct translation *translation,
                               const char *block, struct arena *arena)
{
    return arena_format(arena,
                        "static void glue_proven_block(void)\n{\n"
                        "    %s kept = instance;\n"
                        "    %s(&kept);\n"
                        "    %s\n"
                        "    %s(&kept);\n"
                        "}\n",
                        translation->instance_type, translation->fill_symbol,
                        block, translation->put_back_symbol);
}

const char *glue_public_block(const struct translation *translation,
                              const char *block, struct arena *arena)
{
    return arena_format(arena,
                        "static bool is_kept;\n\n"
                        "static void glue_put_back(void)\n{\n"
                        "    if (is_kept) {\n"
                        "        is_kept = false;\n"
                        "        %s(&instance);\n"
                        "    }\n"
                        "}\n\n"
                        "static void glue_proven_block(void)\n{\n"
                        "    %s(&instance);\n"
                        "    is_kept = true;\n"
                        "    %s\n"
                        "    glue_put_back();\n"
                        "}\n",
                        translation->put_back_symbol, translation->fill_symbol,
                        block);
}

const char *glue_invariants(const struct analysis *analysis,
                            struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; analysis != NULL && i < analysis->invariant_count;
         i++) {
        const struct memory_span *span = &analysis->invariants[i];
        uint32_t bits = span->range.bits;
        uint32_t mask = bits >= 32 ? UINT32_MAX : (UINT32_C(1) << bits) - 1;
        /* INT32_MIN has no literal of its own in C. */
        buf_format(&out,
                   "    {%u, %uu, %uu, (s32)0x%08xu, (s32)0x%08xu, 0x%08xu, "
                   "0x%08xu},\n",
                   (uint32_t)(span->start >> 32), (uint32_t)span->start,
                   (uint32_t)((span->end - span->start) / 4),
                   (uint32_t)span->range.lo, (uint32_t)span->range.hi, mask,
                   span->range.residue);
    }
    return buf_string(&out);
}
