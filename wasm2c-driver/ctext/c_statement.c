/* SPDX-License-Identifier: MIT */
#include "ctext/c_statement.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Functions and casts of arithmetic that cannot trap. */
static const char *const pure_words[] = {
    "f32",
    "f64",
    "s32",
    "u32",
    "wasm_fabsf",
    "wasm_fabs",
    "wasm_sqrtf",
    "wasm_sqrt",
    "FMIN",
    "FMAX",
    "I32_TRUNC_SAT_S_F32",
    "I32_TRUNC_SAT_S_F64",
    "F32_WHOLE",
    "F64_WHOLE",
};

uint32_t c_variable_at(const char *text, size_t *length)
{
    static const char instance[] = "instance->";
    enum { DIGITS_MAX = 6 };
    const char *p = text;
    bool is_global = strncmp(p, instance, sizeof(instance) - 1) == 0;
    p += is_global ? sizeof(instance) - 1 : 0;
    if (strncmp(p, "w2c_", 4) != 0 && strncmp(p, "var_", 4) != 0) {
        return 0;
    }
    size_t word = c_word_length(p);
    size_t digits = strspn(p + 5, "0123456789");
    if (word < 6 || digits != word - 5 || digits > DIGITS_MAX ||
        strchr(is_global ? "g" : "ijfdlp", p[4]) == NULL) {
        return 0;
    }
    *length = (size_t)(p - text) + word;
    return c_variable(p[4], (uint32_t)strtoul(p + 5, NULL, 10));
}

static bool is_pure_word(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof(pure_words) / sizeof(pure_words[0]); i++) {
        if (strlen(pure_words[i]) == length &&
            memcmp(pure_words[i], text, length) == 0) {
            return true;
        }
    }
    return false;
}

static void add_read(struct c_statement *statement, uint32_t variable)
{
    if (statement->read_count < C_STATEMENT_READS) {
        statement->reads[statement->read_count++] = variable;
    } else {
        statement->is_known = false;
    }
}

/* The variables between 'p' and 'end'. */
static void read_value(struct c_statement *statement, const char *p,
                       const char *end)
{
    while (p < end) {
        size_t length = 0;
        uint32_t variable = c_variable_at(p, &length);
        if (variable != 0) {
            add_read(statement, variable);
        } else if (isdigit((unsigned char)*p)) {
            length = c_word_length(p); /* "0x1p3f" as well as "32u" */
        } else if (isalpha((unsigned char)*p) || *p == '_') {
            length = c_word_length(p);
            statement->is_pure = statement->is_pure && is_pure_word(p, length);
        } else {
            length = 1;
            statement->is_pure =
                statement->is_pure && strchr(" .,()+-*/<>=!&|^?:", *p) != NULL;
        }
        p += length;
    }
}

void c_statement_read(struct c_statement *statement, const struct c_line *line)
{
    *statement = (struct c_statement){.is_known = true};
    const char *end = line->text + line->length;
    const char *p = line->text;
    size_t length = 0;
    uint32_t target = line->length > 0 ? c_variable_at(p, &length) : 0;
    const char *sign = p + length;
    bool is_assignment = target != 0 && end - sign > 4 && end[-1] == ';' &&
                         strncmp(sign, " = ", 3) == 0;
    bool is_update = target != 0 && end - sign > 5 && end[-1] == ';' &&
                     sign[0] == ' ' && sign[2] == '=' && sign[3] == ' ' &&
                     strchr("+-*/&|^", sign[1]) != NULL;
    if (is_assignment || is_update) {
        statement->target = target;
        statement->is_pure = true;
        p = sign + (is_update ? 4 : 3);
        end--;
    }
    if (is_update) {
        statement->is_update = true;
        statement->operation = sign[1];
        add_read(statement, target);
    }
    statement->value = p;
    statement->value_length = (size_t)(end - p);
    read_value(statement, p, end);
    statement->is_pure = statement->is_pure && statement->is_known;
    statement->is_constant = statement->is_pure && statement->read_count == 0;
}

bool c_statement_reads(const struct c_statement *statement, uint32_t variable)
{
    for (uint32_t i = 0; i < statement->read_count; i++) {
        if (statement->reads[i] == variable) {
            return true;
        }
    }
    return false;
}
