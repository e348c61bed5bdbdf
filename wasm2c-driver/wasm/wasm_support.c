/* SPDX-License-Identifier: MIT */
#include "wasm/validate.h"

#include "wasm/wasm_section.h"

#include <inttypes.h>

struct collector {
    const struct wasm_module *module;
    struct arena *arena;
    struct wasm_unsupported *entries;
    uint32_t count;
    uint32_t capacity;
    uint32_t function; /* being walked, or UINT32_MAX */
};

static const char why_values[] =
    "only i32, i64, f32 and f64 have a native form; compile without SIMD and "
    "reference types (clang: -mno-simd128 -mno-reference-types)";
static const char why_table[] =
    "the tables of a native patch hold what the element segments give them; "
    "only call_indirect can use one";
static const char why_imported_table[] =
    "nothing provides imported tables to a native patch; define them in the "
    "module";
static const char why_table_size[] =
    "what a table can call is compiled into the patch: all tables together "
    "have at most 100000 elements";
static const char why_table64[] =
    "indices of a native patch have 32 bits; declare tables without i64";
static const char why_exception[] =
    "a native patch has no exceptions; compile without them (clang: "
    "-fno-exceptions)";
static const char why_atomic[] =
    "a native patch runs on one thread; compile without shared-memory "
    "synchronisation (clang: -mno-atomics)";
static const char why_tail_call[] =
    "tail calls have no portable C; compile without them (clang: "
    "-mno-tail-call)";
static const char why_grow[] =
    "the memory of a native patch has a fixed size; declare the same minimum "
    "and maximum, as the 8f4e compiler does";
static const char why_memory64[] =
    "addresses of a native patch have 32 bits; compile for wasm32";
static const char why_global[] =
    "nothing provides imported globals to a native patch; define them in the "
    "module";
static const char why_constant[] =
    "only a single constant or global.get can be built here; compile without "
    "extended constant expressions (clang: -mno-extended-const)";

/* Ranges of opcodes that cannot be built, ascending. */
static const struct {
    uint32_t last;
    const char *why;
} reasons[] = {
    {0x0a, why_exception},  {0x13, why_tail_call},    {0x1f, why_exception},
    {0x26, why_table},      {0xd2, why_values},       {0xfcffff, why_table},
    {0xfdffff, why_values}, {UINT32_MAX, why_atomic},
};

static const char *opcode_reason(uint32_t code)
{
    size_t i = 0;
    while (code > reasons[i].last) {
        i++;
    }
    return reasons[i].why;
}

/* Count one use; what is the same text counts as the same. */
static void add(struct collector *collector, const char *what, const char *why,
                size_t offset)
{
    for (uint32_t i = 0; i < collector->count; i++) {
        struct wasm_unsupported *entry = &collector->entries[i];
        if (strcmp(entry->what, what) == 0) {
            entry->count++;
            if (offset < entry->offset) {
                entry->offset = offset;
                entry->function = collector->function;
            }
            return;
        }
    }
    collector->entries =
        arena_grow(collector->arena, collector->entries, collector->count,
                   &collector->capacity, sizeof(*collector->entries));
    collector->entries[collector->count++] = (struct wasm_unsupported){
        .what = what,
        .why = why,
        .function = collector->function,
        .offset = offset,
        .count = 1,
    };
}

static void add_types(struct collector *collector, const uint8_t *types,
                      uint32_t count, size_t offset)
{
    for (uint32_t i = 0; i < count; i++) {
        if (types[i] < WASM_F64) {
            add(collector, wasm_type_name((enum wasm_type)types[i]), why_values,
                offset);
        }
    }
}

/* Lists of types in the type section stand in the file as they are. */
static void add_signatures(struct collector *collector)
{
    const struct wasm_module *module = collector->module;
    for (uint32_t i = 0; i < module->type_count; i++) {
        const struct wasm_func_type *type = &module->types[i];
        add_types(collector, type->params, type->param_count,
                  (size_t)(type->params - module->bytes));
        add_types(collector, type->results, type->result_count,
                  (size_t)(type->results - module->bytes));
    }
}

/* One use of 'what' for each section 'id'. */
static void add_section(struct collector *collector, uint8_t id,
                        const char *what, const char *why)
{
    for (uint32_t i = 0; i < collector->module->section_count; i++) {
        const struct wasm_section *section = &collector->module->sections[i];
        if (section->id == id) {
            add(collector, what, why, section->offset);
        }
    }
}

static void add_code(struct collector *collector, size_t offset, size_t end,
                     bool is_constant);

static void add_tables(struct collector *collector)
{
    const struct wasm_module *module = collector->module;
    uint64_t elements = 0;
    for (uint32_t i = 0; i < module->table_count; i++) {
        const struct wasm_table *table = &module->tables[i];
        uint8_t type = (uint8_t)table->type;
        if (table->type != WASM_FUNCREF) {
            add_types(collector, &type, 1, table->offset);
        }
        if (table->is_imported) {
            add(collector, "imported table", why_imported_table, table->offset);
        }
        if (table->limits.is_64) {
            add(collector, "64-bit table", why_table64, table->offset);
        }
        bool is_long = elements > WASM_MAX_TABLE_ELEMENTS ||
                       table->limits.min > WASM_MAX_TABLE_ELEMENTS - elements;
        if (is_long) {
            add(collector, "large table", why_table_size, table->offset);
        }
        elements = is_long ? elements : elements + table->limits.min;
    }
    for (uint32_t i = 0; i < module->element_count; i++) {
        const struct wasm_element *element = &module->elements[i];
        uint8_t type = (uint8_t)element->type;
        if (element->type != WASM_FUNCREF) {
            add_types(collector, &type, 1, element->offset);
        }
        add_code(collector, element->expression_offset, element->expression_end,
                 true);
    }
}

