/* SPDX-License-Identifier: MIT */
#include "ranges/check/certificate.h"

#include <string.h>

enum {
    MAX_NUMBERS = 7,
    MAX_DIGITS = 10,
    RANGE_NUMBERS = 4,
};

/* ---- Syntax ---- */

struct line {
    char word[8];
    int64_t numbers[MAX_NUMBERS];
    uint32_t count;
};

/* A blank and a decimal number. False for anything else. */
static bool parse_number(const char **at, int64_t *number)
{
    const char *p = *at;
    bool is_negative = false;
    uint32_t digits = 0;
    *number = 0;
    if (*p++ != ' ') {
        return false;
    }
    if (*p == '-') {
        is_negative = true;
        p++;
    }
    while (*p >= '0' && *p <= '9' && digits <= MAX_DIGITS) {
        *number = 10 * *number + (*p++ - '0');
        digits++;
    }
    *number = is_negative ? -*number : *number;
    *at = p;
    return digits > 0 && digits <= MAX_DIGITS;
}

/* A word and numbers up to the end of the line; '*at' is left after it. */
static bool parse_line(const char **at, struct line *line)
{
    size_t length = 0;
    *line = (struct line){.count = 0};
    while (**at >= 'a' && **at <= 'z') {
        if (length + 1 == sizeof(line->word)) {
            return false;
        }
        line->word[length++] = *(*at)++;
    }
    while (**at == ' ') {
        if (line->count == MAX_NUMBERS ||
            !parse_number(at, &line->numbers[line->count])) {
            return false;
        }
        line->count++;
    }
    if (**at == '\n') {
        (*at)++;
        return true;
    }
    return false;
}

/* ---- Statements ---- */

static bool parse_interval(struct interval *interval,
                           const int64_t numbers[RANGE_NUMBERS])
{
    int64_t bits = numbers[3];
    if (numbers[0] < INT32_MIN || numbers[1] > INT32_MAX ||
        numbers[0] > numbers[1] || bits < 0 || bits > 32 || numbers[2] < 0 ||
        numbers[2] >> bits != 0) {
        return false;
    }
    *interval = (struct interval){numbers[0], numbers[1], (uint32_t)numbers[2],
                                  (uint32_t)bits};
    return interval_contains(interval, (uint32_t)interval->lo) &&
           interval_contains(interval, (uint32_t)interval->hi);
}

/* The key of a word inside the module's memories. */
static bool parse_key(const struct wasm_module *module, uint64_t *key,
                      int64_t memory, int64_t address)
{
    if (memory < 0 || memory >= module->memory_count || address < 0 ||
        address % 4 != 0 ||
        (uint64_t)address >=
            module->memories[memory].limits.min * WASM_PAGE_BYTES) {
        return false;
    }
    *key = (uint64_t)memory << 32 | (uint64_t)address;
    return true;
}

static bool parse_words(struct certificate *certificate,
                        const int64_t numbers[MAX_NUMBERS])
{
    struct certificate_words words;
    uint32_t count = certificate->word_count;
    if (!parse_key(certificate->module, &words.start, numbers[0], numbers[1]) ||
        !parse_interval(&words.interval, &numbers[3])) {
        return false;
    }
    uint64_t limit =
        certificate->module->memories[numbers[0]].limits.min * WASM_PAGE_BYTES;
    if (numbers[2] <= 0 || numbers[2] % 4 != 0 ||
        (uint64_t)numbers[2] > limit - (uint64_t)numbers[1] ||
        (count > 0 && certificate->words[count - 1].end > words.start)) {
        return false;
    }
    words.end = words.start + (uint64_t)numbers[2];
    certificate->words[certificate->word_count++] = words;
    return true;
}

static bool parse_site(struct certificate *certificate,
                       const int64_t numbers[MAX_NUMBERS], bool is_address)
{
    if (numbers[0] < 0 || numbers[0] >= certificate->site_count) {
        return false;
    }
    struct certificate_site *site = &certificate->sites[numbers[0]];
    bool is_access = body_is_load(site->opcode) || body_is_store(site->opcode);
    if (is_address) {
        bool is_new = !site->has_address;
        site->has_address = true;
        return is_new && is_access &&
               parse_interval(&site->address, &numbers[1]);
    }
    bool is_new = !site->has_value;
    site->has_value = true;
    return is_new && (!is_access || site->opcode == CODE_I32_LOAD) &&
           parse_interval(&site->value, &numbers[1]);
}

static bool parse_path(struct certificate *certificate,
                       const int64_t numbers[MAX_NUMBERS], struct arena *arena)
{
    uint32_t count = certificate->path_count;
    struct certificate_path *last = &certificate->paths[count - 1];
    struct certificate_path *path = &certificate->paths[count];
    if (numbers[0] < 0 || numbers[0] >= count || numbers[1] < 0 ||
        numbers[1] > UINT32_MAX) {
        return false;
    }
    *path = (struct certificate_path){.parent = (uint32_t)numbers[0],
                                      .at = (uint32_t)numbers[1]};
    path->values = last->values + last->value_count;
    path->slots = last->slots + last->slot_count;
    path->words = last->words + last->word_count;
    uint32_t *index = u64map_at(&certificate->path_index,
                                u64map_pair(path->parent, path->at), arena);
    if (*index != 0) {
        return false;
    }
    *index = count;
    certificate->path_count++;
    return true;
}

