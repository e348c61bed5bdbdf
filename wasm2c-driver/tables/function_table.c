/* SPDX-License-Identifier: MIT */
#include "tables/function_table.h"

#include "wasm/leb128.h"

/* A constant, or a global of the module's own that has one. */
static bool evaluate(uint32_t *value, const struct wasm_module *module,
                     size_t at, size_t end, struct diag *diag)
{
    struct wasm_insn insn;
    for (;;) {
        if (!wasm_insn_read(module, &at, end, &insn, diag)) {
            return false;
        }
        if (insn.code != CODE_GLOBAL_GET) {
            *value = (uint32_t)insn.constant;
            return true;
        }
        /* Validated: an earlier global each time. */
        at = module->globals[insn.index].init_offset;
        end = module->globals[insn.index].end_offset;
    }
}

/* Element by element: the function, or TABLE_NO_FUNCTION. */
static bool next_function(uint32_t *function, size_t *at,
                          const struct wasm_module *module,
                          const struct wasm_element *element, struct diag *diag)
{
    struct wasm_insn insn;
    if (!element->has_expressions) {
        *at +=
            leb128_read_u32(module->bytes + *at, module->size - *at, function);
        return true;
    }
    *function = TABLE_NO_FUNCTION;
    do {
        if (!wasm_insn_read(module, at, module->size, &insn, diag)) {
            return false;
        }
        if (insn.code == CODE_REF_FUNC) {
            *function = insn.index;
        }
    } while (insn.code != CODE_END);
    return true;
}

static bool fill(struct function_table *tables,
                 const struct wasm_module *module, uint32_t number,
                 struct diag *diag)
{
    const struct wasm_element *element = &module->elements[number];
    struct function_table *table = &tables[element->table];
    uint32_t first = 0;
    size_t at = element->items_offset;
    if (!evaluate(&first, module, element->expression_offset,
                  element->expression_end, diag)) {
        return false;
    }
    if (element->count > table->size || first > table->size - element->count) {
        return diag_input(diag, (int64_t)element->offset,
                          "element segment %u has %u elements for index %u, "
                          "but table %u has %llu",
                          number, element->count, first, element->table,
                          (unsigned long long)table->size);
    }
    for (uint32_t i = 0; i < element->count; i++) {
        uint32_t *function = &table->functions[first + i];
        if (!next_function(function, &at, module, element, diag)) {
            return false;
        }
        if (*function != TABLE_NO_FUNCTION && table->used <= first + i) {
            table->used = first + i + 1;
        }
    }
    return true;
}

bool tables_read(struct function_table **tables,
                 const struct wasm_module *module, struct arena *arena,
                 struct diag *diag)
{
    struct function_table *list =
        arena_alloc(arena, module->table_count, sizeof(*list));
    for (uint32_t i = 0; i < module->table_count; i++) {
        uint64_t size = module->tables[i].limits.min;
        list[i].size = size;
        list[i].functions =
            arena_alloc(arena, (size_t)size, sizeof(*list[i].functions));
        for (uint64_t k = 0; k < size; k++) {
            list[i].functions[k] = TABLE_NO_FUNCTION;
        }
    }
    for (uint32_t i = 0; i < module->element_count; i++) {
        if (module->elements[i].is_active && !fill(list, module, i, diag)) {
            return false;
        }
    }
    *tables = list;
    return true;
}
