/* SPDX-License-Identifier: MIT */
/*
 * A patch as a library. The generated api.c includes this file behind the
 * patch's own header, which is the manual, with LIBRARY(name) and LIBRARY_PATCH
 * as the names there. No part of an executable.
 */
#include "common/call_args.h"
#include "common/element.h"
#include "f4e_patch.h"
#include "load/trap_text.h"
#include "rt/engine.h"
#include "rt/midi_queue.h"
#include "rt/trap.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of the stack, for functions that recurse; the header asks for twice that. */
enum {
    LIBRARY_STACK_BYTES = 256 << 10,
    LIBRARY_MAX_ARGUMENTS = 16,
    LIBRARY_MAX_RESULTS = 16,
};

struct LIBRARY_PATCH {
    struct engine engine;
    char error[320];
    double results[LIBRARY_MAX_RESULTS]; /* of the last call */
    unsigned result_count;
    f4e_library_midi_out receive; /* what the patch sends; NULL: nobody */
    void *receiver;
};

/* What a guarded call works on. */
struct library_call {
    const struct f4e_export *function;
    const double *arguments;
    double *results; /* NULL: not wanted */
};

static struct LIBRARY_PATCH library_instance;
static bool library_is_used;
static struct midi_queue library_sent;
static const char *library_refusal = "";

static void library_instantiate(void *patch)
{
    (void)patch;
    for (unsigned i = 0; i < f4e_patch.memory_count; i++) {
        memset(f4e_patch.memories[i].data, 0,
               (size_t)f4e_patch.memories[i].bytes);
    }
    f4e_patch.instantiate();
}

static void library_call_function(void *arg)
{
    const struct library_call *call = arg;
    call->function->call(call->arguments, call->results);
}

/* What the patch has sent by now. */
static void library_deliver(const struct LIBRARY_PATCH *patch)
{
    struct midi_queue_message message;
    while (midi_queue_get(&library_sent, &message)) {
        if (patch->receive != NULL) {
            patch->receive(patch->receiver, message.port, message.bytes,
                           message.count);
        }
    }
}

/* The first trap is the one that is told. */
static bool library_trapped(struct LIBRARY_PATCH *patch,
                            const struct f4e_trap_report *report)
{
    struct engine *engine = &patch->engine;
    engine->state = ENGINE_STOPPED;
    engine->trap = *report;
    engine->trap_block = engine->block;
    midi_queue_release(&library_sent);
    library_deliver(patch);
    return false;
}

bool LIBRARY(reset)(struct LIBRARY_PATCH *patch)
{
    struct f4e_trap_report report = {F4E_TRAP_NONE, NULL};
    patch->result_count = 0;
    engine_init(&patch->engine, &f4e_patch, TRAP_STOP, LIBRARY_STACK_BYTES);
    patch->engine.midi_out = &library_sent;
    midi_queue_connect(&library_sent);
    if (f4e_guard(library_instantiate, patch, LIBRARY_STACK_BYTES, &report) !=
            F4E_TRAP_NONE ||
        engine_restart(&patch->engine, &report) != F4E_TRAP_NONE) {
        return library_trapped(patch, &report);
    }
    library_deliver(patch);
    return true;
}

struct LIBRARY_PATCH *LIBRARY(create)(void)
{
    if (!library_is_used) {
        library_instance.receive = NULL;
    }
    if (library_is_used) {
        library_refusal = "this patch exists already: its memory is static, "
                          "so there is one of it";
        return NULL;
    }
    if (!LIBRARY(reset)(&library_instance)) {
        library_refusal = LIBRARY(error)(&library_instance);
        return NULL;
    }
    library_refusal = "";
    library_is_used = true;
    return &library_instance;
}

void LIBRARY(destroy)(struct LIBRARY_PATCH *patch)
{
    if (patch != NULL) {
        library_is_used = false;
    }
}

bool LIBRARY(process)(struct LIBRARY_PATCH *patch, const float *const *inputs,
                      float *const *outputs)
{
    bool is_playing = engine_process(&patch->engine, inputs, outputs);
    library_deliver(patch);
    if (is_playing) {
        return true;
    }
    for (unsigned k = 0; k < f4e_patch.output_count; k++) {
        memset(outputs[k], 0, f4e_patch.block_frames * sizeof(float));
    }
    return false;
}

