/* SPDX-License-Identifier: MIT */
#include "frames/stage_plan.h"

#include "frames/stage_order.h"

enum {
    WIDE_MIN = 8,    /* float operations with which many frames at once begin */
    WIDE_TOTAL = 12, /* in a frame, that the arrays and loops are worth it */
    ARRAY_WEIGHT = 1, /* what an array costs, in such operations */
};

struct planner {
    struct stage_plan *plan;
    struct stage_parts *parts;
    struct stage_graph graph;
    uint32_t *node; /* by part: one of its node's; the node's name by itself */
    struct arena *arena;
};

/* ---- Nodes: the least part of each is its name ---- */

static uint32_t node_of(struct planner *p, uint32_t part)
{
    while (p->node[part] != part) {
        p->node[part] = p->node[p->node[part]];
        part = p->node[part];
    }
    return part;
}

static void unite(struct planner *p, uint32_t one, uint32_t other)
{
    uint32_t a = node_of(p, one);
    uint32_t b = node_of(p, other);
    p->node[a > b ? a : b] = a > b ? b : a;
}

/* ---- Globals ---- */

const struct stage_global *stage_plan_global(const struct stage_plan *plan,
                                             uint32_t global)
{
    uint32_t found = u64map_find(&plan->by_global, global);
    return found > 0 ? &plan->globals[found - 1] : NULL;
}

static void add_writer(struct planner *p, const struct c_global_use *use,
                       uint32_t part)
{
    struct stage_plan *plan = p->plan;
    uint32_t *found = u64map_at(&plan->by_global, use->global, p->arena);
    if (*found == 0) {
        plan->globals =
            arena_grow(p->arena, plan->globals, plan->global_count,
                       &plan->global_capacity, sizeof(*plan->globals));
        plan->globals[plan->global_count++] = (struct stage_global){
            .global = use->global, .kind = use->kind, .first_writer = part};
        *found = plan->global_count;
    }
    struct stage_global *global = &plan->globals[*found - 1];
    unite(p, global->first_writer, part);
    global->last_writer = part;
}

static void find_writers(struct planner *p)
{
    for (uint32_t i = 0; i < p->parts->count; i++) {
        const struct c_effects *effects = &p->parts->list[i].effects;
        for (uint32_t k = 0; k < effects->global_count; k++) {
            if (effects->globals[k].is_written) {
                add_writer(p, &effects->globals[k], i);
            }
        }
    }
}

/* Readers between writers stay with them; others come after them. The first is
 * done before nodes are final, the second when they are. */
static void find_readers(struct planner *p, bool is_final)
{
    for (uint32_t i = 0; i < p->parts->count; i++) {
        const struct c_effects *effects = &p->parts->list[i].effects;
        for (uint32_t k = 0; k < effects->global_count; k++) {
            const struct c_global_use *use = &effects->globals[k];
            const struct stage_global *global =
                stage_plan_global(p->plan, use->global);
            if (global == NULL || !use->is_exposed) {
                continue;
            }
            uint32_t writers = global->first_writer;
            bool is_between = i > writers && i < global->last_writer;
            if (is_between && !is_final) {
                unite(p, i, writers);
            } else if (is_final && node_of(p, i) != node_of(p, writers)) {
                stage_graph_add(&p->graph, node_of(p, i), node_of(p, writers),
                                i < writers);
            }
        }
    }
}

/* ---- Memory ---- */

static bool touch(const struct c_access *a, const struct c_access *b)
{
    return (a->is_store || b->is_store) && a->memory == b->memory &&
           a->first <= b->last && b->first <= a->last;
}

static void unite_by_memory(struct planner *p, uint32_t one, uint32_t other)
{
    const struct c_effects *a = &p->parts->list[one].effects;
    const struct c_effects *b = &p->parts->list[other].effects;
    for (uint32_t i = 0; i < a->access_count; i++) {
        for (uint32_t k = 0; k < b->access_count; k++) {
            if (touch(&a->accesses[i], &b->accesses[k])) {
                unite(p, one, other);
                return;
            }
        }
    }
}

static void find_memory(struct planner *p)
{
    uint32_t *list = arena_alloc(p->arena, p->parts->count + 1, sizeof(*list));
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->parts->count; i++) {
        if (p->parts->list[i].effects.access_count == 0) {
            continue;
        }
        for (uint32_t k = 0; k < count; k++) {
            unite_by_memory(p, list[k], i);
        }
        list[count++] = i;
    }
}

/* ---- Stages ---- */

/* What a node is made of. */
struct node {
    bool is_wide; /* its frames do not hang on each other */
    uint32_t weight;
    uint32_t stage;
    struct c_effects effects; /* the uses of globals of all its parts */
};

static void add_use(struct node *node, const struct c_global_use *use,
                    struct arena *arena)
{
    struct c_effects *all = &node->effects;
    struct c_global_use *mine = NULL;
    for (uint32_t i = 0; i < all->global_count && mine == NULL; i++) {
        mine = all->globals[i].global == use->global ? &all->globals[i] : NULL;
    }
    if (mine == NULL) {
        all->globals = arena_grow(arena, all->globals, all->global_count,
                                  &all->global_capacity, sizeof(*all->globals));
        mine = &all->globals[all->global_count++];
        *mine = (struct c_global_use){.global = use->global};
    }
    mine->is_exposed =
        mine->is_exposed || (use->is_exposed && !mine->is_killed);
    mine->is_written = mine->is_written || use->is_written;
    mine->is_killed = mine->is_killed || use->is_killed;
}

