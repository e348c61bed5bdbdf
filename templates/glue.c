/* SPDX-License-Identifier: MIT */
#include "glue.h"

#include "c_text.h"
#include "embedded.h"
#include "glue_calls.h"
#include "glue_names.h"
#include "midi_import.h"
#include "ranges/ranges.h"
#include "render.h"

/* What is filled in, one buffer per placeholder that is a list. */
struct glue {
    const struct patch *patch;
    const struct wasm_module *module;
    const struct translation *translation;
    const struct glue_options *options;
    struct arena *arena;
};

static const char *export_symbol(const struct glue *glue, uint32_t function)
{
    for (uint32_t i = 0; i < glue->module->export_count; i++) {
        if (glue->module->exports[i].kind == WASM_FUNCTION &&
            glue->module->exports[i].index == function) {
            return glue->translation->export_symbols[i];
        }
    }
    return NULL;
}

/* A call as a JavaScript host makes it without arguments: undefined is 0 for
 * integers and NaN for floats. */
static const char *bare_call(const struct glue *glue, uint32_t function,
                             const char *symbol, const char *instance)
{
    const struct wasm_func_type *type =
        wasm_function_type(glue->module, function);
    struct buf text;
    buf_init(&text, glue->arena);
    buf_format(&text, "%s(&%s", symbol, instance);
    for (uint32_t i = 0; i < type->param_count; i++) {
        bool is_float =
            type->params[i] == WASM_F32 || type->params[i] == WASM_F64;
        buf_text(&text, is_float ? ", NAN" : ", 0");
    }
    buf_text(&text, ");");
    return buf_string(&text);
}

static const char *instantiate_text(const struct glue *glue)
{
    const struct translation *translation = glue->translation;
    return arena_format(
        glue->arena, "%s%s%s(&instance%s);",
        translation->init_module != NULL ? translation->init_module : "",
        translation->init_module != NULL ? "();\n    " : "",
        translation->instantiate,
        translation->instantiate_takes_host ? ", NULL" : "");
}

static const char *init_text(const struct glue *glue)
{
    if (glue->patch->init_function == UINT32_MAX) {
        return "";
    }
    return arena_format(
        glue->arena, "static void glue_init(void)\n{\n    %s\n}\n",
        bare_call(glue, glue->patch->init_function,
                  export_symbol(glue, glue->patch->init_function), "instance"));
}

/* A block's work on an instance by the function 'symbol'; NULL: the one that is
 * exported. */
static const char *block_text(const struct glue *glue, const char *symbol,
                              const char *instance)
{
    const struct patch *patch = glue->patch;
    uint32_t function = patch->is_driven_by_main ? patch->main_function
                                                 : patch->buffer_function;
    const char *call = bare_call(
        glue, function, symbol != NULL ? symbol : export_symbol(glue, function),
        instance);
    if (!patch->is_driven_by_main) {
        return call;
    }
    return arena_format(glue->arena,
                        "for (u32 i = 0; i < %uu; i++) {\n        %s\n    }",
                        patch->block_frames, call);
}

static const char *proven_block_text(const struct glue *glue)
{
    const struct translation *translation = glue->translation;
    const struct ranges *ranges = glue->options->ranges;
    if (translation->proven_symbol == NULL) {
        return "";
    }
    /* A copy on the stack is taken apart into registers. */
    bool is_copy = !ranges->promotion->changes_instance;
    const char *instance = is_copy ? "copy" : "instance";
    return arena_format(glue->arena,
                        "static void glue_proven_block(void)\n{\n    %s%s"
                        "%s(&%s);\n    %s\n    %s(&%s);\n}\n",
                        is_copy ? translation->instance_type : "",
                        is_copy ? " copy = instance;\n    " : "",
                        translation->load_promoted_symbol, instance,
                        block_text(glue, translation->proven_symbol, instance),
                        translation->store_promoted_symbol, instance);
}

