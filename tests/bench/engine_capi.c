/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: any engine with the WebAssembly C API, wasm.h. MODULE names the
 * module; memories that it imports are made here. The interface knows no shared
 * ones.
 */
#include "engine_protocol.h"
#include "module_file.h"

#include <string.h>
#include <wasm.h>

enum { MOST = 16 };

static wasm_memory_t *memory;
static wasm_func_t *block;
static wasm_module_t *module;
static wasm_extern_vec_t exports;

enum { CALLBACK_PARAMS = 3, CALLBACKS_MAX = 64, RESULTS_MAX = 4 };

static const wasm_func_t *callbacks[CALLBACKS_MAX];
static int callback_count;

static bool make_memories(wasm_store_t *store, wasm_extern_t *given[MOST],
                          size_t *count)
{
    wasm_importtype_vec_t imports;
    wasm_module_imports(module, &imports);
    bool ok = imports.size > 0 && imports.size <= MOST;
    for (size_t i = 0; ok && i < imports.size; i++) {
        const wasm_memorytype_t *type = wasm_externtype_as_memorytype_const(
            wasm_importtype_type(imports.data[i]));
        wasm_memory_t *made =
            type != NULL ? wasm_memory_new(store, type) : NULL;
        ok = made != NULL;
        given[i] = ok ? wasm_memory_as_extern(made) : NULL;
        memory = memory == NULL ? made : memory;
    }
    *count = imports.size;
    wasm_importtype_vec_delete(&imports);
    return ok || module_fail("wasm.h", "no memory like the one it imports");
}

/* The k-th export is the one that the k-th type names. */
static wasm_func_t *find(const char *name)
{
    wasm_exporttype_vec_t types;
    wasm_func_t *found = NULL;
    wasm_module_exports(module, &types);
    for (size_t i = 0; i < types.size && found == NULL; i++) {
        const wasm_name_t *text = wasm_exporttype_name(types.data[i]);
        if (text->size == strlen(name) &&
            memcmp(text->data, name, text->size) == 0) {
            found = wasm_extern_as_func(exports.data[i]);
        }
    }
    return found;
}

static bool call(const wasm_func_t *function)
{
    static const wasm_val_vec_t no_arguments = WASM_EMPTY_VEC;
    static wasm_val_vec_t no_results = WASM_EMPTY_VEC;
    return wasm_func_call(function, &no_arguments, &no_results) == NULL ||
           module_fail("wasm.h", "trapped");
}

bool engine_start(void)
{
    wasm_extern_t *given[MOST];
    size_t count = 0;
    if (!module_read()) {
        return false;
    }
    wasm_store_t *store = wasm_store_new(wasm_engine_new());
    const wasm_byte_vec_t binary = {module_size, (wasm_byte_t *)module_bytes};
    module = wasm_module_new(store, &binary);
    if (module == NULL) {
        return module_fail("wasm.h", "does not compile");
    }
    if (!make_memories(store, given, &count)) {
        return false;
    }
    const wasm_extern_vec_t imports = {count, given};
    wasm_instance_t *instance =
        wasm_instance_new(store, module, &imports, NULL);
    if (instance == NULL) {
        return module_fail("wasm.h", "cannot be linked");
    }
    wasm_instance_exports(instance, &exports);
    block = find("buffer");
    wasm_func_t *init = find("initDefaults");
    init = init == NULL ? find("init") : init;
    if (init == NULL || block == NULL) {
        return module_fail("wasm.h", "no initDefaults or no buffer");
    }
    return call(init);
}

bool engine_run(unsigned long count)
{
    for (; count > 0; count--) {
        if (!call(block)) {
            return false;
        }
    }
    return true;
}

static bool takes_three_i32(const wasm_func_t *function)
{
    wasm_functype_t *type = wasm_func_type(function);
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
    const wasm_func_t *function = find(name);
    if (function == NULL || callback_count == CALLBACKS_MAX ||
        !takes_three_i32(function)) {
        return -1;
    }
    callbacks[callback_count] = function;
    return callback_count++;
}

bool engine_call(int function, const uint32_t arguments[3])
{
    wasm_val_t values[CALLBACK_PARAMS];
    wasm_val_t dropped[RESULTS_MAX];
    for (size_t i = 0; i < CALLBACK_PARAMS; i++) {
        values[i] = (wasm_val_t)WASM_I32_VAL((int32_t)arguments[i]);
    }
    const wasm_val_vec_t given = {CALLBACK_PARAMS, values};
    wasm_val_vec_t results = {wasm_func_result_arity(callbacks[function]),
                              dropped};
    return wasm_func_call(callbacks[function], &given, &results) == NULL ||
           module_fail("wasm.h", "trapped");
}

unsigned char *engine_memory(size_t *bytes)
{
    *bytes = wasm_memory_data_size(memory);
    return (unsigned char *)wasm_memory_data(memory);
}
