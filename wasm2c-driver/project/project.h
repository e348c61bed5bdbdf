/* SPDX-License-Identifier: MIT */
/*
 * The text of an 8f4e project (patch.8f4e): the variables of a module and their
 * addresses, @config lines and widgets. Steps in this order:
 *
 *   project_parse    bytes to blocks of lines; errors carry file:line
 *   project_config   @config lines to values: buffers, assets, MIDI, runtime
 *   project_match    the layout by the rules that the module was compiled
 *                    with: modules, items, parameters, default values
 *   project_find_…   names to items and addresses
 *
 * All text is untrusted UTF-8 without NUL. Results are plain data in the
 * caller's arena.
 */
#ifndef F4E_PROJECT_H
#define F4E_PROJECT_H

#include "patch.h"

enum {
    PROJECT_MAX_BYTES = 64 << 20, /* of the text */
    PROJECT_MAX_GROUPS = 64,      /* groups inside groups */
    PROJECT_MAX_MEMORIES = WASM_MAX_MEMORIES,
    PROJECT_MAX_MIDI = 256,           /* bindings */
    PROJECT_MAX_DIRECTIVES = 1 << 16, /* @config lines; widgets */
    PROJECT_MAX_NOTICES = 100,        /* more are counted, not kept */
};

#define PROJECT_NONE UINT32_MAX /* no index, no address */

struct project_text; /* text.h; for the stages below only */

/* Information for the user that is not an error. Lower case, no full stop. */
struct project_notice {
    uint32_t line; /* 1-based in the file; 0: none */
    const char *text;
};

/* --- project_config --- */

/* One accepted @config line; of several for one path the last. */
struct project_value {
    const char *path; /* "audioRuntime.sampleRate" */
    const char *text; /* NULL: a number */
    double number;
    uint32_t line; /* 1-based in the file */
};

/* One target of a binary asset: bin.ID.memory or bin.ID.memories.NAME. */
struct project_asset {
    const char *id;
    const char *url;
    const char *target; /* "module:id", to be looked up literally */
    uint32_t line;      /* of the target */
};

struct project_midi {
    uint32_t port;
    const char *callback; /* name of an export, perhaps a missing one */
    uint32_t line;        /* of the callback */
};

enum project_runtime {
    PROJECT_RUNTIME_NONE, /* the editor would not run the project */
    PROJECT_RUNTIME_AUDIO,
    PROJECT_RUNTIME_WORKER,
    PROJECT_RUNTIME_MAIN_THREAD,
};

struct project_config {
    const struct project_value *values; /* by path, as bytes */
    uint32_t value_count;
    const struct project_asset *assets; /* in load order */
    uint32_t asset_count;
    const struct project_midi *midi; /* in call order, no duplicates */
    uint32_t midi_count;
    enum project_runtime runtime;
    double rate_hz; /* of the runtime, or its default; 0 without a runtime */
    const struct project_notice *notices; /* lines that were ignored, and why */
    uint32_t notice_count;
    uint32_t dropped_notices; /* beyond PROJECT_MAX_NOTICES */
};

/* --- project_layout, project_match --- */

/* The compiler's layout rules; project_match() determines them. */
struct project_rules {
    bool skips_disabled; /* as the editor exports: no @disabled blocks */
    bool is_file_order;  /* compilers of 27 May to 17 Jun 2026 */
};

/* The size of an asset's file, for ASSET_<ID>_SIZE when the text has no
 * 'constants env'. */
struct project_asset_size {
    const char *id;
    uint64_t bytes;
};

struct project_module { /* a module block */
    const char *id;
    const char *entry;
    uint32_t memory;
    uint32_t address;  /* bytes */
    uint64_t size;     /* bytes */
    uint32_t line;     /* 1-based, of its opener */
    uint32_t order;    /* its place among the module functions */
    uint32_t function; /* index in the module; PROJECT_NONE before a match */
    bool is_skipped;   /* #skipExecution: its entry does not call it */
};

struct project_function { /* a function block, not one of 'includes' */
    const char *name;
    const char *export_name; /* NULL: not exported */
    const char *import_name; /* NULL: defined in the text */
    uint32_t line;
    uint32_t function; /* index in the module; PROJECT_NONE before a match, and
                        * behind an 'includes' block */
};

/* More about an item, at the same index. */
struct project_declaration {
    uint32_t line;          /* 1-based; in the prototype when inherited */
    uint32_t module;        /* index into modules */
    double count;           /* elements as declared: may have a fraction */
    uint64_t asset_bytes;   /* what an asset may fill: whole words, and the
                             * padding before a float64 (as the editor has it) */
    double initial;         /* first element's default value */
    uint32_t element_bytes; /* 1, 2, 4, 8 */
};

struct project_segment { /* exactly as in the module's data section */
    uint32_t memory;
    uint32_t address;
    const uint8_t *bytes;
    uint32_t size;
};

struct project_entry {
    const char *name;
    bool is_exported; /* false: no module in it */
};

/* The difference of a module from a text, in ascending order of severity. */
enum project_difference {
    PROJECT_SAME,
    PROJECT_OTHER_DEFAULTS,  /* same layout as far as can be told */
    PROJECT_OTHER_FUNCTIONS, /* exports, entries, calls: other code */
    PROJECT_OTHER_LAYOUT,    /* names would have wrong addresses */
    PROJECT_OTHER_COMPILER,  /* older than project texts */
};

struct project {
    const char *file; /* as the user typed it, for messages */
    struct project_rules rules;
    enum project_difference difference; /* set by project_compare() */

