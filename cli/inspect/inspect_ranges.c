/* SPDX-License-Identifier: MIT */
#include "inspect/inspect_ranges.h"

#include "ranges/ranges.h"
#include "tables/made_function.h"

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
                        const struct body_op *op)
{
    uint32_t lo = 0;
    uint32_t hi = 0;
    bool is_proven = analysis_proves(analysis, op->site, &lo, &hi);
    *bounds = (struct bounds){lo + op->insn.memarg_offset,
                              hi + op->insn.memarg_offset};
    return is_proven;
}

/* Why an access is not proven. */
static const char *explain(const struct inspection *inspection,
                           const struct body_op *op, struct arena *arena)
{
    const struct range *address =
        &inspection->ranges->analysis.sites[op->site].address;
    uint64_t bytes = inspection->module->memories[op->insn.index2].limits.min *
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
static bool find_guard(struct bounds *bounds, const struct ranges *ranges,
                       const struct body_op *op)
{
    const struct promotion *promotion = ranges->promotion;
    if (promotion == NULL || !promotion->guards[op->site].is_guarded) {
        return false;
    }
    const struct promote_guard *guard = &promotion->guards[op->site];
    *bounds = (struct bounds){guard->first + op->insn.memarg_offset,
                              guard->last + op->insn.memarg_offset};
    return true;
}

/* Loads and stores that something is to be said of. */
static bool is_shown(const struct analysis *analysis, const struct body_op *op)
{
    if (op->site == BODY_NO_SITE ||
        (!body_is_load(op->insn.code) && !body_is_store(op->insn.code))) {
        return false;
    }
    const struct walk_site *site = &analysis->sites[op->site];
    return site->is_reached && !range_is_constant(&site->address);
}

static void print_access(const struct inspection *inspection, uint32_t function,
                         const struct body_op *op, FILE *stream,
                         struct arena *arena)
{
    const struct patch *patch = &inspection->patch;
    struct bounds bounds;
    bool is_proven = find_bounds(&bounds, &inspection->ranges->analysis, op);
    (void)fprintf(
        stream, "%-12s 0x%06zx: %s in %s", "range",
        made_function_origin(inspection->patch.module, op->insn.offset),
        op->insn.opcode->name,
        wasm_function_print(
            inspection->module,
            made_function_caller(inspection->patch.module, function), arena));
    uint32_t memory = op->insn.index2;
    if (is_proven) {
        (void)fprintf(stream, ": in [%s, %s]",
                      place(patch, memory, bounds.lo, arena),
                      place(patch, memory, bounds.hi, arena));
    } else {
        (void)fprintf(stream, ": not proven: %s",
                      explain(inspection, op, arena));
    }
    if (find_guard(&bounds, inspection->ranges, op)) {
        (void)fprintf(stream, "; guarded to [%s, %s]",
                      place(patch, memory, bounds.lo, arena),
                      place(patch, memory, bounds.hi, arena));
    }
    (void)fputc('\n', stream);
}

static void print_kept(const struct inspection *inspection, FILE *stream,
                       struct arena *arena)
{
    const struct promotion *promotion = inspection->ranges->promotion;
    for (uint32_t i = 0; promotion != NULL && i < promotion->word_count; i++) {
        const struct promoted_word *word = &promotion->words[i];
        (void)fprintf(
            stream, "%-12s %s%s\n", "keeps",
            place(&inspection->patch, word->memory, word->address, arena),
            word->is_written ? "" : ", which it only reads");
    }
}

void inspect_ranges_text(const struct inspection *inspection, FILE *stream,
                         struct arena *arena)
{
    const struct analysis *analysis = &inspection->ranges->analysis;
    const struct patch *patch = &inspection->patch;
    (void)fprintf(stream, "%-12s %s\n", "ranges",
                  ranges_summary(inspection->ranges, arena));
    for (uint32_t i = 0; analysis->failure == NULL &&
                         i < inspection->patch.module->function_count;
         i++) {
        const struct wasm_body *function = &analysis->bodies.functions[i];
        for (uint32_t k = 0; k < function->op_count; k++) {
            if (is_shown(analysis, &function->ops[k])) {
                print_access(inspection, i, &function->ops[k], stream, arena);
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
                       uint32_t function, const struct body_op *op,
                       struct arena *arena)
{
    const struct patch *patch = &inspection->patch;
    cJSON *entry = cJSON_CreateObject();
    struct bounds bounds;
    bool is_proven = find_bounds(&bounds, &inspection->ranges->analysis, op);
    (void)cJSON_AddNumberToObject(
        entry, "function",
        made_function_caller(inspection->patch.module, function));
    (void)cJSON_AddNumberToObject(
        entry, "offset",
        (double)made_function_origin(inspection->patch.module,
                                     op->insn.offset));
    (void)cJSON_AddStringToObject(entry, "instruction", op->insn.opcode->name);
    (void)cJSON_AddBoolToObject(entry, "proven", is_proven);
    if (is_proven) {
        uint32_t memory = op->insn.index2;
        (void)cJSON_AddNumberToObject(entry, "first", (double)bounds.lo);
        (void)cJSON_AddNumberToObject(entry, "last", (double)bounds.hi);
        (void)cJSON_AddStringToObject(entry, "firstName",
                                      place(patch, memory, bounds.lo, arena));
        (void)cJSON_AddStringToObject(entry, "lastName",
                                      place(patch, memory, bounds.hi, arena));
    } else {
        (void)cJSON_AddStringToObject(entry, "why",
                                      explain(inspection, op, arena));
    }
    if (find_guard(&bounds, inspection->ranges, op)) {
        (void)cJSON_AddNumberToObject(entry, "guardFirst", (double)bounds.lo);
        (void)cJSON_AddNumberToObject(entry, "guardLast", (double)bounds.hi);
    }
    (void)cJSON_AddItemToArray(array, entry);
}

static void add_kept(cJSON *object, const struct inspection *inspection,
                     struct arena *arena)
{
    const struct promotion *promotion = inspection->ranges->promotion;
    cJSON *array = cJSON_AddArrayToObject(object, "kept");
    for (uint32_t i = 0; promotion != NULL && i < promotion->word_count; i++) {
        const struct promoted_word *word = &promotion->words[i];
        cJSON *entry = cJSON_CreateObject();
        (void)cJSON_AddNumberToObject(entry, "memory", word->memory);
        (void)cJSON_AddNumberToObject(entry, "address", word->address);
        (void)cJSON_AddStringToObject(
            entry, "name",
            place(&inspection->patch, word->memory, word->address, arena));
        (void)cJSON_AddBoolToObject(entry, "written", word->is_written);
        (void)cJSON_AddItemToArray(array, entry);
    }
}

void inspect_ranges_json(const struct inspection *inspection, cJSON *root,
                         struct arena *arena)
{
    const struct analysis *analysis = &inspection->ranges->analysis;
    cJSON *object = cJSON_AddObjectToObject(root, "ranges");
    (void)cJSON_AddStringToObject(object, "summary",
                                  ranges_summary(inspection->ranges, arena));
    cJSON *accesses = cJSON_AddArrayToObject(object, "accesses");
    for (uint32_t i = 0; analysis->failure == NULL &&
                         i < inspection->patch.module->function_count;
         i++) {
        const struct wasm_body *function = &analysis->bodies.functions[i];
        for (uint32_t k = 0; k < function->op_count; k++) {
            if (is_shown(analysis, &function->ops[k])) {
                add_access(accesses, inspection, i, &function->ops[k], arena);
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
