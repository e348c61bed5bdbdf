/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

#include "patch_element.h"

#include <math.h>
#include <strings.h>

static bool unknown(struct layout *layout, uint32_t line,
                    const struct operand *operand)
{
    return layout_error(layout, line, "nothing is called '%s'",
                        span_print(operand->text, layout->arena));
}

/* A constant that the editor makes of an asset's file has no value here. */
static bool unknown_constant(struct layout *layout, uint32_t line,
                             struct span name)
{
    layout_error(layout, line, "unknown constant '%s'",
                 span_print(name, layout->arena));
    if (!span_starts(name, "ASSET_") || !span_ends(name, "_SIZE")) {
        return false;
    }
    struct span id = span_first(span_from(name, 6), name.length - 11);
    for (uint32_t i = 0; i < layout->config->asset_count; i++) {
        const char *known = layout->config->assets[i].id;
        if (strlen(known) == id.length &&
            strncasecmp(known, id.bytes, id.length) == 0) {
            id = span_of(known);
        }
    }
    return diag_hint(layout->diag,
                     "it is the size of a binary asset; give the file with "
                     "--asset %s=FILE",
                     span_print(id, layout->arena));
}

/* The module that an operand speaks of; false: there is none. */
static bool find_module(struct layout *layout, uint32_t module,
                        const struct operand *operand,
                        const struct layout_module **found)
{
    uint32_t index = module;
    if (operand->module.length > 0 && !span_equals(operand->module, "this")) {
        const uint32_t *named =
            table_get(&layout->module_ids, 0, operand->module);
        if (named == NULL) {
            return false;
        }
        index = *named;
    }
    *found = &layout->modules[index];
    return true;
}

/* The declaration that an operand speaks of, or NULL. */
static const struct declaration *find_declaration(struct layout *layout,
                                                  uint32_t module,
                                                  const struct operand *operand)
{
    const struct layout_module *in = NULL;
    if (!find_module(layout, module, operand, &in)) {
        return NULL;
    }
    if (operand->kind == OPERAND_NTH) {
        return operand->nth < in->count
                   ? &layout->declarations[in->first + operand->nth]
                   : NULL;
    }
    const uint32_t *index = table_get(
        &layout->item_ids, (uint32_t)(in - layout->modules), operand->id);
    return index == NULL ? NULL : &layout->declarations[*index];
}

/* The last word; one too far behind padding, as the compiler has it. */
static double end_of(uint64_t address, uint64_t words)
{
    return (double)(words == 0 ? address : address + 4 * (words - 1));
}

/* Elements from a pointer's default to the end of the item it points to. False
 * where the compiler knows none: its default is not the start of an array. */
static bool count_pointee(struct layout *layout, const struct declaration *item,
                          double *count)
{
    const struct declaration *pointer =
        item->keyword->pointer_depth > 0 ? item->pointer : NULL;
    const struct declaration *target =
        pointer != NULL && pointer->target.kind == OPERAND_ITEM_START
            ? find_declaration(layout, pointer->module, &pointer->target)
            : NULL;
    if (target == NULL) {
        return false;
    }
    double size = target->keyword->element_bytes;
    double offset = pointer->target_offset > 0 ? pointer->target_offset : 0;
    double elements = floor((target->count * size - offset) / size);
    *count = elements > 0 ? elements : 0;
    return *count != 1;
}

bool value_is_reference(const struct operand *operand)
{
    return operand->kind >= OPERAND_MODULE_START;
}

/* What the compiler takes for a name when nothing has it; the other forms are
 * mistakes then. */
static bool can_be_name(const struct operand *operand)
{
    bool is_query = operand->kind == OPERAND_SIZEOF ||
                    operand->kind == OPERAND_MAX ||
                    operand->kind == OPERAND_MIN;
    return operand->kind == OPERAND_NTH || operand->kind == OPERAND_POINTEE ||
           operand->is_pointee || (is_query && operand->module.length == 0);
}

bool value_is_name(struct layout *layout, uint32_t module,
                   const struct operand *operand)
{
    double count = 0;
    if (!can_be_name(operand)) {
        return false;
    }
    const struct declaration *item =
        operand->kind == OPERAND_POINTEE
            ? NULL
            : find_declaration(layout, module, operand);
    return item == NULL || (operand->kind == OPERAND_COUNT &&
                            !count_pointee(layout, item, &count));
}

