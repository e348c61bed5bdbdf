/* SPDX-License-Identifier: MIT */
#include "project/parse/argument.h"

static bool is_operator(char byte)
{
    return byte == '+' || byte == '-' || byte == '*' || byte == '/' ||
           byte == '^';
}

bool argument_is_constant(struct span name)
{
    if (name.length == 0 || name.bytes[0] < 'A' || name.bytes[0] > 'Z') {
        return false;
    }
    for (size_t i = 0; i < name.length; i++) {
        if (name.bytes[i] >= 'a' && name.bytes[i] <= 'z') {
            return false;
        }
    }
    return true;
}

/* A module's or an item's name inside of a reference. */
static bool is_simple(struct span name)
{
    return name.length > 0 && !span_has(name, "&:.") &&
           span_trim(name).length == name.length;
}

static bool starts_like_number(struct span text)
{
    size_t at = 0;
    if (at < text.length && text.bytes[at] == '-') {
        at++;
    }
    if (at < text.length && text.bytes[at] == '.') {
        at++;
    }
    return at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9';
}

/* Offset of the only ':', or SIZE_MAX. */
static size_t find_colon(struct span text)
{
    const char *colon = memchr(text.bytes, ':', text.length);
    return colon == NULL ? SIZE_MAX : (size_t)(colon - text.bytes);
}

static bool read_nth(struct span text, uint32_t *nth)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(text.bytes[i] - '0');
        value = value < UINT32_MAX ? value : UINT32_MAX;
    }
    *nth = (uint32_t)value;
    return text.length > 0;
}

/* &M: M:& &M:N &M:X M:X& &X X& */
static bool read_address(struct operand *operand)
{
    struct span text = operand->text;
    bool is_start = span_starts(text, "&");
    bool is_end = !is_start && span_ends(text, "&");
    if (text.length < 2 || (!is_start && !is_end)) {
        return false;
    }
    struct span name =
        is_start ? span_from(text, 1) : span_first(text, text.length - 1);
    size_t colon = find_colon(name);
    operand->kind = is_start ? OPERAND_ITEM_START : OPERAND_ITEM_END;
    if (colon == SIZE_MAX) {
        operand->id = name;
        return true;
    }
    operand->module = span_first(name, colon);
    operand->id = span_from(name, colon + 1);
    if (colon == 0) {
        return false;
    }
    if (operand->id.length == 0) {
        operand->kind = is_start ? OPERAND_MODULE_START : OPERAND_MODULE_END;
        return true;
    }
    if (is_start && read_nth(operand->id, &operand->nth)) {
        operand->kind = OPERAND_NTH;
        return true;
    }
    return is_simple(operand->id);
}

/* count(Q) sizeof(Q) max(Q) min(Q), Q = X, M:X or *X */
static bool read_query(struct operand *operand)
{
    static const struct {
        const char *text;
        enum operand_kind kind;
    } queries[] = {{"count(", OPERAND_COUNT},
                   {"sizeof(", OPERAND_SIZEOF},
                   {"max(", OPERAND_MAX},
                   {"min(", OPERAND_MIN}};
    struct span text = operand->text;
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        size_t length = strlen(queries[i].text);
        if (!span_starts(text, queries[i].text) || !span_ends(text, ")") ||
            text.length < length + 2) {
            continue;
        }
        struct span name =
            span_first(span_from(text, length), text.length - length - 1);
        operand->kind = queries[i].kind;
        operand->is_pointee = name.bytes[0] == '*';
        name = span_from(name, operand->is_pointee ? 1 : 0);
        size_t colon = find_colon(name);
        operand->id = colon == SIZE_MAX ? name : span_from(name, colon + 1);
        operand->module = span_first(name, colon == SIZE_MAX ? 0 : colon);
        return operand->id.length > 0;
    }
    return false;
}

static struct operand read_operand(struct span text)
{
    struct operand operand = {.kind = OPERAND_NUMBER, .text = text};
    enum number_result result = number_literal(text, &operand.number);
    if (result != NUMBER_NONE) {
        operand.kind = result == NUMBER_OK ? OPERAND_NUMBER : OPERAND_TOO_LARGE;
        return operand;
    }
    if (starts_like_number(text)) {
        operand.kind = OPERAND_BAD;
        return operand;
    }
    if (read_address(&operand) || read_query(&operand)) {
        return operand;
    }
    operand = (struct operand){.kind = OPERAND_NAME, .text = text, .id = text};
    if (text.length > 1 && text.bytes[0] == '*') {
        operand.kind = OPERAND_POINTEE;
    } else if (argument_is_constant(text)) {
        operand.kind = OPERAND_CONSTANT;
    }
    return operand;
}

