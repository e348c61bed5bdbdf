/* SPDX-License-Identifier: MIT */
#include "proof.h"

#include "keep.h"

#include <inttypes.h>

enum {
    /* A walk meets the numbers that its loops settle at as it goes, so the
     * first may overshoot where the next does not. Each is a check of its own.
     */
    CHECK_WALKS = 3,
    MAX_FIELDS = 8,
};

static void write_range(struct buf *out, const struct range *range)
{
    buf_format(out, " %" PRId32 " %" PRId32 " %" PRIu32 " %" PRIu32 "\n",
               range->lo, range->hi, range->residue, range->bits);
}

static void write_list(struct buf *out, const char *word,
                       const struct memory_span *spans, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        buf_format(out, "%s %u %u %" PRIu64, word,
                   (uint32_t)(spans[i].start >> 32), (uint32_t)spans[i].start,
                   spans[i].end - spans[i].start);
        write_range(out, &spans[i].range);
    }
}

void proof_write(struct buf *out, const struct analysis *analysis)
{
    buf_text(out, "# Proven address ranges; docs/ranges.md tells how to read "
                  "this.\n");
    write_list(out, "cell", analysis->cells.spans, analysis->cells.count);
    write_list(out, "write", analysis->writes.spans, analysis->writes.count);
    write_list(out, "relies", analysis->invariants, analysis->invariant_count);
    for (uint32_t i = 0; i < analysis->code.site_count; i++) {
        const struct walk_site *site = &analysis->sites[i];
        if (site->is_reached && site->is_inside) {
            buf_format(out, "address %u", i);
            write_range(out, &site->address);
        }
        if (site->has_value && !range_is_top(&site->value)) {
            buf_format(out, "value %u", i);
            write_range(out, &site->value);
        }
    }
}

/* ---- Reading ---- */

struct proof {
    struct memory_list cells;
    struct memory_list writes;
    struct memory_list relies;
    struct walk_site *sites; /* claims: is_inside with an address, has_value */
    uint32_t site_count;
    const struct wasm_module *module;
};

/* "NAME number number …"; the count of numbers, or -1. */
static int split_line(const char *line, size_t length, int64_t *fields)
{
    size_t at = 0;
    int count = 0;
    while (at < length && line[at] != ' ') {
        at++;
    }
    while (at < length) {
        bool is_negative = false;
        int64_t value = 0;
        at++; /* the blank */
        if (at < length && line[at] == '-') {
            is_negative = true;
            at++;
        }
        size_t first = at;
        while (at < length && line[at] >= '0' && line[at] <= '9' &&
               at - first < 12) {
            value = 10 * value + (line[at++] - '0');
        }
        if (at == first || count == MAX_FIELDS ||
            (at < length && line[at] != ' ')) {
            return -1;
        }
        fields[count++] = is_negative ? -value : value;
    }
    return count;
}

static bool read_range(struct range *range, const int64_t *fields)
{
    if (fields[0] < INT32_MIN || fields[1] > INT32_MAX ||
        fields[0] > fields[1] || fields[3] < 0 || fields[3] > 32 ||
        fields[2] < 0 || fields[2] > UINT32_MAX ||
        (fields[3] < 32 && fields[2] >> fields[3] != 0)) {
        return false;
    }
    *range = (struct range){(int32_t)fields[0], (int32_t)fields[1],
                            (uint32_t)fields[2], (uint32_t)fields[3]};
    return range_contains(range, (uint32_t)range->lo) &&
           range_contains(range, (uint32_t)range->hi);
}

/* Spans come in order and inside their memory, or it is no proof. */
static bool read_span(struct memory_list *list, const struct proof *proof,
                      const int64_t *fields, uint32_t room)
{
    struct memory_span span = {.growths = 0};
    if (fields[0] < 0 || fields[0] >= proof->module->memory_count ||
        list->count == room || !read_range(&span.range, &fields[3])) {
        return false;
    }
    int64_t limit = (int64_t)(proof->module->memories[fields[0]].limits.min *
                              WASM_PAGE_BYTES);
    if (fields[1] < 0 || fields[1] % 4 != 0 || fields[1] >= limit ||
        fields[2] <= 0 || fields[2] % 4 != 0 || fields[2] > limit - fields[1]) {
        return false;
    }
    span.start = (uint64_t)fields[0] << 32 | (uint64_t)fields[1];
    span.end = span.start + (uint64_t)fields[2];
    if (list->count > 0 && list->spans[list->count - 1].end > span.start) {
        return false;
    }
    list->spans[list->count++] = span;
    return true;
}