static bool query(struct layout *layout, uint32_t line,
                  const struct operand *operand, const struct declaration *item,
                  double *value)
{
    const struct keyword *keyword = item->keyword;
    enum f4e_element element =
        operand->is_pointee ? keyword->pointee : keyword->element;
    bool has_none = operand->is_pointee && keyword->pointer_depth == 0;
    if (operand->kind == OPERAND_COUNT) {
        *value = item->count;
        return !operand->is_pointee || count_pointee(layout, item, value) ||
               layout_error(layout, line,
                            "the length of '%s' is not known: its default "
                            "value is not the start of an array",
                            span_print(operand->text, layout->arena));
    }
    *value = has_none                          ? 0
             : operand->kind == OPERAND_SIZEOF ? patch_element_bytes(element)
             : operand->kind == OPERAND_MAX    ? patch_element_max(element)
                                               : patch_element_min(element);
    return true;
}

/* &this and this&, and the forms with a module alone. */
static bool module_address(struct layout *layout, uint32_t line,
                           uint32_t module, const struct operand *operand,
                           double *value)
{
    const struct layout_module *found = NULL;
    if (!find_module(layout, module, operand, &found)) {
        return unknown(layout, line, operand);
    }
    bool is_start = operand->kind == OPERAND_MODULE_START ||
                    operand->kind == OPERAND_ITEM_START;
    *value = is_start ? (double)found->address
                      : end_of(found->address, found->words);
    return true;
}

static bool reference(struct layout *layout, uint32_t line, uint32_t module,
                      const struct operand *operand, double *value)
{
    bool is_this = (operand->kind == OPERAND_ITEM_START ||
                    operand->kind == OPERAND_ITEM_END) &&
                   operand->module.length == 0 &&
                   span_equals(operand->id, "this");
    if (is_this || operand->kind == OPERAND_MODULE_START ||
        operand->kind == OPERAND_MODULE_END) {
        return module_address(layout, line, module, operand, value);
    }
    const struct declaration *item = find_declaration(layout, module, operand);
    if (item == NULL) {
        return unknown(layout, line, operand);
    }
    if (operand->kind == OPERAND_ITEM_END) {
        *value = end_of(item->address, item->words);
        return true;
    }
    *value = (double)item->address;
    return operand->kind == OPERAND_NTH ||
           operand->kind == OPERAND_ITEM_START ||
           query(layout, line, operand, item, value);
}

static bool operand_value(struct layout *layout, uint32_t line, uint32_t module,
                          const struct operand *operand, struct number *number)
{
    const struct constant *constant = NULL;
    switch (operand->kind) {
    case OPERAND_NUMBER:
        *number = operand->number;
        return true;
    case OPERAND_TOO_LARGE:
        return layout_error(layout, line, "number '%s' is too large",
                            span_print(operand->text, layout->arena));
    case OPERAND_BAD:
        return layout_error(layout, line, "'%s' is not a number",
                            span_print(operand->text, layout->arena));
    case OPERAND_CONSTANT:
        constant = environment_find(layout, operand->text);
        if (constant == NULL) {
            return unknown_constant(layout, line, operand->text);
        }
        *number = constant->number;
        return true;
    case OPERAND_NAME:
        return unknown(layout, line, operand);
    case OPERAND_POINTEE:
        return layout_error(layout, line,
                            "'%s': a pointer is not followed in declarations",
                            span_print(operand->text, layout->arena));
    case OPERAND_MODULE_START:
    case OPERAND_MODULE_END:
    case OPERAND_NTH:
    case OPERAND_ITEM_START:
    case OPERAND_ITEM_END:
    case OPERAND_COUNT:
    case OPERAND_SIZEOF:
    case OPERAND_MAX:
    case OPERAND_MIN:
        break;
    }
    if (module == UINT32_MAX) {
        return layout_error(layout, line,
                            "'%s' has no value here: only numbers and "
                            "constants do",
                            span_print(operand->text, layout->arena));
    }
    *number = (struct number){.is_integer = true};
    if (!reference(layout, line, module, operand, &number->value)) {
        return false;
    }
    number->is_integer = number->value == trunc(number->value);
    return true;
}

bool argument_value(struct layout *layout, uint32_t line, uint32_t module,
                    const struct argument *argument, struct number *number)
{
    struct number right = {0};
    if (argument->kind == ARGUMENT_STRING) {
        return layout_error(layout, line, "a string where a number belongs");
    }
    if (!operand_value(layout, line, module, &argument->left, number)) {
        return false;
    }
    if (argument->kind == ARGUMENT_OPERAND) {
        return true;
    }
    return operand_value(layout, line, module, &argument->right, &right) &&
           (number_fold(*number, argument->operator, right, number) ||
            layout_error(layout, line, "division by zero"));
}
