/* SPDX-License-Identifier: MIT */
#include "osc/tree.h"

#include "common/json.h"
#include "osc/fact.h"
#include "osc/value.h"
#include "panel/param_value.h"

#include <math.h>
#include <string.h>

/* What is being written. */
struct tree {
    const struct space *space;
    const char *values; /* those that were not written yet */
    struct tree_walk walk;
    const struct space_node *next; /* whose value is the next one */
    struct json json;
};

static bool is_below(const char *path, const char *above, size_t length)
{
    return strncmp(path, above, length) == 0 &&
           (path[length] == '\0' || path[length] == '/');
}

struct tree_walk tree_walk_start(const struct space *space, const char *path)
{
    size_t length = strlen(path);
    struct tree_walk walk = {.space = space, .end = space->node_count};
    while (walk.at < walk.end &&
           !is_below(space->nodes[walk.at].path, path, length)) {
        walk.at++;
    }
    for (size_t i = walk.at; i < walk.end; i++) {
        if (!is_below(space->nodes[i].path, path, length)) {
            walk.end = i;
        }
    }
    walk.is_alone = walk.end - walk.at == 1;
    return walk;
}

const struct space_node *tree_walk_next(struct tree_walk *walk)
{
    const struct space *space = walk->space;
    while (walk->at < walk->end) {
        const struct space_node *node = &space->nodes[walk->at++];
        if (node->source != SPACE_NONE && space_can_read(space, node) &&
            (walk->is_alone ||
             space->sources[node->source].count <= TREE_ELEMENTS_MAX)) {
            return node;
        }
    }
    return NULL;
}

/* --- attributes --------------------------------------------------------- */

static void write_access(struct tree *tree, const struct space_node *node)
{
    bool is_read =
        node->kind == SPACE_LEVELS || space_can_read(tree->space, node);
    json_unsigned(&tree->json,
                  (is_read ? 1U : 0U) + (space_can_write(node) ? 2U : 0U));
}

/* As many types as values. */
static void write_type(struct tree *tree, const struct space_node *node)
{
    const struct space *space = tree->space;
    const struct f4e_patch *patch = space->patch;
    char types[SPACE_ELEMENTS_MAX + 1] = "s";
    unsigned number = 0;
    if (node->source != SPACE_NONE) {
        uint32_t count = space->sources[node->source].count;
        count = count <= SPACE_ELEMENTS_MAX ? count : 1;
        memset(types, value_type(space, node), count);
        types[count] = '\0';
    } else if (node->kind == SPACE_CALL) {
        const char *signature = patch->exports[node->index].signature;
        size_t count = strcspn(signature, ":");
        count = count < sizeof(types) ? count : sizeof(types) - 1;
        for (size_t i = 0; i < count; i++) {
            types[i] = signature[i];
            if (types[i] == 'l') {
                types[i] = 'h';
            }
        }
        types[count] = '\0';
    } else if (node->kind == SPACE_MIDI) {
        (void)snprintf(types, sizeof(types), "iii");
    } else if (node->kind == SPACE_INFO &&
               fact_value(patch, space->version, node->index, &number) ==
                   NULL) {
        types[0] = 'i';
    }
    json_string(&tree->json, types);
}

static void write_range(struct tree *tree, const struct space_node *node)
{
    const struct f4e_patch *patch = tree->space->patch;
    bool is_share = node->kind == SPACE_SHARE;
    const struct f4e_param *param = &patch->params[node->index];
    char text[96];
    (void)snprintf(text, sizeof(text),
                   !is_share && param_is_switch(param)
                       ? "[{\"VALS\":[%.17g,%.17g]}]"
                       : "[{\"MIN\":%.17g,\"MAX\":%.17g}]",
                   is_share                 ? 0.0
                   : param_is_switch(param) ? param->off
                                            : param->min,
                   is_share                 ? 1.0
                   : param_is_switch(param) ? param->on
                                            : param->max);
    json_raw(&tree->json, text);
}

static void write_description(struct tree *tree, const struct space_node *node)
{
    static const char *const texts[] = {
        [SPACE_CALL] = "calls an exported function",
        [SPACE_MIDI] = "a MIDI message: its bytes, or m",
        [SPACE_PRESET_LOAD] = "a preset's name, and the seconds that it takes",
        [SPACE_PRESET_SAVE] = "a preset's name",
        [SPACE_PRESET_ENTRIES] = "names of presets",
        [SPACE_INFO] = "of the patch",
        [SPACE_LEVELS] = "peaks of the outputs, for listeners",
        [SPACE_LISTENER_ADD] = "a port, and addresses to be told of",
        [SPACE_LISTENER_DELETE] = "a port",
        [SPACE_LISTENER_ENTRIES] = "who is told what changes",
        [SPACE_TOKEN] = "the token, from another machine",
    };
    const struct f4e_patch *patch = tree->space->patch;
    json_string(&tree->json,
                node->kind == SPACE_VAR ? patch->items[node->index].type
                : node->kind == SPACE_PARAM || node->kind == SPACE_SHARE
                    ? param_kind(&patch->params[node->index])
                    : texts[node->kind]);
}

/* The numbers of a value of the channel, as the node shows them. */
static void write_numbers(struct tree *tree, const struct space_node *node,
                          const char *at)
{
    bool is_list = *at == '[';
    do {
        char text[VALUE_TEXT_MAX];
        double number = 0.0;
        at += strspn(at, "[,\"");
        size_t length = strcspn(at, ",]}\"");
        (void)snprintf(text, sizeof(text), "%.*s", (int)length, at);
        if (!value_next(&at, &number)) {
            break;
        }
        double shown = value_shown(tree->space, node, number);
        if (!isfinite(shown)) {
            json_null(&tree->json);
            continue;
        }
        if (shown != number) {
            (void)snprintf(text, sizeof(text), "%.9g", shown);
        }
        json_raw(&tree->json, text);
    } while (is_list);
}

