/* SPDX-License-Identifier: MIT */
#include "init.h"
#include "number.h"
#include "span.h"

#include <stdarg.h>

enum { CODE_CALL = 0x10, CODE_END = 0x0b };

struct check {
    struct project *project;
    const struct wasm_module *module;
    struct arena *arena;
    struct diag *diag;
    uint32_t first_entry; /* function index of the first dispatcher */
    uint32_t first_module;
    uint32_t entry_count; /* exported ones */
};

F4E_PRINTF(4, 5)
static bool differs(struct check *check, enum project_difference difference,
                    uint32_t line, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    check->project->difference = difference;
    return diag_line(check->diag, check->project->file, line, "%s", text);
}

static const char *print(const struct check *check, const char *text)
{
    return span_print(span_of(text), check->arena);
}

/* ---- memory ---- */

/* The item that owns a byte, or the next one behind it. */
static uint32_t item_at(const struct project *project, uint32_t memory,
                        uint64_t address)
{
    for (uint32_t i = 0; i < project->item_count; i++) {
        const struct patch_item *item = &project->items[i];
        if (item->memory == memory &&
            (uint64_t)item->address + item->capacity > address) {
            return i;
        }
    }
    return PROJECT_NONE;
}

static bool check_size(struct check *check, const struct init *init,
                       uint32_t memory)
{
    const struct project *project = check->project;
    uint64_t expected = project->required_bytes[memory];
    uint64_t found = init->cleared[memory];
    if (found == expected) {
        return true;
    }
    uint32_t item =
        found < expected ? item_at(project, memory, found) : PROJECT_NONE;
    if (item != PROJECT_NONE) {
        return differs(
            check, PROJECT_OTHER_LAYOUT, project->declarations[item].line,
            "the module's variables end at byte %llu%s%s, those of "
            "the text at %llu; '%s' is the first beyond",
            (unsigned long long)found, memory == 0 ? "" : " of memory ",
            memory == 0 ? "" : arena_format(check->arena, "%u", memory),
            (unsigned long long)expected,
            print(check, project->items[item].name));
    }
    return differs(check, PROJECT_OTHER_LAYOUT, 0,
                   "the module's variables end at byte %llu of memory %u, "
                   "those of the text at %llu: the module has more",
                   (unsigned long long)found, memory,
                   (unsigned long long)expected);
}

static bool check_pages(struct check *check, uint32_t memory)
{
    const struct wasm_limits *limits = &check->module->memories[memory].limits;
    uint64_t bytes = check->project->required_bytes[memory];
    uint64_t pages = (bytes + WASM_PAGE_BYTES - 1) / WASM_PAGE_BYTES;
    pages = pages == 0 ? 1 : pages;
    return (limits->min == pages && limits->has_max && limits->max == pages) ||
           differs(check, PROJECT_OTHER_LAYOUT, 0,
                   "the module's memory %u has %llu pages, the text needs %llu",
                   memory, (unsigned long long)limits->min,
                   (unsigned long long)pages);
}

static bool check_memories(struct check *check, const struct init *init)
{
    uint32_t expected = check->project->memory_count;
    uint32_t found = check->module->memory_count;
    for (uint32_t i = 0; i < found && i < PROJECT_MAX_MEMORIES; i++) {
        if (!check_size(check, init, i) || !check_pages(check, i)) {
            return false;
        }
    }
    return found == expected || differs(check, PROJECT_OTHER_LAYOUT, 0,
                                        "the module has %u memories, the text "
                                        "%u",
                                        found, expected);
}

