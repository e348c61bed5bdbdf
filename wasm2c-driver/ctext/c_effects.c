/* SPDX-License-Identifier: MIT */
#include "ctext/c_effects.h"

#include "ctext/c_known.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The stretch at hand. */
struct scan {
    struct c_effects_reader *reader;
    struct c_effects *effects;
    struct c_known known;
    size_t depth;
    bool has_jumps; /* so far: what follows may be skipped */
};

/* Words of lines that cannot trap, besides those of pure statements. */
static const char *const harmless_words[] = {
    "u8",
    "s8",
    "u16",
    "s16",
    "u32",
    "s32",
    "u64",
    "s64",
    "f32",
    "f64",
    "if",
    "else",
    "goto",
    "switch",
    "case",
    "default",
    "return",
    "I32_CLZ",
    "I32_CTZ",
    "I32_POPCNT",
    "I32_ROTL",
    "I32_ROTR",
    "I64_CLZ",
    "I64_CTZ",
    "I64_POPCNT",
    "I64_ROTL",
    "I64_ROTR",
    "wasm_floorf",
    "wasm_floor",
    "wasm_ceilf",
    "wasm_ceil",
    "wasm_truncf",
    "wasm_trunc",
    "wasm_fabsf",
    "wasm_fabs",
    "wasm_nearbyintf",
    "wasm_sqrtf",
    "wasm_sqrt",
    "FMIN",
    "FMAX",
    "F32_WHOLE",
    "F64_WHOLE",
    "copysignf",
    "copysign",
    "wasm_nearbyint",
    "f32_reinterpret_i32",
    "i32_reinterpret_f32",
    "I32_TRUNC_SAT_S_F32",
    "I32_TRUNC_SAT_U_F32",
    "I32_TRUNC_SAT_S_F64",
    "I32_TRUNC_SAT_U_F64",
    "I64_TRUNC_SAT_S_F32",
    "I64_TRUNC_SAT_S_F64",
};

