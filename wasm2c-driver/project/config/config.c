/* SPDX-License-Identifier: MIT */
#include "project/project.h"

#include "project/config/setting.h"
#include "project/parse/directive.h"
#include "project/parse/notices.h"
#include "project/parse/table.h"

/*
 * Values form a tree, as the paths say: a deeper path makes an object of what
 * was a value, and a value takes the place of an object. The order of keys is
 * that of their first appearance, but whole numbers come first.
 */
struct node {
    struct span key;
    uint32_t parent;
    uint32_t first; /* child, NODE_NONE: none */
    uint32_t last;
    uint32_t next;  /* sibling */
    uint32_t scope; /* of the children's keys in the table; 0: a value */
    struct project_value value;
};

#define NODE_NONE UINT32_MAX

struct tree {
    struct arena *arena;
    struct node *nodes;
    uint32_t count;
    uint32_t capacity;
    uint32_t scopes;
    uint32_t lines;    /* @config lines read */
    struct table keys; /* to nodes */
};

static uint32_t add_node(struct tree *tree, uint32_t parent, struct span key)
{
    if (tree->count == tree->capacity) {
        uint32_t capacity = 2 * tree->capacity + 64;
        struct node *nodes = arena_alloc(tree->arena, capacity, sizeof(*nodes));
        for (uint32_t i = 0; i < tree->count; i++) {
            nodes[i] = tree->nodes[i];
        }
        tree->nodes = nodes;
        tree->capacity = capacity;
    }
    uint32_t index = tree->count++;
    tree->nodes[index] = (struct node){
        .key = key,
        .parent = parent,
        .first = NODE_NONE,
        .last = NODE_NONE,
        .next = NODE_NONE,
    };
    if (parent == NODE_NONE) {
        return index;
    }
    struct node *above = &tree->nodes[parent];
    if (above->first == NODE_NONE) {
        above->first = index;
    } else {
        tree->nodes[above->last].next = index;
    }
    above->last = index;
    return index;
}

/* The child called 'key' of 'parent', which becomes an object if it is none. */
static uint32_t child(struct tree *tree, uint32_t parent, struct span key)
{
    if (tree->nodes[parent].scope == 0) {
        tree->nodes[parent].scope = ++tree->scopes;
        tree->nodes[parent].first = NODE_NONE;
    }
    bool is_new = false;
    uint32_t scope = tree->nodes[parent].scope;
    uint32_t *known = table_put(&tree->keys, scope, key, tree->count, &is_new);
    return is_new ? add_node(tree, parent, key) : *known;
}

static void set(struct tree *tree, const struct setting *setting, uint32_t line)
{
    uint32_t at = 0;
    struct span rest = setting->path;
    while (rest.length > 0) {
        const char *dot = memchr(rest.bytes, '.', rest.length);
        size_t length = dot == NULL ? rest.length : (size_t)(dot - rest.bytes);
        at = child(tree, at, span_first(rest, length));
        rest = span_from(rest, dot == NULL ? length : length + 1);
    }
    struct node *node = &tree->nodes[at];
    node->scope = 0;
    node->first = NODE_NONE;
    node->value = (struct project_value){
        .path = span_copy(setting->path, tree->arena),
        .text = setting->text,
        .number = setting->number,
        .line = line,
    };
}

static void read_block(struct tree *tree, const struct project_text *text,
                       const struct text_block *block, struct notices *notices)
{
    struct directive_reader reader;
    struct directive directive;
    directive_init(&reader, text, block);
    while (directive_next(&reader, &directive)) {
        uint32_t line = text_row_line(block, directive.row);
        struct setting setting;
        const char *why = NULL;
        if (!span_equals(directive.name, "config")) {
            continue;
        }
        if (++tree->lines > PROJECT_MAX_DIRECTIVES) {
            notices_add(notices, line, "more than %d @config lines; ignored",
                        PROJECT_MAX_DIRECTIVES);
        } else if (directive.argument_count != 2) {
            notices_add(notices, line,
                        "@config needs a path and a value; ignored");
        } else if (!setting_read(&setting, directive.arguments[0],
                                 directive.arguments[1], block->id, tree->arena,
                                 &why)) {
            notices_add(notices, line, "@config %s %s is ignored: %s",
                        span_print(directive.arguments[0], tree->arena),
                        span_print(directive.arguments[1], tree->arena), why);
        } else if (!setting.is_ignored) {
            set(tree, &setting, line);
        }
    }
}

