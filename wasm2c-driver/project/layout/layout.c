/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

#include <math.h>

enum { FIRST_ADDRESS = 4 };

static int compare_modules(const void *a, const void *b)
{
    const struct layout_module *x = a;
    const struct layout_module *y = b;
    return span_compare_utf16(span_of(x->block->id), span_of(y->block->id));
}

/* Modules in layout order, and who is called what. */
static bool list_modules(struct layout *layout)
{
    const struct project_text *text = layout->text;
    layout->modules =
        arena_alloc(layout->arena, text->block_count, sizeof(*layout->modules));
    for (uint32_t i = 0; i < text->block_count; i++) {
        const struct text_block *block = &text->blocks[i];
        bool is_new = true;
        if (!layout_has_block(layout, block)) {
            continue;
        }
        if (block->kind == TEXT_PROTOTYPE) {
            (void)table_put(&layout->prototype_ids, 0, span_of(block->id), i,
                            &is_new);
        }
        if (!is_new) {
            return layout_error(layout, text_row_line(block, 0),
                                "second prototype called '%s'",
                                span_print(span_of(block->id), layout->arena));
        }
        if (block->kind == TEXT_MODULE) {
            layout->modules[layout->module_count++].block = block;
        }
    }
    if (!layout->rules.is_file_order && layout->module_count > 1) {
        qsort(layout->modules, layout->module_count, sizeof(*layout->modules),
              compare_modules);
    }
    for (uint32_t i = 0; i < layout->module_count; i++) {
        bool is_new = false; /* ids are unique: constants_resolve() */
        (void)table_put(&layout->module_ids, 0,
                        span_of(layout->modules[i].block->id), i, &is_new);
    }
    return true;
}

static bool place_module(struct layout *layout, struct layout_module *module,
                         uint64_t *cursor)
{
    uint64_t base = *cursor / 4;
    module->address = *cursor;
    for (uint32_t i = 0; i < module->count; i++) {
        struct declaration *declaration =
            &layout->declarations[module->first + i];
        uint64_t word = base + module->words;
        uint32_t size = declaration->keyword->element_bytes;
        declaration->padding = size == 8 && word % 2 == 1;
        declaration->address = 4 * (word + declaration->padding);
        declaration->words = declaration->padding +
                             (uint64_t)ceil(declaration->count * size / 4);
        module->words += declaration->words;
        if (4 * (base + module->words) >= LAYOUT_MAX_MEMORY_BYTES) {
            return layout_error(layout, declaration->line,
                                "memory %u ends beyond 4 GiB here",
                                module->memory);
        }
    }
    *cursor += 4 * module->words;
    return true;
}

/* Packed, in layout order, each memory from its second word on. */
static bool place(struct layout *layout)
{
    struct project *project = layout->project;
    uint64_t cursors[PROJECT_MAX_MEMORIES];
    for (uint32_t i = 0; i < PROJECT_MAX_MEMORIES; i++) {
        cursors[i] = FIRST_ADDRESS;
    }
    project->memory_count = 1;
    for (uint32_t i = 0; i < layout->module_count; i++) {
        struct layout_module *module = &layout->modules[i];
        if (!place_module(layout, module, &cursors[module->memory])) {
            return false;
        }
        project->required_bytes[module->memory] = cursors[module->memory];
        if (module->memory >= project->memory_count) {
            project->memory_count = module->memory + 1;
        }
    }
    return true;
}

bool project_layout(struct project *project, const struct project_text *text,
                    const struct project_config *config,
                    struct project_rules rules, const char *const *regions,
                    uint32_t region_count,
                    const struct project_asset_size *sizes, uint32_t size_count,
                    struct arena *arena, struct diag *diag)
{
    *project = (struct project){.file = text->file, .rules = rules};
    struct layout layout = {
        .project = project,
        .text = text,
        .config = config,
        .rules = rules,
        .regions = regions,
        .region_count = region_count,
        .sizes = sizes,
        .size_count = size_count,
        .arena = arena,
        .diag = diag,
    };
    struct table *tables[] = {&layout.namespace_ids, &layout.prototype_ids,
                              &layout.environment.names, &layout.module_ids,
                              &layout.item_ids};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        table_init(tables[i], arena);
    }
    if (!list_modules(&layout) || !constants_resolve(&layout) ||
        !collect(&layout) || !place(&layout) || !defaults(&layout)) {
        return false;
    }
    image(&layout);
    if (!project_result(&layout)) {
        return false;
    }
    widgets(&layout);
    return true;
}
