/* SPDX-License-Identifier: MIT */
/*
 * The metadata of a module, from a project text, a manifest file or an embedded
 * manifest: audio buffers, rate, variables, parameters, MIDI, assets. Untrusted
 * until manifest_check(). docs/manifest.md describes the file.
 */
#ifndef F4E_MANIFEST_H
#define F4E_MANIFEST_H

#include "patch.h"

struct project;
struct project_config;

enum {
    MANIFEST_VERSION = 1,
    MANIFEST_MAX_TARGETS = 4096, /* of assets */
    MANIFEST_MAX_ITEMS = 1 << 20,
    MANIFEST_MAX_RATE_HZ = 1000000,
    MANIFEST_MAX_NAME_BYTES = 1024,
    MANIFEST_MAX_NOTICES = 200, /* more are counted, not kept */
};

struct manifest_channel {
    uint32_t address;  /* bytes, or PATCH_UNCONNECTED */
    const char *where; /* "patch.8f4e:12", or NULL; so in all structs here */
};

/* One target of an asset. */
struct manifest_asset {
    const char *id;     /* never NULL */
    const char *url;    /* NULL: none */
    const char *file;   /* base name of the file it was made with, or NULL */
    const char *sha256; /* of the file, or NULL */
    const char *target; /* "module:id", or NULL */
    uint32_t address;   /* bytes, memory 0 */
    uint32_t capacity;  /* bytes; 0: not known, all that fits in memory */
    bool is_placed;     /* false: the target does not exist */
    /* What the module's data segments fill it with, where that is not the
     * default of the text: bytes of an asset; or NULL. */
    const uint8_t *held;
    uint32_t held_bytes;
    const char *where;
};

struct manifest_name { /* of a function without an exported name */
    uint32_t function; /* index */
    const char *name;
};

struct manifest {
    enum patch_source source; /* SOURCE_PROJECT, _MANIFEST or _EMBEDDED */
    const char *file;         /* as the user typed it, for messages */
    const char *sha256;       /* of the module it is for, or NULL */

    const char *name; /* here and below NULL, zero or false: not given */
    const char *name_where;
    bool has_runtime;
    enum patch_runtime runtime;
    uint32_t tick_ms;
    const char *runtime_where;
    const char *entry; /* that a block calls for each frame; NULL: buffer */
    uint32_t block_frames;
    const char *block_where;
    uint32_t sample_rate; /* Hz */
    const char *rate_where;
    bool has_outputs;
    struct manifest_channel outputs[PATCH_MAX_CHANNELS];
    uint32_t output_count;
    bool is_mono_duplicated;
    bool has_inputs;
    struct manifest_channel inputs[PATCH_MAX_CHANNELS];
    uint32_t input_count;

    const struct patch_item *items;
    uint32_t item_count;
    const struct patch_param *params; /* items: indices into items */
    uint32_t param_count;
    const struct patch_view *views; /* likewise */
    uint32_t view_count;
    const struct patch_midi *midi;
    uint32_t midi_count;
    const struct patch_sender *senders; /* items: indices into items */
    uint32_t sender_count;
    uint32_t keyboard_code; /* bytes, memory 0; 0: none */
    uint32_t keyboard_pressed;
    const struct manifest_asset *assets; /* in load order */
    uint32_t asset_count;
    const struct manifest_name *names;
    uint32_t name_count;

    const char **notices; /* capacity MANIFEST_MAX_NOTICES + 1 */
    uint32_t notice_count;
    uint32_t dropped_notices;
};

/*
 * Convert a project. 'is_matched': the module agrees with it; function names
 * are taken only then. Fails (input) when its rate exceeds
 * MANIFEST_MAX_RATE_HZ.
 */
F4E_MUST_CHECK bool manifest_from_project(struct manifest *manifest,
                                          const struct project *project,
                                          const struct project_config *config,
                                          bool is_matched, struct arena *arena,
                                          struct diag *diag);

/*
 * Drop, each with a notice, what does not hold for the module: items and
 * keyboard cells outside the memory, invalid or duplicate names, numbers that
 * are not finite, MIDI callbacks that are not exported. Sorts items by memory
 * and address. A view that does not fit is dropped likewise. Channels are
 * checked in channels.h, with the length of a block.
 */
void manifest_check(struct manifest *manifest, const struct wasm_module *module,
                    struct arena *arena);

/* Set debug names of functions without one. */
void manifest_name_functions(const struct manifest *manifest,
                             struct wasm_module *module, struct arena *arena);

/* Whether 'name' is valid: not empty, at most MANIFEST_MAX_NAME_BYTES, no
 * blanks, no control characters. */
bool manifest_is_name(const char *name);

/* Index of the item called 'name', or UINT32_MAX. */
uint32_t manifest_find_item(const struct manifest *manifest, const char *name);

/* Append to manifest->notices; beyond the limit it is only counted. */
void manifest_notice(struct manifest *manifest, struct arena *arena,
                     const char *format, ...) F4E_PRINTF(3, 4);

#endif
