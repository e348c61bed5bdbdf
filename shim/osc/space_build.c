/* SPDX-License-Identifier: MIT */
/* Declared in osc/space.h. */
#include "osc/space.h"

#include "common/element.h"
#include "common/print.h"
#include "osc/fact.h"
#include "panel/param_value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 64 };

/* The array with room for another entry, or NULL. */
static void *grow(void *entries, size_t count, size_t size)
{
    return count % STEP != 0 ? entries
                             : realloc(entries, (count + STEP) * size);
}

/* "/root/params/module/variable": the first ':' of a name parts it. */
static char *make_path(const struct space *space, const char *folder,
                       const char *name, const char *tail)
{
    char path[SPACE_PATH_MAX];
    char module[SPACE_PATH_MAX / 4];
    char variable[SPACE_PATH_MAX / 2];
    const char *colon = strchr(name, ':');
    size_t length = colon != NULL ? (size_t)(colon - name) : 0;
    space_encode(name, length, false, module, sizeof(module));
    name += colon != NULL ? length + 1 : 0;
    space_encode(name, strlen(name), false, variable, sizeof(variable));
    (void)snprintf(path, sizeof(path), "%s/%s/%s%s%s%s", space->root, folder,
                   module, colon != NULL ? "/" : "", variable, tail);
    return strdup(path);
}

/* False: no memory. 'path' becomes the node's. */
static bool add_node(struct space *space, char *path, enum space_kind kind,
                     unsigned index, unsigned source)
{
    struct space_node *nodes =
        grow(space->nodes, space->node_count, sizeof(*nodes));
    space->nodes = nodes != NULL ? nodes : space->nodes;
    if (nodes == NULL || path == NULL) {
        free(path);
        return false;
    }
    nodes[space->node_count++] =
        (struct space_node){path, kind, index, source, SPACE_NONE, 0};
    return true;
}

/* The name between the quotes of a JSON string. */
static char *make_key(const char *name)
{
    char *key = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&key, &size);
    if (file == NULL) {
        return NULL;
    }
    print_json_string(name, file);
    if (fclose(file) != 0 || size < 2) {
        free(key);
        return NULL;
    }
    key[size - 1] = '\0';
    memmove(key, key + 1, size - 1);
    return key;
}

/* The index of a new one; SPACE_NONE: no memory. */
static unsigned add_source(struct space *space, const char *name,
                           enum f4e_element element, uint32_t count)
{
    struct space_source *sources =
        grow(space->sources, space->source_count, sizeof(*sources));
    char *own = strdup(name);
    char *key = make_key(name);
    space->sources = sources != NULL ? sources : space->sources;
    if (sources == NULL || own == NULL || key == NULL) {
        free(own);
        free(key);
        return SPACE_NONE;
    }
    sources[space->source_count] = (struct space_source){
        .name = own,
        .key = key,
        .element = element,
        .count = count,
        .first = SPACE_NONE,
        .mover = UINT8_MAX,
    };
    return (unsigned)space->source_count++;
}

/* What a widget is read by: a crossfade by its right side. */
static unsigned add_param_source(struct space *space,
                                 const struct f4e_param *param)
{
    const struct f4e_patch *patch = space->patch;
    const struct f4e_item *item =
        &patch
             ->items[param->kind == F4E_CROSSFADE ? param->item2 : param->item];
    enum f4e_element element = param_element(patch, param);
    char name[SPACE_PATH_MAX / 2];
    if (param->is_float_bits) {
        (void)snprintf(
            name, sizeof(name), "@%s%s0x%" PRIx32 ":%s",
            item->memory > 0 ? patch->memories[item->memory].name : "",
            item->memory > 0 ? ":" : "", item->address, element_code(element));
    } else {
        (void)snprintf(name, sizeof(name), "%s%s", item->name,
                       item->is_array ? "[0]" : "");
    }
    return add_source(space, name, element, 1);
}

static bool add_param(struct space *space, unsigned index)
{
    const struct f4e_param *param = &space->patch->params[index];
    const char *name = space->patch->items[param->item].name;
    unsigned source = add_param_source(space, param);
    return source != SPACE_NONE &&
           add_node(space, make_path(space, "params", name, ""), SPACE_PARAM,
                    index, source) &&
           add_node(space, make_path(space, "params", name, "/normalized"),
                    SPACE_SHARE, index, source);
}

/* Its only element is what a widget moves and shows. */
static bool is_shown(const struct f4e_patch *patch, unsigned item)
{
    for (unsigned i = 0; i < patch->param_count; i++) {
        if (patch->params[i].item == item && !patch->items[item].is_array &&
            patch->params[i].kind != F4E_CROSSFADE) {
            return true;
        }
    }
    return false;
}

static bool add_items(struct space *space)
{
    const struct f4e_patch *patch = space->patch;
    for (unsigned i = 0; i < patch->item_count; i++) {
        const struct f4e_item *item = &patch->items[i];
        if (item->count == 0 || is_shown(patch, i)) {
            continue;
        }
        unsigned source =
            add_source(space, item->name, item->element, item->count);
        if (source == SPACE_NONE ||
            !add_node(space, make_path(space, "vars", item->name, ""),
                      SPACE_VAR, i, source)) {
            return false;
        }
    }
    return true;
}

