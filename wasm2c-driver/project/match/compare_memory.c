/* SPDX-License-Identifier: MIT */
#include "project/match/compare_internal.h"
#include "project/parse/number.h"

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

static bool check_size(struct comparison *check,
                       const struct compare_init *init, uint32_t memory)
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
        return compare_differs(
            check, PROJECT_OTHER_LAYOUT, project->declarations[item].line,
            "the module's variables end at byte %llu%s%s, those of "
            "the text at %llu; '%s' is the first beyond",
            (unsigned long long)found, memory == 0 ? "" : " of memory ",
            memory == 0 ? "" : arena_format(check->arena, "%u", memory),
            (unsigned long long)expected,
            compare_print(check, project->items[item].name));
    }
    return compare_differs(
        check, PROJECT_OTHER_LAYOUT, 0,
        "the module's variables end at byte %llu of memory %u, "
        "those of the text at %llu: the module has more",
        (unsigned long long)found, memory, (unsigned long long)expected);
}

static bool check_pages(struct comparison *check, uint32_t memory)
{
    const struct wasm_limits *limits = &check->module->memories[memory].limits;
    uint64_t bytes = check->project->required_bytes[memory];
    uint64_t pages = (bytes + WASM_PAGE_BYTES - 1) / WASM_PAGE_BYTES;
    pages = pages == 0 ? 1 : pages;
    return (limits->min == pages && limits->has_max && limits->max == pages) ||
           compare_differs(
               check, PROJECT_OTHER_LAYOUT, 0,
               "the module's memory %u has %llu pages, the text needs %llu",
               memory, (unsigned long long)limits->min,
               (unsigned long long)pages);
}

bool compare_memories(struct comparison *check, const struct compare_init *init)
{
    uint32_t expected = check->project->memory_count;
    uint32_t found = check->module->memory_count;
    for (uint32_t i = 0; i < found && i < PROJECT_MAX_MEMORIES; i++) {
        if (!check_size(check, init, i) || !check_pages(check, i)) {
            return false;
        }
    }
    return found == expected ||
           compare_differs(check, PROJECT_OTHER_LAYOUT, 0,
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
            a != NULL && (b == NULL || a->memory < b->memory ||
                          (a->memory == b->memory && a->address < b->address));
        const struct project_segment *first = is_a_first ? a : b;
        if (first == NULL) {
            return false; /* both have ended */
        }
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
static const char *element_text(const struct comparison *check,
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
    if (item->element == F4E_F64) {
        memcpy(&value, &bits, sizeof(value));
    } else if (item->element == F4E_F32) {
        uint32_t word = (uint32_t)bits;
        float narrow = 0;
        memcpy(&narrow, &word, sizeof(narrow));
        return arena_format(check->arena, "%.9g", (double)narrow);
    } else if (item->element == F4E_I8) {
        value = (double)(int8_t)(uint8_t)bits;
    } else if (item->element == F4E_I16) {
        value = (double)(int16_t)(uint16_t)bits;
    }
    return number_text(value, check->arena);
}

static bool report_default(struct comparison *check,
                           const struct compare_init *init, uint32_t memory,
                           uint64_t address)
{
    const struct project *project = check->project;
    uint32_t index = item_at(project, memory, address);
    if (index == PROJECT_NONE) {
        return compare_differs(
            check, PROJECT_OTHER_DEFAULTS, 0,
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
    return compare_differs(
        check, PROJECT_OTHER_DEFAULTS, project->declarations[index].line,
        is_same ? "default values differ from '%s%s' on, though both have %s "
                  "here: one of them says it, the other leaves it out"
                : "default values differ from '%s%s' on: %s in the text, %s in "
                  "the module",
        compare_print(check, item->name), place, ours, theirs);
}

bool compare_defaults(struct comparison *check, const struct compare_init *init)
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
            return (check->config->asset_count > 0 &&
                    !compare_beside_assets(check, init, &memory, &address)) ||
                   report_default(check, init, memory, address);
        }
    }
    return true;
}
