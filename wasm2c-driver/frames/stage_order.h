/* SPDX-License-Identifier: MIT */
/* A graph of nodes that need each other, and an order in which each comes after
 * all that it needs. */
#ifndef F4E_STAGE_ORDER_H
#define F4E_STAGE_ORDER_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* A node needs what 'from' made, in this frame or in the one before. */
struct stage_edge {
    uint32_t from;
    bool is_last_frame;
    struct stage_edge *next;
};

struct stage_graph {
    struct stage_edge **needs; /* by node */
    uint32_t count;
    struct arena *arena;
};

void stage_graph_init(struct stage_graph *graph, uint32_t count,
                      struct arena *arena);

void stage_graph_add(struct stage_graph *graph, uint32_t to, uint32_t from,
                     bool is_last_frame);

/*
 * Unite the nodes of each circle into the one with the least number: 'node' has
 * for each number that of its node, and gets the new one. All edges of a circle
 * are then the node's. Returns the nodes, '*count' of them, each after those
 * that it needs; in the arena.
 */
uint32_t *stage_graph_order(struct stage_graph *graph, uint32_t *node,
                            uint32_t *count);

#endif