uint64_t LIBRARY(blocks)(const struct LIBRARY_PATCH *patch)
{
    return patch->engine.block;
}

const char *LIBRARY(error)(const struct LIBRARY_PATCH *patch)
{
    char when[64];
    if (patch == NULL) {
        return library_refusal;
    }
    if (patch->engine.state == ENGINE_RUNNING) {
        return "";
    }
    (void)snprintf(when, sizeof(when), "after %llu blocks",
                   (unsigned long long)patch->engine.trap_block);
    trap_describe(&f4e_patch, &patch->engine.trap, when, library_instance.error,
                  sizeof(library_instance.error));
    return library_instance.error;
}

struct f4e_library_info LIBRARY(info)(void)
{
    return (struct f4e_library_info){
        .name = f4e_patch.name,
        .wasm_sha256 = f4e_patch.wasm_sha256,
        .built_with = f4e_patch.built_with,
        .sample_rate = f4e_patch.sample_rate,
        .block_frames = f4e_patch.block_frames,
        .inputs = f4e_patch.input_count,
        .outputs = f4e_patch.output_count,
        .is_mono_duplicated = f4e_patch.is_mono_duplicated,
        .memories = f4e_patch.memory_count,
        .items = f4e_patch.item_count,
        .exports = f4e_patch.export_count,
        .params = f4e_patch.param_count,
        .views = f4e_patch.view_count,
        .midi_out_ports = f4e_patch.midi_out_ports,
    };
}

int LIBRARY(find)(const char *name)
{
    int found = -1;
    for (unsigned i = 0; i < f4e_patch.item_count; i++) {
        const char *full = f4e_patch.items[i].name;
        const char *colon = strchr(full, ':');
        if (strcmp(full, name) == 0) {
            return (int)i;
        }
        if (colon != NULL && strcmp(colon + 1, name) == 0) {
            found = found == -1 ? (int)i : -2;
        }
    }
    return found >= 0 ? found : -1;
}

/* NULL: there is no such element. */
static const struct f4e_item *library_item(int item, uint32_t index)
{
    if (item < 0 || (unsigned)item >= f4e_patch.item_count ||
        index >= f4e_patch.items[item].count) {
        return NULL;
    }
    return &f4e_patch.items[item];
}

bool LIBRARY(item)(int item, struct f4e_library_item *description)
{
    if (item < 0 || (unsigned)item >= f4e_patch.item_count) {
        return false;
    }
    const struct f4e_item *row = &f4e_patch.items[item];
    *description = (struct f4e_library_item){
        .name = row->name,
        .type = row->type,
        .memory = row->memory,
        .address = row->address,
        .count = row->count,
        .lowest = element_least(row->element),
        .highest = element_most(row->element),
    };
    return true;
}

static bool library_holds(enum f4e_element element, double value)
{
    return element_is_float(element) ||
           (value >= element_least(element) && value <= element_most(element) &&
            value == floor(value));
}

/* The one place where a host's values enter a memory. */
bool LIBRARY(write)(struct LIBRARY_PATCH *patch, unsigned memory,
                    uint32_t address, const void *bytes, size_t size)
{
    if (memory >= f4e_patch.memory_count ||
        address > f4e_patch.memories[memory].bytes ||
        size > f4e_patch.memories[memory].bytes - address) {
        return false;
    }
    engine_write(&patch->engine, memory, address, bytes, size);
    return true;
}

bool LIBRARY(read)(const struct LIBRARY_PATCH *patch, unsigned memory,
                   uint32_t address, void *bytes, size_t size)
{
    (void)patch;
    if (memory >= f4e_patch.memory_count ||
        address > f4e_patch.memories[memory].bytes ||
        size > f4e_patch.memories[memory].bytes - address) {
        return false;
    }
    memcpy(bytes, f4e_patch.memories[memory].data + address, size);
    return true;
}

