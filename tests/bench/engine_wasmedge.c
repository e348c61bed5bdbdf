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
static WasmEdge_FunctionInstanceContext *block;

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

static WasmEdge_FunctionInstanceContext *
find(const WasmEdge_ModuleInstanceContext *instance, const char *name)
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
    WasmEdge_ModuleInstanceContext *instance = NULL;
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
    block = find(instance, "buffer");
    WasmEdge_FunctionInstanceContext *init = find(instance, "initDefaults");
    init = init == NULL ? find(instance, "init") : init;
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

unsigned char *engine_memory(size_t *bytes)
{
    enum { PAGE_BYTES = 65536 };
    *bytes = (size_t)WasmEdge_MemoryInstanceGetPageSize(memory) * PAGE_BYTES;
    return WasmEdge_MemoryInstanceGetPointer(memory, 0, *bytes);
}
