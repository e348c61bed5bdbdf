/* SPDX-License-Identifier: MIT */
/* What a later program has put into a manifest. */
#include "metadata/manifest_read_internal.h"

#include "base/utf8.h"
#include "patch_element.h"

/* The text of a member; NULL when it is none. */
static const char *text_of(const struct json_node *node, const char *key)
{
    struct json_node member;
    return json_node_member(node, key, &member) && cJSON_IsString(member.value)
               ? member.value->valuestring
               : NULL;
}

/* An element of a type that is not known, or NULL. */
static const char *foreign_element(const struct json_node *node,
                                   const char *key)
{
    const char *name = text_of(node, key);
    for (int i = 0; name != NULL && i < PATCH_ELEMENTS; i++) {
        if (strcmp(name, patch_element_name((enum f4e_element)i)) == 0) {
            return NULL;
        }
    }
    return name;
}

bool manifest_item_is_foreign(const struct manifest_read_context *context,
                              const struct json_node *node)
{
    struct manifest_foreign *foreign = context->foreign;
    const char *name = text_of(node, "name");
    const char *element = foreign_element(node, "element");
    if (element == NULL) {
        element = foreign_element(node, "pointee");
    }
    if (element == NULL || name == NULL) {
        return false;
    }
    foreign->names = arena_grow(context->arena, foreign->names, foreign->count,
                                &foreign->capacity, sizeof(*foreign->names));
    foreign->names[foreign->count++] =
        arena_copy(context->arena, name, strlen(name));
    manifest_notice(context->manifest, context->arena,
                    "'%s' is left out: this program does not know the type "
                    "'%s'",
                    utf8_print_text(name, context->arena),
                    utf8_print_text(element, context->arena));
    return true;
}

static bool is_left_out(const struct manifest_foreign *foreign,
                        const char *name)
{
    for (uint32_t i = 0; name != NULL && i < foreign->count; i++) {
        if (strcmp(foreign->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

bool manifest_widget_is_foreign(const struct manifest_read_context *context,
                                const struct json_node *node, const char *what,
                                const char *const *kinds, unsigned count)
{
    static const char *const references[] = {"item", "item2", "countItem",
                                             "cursorItem"};
    const char *kind = text_of(node, "kind");
    const char *unknown = kind;
    for (unsigned i = 0; i < count; i++) {
        if (kind != NULL && strcmp(kind, kinds[i]) == 0) {
            unknown = foreign_element(node, "element");
        }
    }
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        const char *name = text_of(node, references[i]);
        if (is_left_out(context->foreign, name)) {
            manifest_notice(context->manifest, context->arena,
                            "a %s is left out: '%s' is", what,
                            utf8_print_text(name, context->arena));
            return true;
        }
    }
    if (unknown == NULL) {
        return false;
    }
    manifest_notice(context->manifest, context->arena,
                    "a %s is left out: this program does not know '%s'", what,
                    utf8_print_text(unknown, context->arena));
    return true;
}
