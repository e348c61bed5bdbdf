/* SPDX-License-Identifier: MIT */
/*
 * The contract between a generated patch and the shim: one constant table.
 * Generated glue defines `f4e_patch`, the shim reads it. It is the only header
 * of the shim that glue includes; f4e-build shares its enumerations.
 */
#ifndef F4E_PATCH_H
#define F4E_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One linear memory: whole 64 KiB pages, zero before instantiate(). */
struct f4e_memory {
    const char *name; /* the import's field name, printable */
    uint8_t *data;
    uint64_t bytes; /* a multiple of 65536, may be 0 */
};

/* Instead of an address: the output is silent, the input is not used. */
#define F4E_UNCONNECTED UINT32_MAX

/*
 * Audio channel k is the k-th element of its list. Each is a run of
 * `block_frames` 32-bit floats in memory 0 at byte `address`; the builder has
 * checked that the run lies inside the memory.
 */
struct f4e_channel {
    uint32_t address; /* bytes, or F4E_UNCONNECTED */
};

/* Raw bytes copied into memory 0 after initDefaults. */
struct f4e_asset {
    uint32_t address; /* bytes; address + size lies inside memory 0 */
    uint32_t size;    /* bytes */
    const uint8_t *data;
};

/*
 * An exported function. 'call' converts as a JavaScript host does: each
 * argument is a number; integer parameters take it modulo 2^32. 'args' holds
 * 'params' numbers. 'results' has room for as many numbers as the signature has
 * results, 32-bit integers with their sign, 64-bit ones rounded to a double;
 * NULL: the results are dropped.
 */
struct f4e_export {
    const char *name;      /* as in the module, raw: UTF-8, any character */
    const char *signature; /* parameters, ':', results: "iif:d"; i f d l */
    unsigned params;
    void (*call)(const double *args, double *results);
};

/* How the bytes of one element are read. Little-endian. */
enum f4e_element {
    F4E_I8,
    F4E_U8,
    F4E_I16,
    F4E_U16,
    F4E_I32, /* also every pointer: a byte address */
    F4E_F32,
    F4E_F64,
    F4E_I64,
};

/*
 * A named run of elements: one declaration of the project text. The builder
 * has checked that all of it lies inside its memory.
 */
struct f4e_item {
    const char *name;  /* "module:id", UTF-8 without blanks, unique */
    const char *type;  /* as declared: "float", "int8u[]", "float*" */
    uint32_t memory;   /* index into memories */
    uint32_t address;  /* bytes; may be unaligned in older modules */
    uint32_t count;    /* elements, may be 0 */
    uint32_t capacity; /* bytes owned from 'address' on, >= count elements */
    enum f4e_element element;
    bool is_array; /* declared with []: shown as a list even if 1 long */
};

/* What a widget of the editor lets the user do with an item. */
enum f4e_param_kind {
    F4E_SLIDER,    /* any value from min to max, in steps */
    F4E_BUTTON,    /* 'on' while held, else 'off' */
    F4E_SWITCH,    /* 'on' or 'off' */
    F4E_CROSSFADE, /* item gets (1-p)/2, item2 (1+p)/2; p from -1 to 1 */
};

struct f4e_param {
    enum f4e_param_kind kind;
    unsigned item;      /* index into items: a scalar, or element 0 */
    unsigned item2;     /* of a crossfade */
    double min, max;    /* of a slider; of a crossfade -1 and 1 */
    double step;        /* 0: none */
    double off, on;     /* of a button or a switch */
    bool is_float_bits; /* float32 bits into an int item, as the editor does */
    const char *module; /* the block that it stands in; "": in none with a name
                         */
    unsigned order;     /* its place in the text, among params and views */
};

/* How the editor draws elements of memory. */
enum f4e_view_kind {
    F4E_WATCH, /* one value as text */
    F4E_METER, /* one value as a level */
    F4E_PLOT,  /* a curve */
    F4E_BARS,  /* a bar for each element */
    F4E_WAVE,  /* a wave form, the highest and the lowest of each column */
    F4E_PIANO, /* 24 keys; the elements are the numbers of those held */
};

/* What a watch writes. */
enum f4e_view_format {
    F4E_DECIMAL,      /* floats with 4 digits behind the point */
    F4E_HEX,          /* bytes, the most significant one first */
    F4E_BINARY,       /* integers only; floats as in F4E_DECIMAL */
    F4E_ADDRESS,      /* not the element but its byte address */
    F4E_LAST_ADDRESS, /* the byte address of the item's last word */
};

/* In place of an index into items. */
#define F4E_NO_ITEM UINT32_MAX

/*
 * A run of elements that the editor draws. It begins at element 'index' of an
 * item or, with 'is_pointee', at the byte address that this element holds, in
 * the same memory. The builder has checked what is fixed; pointers and lengths
 * that live in memory have any value, so that whoever reads checks them:
 * view_run() in shim/panel/view.h.
 */
struct f4e_view {
    enum f4e_view_kind kind;
    enum f4e_view_format format; /* of a watch */
    enum f4e_element element;    /* of the elements, behind the pointer */
    bool is_pointee;
    bool is_cursor_address; /* the cursor is where cursor_item lies, not what it
                             * holds */
    unsigned item;          /* index into items */
    uint32_t index;         /* of an element that the item has */
    uint32_t count;         /* elements; of a piano the most that fit */
    unsigned count_item;    /* an integer that says how many, or F4E_NO_ITEM */
    unsigned cursor_item;   /* an int or a pointer: of a wave, or F4E_NO_ITEM */
    double min, max;        /* what the height stands for; 0 and 0: nothing */
    unsigned rows;          /* height, in lines of text */
    int32_t first_key;      /* of a piano: number of the leftmost key */
    const char *module;     /* as in struct f4e_param */
    unsigned order;
};

