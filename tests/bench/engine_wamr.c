/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: WAMR's runtime. MODULE names what it loads: code that its
 * ahead-of-time compiler made, or a module for its interpreter. A memory that
 * the module imports is made by WAMR.
 */
#include "engine_protocol.h"
#include "module_file.h"

#include <wasm_export.h>

enum { STACK_BYTES = 256 * 1024 };

static wasm_module_inst_t instance;
static wasm_exec_env_t env;
static wasm_function_inst_t block;

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

unsigned char *engine_memory(size_t *bytes)
{
    wasm_memory_inst_t memory = wasm_runtime_get_default_memory(instance);
    *bytes = (size_t)(wasm_memory_get_cur_page_count(memory) *
                      wasm_memory_get_bytes_per_page(memory));
    return wasm_memory_get_base_address(memory);
}
