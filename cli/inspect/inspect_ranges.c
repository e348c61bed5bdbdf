/* SPDX-License-Identifier: MIT */
#include "inspect/inspect_ranges.h"

#include "ranges/promote/promote.h"

#include <inttypes.h>

/* The declaration that byte 'address' belongs to, or NULL. */
static const struct patch_item *find_item(const struct patch *patch,
                                          uint32_t memory, uint64_t address)
{
    for (uint32_t i = 0; i < patch->item_count; i++) {
        const struct patch_item *item = &patch->items[i];
        if (item->memory == memory && address >= item->address &&
            address - item->address < item->capacity) {
            return item;
        }
    }
    return NULL;
}

/* "&work:buffer", "&work:buffer+8", or the number where there are no names. */
static const char *place(const struct patch *patch, uint32_t memory,
                         uint64_t address, struct arena *arena)
{
    const struct patch_item *item = find_item(patch, memory, address);
    if (item == NULL) {
        return arena_format(arena, "%" PRIu64, address);
    }
    uint64_t offset = address - item->address;
    return offset == 0
               ? arena_format(arena, "&%s", item->name)
               : arena_format(arena, "&%s+%" PRIu64, item->name, offset);
}

/* The bytes of the first and last element that an access can touch. */
struct bounds {
    uint64_t lo;
    uint64_t hi;
};

static bool find_bounds(struct bounds *bounds, const struct analysis *analysis,
                        const struct code_step *step)
{
    uint32_t lo = 0;
    uint32_t hi = 0;
    bool is_proven = analysis_proves(analysis, step->site, &lo, &hi);
    *bounds = (struct bounds){lo + step->insn.memarg_offset,
                              hi + step->insn.memarg_offset};
    return is_proven;
}

/* Why an access is not proven. */
static const char *explain(const struct inspection *inspection,
                           const struct code_step *step, struct arena *arena)
{
    const struct range *address =
        &inspection->ranges->sites[step->site].address;
    uint64_t bytes =
        inspection->module->memories[step->insn.index2].limits.min *
        WASM_PAGE_BYTES;
    if (address->lo == INT32_MIN || address->hi == INT32_MAX) {
        return "its address can be anything";
    }
    return arena_format(arena,
                        "its address can be from %" PRId32 " to %" PRId32
                        ", the memory has %" PRIu64 " bytes",
                        address->lo, address->hi, bytes);
}

/* Whether a guard stands before a load, and the bytes that it lets pass. */
static bool find_guard(struct bounds *bounds, const struct analysis *analysis,
                       const struct code_step *step)
{
    const struct keep *keep = analysis->keep;
    if (keep == NULL || !keep->guards[step->site].is_guarded) {
        return false;
    }
    const struct keep_guard *guard = &keep->guards[step->site];
    *bounds = (struct bounds){guard->first + step->insn.memarg_offset,
                              guard->last + step->insn.memarg_offset};
    return true;
}

/* Loads and stores that something is to be said of. */
static bool is_shown(const struct analysis *analysis,
                     const struct code_step *step)
{
    if (step->site == CODE_NO_SITE ||
        (!code_is_load(step->insn.code) && !code_is_store(step->insn.code))) {
        return false;
    }
    const struct walk_site *site = &analysis->sites[step->site];
    return site->is_reached && !range_is_constant(&site->address);
}

static void print_access(const struct inspection *inspection, uint32_t function,
                         const struct code_step *step, FILE *stream,
                         struct arena *arena)
{
    const struct patch *patch = &inspection->patch;
    struct bounds bounds;
    bool is_proven = find_bounds(&bounds, inspection->ranges, step);
    (void)fprintf(stream, "%-12s 0x%06zx: %s in %s", "range", step->insn.offset,
                  step->insn.opcode->name,
                  wasm_function_print(inspection->module, function, arena));
    uint32_t memory = step->insn.index2;
    if (is_proven) {
        (void)fprintf(stream, ": in [%s, %s]",
                      place(patch, memory, bounds.lo, arena),
                      place(patch, memory, bounds.hi, arena));
    } else {
        (void)fprintf(stream, ": not proven: %s",
                      explain(inspection, step, arena));
    }
    if (find_guard(&bounds, inspection->ranges, step)) {
        (void)fprintf(stream, "; guarded to [%s, %s]",
                      place(patch, memory, bounds.lo, arena),
                      place(patch, memory, bounds.hi, arena));
    }
    (void)fputc('\n', stream);
}

static void print_kept(const struct inspection *inspection, FILE *stream,
                       struct arena *arena)
{
    const struct keep *keep = inspection->ranges->keep;
    for (uint32_t i = 0; keep != NULL && i < keep->cell_count; i++) {
        const struct keep_cell *cell = &keep->cells[i];
        (void)fprintf(
            stream, "%-12s %s%s\n", "keeps",
            place(&inspection->patch, cell->memory, cell->address, arena),
            cell->is_written ? "" : ", which it only reads");
    }
}

