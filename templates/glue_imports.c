/* SPDX-License-Identifier: MIT */
#include "glue.h"

/* A C type for a value of a user's import function. */
static const char *c_type(uint8_t type)
{
    switch (type) {
    case WASM_I32:
        return "int32_t";
    case WASM_I64:
        return "int64_t";
    case WASM_F32:
        return "float";
    default:
        return "double";
    }
}

enum { PLAIN_BYTES = 80 };

/* The field (and any module but `host`) with everything but letters and digits
 * as '_': what follows "f4e_import_". */
static void plain_name(const struct wasm_module *module, uint32_t function,
                       char plain[PLAIN_BYTES])
{
    enum { KEPT_BYTES = PLAIN_BYTES - 16 };
    const struct wasm_import *import =
        &module->imports[module->functions[function].import];
    const struct wasm_name parts[2] = {import->module, import->field};
    size_t length = 0;
    for (size_t part = wasm_name_equals(import->module, "host") ? 1 : 0;
         part < 2; part++) {
        for (size_t i = 0; i < parts[part].length && length < KEPT_BYTES; i++) {
            uint8_t c = parts[part].bytes[i];
            bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9');
            plain[length++] = (char)(is_plain ? c : '_');
        }
        if (part == 0) {
            plain[length++] = '_';
        }
    }
    plain[length] = '\0';
}

static bool is_same_type(const struct wasm_func_type *a,
                         const struct wasm_func_type *b)
{
    return a->param_count == b->param_count &&
           a->result_count == b->result_count &&
           (a->param_count == 0 ||
            memcmp(a->params, b->params, a->param_count) == 0) &&
           (a->result_count == 0 ||
            memcmp(a->results, b->results, a->result_count) == 0);
}

static bool is_same_name(struct wasm_name a, struct wasm_name b)
{
    return a.length == b.length &&
           (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

uint32_t glue_import_first(const struct wasm_module *module, uint32_t index)
{
    const struct wasm_import *import =
        &module->imports[module->functions[index].import];
    for (uint32_t i = 0; i < index; i++) {
        const struct wasm_import *other =
            &module->imports[module->functions[i].import];
        if (is_same_name(import->field, other->field) &&
            is_same_name(import->module, other->module) &&
            is_same_type(wasm_function_type(module, index),
                         wasm_function_type(module, i))) {
            return i;
        }
    }
    return index;
}

/* Whether any of the first 'count' imports but 'index' asks for this name. */
static bool is_taken(const struct wasm_module *module, uint32_t index,
                     uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++) {
        char other[PLAIN_BYTES];
        plain_name(module, i, other);
        if (i != index && strcmp(other, name) == 0 &&
            glue_import_first(module, i) != index) {
            return true;
        }
    }
    return false;
}

/* A name that an earlier import took gets this one's index, and underscores
 * before it while a third one is called that. */
const char *glue_import_name(const struct wasm_module *module, uint32_t index,
                             struct arena *arena)
{
    char plain[PLAIN_BYTES];
    index = glue_import_first(module, index);
    plain_name(module, index, plain);
    const char *name = plain;
    if (is_taken(module, index, index, name)) {
        const char *stem = name;
        name = arena_format(arena, "%s_%u", stem, index);
        while (is_taken(module, index, module->imported_function_count, name)) {
            stem = arena_format(arena, "%s_", stem);
            name = arena_format(arena, "%s_%u", stem, index);
        }
    }
    return arena_format(arena, "f4e_import_%s", name);
}

const char *glue_import_prototype(const struct wasm_module *module,
                                  uint32_t index, struct arena *arena)
{
    const struct wasm_func_type *type = wasm_function_type(module, index);
    const char *name = glue_import_name(module, index, arena);
    struct buf text;
    buf_init(&text, arena);
    if (type->result_count > 1) {
        buf_format(&text, "struct %s_results { ", name);
        for (uint32_t i = 0; i < type->result_count; i++) {
            buf_format(&text, "%s r%u; ", c_type(type->results[i]), i);
        }
        buf_format(&text, "}; struct %s_results ", name);
    } else {
        buf_format(&text, "%s ",
                   type->result_count == 0 ? "void" : c_type(type->results[0]));
    }
    buf_format(&text, "%s(", name);
    for (uint32_t i = 0; i < type->param_count; i++) {
        buf_format(&text, "%s%s", i > 0 ? ", " : "", c_type(type->params[i]));
    }
    buf_text(&text, type->param_count == 0 ? "void);" : ");");
    return buf_string(&text);
}

void glue_imports_header(struct buf *out, const struct wasm_module *module,
                         struct arena *arena)
{
    buf_text(out,
             "/* Generated by f4e-build: what the patch imports. Include it"
             " in the file\n * given with --import-c. */\n"
             "#ifndef F4E_IMPORTS_H\n#define F4E_IMPORTS_H\n\n"
             "#include <stdint.h>\n\n");
    for (uint32_t i = 0; i < module->imported_function_count; i++) {
        if (glue_import_first(module, i) == i) {
            buf_format(out, "%s\n", glue_import_prototype(module, i, arena));
        }
    }
    buf_text(out, "\n#endif\n");
}