static const char *invariants_text(const struct glue *glue)
{
    const struct ranges *ranges = glue->options->ranges;
    struct buf out;
    buf_init(&out, glue->arena);
    for (uint32_t i = 0; ranges != NULL && i < ranges->analysis.invariant_count;
         i++) {
        const struct memory_span *span = &ranges->analysis.invariants[i];
        uint32_t bits = span->range.bits;
        uint32_t mask = bits >= 32 ? UINT32_MAX : (UINT32_C(1) << bits) - 1;
        /* INT32_MIN has no literal of its own in C. */
        buf_format(&out,
                   "    {%u, %uu, %uu, (s32)0x%08xu, (s32)0x%08xu, 0x%08xu, "
                   "0x%08xu},\n",
                   (uint32_t)(span->start >> 32), (uint32_t)span->start,
                   (uint32_t)((span->end - span->start) / 4),
                   (uint32_t)span->range.lo, (uint32_t)span->range.hi, mask,
                   span->range.residue);
    }
    return buf_string(&out);
}

static void add_function_name(struct buf *out, const struct glue *glue,
                              uint32_t index)
{
    const struct wasm_function *function = &glue->module->functions[index];
    struct wasm_name name = function->debug_name;
    for (uint32_t i = glue->module->export_count; i > 0; i--) {
        const struct wasm_export *export = &glue->module->exports[i - 1];
        if (export->kind == WASM_FUNCTION && export->index == index) {
            name = export->name;
        }
    }
    if (name.length > 0) {
        buf_format(
            out, "    {%u, %s},\n", index,
            c_text_string(wasm_name_print(name, glue->arena), glue->arena));
    }
}

/* "struct wasm_multi_if Z_f4eZ_i0(struct Z_f4e_instance_t*, u32)" in parts. */
struct prototype {
    const char *text;
    int type_length; /* "struct wasm_multi_if " */
    int host_length; /* up to the end of the first parameter */
};

static struct prototype split_prototype(const char *text)
{
    size_t name_end = strcspn(text, "(");
    size_t type_end = name_end;
    while (type_end > 0 && text[type_end - 1] != ' ') {
        type_end--;
    }
    return (struct prototype){
        .text = text,
        .type_length = (int)type_end,
        .host_length = (int)(name_end + strcspn(text + name_end, ",)")),
    };
}

/* "f4e_import_random((int32_t)p0, p1)" */
static const char *import_call(const struct glue *glue, const char *name,
                               const struct wasm_func_type *type)
{
    struct buf call;
    buf_init(&call, glue->arena);
    buf_format(&call, "%s(", name);
    for (uint32_t i = 0; i < type->param_count; i++) {
        const char *cast = type->params[i] == WASM_I32   ? "(int32_t)"
                           : type->params[i] == WASM_I64 ? "(int64_t)"
                                                         : "";
        buf_format(&call, "%s%sp%u", i > 0 ? ", " : "", cast, i);
    }
    buf_text(&call, ")");
    return buf_string(&call);
}

/* Call the user's function and turn its results into wasm2c's. */
static void add_import_call(struct buf *out, const struct glue *glue,
                            uint32_t index, const struct prototype *prototype)
{
    const struct wasm_func_type *type = wasm_function_type(glue->module, index);
    const char *name = glue_import_name(glue->module, index, glue->arena);
    const char *call = import_call(glue, name, type);
    if (type->result_count == 0) {
        buf_format(out, "    %s;\n", call);
        return;
    }
    if (type->result_count == 1) {
        buf_format(out, "    return (%.*s)%s;\n", prototype->type_length,
                   prototype->text, call);
        return;
    }
    buf_format(out, "    struct %s_results r = %s;\n    return (%.*s){", name,
               call, prototype->type_length, prototype->text);
    for (uint32_t i = 0; i < type->result_count; i++) {
        buf_format(out, "%sr.r%u", i > 0 ? ", " : "", i);
    }
    buf_text(out, "};\n");
}

