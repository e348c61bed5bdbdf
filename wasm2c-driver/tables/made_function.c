/* SPDX-License-Identifier: MIT */
#include "tables/made_function.h"

/* Where the code came from that was moved or made last. */
static size_t moved_from(const struct wasm_module *module, size_t offset)
{
    uint32_t first = 0;
    uint32_t count = module->moved_count;
    while (count > 1) { /* the last one that is not behind it */
        uint32_t half = count / 2;
        if (module->moved[first + half].at <= offset) {
            first += half;
            count -= half;
        } else {
            count = half;
        }
    }
    const struct wasm_moved *moved = &module->moved[first];
    return moved->original + (moved->is_made ? 0 : offset - moved->at);
}

size_t made_function_origin(const struct wasm_module *module, size_t offset)
{
    while (module->moved_count > 0 && offset >= module->moved[0].at) {
        offset = moved_from(module, offset);
    }
    return offset;
}

static const struct wasm_made *find_made(const struct wasm_module *module,
                                         uint32_t function)
{
    uint32_t own = module->function_count - module->made_count;
    return function < own ? NULL : &module->made[function - own];
}

uint32_t made_function_caller(const struct wasm_module *module,
                              uint32_t function)
{
    const struct wasm_made *made = find_made(module, function);
    return made == NULL ? function : made->caller;
}

const char *made_function_trap_text(const struct wasm_module *module,
                                    uint32_t function)
{
    static const char *const texts[WASM_MADE_KINDS] = {
        [WASM_MADE_NO_ELEMENT] = "table index is out of bounds",
        [WASM_MADE_NULL] = "null function",
        [WASM_MADE_OTHER_TYPE] = "function signature mismatch",
    };
    const struct wasm_made *made = find_made(module, function);
    return made == NULL ? NULL : texts[made->kind];
}

const char *made_function_name(const struct wasm_module *module,
                               uint32_t function, struct arena *arena)
{
    static const char *const names[WASM_MADE_KINDS] = {
        [WASM_MADE_CHOICE] = "f4eCallThroughATableWithTheTypeOfNumber",
        [WASM_MADE_NO_ELEMENT] = "f4eTrapForAnIndexThatIsOutOfBounds",
        [WASM_MADE_NULL] = "f4eTrapForAnElementThatIsNoFunction",
        [WASM_MADE_OTHER_TYPE] = "f4eTrapForAFunctionOfAnotherSignature",
        [WASM_MADE_COPY] = "f4eCopyForOneCallWithTheNumberThatIs",
    };
    const struct wasm_made *made = find_made(module, function);
    return made == NULL ? NULL
           : made->kind == WASM_MADE_CHOICE || made->kind == WASM_MADE_COPY
               ? arena_format(arena, "%s%u", names[made->kind], function)
               : names[made->kind];
}
