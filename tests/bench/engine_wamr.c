/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: WAMR's runtime. MODULE names what it loads: code that its
 * ahead-of-time compiler made, or a module for its interpreter. A memory that
 * the module imports is made by WAMR.
 */
#include "engine_protocol.h"
#include "module_file.h"

#include <wasm_export.h>

enum { STACK_BYTES = 256 * 1024, CALLBACK_PARAMS = 3, CALLBACKS_MAX = 64 };

static wasm_module_inst_t instance;
static wasm_exec_env_t env;
static wasm_function_inst_t block;
static wasm_function_inst_t callbacks[CALLBACKS_MAX];
static int callback_count;

static bool fail(const char *why)
{
    return module_fail("WAMR", why);
}

bool engine_start(void)
{
    char error[128] = "";
    if (!module_read()) {
        return false;
    }
    RuntimeInitArgs args = {.mem_alloc_type = Alloc_With_System_Allocator};
    if (!wasm_runtime_full_init(&args)) {
        return fail("the runtime does not start");
    }
    wasm_module_t module = wasm_runtime_load(
        module_bytes, (uint32_t)module_size, error, sizeof(error));
    if (module != NULL) {
        instance = wasm_runtime_instantiate(module, STACK_BYTES, 0, error,
                                            sizeof(error));
    }
    env = instance != NULL ? wasm_runtime_create_exec_env(instance, STACK_BYTES)
                           : NULL;
    if (env == NULL) {
        return fail(error);
    }
    wasm_function_inst_t init =
        wasm_runtime_lookup_function(instance, "initDefaults");
    if (init == NULL) {
        init = wasm_runtime_lookup_function(instance, "init");
    }
    block = wasm_runtime_lookup_function(instance, "buffer");
    if (init == NULL || block == NULL) {
        return fail("no initDefaults or no buffer");
    }
    return wasm_runtime_call_wasm(env, init, 0, NULL) ||
           fail(wasm_runtime_get_exception(instance));
}

/* WAMR guards pages of a calling thread's stack, and has to let go of them
 * before the thread ends: libc gives the stack to another one. */
void engine_enter_thread(void)
{
    (void)wasm_runtime_init_thread_env();
}

void engine_leave_thread(void)
{
    wasm_runtime_destroy_thread_env();
}

bool engine_run(unsigned long count)
{
    for (; count > 0; count--) {
        if (!wasm_runtime_call_wasm(env, block, 0, NULL)) {
            return fail(wasm_runtime_get_exception(instance));
        }
    }
    return true;
}

int engine_find(const char *name)
{
    wasm_valkind_t kinds[CALLBACK_PARAMS];
    wasm_function_inst_t function =
        wasm_runtime_lookup_function(instance, name);
    if (function == NULL || callback_count == CALLBACKS_MAX ||
        wasm_func_get_param_count(function, instance) != CALLBACK_PARAMS ||
        wasm_func_get_result_count(function, instance) > 1) {
        return -1;
    }
    wasm_func_get_param_types(function, instance, kinds);
    for (size_t i = 0; i < CALLBACK_PARAMS; i++) {
        if (kinds[i] != WASM_I32) {
            return -1;
        }
    }
    callbacks[callback_count] = function;
    return callback_count++;
}

bool engine_call(int function, const uint32_t arguments[3])
{
    /* A result of up to 64 bits comes in place of the arguments. */
    uint32_t cells[CALLBACK_PARAMS] = {arguments[0], arguments[1],
                                       arguments[2]};
    return wasm_runtime_call_wasm(env, callbacks[function], CALLBACK_PARAMS,
                                  cells) ||
           fail(wasm_runtime_get_exception(instance));
}

unsigned char *engine_memory(size_t *bytes)
{
    wasm_memory_inst_t memory = wasm_runtime_get_default_memory(instance);
    *bytes = (size_t)(wasm_memory_get_cur_page_count(memory) *
                      wasm_memory_get_bytes_per_page(memory));
    return wasm_memory_get_base_address(memory);
}
