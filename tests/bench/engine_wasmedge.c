/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: WasmEdge through its C API, interpreting MODULE or running the
 * code that its compiler has put into it. The memory that it imports is made
 * here, shared or not as it asks for it.
 */
#include "engine_protocol.h"
#include "module_file.h"

#include <wasmedge/wasmedge.h>

static WasmEdge_ExecutorContext *executor;
static WasmEdge_MemoryInstanceContext *memory;
static WasmEdge_ModuleInstanceContext *instance;
static WasmEdge_FunctionInstanceContext *block;

enum { CALLBACK_PARAMS = 3, CALLBACKS_MAX = 64, RESULTS_MAX = 4 };

static WasmEdge_FunctionInstanceContext *callbacks[CALLBACKS_MAX];
static int callback_count;

static bool check(WasmEdge_Result result)
{
    return WasmEdge_ResultOK(result) ||
           module_fail("WasmEdge", WasmEdge_ResultGetMessage(result));
}

/* The one memory that a module imports, in a module of that name. */
static bool give_memory(const WasmEdge_ASTModuleContext *module,
                        WasmEdge_StoreContext *store)
{
    const WasmEdge_ImportTypeContext *import = NULL;
    if (WasmEdge_ASTModuleListImports(module, &import, 1) != 1) {
        return module_fail("WasmEdge", "imports not one memory");
    }
    const WasmEdge_MemoryTypeContext *type =
        WasmEdge_ImportTypeGetMemoryType(module, import);
    memory = type != NULL ? WasmEdge_MemoryInstanceCreate(type) : NULL;
    if (memory == NULL) {
        return module_fail("WasmEdge", "no memory like the one it imports");
    }
    WasmEdge_ModuleInstanceContext *host =
        WasmEdge_ModuleInstanceCreate(WasmEdge_ImportTypeGetModuleName(import));
    WasmEdge_ModuleInstanceAddMemory(
        host, WasmEdge_ImportTypeGetExternalName(import), memory);
    return check(WasmEdge_ExecutorRegisterImport(executor, store, host));
}

static WasmEdge_FunctionInstanceContext *find(const char *name)
{
    WasmEdge_String text = WasmEdge_StringCreateByCString(name);
    WasmEdge_FunctionInstanceContext *found =
        WasmEdge_ModuleInstanceFindFunction(instance, text);
    WasmEdge_StringDelete(text);
    return found;
}

static bool call(const WasmEdge_FunctionInstanceContext *function)
{
    return check(WasmEdge_ExecutorInvoke(executor, function, NULL, 0, NULL, 0));
}

bool engine_start(void)
{
    WasmEdge_ConfigureContext *configure = WasmEdge_ConfigureCreate();
    WasmEdge_ConfigureAddProposal(configure, WasmEdge_Proposal_Threads);
    WasmEdge_StoreContext *store = WasmEdge_StoreCreate();
    WasmEdge_ASTModuleContext *module = NULL;
    executor = WasmEdge_ExecutorCreate(configure, NULL);
    if (!check(WasmEdge_LoaderParseFromFile(WasmEdge_LoaderCreate(configure),
                                            &module, MODULE)) ||
        !check(WasmEdge_ValidatorValidate(WasmEdge_ValidatorCreate(configure),
                                          module)) ||
        !give_memory(module, store) ||
        !check(
            WasmEdge_ExecutorInstantiate(executor, &instance, store, module))) {
        return false;
    }
    block = find("buffer");
    WasmEdge_FunctionInstanceContext *init = find("initDefaults");
    init = init == NULL ? find("init") : init;
    if (init == NULL || block == NULL) {
        return module_fail("WasmEdge", "no initDefaults or no buffer");
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

int engine_find(const char *name)
{
    WasmEdge_ValType kinds[CALLBACK_PARAMS];
    WasmEdge_FunctionInstanceContext *function = find(name);
    if (function == NULL || callback_count == CALLBACKS_MAX) {
        return -1;
    }
    const WasmEdge_FunctionTypeContext *type =
        WasmEdge_FunctionInstanceGetFunctionType(function);
    if (WasmEdge_FunctionTypeGetReturnsLength(type) > RESULTS_MAX ||
        WasmEdge_FunctionTypeGetParameters(type, kinds, CALLBACK_PARAMS) !=
            CALLBACK_PARAMS) {
        return -1;
    }
    for (size_t i = 0; i < CALLBACK_PARAMS; i++) {
        if (!WasmEdge_ValTypeIsI32(kinds[i])) {
            return -1;
        }
    }
    callbacks[callback_count] = function;
    return callback_count++;
}

bool engine_call(int function, const uint32_t arguments[3])
{
    WasmEdge_Value values[CALLBACK_PARAMS];
    WasmEdge_Value dropped[RESULTS_MAX];
    const WasmEdge_FunctionTypeContext *type =
        WasmEdge_FunctionInstanceGetFunctionType(callbacks[function]);
    for (size_t i = 0; i < CALLBACK_PARAMS; i++) {
        values[i] = WasmEdge_ValueGenI32((int32_t)arguments[i]);
    }
    return check(WasmEdge_ExecutorInvoke(
        executor, callbacks[function], values, CALLBACK_PARAMS, dropped,
        WasmEdge_FunctionTypeGetReturnsLength(type)));
}

unsigned char *engine_memory(size_t *bytes)
{
    enum { PAGE_BYTES = 65536 };
    *bytes = (size_t)WasmEdge_MemoryInstanceGetPageSize(memory) * PAGE_BYTES;
    return WasmEdge_MemoryInstanceGetPointer(memory, 0, *bytes);
}
