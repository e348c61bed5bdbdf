/* SPDX-License-Identifier: MIT */
/*
 * Stage 'read': the binary format of WebAssembly, bounds-checked. Offsets are
 * those that wasm-objdump prints. A module is plain data; its pointers refer to
 * the file's bytes or the arena.
 */
#ifndef F4E_WASM_H
#define F4E_WASM_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "wasm/opcode.h"

enum wasm_type {
    WASM_NONE = 0x40, /* only as a block type: no result */
    WASM_I32 = 0x7f,
    WASM_I64 = 0x7e,
    WASM_F32 = 0x7d,
    WASM_F64 = 0x7c,
    WASM_V128 = 0x7b,
    WASM_FUNCREF = 0x70,
    WASM_EXTERNREF = 0x6f,
};

enum wasm_kind {
    WASM_FUNCTION = 0,
    WASM_TABLE = 1,
    WASM_MEMORY = 2,
    WASM_GLOBAL = 3,
    WASM_TAG = 4,
};

enum {
    WASM_PAGE_BYTES = 65536,
    /* V8's limits. */
    WASM_MAX_LOCALS = 50000,
    WASM_MAX_PAGES = 65536,
    WASM_MAX_PARAMETERS = 1000,
    WASM_MAX_MEMORIES = 100,
    /* Ours: of all tables together. */
    WASM_MAX_TABLE_ELEMENTS = 100000,
};

/* Bytes of the file, not NUL-terminated, valid UTF-8, may hold NUL. */
struct wasm_name {
    const uint8_t *bytes;
    size_t length;
};

struct wasm_func_type {
    const uint8_t *params; /* enum wasm_type, one byte each */
    const uint8_t *results;
    uint32_t param_count;
    uint32_t result_count;
};

struct wasm_limits {
    uint64_t min; /* pages, or table elements */
    uint64_t max; /* valid when has_max */
    bool has_max;
    bool is_shared;
    bool is_64; /* memory64 */
};

struct wasm_import {
    struct wasm_name module;
    struct wasm_name field;
    enum wasm_kind kind;
    uint32_t index; /* in the index space of its kind */
    size_t offset;
};

struct wasm_export {
    struct wasm_name name;
    enum wasm_kind kind;
    uint32_t index;
    size_t offset;
};

struct wasm_function {
    uint32_t type; /* index into types, checked */
    bool is_imported;
    uint32_t import; /* index into imports when imported */
    /* The body, when defined: */
    size_t body_offset;   /* first byte after the size field: local groups */
    size_t code_offset;   /* first instruction */
    size_t end_offset;    /* one past the final `end` */
    uint32_t local_count; /* without parameters */
    const uint8_t *local_types;
    struct wasm_name debug_name; /* custom name section; empty if none */
};

struct wasm_memory {
    struct wasm_limits limits;
    bool is_imported;
    uint32_t import; /* index into imports when imported */
    size_t offset;   /* of the limits' flag byte */
};

struct wasm_table {
    enum wasm_type type;
    struct wasm_limits limits;
    bool is_imported;
    size_t offset;
};

/* An element segment. Passive and declared ones fill nothing. */
struct wasm_element {
    bool is_active;
    uint32_t table;
    size_t expression_offset; /* active: constant expression of the index */
    size_t expression_end;
    enum wasm_type type;
    bool has_expressions; /* items are constant expressions, not indices */
    uint32_t count;
    size_t items_offset;
    size_t offset; /* of the segment's flags */
};

/* Functions that were made for calls (tables/indirect.h, tables/copies.h). */
enum wasm_made_kind {
    WASM_MADE_CHOICE,     /* calls the element of an index */
    WASM_MADE_NO_ELEMENT, /* trap: the table has no such element */
    WASM_MADE_NULL,
    WASM_MADE_OTHER_TYPE,
    WASM_MADE_COPY, /* of a function, for one call of it */
    WASM_MADE_KINDS,
};

struct wasm_made {
    enum wasm_made_kind kind;
    uint32_t caller; /* whose call_indirect it serves, or whose copy it is */
    size_t origin;   /* offset of the first of these */
};

/* Code from 'at' on comes from 'original' on, or from that instruction alone:
 * an offset in the file, or in code that has moved itself and lies before. */
struct wasm_moved {
    size_t at;
    size_t original;
    bool is_made;
};

struct wasm_global {
    enum wasm_type type;
    bool is_mutable;
    bool is_imported;
    uint32_t import;
    size_t init_offset; /* constant expression, when defined; empty: 0 */
    size_t end_offset;
};

