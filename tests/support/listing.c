/* SPDX-License-Identifier: MIT */
#include "listing.h"

#include "project/parse/number.h"
#include "project/parse/text.h"
#include "vector.h"

const char **listing_regions(const char *bytes, size_t size, uint32_t *count,
                             struct arena *arena)
{
    static const char mark[] = "; @memoryRegions ";
    const char **names =
        arena_alloc(arena, PROJECT_MAX_MEMORIES, sizeof(*names));
    const char *text = arena_copy(arena, bytes, size);
    const char *found = strstr(text, mark);
    *count = 0;
    while (found != NULL && *count < PROJECT_MAX_MEMORIES - 1) {
        found += *count == 0 ? sizeof(mark) - 1 : 1;
        size_t length = strcspn(found, " \n");
        names[(*count)++] = arena_copy(arena, found, length);
        found = found[length] == ' ' ? found + length : NULL;
    }
    return names;
}

static void add_modules(struct buf *out, const struct project *project,
                        struct arena *arena)
{
    static const char *const classes[] = {
        [F4E_I8] = "int",       [F4E_U8] = "unsigned", [F4E_I16] = "int",
        [F4E_U16] = "unsigned", [F4E_I32] = "int",     [F4E_F32] = "float",
        [F4E_F64] = "float",
    };
    for (uint32_t m = 0; m < project->module_count; m++) {
        const struct project_module *module = &project->modules[m];
        buf_format(out, "module\t%s\t%u\t%u\t%llu\n", module->id,
                   module->memory, module->address,
                   (unsigned long long)module->size);
        for (uint32_t i = 0; i < project->item_count; i++) {
            const struct patch_item *item = &project->items[i];
            const struct project_declaration *more = &project->declarations[i];
            if (more->module == m) {
                buf_format(out, "item\t%s\t%u\t%u\t%.*s\t%s\t%u\t%s\t%llu\n",
                           item->name, item->memory, item->address,
                           (int)strcspn(item->type, "["), item->type,
                           number_text(more->count, arena), more->element_bytes,
                           classes[item->element],
                           (unsigned long long)more->asset_bytes);
            }
        }
    }
}

/* Memory after initDefaults: zeros, then the segments, cut at the end. */
static uint32_t image_hash(const struct project *project, uint32_t memory,
                           struct arena *arena)
{
    size_t size = (size_t)project->required_bytes[memory];
    uint8_t *bytes = arena_alloc(arena, size, 1);
    for (uint32_t i = 0; i < project->segment_count; i++) {
        const struct project_segment *segment = &project->segments[i];
        if (segment->memory == memory && segment->address < size) {
            size_t left = size - segment->address;
            memcpy(bytes + segment->address, segment->bytes,
                   segment->size < left ? segment->size : left);
        }
    }
    return fnv1a(bytes, size);
}

const char *listing_layout(const char *bytes, size_t size,
                           struct project_rules rules, struct arena *arena)
{
    struct diag diag;
    diag_init(&diag, "text.8f4e");
    struct project project;
    struct project_config config;
    uint32_t region_count = 0;
    const char **regions = listing_regions(bytes, size, &region_count, arena);
    const struct project_text *text =
        project_parse((const uint8_t *)bytes, size, "text.8f4e", arena, &diag);
    if (text == NULL) {
        return "reject\n";
    }
    project_config(&config, text, arena);
    if (!project_layout(&project, text, &config, rules, regions, region_count,
                        NULL, 0, arena, &diag)) {
        return "reject\n";
    }
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < project.memory_count; i++) {
        if (i == 0 || project.required_bytes[i] > 0) {
            buf_format(&out, "required\t%u\t%llu\n", i,
                       (unsigned long long)project.required_bytes[i]);
        }
    }
    add_modules(&out, &project, arena);
    for (uint32_t i = 0; i < project.memory_count; i++) {
        if (i == 0 || project.required_bytes[i] > 0) {
            buf_format(&out, "image\t%u\t%llu\t%08x\n", i,
                       (unsigned long long)project.required_bytes[i],
                       image_hash(&project, i, arena));
        }
    }
    return buf_string(&out);
}

static int compare_lines(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;
    return strcmp(*x, *y);
}

/* The rejected lines as block and row, sorted as text. */
static void add_errors(struct buf *out, const struct project_text *text,
                       const struct project_config *config, struct arena *arena)
{
    const char *lines[PROJECT_MAX_NOTICES];
    for (uint32_t i = 0; i < config->notice_count; i++) {
        uint32_t block = 0;
        uint32_t line = config->notices[i].line - 1;
        while (line - text->blocks[block].first_line >=
               text->blocks[block].line_count) {
            block++;
        }
        lines[i] = arena_format(arena, "error\t%u\t%u\n", block,
                                line - text->blocks[block].first_line);
    }
    qsort(lines, config->notice_count, sizeof(lines[0]), compare_lines);
    for (uint32_t i = 0; i < config->notice_count; i++) {
        buf_text(out, lines[i]);
    }
}

const char *listing_config(const char *bytes, size_t size, struct arena *arena)
{
    struct diag diag;
    diag_init(&diag, "text.8f4e");
    struct project_config config;
    const struct project_text *text =
        project_parse((const uint8_t *)bytes, size, "text.8f4e", arena, &diag);
    if (text == NULL) {
        return arena_format(arena, "%u: %s\n", diag.line, diag.text);
    }
    project_config(&config, text, arena);
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < config.value_count; i++) {
        const struct project_value *value = &config.values[i];
        buf_format(&out, "config\t%s\t%s\t%s\n", value->path,
                   value->text == NULL ? "number" : "text",
                   value->text == NULL ? number_text(value->number, arena)
                                       : value->text);
    }
    for (uint32_t i = 0; i < config.asset_count; i++) {
        buf_format(&out, "bin\t%s\t%s\t%s\n", config.assets[i].id,
                   config.assets[i].url, config.assets[i].target);
    }
    for (uint32_t i = 0; i < config.midi_count; i++) {
        buf_format(&out, "midi\t%u\t%s\n", config.midi[i].port,
                   config.midi[i].callback);
    }
    add_errors(&out, text, &config, arena);
    return buf_string(&out);
}