/* Those whose names a request can have. */
static bool add_calls(struct space *space)
{
    for (unsigned i = 0; i < space->patch->export_count; i++) {
        const char *name = space->patch->exports[i].name;
        bool is_word = *name != '\0' && *name != '#';
        for (const char *at = name; *at != '\0'; at++) {
            is_word = is_word && (unsigned char)*at > ' ';
        }
        char path[SPACE_PATH_MAX / 2];
        char whole[SPACE_PATH_MAX];
        space_encode(name, strlen(name), false, path, sizeof(path));
        (void)snprintf(whole, sizeof(whole), "%s/call/%s", space->root, path);
        if (is_word &&
            !add_node(space, strdup(whole), SPACE_CALL, i, SPACE_NONE)) {
            return false;
        }
    }
    return true;
}

static bool add_rest(struct space *space)
{
    static const struct {
        char folder[10];
        char name[8];
        enum space_kind kind;
    } rest[] = {
        {"presets", "load", SPACE_PRESET_LOAD},
        {"presets", "save", SPACE_PRESET_SAVE},
        {"presets", "entries", SPACE_PRESET_ENTRIES},
        {"listeners", "add", SPACE_LISTENER_ADD},
        {"listeners", "del", SPACE_LISTENER_DELETE},
        {"listeners", "entries", SPACE_LISTENER_ENTRIES},
        {"midi", "in", SPACE_MIDI},
    };
    const struct f4e_patch *patch = space->patch;
    bool is_good = true;
    for (size_t i = 0; is_good && i < sizeof(rest) / sizeof(*rest); i++) {
        if (rest[i].kind != SPACE_MIDI || patch->midi_count > 0) {
            is_good = add_node(
                space, make_path(space, rest[i].folder, rest[i].name, ""),
                rest[i].kind, 0, SPACE_NONE);
        }
    }
    unsigned facts =
        space->version != SPACE_UNVERSIONED ? FACT_COUNT + 1U : FACT_COUNT;
    for (unsigned i = 0; is_good && i < facts; i++) {
        is_good = add_node(space, make_path(space, "info", fact_name(i), ""),
                           SPACE_INFO, i, SPACE_NONE);
    }
    if (is_good && patch->output_count > 0) {
        unsigned source =
            add_source(space, "levels", F4E_F32, patch->output_count);
        is_good = source != SPACE_NONE &&
                  add_node(space, make_path(space, "info", "levels", ""),
                           SPACE_LEVELS, 0, source);
    }
    char path[SPACE_PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/token", space->root);
    return is_good && add_node(space, strdup(path), SPACE_TOKEN, 0, SPACE_NONE);
}

static int compare_nodes(const void *a, const void *b)
{
    const struct space_node *left = a;
    const struct space_node *right = b;
    int order = space_compare(left->path, right->path);
    return order != 0 ? order : (int)left->index - (int)right->index;
}

static int compare_sources(const void *a, const void *b)
{
    const struct space_source *left = a;
    const struct space_source *right = b;
    return strcmp(left->key, right->key);
}

/* Of several widgets of one variable the first has the address. */
static void drop_doubles(struct space *space)
{
    size_t kept = 1;
    for (size_t i = 1; i < space->node_count; i++) {
        if (strcmp(space->nodes[i].path, space->nodes[kept - 1].path) != 0) {
            space->nodes[kept++] = space->nodes[i];
        } else {
            free(space->nodes[i].path);
        }
    }
    space->node_count = kept;
}

/* Sort both, one name for one value, and join them again. */
static bool settle(struct space *space)
{
    const char **keys = malloc((space->source_count + 1) * sizeof(*keys));
    if (keys == NULL) {
        return false;
    }
    for (size_t i = 0; i < space->source_count; i++) {
        keys[i] = space->sources[i].key;
    }
    if (space->source_count > 0) {
        qsort(space->sources, space->source_count, sizeof(*space->sources),
              compare_sources);
    }
    qsort(space->nodes, space->node_count, sizeof(*space->nodes),
          compare_nodes);
    drop_doubles(space);
    for (unsigned i = 0; i < space->node_count; i++) {
        struct space_node *node = &space->nodes[i];
        if (node->source != SPACE_NONE) {
            const char *key = keys[node->source];
            struct space_source *source =
                space_find_source(space, key, strlen(key));
            node->source = (unsigned)(source - space->sources);
            node->next = source->first;
            source->first = i;
        }
    }
    free((void *)keys);
    return true;
}

bool space_build(struct space *space, const struct f4e_patch *patch,
                 uint32_t version, const struct liblo *lo,
                 struct failure *failure)
{
    char root[SPACE_PATH_MAX / 4] = "/";
    space_encode(patch->name, strlen(patch->name), false, root + 1,
                 sizeof(root) - 1);
    *space = (struct space){
        .patch = patch, .version = version, .lo = lo, .root = strdup(root)};
    bool is_good = space->root != NULL;
    for (unsigned i = 0; is_good && i < patch->param_count; i++) {
        is_good = add_param(space, i);
    }
    return (is_good && add_items(space) && add_calls(space) &&
            add_rest(space) && settle(space)) ||
           failure_set_memory(failure);
}

void space_free(struct space *space)
{
    for (size_t i = 0; i < space->node_count; i++) {
        free(space->nodes[i].path);
    }
    for (size_t i = 0; i < space->source_count; i++) {
        free(space->sources[i].name);
        free(space->sources[i].key);
    }
    free(space->nodes);
    free(space->sources);
    free(space->root);
    *space = (struct space){0};
}
