/* SPDX-License-Identifier: MIT */
#include "wasm/validate.h"

#include "wasm/validate_body.h"
#include "wasm/wasm_section.h"

/* One constant of type 'wanted'; 'what' and 'index' name its place. */
static bool check_expression(const struct wasm_module *module, size_t offset,
                             size_t end, enum wasm_type wanted,
                             const char *what, uint32_t index,
                             struct diag *diag)
{
    size_t start = offset;
    uint32_t count = 0;
    for (;;) {
        struct wasm_insn insn;
        if (!wasm_insn_read(module, &offset, end, &insn, diag)) {
            return false;
        }
        if (insn.code == CODE_END) {
            break;
        }
        enum wasm_type type = WASM_NONE;
        if (insn.code == CODE_GLOBAL_GET) {
            if (module->globals[insn.index].is_mutable) {
                return diag_input(diag, (int64_t)insn.offset,
                                  "%s %u: a constant expression reads global "
                                  "%u, which is mutable",
                                  what, index, insn.index);
            }
            type = module->globals[insn.index].type;
        } else if (insn.code == CODE_REF_FUNC) {
            type = WASM_FUNCREF;
        } else if (insn.code == CODE_REF_NULL) {
            type = (enum wasm_type)insn.index;
        } else if (insn.opcode->type != NULL && insn.opcode->type[0] == ':') {
            type = wasm_letter_type(insn.opcode->type[1]);
        }
        if (type != wanted) {
            return diag_input(diag, (int64_t)insn.offset,
                              "%s %u: a constant expression must give %s but "
                              "%s gives %s",
                              what, index, wasm_type_name(wanted),
                              insn.opcode->name, wasm_type_name(type));
        }
        count++;
    }
    return count == 1 ||
           diag_input(diag, (int64_t)start,
                      "%s %u: a constant expression must give one value but "
                      "gives %u",
                      what, index, count);
}

static bool check_start(const struct wasm_module *module, struct arena *arena,
                        struct diag *diag)
{
    if (!module->has_start) {
        return true;
    }
    const struct wasm_func_type *type =
        wasm_function_type(module, module->start_function);
    if (type->param_count == 0 && type->result_count == 0) {
        return true;
    }
    int64_t offset = -1;
    for (uint32_t i = 0; i < module->section_count; i++) {
        if (module->sections[i].id == SECTION_START) {
            offset = (int64_t)module->sections[i].data_offset;
        }
    }
    return diag_input(
        diag, offset,
        "%s cannot be the start function: it has %u parameters "
        "and %u results",
        wasm_function_print(module, module->start_function, arena),
        type->param_count, type->result_count);
}

/* The end of the constant expression at 'offset'. */
static bool find_end(const struct wasm_module *module, size_t *offset,
                     struct diag *diag)
{
    struct wasm_insn insn;
    do {
        if (!wasm_insn_read(module, offset, module->size, &insn, diag)) {
            return false;
        }
    } while (insn.code != CODE_END);
    return true;
}

static bool check_element(const struct wasm_module *module, uint32_t number,
                          struct diag *diag)
{
    static const char what[] = "element segment";
    const struct wasm_element *element = &module->elements[number];
    if (element->is_active) {
        enum wasm_type type = module->tables[element->table].type;
        if (type != element->type) {
            return diag_input(diag, (int64_t)element->offset,
                              "%s %u holds %s but table %u holds %s", what,
                              number, wasm_type_name(element->type),
                              element->table, wasm_type_name(type));
        }
        if (!check_expression(module, element->expression_offset,
                              element->expression_end, WASM_I32, what, number,
                              diag)) {
            return false;
        }
    }
    size_t at = element->items_offset;
    for (uint32_t i = 0; i < element->count && element->has_expressions; i++) {
        size_t start = at;
        if (!find_end(module, &at, diag) ||
            !check_expression(module, start, at, element->type, what, number,
                              diag)) {
            return false;
        }
    }
    return true;
}

bool wasm_validate(const struct wasm_module *module, struct arena *arena,
                   struct diag *diag)
{
    for (uint32_t i = 0; i < module->global_count; i++) {
        const struct wasm_global *global = &module->globals[i];
        if (!global->is_imported &&
            !check_expression(module, global->init_offset, global->end_offset,
                              global->type, "global", i, diag)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < module->element_count; i++) {
        if (!check_element(module, i, diag)) {
            return false;
        }
    }
    if (!check_start(module, arena, diag)) {
        return false;
    }
    if (!wasm_bodies_validate(module, arena, diag)) {
        return false;
    }
    for (uint32_t i = 0; i < module->data_count; i++) {
        const struct wasm_data *data = &module->data[i];
        if (!data->is_passive &&
            !check_expression(module, data->expression_offset,
                              data->expression_end, WASM_I32, "data segment", i,
                              diag)) {
            return false;
        }
    }
    return true;
}
