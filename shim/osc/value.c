/* SPDX-License-Identifier: MIT */
#include "osc/value.h"

#include "common/element.h"
#include "panel/param_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* liblo leaves them at any address. */
#define READ(type, from) \
    type own;            \
    memcpy(&own, (from), sizeof(own));

static double read_real(char type, const void *from)
{
    if (type == 'f') {
        READ(float, from)
        return (double)own;
    }
    READ(double, from)
    return own;
}

static int64_t read_whole(char type, const void *from)
{
    if (type == 'h') {
        READ(int64_t, from)
        return own;
    }
    READ(int32_t, from)
    return own;
}

bool value_number(const struct arguments *arguments, int i, double *number)
{
    char type = (char)(i < arguments->count ? arguments->types[i] : 'N');
    bool is_real = type == 'f' || type == 'd';
    bool is_whole = type == 'i' || type == 'h';
    bool is_sign = type == 'T' || type == 'F' || type == 'I';
    *number = is_real    ? read_real(type, arguments->values[i])
              : is_whole ? (double)read_whole(type, arguments->values[i])
                         : type != 'F';
    return is_real || is_whole || is_sign;
}

bool value_word(const struct arguments *arguments, int i,
                char word[VALUE_TEXT_MAX])
{
    char type = arguments->types[i];
    double number;
    if (!value_number(arguments, i, &number)) {
        return false;
    }
    if (type == 'i' || type == 'h') {
        (void)snprintf(word, VALUE_TEXT_MAX, "%" PRId64,
                       read_whole(type, arguments->values[i]));
    } else {
        (void)snprintf(word, VALUE_TEXT_MAX, "%.*g", type == 'd' ? 17 : 9,
                       number);
    }
    return true;
}

const char *value_text(const struct arguments *arguments, int i)
{
    return i < arguments->count &&
                   (arguments->types[i] == 's' || arguments->types[i] == 'S')
               ? arguments->values[i]
               : NULL;
}

bool value_next(const char **at, double *number)
{
    char *end;
    *at += strspn(*at, "[,\"");
    if (**at == ']' || **at == '\0') {
        return false;
    }
    *number = strtod(*at, &end);
    bool is_number = end > *at;
    *at = end + (*end == '"'); /* "nan", "inf" */
    return is_number;
}

const char *value_members(const char *line)
{
    static const char start[] = "\"values\":{";
    const char *found = strstr(line, start);
    return found != NULL ? found + sizeof(start) - 1 : NULL;
}

/* The end of the JSON value at 'at', which is whole. */
static const char *value_end(const char *at)
{
    unsigned depth = 0;
    bool is_text = false;
    for (; *at != '\0'; at++) {
        if (is_text && *at == '\\' && at[1] != '\0') {
            at++;
        } else if (is_text) {
            is_text = *at != '"';
        } else if (depth == 0 && strchr(",]}", *at) != NULL) {
            break;
        } else {
            is_text = *at == '"';
            depth += *at == '[' || *at == '{';
            depth -= *at == ']' || *at == '}';
        }
    }
    return at;
}

const char *value_member(const char **at, const char **key, size_t *length)
{
    const char *start = *at != NULL ? *at + (**at == ',') : "";
    if (*start != '"') {
        return NULL;
    }
    const char *end = start + 1;
    while (*end != '"' && *end != '\0') {
        end += *end == '\\' && end[1] != '\0' ? 2 : 1;
    }
    if (*end != '"' || end[1] != ':') {
        return NULL;
    }
    *key = start + 1;
    *length = (size_t)(end - *key);
    *at = value_end(end + 2);
    return end + 2;
}

double value_shown(const struct space *space, const struct space_node *node,
                   double number)
{
    if (node->kind != SPACE_PARAM && node->kind != SPACE_SHARE) {
        return number;
    }
    const struct f4e_param *param = &space->patch->params[node->index];
    if (node->kind == SPACE_PARAM) {
        return param->kind == F4E_CROSSFADE ? 2.0 * number - 1.0 : number;
    }
    if (param_is_switch(param)) {
        return number == param->on ? 1.0 : 0.0;
    }
    bool is_slider = param->kind == F4E_SLIDER;
    double low = is_slider ? param->min : 0.0;
    double width = is_slider ? param->max - param->min : 1.0;
    double share = width > 0.0 ? (number - low) / width : 0.0;
    return share > 1.0 ? 1.0 : share > 0.0 ? share : 0.0;
}

char value_type(const struct space *space, const struct space_node *node)
{
    enum f4e_element element = space->sources[node->source].element;
    bool is_share = node->kind == SPACE_SHARE;
    if (is_share || element == F4E_F32) {
        return 'f';
    }
    return (char)(element == F4E_F64 ? 'd' : 'i');
}

uint64_t value_hash(uint64_t hash, enum f4e_element element, double number)
{
    static const uint64_t prime = UINT64_C(1099511628211);
    uint8_t bytes[ELEMENT_BYTES_MAX];
    element_encode(element, number, bytes);
    hash ^= UINT64_C(14695981039346656037);
    for (unsigned i = 0; i < element_bytes(element); i++) {
        hash = (hash ^ bytes[i]) * prime;
    }
    return hash;
}
