/* SPDX-License-Identifier: MIT */
#include "metadata/json_node.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>

bool json_node_member(const struct json_node *object, const char *key,
                      struct json_node *node)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object->value, key);
    *node = (struct json_node){
        .value = cJSON_IsNull(value) ? NULL : value,
        .parent = object,
        .key = key,
    };
    return node->value != NULL;
}

bool json_node_next(const struct json_node *list, struct json_node *node)
{
    if (node->value == NULL) {
        node->value = list->value != NULL ? list->value->child : NULL;
        node->index = 0;
    } else {
        node->value = node->value->next;
        node->index++;
    }
    node->parent = list;
    node->key = NULL;
    return node->value != NULL;
}

/* "$.items[3].count" */
static void print_path(const struct json_node *node, struct buf *out)
{
    if (node->parent == NULL) {
        buf_byte(out, '$');
        return;
    }
    print_path(node->parent, out);
    if (node->key != NULL) {
        buf_format(out, ".%s", node->key);
    } else {
        buf_format(out, "[%" PRIu32 "]", node->index);
    }
}

bool json_node_fail(const struct json_node *node, struct diag *diag,
                    const char *format, ...)
{
    struct arena arena;
    struct buf path;
    arena_init(&arena, 0);
    buf_init(&path, &arena);
    print_path(node, &path);
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    (void)diag_input(diag, -1, "%s: %s", buf_string(&path), text);
    arena_deinit(&arena);
    return false;
}

bool json_node_object(const struct json_node *node, struct diag *diag)
{
    return cJSON_IsObject(node->value) ||
           json_node_fail(node, diag, "not an object");
}

bool json_node_need(const struct json_node *object, const char *key,
                    struct diag *diag)
{
    struct json_node node;
    return json_node_member(object, key, &node) ||
           json_node_fail(&node, diag, "missing");
}

bool json_node_u32(const struct json_node *object, const char *key,
                   uint32_t min, uint32_t max, uint32_t *number,
                   struct diag *diag)
{
    struct json_node node;
    if (!json_node_member(object, key, &node)) {
        return true;
    }
    double value = cJSON_IsNumber(node.value) ? node.value->valuedouble : -1;
    if (!(value >= min && value <= max) || value != floor(value)) {
        return json_node_fail(&node, diag,
                              "not a whole number from %" PRIu32 " to %" PRIu32,
                              min, max);
    }
    *number = (uint32_t)value;
    return true;
}

bool json_node_length(const struct json_node *object, const char *key,
                      uint32_t *number, struct diag *diag)
{
    struct json_node node;
    double value = *number;
    if (!json_node_double(object, key, &value, diag)) {
        return false;
    }
    if (!(value >= 0 && value <= UINT32_MAX)) {
        return json_node_member(object, key, &node) &&
               json_node_fail(&node, diag, "not a number from 0 to %" PRIu32,
                              UINT32_MAX);
    }
    *number = (uint32_t)value;
    return true;
}

bool json_node_double(const struct json_node *object, const char *key,
                      double *number, struct diag *diag)
{
    struct json_node node;
    if (!json_node_member(object, key, &node)) {
        return true;
    }
    if (!cJSON_IsNumber(node.value) || !isfinite(node.value->valuedouble)) {
        return json_node_fail(&node, diag, "not a number");
    }
    *number = node.value->valuedouble;
    return true;
}

bool json_node_bool(const struct json_node *object, const char *key, bool *flag,
                    struct diag *diag)
{
    struct json_node node;
    if (!json_node_member(object, key, &node)) {
        return true;
    }
    if (!cJSON_IsBool(node.value)) {
        return json_node_fail(&node, diag, "neither true nor false");
    }
    *flag = cJSON_IsTrue(node.value) != 0;
    return true;
}

bool json_node_text(const struct json_node *object, const char *key,
                    const char **text, struct arena *arena, struct diag *diag)
{
    struct json_node node;
    if (!json_node_member(object, key, &node)) {
        return true;
    }
    const char *value = cJSON_GetStringValue(node.value);
    if (value == NULL) {
        return json_node_fail(&node, diag, "not a text");
    }
    *text = arena_copy(arena, value, strlen(value));
    return true;
}

bool json_node_sha256(const struct json_node *object, const char **sha256,
                      struct arena *arena, struct diag *diag)
{
    enum { DIGITS = 64 };
    if (!json_node_text(object, "sha256", sha256, arena, diag)) {
        return false;
    }
    if (*sha256 != NULL && (strlen(*sha256) != DIGITS ||
                            strspn(*sha256, "0123456789abcdef") != DIGITS)) {
        struct json_node node;
        (void)json_node_member(object, "sha256", &node);
        return json_node_fail(&node, diag,
                              "not 64 hexadecimal digits in lower case");
    }
    return true;
}

bool json_node_list(const struct json_node *object, const char *key,
                    uint32_t max, struct json_node *list, uint32_t *count,
                    struct diag *diag)
{
    *count = 0;
    if (!json_node_member(object, key, list)) {
        return true;
    }
    if (!cJSON_IsArray(list->value)) {
        return json_node_fail(list, diag, "not a list");
    }
    int size = cJSON_GetArraySize(list->value);
    if (size < 0 || (uint32_t)size > max) {
        return json_node_fail(list, diag, "more than %" PRIu32 " elements",
                              max);
    }
    *count = (uint32_t)size;
    return true;
}
