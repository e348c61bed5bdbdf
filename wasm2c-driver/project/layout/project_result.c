/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

#include <math.h>

/* ---- entries and modules ---- */

struct entry_order {
    uint32_t entry; /* index into the text's entries */
    uint32_t group; /* 0: a number, 1: main, 2: the others */
    uint32_t place; /* within the group */
    bool has_module;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry_order *x = a;
    const struct entry_order *y = b;
    if (x->group != y->group) {
        return x->group < y->group ? -1 : 1;
    }
    return (x->place > y->place) - (x->place < y->place);
}

/*
 * The order of an object's keys in JavaScript, where 'main' was put in first
 * and the others at their first module; and 'main' is exported in any case.
 */
static void publish_entries(struct layout *layout, struct entry_order *order)
{
    const struct project_text *text = layout->text;
    struct project *project = layout->project;
    struct project_entry *entries = arena_alloc(
        layout->arena, (size_t)text->entry_count + 1, sizeof(*entries));
    bool has_main = false;
    for (uint32_t i = 0; i < text->entry_count; i++) {
        order[i] = (struct entry_order){.entry = i, .group = 2};
        struct span name = span_of(text->entries[i]);
        if (span_index(name, &order[i].place)) {
            order[i].group = 0;
        } else if (span_equals(name, "main")) {
            order[i].group = 1;
        }
    }
    for (uint32_t i = 0; i < text->block_count; i++) {
        const struct text_block *block = &text->blocks[i];
        if (block->kind == TEXT_MODULE && layout_has_block(layout, block) &&
            !order[block->entry].has_module) {
            struct entry_order *entry = &order[block->entry];
            entry->has_module = true;
            entry->place = entry->group == 0 ? entry->place : i;
        }
    }
    if (text->entry_count > 1) {
        qsort(order, text->entry_count, sizeof(*order), compare_entries);
    }
    for (uint32_t i = 0; i < text->entry_count; i++) {
        if (!has_main && order[i].group > 0) {
            has_main = true;
            if (order[i].group == 2) {
                entries[project->entry_count++] =
                    (struct project_entry){"main", true};
            }
        }
        entries[project->entry_count++] =
            (struct project_entry){text->entries[order[i].entry],
                                   order[i].has_module || order[i].group == 1};
    }
    if (!has_main) {
        entries[project->entry_count++] = (struct project_entry){"main", true};
    }
    project->entries = entries;
}

struct function_order {
    uint32_t module; /* in layout order */
    uint32_t entry;  /* rank */
    const struct text_block *block;
};

static int compare_functions(const void *a, const void *b)
{
    const struct function_order *x = a;
    const struct function_order *y = b;
    if (x->entry != y->entry) {
        return x->entry < y->entry ? -1 : 1;
    }
    return (x->block > y->block) - (x->block < y->block);
}

/* Module functions go by entry, then as in the text. */
static void order_modules(struct layout *layout)
{
    uint32_t count = layout->module_count;
    uint32_t entries = layout->text->entry_count;
    struct entry_order *order =
        arena_alloc(layout->arena, entries, sizeof(*order));
    publish_entries(layout, order);
    uint32_t *ranks = arena_alloc(layout->arena, entries, sizeof(*ranks));
    for (uint32_t i = 0; i < entries; i++) {
        ranks[order[i].entry] = i;
    }
    struct function_order *functions =
        arena_alloc(layout->arena, count, sizeof(*functions));
    for (uint32_t i = 0; i < count; i++) {
        const struct text_block *block = layout->modules[i].block;
        functions[i] = (struct function_order){i, ranks[block->entry], block};
    }
    if (count > 1) {
        qsort(functions, count, sizeof(*functions), compare_functions);
    }
    for (uint32_t i = 0; i < count; i++) {
        layout->modules[functions[i].module].order = i;
    }
}

static void publish_modules(struct layout *layout)
{
    struct project_module *modules =
        arena_alloc(layout->arena, layout->module_count, sizeof(*modules));
    for (uint32_t i = 0; i < layout->module_count; i++) {
        const struct layout_module *module = &layout->modules[i];
        modules[i] = (struct project_module){
            .id = module->block->id,
            .entry = layout->text->entries[module->block->entry],
            .memory = module->memory,
            .address = (uint32_t)module->address,
            .size = 4 * module->words,
            .line = text_row_line(module->block, 0),
            .order = module->order,
            .function = PROJECT_NONE,
            .is_skipped = module->is_skipped,
        };
    }
    layout->project->modules = modules;
    layout->project->module_count = layout->module_count;
}

/* ---- functions ---- */

/* A name given as an identifier or as a string. */
static const char *read_name(const struct layout *layout, struct span token)
{
    size_t length = 0;
    char *name = arena_alloc(layout->arena, token.length + 1, 1);
    if (token.bytes[0] != '"' ||
        !argument_string(token, (uint8_t *)name, token.length, &length)) {
        return span_copy(token, layout->arena);
    }
    name[length] = '\0';
    return name;
}

static void read_function(const struct layout *layout,
                          const struct text_block *block,
                          struct project_function *function)
{
    *function = (struct project_function){
        .name = block->id,
        .line = text_row_line(block, 0),
        .function = PROJECT_NONE,
    };
    for (uint32_t i = 1; i < block->code_count; i++) {
        const struct text_code *code = &block->code[i];
        struct span instruction = text_token(layout->text, code, 0);
        const char *name =
            code->token_count > 1
                ? read_name(layout, text_token(layout->text, code, 1))
                : block->id;
        if (span_equals(instruction, "#export")) {
            function->export_name = name;
        } else if (span_equals(instruction, "#import")) {
            function->import_name = name;
        }
    }
}