static void add_definitions(struct collector *collector)
{
    const struct wasm_module *module = collector->module;
    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct wasm_import *import = &module->imports[i];
        if (import->kind == WASM_GLOBAL) {
            add(collector, "imported global", why_global, import->offset);
        } else if (import->kind == WASM_TAG) {
            add(collector, "imported tag", why_exception, import->offset);
        }
    }
    add_tables(collector);
    for (uint32_t i = 0; i < module->memory_count; i++) {
        if (module->memories[i].limits.is_64) {
            add(collector, "64-bit memory", why_memory64,
                module->memories[i].offset);
        }
    }
    add_section(collector, SECTION_TAG, "tag", why_exception);
}

/* SIMD instructions share a name: their code tells which. */
static const char *insn_name(const struct collector *collector,
                             const struct wasm_insn *insn)
{
    bool is_simd = (insn->code & 0xff0000) == OPCODE_PREFIX_SIMD;
    return is_simd ? arena_format(collector->arena, "%s 0xfd 0x%02" PRIx32,
                                  insn->opcode->name, insn->code & 0xffff)
                   : insn->opcode->name;
}

static void add_insn(struct collector *collector, const struct wasm_insn *insn)
{
    const struct wasm_module *module = collector->module;
    if (insn->opcode->support == OPCODE_UNSUPPORTED) {
        add(collector, insn_name(collector, insn), opcode_reason(insn->code),
            insn->offset);
    }
    if (insn->code == CODE_MEMORY_GROW) {
        const struct wasm_limits *limits =
            &module->memories[insn->index].limits;
        if (!limits->has_max || limits->min != limits->max) {
            add(collector, insn->opcode->name, why_grow, insn->offset);
        }
    }
    if (insn->opcode->immediate == IMMEDIATE_BLOCK && insn->block_type < 0) {
        struct wasm_func_type type = wasm_block_type(module, insn->block_type);
        add_types(collector, type.results, type.result_count, insn->offset);
    }
    if (insn->opcode->immediate == IMMEDIATE_SELECT_TYPES) {
        uint8_t type = (uint8_t)insn->index;
        add_types(collector, &type, 1, insn->offset);
    }
}

/* From 'offset' to 'end', instructions that were read before. */
static void add_code(struct collector *collector, size_t offset, size_t end,
                     bool is_constant)
{
    struct diag ignored;
    diag_init(&ignored, NULL);
    while (offset < end) {
        struct wasm_insn insn;
        if (!wasm_insn_read(collector->module, &offset, end, &insn, &ignored)) {
            return;
        }
        add_insn(collector, &insn);
        if (is_constant && insn.opcode->type != NULL &&
            insn.opcode->type[0] != ':') {
            add(collector, "extended constant expression", why_constant,
                insn.offset);
        }
    }
}

static int compare_offsets(const void *left, const void *right)
{
    const struct wasm_unsupported *a = left;
    const struct wasm_unsupported *b = right;
    if (a->offset != b->offset) {
        return a->offset < b->offset ? -1 : 1;
    }
    return strcmp(a->what, b->what);
}

uint32_t wasm_unsupported(const struct wasm_module *module,
                          struct wasm_unsupported **list, struct arena *arena)
{
    struct collector collector = {
        .module = module,
        .arena = arena,
        .function = UINT32_MAX,
    };
    add_signatures(&collector);
    add_definitions(&collector);
    for (uint32_t i = 0; i < module->global_count; i++) {
        const struct wasm_global *global = &module->globals[i];
        uint8_t type = (uint8_t)global->type;
        if (!global->is_imported) {
            add_types(&collector, &type, 1, global->init_offset);
            add_code(&collector, global->init_offset, global->end_offset, true);
        }
    }
    for (uint32_t i = 0; i < module->data_count; i++) {
        add_code(&collector, module->data[i].expression_offset,
                 module->data[i].expression_end, true);
    }
    for (uint32_t i = module->imported_function_count;
         i < module->function_count; i++) {
        const struct wasm_function *function = &module->functions[i];
        collector.function = i;
        add_types(&collector, function->local_types, function->local_count,
                  function->body_offset);
        add_code(&collector, function->code_offset, function->end_offset,
                 false);
    }
    if (collector.count > 1) {
        qsort(collector.entries, collector.count, sizeof(*collector.entries),
              compare_offsets);
    }
    *list = collector.entries;
    return collector.count;
}

bool wasm_supported(const struct wasm_module *module, struct arena *arena,
                    struct diag *diag)
{
    struct wasm_unsupported *list = NULL;
    uint32_t count = wasm_unsupported(module, &list, arena);
    if (count == 0) {
        return true;
    }
    /* An instruction says more than the table or the tag that it uses. */
    const struct wasm_unsupported *first = list;
    for (uint32_t i = 1; i < count && first->function == UINT32_MAX; i++) {
        first = list[i].function != UINT32_MAX ? &list[i] : first;
    }
    const char *user =
        first->function == UINT32_MAX
            ? "the module"
            : wasm_function_print(module, first->function, arena);
    (void)diag_input(diag, (int64_t)first->offset,
                     "%s uses '%s', which cannot be built", user, first->what);
    return diag_hint(diag, "%s", first->why);
}