static void write_value(struct tree *tree, const struct space_node *node)
{
    const char *key = NULL;
    size_t length = 0;
    unsigned number = 0;
    json_open(&tree->json, '[');
    if (node->kind != SPACE_INFO) {
        const char *value = value_member(&tree->values, &key, &length);
        write_numbers(tree, node, value);
        tree->next = tree_walk_next(&tree->walk);
    } else if (fact_value(tree->space->patch, tree->space->version, node->index,
                          &number) != NULL) {
        json_string(&tree->json, tree->space->patch->name);
    } else {
        json_unsigned(&tree->json, number);
    }
    json_close(&tree->json, ']');
}

static bool has_any(const struct tree *tree, const struct space_node *node)
{
    (void)tree;
    (void)node;
    return true;
}

static bool has_range(const struct tree *tree, const struct space_node *node)
{
    (void)tree;
    return node->kind == SPACE_PARAM || node->kind == SPACE_SHARE;
}

/* The last ones may be missing. */
static bool has_value(const struct tree *tree, const struct space_node *node)
{
    return node->kind == SPACE_INFO ||
           (node == tree->next &&
            tree->values[strspn(tree->values, ",")] == '"');
}

static const struct {
    char name[12];
    bool (*has)(const struct tree *tree, const struct space_node *node);
    void (*write)(struct tree *tree, const struct space_node *node);
} attributes[] = {
    {"ACCESS", has_any, write_access},
    {"TYPE", has_any, write_type},
    {"RANGE", has_range, write_range},
    {"DESCRIPTION", has_any, write_description},
    {"VALUE", has_value, write_value},
};

enum { ATTRIBUTE_COUNT = sizeof(attributes) / sizeof(*attributes) };

bool tree_has_attribute(const char **name)
{
    for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++) {
        if (strcmp(attributes[i].name, *name) == 0) {
            *name = attributes[i].name;
            return true;
        }
    }
    return false;
}

/* All of them, or one; false: there was none. */
static bool write_attributes(struct tree *tree, const struct space_node *node,
                             const char *only)
{
    bool is_any = false;
    for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++) {
        if ((only == NULL || strcmp(only, attributes[i].name) == 0) &&
            attributes[i].has(tree, node)) {
            json_key(&tree->json, attributes[i].name);
            attributes[i].write(tree, node);
            is_any = true;
        }
    }
    return is_any;
}

/* --- the tree ----------------------------------------------------------- */

/* The node or folder whose address is the first 'length' bytes of that of node
 * 'i', with all below it. Where the next one begins. */
static size_t write_node(struct tree *tree, size_t i, size_t end, size_t length)
{
    const struct space_node *nodes = tree->space->nodes;
    const char *path = nodes[i].path;
    char name[SPACE_PATH_MAX];
    (void)snprintf(name, sizeof(name), "%.*s", (int)length, path);
    json_open(&tree->json, '{');
    json_member_string(&tree->json, "FULL_PATH", length > 0 ? name : "/");
    if (path[length] == '\0') {
        (void)write_attributes(tree, &nodes[i++], NULL);
    } else {
        json_member_unsigned(&tree->json, "ACCESS", 0);
    }
    if (i < end && is_below(nodes[i].path, path, length)) {
        json_open_member(&tree->json, "CONTENTS", '{');
        while (i < end && is_below(nodes[i].path, path, length)) {
            const char *part = nodes[i].path + length + 1;
            size_t bytes = strcspn(part, "/");
            (void)snprintf(name, sizeof(name), "%.*s", (int)bytes, part);
            json_key(&tree->json, name);
            i = write_node(tree, i, end, length + 1 + bytes);
        }
        json_close(&tree->json, '}');
    }
    json_close(&tree->json, '}');
    return i;
}

unsigned tree_write(const struct space *space, const char *path,
                    const char *attribute, const char *values, FILE *file)
{
    struct tree tree = {.space = space, .values = values};
    unsigned status = 200;
    tree.walk = tree_walk_start(space, path);
    size_t first = tree.walk.at;
    size_t end = tree.walk.end;
    tree.next = tree_walk_next(&tree.walk);
    if (first == end) {
        (void)fputs("{\"error\":\"there is no such address\"}\n", file);
        return 404;
    }
    json_init(&tree.json, file, 0);
    if (attribute == NULL) {
        (void)write_node(&tree, first, end, strlen(path));
    } else {
        const struct space_node *node = &space->nodes[first];
        json_open(&tree.json, '{');
        status = strcmp(node->path, path) == 0 &&
                         write_attributes(&tree, node, attribute)
                     ? 200
                     : 204;
        json_close(&tree.json, '}');
    }
    (void)fputc('\n', file);
    return status;
}

void tree_write_host(const struct space *space, uint16_t port, FILE *file)
{
    struct json json;
    json_init(&json, file, 0);
    json_open(&json, '{');
    json_member_string(&json, "NAME", space->patch->name);
    json_member_string(&json, "OSC_TRANSPORT", "UDP");
    json_member_unsigned(&json, "OSC_PORT", port);
    json_open_member(&json, "EXTENSIONS", '{');
    for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++) {
        json_member_bool(&json, attributes[i].name, true);
    }
    /* These need a WebSocket, which nobody shall look for here. */
    json_member_bool(&json, "LISTEN", false);
    json_member_bool(&json, "PATH_CHANGED", false);
    json_close(&json, '}');
    json_close(&json, '}');
    (void)fputc('\n', file);
}