bool LIBRARY(set)(struct LIBRARY_PATCH *patch, int item, uint32_t index,
                  double value)
{
    const struct f4e_item *row = library_item(item, index);
    if (row == NULL) {
        return false;
    }
    uint8_t bytes[ELEMENT_BYTES_MAX];
    if (!library_holds(row->element, value)) {
        return false;
    }
    unsigned size = element_bytes(row->element);
    element_encode(row->element, value, bytes);
    return LIBRARY(write)(patch, row->memory, row->address + index * size,
                          bytes, size);
}

bool LIBRARY(get)(const struct LIBRARY_PATCH *patch, int item, uint32_t index,
                  double *value)
{
    const struct f4e_item *row = library_item(item, index);
    uint8_t bytes[ELEMENT_BYTES_MAX];
    if (row == NULL) {
        return false;
    }
    unsigned size = element_bytes(row->element);
    if (!LIBRARY(read)(patch, row->memory, row->address + index * size, bytes,
                       size)) {
        return false;
    }
    *value = element_decode(row->element, bytes);
    return true;
}

int LIBRARY(find_function)(const char *name)
{
    for (unsigned i = 0; i < f4e_patch.export_count; i++) {
        if (strcmp(f4e_patch.exports[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

bool LIBRARY(call)(struct LIBRARY_PATCH *patch, int function,
                   const double *arguments, unsigned count)
{
    double all[LIBRARY_MAX_ARGUMENTS];
    struct f4e_trap_report report = {F4E_TRAP_NONE, NULL};
    patch->result_count = 0;
    if (patch->engine.state != ENGINE_RUNNING || function < 0 ||
        (unsigned)function >= f4e_patch.export_count ||
        f4e_patch.exports[function].params > LIBRARY_MAX_ARGUMENTS) {
        return false;
    }
    const struct f4e_export *callee = &f4e_patch.exports[function];
    unsigned results = call_args_results(callee);
    bool is_kept = results <= LIBRARY_MAX_RESULTS;
    struct library_call call = {callee, all, is_kept ? patch->results : NULL};
    call_args_fill(callee, arguments, count, all);
    if (f4e_guard(library_call_function, &call, LIBRARY_STACK_BYTES, &report) !=
        F4E_TRAP_NONE) {
        return library_trapped(patch, &report);
    }
    patch->result_count = is_kept ? results : 0;
    library_deliver(patch);
    return true;
}

bool LIBRARY(result)(const struct LIBRARY_PATCH *patch, unsigned index,
                     double *value)
{
    if (index >= patch->result_count) {
        return false;
    }
    *value = patch->results[index];
    return true;
}

/* As a browser does it: a callback that traps is over, and nothing else is. */
bool LIBRARY(midi)(struct LIBRARY_PATCH *patch, unsigned port,
                   const uint8_t *bytes, unsigned size)
{
    enum { MIDI_BYTES = 3 };
    double all[LIBRARY_MAX_ARGUMENTS];
    bool is_clean = patch->engine.state == ENGINE_RUNNING;
    for (unsigned i = 0; i < LIBRARY_MAX_ARGUMENTS; i++) {
        all[i] = i < MIDI_BYTES && i < size ? bytes[i]
                 : i < MIDI_BYTES           ? 0.0
                                            : (double)NAN;
    }
    for (unsigned i = 0; i < f4e_patch.midi_count; i++) {
        const struct f4e_midi *binding = &f4e_patch.midi[i];
        struct library_call call = {&f4e_patch.exports[binding->export_index],
                                    all, NULL};
        struct f4e_trap_report report = {F4E_TRAP_NONE, NULL};
        if (patch->engine.state != ENGINE_RUNNING || binding->port != port ||
            call.function->params > LIBRARY_MAX_ARGUMENTS) {
            continue;
        }
        if (f4e_guard(library_call_function, &call, LIBRARY_STACK_BYTES,
                      &report) != F4E_TRAP_NONE) {
            patch->engine.uses_general_block = true;
            is_clean = false;
        }
    }
    library_deliver(patch);
    return is_clean;
}

void LIBRARY(midi_out)(struct LIBRARY_PATCH *patch,
                       f4e_library_midi_out receive, void *context)
{
    patch->receive = receive;
    patch->receiver = context;
}