static int compare_values(const void *a, const void *b)
{
    const struct project_value *x = a;
    const struct project_value *y = b;
    return strcmp(x->path, y->path);
}

/* All values of the tree, sorted by path. */
static void list_values(const struct tree *tree, struct project_config *config)
{
    struct project_value *values =
        arena_alloc(tree->arena, tree->count, sizeof(*values));
    uint32_t count = 0;
    uint32_t at = tree->nodes[0].first;
    while (at != NODE_NONE && at != 0) {
        const struct node *node = &tree->nodes[at];
        if (node->scope == 0) {
            values[count++] = node->value;
        }
        uint32_t next = node->first;
        while (next == NODE_NONE && at != 0) {
            next = tree->nodes[at].next;
            at = tree->nodes[at].parent;
        }
        at = next;
    }
    if (count > 1) {
        qsort(values, count, sizeof(*values), compare_values);
    }
    config->values = values;
    config->value_count = count;
}

/* ---- objects whose order matters ---- */

static const struct node *find(const struct tree *tree,
                               const struct node *parent, const char *key)
{
    if (parent == NULL || parent->scope == 0) {
        return NULL;
    }
    const uint32_t *index = table_get(&tree->keys, parent->scope, span_of(key));
    return index == NULL ? NULL : &tree->nodes[*index];
}

/* The text of a value called 'key' below 'parent', or NULL. */
static const struct project_value *
find_leaf(const struct tree *tree, const struct node *parent, const char *key)
{
    const struct node *node = find(tree, parent, key);
    return node == NULL || node->scope != 0 ? NULL : &node->value;
}

struct ordered {
    const struct node *node;
    uint64_t place;
};

static int compare_places(const void *a, const void *b)
{
    const struct ordered *x = a;
    const struct ordered *y = b;
    return (x->place > y->place) - (x->place < y->place);
}

/* The children of 'parent' (may be NULL) as JavaScript goes through them. */
static struct ordered *children(const struct tree *tree,
                                const struct node *parent, uint32_t *count)
{
    uint32_t first =
        parent == NULL || parent->scope == 0 ? NODE_NONE : parent->first;
    *count = 0;
    for (uint32_t at = first; at != NODE_NONE; at = tree->nodes[at].next) {
        (*count)++;
    }
    struct ordered *list = arena_alloc(tree->arena, *count, sizeof(*list));
    uint32_t filled = 0;
    for (uint32_t at = first; at != NODE_NONE; at = tree->nodes[at].next) {
        const struct node *node = &tree->nodes[at];
        uint32_t index = 0;
        uint64_t place =
            span_index(node->key, &index) ? index : UINT64_C(1) << 32U | filled;
        list[filled++] = (struct ordered){node, place};
    }
    if (*count > 1) {
        qsort(list, *count, sizeof(*list), compare_places);
    }
    return list;
}

static void list_assets(const struct tree *tree, struct project_config *config)
{
    struct project_asset *assets =
        arena_alloc(tree->arena, tree->count, sizeof(*assets));
    uint32_t bin_count = 0;
    struct ordered *bins =
        children(tree, find(tree, &tree->nodes[0], "bin"), &bin_count);
    for (uint32_t i = 0; i < bin_count; i++) {
        const struct node *bin = bins[i].node;
        const struct project_value *url = find_leaf(tree, bin, "url");
        if (url == NULL) {
            continue;
        }
        struct project_asset asset = {.id = span_copy(bin->key, tree->arena),
                                      .url = url->text};
        const struct project_value *memory = find_leaf(tree, bin, "memory");
        uint32_t target_count = 0;
        struct ordered *targets =
            children(tree, find(tree, bin, "memories"), &target_count);
        if (memory != NULL) {
            asset.target = memory->text;
            asset.line = memory->line;
            assets[config->asset_count++] = asset;
        }
        for (uint32_t k = 0; k < target_count; k++) {
            if (targets[k].node->scope == 0) {
                asset.target = targets[k].node->value.text;
                asset.line = targets[k].node->value.line;
                assets[config->asset_count++] = asset;
            }
        }
    }
    config->assets = assets;
}

