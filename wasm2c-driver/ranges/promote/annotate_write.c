/* SPDX-License-Identifier: MIT */
/* Instructions that annotate.c and annotate_tables.c write, of
 * annotate_internal.h. */
#include "ranges/promote/annotate_internal.h"

unsigned annotation_type_index(enum wasm_type type)
{
    return (unsigned)WASM_I32 - (unsigned)type;
}

void annotation_add_edit(struct annotation *annotation, struct wasm_edit edit)
{
    annotation->edits =
        arena_grow(annotation->arena, annotation->edits, annotation->count,
                   &annotation->capacity, sizeof(*annotation->edits));
    annotation->edits[annotation->count++] = edit;
}

void annotation_write_constant(struct buf *out, uint32_t value)
{
    buf_byte(out, CODE_I32_CONST);
    wasm_write_s32(out, (int32_t)value);
}

void annotation_write_indexed(struct buf *out, unsigned code, uint32_t index)
{
    buf_byte(out, code);
    wasm_write_u32(out, index);
}

void annotation_write_memarg(struct buf *out, uint32_t memory)
{
    enum { HAS_MEMORY = 0x40 };
    buf_byte(out, memory == 0 ? 0 : HAS_MEMORY);
    if (memory != 0) {
        wasm_write_u32(out, memory);
    }
    wasm_write_u32(out, 0);
}

void annotation_store_promoted(const struct annotation *annotation,
                               struct buf *out)
{
    const struct promotion *promotion = annotation->promotion;
    for (uint32_t i = 0; promotion != NULL && i < promotion->word_count; i++) {
        const struct promoted_word *word = &promotion->words[i];
        if (word->is_written && !word->is_written_through) {
            annotation_write_constant(out, word->address);
            annotation_write_indexed(out, CODE_GLOBAL_GET,
                                     annotation->first_global + i);
            buf_byte(out, CODE_I32_STORE + annotation_type_index(word->type));
            annotation_write_memarg(out, word->memory);
        }
    }
}
