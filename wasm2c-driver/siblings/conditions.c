/* SPDX-License-Identifier: MIT */
#include "siblings/siblings_internal.h"

enum {
    BRANCH_COST = 3,
    RARITY = 4,     /* what has no `else` is done once in so many frames */
    LIGHT_ARM = 12, /* operations that are done whether or not they are needed,
                       rather than after a branch */
};

void siblings_open_arm(struct sibling_writer *w, struct sibling_arm *arm,
                       const char *mask)
{
    buf_init(&arm->text, w->arena);
    arm->outer = w->out;
    arm->outer_mask = w->mask;
    arm->single = w->single;
    arm->joint = w->joint;
    w->out = &arm->text;
    w->mask = mask;
    w->arms[w->arm_count++] = arm;
}

void siblings_close_arm(struct sibling_writer *w, struct sibling_arm *arm)
{
    w->arm_count--;
    w->out = arm->outer;
    w->mask = arm->outer_mask;
    uint32_t single = w->single - arm->single;
    uint32_t joint = w->joint - arm->joint;
    w->single = arm->single;
    w->joint = arm->joint;
    arm->single = single;
    arm->joint = joint;
}

/* Copies of what the arms assign to, as "NAME<id>_<index>". */
static void save(struct sibling_writer *w, const struct sibling_arm *arm,
                 const char *name, uint32_t id)
{
    for (uint32_t i = 0; i < arm->count; i++) {
        buf_format(w->out, "  const %s %s%u_%u = %s;\n",
                   siblings_type(w, arm->assigned[i]->type), name, id, i,
                   arm->assigned[i]->name);
    }
}

/* The text of an arm, behind a branch where that saves something; then lanes
 * that are not in it take back what they had. The second of two arms begins
 * with what the first one began with: the 'first_count' variables that both
 * lists begin with. */
static void add_arm(struct sibling_writer *w, const struct sibling_arm *arm,
                    const char *mask, uint32_t id, uint32_t first_count,
                    bool has_else)
{
    bool is_light = arm->joint <= LIGHT_ARM * SIBLINGS_OPERATION;
    const char *before = first_count > 0 ? "new" : "old";
    if (!is_light) {
        buf_format(w->out, "  %s (f4e_any%u(%s, %u)) {\n",
                   has_else ? "if" : "F4E_RARELY_IF", w->width, mask, w->count);
    }
    for (uint32_t i = 0; i < first_count; i++) {
        buf_format(w->out, "  %s = old%u_%u;\n", arm->assigned[i]->name, id, i);
    }
    buf_text(w->out, buf_string(&arm->text));
    for (uint32_t i = 0; i < arm->count; i++) {
        const char *name = arm->assigned[i]->name;
        buf_format(w->out, "  %s = %s ? %s : %s%u_%u;\n", name, mask, name,
                   before, id, i);
    }
    w->single += arm->single / (has_else ? 2 : RARITY);
    w->joint +=
        arm->joint / (is_light || has_else ? 1 : RARITY) +
        SIBLINGS_OPERATION * (arm->count + (is_light ? 0 : BRANCH_COST));
    if (!is_light) {
        buf_text(w->out, "  }\n");
    }
}

void siblings_join_arms(struct sibling_writer *w,
                        const struct sibling_arm *arms,
                        const char *const masks[2], uint32_t id, bool has_else)
{
    const struct sibling_arm *last = &arms[has_else ? 1 : 0];
    for (uint32_t i = 0; i < last->count; i++) {
        uint32_t row = last->assigned[i]->row;
        if (row > 0 && ++w->selections[row - 1] > w->chain) {
            w->chain = w->selections[row - 1];
        }
    }
    save(w, last, "old", id);
    add_arm(w, &arms[0], masks[0], id, 0, has_else);
    if (has_else) {
        if (arms[0].count > 0) {
            save(w, last, "new", id);
        }
        add_arm(w, &arms[1], masks[1], id, arms[0].count, true);
    }
}