/* Every message of 'port' calls exports[export](status, data1, data2). */
struct f4e_midi {
    unsigned port;
    unsigned export_index; /* into exports */
};

/* Ports that a patch can send MIDI to, from 0 on. */
enum { F4E_MIDI_PORTS = 16 };

/*
 * Send a MIDI message: what the module's import `midiOutPort` calls, and
 * `midiOut` with port 0. Inside the patch's own code only. Allocates nothing,
 * waits for nothing; what is no message is counted and goes nowhere.
 */
void f4e_midi_out(uint32_t port, uint32_t status, uint32_t data1,
                  uint32_t data2);

/* Words of memory from which notes or a controller are sent after each block.
 */
enum {
    F4E_SENDERS_MAX = 64, /* of a patch */
    F4E_SENDER_WORDS = 5
};

/* A 32-bit integer, little endian, that lies inside its memory. */
struct f4e_sender_word {
    bool is_there;
    bool is_pointee; /* it holds the byte address of the integer meant, in the
                      * same memory; any value */
    uint32_t memory;
    uint32_t address;
};

/*
 * Notes: gate, note, channel (1 to 16), velocity, port (from 1); the last three
 * may be missing, and are 1, 127 and 1 then. When the gate becomes other than 0
 * the note begins, when it becomes 0 that note ends. A controller: its number,
 * value, channel; sent when the value changes, and once at first.
 */
struct f4e_sender {
    bool is_controller;
    struct f4e_sender_word words[F4E_SENDER_WORDS];
};

/* Where the keyboard is mirrored; 0: nowhere, for no item lies at byte 0. */
struct f4e_keyboard {
    uint32_t code_address;    /* bytes, memory 0: an int32 */
    uint32_t pressed_address; /* bytes, memory 0: an int32 */
};

/*
 * An invariant that proven_block() relies on: each of these 32-bit words
 * (little endian, signed) lies between 'lo' and 'hi', and 'word & mask' is
 * 'residue'. It holds after initDefaults, and the patch's own functions
 * preserve it; the host has to check it after its own writes.
 */
struct f4e_invariant {
    uint32_t memory;  /* index into memories */
    uint32_t address; /* bytes, a multiple of 4 */
    uint32_t words;   /* from there on */
    int32_t lo, hi;
    uint32_t mask, residue;
};

/* The display name of a function, for trap messages. */
struct f4e_function_name {
    uint32_t index; /* in the module's function index space */
    const char *name;
};

struct f4e_patch {
    /* What is asked for most often first: what lies near the start is reached
     * by shorter instructions. */
    const struct f4e_item *items;   /* by memory and address */
    const struct f4e_param *params; /* by order */
    const struct f4e_view *views;   /* by order */
    const struct f4e_midi *midi;    /* in call order */
    const struct f4e_export *exports;
    const char *name;    /* printable, not empty */
    unsigned item_count; /* 0: none has a name */
    unsigned param_count;
    unsigned view_count;
    unsigned midi_count;
    unsigned export_count;
    /* Ports that the patch may send MIDI to: 0: it sends none, 1: it
     * has port 0 alone, else F4E_MIDI_PORTS. */
    unsigned midi_out_ports;
    unsigned output_count;
    unsigned input_count;
    uint32_t sample_rate;  /* Hz, > 0 */
    uint32_t block_frames; /* frames that one block() call renders, > 0 */
    /*
     * 0: audio. Else no audio at all: block() is one call of `main`, made
     * every so many ms (WebWorkerRuntime); block_frames is 1 and sample_rate
     * is 1000 / tick_ms rounded up: "frames" are ticks.
     */
    unsigned tick_ms;
    struct f4e_keyboard keyboard;
    bool is_driven_by_main; /* no `buffer` export: a block is N x main */
    bool is_recursive;      /* functions may recurse: wants a large stack */
    /* True: a single output plays on both speakers. */
    bool is_mono_duplicated;

    const struct f4e_memory *memories;
    const struct f4e_channel *outputs;
    const struct f4e_channel *inputs;
    const struct f4e_asset *assets;
    const struct f4e_sender *senders; /* in the order of the text */
    const struct f4e_function_name *function_names;
    const struct f4e_invariant
        *invariants; /* by memory and address, disjoint */
    unsigned memory_count;
    unsigned asset_count;
    unsigned sender_count;
    unsigned function_name_count;
    unsigned invariant_count;
    const char *wasm_sha256; /* 64 hex digits, of the module as given, but
                              * without what `f4e-build embed` put into it */
    const char *built_with;  /* "f4e-build 0.1.0, wabt 1.0.32, clang 19.1.7" */
    const char *target;      /* "x86_64-linux-gnu", CPU after a comma */

    /* Each may trap: call them inside f4e_guard(). */
    void (*instantiate)(void); /* active data segments, start function */
    void (*init)(void);        /* initDefaults; NULL when absent */
    void (*block)(void);       /* renders block_frames frames; never NULL */
    /* The same, faster; only while the invariants hold. May be NULL. */
    void (*proven_block)(void);
};

extern const struct f4e_patch f4e_patch;

#endif
