/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

#include <math.h>

enum { SPLIT_BYTES = 4 };

/* The bytes of one argument of a value that is written byte by byte. */
static bool add_split(struct layout *layout,
                      const struct declaration *declaration, uint32_t token,
                      uint8_t bytes[SPLIT_BYTES], size_t *count)
{
    uint32_t line = declaration->line;
    struct span text = text_token(layout->text, declaration->code, token);
    struct argument argument = argument_read(text);
    size_t length = 1;
    uint8_t added[SPLIT_BYTES] = {0};
    if (argument.kind == ARGUMENT_STRING) {
        if (!argument_string(text, added, SPLIT_BYTES, &length)) {
            return layout_error(layout, line, "unknown escape in %s",
                                span_print(text, layout->arena));
        }
        if (length == 0) {
            return layout_error(layout, line, "an empty string among bytes");
        }
    } else {
        struct number number;
        if (!argument_value(layout, line, declaration->module, &argument,
                            &number)) {
            return false;
        }
        if (!number.is_integer || number.value < 0 || number.value > 255) {
            return layout_error(layout, line,
                                "'%s' is not a byte: of several values for one "
                                "variable each is 0 to 255 or a string",
                                span_print(text, layout->arena));
        }
        added[0] = (uint8_t)number.value;
    }
    if (length > SPLIT_BYTES - *count) {
        return layout_error(layout, line, "more than %d bytes for one variable",
                            SPLIT_BYTES);
    }
    for (size_t i = 0; i < length; i++) {
        bytes[(*count)++] = added[i];
    }
    return true;
}

/* Most significant byte first, zeros behind. */
static bool read_split(struct layout *layout, struct declaration *declaration)
{
    uint8_t bytes[SPLIT_BYTES] = {0};
    size_t count = 0;
    const struct text_code *code = declaration->code;
    for (uint32_t i = declaration->first_value; i < code->token_count; i++) {
        if (!add_split(layout, declaration, i, bytes, &count)) {
            return false;
        }
    }
    declaration->number =
        (double)((uint32_t)bytes[0] << 24U | (uint32_t)bytes[1] << 16U |
                 (uint32_t)bytes[2] << 8U | bytes[3]);
    return true;
}

/* A string alone: nothing, a small number, or bytes. */
static bool read_string(struct layout *layout, struct declaration *declaration,
                        struct span text)
{
    uint8_t byte = 0;
    size_t length = 0;
    if (!argument_string(text, &byte, 1, &length)) {
        return layout_error(layout, declaration->line, "unknown escape in %s",
                            span_print(text, layout->arena));
    }
    declaration->number = byte;
    return length < 2 || read_split(layout, declaration);
}

/*
 * Integers lose their fraction here and not where they are stored: of two
 * declarations with one id, the first has the value of the second as well.
 */
static double stored_value(const struct declaration *declaration, double value)
{
    bool is_float = declaration->keyword->element == F4E_F32 ||
                    declaration->keyword->element == F4E_F64;
    return is_float ? value : trunc(value);
}

/*
 * A declaration without a name that starts with a reference, such as
 * "min(x)": the compiler takes it for a name where nothing is called x.
 */
static void read_reference(struct layout *layout,
                           struct declaration *declaration)
{
    const struct text_code *code = declaration->code;
    if (declaration->first_value != 1 || code->token_count < 2) {
        return;
    }
    struct argument argument = argument_read(text_token(layout->text, code, 1));
    if (argument.kind == ARGUMENT_OPERAND &&
        value_is_reference(&argument.left)) {
        declaration->is_explicit = code->token_count > 2;
        declaration->first_value =
            value_is_name(layout, declaration->module, &argument.left) ? 2 : 1;
    }
}

static bool read_scalar(struct layout *layout, struct declaration *declaration)
{
    const struct text_code *code = declaration->code;
    declaration->is_explicit = code->token_count > declaration->first_value;
    read_reference(layout, declaration);
    uint32_t values = code->token_count - declaration->first_value;
    if (values == 0) {
        return true;
    }
    if (values > 1) {
        return read_split(layout, declaration);
    }
    struct span text = text_token(layout->text, code, declaration->first_value);
    struct argument argument = argument_read(text);
    if (argument.kind == ARGUMENT_STRING) {
        return read_string(layout, declaration, text);
    }
    struct number number;
    if (!argument_value(layout, declaration->line, declaration->module,
                        &argument, &number)) {
        return false;
    }
    declaration->number = stored_value(declaration, number.value);
    return true;
}

static bool read_list(struct layout *layout, struct declaration *declaration)
{
    const struct text_code *code = declaration->code;
    uint32_t count = code->token_count - declaration->first_value;
    declaration->is_list = true;
    if ((double)count > declaration->count) {
        return layout_error(layout, declaration->line,
                            "%u values for %s elements", count,
                            number_text(declaration->count, layout->arena));
    }
    double *values = arena_alloc(layout->arena, count, sizeof(*values));
    for (uint32_t i = 0; i < count; i++) {
        struct argument argument = argument_read(
            text_token(layout->text, code, declaration->first_value + i));
        struct number number;
        if (!argument_value(layout, declaration->line, declaration->module,
                            &argument, &number)) {
            return false;
        }
        values[i] = stored_value(declaration, number.value);
    }
    declaration->values = values;
    declaration->value_count = count;
    return true;
}

/* From here on the compiler knows what it points to. */
static void note_pointer(struct layout *layout,
                         const struct declaration *declaration)
{
    const struct declaration *last = collect_last(layout, declaration);
    if (declaration->keyword->pointer_depth > 0) {
        layout->declarations[last - layout->declarations].pointer = declaration;
    }
}

/* Declarations come in the order in which collect() met them. */
static bool read_default(struct layout *layout, uint32_t module,
                         const struct text_block *block,
                         const struct text_code *code, uint32_t row)
{
    (void)module;
    (void)row;
    struct declaration *declaration =
        &layout->declarations[layout->next_default++];
    if (!layout_work(layout, text_row_line(block, code->row),
                     code->token_count)) {
        return false;
    }
    if (declaration->keyword->is_array) {
        return read_list(layout, declaration);
    }
    if (!read_scalar(layout, declaration)) {
        return false;
    }
    note_pointer(layout, declaration);
    return true;
}

bool defaults(struct layout *layout)
{
    layout->next_default = 0;
    for (uint32_t i = 0; i < layout->module_count; i++) {
        if (!collect_walk(layout, i, read_default)) {
            return false;
        }
    }
    return true;
}
