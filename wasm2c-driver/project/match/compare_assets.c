/* SPDX-License-Identifier: MIT */
#include "project/match/compare_internal.h"

enum { MAX_IMAGE_BYTES = 256 << 20 };

/* A memory as data segments leave it. */
static uint8_t *make_image(const struct project_segment *segments,
                           uint32_t count, uint32_t memory, size_t size,
                           struct arena *arena)
{
    uint8_t *image = arena_alloc(arena, size, 1);
    for (uint32_t i = 0; i < count; i++) {
        const struct project_segment *segment = &segments[i];
        if (segment->memory == memory && segment->address < size &&
            segment->size > 0) {
            size_t room = size - segment->address;
            memcpy(image + segment->address, segment->bytes,
                   segment->size < room ? segment->size : room);
        }
    }
    return image;
}

static const uint8_t *copy(const uint8_t *image, size_t size,
                           struct arena *arena)
{
    uint8_t *bytes = arena_alloc(arena, size, 1);
    memcpy(bytes, image, size);
    return bytes;
}

static void clear_targets(const struct comparison *check, uint8_t *image,
                          size_t size)
{
    const struct project *project = check->project;
    for (uint32_t i = 0; i < check->config->asset_count; i++) {
        uint32_t index =
            project_find_item(project, check->config->assets[i].target);
        if (index == PROJECT_NONE || project->items[index].memory != 0 ||
            project->items[index].address >= size) {
            continue;
        }
        uint64_t room = size - project->items[index].address;
        uint64_t bytes = project->declarations[index].asset_bytes;
        memset(image + project->items[index].address, 0,
               (size_t)(bytes < room ? bytes : room));
    }
}

bool compare_beside_assets(const struct comparison *check,
                           const struct compare_init *init, uint32_t *memory,
                           uint64_t *address)
{
    struct project *project = check->project;
    bool has_filled = false; /* something differs where assets go */
    for (uint32_t m = 0; m < project->memory_count; m++) {
        if (project->required_bytes[m] > MAX_IMAGE_BYTES) {
            return true;
        }
        size_t size = (size_t)project->required_bytes[m];
        uint8_t *text = make_image(project->segments, project->segment_count, m,
                                   size, check->arena);
        uint8_t *module = make_image(init->segments, init->segment_count, m,
                                     size, check->arena);
        if (m == 0 && size > 0 && memcmp(text, module, size) != 0) {
            has_filled = true;
            project->text_image = copy(text, size, check->arena);
            project->module_image = copy(module, size, check->arena);
            project->image_bytes = size;
            clear_targets(check, text, size);
            clear_targets(check, module, size);
        }
        size_t at = 0;
        while (at < size && text[at] == module[at]) {
            at++;
        }
        if (at < size) {
            *memory = m;
            *address = at;
            return true;
        }
    }
    return !has_filled;
}