static bool is_carried(const struct node *node)
{
    for (uint32_t i = 0; i < node->effects.global_count; i++) {
        const struct c_global_use *use = &node->effects.globals[i];
        if (use->is_written && (use->is_exposed || !use->is_killed)) {
            return true;
        }
    }
    return false;
}

static void add_to_node(struct node *node, const struct stage_part *part,
                        bool is_first, struct arena *arena)
{
    bool is_wide = part->effects.is_plain && !part->effects.has_jumps;
    node->is_wide = is_wide && (is_first || node->is_wide);
    node->weight += part->effects.weight;
    for (uint32_t i = 0; i < part->effects.global_count; i++) {
        add_use(node, &part->effects.globals[i], arena);
    }
}

static struct node *make_nodes(struct planner *p)
{
    uint32_t count = p->parts->count;
    struct node *nodes = arena_alloc(p->arena, count + 1, sizeof(*nodes));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t name = p->node[i];
        add_to_node(&nodes[name], &p->parts->list[i], name == i, p->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        nodes[i].is_wide = nodes[i].is_wide && !is_carried(&nodes[i]);
    }
    return nodes;
}

/* The first stage in which all that the node needs is there. Even stages go
 * frame by frame, odd ones over many frames at once. */
static void place(struct planner *p, struct node *nodes, uint32_t name)
{
    struct node *node = &nodes[name];
    uint32_t wide = 1;
    uint32_t narrow = 0;
    bool is_joining = false;
    for (const struct stage_edge *edge = p->graph.needs[name]; edge != NULL;
         edge = edge->next) {
        const struct node *from = &nodes[p->node[edge->from]];
        if (from == node) {
            continue;
        }
        bool is_odd = from->stage % 2 == 1;
        uint32_t at = !is_odd               ? from->stage + 1
                      : edge->is_last_frame ? from->stage + 2
                                            : from->stage;
        wide = at > wide ? at : wide;
        uint32_t after = from->stage + (is_odd ? 1 : 0);
        narrow = after > narrow ? after : narrow;
        is_joining = is_joining || is_odd;
    }
    node->is_wide = node->is_wide && (node->weight >= WIDE_MIN || is_joining);
    node->stage = node->is_wide ? wide : narrow;
}

static void place_all(struct planner *p)
{
    uint32_t count = 0;
    uint32_t *order = stage_graph_order(&p->graph, p->node, &count);
    struct node *nodes = make_nodes(p);
    for (uint32_t i = 0; i < count; i++) {
        place(p, nodes, order[i]);
    }
    for (uint32_t i = 0; i < p->parts->count; i++) {
        struct stage_part *part = &p->parts->list[i];
        part->stage = nodes[p->node[i]].stage;
        if (part->stage >= p->plan->stage_count) {
            p->plan->stage_count = part->stage + 1;
        }
    }
}

/* ---- Whether it is worth it ---- */

static void find_arrays(struct planner *p)
{
    struct stage_part *list = p->parts->list;
    for (uint32_t i = 0; i < p->parts->count; i++) {
        const struct c_effects *effects = &list[i].effects;
        for (uint32_t k = 0; k < effects->global_count; k++) {
            uint32_t found =
                u64map_find(&p->plan->by_global, effects->globals[k].global);
            if (found == 0) {
                continue;
            }
            struct stage_global *global = &p->plan->globals[found - 1];
            uint32_t stage = list[global->first_writer].stage;
            bool is_far =
                effects->globals[k].is_exposed && list[i].stage != stage;
            if (!global->has_array && (is_far || stage % 2 == 1)) {
                global->has_array = true;
                p->plan->array_count++;
            }
        }
    }
}

bool stage_plan_make(struct stage_plan *plan, struct stage_parts *parts,
                     struct arena *arena)
{
    *plan = (struct stage_plan){0};
    struct planner p = {.plan = plan, .parts = parts, .arena = arena};
    p.node = arena_alloc(arena, parts->count + 1, sizeof(*p.node));
    for (uint32_t i = 0; i < parts->count; i++) {
        p.node[i] = i;
    }
    stage_graph_init(&p.graph, parts->count, arena);
    find_writers(&p);
    find_readers(&p, false);
    find_memory(&p);
    find_readers(&p, true);
    for (uint32_t i = 0; i < parts->count; i++) {
        p.node[i] = node_of(&p, i);
    }
    place_all(&p);
    find_arrays(&p);
    uint32_t weight = 0;
    for (uint32_t i = 0; i < parts->count; i++) {
        weight +=
            parts->list[i].stage % 2 == 1 ? parts->list[i].effects.weight : 0;
    }
    return weight >= WIDE_TOTAL + ARRAY_WEIGHT * plan->array_count;
}
