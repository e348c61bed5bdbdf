/* SPDX-License-Identifier: MIT */
#include "glue_calls.h"

#include "c_text.h"

const char *glue_c_type(uint8_t type)
{
    return type == WASM_I32   ? "u32"
           : type == WASM_I64 ? "u64"
           : type == WASM_F32 ? "f32"
                              : "f64";
}

/* wasm2c's letter for a type in the names of its structs and their fields. */
static char wasm2c_letter(uint8_t type)
{
    switch (type) {
    case WASM_I32:
        return 'i';
    case WASM_I64:
        return 'j';
    case WASM_F32:
        return 'f';
    default:
        return 'd';
    }
}

/* "f32 r = ", "struct wasm_multi_if r = ", or nothing. */
static const char *result_variable(const struct wasm_func_type *type,
                                   struct arena *arena)
{
    struct buf text;
    if (type->result_count == 0) {
        return "";
    }
    if (type->result_count == 1) {
        return arena_format(arena, "%s r = ", glue_c_type(type->results[0]));
    }
    buf_init(&text, arena);
    buf_text(&text, "struct wasm_multi_");
    for (uint32_t i = 0; i < type->result_count; i++) {
        buf_byte(&text, (unsigned char)wasm2c_letter(type->results[i]));
    }
    buf_text(&text, " r = ");
    return buf_string(&text);
}

/* Results as a JavaScript host gets them: integers have a sign. */
static void add_results(struct buf *out, const struct wasm_func_type *type)
{
    if (type->result_count == 0) {
        return;
    }
    buf_text(out, "    if (results != NULL) {\n");
    for (uint32_t i = 0; i < type->result_count; i++) {
        const char *cast = type->results[i] == WASM_I32   ? "(s32)"
                           : type->results[i] == WASM_I64 ? "(s64)"
                                                          : "";
        buf_format(out, "        results[%u] = (f64)%sr", i, cast);
        if (type->result_count > 1) {
            buf_format(out, ".%c%u", wasm2c_letter(type->results[i]), i);
        }
        buf_text(out, ";\n");
    }
    buf_text(out, "    }\n");
}

static void add_call(struct buf *out, const struct wasm_func_type *type,
                     const char *symbol, uint32_t index)
{
    buf_format(out,
               "static void call_%u(const double *args, double *results)\n{\n"
               "    (void)args;\n    (void)results;\n    %s%s(&instance",
               index, result_variable(type, out->arena), symbol);
    for (uint32_t i = 0; i < type->param_count; i++) {
        buf_text(out, ", ");
        switch (type->params[i]) {
        case WASM_I32:
            buf_format(out, "number_to_i32(args[%u])", i);
            break;
        case WASM_I64:
            buf_format(out, "number_to_i64(args[%u])", i);
            break;
        case WASM_F32:
            buf_format(out, "(f32)args[%u]", i);
            break;
        default:
            buf_format(out, "args[%u]", i);
            break;
        }
    }
    buf_text(out, ");\n");
    add_results(out, type);
    buf_text(out, "}\n\n");
}

static char type_letter(uint8_t type)
{
    switch (type) {
    case WASM_I32:
        return 'i';
    case WASM_I64:
        return 'l';
    case WASM_F32:
        return 'f';
    default:
        return 'd';
    }
}

static const char *signature(const struct wasm_func_type *type,
                             struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena);
    for (uint32_t i = 0; i < type->param_count; i++) {
        buf_byte(&text, (unsigned char)type_letter(type->params[i]));
    }
    buf_byte(&text, ':');
    for (uint32_t i = 0; i < type->result_count; i++) {
        buf_byte(&text, (unsigned char)type_letter(type->results[i]));
    }
    return buf_string(&text);
}

const char *glue_calls(const struct wasm_module *module,
                       const struct translation *translation,
                       struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind == WASM_FUNCTION) {
            add_call(&out, wasm_function_type(module, module->exports[i].index),
                     translation->export_symbols[i], i);
        }
    }
    return buf_string(&out);
}

const char *glue_exports(const struct wasm_module *module, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < module->export_count; i++) {
        const struct wasm_export *export = &module->exports[i];
        if (export->kind != WASM_FUNCTION) {
            continue;
        }
        const struct wasm_func_type *type =
            wasm_function_type(module, export->index);
        buf_format(&out, "    {%s, \"%s\", %u, call_%u},\n",
                   c_text_bytes(export->name, arena), signature(type, arena),
                   type->param_count, i);
    }
    return buf_string(&out);
}