void inspect_ranges_text(const struct inspection *inspection, FILE *stream,
                         struct arena *arena)
{
    const struct analysis *analysis = inspection->ranges;
    const struct patch *patch = &inspection->patch;
    (void)fprintf(stream, "%-12s %s\n", "ranges",
                  analysis_summary(analysis, arena));
    for (uint32_t i = 0;
         analysis->failure == NULL && i < inspection->module->function_count;
         i++) {
        const struct code_function *function = &analysis->code.functions[i];
        for (uint32_t k = 0; k < function->step_count; k++) {
            if (is_shown(analysis, &function->steps[k])) {
                print_access(inspection, i, &function->steps[k], stream, arena);
            }
        }
    }
    for (uint32_t i = 0; i < analysis->invariant_count; i++) {
        const struct memory_span *span = &analysis->invariants[i];
        uint32_t memory = (uint32_t)(span->start >> 32);
        uint64_t words = (span->end - span->start) / 4;
        (void)fprintf(stream, "%-12s %s", "relies on",
                      place(patch, memory, (uint32_t)span->start, arena));
        if (words > 1) {
            (void)fprintf(stream, " and %" PRIu64 " words after it", words - 1);
        }
        (void)fprintf(stream, " in [%" PRId32 ", %" PRId32 "]\n",
                      span->range.lo, span->range.hi);
    }
    print_kept(inspection, stream, arena);
}

static void add_access(cJSON *array, const struct inspection *inspection,
                       uint32_t function, const struct code_step *step,
                       struct arena *arena)
{
    const struct patch *patch = &inspection->patch;
    cJSON *entry = cJSON_CreateObject();
    struct bounds bounds;
    bool is_proven = find_bounds(&bounds, inspection->ranges, step);
    (void)cJSON_AddNumberToObject(entry, "function", function);
    (void)cJSON_AddNumberToObject(entry, "offset", (double)step->insn.offset);
    (void)cJSON_AddStringToObject(entry, "instruction",
                                  step->insn.opcode->name);
    (void)cJSON_AddBoolToObject(entry, "proven", is_proven);
    if (is_proven) {
        uint32_t memory = step->insn.index2;
        (void)cJSON_AddNumberToObject(entry, "first", (double)bounds.lo);
        (void)cJSON_AddNumberToObject(entry, "last", (double)bounds.hi);
        (void)cJSON_AddStringToObject(entry, "firstName",
                                      place(patch, memory, bounds.lo, arena));
        (void)cJSON_AddStringToObject(entry, "lastName",
                                      place(patch, memory, bounds.hi, arena));
    } else {
        (void)cJSON_AddStringToObject(entry, "why",
                                      explain(inspection, step, arena));
    }
    if (find_guard(&bounds, inspection->ranges, step)) {
        (void)cJSON_AddNumberToObject(entry, "guardFirst", (double)bounds.lo);
        (void)cJSON_AddNumberToObject(entry, "guardLast", (double)bounds.hi);
    }
    (void)cJSON_AddItemToArray(array, entry);
}

static void add_kept(cJSON *object, const struct inspection *inspection,
                     struct arena *arena)
{
    const struct keep *keep = inspection->ranges->keep;
    cJSON *array = cJSON_AddArrayToObject(object, "kept");
    for (uint32_t i = 0; keep != NULL && i < keep->cell_count; i++) {
        const struct keep_cell *cell = &keep->cells[i];
        cJSON *entry = cJSON_CreateObject();
        (void)cJSON_AddNumberToObject(entry, "memory", cell->memory);
        (void)cJSON_AddNumberToObject(entry, "address", cell->address);
        (void)cJSON_AddStringToObject(
            entry, "name",
            place(&inspection->patch, cell->memory, cell->address, arena));
        (void)cJSON_AddBoolToObject(entry, "written", cell->is_written);
        (void)cJSON_AddItemToArray(array, entry);
    }
}

void inspect_ranges_json(const struct inspection *inspection, cJSON *root,
                         struct arena *arena)
{
    const struct analysis *analysis = inspection->ranges;
    cJSON *object = cJSON_AddObjectToObject(root, "ranges");
    (void)cJSON_AddStringToObject(object, "summary",
                                  analysis_summary(analysis, arena));
    cJSON *accesses = cJSON_AddArrayToObject(object, "accesses");
    for (uint32_t i = 0;
         analysis->failure == NULL && i < inspection->module->function_count;
         i++) {
        const struct code_function *function = &analysis->code.functions[i];
        for (uint32_t k = 0; k < function->step_count; k++) {
            if (is_shown(analysis, &function->steps[k])) {
                add_access(accesses, inspection, i, &function->steps[k], arena);
            }
        }
    }
    cJSON *invariants = cJSON_AddArrayToObject(object, "invariants");
    for (uint32_t i = 0; i < analysis->invariant_count; i++) {
        const struct memory_span *span = &analysis->invariants[i];
        uint32_t memory = (uint32_t)(span->start >> 32);
        cJSON *entry = cJSON_CreateObject();
        (void)cJSON_AddNumberToObject(entry, "memory", memory);
        (void)cJSON_AddNumberToObject(entry, "address", (uint32_t)span->start);
        (void)cJSON_AddStringToObject(
            entry, "name",
            place(&inspection->patch, memory, (uint32_t)span->start, arena));
        (void)cJSON_AddNumberToObject(entry, "words",
                                      (double)(span->end - span->start) / 4);
        (void)cJSON_AddNumberToObject(entry, "lowest", span->range.lo);
        (void)cJSON_AddNumberToObject(entry, "highest", span->range.hi);
        (void)cJSON_AddItemToArray(invariants, entry);
    }
    add_kept(object, inspection, arena);
}
