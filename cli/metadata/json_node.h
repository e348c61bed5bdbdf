/* SPDX-License-Identifier: MIT */
/*
 * Members of an untrusted JSON document. Every getter checks type and range and
 * fails (input) with the path, "$.items[3].count: …". A member that is absent
 * or null leaves the result unchanged.
 */
#ifndef F4E_JSON_NODE_H
#define F4E_JSON_NODE_H

#include "base/buf.h"

#include <cjson/cJSON.h>

/* A value and its path; parents must outlive it. */
struct json_node {
    const cJSON *value; /* NULL: absent */
    const struct json_node *parent;
    const char *key; /* in an object; NULL: an element of a list */
    uint32_t index;  /* in a list */
};

/* False when 'object' has no such member or it is null; node->value is NULL
 * then. */
bool json_node_member(const struct json_node *object, const char *key,
                      struct json_node *node);

/* Advance 'node' to the next element of 'list'; a zeroed node is before the
 * first. False at the end. */
bool json_node_next(const struct json_node *list, struct json_node *node);

/* Report "PATH: text". Returns false. */
bool json_node_fail(const struct json_node *node, struct diag *diag,
                    const char *format, ...) F4E_PRINTF(3, 4);

/* Fails unless the node is an object. */
F4E_MUST_CHECK bool json_node_object(const struct json_node *node,
                                     struct diag *diag);

/* Fails when the member is absent or null. */
F4E_MUST_CHECK bool json_node_need(const struct json_node *object,
                                   const char *key, struct diag *diag);

/* A number of elements: a fraction, which the language lets an array have, is
 * left out. */
F4E_MUST_CHECK bool json_node_length(const struct json_node *object,
                                     const char *key, uint32_t *number,
                                     struct diag *diag);

F4E_MUST_CHECK bool json_node_u32(const struct json_node *object,
                                  const char *key, uint32_t min, uint32_t max,
                                  uint32_t *number, struct diag *diag);
F4E_MUST_CHECK bool json_node_double(const struct json_node *object,
                                     const char *key, double *number,
                                     struct diag *diag);
F4E_MUST_CHECK bool json_node_bool(const struct json_node *object,
                                   const char *key, bool *flag,
                                   struct diag *diag);

/* A copy in the arena. */
F4E_MUST_CHECK bool json_node_text(const struct json_node *object,
                                   const char *key, const char **text,
                                   struct arena *arena, struct diag *diag);

/* The member 'sha256', 64 digits: a copy in the arena. */
F4E_MUST_CHECK bool json_node_sha256(const struct json_node *object,
                                     const char **sha256, struct arena *arena,
                                     struct diag *diag);

/* A list, at most 'max' long; '*count' is 0 when it is absent. */
F4E_MUST_CHECK bool json_node_list(const struct json_node *object,
                                   const char *key, uint32_t max,
                                   struct json_node *list, uint32_t *count,
                                   struct diag *diag);

#endif