static void publish_functions(struct layout *layout)
{
    const struct project_text *text = layout->text;
    struct project *project = layout->project;
    struct project_function *functions =
        arena_alloc(layout->arena, text->block_count, sizeof(*functions));
    for (uint32_t i = 0; i < text->block_count; i++) {
        const struct text_block *block = &text->blocks[i];
        if (!layout_has_block(layout, block)) {
            continue;
        }
        if (block->kind == TEXT_INCLUDES && !project->has_includes) {
            project->has_includes = true;
            project->includes_line = text_row_line(block, 0);
        }
        if (block->kind == TEXT_FUNCTION) {
            read_function(layout, block, &functions[project->function_count++]);
        }
    }
    project->functions = functions;
}

/* ---- items ---- */

struct item_order {
    const struct declaration *declaration;
    uint32_t memory;
    uint32_t place; /* in layout order */
};

static int compare_items(const void *a, const void *b)
{
    const struct item_order *x = a;
    const struct item_order *y = b;
    if (x->memory != y->memory) {
        return x->memory < y->memory ? -1 : 1;
    }
    return (x->place > y->place) - (x->place < y->place);
}

/* The default of the first element, for show. */
static double initial_value(const struct declaration *declaration)
{
    if (declaration->is_list && declaration->count <= 1) {
        bool is_float = declaration->keyword->element == F4E_F32 ||
                        declaration->keyword->element == F4E_F64;
        return is_float ? (double)NAN : 0;
    }
    if (declaration->is_list) {
        return declaration->value_count > 0 ? declaration->values[0] : 0;
    }
    return declaration->number;
}

/*
 * An element that is begun counts, as long as all of it lies in the words of
 * the array: of two and a half float64, the last half does not.
 */
static uint32_t whole_elements(const struct declaration *declaration)
{
    double bytes = 4.0 * (double)(declaration->words - declaration->padding);
    double room = floor(bytes / declaration->keyword->element_bytes);
    double begun = ceil(declaration->count);
    double count = begun < room ? begun : room;
    return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

static struct patch_item make_item(struct layout *layout,
                                   const struct item_order *order)
{
    const struct declaration *declaration = order->declaration;
    const struct keyword *keyword = declaration->keyword;
    return (struct patch_item){
        .name =
            arena_format(layout->arena, "%s:%.*s",
                         layout->modules[declaration->module].block->id,
                         (int)declaration->id.length, declaration->id.bytes),
        .type = keyword->name,
        .memory = order->memory,
        .address = (uint32_t)declaration->address,
        .count = whole_elements(declaration),
        .capacity = (uint32_t)(4 * (declaration->words - declaration->padding)),
        .element = keyword->element,
        .is_array = keyword->is_array,
        .pointer_depth = keyword->pointer_depth,
        .pointee = keyword->pointee,
    };
}

struct item_name {
    const char *name;
    uint32_t item;
};

static int compare_names(const void *a, const void *b)
{
    const struct item_name *x = a;
    const struct item_name *y = b;
    return strcmp(x->name, y->name);
}

/* Names are "module:id"; ids may hold a ':' of their own. */
static bool publish_names(struct layout *layout)
{
    struct project *project = layout->project;
    uint32_t count = project->item_count;
    struct item_name *names = arena_alloc(layout->arena, count, sizeof(*names));
    uint32_t *by_name = arena_alloc(layout->arena, count, sizeof(*by_name));
    for (uint32_t i = 0; i < count; i++) {
        names[i] = (struct item_name){project->items[i].name, i};
    }
    if (count > 1) {
        qsort(names, count, sizeof(*names), compare_names);
    }
    for (uint32_t i = 0; i < count; i++) {
        by_name[i] = names[i].item;
        if (i > 0 && strcmp(names[i - 1].name, names[i].name) == 0) {
            return layout_error(
                layout, project->declarations[names[i].item].line,
                "two variables are called '%s'",
                span_print(span_of(names[i].name), layout->arena));
        }
    }
    project->items_by_name = by_name;
    return true;
}

static bool publish_items(struct layout *layout)
{
    uint32_t room = layout->declaration_count;
    struct project *project = layout->project;
    struct item_order *order = arena_alloc(layout->arena, room, sizeof(*order));
    uint32_t count = 0;
    for (uint32_t i = 0; i < room; i++) {
        const struct declaration *declaration = &layout->declarations[i];
        if (collect_last(layout, declaration) == declaration) {
            order[count++] = (struct item_order){
                declaration, layout->modules[declaration->module].memory, i};
        }
    }
    if (count > 1) {
        qsort(order, count, sizeof(*order), compare_items);
    }
    struct patch_item *items =
        arena_alloc(layout->arena, count, sizeof(*items));
    struct project_declaration *declarations =
        arena_alloc(layout->arena, count, sizeof(*declarations));
    for (uint32_t i = 0; i < count; i++) {
        const struct declaration *declaration = order[i].declaration;
        items[i] = make_item(layout, &order[i]);
        declarations[i] = (struct project_declaration){
            .line = declaration->line,
            .module = declaration->module,
            .count = declaration->count,
            .asset_bytes = 4 * declaration->words,
            .initial = initial_value(declaration),
            .element_bytes = declaration->keyword->element_bytes,
        };
    }
    project->items = items;
    project->declarations = declarations;
    project->item_count = count;
    return publish_names(layout);
}

bool project_result(struct layout *layout)
{
    order_modules(layout);
    publish_modules(layout);
    publish_functions(layout);
    return publish_items(layout);
}