    const struct project_module *modules; /* in layout order */
    uint32_t module_count;
    /* Sorted by memory and address; declarations of one name are one item, the
     * last one. */
    const struct patch_item *items;
    const struct project_declaration *declarations;
    uint32_t item_count;
    const uint32_t *items_by_name; /* indices into items, by name as bytes */
    uint64_t required_bytes[PROJECT_MAX_MEMORIES];
    uint32_t memory_count;                  /* highest used one plus 1 */
    const struct project_segment *segments; /* by memory and address */
    uint32_t segment_count;
    /* When the module's data segments differ from those in what assets fill:
     * memory 0 as either leaves it, 'image_bytes' each; else NULL. Set by
     * project_compare(). */
    const uint8_t *text_image;
    const uint8_t *module_image;
    size_t image_bytes;
    const struct project_entry *entries; /* in export order, 'main' always */
    uint32_t entry_count;
    const struct project_function *functions; /* in file order */
    uint32_t function_count;
    bool has_includes;      /* library functions: their number is unknown */
    uint32_t includes_line; /* 1-based, of the first such block */

    const struct patch_param *params; /* by line; items: index into items */
    const uint32_t *param_lines;      /* same index as params */
    uint32_t param_count;
    const struct patch_view *views; /* likewise */
    const uint32_t *view_lines;
    uint32_t view_count;
    const struct patch_sender *senders; /* likewise */
    const uint32_t *sender_lines;
    uint32_t sender_count;
    /* SAMPLE_RATE of 'constants env', 0: no such constant. */
    double env_rate_hz;
    /* Of the files given, the sizes that the text has for them in that block:
     * those that the module was compiled with. */
    const struct project_asset_size *env_sizes;
    uint32_t env_size_count;
    const struct project_notice *notices; /* widgets that were ignored … */
    uint32_t notice_count;
    uint32_t dropped_notices;
};

/*
 * Split a text into blocks. 'bytes' must outlive the result; 'file' is its name
 * in messages. Fails (input, with a line) and returns NULL when the structure
 * is wrong, the text is not UTF-8, has a NUL, is longer than PROJECT_MAX_BYTES,
 * or uses the syntax of before 18 June 2026 ('; ~' settings, no entries).
 */
F4E_MUST_CHECK const struct project_text *
project_parse(const uint8_t *bytes, size_t size, const char *file,
              struct arena *arena, struct diag *diag);

/* Evaluate the @config lines. Wrong lines are ignored, as in the editor, with a
 * notice each. */
void project_config(struct project_config *config,
                    const struct project_text *text, struct arena *arena);

/* The value for 'path', or NULL. */
const struct project_value *
project_find_value(const struct project_config *config, const char *path);

/*
 * Compute the layout by 'rules'. 'regions' are the names of memory 1, 2, … .
 * 'config' and 'sizes' define 'constants env' when a module uses it and the
 * text has no such block, as in the editor. Fails (input, with a line) where
 * the compiler does: unknown constants, too many values, duplicate names …, and
 * when a memory exceeds 4 GiB. Widgets that name no item are notices.
 */
F4E_MUST_CHECK bool
project_layout(struct project *project, const struct project_text *text,
               const struct project_config *config, struct project_rules rules,
               const char *const *regions, uint32_t region_count,
               const struct project_asset_size *sizes, uint32_t size_count,
               struct arena *arena, struct diag *diag);

/*
 * Compare a layout with a module: memory.fill lengths, pages, data segments,
 * exports, number of functions, calls of the entries. What the assets of
 * 'config' fill may differ, and functions that nothing reaches may be missing:
 * compilers may put the one in and leave the other out. Sets the function
 * indices. Fails (input) with the most severe difference, both values of it,
 * which is also in project->difference.
 */
F4E_MUST_CHECK bool project_compare(struct project *project,
                                    const struct project_config *config,
                                    const struct wasm_module *module,
                                    struct arena *arena, struct diag *diag);

enum project_result {
    PROJECT_MATCHES,
    PROJECT_DIFFERS,    /* 'project' is the closest layout; diag has the
                         * difference, which the caller may treat as a
                         * warning */
    PROJECT_UNREADABLE, /* no rules give a layout; 'project' is unset */
};

/*
 * Lay out and compare by each set of rules until the module agrees: those of
 * 'cli compile', without @disabled blocks, then both in file order. Region
 * names are those of the module's memory imports. Reports unless it matches.
 */
F4E_MUST_CHECK enum project_result
project_match(struct project *project, const struct project_text *text,
              const struct project_config *config,
              const struct wasm_module *module,
              const struct project_asset_size *sizes, uint32_t size_count,
              struct arena *arena, struct diag *diag);

/* --- names --- */

/* Index of the item "module:id" (no '&'), or PROJECT_NONE. */
uint32_t project_find_item(const struct project *project, const char *name);

/*
 * The byte address in memory 0 of an audioRuntime.*Address value: a word
 * address, or an item, with an optional '&' and '[n]' that do not change its
 * start. '*item' (may be NULL) becomes its index or PROJECT_NONE. False, and
 * the channel is not connected: no such item; one in another memory, which
 * '*item' is then; or beyond 4 GiB.
 */
F4E_MUST_CHECK bool project_find_address(const struct project *project,
                                         const struct project_value *value,
                                         uint32_t *address, uint32_t *item);

/* "file:line: text" for messages. In the arena. */
const char *project_notice_text(const char *file,
                                const struct project_notice *notice,
                                struct arena *arena);

#endif