/* Where two data segments disagree first; false: nowhere. */
static bool segment_difference(const struct project_segment *a,
                               const struct project_segment *b,
                               uint32_t *memory, uint64_t *address)
{
    if (a == NULL || b == NULL || a->memory != b->memory ||
        a->address != b->address) {
        bool is_a_first =
            b == NULL ||
            (a != NULL && (a->memory < b->memory || (a->memory == b->memory &&
                                                     a->address < b->address)));
        const struct project_segment *first = is_a_first ? a : b;
        *memory = first->memory;
        *address = first->address;
        return true;
    }
    uint32_t shared = a->size < b->size ? a->size : b->size;
    uint32_t at = 0;
    while (at < shared && a->bytes[at] == b->bytes[at]) {
        at++;
    }
    *memory = a->memory;
    *address = (uint64_t)a->address + at;
    return at < shared || a->size != b->size;
}

/* The element at 'address' as some data segments have it. */
static const char *element_text(const struct check *check,
                                const struct project_segment *segments,
                                uint32_t count, const struct patch_item *item,
                                uint64_t address, uint32_t size)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct project_segment *segment = &segments[i];
        for (uint32_t k = 0; k < size; k++) {
            uint64_t at = address + k;
            if (segment->memory == item->memory && at >= segment->address &&
                at - segment->address < segment->size) {
                bits |= (uint64_t)segment->bytes[at - segment->address]
                        << 8U * k;
            }
        }
    }
    double value = (double)(int32_t)(uint32_t)bits;
    if (item->element == ELEMENT_F64) {
        memcpy(&value, &bits, sizeof(value));
    } else if (item->element == ELEMENT_F32) {
        uint32_t word = (uint32_t)bits;
        float narrow = 0;
        memcpy(&narrow, &word, sizeof(narrow));
        return arena_format(check->arena, "%.9g", (double)narrow);
    } else if (item->element == ELEMENT_I8) {
        value = (double)(int8_t)(uint8_t)bits;
    } else if (item->element == ELEMENT_I16) {
        value = (double)(int16_t)(uint16_t)bits;
    }
    return number_text(value, check->arena);
}

static bool report_default(struct check *check, const struct init *init,
                           uint32_t memory, uint64_t address)
{
    const struct project *project = check->project;
    uint32_t index = item_at(project, memory, address);
    if (index == PROJECT_NONE) {
        return differs(check, PROJECT_OTHER_DEFAULTS, 0,
                       "default values differ from byte %llu of memory %u on",
                       (unsigned long long)address, memory);
    }
    const struct patch_item *item = &project->items[index];
    uint32_t size = project->declarations[index].element_bytes;
    uint64_t element =
        address > item->address ? (address - item->address) / size : 0;
    uint64_t at = item->address + element * size;
    const char *place =
        item->is_array
            ? arena_format(check->arena, "[%llu]", (unsigned long long)element)
            : "";
    const char *ours = element_text(check, project->segments,
                                    project->segment_count, item, at, size);
    const char *theirs = element_text(check, init->segments,
                                      init->segment_count, item, at, size);
    bool is_same = strcmp(ours, theirs) == 0;
    return differs(
        check, PROJECT_OTHER_DEFAULTS, project->declarations[index].line,
        is_same ? "default values differ from '%s%s' on, though both have %s "
                  "here: one of them says it, the other leaves it out"
                : "default values differ from '%s%s' on: %s in the text, %s in "
                  "the module",
        print(check, item->name), place, ours, theirs);
}

static bool check_defaults(struct check *check, const struct init *init)
{
    const struct project *project = check->project;
    for (uint32_t i = 0; i < project->segment_count || i < init->segment_count;
         i++) {
        uint32_t memory = 0;
        uint64_t address = 0;
        if (segment_difference(
                i < project->segment_count ? &project->segments[i] : NULL,
                i < init->segment_count ? &init->segments[i] : NULL, &memory,
                &address)) {
            return report_default(check, init, memory, address);
        }
    }
    return true;
}

/* ---- functions ---- */

