/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

static bool read_region(struct layout *layout, uint32_t module, uint32_t line,
                        const struct text_code *code)
{
    struct span name = {"", 0};
    if (code->token_count > 1) {
        name = text_token(layout->text, code, 1);
    }
    struct number number;
    uint32_t memory = UINT32_MAX;
    if (number_literal(name, &number) == NUMBER_OK && number.is_integer &&
        number.value >= 0 && number.value <= layout->region_count) {
        memory = (uint32_t)number.value;
    }
    for (uint32_t i = 0; i < layout->region_count; i++) {
        if (span_equals(name, layout->regions[i])) {
            memory = i + 1;
        }
    }
    if (memory >= PROJECT_MAX_MEMORIES) {
        return layout_error(layout, line,
                            "'#region %s': the module has no such memory",
                            span_print(name, layout->arena));
    }
    layout->modules[module].memory = memory;
    return true;
}

/* All declarations of a prototype, as if they stood at the 'shape' line. */
static bool walk_prototype(struct layout *layout, uint32_t module,
                           uint32_t line, const struct text_code *shape,
                           collect_visit visit)
{
    if (shape->token_count < 2) {
        return layout_error(layout, line, "'shape' without a name");
    }
    struct span name = text_token(layout->text, shape, 1);
    const uint32_t *index = table_get(&layout->prototype_ids, 0, name);
    if (index == NULL) {
        return layout_error(layout, line, "no prototype called '%s'",
                            span_print(name, layout->arena));
    }
    const struct text_block *prototype = &layout->text->blocks[*index];
    if (!layout_work(layout, line, (uint64_t)prototype->code_count + 1)) {
        return false;
    }
    for (uint32_t i = 1; i < prototype->code_count; i++) {
        const struct text_code *code = &prototype->code[i];
        if (keyword_find(text_token(layout->text, code, 0)) != NULL &&
            !visit(layout, module, prototype, code, shape->row)) {
            return false;
        }
    }
    return true;
}

bool collect_walk(struct layout *layout, uint32_t module, collect_visit visit)
{
    const struct text_block *block = layout->modules[module].block;
    environment_clear(layout);
    for (uint32_t i = 1; i < block->code_count; i++) {
        const struct text_code *code = &block->code[i];
        uint32_t line = text_row_line(block, code->row);
        struct span instruction = text_token(layout->text, code, 0);
        bool is_ok = true;
        if (keyword_find(instruction) != NULL) {
            is_ok = visit(layout, module, block, code, code->row);
        } else if (span_equals(instruction, "shape")) {
            is_ok = walk_prototype(layout, module, line, code, visit);
        } else if (span_equals(instruction, "#region")) {
            is_ok = read_region(layout, module, line, code);
        } else if (span_equals(instruction, "#skipExecution")) {
            layout->modules[module].is_skipped = true;
        } else {
            is_ok = constants_step(layout, block, code);
        }
        if (!is_ok) {
            return false;
        }
    }
    return true;
}

/* KEYWORD ID COUNT [values…] */
static bool read_array(struct layout *layout, struct declaration *declaration)
{
    const struct text_code *code = declaration->code;
    uint32_t line = declaration->line;
    if (code->token_count < 3) {
        return layout_error(layout, line, "'%s' needs a name and a length",
                            declaration->keyword->name);
    }
    declaration->id = text_token(layout->text, code, 1);
    const struct constant *constant =
        argument_is_constant(declaration->id)
            ? environment_find(layout, declaration->id)
            : NULL;
    if (constant != NULL) { /* it is replaced here as everywhere */
        declaration->id =
            span_of(number_text(constant->number.value, layout->arena));
    }
    if (span_starts(declaration->id, "\"")) {
        return layout_error(layout, line, "a string where a name belongs");
    }
    struct argument argument = argument_read(text_token(layout->text, code, 2));
    struct number count;
    if (!argument_value(layout, line, UINT32_MAX, &argument, &count)) {
        return false;
    }
    /* Written so that NaN fails. */
    if (!(count.value >= 0 &&
          count.value * declaration->keyword->element_bytes <=
              (double)LAYOUT_MAX_MEMORY_BYTES)) {
        return layout_error(layout, line,
                            "a length of %s elements: at most 4 GiB fit into "
                            "a memory",
                            number_text(count.value, layout->arena));
    }
    declaration->count = count.value;
    declaration->first_value = 3;
    return true;
}

