/* SPDX-License-Identifier: MIT */
#include "imports.h"

#include "base/process.h"
#include "midi_import.h"

static const struct wasm_import *
function_import(const struct wasm_module *module, uint32_t index)
{
    return &module->imports[module->functions[index].import];
}

static bool is_stubbed(const struct wasm_import *import,
                       const struct options *options, bool used[])
{
    bool found = false;
    for (uint32_t i = 0; i < options->stub_count; i++) {
        if (wasm_name_equals(import->field, options->stubs[i])) {
            used[i] = true;
            found = true;
        }
    }
    return found;
}

enum { MAX_IMPORTS = 1000, MAX_LISTED = 20 };

/* The name as an argument to type; NULL where it is not plain text. */
static const char *argument(struct wasm_name name, struct arena *arena)
{
    for (size_t i = 0; i < name.length; i++) {
        if (name.bytes[i] < 0x20 || name.bytes[i] > 0x7e) {
            return NULL;
        }
    }
    const char *const words[] = {
        arena_copy(arena, name.bytes, name.length),
        NULL,
    };
    return process_quote(words, arena);
}

static bool missing_imports(const enum glue_import *imports,
                            const struct wasm_module *module,
                            struct arena *arena, struct diag *diag)
{
    uint32_t count = 0;
    const struct wasm_import *first = NULL;
    for (uint32_t i = 0; i < module->imported_function_count; i++) {
        if (imports[i] == GLUE_IMPORT_MISSING &&
            glue_import_first(module, i) == i) {
            count++;
            first = first == NULL ? function_import(module, i) : first;
        }
    }
    if (count == 0) {
        return true;
    }
    diag_input(diag, (int64_t)first->offset,
               "the module imports %u function%s that nothing provides", count,
               count == 1 ? "" : "s");
    uint32_t listed = 0;
    for (uint32_t i = 0; i < module->imported_function_count; i++) {
        if (imports[i] != GLUE_IMPORT_MISSING ||
            glue_import_first(module, i) != i) {
            continue;
        }
        if (listed++ == MAX_LISTED) {
            return diag_hint(diag, "and %u more: f4e-build inspect lists them",
                             count - MAX_LISTED);
        }
        const struct wasm_import *import = function_import(module, i);
        const char *stub = argument(import->field, arena);
        diag_hint(diag, "'%s' '%s': %s%s%s--import-c FILE with: %s",
                  wasm_name_print(import->module, arena),
                  wasm_name_print(import->field, arena),
                  stub != NULL ? "--import-stub " : "",
                  stub != NULL ? stub : "",
                  stub != NULL ? " returns 0, or " : "",
                  glue_import_prototype(module, i, arena));
        if (midi_import_wanted(module, i) != NULL) {
            diag_hint(diag, "with parameters %s and no result it sends MIDI",
                      midi_import_wanted(module, i));
        }
    }
    return false;
}

bool imports_choose(const enum glue_import **imports,
                    const struct wasm_module *module,
                    const struct options *options, struct arena *arena,
                    struct diag *diag)
{
    bool used[OPTIONS_MAX_STUBS] = {false};
    if (module->imported_function_count > MAX_IMPORTS) {
        return diag_input(diag, -1,
                          "the module imports %u functions, more than %d",
                          module->imported_function_count, MAX_IMPORTS);
    }
    enum glue_import *list =
        arena_alloc(arena, module->imported_function_count, sizeof(*list));
    for (uint32_t i = 0; i < module->imported_function_count; i++) {
        if (is_stubbed(function_import(module, i), options, used)) {
            list[i] = GLUE_IMPORT_STUB;
        } else if (midi_import_ports(module, i) > 0) {
            list[i] = options->import_c != NULL ? GLUE_IMPORT_MIDI_OR_C
                                                : GLUE_IMPORT_MIDI;
        } else if (options->import_c != NULL) {
            list[i] = GLUE_IMPORT_C;
        }
    }
    for (uint32_t i = 0; i < options->stub_count; i++) {
        if (!used[i]) {
            return diag_usage(diag,
                              "--import-stub: the module imports no function "
                              "'%s'",
                              options->stubs[i]);
        }
    }
    *imports = list;
    return missing_imports(list, module, arena, diag);
}
