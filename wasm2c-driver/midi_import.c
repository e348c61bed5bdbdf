/* SPDX-License-Identifier: MIT */
#include "midi_import.h"

#include "../shim/f4e_patch.h"

static const struct {
    const char *field;
    uint32_t params;
    uint32_t ports;
    const char *wanted;
} rows[] = {
    {"midiOut", 3, 1, "(i32, i32, i32)"},
    {"midiOutPort", 4, F4E_MIDI_PORTS, "(i32, i32, i32, i32)"},
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

/* The row of this name, or ROWS. */
static unsigned find(const struct wasm_module *module, uint32_t index)
{
    const struct wasm_import *import =
        &module->imports[module->functions[index].import];
    unsigned i = 0;
    while (i < ROWS && !wasm_name_equals(import->field, rows[i].field)) {
        i++;
    }
    return i;
}

static bool is_typed(const struct wasm_func_type *type, uint32_t params)
{
    bool is_same = type->param_count == params && type->result_count == 0;
    for (uint32_t i = 0; is_same && i < params; i++) {
        is_same = type->params[i] == WASM_I32;
    }
    return is_same;
}

uint32_t midi_import_ports(const struct wasm_module *module, uint32_t index)
{
    unsigned row = find(module, index);
    return row < ROWS &&
                   is_typed(wasm_function_type(module, index), rows[row].params)
               ? rows[row].ports
               : 0;
}

const char *midi_import_wanted(const struct wasm_module *module, uint32_t index)
{
    unsigned row = find(module, index);
    return row < ROWS && midi_import_ports(module, index) == 0
               ? rows[row].wanted
               : NULL;
}