static bool check_export(struct check *check, uint32_t at, const char *name,
                         uint32_t line, uint32_t function)
{
    const struct wasm_module *module = check->module;
    if (at >= module->export_count) {
        return differs(check, PROJECT_OTHER_FUNCTIONS, line,
                       "the module does not export '%s'", print(check, name));
    }
    const struct wasm_export *found = &module->exports[at];
    if (found->kind != WASM_FUNCTION || !wasm_name_equals(found->name, name)) {
        return differs(check, PROJECT_OTHER_FUNCTIONS, line,
                       "export %u of the module is '%s', of the text '%s'", at,
                       wasm_name_print(found->name, check->arena),
                       print(check, name));
    }
    return function == PROJECT_NONE || found->index == function ||
           differs(check, PROJECT_OTHER_FUNCTIONS, line,
                   "export '%s' is function %u, not %u as the text has it",
                   print(check, name), found->index, function);
}

/* initDefaults, the entries, then what functions say. */
static bool check_exports(struct check *check)
{
    const struct project *project = check->project;
    uint32_t function = check->module->imported_function_count;
    uint32_t at = 0;
    if (!check_export(check, at++, "initDefaults", 0, function++)) {
        return false;
    }
    for (uint32_t i = 0; i < project->entry_count; i++) {
        if (project->entries[i].is_exported &&
            !check_export(check, at++, project->entries[i].name, 0,
                          function++)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < project->function_count; i++) {
        const struct project_function *named = &project->functions[i];
        if (named->export_name != NULL && named->import_name == NULL &&
            !check_export(check, at++, named->export_name, named->line,
                          PROJECT_NONE)) {
            return false;
        }
    }
    return at == check->module->export_count ||
           differs(
               check, PROJECT_OTHER_FUNCTIONS, 0,
               "the module exports '%s', the text does not",
               wasm_name_print(check->module->exports[at].name, check->arena));
}

static bool check_imports(struct check *check)
{
    const struct project *project = check->project;
    const struct wasm_module *module = check->module;
    uint32_t found = 0;
    uint32_t expected = 0;
    for (uint32_t i = 0; i < project->function_count; i++) {
        const struct project_function *function = &project->functions[i];
        if (function->import_name == NULL) {
            continue;
        }
        while (found < module->import_count &&
               module->imports[found].kind != WASM_FUNCTION) {
            found++;
        }
        if (found == module->import_count ||
            !wasm_name_equals(module->imports[found].field,
                              function->import_name)) {
            return differs(check, PROJECT_OTHER_FUNCTIONS, function->line,
                           "the module does not import '%s' here",
                           print(check, function->import_name));
        }
        found++;
        expected++;
    }
    return expected == module->imported_function_count ||
           project->has_includes ||
           differs(check, PROJECT_OTHER_FUNCTIONS, 0,
                   "the module imports %u functions, the text %u",
                   module->imported_function_count, expected);
}

static bool check_count(struct check *check)
{
    const struct project *project = check->project;
    const struct wasm_module *module = check->module;
    uint64_t defined =
        (uint64_t)module->function_count - module->imported_function_count;
    uint64_t expected =
        1 + (uint64_t)check->entry_count + project->module_count;
    for (uint32_t i = 0; i < project->function_count; i++) {
        expected += project->functions[i].import_name == NULL;
    }
    return defined == expected ||
           (project->has_includes && defined > expected) ||
           differs(check, PROJECT_OTHER_FUNCTIONS, 0,
                   "the module has %llu functions, the text makes %llu%s",
                   (unsigned long long)defined, (unsigned long long)expected,
                   project->has_includes ? " or more" : "");
}

/* A dispatcher calls the modules of its entry, but the skipped ones. */
static bool check_entry(struct check *check, const char *name,
                        uint32_t function, const struct project_module **order)
{
    const struct wasm_module *module = check->module;
    const struct project *project = check->project;
    const struct wasm_function *body = &module->functions[function];
    size_t at = body->code_offset;
    for (uint32_t i = 0; i <= project->module_count; i++) {
        bool is_last = i == project->module_count;
        if (!is_last &&
            (order[i]->is_skipped || strcmp(order[i]->entry, name) != 0)) {
            continue;
        }
        struct wasm_insn insn;
        bool is_read =
            at < body->end_offset &&
            wasm_insn_read(module, &at, body->end_offset, &insn, check->diag);
        if (is_last && !(is_read && insn.code == CODE_END)) {
            return differs(check, PROJECT_OTHER_FUNCTIONS, 0,
                           "entry '%s' does more in the module than in the "
                           "text",
                           print(check, name));
        }
        if (!is_last &&
            !(is_read && insn.code == CODE_CALL &&
              insn.index == check->first_module + order[i]->order)) {
            return differs(check, PROJECT_OTHER_FUNCTIONS, order[i]->line,
                           "entry '%s' of the module does not call '%s' here",
                           print(check, name), print(check, order[i]->id));
        }
    }
    return true;
}

static bool check_entries(struct check *check)
{
    const struct project *project = check->project;
    const struct project_module **order =
        arena_alloc(check->arena, project->module_count, sizeof(*order));
    for (uint32_t i = 0; i < project->module_count; i++) {
        order[project->modules[i].order] = &project->modules[i];
    }
    uint32_t function = check->first_entry;
    for (uint32_t i = 0; i < project->entry_count; i++) {
        if (project->entries[i].is_exported &&
            !check_entry(check, project->entries[i].name, function++, order)) {
            return false;
        }
    }
    return true;
}

/* All agrees: say which function is whose. */
static void name_functions(struct check *check)
{
    struct project *project = check->project;
    struct project_module *modules =
        arena_alloc(check->arena, project->module_count, sizeof(*modules));
    struct project_function *functions =
        arena_alloc(check->arena, project->function_count, sizeof(*functions));
    uint32_t imported = 0;
    uint32_t defined = check->first_entry + check->entry_count;
    for (uint32_t i = 0; i < project->module_count; i++) {
        modules[i] = project->modules[i];
        modules[i].function = check->first_module + modules[i].order;
    }
    for (uint32_t i = 0; i < project->function_count; i++) {
        functions[i] = project->functions[i];
        bool is_behind_includes =
            project->has_includes && functions[i].line > project->includes_line;
        uint32_t *next =
            functions[i].import_name != NULL ? &imported : &defined;
        functions[i].function = is_behind_includes ? PROJECT_NONE : (*next)++;
    }
    project->modules = modules;
    project->functions = functions;
}

static bool check_compiler(struct check *check, struct init *init)
{
    const struct wasm_module *module = check->module;
    const struct wasm_export *start =
        wasm_find_export(module, WASM_FUNCTION, "initDefaults");
    const struct wasm_import *memory = NULL;
    for (uint32_t i = 0; i < module->import_count; i++) {
        if (module->imports[i].kind == WASM_MEMORY && memory == NULL) {
            memory = &module->imports[i];
        }
    }
    return (start != NULL && memory != NULL &&
            wasm_name_equals(memory->module, "host") &&
            init_read(init, module, start->index, check->arena)) ||
           differs(check, PROJECT_OTHER_COMPILER, 0,
                   "the module was not written by the 8f4e compiler of 29 May "
                   "2026 or later: a text does not tell where its variables "
                   "are");
}

bool project_check(struct project *project, const struct wasm_module *module,
                   struct arena *arena, struct diag *diag)
{
    struct check check = {project, module, arena, diag, 0, 0, 0};
    struct init init;
    project->difference = PROJECT_SAME;
    for (uint32_t i = 0; i < project->entry_count; i++) {
        check.entry_count += project->entries[i].is_exported;
    }
    check.first_entry = module->imported_function_count + 1;
    if (!check_compiler(&check, &init) || !check_memories(&check, &init) ||
        !check_exports(&check) || !check_imports(&check) ||
        !check_count(&check)) {
        return false;
    }
    check.first_module = module->function_count - project->module_count;
    if (!check_entries(&check) || !check_defaults(&check, &init)) {
        return false;
    }
    name_functions(&check);
    return true;
}
