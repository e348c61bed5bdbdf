/* SPDX-License-Identifier: MIT */
#include "check_project.h"

#include <math.h>

enum {
    /* Tables that start with some room. */
    SPARE_BYTES = 1 << 20,
    BYTES_PER_BYTE = 4000,
};

/* Each memory is filled from byte 4 on, module after module, without a gap. */
static bool check_modules(const struct project *project, const char **why)
{
    uint64_t cursors[PROJECT_MAX_MEMORIES];
    bool is_used[PROJECT_MAX_MEMORIES] = {false};
    for (uint32_t i = 0; i < PROJECT_MAX_MEMORIES; i++) {
        cursors[i] = 4;
    }
    for (uint32_t i = 0; i < project->module_count; i++) {
        const struct project_module *module = &project->modules[i];
        *why = "a module does not follow the one before it";
        if (module->memory >= project->memory_count ||
            module->address != cursors[module->memory] ||
            module->size % 4 != 0) {
            return false;
        }
        is_used[module->memory] = true;
        cursors[module->memory] += module->size;
    }
    for (uint32_t i = 0; i < project->memory_count; i++) {
        *why = "the total is not the end of the last module";
        if (project->required_bytes[i] != (is_used[i] ? cursors[i] : 0)) {
            return false;
        }
    }
    return true;
}

static bool check_items(const struct project *project, const char **why)
{
    for (uint32_t i = 0; i < project->item_count; i++) {
        const struct patch_item *item = &project->items[i];
        const struct project_declaration *more = &project->declarations[i];
        const struct project_module *module = &project->modules[more->module];
        uint64_t end = (uint64_t)item->address + item->capacity;
        *why = "an item is not inside its module";
        if (item->memory != module->memory || item->address < module->address ||
            end > module->address + module->size) {
            return false;
        }
        *why = "an item is not aligned";
        if (item->address % 4 != 0 ||
            (more->element_bytes == 8 && item->address % 8 != 0)) {
            return false;
        }
        *why = "an item's elements do not fit into it";
        if (more->count * more->element_bytes > (double)item->capacity ||
            item->count < (uint32_t)floor(more->count) ||
            item->count > (uint32_t)ceil(more->count) ||
            (uint64_t)item->count * more->element_bytes > item->capacity ||
            more->asset_bytes < item->capacity ||
            more->asset_bytes > (uint64_t)item->capacity + 4) {
            return false;
        }
        const struct patch_item *next =
            i + 1 < project->item_count ? item + 1 : NULL;
        *why = "items overlap or are out of order";
        if (next != NULL &&
            (next->memory < item->memory ||
             (next->memory == item->memory && next->address < end))) {
            return false;
        }
        *why = "an item is not found by its name";
        if (project_find_item(project, item->name) != i) {
            return false;
        }
    }
    return true;
}

static bool check_views(const struct project *project, const char **why)
{
    uint32_t order = 0;
    for (uint32_t i = 0; i < project->view_count; i++) {
        const struct patch_view *view = &project->views[i];
        *why = "a view without its element";
        if (view->item >= project->item_count ||
            view->index >= project->items[view->item].count) {
            return false;
        }
        *why = "a view whose length or cursor is nowhere";
        if ((view->count_item != F4E_NO_ITEM &&
             view->count_item >= project->item_count) ||
            (view->cursor_item != F4E_NO_ITEM &&
             view->cursor_item >= project->item_count) ||
            (view->count == 0) !=
                (view->count_item != F4E_NO_ITEM && view->kind != F4E_PIANO)) {
            return false;
        }
        *why = "views out of order, or without a height";
        if (view->order < order || view->rows == 0 || view->module == NULL ||
            !isfinite(view->min) || !isfinite(view->max)) {
            return false;
        }
        order = view->order;
    }
    return true;
}

static bool check_rest(const struct project *project, const char **why)
{
    for (uint32_t i = 1; i < project->segment_count; i++) {
        const struct project_segment *before = &project->segments[i - 1];
        const struct project_segment *segment = &project->segments[i];
        *why = "segments are out of order";
        if (segment->size == 0 || segment->memory < before->memory ||
            (segment->memory == before->memory &&
             segment->address <= before->address)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < project->param_count; i++) {
        *why = "a parameter without an item";
        if (project->params[i].item >= project->item_count ||
            project->params[i].item2 >= project->item_count) {
            return false;
        }
    }
    return check_views(project, why);
}

bool check_project_layout(const struct project *project, const char **why)
{
    return check_modules(project, why) && check_items(project, why) &&
           check_rest(project, why);
}

static uint32_t count_lines(const uint8_t *bytes, size_t size)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < size; i++) {
        lines += bytes[i] == '\n';
    }
    return lines;
}

static bool is_good_report(const struct diag *diag, uint32_t lines)
{
    return diag->kind == DIAG_INPUT && diag->text[0] != '\0' &&
           diag->line <= lines && strcmp(diag->file, "text.8f4e") == 0 &&
           strpbrk(diag->text, "\n\x1b") == NULL;
}

enum mutate_result check_project(const uint8_t *bytes, size_t size,
                                 struct arena *arena, const char **why)
{
    static const char *const regions[] = {"samples", "scratchpad", "alpha"};
    size_t used = arena->used;
    uint32_t lines = count_lines(bytes, size);
    bool is_accepted = false;
    struct diag diag;
    diag_init(&diag, NULL);
    const struct project_text *text =
        project_parse(bytes, size, "text.8f4e", arena, &diag);
    *why = "a refusal without kind, text, file or line";
    if (text == NULL) {
        return is_good_report(&diag, lines) ? MUTATE_REJECTED : MUTATE_BROKEN;
    }
    struct project_config config;
    project_config(&config, text, arena);
    for (unsigned i = 0; i < 4; i++) {
        struct project_rules rules = {.skips_disabled = (i & 1U) != 0,
                                      .is_file_order = (i & 2U) != 0};
        struct project project;
        diag_init(&diag, NULL);
        if (!project_layout(&project, text, &config, rules, regions, 3, NULL, 0,
                            arena, &diag)) {
            *why = "a refusal without kind, text, file or line";
            if (!is_good_report(&diag, lines)) {
                return MUTATE_BROKEN;
            }
            continue;
        }
        is_accepted = true;
        if (!check_project_layout(&project, why)) {
            return MUTATE_BROKEN;
        }
    }
    *why = "more memory than a fixed multiple of the file";
    if (arena->used - used > SPARE_BYTES + size * BYTES_PER_BYTE) {
        return MUTATE_BROKEN;
    }
    return is_accepted ? MUTATE_ACCEPTED : MUTATE_REJECTED;
}
