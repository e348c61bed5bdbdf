/* SPDX-License-Identifier: MIT */
/*
 * The addresses of a patch: /NAME/params/MODULE/VARIABLE and the like, each a
 * node, in the order of a tree. docs/osc.md lists them. Built once for each
 * version of the patch, then searched. The only thread.
 */
#ifndef F4E_SPACE_H
#define F4E_SPACE_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "osc/liblo.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SPACE_PATH_MAX = 4096,     /* bytes of an address, with the final 0 */
    SPACE_ELEMENTS_MAX = 4096, /* of an array that can be read */
};

enum space_kind {
    SPACE_PARAM, /* what a slider, a button, a switch or a crossfade moves */
    SPACE_SHARE, /* the same as 0 to 1 */
    SPACE_VAR,
    SPACE_CALL,
    SPACE_MIDI,
    SPACE_PRESET_LOAD,
    SPACE_PRESET_SAVE,
    SPACE_PRESET_ENTRIES,
    SPACE_INFO,
    SPACE_LEVELS, /* of the outputs, for listeners */
    SPACE_LISTENER_ADD,
    SPACE_LISTENER_DELETE,
    SPACE_LISTENER_ENTRIES,
    SPACE_TOKEN,
};

/* What the channel tells the value of, by a name. */
struct space_source {
    char *name; /* in requests: "module:variable", "@0x1c:f32" */
    char *key;  /* the same in the channel's answers, between the quotes */
    enum f4e_element element;
    uint32_t count; /* elements */
    unsigned first; /* the first of its nodes */

    /* Of the value last told, and who moved it last: osc/feedback.c. */
    uint64_t hash;
    uint64_t moved_hash;
    uint64_t moved_ns;
    uint8_t mover;   /* a listener; UINT8_MAX: none */
    bool is_settled; /* the mover knows the value */
};

struct space_node {
    char *path;
    enum space_kind kind;
    unsigned index;     /* of a param, an item, an export, an information */
    unsigned source;    /* SPACE_NONE: it has no value in the channel */
    unsigned next;      /* the next node of this source, or SPACE_NONE */
    uint32_t listeners; /* a bit for each */
};

#define SPACE_NONE UINT32_MAX

/* In place of a version's number: there is one version only. */
#define SPACE_UNVERSIONED UINT32_MAX

struct space {
    const struct f4e_patch *patch;
    uint32_t version; /* of the patch, or SPACE_UNVERSIONED */
    const struct liblo *lo;
    char *root;               /* "/NAME" */
    struct space_node *nodes; /* by address */
    size_t node_count;
    struct space_source *sources; /* by key */
    size_t source_count;
};

/* STATUS_INTERNAL: no memory. Free it with space_free() in any case. */
F4E_MUST_CHECK bool space_build(struct space *space,
                                const struct f4e_patch *patch, uint32_t version,
                                const struct liblo *lo,
                                struct failure *failure);

/* Also for one that is zeroed. */
void space_free(struct space *space);

/* The order of addresses: '/' before everything else. */
int space_compare(const char *a, const char *b);

/* Of an address without wildcards, or NULL. */
struct space_node *space_find(const struct space *space, const char *path);

/* Of a name as the channel's answers have it, or NULL. */
struct space_source *space_find_source(const struct space *space,
                                       const char *key, size_t length);

bool space_has_wildcards(const char *path);

/* Wildcards that are whole, and few enough to be matched in short time. */
bool space_is_pattern(const char *pattern);

/*
 * Whether a pattern of space_is_pattern(), which is changed and put back,
 * matches an address part by part; with 'is_start' also the first parts of it.
 */
bool space_matches(const struct space *space, char *pattern, const char *path,
                   bool is_start);

/* Text as a part of an address; what OSC does not allow there becomes %XX, as
 * do '%' and '/' unless 'is_lenient'. Cut off at 'size' bytes. */
void space_encode(const char *text, size_t length, bool is_lenient, char *to,
                  size_t size);

/* Whether there is a value to be read, or one to be written. */
bool space_can_read(const struct space *space, const struct space_node *node);
bool space_can_write(const struct space_node *node);

#endif
