/* SPDX-License-Identifier: MIT */
/*
 * Reads a state file into memory and checks it (docs/state-format.md). The file
 * is untrusted. Control thread.
 */
#ifndef F4E_STATE_FILE_H
#define F4E_STATE_FILE_H

#include "common/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STATE_VERSION = 1,
    STATE_HEADER_BYTES = 96,
    STATE_HASH_CHARACTERS = 64,
    STATE_ITEM_BYTES = 20, /* of an item's record, without its texts */
};

/* A run of bytes of a memory in the file. */
struct state_run {
    uint64_t offset;
    uint64_t length;
    const uint8_t *bytes;
};

struct state_memory {
    uint64_t bytes;
    struct state_run *runs; /* by offset, disjoint; the rest is zero */
    size_t run_count;
};

struct state_item {
    const char *name; /* not terminated */
    const char *type;
    size_t name_length;
    size_t type_length;
    uint32_t memory;
    uint32_t address;
    uint32_t count;
    uint32_t element;
};

/* Every offset, length and index in it has been checked. */
struct state_file {
    const char *path;
    uint8_t *bytes;
    size_t size;
    const uint8_t *at; /* not yet read */
    const uint8_t *end;
    char hash[STATE_HASH_CHARACTERS + 1];
    struct state_memory *memories;
    uint32_t memory_count;
    struct state_item *items; /* by name */
    uint32_t item_count;
    struct failure *failure;
};

/*
 * Read all of 'path'. Fails with STATUS_FILE; close it in any case.
 */
F4E_MUST_CHECK bool state_file_read(struct state_file *file, const char *path,
                                    struct failure *failure);
void state_file_close(struct state_file *file);

/* Copy 'bytes' bytes from 'address' on; the range lies inside the memory. */
void state_file_copy(const struct state_memory *memory, uint64_t address,
                     uint8_t *to, size_t bytes);

/* The item of that name, or NULL. */
const struct state_item *state_file_find(const struct state_file *file,
                                         const char *name);

/* The size of an enum f4e_element from a file; 0 for other numbers. */
size_t state_element_bytes(uint32_t element);

#endif
