/* SPDX-License-Identifier: MIT */
#include "frames/stage_order.h"

/* Tarjan's algorithm on a stack of its own. A circle is complete after all that
 * its nodes need, so circles come in the order that is wanted. */
struct walk {
    struct stage_graph *graph;
    uint32_t *node;
    uint32_t *index, *low; /* by node; 0: not seen */
    bool *is_open;
    uint32_t *open, open_count; /* seen, and in no circle so far */
    uint32_t *path, path_count;
    struct stage_edge **next; /* by node: its edge that is due */
    uint32_t seen;
    uint32_t *order, order_count;
};

void stage_graph_init(struct stage_graph *graph, uint32_t count,
                      struct arena *arena)
{
    *graph = (struct stage_graph){
        .needs = arena_alloc(arena, count + 1, sizeof(*graph->needs)),
        .count = count,
        .arena = arena};
}

void stage_graph_add(struct stage_graph *graph, uint32_t to, uint32_t from,
                     bool is_last_frame)
{
    struct stage_edge *edge = arena_alloc(graph->arena, 1, sizeof(*edge));
    *edge = (struct stage_edge){from, is_last_frame, graph->needs[to]};
    graph->needs[to] = edge;
}

static void enter(struct walk *walk, uint32_t node)
{
    walk->index[node] = ++walk->seen;
    walk->low[node] = walk->seen;
    walk->is_open[node] = true;
    walk->open[walk->open_count++] = node;
    walk->path[walk->path_count++] = node;
    walk->next[node] = walk->graph->needs[node];
}

static void reach(struct walk *walk, uint32_t node, uint32_t low)
{
    walk->low[node] = low < walk->low[node] ? low : walk->low[node];
}

/* 'node' and all that was opened after it is a circle, or 'node' alone. */
static void close_circle(struct walk *walk, uint32_t node)
{
    uint32_t first = walk->open_count;
    uint32_t least = node;
    do {
        first--;
        least = walk->open[first] < least ? walk->open[first] : least;
    } while (walk->open[first] != node);
    for (uint32_t i = first; i < walk->open_count; i++) {
        uint32_t member = walk->open[i];
        walk->is_open[member] = false;
        walk->node[member] = least;
        struct stage_edge **end = &walk->graph->needs[least];
        while (member != least && *end != NULL) {
            end = &(*end)->next;
        }
        if (member != least) {
            *end = walk->graph->needs[member];
        }
    }
    walk->open_count = first;
    walk->order[walk->order_count++] = least;
}

static void walk_from(struct walk *walk, uint32_t start)
{
    enter(walk, start);
    while (walk->path_count > 0) {
        uint32_t node = walk->path[walk->path_count - 1];
        struct stage_edge *edge = walk->next[node];
        if (edge != NULL) {
            walk->next[node] = edge->next;
            if (walk->index[edge->from] == 0) {
                enter(walk, edge->from);
            } else if (walk->is_open[edge->from]) {
                reach(walk, node, walk->index[edge->from]);
            }
            continue;
        }
        walk->path_count--;
        if (walk->path_count > 0) {
            reach(walk, walk->path[walk->path_count - 1], walk->low[node]);
        }
        if (walk->low[node] == walk->index[node]) {
            close_circle(walk, node);
        }
    }
}

uint32_t *stage_graph_order(struct stage_graph *graph, uint32_t *node,
                            uint32_t *count)
{
    struct arena *arena = graph->arena;
    size_t size = (size_t)graph->count + 1;
    struct walk walk = {
        .graph = graph,
        .node = node,
        .index = arena_alloc(arena, size, sizeof(uint32_t)),
        .low = arena_alloc(arena, size, sizeof(uint32_t)),
        .is_open = arena_alloc(arena, size, sizeof(bool)),
        .open = arena_alloc(arena, size, sizeof(uint32_t)),
        .path = arena_alloc(arena, size, sizeof(uint32_t)),
        .next = arena_alloc(arena, size, sizeof(struct stage_edge *)),
        .order = arena_alloc(arena, size, sizeof(uint32_t)),
    };
    uint32_t *before = arena_alloc(arena, size, sizeof(*before));
    for (uint32_t i = 0; i < graph->count; i++) {
        before[i] = node[i];
    }
    for (uint32_t i = 0; i < graph->count; i++) {
        if (before[i] == i && walk.index[i] == 0) {
            walk_from(&walk, i);
        }
    }
    for (uint32_t i = 0; i < graph->count; i++) {
        node[i] = node[before[i]];
    }
    *count = walk.order_count;
    return walk.order;
}
