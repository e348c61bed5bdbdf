/* SPDX-License-Identifier: MIT */
/* What a stretch of wasm2c's C does to the module's globals and memories. */
#ifndef F4E_C_EFFECTS_H
#define F4E_C_EFFECTS_H

#include "ctext/c_function.h"

/* How a stretch uses one global. */
struct c_global_use {
    uint32_t global;
    char kind;       /* of what is copied from and to it: 'i', 'j', 'f', 'd' */
    bool is_exposed; /* may be read before the stretch has written it */
    bool is_written;
    bool is_killed; /* surely written */
};

/* Bytes 'first' to 'last' of a memory that one load or store may touch. */
struct c_access {
    uint32_t memory, first, last;
    bool is_store;
};

struct c_effects {
    struct c_global_use *globals;
    uint32_t global_count, global_capacity;
    struct c_access *accesses;
    uint32_t access_count, access_capacity;
    bool is_known;   /* all is listed here, and nothing can trap */
    bool is_plain;   /* known, without loops, stores, and calls of what has such
                        or uses globals */
    bool has_jumps;  /* other than those that calls make */
    uint32_t weight; /* float operations */
};

struct c_effects_reader {
    const struct c_line *lines;
    const struct c_functions *functions;
    const uint64_t *memory_bytes;
    uint32_t memory_count;
    const char *range_calls[2];        /* how it calls what states ranges */
    struct c_effects **functions_read; /* by function; NULL: not yet */
    struct arena *arena;
};

/* For a module without recursion. 'range_import' is the number of the import
 * that states ranges. What it points to must outlive the reader. */
void c_effects_init(struct c_effects_reader *reader, const struct c_line *lines,
                    const struct c_functions *functions,
                    const uint64_t *memory_bytes, uint32_t memory_count,
                    uint32_t range_import, struct arena *arena);

/* Of lines 'first' to before 'end', which lie in one function and enter and
 * leave the same blocks. */
void c_effects_read(struct c_effects *effects, struct c_effects_reader *reader,
                    size_t first, size_t end);

#endif