/* Remember what a pointer points to: &item, &item+N, &item-N. */
static bool read_target(struct layout *layout, struct declaration *declaration)
{
    const struct text_code *code = declaration->code;
    if (declaration->keyword->pointer_depth == 0 ||
        code->token_count != declaration->first_value + 1) {
        return true;
    }
    struct argument argument =
        argument_read(text_token(layout->text, code, declaration->first_value));
    declaration->target = argument.left;
    if (argument.left.kind != OPERAND_ITEM_START ||
        argument.kind != ARGUMENT_EXPRESSION) {
        return true;
    }
    struct argument offset = {.left = argument.right};
    bool is_number = argument.right.kind == OPERAND_NUMBER ||
                     argument.right.kind == OPERAND_CONSTANT;
    bool is_sum = argument.operator== '+' || argument.operator== '-';
    struct number number;
    if (!is_number || !is_sum) {
        declaration->target.kind = OPERAND_BAD;
        return true;
    }
    if (!argument_value(layout, declaration->line, UINT32_MAX, &offset,
                        &number)) {
        return false;
    }
    declaration->target_offset =
        argument.operator== '+' ? number.value : - number.value;
    return true;
}

/* KEYWORD [NAME] [value] */
static bool read_scalar(struct layout *layout, struct declaration *declaration)
{
    const struct text_code *code = declaration->code;
    declaration->count = 1;
    declaration->first_value = 1;
    if (code->token_count > 1) {
        struct argument first =
            argument_read(text_token(layout->text, code, 1));
        if (first.kind == ARGUMENT_OPERAND && first.left.kind == OPERAND_NAME) {
            declaration->id = first.left.text;
            declaration->first_value = 2;
        }
    }
    if (declaration->id.length == 0) {
        declaration->id = span_of(arena_format(layout->arena, "__anonymous__%u",
                                               (unsigned)declaration->row));
    }
    return read_target(layout, declaration);
}

/* Room for one more; the table stays within its limit. */
static bool reserve(struct layout *layout, uint32_t line)
{
    if (layout->declaration_count < layout->declaration_capacity) {
        return true;
    }
    if (layout->declaration_count >= LAYOUT_MAX_DECLARATIONS) {
        return layout_error(layout, line, "more than %d declarations",
                            LAYOUT_MAX_DECLARATIONS);
    }
    uint32_t capacity = 2 * layout->declaration_capacity + 64;
    struct declaration *list =
        arena_alloc(layout->arena, capacity, sizeof(*list));
    for (uint32_t i = 0; i < layout->declaration_count; i++) {
        list[i] = layout->declarations[i];
    }
    layout->declarations = list;
    layout->declaration_capacity = capacity;
    return true;
}

static bool add_declaration(struct layout *layout, uint32_t module,
                            const struct text_block *block,
                            const struct text_code *code, uint32_t row)
{
    uint32_t line = text_row_line(block, code->row);
    if (!reserve(layout, line)) {
        return false;
    }
    struct declaration *declaration =
        &layout->declarations[layout->declaration_count];
    *declaration = (struct declaration){
        .keyword = keyword_find(text_token(layout->text, code, 0)),
        .code = code,
        .row = row,
        .line = line,
        .module = module,
    };
    bool is_ok = declaration->keyword->is_array
                     ? read_array(layout, declaration)
                     : read_scalar(layout, declaration);
    if (!is_ok) {
        return false;
    }
    bool is_new = false;
    uint32_t *last = table_put(&layout->item_ids, module, declaration->id,
                               layout->declaration_count, &is_new);
    *last = layout->declaration_count++;
    layout->modules[module].count++;
    return true;
}

const struct declaration *collect_last(const struct layout *layout,
                                       const struct declaration *declaration)
{
    return &layout->declarations[*table_get(
        &layout->item_ids, declaration->module, declaration->id)];
}

bool collect(struct layout *layout)
{
    for (uint32_t i = 0; i < layout->module_count; i++) {
        layout->modules[i].first = layout->declaration_count;
        if (!collect_walk(layout, i, add_declaration)) {
            return false;
        }
    }
    return true;
}