/* "f4e_midi_out(0, p0, p1, p2)" */
static const char *midi_call(const struct glue *glue, uint32_t index)
{
    return midi_import_ports(glue->module, index) == 1
               ? "f4e_midi_out(0, (u32)p0, (u32)p1, (u32)p2)"
               : "f4e_midi_out((u32)p0, (u32)p1, (u32)p2, (u32)p3)";
}

/* The linker prefers what the user's file defines. */
static void add_weak_midi(struct buf *out, const struct glue *glue,
                          uint32_t index)
{
    uint32_t params = wasm_function_type(glue->module, index)->param_count;
    buf_format(out, "__attribute__((weak)) void %s(",
               glue_import_name(glue->module, index, glue->arena));
    for (uint32_t i = 0; i < params; i++) {
        buf_format(out, "%sint32_t p%u", i > 0 ? ", " : "", i);
    }
    buf_format(out, ")\n{\n    %s;\n}\n\n", midi_call(glue, index));
}

/* What translated code calls for an import: wasm2c's prototype, our body. */
static void add_import(struct buf *out, const struct glue *glue, uint32_t index)
{
    const struct wasm_func_type *type = wasm_function_type(glue->module, index);
    const struct prototype prototype =
        split_prototype(glue->translation->import_prototypes[index]);
    enum glue_import import = glue->options->imports[index];
    if (import == GLUE_IMPORT_MIDI_OR_C &&
        glue_import_first(glue->module, index) == index) {
        add_weak_midi(out, glue, index);
    }
    buf_format(out, "static %.*s host", prototype.host_length, prototype.text);
    for (uint32_t i = 0; i < type->param_count; i++) {
        buf_format(out, ", %s p%u", glue_c_type(type->params[i]), i);
    }
    buf_text(out, ")\n{\n    (void)host;\n");
    if (import == GLUE_IMPORT_C || import == GLUE_IMPORT_MIDI_OR_C) {
        add_import_call(out, glue, index, &prototype);
    } else if (import == GLUE_IMPORT_MIDI) {
        buf_format(out, "    %s;\n", midi_call(glue, index));
    } else {
        for (uint32_t i = 0; i < type->param_count; i++) {
            buf_format(out, "    (void)p%u;\n", i);
        }
        if (type->result_count > 0) {
            buf_format(out, "    return (%.*s){0};\n", prototype.type_length,
                       prototype.text);
        }
    }
    buf_text(out, "}\n\n");
}

/* The identity that tells the compiler a range; wasm_rt.h says how. */
static void add_range_function(struct buf *out, const struct glue *glue)
{
    const struct prototype prototype = split_prototype(
        glue->translation
            ->import_prototypes[glue->module->imported_function_count]);
    buf_format(out,
               "F4E_INLINE %.*s host, u32 value, u32 first, u32 last, u32 mask)"
               "\n{\n    (void)host;\n"
               "    return f4e_range(value, first, last, mask);\n}\n\n",
               prototype.host_length, prototype.text);
}

static const char *imports_text(const struct glue *glue)
{
    struct buf out;
    buf_init(&out, glue->arena);
    if (glue->module->imported_function_count > 0) {
        buf_text(&out, "#include \"f4e-imports.h\"\n\n");
    }
    for (uint32_t i = 0; i < glue->module->imported_function_count; i++) {
        add_import(&out, glue, i);
    }
    if (glue->translation->proven_symbol != NULL) {
        add_range_function(&out, glue);
    }
    return buf_string(&out);
}

/* Of words, and of all imports that are not stubs. */
static uint32_t midi_out_ports(const struct glue *glue)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < glue->patch->sender_count; i++) {
        bool has_port =
            glue->patch->senders[i].items[F4E_SENDER_WORDS - 1] != F4E_NO_ITEM;
        most = has_port ? F4E_MIDI_PORTS : most > 0 ? most : 1;
    }
    for (uint32_t i = 0; i < glue->module->imported_function_count; i++) {
        uint32_t ports = glue->options->imports[i] == GLUE_IMPORT_STUB
                             ? 0
                             : midi_import_ports(glue->module, i);
        most = ports > most ? ports : most;
    }
    return most;
}

