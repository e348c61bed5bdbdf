/* SPDX-License-Identifier: MIT */
#include "common/json.h"

#include "common/print.h"

#include <inttypes.h>
#include <math.h>

void json_init(struct json *json, FILE *file, unsigned lines)
{
    *json = (struct json){.file = file, .lines = lines};
}

static bool has_lines(const struct json *json)
{
    return json->depth > 0 && json->depth <= json->lines;
}

static void break_line(const struct json *json)
{
    (void)fprintf(json->file, "\n%*s", (int)(2 * json->depth), "");
}

/* In front of an element: a comma and a line break, where they belong. */
static void begin(struct json *json)
{
    uint32_t bit = UINT32_C(1) << json->depth;
    if (json->is_named) {
        json->is_named = false;
        return;
    }
    if ((json->has_any & bit) != 0) {
        (void)fputs(json->lines > 0 && !has_lines(json) ? ", " : ",",
                    json->file);
    }
    json->has_any |= bit;
    if (has_lines(json)) {
        break_line(json);
    }
}

void json_open(struct json *json, char bracket)
{
    begin(json);
    (void)fputc(bracket, json->file);
    json->depth++;
    json->has_any &= ~(UINT32_C(1) << json->depth);
}

void json_close(struct json *json, char bracket)
{
    bool is_broken =
        has_lines(json) && (json->has_any & (UINT32_C(1) << json->depth)) != 0;
    json->depth--;
    if (is_broken) {
        break_line(json);
    }
    (void)fputc(bracket, json->file);
    if (json->depth == 0 && json->lines > 0) {
        (void)fputc('\n', json->file);
    }
}

void json_key(struct json *json, const char *name)
{
    begin(json);
    print_json_string(name, json->file);
    (void)fputs(json->lines > 0 ? ": " : ":", json->file);
    json->is_named = true;
}

void json_open_member(struct json *json, const char *name, char bracket)
{
    json_key(json, name);
    json_open(json, bracket);
}

void json_raw(struct json *json, const char *text)
{
    begin(json);
    (void)fputs(text, json->file);
}

void json_string(struct json *json, const char *text)
{
    begin(json);
    print_json_string(text, json->file);
}

void json_unsigned(struct json *json, uint64_t number)
{
    begin(json);
    (void)fprintf(json->file, "%" PRIu64, number);
}

void json_fixed(struct json *json, double number, int decimals)
{
    if (!isfinite(number)) {
        json_null(json);
        return;
    }
    begin(json);
    (void)fprintf(json->file, "%.*f", decimals, number);
}

void json_bool(struct json *json, bool value)
{
    json_raw(json, value ? "true" : "false");
}

void json_null(struct json *json)
{
    json_raw(json, "null");
}

void json_member_string(struct json *json, const char *name, const char *text)
{
    json_key(json, name);
    json_string(json, text);
}

void json_member_unsigned(struct json *json, const char *name, uint64_t number)
{
    json_key(json, name);
    json_unsigned(json, number);
}

void json_member_fixed(struct json *json, const char *name, double number,
                       int decimals)
{
    json_key(json, name);
    json_fixed(json, number, decimals);
}

void json_member_bool(struct json *json, const char *name, bool value)
{
    json_key(json, name);
    json_bool(json, value);
}

void json_member_range(struct json *json, const char *name,
                       const unsigned range[2])
{
    json_open_member(json, name, '[');
    json_unsigned(json, range[0]);
    json_unsigned(json, range[1]);
    json_close(json, ']');
}
