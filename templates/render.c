/* SPDX-License-Identifier: MIT */
#include "render.h"

enum { MAX_VALUES = 64 };

static const char name_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

static bool find(const struct render_value *values, size_t count,
                 const char *name, size_t length, size_t *index)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(values[i].name) == length &&
            memcmp(values[i].name, name, length) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

bool render_template(struct buf *out, const char *template_name,
                     const char *template, const struct render_value *values,
                     size_t count, struct diag *diag)
{
    bool used[MAX_VALUES] = {false};
    if (count > MAX_VALUES) {
        return diag_tool(diag, "template '%s' has %zu values, more than %d",
                         template_name, count, MAX_VALUES);
    }
    for (const char *at = template; *at != '\0';) {
        size_t plain = strcspn(at, "@");
        buf_add(out, at, plain);
        at += plain;
        if (*at == '\0') {
            break;
        }
        size_t length = strspn(at + 1, name_letters);
        size_t index = 0;
        if (length == 0 || at[1 + length] != '@') {
            return diag_tool(diag, "template '%s': '@' that starts no name",
                             template_name);
        }
        if (!find(values, count, at + 1, length, &index)) {
            return diag_tool(diag, "template '%s': no value for '@%.*s@'",
                             template_name, (int)length, at + 1);
        }
        used[index] = true;
        buf_text(out, values[index].text);
        at += length + 2;
    }
    for (size_t i = 0; i < count; i++) {
        if (!used[i]) {
            return diag_tool(diag, "template '%s' does not use '@%s@'",
                             template_name, values[i].name);
        }
    }
    return true;
}
