/* SPDX-License-Identifier: MIT */
#include "project/match/compare_internal.h"

/* ---- functions ---- */

static bool check_export(struct comparison *check, uint32_t at,
                         const char *name, uint32_t line, uint32_t function)
{
    const struct wasm_module *module = check->module;
    if (at >= module->export_count) {
        return compare_differs(check, PROJECT_OTHER_FUNCTIONS, line,
                               "the module does not export '%s'",
                               compare_print(check, name));
    }
    const struct wasm_export *found = &module->exports[at];
    if (found->kind != WASM_FUNCTION || !wasm_name_equals(found->name, name)) {
        return compare_differs(
            check, PROJECT_OTHER_FUNCTIONS, line,
            "export %u of the module is '%s', of the text '%s'", at,
            wasm_name_print(found->name, check->arena),
            compare_print(check, name));
    }
    return function == PROJECT_NONE || found->index == function ||
           compare_differs(
               check, PROJECT_OTHER_FUNCTIONS, line,
               "export '%s' is function %u, not %u as the text has it",
               compare_print(check, name), found->index, function);
}

/* initDefaults, the entries, then what functions say. */
static bool check_exports(struct comparison *check)
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
           compare_differs(
               check, PROJECT_OTHER_FUNCTIONS, 0,
               "the module exports '%s', the text does not",
               wasm_name_print(check->module->exports[at].name, check->arena));
}

static bool check_imports(struct comparison *check)
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
            return compare_differs(check, PROJECT_OTHER_FUNCTIONS,
                                   function->line,
                                   "the module does not import '%s' here",
                                   compare_print(check, function->import_name));
        }
        found++;
        expected++;
    }
    return expected == module->imported_function_count ||
           project->has_includes ||
           compare_differs(check, PROJECT_OTHER_FUNCTIONS, 0,
                           "the module imports %u functions, the text %u",
                           module->imported_function_count, expected);
}

static bool check_count(struct comparison *check)
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
    uint64_t least = 1 + (uint64_t)check->entry_count + project->module_count;
    for (uint32_t i = 0; i < project->module_count; i++) {
        least -= project->modules[i].is_skipped ? 1 : 0;
    }
    check->is_pruned = defined < expected && defined >= least;
    return defined == expected || check->is_pruned ||
           (project->has_includes && defined > expected) ||
           compare_differs(
               check, PROJECT_OTHER_FUNCTIONS, 0,
               "the module has %llu functions, the text makes %llu%s",
               (unsigned long long)defined, (unsigned long long)expected,
               project->has_includes ? " or more" : "");
}

/* A dispatcher calls the modules of its entry, but the skipped ones. */
static bool check_entry(struct comparison *check, const char *name,
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
            return compare_differs(
                check, PROJECT_OTHER_FUNCTIONS, 0,
                "entry '%s' does more in the module than in the "
                "text",
                compare_print(check, name));
        }
        if (!is_last &&
            !(is_read && insn.code == CODE_CALL &&
              insn.index == check->module_functions[order[i]->order])) {
            return compare_differs(
                check, PROJECT_OTHER_FUNCTIONS, order[i]->line,
                "entry '%s' of the module does not call '%s' here",
                compare_print(check, name), compare_print(check, order[i]->id));
        }
    }
    return true;
}

static bool check_entries(struct comparison *check)
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

/* The lowest function that an entry calls first; UINT32_MAX: none calls. */
static bool find_first_call(struct comparison *check, uint32_t *called)
{
    *called = UINT32_MAX;
    for (uint32_t i = 0; i < check->entry_count; i++) {
        const struct wasm_function *entry =
            &check->module->functions[check->first_entry + i];
        size_t at = entry->code_offset;
        struct wasm_insn insn;
        if (!wasm_insn_read(check->module, &at, entry->end_offset, &insn,
                            check->diag)) {
            return false;
        }
        if (insn.code == CODE_CALL && insn.index < *called) {
            *called = insn.index;
        }
    }
    return true;
}

/* The function of each module, which come last. Those that their entry skips
 * may not be there where functions that nothing reaches are left out. */
static bool find_modules(struct comparison *check)
{
    const struct project *project = check->project;
    uint32_t count = project->module_count;
    uint32_t *functions = arena_alloc(check->arena, count, sizeof(*functions));
    bool *is_skipped = arena_alloc(check->arena, count, sizeof(*is_skipped));
    uint32_t skipped = 0;
    uint32_t called = 0;
    for (uint32_t i = 0; i < count; i++) {
        is_skipped[project->modules[i].order] = project->modules[i].is_skipped;
        skipped += project->modules[i].is_skipped ? 1 : 0;
    }
    if (!find_first_call(check, &called)) {
        return false;
    }
    uint32_t first = check->module->function_count - (count - skipped);
    bool are_left_out = check->is_pruned && skipped > 0 &&
                        (called == first || called == UINT32_MAX);
    uint32_t next = are_left_out ? first : first - skipped;
    for (uint32_t i = 0; i < count; i++) {
        bool is_there = !are_left_out || !is_skipped[i];
        functions[i] = is_there ? next++ : PROJECT_NONE;
    }
    check->module_functions = functions;
    return true;
}

/* All agrees: say which function is whose. */
static void name_functions(struct comparison *check)
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
        modules[i].function = check->module_functions[modules[i].order];
    }
    for (uint32_t i = 0; i < project->function_count; i++) {
        functions[i] = project->functions[i];
        bool is_behind_includes =
            project->has_includes && functions[i].line > project->includes_line;
        uint32_t *next =
            functions[i].import_name != NULL ? &imported : &defined;
        const struct wasm_export *export =
            check->is_pruned && functions[i].export_name != NULL
                ? wasm_find_export(check->module, WASM_FUNCTION,
                                   functions[i].export_name)
                : NULL;
        functions[i].function =
            export != NULL ? export->index
            : is_behind_includes || (check->is_pruned && next == &defined)
                ? PROJECT_NONE
                : (*next)++;
    }
    project->modules = modules;
    project->functions = functions;
}

static bool check_compiler(struct comparison *check, struct compare_init *init)
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
            compare_init_read(init, module, start->index, check->arena)) ||
           compare_differs(
               check, PROJECT_OTHER_COMPILER, 0,
               "the module was not written by the 8f4e compiler of 29 May "
               "2026 or later: a text does not tell where its variables "
               "are");
}

bool project_compare(struct project *project,
                     const struct project_config *config,
                     const struct wasm_module *module, struct arena *arena,
                     struct diag *diag)
{
    struct comparison check = {
        .project = project,
        .config = config,
        .module = module,
        .arena = arena,
        .diag = diag,
    };
    struct compare_init init;
    project->difference = PROJECT_SAME;
    for (uint32_t i = 0; i < project->entry_count; i++) {
        check.entry_count += project->entries[i].is_exported;
    }
    check.first_entry = module->imported_function_count + 1;
    if (!check_compiler(&check, &init) || !compare_memories(&check, &init) ||
        !check_exports(&check) || !check_imports(&check) ||
        !check_count(&check)) {
        return false;
    }
    if (!find_modules(&check) || !check_entries(&check) ||
        !compare_defaults(&check, &init)) {
        return false;
    }
    name_functions(&check);
    return true;
}
