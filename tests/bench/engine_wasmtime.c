/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: Wasmtime through its C API, with Cranelift's best code, made
 * when the module is loaded. MODULE names it. Memories that it imports are made
 * here, shared or not as it asks for them.
 */
#include "engine_protocol.h"
#include "module_file.h"

#include <string.h>
#include <wasmtime.h>

enum {
    MOST_IMPORTS = 4,
    CALLBACK_PARAMS = 3,
    CALLBACKS_MAX = 64,
    RESULTS_MAX = 4
};

static wasm_engine_t *engine;
static wasmtime_context_t *context;
static wasmtime_extern_t memories[MOST_IMPORTS];
static size_t memory_count;
static wasmtime_instance_t instance;
static wasmtime_func_t block;
static wasmtime_func_t callbacks[CALLBACKS_MAX];
static int callback_count;

/* Give up with what Wasmtime says, or with 'why' when it says nothing. */
static bool fail(const char *why, wasmtime_error_t *error, wasm_trap_t *trap)
{
    wasm_name_t text = {.size = 0};
    if (error != NULL) {
        wasmtime_error_message(error, &text);
    } else if (trap != NULL) {
        wasm_trap_message(trap, &text);
    }
    (void)fprintf(stderr, "%s: %s: %.*s\n", MODULE, why, (int)text.size,
                  text.data);
    return false;
}

static wasm_engine_t *make_engine(void)
{
    wasm_config_t *config = wasm_config_new();
    wasmtime_config_cranelift_opt_level_set(config, WASMTIME_OPT_LEVEL_SPEED);
    wasmtime_config_wasm_threads_set(config, true);
    wasmtime_config_shared_memory_set(config, true);
    wasmtime_config_wasm_multi_memory_set(config, true);
    return wasm_engine_new_with_config(config);
}

static bool make_memory(const wasm_externtype_t *import,
                        wasmtime_extern_t *memory)
{
    const wasm_memorytype_t *type = wasm_externtype_as_memorytype_const(import);
    if (type == NULL) {
        return fail("imports something else than a memory", NULL, NULL);
    }
    wasmtime_error_t *error = NULL;
    if (wasmtime_memorytype_isshared(type)) {
        memory->kind = WASMTIME_EXTERN_SHAREDMEMORY;
        error =
            wasmtime_sharedmemory_new(engine, type, &memory->of.sharedmemory);
    } else {
        memory->kind = WASMTIME_EXTERN_MEMORY;
        error = wasmtime_memory_new(context, type, &memory->of.memory);
    }
    return error == NULL || fail("memory", error, NULL);
}

static bool make_memories(const wasmtime_module_t *module)
{
    wasm_importtype_vec_t imports;
    wasmtime_module_imports(module, &imports);
    bool ok = imports.size > 0 && imports.size <= MOST_IMPORTS;
    for (size_t i = 0; ok && i < imports.size; i++) {
        ok = make_memory(wasm_importtype_type(imports.data[i]), &memories[i]);
    }
    memory_count = imports.size;
    wasm_importtype_vec_delete(&imports);
    return ok || fail("cannot be linked", NULL, NULL);
}

static bool find(const char *name, wasmtime_func_t *function)
{
    wasmtime_extern_t found;
    if (!wasmtime_instance_export_get(context, &instance, name, strlen(name),
                                      &found) ||
        found.kind != WASMTIME_EXTERN_FUNC) {
        return false;
    }
    *function = found.of.func;
    return true;
}

static bool call(const wasmtime_func_t *function)
{
    wasm_trap_t *trap = NULL;
    wasmtime_val_raw_t none;
    wasmtime_error_t *error =
        wasmtime_func_call_unchecked(context, function, &none, 0, &trap);
    return (error == NULL && trap == NULL) || fail("stopped", error, trap);
}

bool engine_start(void)
{
    wasmtime_module_t *module = NULL;
    wasm_trap_t *trap = NULL;
    wasmtime_func_t init;
    if (!module_read()) {
        return false;
    }
    engine = make_engine();
    wasmtime_store_t *store = wasmtime_store_new(engine, NULL, NULL);
    context = wasmtime_store_context(store);
    wasmtime_error_t *error =
        wasmtime_module_new(engine, module_bytes, module_size, &module);
    if (error != NULL) {
        return fail("does not compile", error, NULL);
    }
    if (!make_memories(module)) {
        return false;
    }
    error = wasmtime_instance_new(context, module, memories, memory_count,
                                  &instance, &trap);
    if (error != NULL || trap != NULL) {
        return fail("cannot be linked", error, trap);
    }
    if ((!find("initDefaults", &init) && !find("init", &init)) ||
        !find("buffer", &block)) {
        return fail("no initDefaults or no buffer", NULL, NULL);
    }
    return call(&init);
}

bool engine_run(unsigned long count)
{
    for (; count > 0; count--) {
        if (!call(&block)) {
            return false;
        }
    }
    return true;
}

static bool takes_three_i32(const wasmtime_func_t *function)
{
    wasm_functype_t *type = wasmtime_func_type(context, function);
    const wasm_valtype_vec_t *params = wasm_functype_params(type);
    bool does = params->size == CALLBACK_PARAMS &&
                wasm_functype_results(type)->size <= RESULTS_MAX;
    for (size_t i = 0; does && i < params->size; i++) {
        does = wasm_valtype_kind(params->data[i]) == WASM_I32;
    }
    wasm_functype_delete(type);
    return does;
}

int engine_find(const char *name)
{
    if (callback_count == CALLBACKS_MAX ||
        !find(name, &callbacks[callback_count]) ||
        !takes_three_i32(&callbacks[callback_count])) {
        return -1;
    }
    return callback_count++;
}

bool engine_call(int function, const uint32_t arguments[3])
{
    /* Results come in place of the arguments. */
    wasmtime_val_raw_t values[RESULTS_MAX];
    wasm_trap_t *trap = NULL;
    for (size_t i = 0; i < CALLBACK_PARAMS; i++) {
        values[i].i32 = (int32_t)arguments[i];
    }
    wasmtime_error_t *error = wasmtime_func_call_unchecked(
        context, &callbacks[function], values, RESULTS_MAX, &trap);
    return (error == NULL && trap == NULL) || fail("stopped", error, trap);
}

unsigned char *engine_memory(size_t *bytes)
{
    if (memories[0].kind == WASMTIME_EXTERN_SHAREDMEMORY) {
        const wasmtime_sharedmemory_t *memory = memories[0].of.sharedmemory;
        *bytes = wasmtime_sharedmemory_data_size(memory);
        return wasmtime_sharedmemory_data(memory);
    }
    *bytes = wasmtime_memory_data_size(context, &memories[0].of.memory);
    return wasmtime_memory_data(context, &memories[0].of.memory);
}
