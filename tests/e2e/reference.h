/* SPDX-License-Identifier: MIT */
/*
 * What V8 computed with a vector (tests/data/vectors), made ready for a patch:
 * its events as a script, its input as a file, and the comparison with what the
 * patch leaves. What goes wrong fails the test that asked.
 */
#ifndef F4E_TEST_REFERENCE_H
#define F4E_TEST_REFERENCE_H

#include "child.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

/* One vector under test: where it is, what is known, what was built. */
struct reference {
    const char *name;
    char *folder;
    char *work;   /* a folder that ends with it */
    char *patch;  /* the caller's; freed by reference_close() */
    char *script; /* NULL: no events */
    cJSON *ref;
    cJSON *config;       /* NULL for the oldest generation */
    uint32_t hash_bytes; /* of each memory; 0: all */
    const char *memory_names[8];
    size_t memory_count;
    size_t channels; /* of what is rendered */
};

void reference_open(struct reference *vector, const char *name);
void reference_close(struct reference *vector);

/* A file of the vector; NULL: it has none of that name. cJSON_Delete() it. */
cJSON *reference_json(const struct reference *vector, const char *name);

/* A member that must be there. */
double reference_number(const cJSON *object, const char *key);
const char *reference_string(const cJSON *object, const char *key);

/* 'events.script' in its folder, if there are events. */
void reference_write_script(struct reference *vector);

void reference_write_input(const struct reference *vector, const char *path);

/*
 * WORK/memory, and its kin of more memories, with 'hashes': memory name → hash;
 * a single text for the oldest generation.
 */
void reference_compare_memory(const struct reference *vector,
                              const cJSON *hashes, const char *when);

/*
 * The raw frames that the patch wrote to its standard output. A bare module
 * with one output plays on both speakers: two equal channels. A project that
 * names one has one.
 */
void reference_compare_output(const struct reference *vector,
                              const struct child *child);

#endif
