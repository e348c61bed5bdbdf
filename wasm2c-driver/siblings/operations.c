/* SPDX-License-Identifier: MIT */
#include "siblings/siblings_internal.h"

/* How an operation is written: "%0" and "%1" are its operands, "%F", "%U", "%S"
 * the types, "%N" the number of lanes. */
struct form {
    uint32_t code;
    uint32_t cost;
    bool is_quiet; /* no result of it is a signalling NaN */
    const char *text;
};

enum {
    F32_EQ = 0x5b,
    F32_ABS = 0x8b,
    F32_MIN = 0x96,
    F32_MAX = 0x97,
};

static const struct form forms[] = {
    {CODE_I32_EQZ, 1, false, "(%U)(%0 == 0u) & 1u"},
    {CODE_I32_EQ, 1, false, "(%U)(%0 == %1) & 1u"},
    {CODE_I32_NE, 1, false, "(%U)(%0 != %1) & 1u"},
    {CODE_I32_LT_S, 1, false, "(%U)((%S)%0 < (%S)%1) & 1u"},
    {CODE_I32_LT_U, 1, false, "(%U)(%0 < %1) & 1u"},
    {CODE_I32_GT_S, 1, false, "(%U)((%S)%0 > (%S)%1) & 1u"},
    {CODE_I32_GT_U, 1, false, "(%U)(%0 > %1) & 1u"},
    {CODE_I32_LE_S, 1, false, "(%U)((%S)%0 <= (%S)%1) & 1u"},
    {CODE_I32_LE_U, 1, false, "(%U)(%0 <= %1) & 1u"},
    {CODE_I32_GE_S, 1, false, "(%U)((%S)%0 >= (%S)%1) & 1u"},
    {CODE_I32_GE_U, 1, false, "(%U)(%0 >= %1) & 1u"},
    {CODE_F32_EQ, 1, false, "(%U)(%0 == %1) & 1u"},
    {CODE_F32_NE, 1, false, "(%U)(%0 != %1) & 1u"},
    {CODE_F32_LT, 1, false, "(%U)(%0 < %1) & 1u"},
    {CODE_F32_LT + 1, 1, false, "(%U)(%0 > %1) & 1u"},
    {CODE_F32_LT + 2, 1, false, "(%U)(%0 <= %1) & 1u"},
    {CODE_F32_LT + 3, 1, false, "(%U)(%0 >= %1) & 1u"},
    {CODE_I32_ADD, 1, false, "%0 + %1"},
    {CODE_I32_SUB, 1, false, "%0 - %1"},
    {CODE_I32_MUL, 1, false, "%0 * %1"},
    {CODE_I32_DIV_S, 4, false, "(%U)((%S)%0 / (%S)%1)"},
    {CODE_I32_DIV_U, 4, false, "%0 / %1"},
    {CODE_I32_REM_S, 4, false, "(%U)((%S)%0 % (%S)%1)"},
    {CODE_I32_REM_U, 4, false, "%0 % %1"},
    {CODE_I32_AND, 1, false, "%0 & %1"},
    {CODE_I32_OR, 1, false, "%0 | %1"},
    {CODE_I32_XOR, 1, false, "%0 ^ %1"},
    {CODE_I32_SHL, 1, false, "%0 << (%1 & 31u)"},
    {CODE_I32_SHR_S, 1, false, "(%U)((%S)%0 >> (%S)(%1 & 31u))"},
    {CODE_I32_SHR_U, 1, false, "%0 >> (%1 & 31u)"},
    {F32_ABS, 1, false, "__builtin_elementwise_abs(%0)"},
    {F32_ABS + 1, 1, false, "-%0"},
    {F32_ABS + 2, 1, true, "__builtin_elementwise_ceil(%0)"},
    {F32_ABS + 3, 1, true, "__builtin_elementwise_floor(%0)"},
    {F32_ABS + 4, 1, true, "__builtin_elementwise_trunc(%0)"},
    {F32_ABS + 5, 1, true, "__builtin_elementwise_nearbyint(%0)"},
    {F32_ABS + 6, 6, true, "__builtin_elementwise_sqrt(%0)"},
    {F32_ABS + 7, 1, true, "%0 + %1"},
    {F32_ABS + 8, 1, true, "%0 - %1"},
    {F32_ABS + 9, 1, true, "%0 * %1"},
    {F32_ABS + 10, 6, true, "%0 / %1"},
    {F32_MIN, 3, true, "f4e_min%N(%0, %1)"},
    {F32_MAX, 3, true, "f4e_max%N(%0, %1)"},
    {F32_MAX + 1, 1, false,
     "(%F)((%U)%0 & 0x7fffffffu | (%U)%1 & 0x80000000u)"},
    {CODE_F32_CONVERT_I32_S, 1, true, "__builtin_convertvector((%S)%0, %F)"},
    {CODE_I32_REINTERPRET_F32, 0, false, "(%U)%0"},
    {CODE_I32_REINTERPRET_F32 + 2, 0, false, "(%F)%0"},
    {CODE_I32_TRUNC_SAT_F32_S, 2, false, "f4e_trunc_sat%N(%0)"},
};