/* The one operator of an expression; 0 when there is none or several. */
static size_t find_operator(struct span text)
{
    size_t found = 0;
    size_t depth = 0;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        depth += byte == '(';
        depth -= byte == ')' && depth > 0;
        bool is_sign = (byte == '+' || byte == '-') &&
                       (i == 0 || is_operator(text.bytes[i - 1]));
        if (depth > 0 || !is_operator(byte) || is_sign) {
            continue;
        }
        if (i == 0 || i + 1 == text.length || found > 0) {
            return 0;
        }
        found = i;
    }
    return found;
}

/* "2/1e-3": one of * / ^ with literals on both sides. */
static size_t find_literal_operator(struct span text)
{
    size_t found = 0;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        if (byte == '*' || byte == '/' || byte == '^') {
            if (i == 0 || i + 1 == text.length || found > 0) {
                return 0;
            }
            found = i;
        }
    }
    struct number number;
    return found > 0 &&
                   number_literal(span_first(text, found), &number) !=
                       NUMBER_NONE &&
                   number_literal(span_from(text, found + 1), &number) !=
                       NUMBER_NONE
               ? found
               : 0;
}

struct argument argument_read(struct span token)
{
    struct argument argument = {.kind = ARGUMENT_OPERAND};
    size_t at = find_literal_operator(token);
    struct number number;
    if (at == 0 && span_starts(token, "\"")) {
        argument.kind = ARGUMENT_STRING;
        argument.left.text = token;
        return argument;
    }
    if (at == 0 && number_literal(token, &number) == NUMBER_NONE) {
        at = find_operator(token);
    }
    if (at == 0) {
        argument.left = read_operand(token);
        return argument;
    }
    argument.kind = ARGUMENT_EXPRESSION;
    argument.left = read_operand(span_first(token, at));
    argument.operator= token.bytes[at];
    argument.right = read_operand(span_from(token, at + 1));
    return argument;
}

static int hex_digit(char byte)
{
    const char *digits = "0123456789abcdef";
    const char *found = strchr(digits, byte >= 'A' ? byte | 0x20 : byte);
    return byte != '\0' && found != NULL ? (int)(found - digits) : -1;
}

/* Bytes read from 'rest', which starts with a backslash; 0: no such escape. */
static size_t read_escape(struct span rest, uint8_t *byte)
{
    static const char from[] = "\"\\nrt";
    static const char to[] = "\"\\\n\r\t";
    const char *found = rest.length < 2 ? NULL : strchr(from, rest.bytes[1]);
    if (found != NULL) {
        *byte = (uint8_t)to[found - from];
        return 2;
    }
    if (rest.length < 4 || rest.bytes[1] != 'x') {
        return 0;
    }
    int high = hex_digit(rest.bytes[2]);
    int low = hex_digit(rest.bytes[3]);
    *byte = (uint8_t)(high * 16 + low);
    return high < 0 || low < 0 ? 0 : 4;
}

/* The low bytes of the UTF-16 units of one character; returns its length. */
static size_t read_character(struct span rest, uint8_t units[2], size_t *count)
{
    const unsigned char *at = (const unsigned char *)rest.bytes;
    *count = 1;
    if (at[0] < 0x80) {
        units[0] = at[0];
        return 1;
    }
    if (at[0] < 0xe0) {
        units[0] = (uint8_t)((at[0] & 0x1fU) << 6U | (at[1] & 0x3fU));
        return 2;
    }
    if (at[0] < 0xf0) {
        units[0] = (uint8_t)((at[1] & 0x3fU) << 6U | (at[2] & 0x3fU));
        return 3;
    }
    uint32_t code = (at[0] & 7U) << 18U | (at[1] & 0x3fU) << 12U |
                    (at[2] & 0x3fU) << 6U | (at[3] & 0x3fU);
    code -= 0x10000;
    units[0] = (uint8_t)(code >> 10U);
    units[1] = (uint8_t)code;
    *count = 2;
    return 4;
}

bool argument_string(struct span token, uint8_t *bytes, size_t room,
                     size_t *length)
{
    struct span rest = span_first(span_from(token, 1), token.length - 2);
    size_t used = 0;
    while (rest.length > 0) {
        uint8_t units[2] = {0, 0};
        size_t count = 1;
        size_t step = rest.bytes[0] == '\\'
                          ? read_escape(rest, units)
                          : read_character(rest, units, &count);
        if (step == 0) {
            return false;
        }
        for (size_t i = 0; i < count; i++, used++) {
            if (used < room) {
                bytes[used] = units[i];
            }
        }
        rest = span_from(rest, step);
    }
    *length = used;
    return true;
}
