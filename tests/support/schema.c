/* SPDX-License-Identifier: MIT */
#include "schema.h"

#include <check.h>
#include <math.h>
#include <string.h>

static bool is_type(const char *type, const cJSON *value)
{
    bool is_whole = cJSON_IsNumber(value) &&
                    value->valuedouble == floor(value->valuedouble);
    return (strcmp(type, "null") == 0 && cJSON_IsNull(value)) ||
           (strcmp(type, "boolean") == 0 && cJSON_IsBool(value)) ||
           (strcmp(type, "number") == 0 && cJSON_IsNumber(value)) ||
           (strcmp(type, "integer") == 0 && is_whole) ||
           (strcmp(type, "string") == 0 && cJSON_IsString(value)) ||
           (strcmp(type, "array") == 0 && cJSON_IsArray(value)) ||
           (strcmp(type, "object") == 0 && cJSON_IsObject(value));
}

static bool matches_type(const cJSON *types, const cJSON *value)
{
    if (cJSON_IsString(types)) {
        return is_type(types->valuestring, value);
    }
    const cJSON *type = NULL;
    cJSON_ArrayForEach(type, types)
    {
        if (is_type(type->valuestring, value)) {
            return true;
        }
    }
    return false;
}

static bool is_listed(const cJSON *list, const cJSON *value)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, list)
    {
        if (cJSON_Compare(item, value, true)) {
            return true;
        }
    }
    return false;
}

static bool matches_members(const cJSON *properties, const cJSON *value)
{
    const cJSON *property = NULL;
    cJSON_ArrayForEach(property, properties)
    {
        const cJSON *member =
            cJSON_GetObjectItemCaseSensitive(value, property->string);
        if (member != NULL && !schema_matches(property, member)) {
            return false;
        }
    }
    return true;
}

static bool has_required(const cJSON *names, const cJSON *value)
{
    const cJSON *name = NULL;
    cJSON_ArrayForEach(name, names)
    {
        if (!cJSON_HasObjectItem(value, name->valuestring)) {
            return false;
        }
    }
    return true;
}

static bool matches_items(const cJSON *schema, const cJSON *value)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, value)
    {
        if (!schema_matches(schema, item)) {
            return false;
        }
    }
    return true;
}

/* One keyword; those that speak of another type hold. */
static bool holds(const cJSON *rule, const cJSON *value)
{
    const char *key = rule->string;
    double number = cJSON_IsNumber(value) ? value->valuedouble : 0;
    size_t length = cJSON_IsString(value) ? strlen(value->valuestring) : 0;
    if (strcmp(key, "type") == 0) {
        return matches_type(rule, value);
    }
    if (strcmp(key, "const") == 0) {
        return cJSON_Compare(rule, value, true);
    }
    if (strcmp(key, "enum") == 0) {
        return is_listed(rule, value);
    }
    if (strcmp(key, "minimum") == 0) {
        return !cJSON_IsNumber(value) || number >= rule->valuedouble;
    }
    if (strcmp(key, "maximum") == 0) {
        return !cJSON_IsNumber(value) || number <= rule->valuedouble;
    }
    if (strcmp(key, "minLength") == 0) {
        return !cJSON_IsString(value) || (double)length >= rule->valuedouble;
    }
    if (strcmp(key, "maxLength") == 0) {
        return !cJSON_IsString(value) || (double)length <= rule->valuedouble;
    }
    if (strcmp(key, "maxItems") == 0) {
        return !cJSON_IsArray(value) ||
               cJSON_GetArraySize(value) <= (int)rule->valuedouble;
    }
    if (strcmp(key, "items") == 0) {
        return !cJSON_IsArray(value) || matches_items(rule, value);
    }
    if (strcmp(key, "required") == 0) {
        return !cJSON_IsObject(value) || has_required(rule, value);
    }
    if (strcmp(key, "properties") == 0) {
        return !cJSON_IsObject(value) || matches_members(rule, value);
    }
    bool is_comment = strcmp(key, "$schema") == 0 ||
                      strcmp(key, "title") == 0 ||
                      strcmp(key, "description") == 0;
    ck_assert_msg(is_comment, "the schema has an unknown keyword '%s'", key);
    return true;
}

bool schema_matches(const cJSON *schema, const cJSON *value)
{
    const cJSON *rule = NULL;
    cJSON_ArrayForEach(rule, schema)
    {
        if (!holds(rule, value)) {
            return false;
        }
    }
    return true;
}
