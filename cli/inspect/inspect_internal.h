/* SPDX-License-Identifier: MIT */
/* The data of inspect, gathered by inspect.c and printed by the other files. */
#ifndef F4E_INSPECT_INTERNAL_H
#define F4E_INSPECT_INTERNAL_H

#include "describe/describe.h"
#include "wasm/validate.h"

/* An opcode outside the set that the 8f4e compiler emits. */
struct inspection_opcode {
    const struct opcode *opcode;
    uint32_t count;
};

struct inspection {
    const struct wasm_module *module;
    struct patch patch;
    struct describe_survey survey;
    struct wasm_unsupported *unsupported;
    uint32_t unsupported_count;
    struct inspection_opcode *outside;
    uint32_t outside_count;
    const char **rewrites;
    uint32_t rewrite_count;
    int64_t *data_addresses;     /* of each segment; -1: not known */
    const struct ranges *ranges; /* with --ranges, else NULL */
};

void inspect_print_text(const struct inspection *inspection, FILE *stream,
                        struct arena *arena);
void inspect_print_json(const struct inspection *inspection, FILE *stream,
                        struct arena *arena);

/* The lines about items, parameters, MIDI and keyboard. */
void inspect_print_names(const struct inspection *inspection, FILE *stream,
                         struct arena *arena);

#endif