static const char *memories_text(const struct glue *glue)
{
    struct buf out;
    buf_init(&out, glue->arena);
    for (uint32_t i = 0; i < glue->module->memory_count; i++) {
        const struct wasm_memory *memory = &glue->module->memories[i];
        const char *name =
            memory->is_imported
                ? wasm_name_print(glue->module->imports[memory->import].field,
                                  glue->arena)
                : "memory";
        buf_format(&out, "    {%s, F4E_MEMORY_DATA(F4E_M%u), F4E_M%u_BYTES},\n",
                   c_text_string(name, glue->arena), i, i);
    }
    return buf_string(&out);
}

static const char *channels_text(const struct patch_channel *channels,
                                 uint32_t count, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < count; i++) {
        buf_format(&out, "    {%uu},\n", channels[i].address);
    }
    return buf_string(&out);
}

bool glue_generate(struct buf *out, const struct patch *patch,
                   const struct translation *translation,
                   const struct glue_options *options, struct arena *arena,
                   struct diag *diag)
{
    const struct wasm_module *module = patch->module;
    const struct glue glue = {patch, module, translation, options, arena};
    struct buf names;
    buf_init(&names, arena);
    for (uint32_t i = 0; i < module->function_count; i++) {
        add_function_name(&names, &glue, i);
    }
    const struct render_value values[] = {
        {"VERSION", options->build_version},
        {"WABT", translation->wabt_version},
        {"SHA256", patch->sha256},
        {"NAME", c_text_string(patch->name, arena)},
        {"INSTANCE_TYPE", translation->instance_type},
        {"IMPORTS", imports_text(&glue)},
        {"INSTANTIATE", instantiate_text(&glue)},
        {"INIT", init_text(&glue)},
        {"INIT_POINTER",
         patch->init_function == UINT32_MAX ? "NULL" : "glue_init"},
        {"BLOCK", block_text(&glue, NULL, "instance")},
        {"PROVEN_BLOCK", proven_block_text(&glue)},
        {"PROVEN_POINTER",
         translation->proven_symbol != NULL ? "glue_proven_block" : "NULL"},
        {"INVARIANTS", invariants_text(&glue)},
        {"IS_CHECKING_RANGES", options->is_checking ? "1" : "0"},
        {"CALLS", glue_calls(module, translation, arena)},
        {"ASSETS", glue_assets(patch, arena)},
        {"MEMORIES", memories_text(&glue)},
        {"OUTPUTS", channels_text(patch->outputs, patch->output_count, arena)},
        {"INPUTS", channels_text(patch->inputs, patch->input_count, arena)},
        {"EXPORTS", glue_exports(module, arena)},
        {"FUNCTION_NAMES", buf_string(&names)},
        {"ITEMS", glue_items(patch, arena)},
        {"PARAMS", glue_params(patch, arena)},
        {"VIEWS", glue_views(patch, arena)},
        {"MIDI", glue_midi(patch, arena)},
        {"SENDERS", glue_senders(patch, arena)},
        {"MIDI_OUT_PORTS", arena_format(arena, "%u", midi_out_ports(&glue))},
        {"KEY_CODE", arena_format(arena, "%u", patch->keyboard_code)},
        {"KEY_PRESSED", arena_format(arena, "%u", patch->keyboard_pressed)},
        {"TICK_MS",
         arena_format(arena, "%u",
                      patch->runtime == RUNTIME_TIMER ? patch->tick_ms : 0)},
        {"SAMPLE_RATE", arena_format(arena, "%u", patch->sample_rate)},
        {"BLOCK_FRAMES", arena_format(arena, "%u", patch->block_frames)},
        {"IS_DRIVEN_BY_MAIN", patch->is_driven_by_main ? "1" : "0"},
        {"IS_RECURSIVE", patch->is_recursive ? "1" : "0"},
        {"IS_MONO_DUPLICATED", patch->is_mono_duplicated ? "1" : "0"},
    };
    return render_template(out, "glue.c.in", template_glue_c, values,
                           sizeof(values) / sizeof(values[0]), diag);
}
