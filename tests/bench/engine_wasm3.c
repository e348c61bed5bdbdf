/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: wasm3. MODULE names a module with its memory inside: wasm3's
 * interface has no way to give it one.
 */
#include "engine_protocol.h"
#include "module_file.h"

#include <wasm3.h>

static IM3Runtime runtime;
static IM3Function block;

enum { CALLBACK_PARAMS = 3, CALLBACKS_MAX = 64 };

static IM3Function callbacks[CALLBACKS_MAX];
static int callback_count;

static bool check(M3Result result)
{
    return result == m3Err_none || module_fail("wasm3", result);
}

bool engine_start(void)
{
    enum { STACK_BYTES = 256 * 1024 };
    IM3Module module = NULL;
    IM3Function init = NULL;
    if (!module_read()) {
        return false;
    }
    IM3Environment environment = m3_NewEnvironment();
    runtime = m3_NewRuntime(environment, STACK_BYTES, NULL);
    if (!check(m3_ParseModule(environment, &module, module_bytes,
                              (uint32_t)module_size)) ||
        !check(m3_LoadModule(runtime, module)) ||
        !check(m3_CompileModule(module)) ||
        !check(m3_FindFunction(&block, runtime, "buffer"))) {
        return false;
    }
    if (m3_FindFunction(&init, runtime, "initDefaults") != m3Err_none &&
        !check(m3_FindFunction(&init, runtime, "init"))) {
        return false;
    }
    return check(m3_CallV(init));
}

bool engine_run(unsigned long count)
{
    for (; count > 0; count--) {
        if (!check(m3_Call(block, 0, NULL))) {
            return false;
        }
    }
    return true;
}

int engine_find(const char *name)
{
    IM3Function function = NULL;
    if (callback_count == CALLBACKS_MAX ||
        m3_FindFunction(&function, runtime, name) != m3Err_none ||
        m3_GetArgCount(function) != CALLBACK_PARAMS) {
        return -1;
    }
    for (uint32_t i = 0; i < CALLBACK_PARAMS; i++) {
        if (m3_GetArgType(function, i) != c_m3Type_i32) {
            return -1;
        }
    }
    callbacks[callback_count] = function;
    return callback_count++;
}

bool engine_call(int function, const uint32_t arguments[3])
{
    const void *pointers[CALLBACK_PARAMS];
    for (size_t i = 0; i < CALLBACK_PARAMS; i++) {
        pointers[i] = &arguments[i];
    }
    return check(m3_Call(callbacks[function], CALLBACK_PARAMS, pointers));
}

unsigned char *engine_memory(size_t *bytes)
{
    uint32_t size = 0;
    unsigned char *memory = m3_GetMemory(runtime, &size, 0);
    *bytes = size;
    return memory;
}