static bool parse_place(struct certificate_place *places, uint32_t *count,
                        uint64_t at, int64_t value,
                        const struct certificate_path *path)
{
    if (value < 0 || value >= path->value_count ||
        (*count > 0 && places[*count - 1].at >= at)) {
        return false;
    }
    places[*count] = (struct certificate_place){at, (uint32_t)value};
    *count += 1;
    return true;
}

/* A statement that belongs to the last path. */
static bool parse_part(struct certificate *certificate, const struct line *line)
{
    struct certificate_path *path =
        &certificate->paths[certificate->path_count - 1];
    const int64_t *numbers = line->numbers;
    uint64_t key = 0;
    if (strcmp(line->word, "round") == 0 && line->count == RANGE_NUMBERS) {
        return parse_interval(&path->values[path->value_count++], numbers);
    }
    if (strcmp(line->word, "slot") == 0 && line->count == 2) {
        return numbers[0] >= 0 &&
               parse_place(path->slots, &path->slot_count, (uint64_t)numbers[0],
                           numbers[1], path);
    }
    return strcmp(line->word, "word") == 0 && line->count == 3 &&
           parse_key(certificate->module, &key, numbers[0], numbers[1]) &&
           parse_place(path->words, &path->word_count, key, numbers[2], path);
}

static bool apply_line(struct certificate *certificate, const struct line *line,
                       struct arena *arena)
{
    enum { WORDS_NUMBERS = 7, SITE_NUMBERS = 5, PATH_NUMBERS = 2 };
    if (strcmp(line->word, "relies") == 0) {
        return line->count == WORDS_NUMBERS &&
               parse_words(certificate, line->numbers);
    }
    if (strcmp(line->word, "address") == 0 ||
        strcmp(line->word, "value") == 0) {
        return line->count == SITE_NUMBERS &&
               parse_site(certificate, line->numbers, line->word[0] == 'a');
    }
    if (strcmp(line->word, "path") == 0) {
        return line->count == PATH_NUMBERS &&
               parse_path(certificate, line->numbers, arena);
    }
    return certificate->path_count > 1 && parse_part(certificate, line);
}

/* Arrays with as many elements as the text has lines. */
static void make_room(struct certificate *certificate, const char *text,
                      struct arena *arena)
{
    uint32_t lines = 1;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    certificate->words = arena_alloc(arena, lines, sizeof(*certificate->words));
    certificate->paths =
        arena_alloc(arena, lines + (size_t)1, sizeof(*certificate->paths));
    certificate->path_count = 1;
    struct certificate_path *host = &certificate->paths[0];
    host->values = arena_alloc(arena, lines, sizeof(*host->values));
    host->slots = arena_alloc(arena, lines, sizeof(*host->slots));
    host->words = arena_alloc(arena, lines, sizeof(*host->words));
}

static void find_sites(struct certificate *certificate,
                       const struct wasm_bodies *bodies, struct arena *arena)
{
    certificate->site_count = bodies->site_count;
    certificate->sites =
        arena_alloc(arena, bodies->site_count, sizeof(*certificate->sites));
    for (uint32_t i = 0; i < bodies->module->function_count; i++) {
        for (uint32_t k = 0; k < bodies->functions[i].op_count; k++) {
            const struct body_op *op = &bodies->functions[i].ops[k];
            if (op->site != BODY_NO_SITE) {
                certificate->sites[op->site].opcode = op->insn.code;
            }
        }
    }
}

bool certificate_read(struct certificate *certificate, const char *text,
                      const struct wasm_bodies *bodies, struct arena *arena)
{
    *certificate = (struct certificate){.module = bodies->module};
    make_room(certificate, text, arena);
    find_sites(certificate, bodies, arena);
    while (*text != '\0') {
        struct line line;
        if (*text == '#') {
            text += strcspn(text, "\n");
            text += *text == '\n' ? 1 : 0;
        } else if (!parse_line(&text, &line) ||
                   !apply_line(certificate, &line, arena)) {
            return false;
        }
    }
    return true;
}

/* ---- Queries ---- */

uint32_t certificate_follow(const struct certificate *certificate,
                            uint32_t parent, uint64_t at)
{
    if (parent == CERTIFICATE_NO_PATH || at > UINT32_MAX) {
        return CERTIFICATE_NO_PATH;
    }
    uint32_t found = u64map_find(&certificate->path_index,
                                 u64map_pair(parent, (uint32_t)at));
    return found == 0 ? CERTIFICATE_NO_PATH : found;
}

/* The first of the words that ends after 'key'. */
static uint32_t find_words(const struct certificate *certificate, uint64_t key)
{
    uint32_t from = 0;
    uint32_t to = certificate->word_count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (certificate->words[middle].end > key) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return from;
}

struct interval certificate_interval(const struct certificate *certificate,
                                     uint64_t start, uint64_t end)
{
    struct interval all = interval_top();
    uint64_t covered = start;
    for (uint32_t i = find_words(certificate, start);
         covered < end && i < certificate->word_count &&
         certificate->words[i].start <= covered;
         i++) {
        const struct interval *interval = &certificate->words[i].interval;
        all = covered == start ? *interval : interval_join(&all, interval);
        covered = certificate->words[i].end;
    }
    return covered >= end ? all : interval_top();
}

bool certificate_allows(const struct certificate *certificate, uint64_t start,
                        uint64_t end, const struct interval *what)
{
    for (uint32_t i = find_words(certificate, start);
         i < certificate->word_count && certificate->words[i].start < end;
         i++) {
        if (!interval_within(what, &certificate->words[i].interval)) {
            return false;
        }
    }
    return true;
}
