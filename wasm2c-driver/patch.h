/* SPDX-License-Identifier: MIT */
/*
 * The patch description: plain data, the result of stage 'describe' and the
 * input of all later ones. Pointers refer to the arena or the module; each
 * value has its source.
 */
#ifndef F4E_DRIVER_PATCH_H
#define F4E_DRIVER_PATCH_H

#include "base/sha256.h"
#include "wasm/wasm.h"

/* Element types and kinds of widgets are the contract's own. */
#include "../shim/f4e_patch.h"

/* In ascending order of authority: a later one overrides an earlier one. */
enum patch_source {
    SOURCE_DEFAULT,
    SOURCE_MODULE,   /* the module's code, imports and exports */
    SOURCE_PROBE,    /* observed by running it */
    SOURCE_EMBEDDED, /* the manifest inside the module */
    SOURCE_MANIFEST, /* --manifest */
    SOURCE_PROJECT,
    SOURCE_FLAG,
};

/* The compiler's generation, by the module's interface. */
enum patch_generation {
    GENERATION_CURRENT, /* host.memory, initDefaults */
    GENERATION_JS,      /* js.memory, init / cycle / buffer */
    GENERATION_OTHER,   /* neither: hand-written or another compiler */
};

enum {
    PATCH_MAX_CHANNELS = 64,
    PATCH_DEFAULT_BLOCK_FRAMES = 128,
    PATCH_DEFAULT_RATE_HZ = 48000,
};

/* In place of an address: a silent output, an unused input. */
#define PATCH_UNCONNECTED UINT32_MAX

/* 'block_frames' 32-bit floats at byte 'address' of memory 0. */
struct patch_channel {
    uint32_t channel; /* 0 = left */
    uint32_t address; /* bytes, or PATCH_UNCONNECTED */
    enum patch_source source;
    const char *where; /* "patch.8f4e:12", or NULL */
};

/*
 * Raw bytes placed in memory 0 after initDefaults. Assets that share a file
 * share its bytes: the pointers are equal.
 */
struct patch_asset {
    uint32_t address;     /* bytes */
    const char *file;     /* as the user typed it; NULL: not found */
    const uint8_t *bytes; /* of the file */
    bool is_inside;       /* 'file' is no path: it is in the module, or empty */
    bool is_held;         /* 'file' is empty: the module's data has it */
    uint32_t size;        /* how many of them are placed */
    uint32_t file_size;
    uint32_t capacity;  /* bytes that the target has; 0: not known */
    const char *id;     /* of bin.<id>, or made up: "@8192" */
    const char *url;    /* NULL: none */
    const char *target; /* "module:id", or NULL */
    enum patch_source source;
    const char *where;
};

/* A declaration of the project text: a named run of elements. */
struct patch_item {
    const char *name;  /* "module:id", UTF-8 without blanks */
    const char *type;  /* as declared: "float", "int8u[]", "float*" */
    uint32_t memory;   /* index */
    uint32_t address;  /* bytes */
    uint32_t count;    /* elements */
    uint32_t capacity; /* bytes allocated from 'address' on */
    enum f4e_element element;
    bool is_array;
    unsigned pointer_depth;   /* 0: not a pointer, 1: T*, 2: T** */
    enum f4e_element pointee; /* of T*; F4E_I32 of T** */
};

/* A widget of the editor; f4e_param in shim/f4e_patch.h. */
struct patch_param {
    enum f4e_param_kind kind;
    uint32_t item;  /* index into items */
    uint32_t item2; /* of a crossfade */
    double min, max, step;
    double off, on;
    bool is_float_bits;
    const char *module; /* never NULL */
    uint32_t order;
    const char *where;
};

/* What the editor draws; f4e_view in shim/f4e_patch.h. */
struct patch_view {
    enum f4e_view_kind kind;
    enum f4e_view_format format;
    enum f4e_element element;
    bool is_pointee;
    bool is_cursor_address;
    uint32_t item;
    uint32_t index;
    uint32_t count;
    uint32_t count_item;  /* or F4E_NO_ITEM */
    uint32_t cursor_item; /* or F4E_NO_ITEM */
    double min, max;
    uint32_t rows;
    int32_t first_key;
    const char *module; /* never NULL */
    uint32_t order;
    const char *where;
};

struct patch_midi {
    uint32_t port;
    const char *callback; /* an exported function */
    const char *where;
};

/* Words from which MIDI is sent; f4e_sender in shim/f4e_patch.h. */
struct patch_sender {
    bool is_controller;
    uint32_t items[F4E_SENDER_WORDS]; /* indices into items, or F4E_NO_ITEM */
    const char *where;
};

/* What drives the patch. */
enum patch_runtime {
    RUNTIME_AUDIO, /* one block after the other, by the audio clock */
    RUNTIME_TIMER, /* main, every tick_ms */
};

struct patch {
    const struct wasm_module *module;
    char sha256[SHA256_HEX]; /* of the module without attachments */
    const char *name;        /* printable */
    const char *given_name;  /* the same as it was given */
    enum patch_source name_source;
    const char *name_where; /* each 'where' as in patch_channel */
    enum patch_generation generation;

    /* Function indices; UINT32_MAX when absent. */
    uint32_t init_function;   /* initDefaults or init */
    uint32_t buffer_function; /* buffer */
    uint32_t main_function;   /* main or cycle, or --entry */
    bool is_driven_by_main;   /* a block is block_frames x main */

    uint32_t block_frames;
    enum patch_source block_source;
    const char *block_where;
    uint32_t sample_rate; /* Hz */
    enum patch_source rate_source;
    const char *rate_where;

    struct patch_channel outputs[PATCH_MAX_CHANNELS]; /* channel k at [k] */
    uint32_t output_count;
    struct patch_channel inputs[PATCH_MAX_CHANNELS];
    uint32_t input_count;
    bool is_mono_duplicated; /* one output found by the probe: both speakers */

    struct patch_asset *assets;
    uint32_t asset_count;

    enum patch_runtime runtime;
    uint32_t tick_ms; /* of RUNTIME_TIMER, at least 1 */
    enum patch_source runtime_source;
    const char *runtime_where;

    const struct patch_item *items; /* by memory and address */
    uint32_t item_count;
    const struct patch_param *params;
    uint32_t param_count;
    const struct patch_view *views;
    uint32_t view_count;
    const struct patch_midi *midi; /* in call order */
    uint32_t midi_count;
    const struct patch_sender *senders; /* in the order of the text */
    uint32_t sender_count;
    uint32_t midi_out_ports; /* that its imports and words can send to */
    /* Byte addresses in memory 0; 0: none, for no item lies there. */
    uint32_t keyboard_code;
    uint32_t keyboard_pressed;
    /* Where items, params, views, midi and keyboard are from. */
    enum patch_source names_source;

    bool is_recursive; /* the call graph has a cycle or is very deep */

    /* For the user, in order; text in the arena. */
    const char **notices;
    uint32_t notice_count;
};

#endif