static bool read_line(struct proof *proof, const char *line, size_t length,
                      uint32_t room)
{
    int64_t fields[MAX_FIELDS] = {0};
    int count = split_line(line, length, fields);
    bool is_span = count == 7;
    bool is_site =
        count == 5 && fields[0] >= 0 && fields[0] < proof->site_count;
    if (is_span && strncmp(line, "cell ", 5) == 0) {
        return fields[2] == 4 && read_span(&proof->cells, proof, fields, room);
    }
    if (is_span && strncmp(line, "write ", 6) == 0) {
        return read_span(&proof->writes, proof, fields, room);
    }
    if (is_span && strncmp(line, "relies ", 7) == 0) {
        return read_span(&proof->relies, proof, fields, room);
    }
    if (is_site && strncmp(line, "address ", 8) == 0) {
        proof->sites[fields[0]].is_inside = true;
        return read_range(&proof->sites[fields[0]].address, &fields[1]);
    }
    if (is_site && strncmp(line, "value ", 6) == 0) {
        proof->sites[fields[0]].has_value = true;
        return read_range(&proof->sites[fields[0]].value, &fields[1]);
    }
    return false;
}

static bool read_proof(struct proof *proof, const char *text,
                       struct arena *arena)
{
    uint32_t lines = 1;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    struct memory_list *lists[] = {&proof->cells, &proof->writes,
                                   &proof->relies};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        lists[i]->spans = arena_alloc(arena, lines, sizeof(*lists[i]->spans));
        lists[i]->capacity = lines;
    }
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (text[0] != '#' && !read_line(proof, text, length, lines)) {
            return false;
        }
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    return true;
}

/* ---- Checking ---- */

/* All that was seen is what is claimed, or there is no claim. */
static bool do_sites_agree(const struct proof *proof,
                           const struct walk_site *seen)
{
    for (uint32_t i = 0; i < proof->site_count; i++) {
        const struct walk_site *claim = &proof->sites[i];
        if (claim->is_inside && seen[i].is_reached &&
            (!seen[i].is_inside ||
             !range_within(&seen[i].address, &claim->address))) {
            return false;
        }
        if (claim->has_value && seen[i].has_value &&
            !range_within(&seen[i].value, &claim->value)) {
            return false;
        }
    }
    return true;
}

/* The host keeps all that the walk relied on. */
static bool are_uses_kept(const struct proof *proof,
                          const struct memory_list *uses)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < uses->count; i++) {
        uint64_t at = uses->spans[i].start;
        while (at < uses->spans[i].end) {
            while (k < proof->relies.count &&
                   proof->relies.spans[k].end <= at) {
                k++;
            }
            if (k == proof->relies.count || proof->relies.spans[k].start > at ||
                !range_within(&proof->relies.spans[k].range,
                              &uses->spans[i].range)) {
                return false;
            }
            at = proof->relies.spans[k].end;
        }
    }
    return true;
}

static const char *check_walk(const struct proof *proof, struct walk *walk,
                              struct memory_model *memory,
                              const struct patch *patch)
{
    memory->has_grown = false;
    memory->uses.count = 0;
    memset(walk->sites, 0, proof->site_count * sizeof(*walk->sites));
    analysis_add_host_writes(memory, patch);
    if (!analysis_walk_roots(walk, patch)) {
        return walk->failure;
    }
    if (memory->has_grown) {
        return "a call leaves memory that the proof does not allow";
    }
    if (!do_sites_agree(proof, walk->sites)) {
        return "a load, a store or a condition is not as the proof says";
    }
    return are_uses_kept(proof, &memory->uses)
               ? NULL
               : "it relies on words that the host does not keep";
}

bool proof_check(const char *text, const struct patch *patch,
                 const char **reason, struct arena *arena)
{
    struct code code;
    struct image image;
    struct memory_model memory;
    struct walk walk;
    code_decode(&code, patch->module, arena);
    struct proof proof = {.module = patch->module,
                          .site_count = code.site_count};
    proof.sites = arena_alloc(arena, code.site_count, sizeof(*proof.sites));
    if (!image_make(&image, patch, &code, reason, arena)) {
        return false;
    }
    *reason = "it is not written as a proof";
    if (!read_proof(&proof, text, arena)) {
        return false;
    }
    memory_init(&memory, &image, arena);
    memory.is_frozen = true;
    memory.is_noting = true;
    memory.cells = proof.cells;
    memory.writes = proof.writes;
    walk_init(&walk, &code, &memory, arena);
    for (int i = 0; i < CHECK_WALKS; i++) {
        *reason = check_walk(&proof, &walk, &memory, patch);
        if (*reason == NULL) {
            return true;
        }
    }
    return false;
}

void proof_find(struct analysis *analysis, const struct patch *patch,
                bool has_host_code, struct arena *arena)
{
    const char *reason = NULL;
    struct buf text;
    analysis_run(analysis, patch, has_host_code, arena);
    if (analysis->failure != NULL) {
        return;
    }
    buf_init(&text, arena);
    proof_write(&text, analysis);
    if (proof_check(buf_string(&text), patch, &reason, arena)) {
        analysis->proof = buf_string(&text);
        analysis->keep = keep_find(analysis, arena);
    } else {
        analysis->failure = reason;
    }
}