static bool is_harmless(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof(harmless_words) / sizeof(harmless_words[0]);
         i++) {
        if (strlen(harmless_words[i]) == length &&
            memcmp(harmless_words[i], word, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_label(const struct c_line *line)
{
    return c_line_ends(line, ":") || c_line_ends(line, ": ") ||
           c_line_ends(line, ":;");
}

/* ---- Globals ---- */

static struct c_global_use *use_of(struct scan *scan, uint32_t global)
{
    struct c_effects *effects = scan->effects;
    for (uint32_t i = 0; i < effects->global_count; i++) {
        if (effects->globals[i].global == global) {
            return &effects->globals[i];
        }
    }
    effects->globals =
        arena_grow(scan->reader->arena, effects->globals, effects->global_count,
                   &effects->global_capacity, sizeof(*effects->globals));
    struct c_global_use *use = &effects->globals[effects->global_count++];
    *use = (struct c_global_use){.global = global};
    return use;
}

static void read_global(struct scan *scan, uint32_t global, char kind)
{
    struct c_global_use *use = use_of(scan, global);
    use->is_exposed = use->is_exposed || !use->is_killed;
    use->kind = kind;
}

static void write_global(struct scan *scan, uint32_t global, char kind)
{
    struct c_global_use *use = use_of(scan, global);
    use->is_written = true;
    use->is_killed = use->is_killed || (scan->depth == 0 && !scan->has_jumps);
    use->kind = kind;
}

/* Globals are copied from and to places of the operand stack, and no more. */
static void scan_globals(struct scan *scan, const struct c_statement *statement)
{
    for (uint32_t i = 0; i < statement->read_count; i++) {
        if (c_variable_kind(statement->reads[i]) == 'g') {
            char kind = c_variable_kind(statement->target);
            scan->effects->is_known = scan->effects->is_known && kind != '\0' &&
                                      strchr("ijfd", kind) != NULL;
            read_global(scan, statement->reads[i], kind);
        }
    }
    if (c_variable_kind(statement->target) == 'g') {
        char kind = '\0';
        if (statement->read_count == 1) {
            kind = c_variable_kind(statement->reads[0]);
        }
        scan->effects->is_known = scan->effects->is_known && kind != '\0' &&
                                  strchr("ijfd", kind) != NULL;
        write_global(scan, statement->target, kind);
    }
}

/* ---- Memory ---- */

/* "i32_load16_s" and so on: how many bytes; 0 for another word. */
static uint32_t access_bytes(const char *word, size_t length, bool *is_store)
{
    const char *verb =
        length > 8 && memcmp(word + 3, "_load", 5) == 0    ? word + 8
        : length > 9 && memcmp(word + 3, "_store", 6) == 0 ? word + 9
                                                           : NULL;
    if (length == 8 && memcmp(word + 3, "_load", 5) == 0) {
        verb = word + 8;
    } else if (length == 9 && memcmp(word + 3, "_store", 6) == 0) {
        verb = word + 9;
    }
    if (verb == NULL || strchr("if", word[0]) == NULL) {
        return 0;
    }
    *is_store = word[4] == 's';
    unsigned long bits =
        strtoul(isdigit((unsigned char)*verb) ? verb : word + 1, NULL, 10);
    return bits == 8 || bits == 16 || bits == 32 || bits == 64
               ? (uint32_t)bits / 8
               : 0;
}

/* "f32_load(F4E_M0, (u64)(i1) + 8u)": no trap where the address is known. */
static bool scan_access(struct scan *scan, const struct c_line *line,
                        uint32_t bytes, bool is_store)
{
    struct c_effects *effects = scan->effects;
    const char *memory = c_line_find(line, "F4E_M");
    const char *address = c_line_find(line, "(u64)(");
    size_t length = 0;
    if (memory == NULL || address == NULL) {
        return false;
    }
    unsigned long number = strtoul(memory + strlen("F4E_M"), NULL, 10);
    address += strlen("(u64)(");
    const struct c_place *known =
        c_known_find(&scan->known, c_variable_at(address, &length));
    if (known == NULL || number >= scan->reader->memory_count) {
        return false;
    }
    uint64_t offset = 0;
    if (strncmp(address + length, ") + ", 4) == 0) {
        offset = strtoull(address + length + 4, NULL, 10);
    }
    uint64_t last = known->last + offset + bytes - 1;
    if (last >= scan->reader->memory_bytes[number] || last > UINT32_MAX) {
        return false;
    }
    effects->accesses = arena_grow(
        scan->reader->arena, effects->accesses, effects->access_count,
        &effects->access_capacity, sizeof(*effects->accesses));
    effects->accesses[effects->access_count++] =
        (struct c_access){(uint32_t)number, (uint32_t)(known->first + offset),
                          (uint32_t)last, is_store};
    effects->is_plain = effects->is_plain && !is_store;
    return true;
}

/* ---- Calls ---- */

static void scan_call(struct scan *scan, const struct c_function *called)
{
    struct c_effects_reader *reader = scan->reader;
    struct c_effects *effects = scan->effects;
    size_t index = (size_t)(called - reader->functions->list);
    struct c_effects *its = reader->functions_read[index];
    if (its == NULL) {
        its = arena_alloc(reader->arena, 1, sizeof(*its));
        reader->functions_read[index] = its;
        c_effects_read(its, reader, c_function_body(called, reader->lines),
                       called->last);
    }
    for (uint32_t i = 0; i < its->global_count; i++) {
        const struct c_global_use *use = &its->globals[i];
        if (use->is_exposed) {
            read_global(scan, use->global, use->kind);
        }
        if (use->is_written) {
            bool has_jumps = scan->has_jumps;
            scan->has_jumps = has_jumps || !use->is_killed;
            write_global(scan, use->global, use->kind);
            scan->has_jumps = has_jumps;
        }
    }
    for (uint32_t i = 0; i < its->access_count; i++) {
        effects->accesses =
            arena_grow(reader->arena, effects->accesses, effects->access_count,
                       &effects->access_capacity, sizeof(*effects->accesses));
        effects->accesses[effects->access_count++] = its->accesses[i];
    }
    effects->is_known = effects->is_known && its->is_known;
    effects->is_plain =
        effects->is_plain && its->is_plain && its->global_count == 0;
    effects->weight += its->weight;
}

/* ---- Lines ---- */

/* Whether each word of the line is understood, and none can trap. */
static bool scan_words(struct scan *scan, const struct c_line *line)
{
    const char *end = line->text + line->length;
    bool is_access = false;
    for (const char *p = line->text; p < end;) {
        size_t length = 0;
        bool is_store = false;
        if (c_variable_at(p, &length) != 0) {
            p += length;
            continue;
        }
        length = c_word_length(p);
        uint32_t bytes = length > 7 ? access_bytes(p, length, &is_store) : 0;
        if (bytes > 0) {
            if (is_access || !scan_access(scan, line, bytes, is_store)) {
                return false;
            }
            is_access = true;
        } else if (length > 0 && !isdigit((unsigned char)*p) &&
                   !is_harmless(p, length) &&
                   !c_known_divides(&scan->known, line, p, length) &&
                   !(is_access && strncmp(p, "F4E_M", 5) == 0) &&
                   c_line_find(line, "goto ") == NULL && !is_label(line)) {
            return false;
        }
        p += length > 0 ? length : 1;
    }
    return true;
}

/* A line that moves on in the text, or may not. */
static void scan_control(struct scan *scan, const struct c_line *line)
{
    bool is_jump = is_label(line) || c_line_find(line, "goto ") != NULL;
    if (c_line_starts(line, "}") || is_label(line)) {
        scan->known.count = 0;
        scan->depth -= c_line_starts(line, "}") && scan->depth > 0 ? 1 : 0;
    }
    scan->depth += c_line_ends(line, "{") ? 1 : 0;
    scan->has_jumps = scan->has_jumps || is_jump;
    scan->effects->has_jumps = scan->has_jumps;
    bool is_loop = c_line_starts(line, "w2c_L") || c_line_starts(line, "var_L");
    scan->effects->is_plain =
        scan->effects->is_plain && !is_loop && !c_line_starts(line, "switch");
}

static void scan_line(struct scan *scan, const struct c_line *line)
{
    struct c_effects *effects = scan->effects;
    struct c_statement statement;
    if (c_line_starts(line, "FUNC_") || line->length == 0) {
        return;
    }
    c_statement_read(&statement, line);
    const struct c_function *called =
        c_functions_called(scan->reader->functions, line);
    if (called != NULL) {
        scan_call(scan, called);
        c_known_forget(&scan->known, statement.target);
        return;
    }
    if (c_known_is_range(&scan->known, line)) {
        c_known_learn_range(&scan->known, &statement);
        return;
    }
    scan_control(scan, line);
    effects->is_known =
        effects->is_known && statement.is_known && scan_words(scan, line);
    scan_globals(scan, &statement);
    if (statement.target == 0) {
        /* "x <<= y;" is none that c_statement.h knows. */
        for (uint32_t i = 0; i < statement.read_count; i++) {
            c_known_forget(&scan->known, statement.reads[i]);
        }
        return;
    }
    c_known_forget(&scan->known, statement.target);
    if (statement.is_constant && c_variable_kind(statement.target) == 'i' &&
        isdigit((unsigned char)*statement.value)) {
        uint32_t number = (uint32_t)strtoul(statement.value, NULL, 10);
        c_known_learn(&scan->known, statement.target, number, number);
    }
    char kind = c_variable_kind(statement.target);
    bool is_operation =
        statement.is_update ||
        memchr(statement.value, '(', statement.value_length) != NULL;
    effects->weight += (kind == 'f' || kind == 'd') && is_operation ? 1 : 0;
}

void c_effects_read(struct c_effects *effects, struct c_effects_reader *reader,
                    size_t first, size_t end)
{
    *effects = (struct c_effects){.is_known = true, .is_plain = true};
    struct scan scan = {
        .reader = reader,
        .effects = effects,
        .known = {.lines = reader->lines, .range_calls = reader->range_calls}};
    for (size_t i = first; i < end && effects->is_known; i++) {
        scan_line(&scan, &reader->lines[i]);
    }
    effects->is_plain = effects->is_plain && effects->is_known;
}

void c_effects_init(struct c_effects_reader *reader, const struct c_line *lines,
                    const struct c_functions *functions,
                    const uint64_t *memory_bytes, uint32_t memory_count,
                    uint32_t range_import, struct arena *arena)
{
    *reader = (struct c_effects_reader){
        .lines = lines,
        .functions = functions,
        .memory_bytes = memory_bytes,
        .memory_count = memory_count,
        .range_calls = {arena_format(arena, "(*Z_f4eZ_i%u)(", range_import),
                        arena_format(arena, " w2c_f4e_i%u(", range_import)},
        .functions_read = arena_alloc(arena, functions->count + 1,
                                      sizeof(*reader->functions_read)),
        .arena = arena,
    };
}