static bool has_midi(const struct project_midi *list, uint32_t count,
                     uint32_t port, const char *callback)
{
    for (uint32_t i = 0; i < count; i++) {
        if (list[i].port == port && strcmp(list[i].callback, callback) == 0) {
            return true;
        }
    }
    return false;
}

static void list_midi(const struct tree *tree, struct project_config *config,
                      struct notices *notices)
{
    uint32_t count = 0;
    const struct node *midi = find(tree, &tree->nodes[0], "midi");
    struct ordered *inputs = children(tree, find(tree, midi, "inputs"), &count);
    struct project_midi *list =
        arena_alloc(tree->arena, PROJECT_MAX_MIDI, sizeof(*list));
    for (uint32_t i = 0; i < count; i++) {
        const struct project_value *port =
            find_leaf(tree, inputs[i].node, "port");
        const struct project_value *callback =
            find_leaf(tree, inputs[i].node, "callback");
        if (port == NULL || callback == NULL || port->number > UINT32_MAX ||
            has_midi(list, config->midi_count, (uint32_t)port->number,
                     callback->text)) {
            continue;
        }
        if (config->midi_count == PROJECT_MAX_MIDI) {
            notices_add(notices, callback->line,
                        "more than %d MIDI bindings; ignored",
                        PROJECT_MAX_MIDI);
            continue;
        }
        list[config->midi_count++] = (struct project_midi){
            (uint32_t)port->number, callback->text, callback->line};
    }
    config->midi = list;
}

static void choose_runtime(struct project_config *config)
{
    static const struct {
        const char *name;
        enum project_runtime runtime;
        const char *rate;
        double default_hz;
    } runtimes[] = {
        {"AudioWorkletRuntime", PROJECT_RUNTIME_AUDIO,
         "audioRuntime.sampleRate", PATCH_DEFAULT_RATE_HZ},
        {"WebWorkerRuntime", PROJECT_RUNTIME_WORKER, "workerRuntime.sampleRate",
         50},
        {"MainThreadRuntime", PROJECT_RUNTIME_MAIN_THREAD,
         "mainThreadRuntime.sampleRate", 50},
    };
    const struct project_value *value = project_find_value(config, "runtime");
    for (size_t i = 0; value != NULL && i < 3; i++) {
        if (strcmp(value->text, runtimes[i].name) == 0) {
            const struct project_value *rate =
                project_find_value(config, runtimes[i].rate);
            config->runtime = runtimes[i].runtime;
            config->rate_hz =
                rate == NULL ? runtimes[i].default_hz : rate->number;
        }
    }
}

void project_config(struct project_config *config,
                    const struct project_text *text, struct arena *arena)
{
    *config = (struct project_config){.runtime = PROJECT_RUNTIME_NONE};
    struct notices notices = {.arena = arena};
    struct tree tree = {.arena = arena};
    table_init(&tree.keys, arena);
    (void)add_node(&tree, NODE_NONE, span_of(""));
    for (int is_on_top = 0; is_on_top < 2; is_on_top++) {
        for (uint32_t i = 0; i < text->block_count; i++) {
            if (text->blocks[i].is_on_top == (is_on_top == 1)) {
                read_block(&tree, text, &text->blocks[i], &notices);
            }
        }
    }
    list_values(&tree, config);
    list_assets(&tree, config);
    list_midi(&tree, config, &notices);
    choose_runtime(config);
    config->notices = notices.list;
    config->notice_count = notices.count;
    config->dropped_notices = notices.dropped;
}

const struct project_value *
project_find_value(const struct project_config *config, const char *path)
{
    struct project_value key = {.path = path};
    return config->value_count == 0
               ? NULL
               : bsearch(&key, config->values, config->value_count,
                         sizeof(*config->values), compare_values);
}