struct wasm_data {
    bool is_passive;
    uint32_t memory;
    size_t expression_offset; /* active: constant expression of the address */
    size_t expression_end;
    const uint8_t *bytes;
    uint32_t size;
    size_t offset; /* of the segment's flag */
};

struct wasm_custom {
    struct wasm_name name;
    const uint8_t *bytes; /* payload after the name */
    size_t size;
    size_t offset;
};

/* The extent of a section in the file. */
struct wasm_section {
    uint8_t id;
    size_t offset;      /* of the id byte */
    size_t data_offset; /* first payload byte */
    size_t data_size;
};

struct wasm_module {
    const uint8_t *bytes; /* the whole file */
    size_t size;
    struct wasm_section *sections;
    uint32_t section_count;
    struct wasm_func_type *types;
    uint32_t type_count;
    struct wasm_import *imports;
    uint32_t import_count;
    struct wasm_function *functions; /* imported ones first */
    uint32_t function_count;
    uint32_t imported_function_count;
    struct wasm_memory *memories; /* imported ones first */
    uint32_t memory_count;
    struct wasm_global *globals; /* imported ones first */
    uint32_t global_count;
    struct wasm_table *tables; /* imported ones first */
    uint32_t table_count;
    uint32_t table_capacity;
    struct wasm_element *elements;
    uint32_t element_count;
    const struct wasm_made *made; /* the last ones of 'functions' */
    uint32_t made_count;
    const struct wasm_moved *moved; /* ascending */
    uint32_t moved_count;
    uint32_t tag_count;
    struct wasm_export *exports;
    uint32_t export_count;
    struct wasm_data *data;
    uint32_t data_count;
    bool has_data_count; /* a DataCount section is present */
    bool has_start;
    uint32_t start_function;
    struct wasm_custom *customs;
    uint32_t custom_count;
    struct wasm_name debug_name; /* custom name section; empty if none */
};

/*
 * Decode the module in 'bytes', which must outlive it. Afterwards every
 * instruction is well-formed and every index in range; operand types are
 * checked by wasm_validate(). Fails (input) with an offset.
 */
F4E_MUST_CHECK bool wasm_read(struct wasm_module *module, const uint8_t *bytes,
                              size_t size, struct arena *arena,
                              struct diag *diag);

/* One decoded instruction. */
struct wasm_insn {
    const struct opcode *opcode;
    uint32_t code;      /* as opcode->code, or the exact SIMD number */
    size_t offset;      /* of its first byte */
    size_t end;         /* one past its last byte */
    uint32_t index;     /* label, function, local, global, type, segment … */
    uint32_t index2;    /* second index; for a memarg the memory index */
    uint32_t alignment; /* memarg: log2 */
    uint64_t memarg_offset;
    uint64_t constant;  /* bits of i32/i64/f32/f64.const, zero-extended */
    int64_t block_type; /* type index >= 0, or -(0x80 - enum wasm_type) */
    const uint8_t *label_bytes; /* br_table: LEB128 labels, then the default */
    uint32_t label_count;       /* br_table: without the default */
};

/*
 * Decode the instruction at '*offset' (below 'end') and move '*offset' past it.
 * For modules that wasm_read() accepted it cannot fail.
 */
F4E_MUST_CHECK bool wasm_insn_read(const struct wasm_module *module,
                                   size_t *offset, size_t end,
                                   struct wasm_insn *insn, struct diag *diag);

/* Label 'k' (0 … label_count; label_count is the default) of a br_table. */
uint32_t wasm_insn_label(const struct wasm_insn *insn, uint32_t k);

/*
 * Parameters and results of a block type. A value type has no parameters and
 * one result, kept in static storage.
 */
struct wasm_func_type wasm_block_type(const struct wasm_module *module,
                                      int64_t block_type);

/* The type of function 'index' (checked). */
const struct wasm_func_type *
wasm_function_type(const struct wasm_module *module, uint32_t index);

/* The type of a letter of opcode->type. */
enum wasm_type wasm_letter_type(char letter);

/* The first export of 'kind' called 'name', or NULL. */
const struct wasm_export *wasm_find_export(const struct wasm_module *module,
                                           enum wasm_kind kind,
                                           const char *name);

bool wasm_name_equals(struct wasm_name name, const char *text);

/* utf8_print() of a name. */
const char *wasm_name_print(struct wasm_name name, struct arena *arena);

/* "function", "memory", … */
const char *wasm_kind_name(enum wasm_kind kind);

/* "function 3 'main'" or "function 3" for messages. In the arena. */
const char *wasm_function_print(const struct wasm_module *module,
                                uint32_t index, struct arena *arena);

const char *wasm_type_name(enum wasm_type type);

#endif
