/* SPDX-License-Identifier: MIT */
/*
 * Private to project/layout/: the state of project_layout(). Two passes over
 * the lines of the modules in layout order: collect() determines declarations
 * and sizes (constants.c, collect.c) and place() their addresses; defaults()
 * evaluates default values, which depend on addresses, and image() makes the
 * data segments.
 */
#ifndef F4E_LAYOUT_INTERNAL_H
#define F4E_LAYOUT_INTERNAL_H

#include "project/parse/argument.h"
#include "project/parse/table.h"
#include "project/parse/text.h"

enum {
    LAYOUT_MAX_DECLARATIONS = 1 << 18,
    /* Constants copied by 'use' and values read: not bounded by the length of
     * the text. */
    LAYOUT_MAX_WORK = 1 << 22,
};
#define LAYOUT_MAX_MEMORY_BYTES (UINT64_C(1) << 32)

struct constant {
    struct span name;
    struct number number;
};

/* The constants in scope. */
struct environment {
    struct table names; /* to list */
    struct constant *list;
    uint32_t count;
    uint32_t capacity;
};

/* A constants or module block that 'use' copies from. */
struct namespace
{
    const char *id;
    const struct text_block *block; /* NULL: the implicit env */
    struct constant *list;
    uint32_t count;
    enum { NAMESPACE_NEW, NAMESPACE_OPEN, NAMESPACE_DONE } state;
};

/* A keyword of declarations: "int8u*[]". */
struct keyword {
    const char *name;
    enum f4e_element element;
    uint32_t element_bytes;
    bool is_array;
    unsigned pointer_depth;
    enum f4e_element pointee;
};

const struct keyword *keyword_find(struct span name);

struct declaration {
    const struct keyword *keyword;
    const struct text_code *code; /* its line */
    uint32_t row;                 /* of the module: its own, or of 'shape' */
    uint32_t line;                /* 1-based in the file: its own */
    uint32_t module;
    struct span id;
    double count;
    uint64_t words;       /* with padding */
    uint32_t padding;     /* words before the data: 0 or 1 */
    uint64_t address;     /* bytes */
    uint32_t first_value; /* token of its line: the first default value */
    /* Of a pointer whose default is the start of an item (+ a number). */
    struct operand target;
    double target_offset;
    /* Of the last declaration with an id: the one that is a pointer and whose
     * default was read last, or NULL. */
    const struct declaration *pointer;
    /* The default value: */
    bool is_list;     /* an array's */
    bool is_explicit; /* a scalar's */
    double number;
    const double *values; /* a list's */
    uint32_t value_count;
};

struct layout_module {
    const struct text_block *block;
    uint32_t memory;
    uint64_t address;
    uint64_t words;
    uint32_t first; /* declaration */
    uint32_t count;
    uint32_t order; /* among the module functions */
    bool is_skipped;
};

struct layout {
    struct project *project;
    const struct project_text *text;
    const struct project_config *config;
    struct project_rules rules;
    const char *const *regions;
    uint32_t region_count;
    const struct project_asset_size *sizes;
    uint32_t size_count;
    struct arena *arena;
    struct diag *diag;

    struct namespace *namespaces;
    uint32_t namespace_count;
    struct table namespace_ids;
    struct table prototype_ids; /* to blocks of the text */
    struct environment environment;
    uint64_t work;

    struct layout_module *modules; /* in layout order */
    uint32_t module_count;
    struct table module_ids; /* to modules */
    struct declaration *declarations;
    uint32_t declaration_count;
    uint32_t declaration_capacity;
    struct table item_ids; /* scope: module; to the last declaration */
    uint32_t next_default; /* while defaults() walks */
};

/* --- layout_context.c --- */
/* The report for a line of the text (1-based); false. */
bool layout_error(struct layout *layout, uint32_t line, const char *format, ...)
    F4E_PRINTF(3, 4);
/* Count 'steps' of work; false with a report when it becomes too much. */
F4E_MUST_CHECK bool layout_work(struct layout *layout, uint32_t line,
                                uint64_t steps);
/* Whether a block takes part in this reading. */
bool layout_has_block(const struct layout *layout,
                      const struct text_block *block);

/* --- environment.c --- */
/* The constant that a line sees under 'name', or NULL. */
const struct constant *environment_find(const struct layout *layout,
                                        struct span name);
void environment_clear(struct layout *layout);
/* A later constant replaces an earlier one of the same name. */
void environment_put(struct layout *layout, struct constant constant);

/* --- constants.c --- */
F4E_MUST_CHECK bool constants_resolve(struct layout *layout);
/* Let 'use' and 'const' lines of a module act on layout->environment; other
 * lines do nothing. */
F4E_MUST_CHECK bool constants_step(struct layout *layout,
                                   const struct text_block *block,
                                   const struct text_code *code);

/* --- argument_value.c --- */
/* Whether it speaks of a module or a variable. */
bool value_is_reference(const struct operand *operand);

/*
 * Whether the compiler takes it for a name, where it stands in place of one:
 * nothing that it has read by then is called so. It reads declarations in
 * order.
 */
bool value_is_name(struct layout *layout, uint32_t module,
                   const struct operand *operand);

/* The number that an argument means in 'module' (UINT32_MAX: in none, so that
 * only literals and constants can be resolved). Fails with the line. */
F4E_MUST_CHECK bool argument_value(struct layout *layout, uint32_t line,
                                   uint32_t module,
                                   const struct argument *argument,
                                   struct number *number);

/* --- collect.c --- */
/* Fill in declarations and the counts of 'modules'. */
F4E_MUST_CHECK bool collect(struct layout *layout);

/*
 * Go through the lines of a module with its constants, and call 'visit' for
 * each declaration, own or of a prototype, in order. 'row' is the module's.
 */
typedef bool (*collect_visit)(struct layout *layout, uint32_t module,
                              const struct text_block *block,
                              const struct text_code *code, uint32_t row);
F4E_MUST_CHECK bool collect_walk(struct layout *layout, uint32_t module,
                                 collect_visit visit);

/* The declaration that the id of 'declaration' refers to: itself, or a later
 * one of the same name. */
const struct declaration *collect_last(const struct layout *layout,
                                       const struct declaration *declaration);

/* --- defaults.c --- */
F4E_MUST_CHECK bool defaults(struct layout *layout);
/* --- image.c --- */
void image(struct layout *layout);

/* --- project_result.c --- */
/* Modules, items, functions and entries as struct project has them. */
F4E_MUST_CHECK bool project_result(struct layout *layout);

/* --- widget.c --- */
void widgets(struct layout *layout);

#endif