static const struct form whole = {0, 2, true, "f4e_whole%N(%0)"};

/* One that is neither zero nor NaN in any lane. */
static bool is_plain_constant(const struct sibling_writer *w,
                              const struct sibling_value *value)
{
    bool is_plain = value->constant != NULL;
    for (uint32_t i = 0; is_plain && i < w->count; i++) {
        uint32_t magnitude = value->constant[i] & 0x7fffffff;
        is_plain = magnitude != 0 && magnitude <= 0x7f800000;
    }
    return is_plain;
}

/* Against such a constant, the smaller number is one instruction: it returns
 * its second operand when they are equal, or one is NaN. */
static const char *short_form(const struct sibling_writer *w, uint32_t code,
                              const struct sibling_value *a,
                              const struct sibling_value *b)
{
    if (code != F32_MIN && code != F32_MAX) {
        return NULL;
    }
    if (is_plain_constant(w, a) && b->is_quiet) {
        return code == F32_MIN ? "%0 < %1 ? %0 : %1" : "%0 > %1 ? %0 : %1";
    }
    if (is_plain_constant(w, b) && a->is_quiet) {
        return code == F32_MIN ? "%1 < %0 ? %1 : %0" : "%1 > %0 ? %1 : %0";
    }
    return NULL;
}

static void write_form(struct sibling_writer *w, const char *text,
                       const char *const operands[2])
{
    for (; *text != '\0'; text++) {
        if (*text != '%' || text[1] == ' ') {
            buf_byte(w->out, (unsigned char)*text);
            continue;
        }
        switch (*++text) {
        case 'F':
            buf_text(w->out, siblings_type(w, WASM_F32));
            break;
        case 'U':
            buf_text(w->out, siblings_type(w, WASM_I32));
            break;
        case 'S':
            buf_format(w->out, "f4e_s%u", w->width);
            break;
        case 'N':
            buf_format(w->out, "%u", w->width);
            break;
        default:
            buf_text(w->out, operands[*text - '0']);
            break;
        }
    }
}

static const struct form *form_of(uint32_t code)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (forms[i].code == code) {
            return &forms[i];
        }
    }
    return NULL;
}

/* A float to an integer and back at once. */
static bool is_round_trip(const struct wasm_insn *insn,
                          const struct sibling_value *value)
{
    return insn->code == CODE_F32_CONVERT_I32_S && value->float_id != 0;
}

/* A division that cannot trap. */
static bool divides_safely(const struct sibling_writer *w,
                           const struct sibling_value *divisor)
{
    bool is_safe = divisor->constant != NULL;
    for (uint32_t i = 0; is_safe && i < w->count; i++) {
        is_safe =
            divisor->constant[i] != 0 && divisor->constant[i] != UINT32_MAX;
    }
    return is_safe;
}

bool siblings_write_op(struct sibling_writer *w, const struct wasm_insn *insn)
{
    const struct form *form = form_of(insn->code);
    if (form == NULL) {
        return false;
    }
    const char *type = insn->opcode->type;
    bool is_binary = type[1] != ':';
    struct sibling_value b = {0};
    if (is_binary) {
        b = siblings_pop(w);
    }
    if (body_is_division(insn->code) && !divides_safely(w, &b)) {
        return false;
    }
    struct sibling_value a = siblings_pop(w);
    if (is_round_trip(insn, &a)) {
        a.id = a.float_id;
        form = &whole;
    }
    const char *text = is_binary ? short_form(w, insn->code, &a, &b) : NULL;
    const char *operands[2] = {siblings_name(w, &a), ""};
    if (is_binary) {
        operands[1] = siblings_name(w, &b);
    }
    struct sibling_value result =
        siblings_begin(w, wasm_letter_type(type[is_binary ? 3 : 2]));
    write_form(w, text != NULL ? text : form->text, operands);
    buf_text(w->out, ";\n");
    result.is_quiet = form->is_quiet;
    result.float_id = insn->code == CODE_I32_TRUNC_SAT_F32_S ? a.id : 0;
    siblings_count(w, text != NULL ? 1 : form->cost);
    return siblings_push(w, result);
}

bool siblings_write_select(struct sibling_writer *w)
{
    struct sibling_value condition = siblings_pop(w);
    struct sibling_value otherwise = siblings_pop(w);
    struct sibling_value value = siblings_pop(w);
    if (value.type != WASM_I32 && value.type != WASM_F32) {
        return false;
    }
    const char *names[3] = {siblings_name(w, &condition),
                            siblings_name(w, &value),
                            siblings_name(w, &otherwise)};
    struct sibling_value result = siblings_begin(w, value.type);
    buf_format(w->out, "%s != 0u ? %s : %s;\n", names[0], names[1], names[2]);
    result.is_quiet = value.is_quiet && otherwise.is_quiet;
    siblings_count(w, 1);
    return siblings_push(w, result);
}
