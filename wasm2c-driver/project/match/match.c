/* SPDX-License-Identifier: MIT */
#include "project/project.h"

#include "project/parse/text.h"

/* How a text is read, the likeliest first. */
static const struct project_rules readings[] = {
    {.skips_disabled = false, .is_file_order = false},
    {.skips_disabled = true, .is_file_order = false},
    {.skips_disabled = false, .is_file_order = true},
    {.skips_disabled = true, .is_file_order = true},
};

static bool has_disabled(const struct project_text *text)
{
    for (uint32_t i = 0; i < text->block_count; i++) {
        if (text->blocks[i].is_disabled) {
            return true;
        }
    }
    return false;
}

/* The fields of the memory imports behind the first: names of regions. */
static const char **list_regions(const struct wasm_module *module,
                                 uint32_t *count, struct arena *arena)
{
    const char **names =
        arena_alloc(arena, PROJECT_MAX_MEMORIES, sizeof(*names));
    uint32_t memories = 0;
    *count = 0;
    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct wasm_import *import = &module->imports[i];
        if (import->kind == WASM_MEMORY && memories++ > 0 &&
            *count < PROJECT_MAX_MEMORIES - 1) {
            names[(*count)++] =
                arena_copy(arena, import->field.bytes, import->field.length);
        }
    }
    return names;
}

static void add_hint(const struct project *project, struct diag *diag)
{
    if (project->difference == PROJECT_OTHER_COMPILER) {
        diag_hint(diag, "build without names: --no-project");
        return;
    }
    diag_hint(diag, "export module and project again, from the same state of "
                    "the editor");
    diag_hint(diag,
              "or build without names: --no-project; or trust the text%s: "
              "--project-check warn",
              project->difference == PROJECT_OTHER_LAYOUT
                  ? ", whose names then mean wrong places"
                  : "");
}

enum project_result project_match(struct project *project,
                                  const struct project_text *text,
                                  const struct project_config *config,
                                  const struct wasm_module *module,
                                  const struct project_asset_size *sizes,
                                  uint32_t size_count, struct arena *arena,
                                  struct diag *diag)
{
    struct diag best;
    struct diag report;
    bool has_any = false;
    uint32_t region_count = 0;
    const char **regions = list_regions(module, &region_count, arena);
    bool is_divided = has_disabled(text);
    diag_init(&best, text->file);
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
        struct project reading;
        diag_init(&report, text->file);
        if (readings[i].skips_disabled && !is_divided) {
            continue; /* the same as the one before */
        }
        if (!project_layout(&reading, text, config, readings[i], regions,
                            region_count, sizes, size_count, arena, &report)) {
            if (best.kind == DIAG_NONE) {
                best = report;
            }
            continue;
        }
        if (project_compare(&reading, config, module, arena, &report)) {
            *project = reading;
            return PROJECT_MATCHES;
        }
        if (!has_any || reading.difference < project->difference) {
            *project = reading;
            best = report;
        }
        has_any = true;
    }
    if (has_any) {
        add_hint(project, &best);
    }
    if (diag->kind == DIAG_NONE) {
        *diag = best;
    }
    return has_any ? PROJECT_DIFFERS : PROJECT_UNREADABLE;
}
