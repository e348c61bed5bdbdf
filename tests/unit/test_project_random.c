/* SPDX-License-Identifier: MIT */
/*
 * Programs made up at random: declarations of every kind in every way of
 * writing, in modules of every order. What is expected of them is worked out
 * here once more, byte by byte.
 */
#include "../fuzz/check_project.h"
#include "base/splitmix.h"
#include "listing.h"
#include "suite.h"

enum {
    PROGRAMS = 2000,
    MAX_MODULES = 8,
    MAX_VARIABLES = 10,
    MAX_COUNT = 12,
    MAX_IMAGE = 1 << 16,
};

/* In the order of UTF-16 code units, which for the last two is not that of
 * their bytes. */
static const char *const ids[MAX_MODULES] = {
    "Z", "_x", "a", "b10", "b2", "\xc3\xa9", "\xf0\x9f\x98\x80", "\xee\x80\x80",
};

static const struct kind {
    const char *keyword;
    unsigned bytes;
    char type; /* i integer, f float */
    bool is_array;
} kinds[] = {
    {"int", 4, 'i', false},       {"float", 4, 'f', false},
    {"float64", 8, 'f', false},   {"int*", 4, 'i', false},
    {"float64**", 4, 'i', false}, {"int8u*", 4, 'i', false},
    {"int[]", 4, 'i', true},      {"int32[]", 4, 'i', true},
    {"int8[]", 1, 'i', true},     {"int8u[]", 1, 'i', true},
    {"int16[]", 2, 'i', true},    {"int16u[]", 2, 'i', true},
    {"float[]", 4, 'f', true},    {"float64[]", 8, 'f', true},
    {"float*[]", 4, 'i', true},
};

struct variable {
    const struct kind *kind;
    unsigned count;
    unsigned value_count;
    int values[MAX_COUNT];
    int target; /* module of the address that it holds, or -1 */
    unsigned target_variable;
    uint32_t address;
    uint32_t line;
};

struct random_module {
    bool is_there;
    bool is_shaped; /* its first variable comes from a prototype */
    unsigned count;
    struct variable variables[MAX_VARIABLES];
};

static struct arena arena;
static uint64_t state;
static struct random_module modules[MAX_MODULES];
static struct buf text;
static uint32_t line;
static uint8_t expected[MAX_IMAGE];

static unsigned below(unsigned limit)
{
    return (unsigned)(splitmix_next64(&state) % limit);
}

static void write_line(const char *words)
{
    static const char *const before[] = {"", " ", "\t", "  "};
    static const char *const behind[] = {"", " ", " ; said @w", "\t; x"};
    while (below(6) == 0) {
        static const char *const gaps[] = {"", "  ; note", ";", "\t"};
        buf_format(&text, "%s\n", gaps[below(4)]);
        line++;
    }
    buf_format(&text, "%s%s%s\n", before[below(4)], words, behind[below(4)]);
    line++;
}

static void choose(void)
{
    for (unsigned m = 0; m < MAX_MODULES; m++) {
        modules[m] = (struct random_module){
            .is_there = m == 0 || below(2) == 0,
            .is_shaped = below(3) == 0,
            .count = below(MAX_VARIABLES + 1),
        };
        for (unsigned v = 0; v < modules[m].count; v++) {
            struct variable *variable = &modules[m].variables[v];
            *variable = (struct variable){
                .kind = &kinds[below(sizeof(kinds) / sizeof(kinds[0]))],
                .count = 1,
                .target = -1,
            };
            if (variable->kind->is_array) {
                variable->count = 2 + below(MAX_COUNT - 1);
            }
            variable->value_count = below(2) == 0 ? 0 : 1;
            if (variable->kind->is_array && variable->value_count > 0) {
                variable->value_count = below(variable->count) + 1;
            }
            for (unsigned i = 0; i < variable->value_count; i++) {
                variable->values[i] =
                    below(3) == 0 ? 0 : (int)below(70000) - 35000;
            }
        }
    }
}

/* Some integers hold the address of a variable, before or behind them. */
static void choose_targets(void)
{
    for (unsigned m = 0; m < MAX_MODULES; m++) {
        for (unsigned v = 0; v < modules[m].count; v++) {
            struct variable *variable = &modules[m].variables[v];
            unsigned target = below(MAX_MODULES);
            if (variable->kind->is_array || variable->kind->bytes != 4 ||
                variable->kind->type != 'i' || below(2) == 0 ||
                !modules[target].is_there || modules[target].count == 0) {
                continue;
            }
            variable->target = (int)target;
            variable->target_variable = below(modules[target].count);
            variable->value_count = 1;
        }
    }
}

/* One value in one of the ways to write it. */
static const char *write_value(const struct variable *variable, unsigned i,
                               bool has_constants)
{
    int value = variable->values[i];
    if (variable->target >= 0) {
        return arena_format(&arena, "&%s:v%u", ids[variable->target],
                            variable->target_variable);
    }
    switch (below(has_constants ? 6 : 4)) {
    case 0:
        return value < 0 ? arena_format(&arena, "-0x%x", (unsigned)-value)
                         : arena_format(&arena, "0x%x", (unsigned)value);
    case 1:
        return arena_format(&arena, "%d/4", 4 * value);
    case 2:
        return arena_format(&arena, "%d.0", value);
    case 4:
        return arena_format(&arena, "TEN+%d", value - 10);
    case 5:
        return arena_format(&arena, "%d*ONE", value);
    default:
        return arena_format(&arena, "%d", value);
    }
}

static void write_variable(struct variable *variable, unsigned v,
                           bool has_constants)
{
    struct buf words;
    buf_init(&words, &arena);
    bool has_continuation = below(3) == 0;
    buf_format(&words, "%s v%u", variable->kind->keyword, v);
    if (variable->kind->is_array) {
        buf_format(&words, has_constants && below(2) == 0 ? " %u*ONE" : " %u",
                   variable->count);
    }
    for (unsigned i = 0; !has_continuation && i < variable->value_count; i++) {
        buf_format(&words, " %s", write_value(variable, i, has_constants));
    }
    if (has_continuation) { /* a comment would swallow what follows */
        buf_format(&text, "%s\n", buf_string(&words));
        variable->line = ++line;
        for (unsigned i = 0; i < variable->value_count; i++) {
            write_line(arena_format(&arena, "- %s",
                                    write_value(variable, i, has_constants)));
        }
        return;
    }
    write_line(buf_string(&words));
    variable->line = line;
}

static void write_module(unsigned m)
{
    struct random_module *module = &modules[m];
    write_line(arena_format(&arena, "module %s", ids[m]));
    write_line("use numbers");
    if (module->is_shaped && module->count > 0) {
        write_line(arena_format(&arena, "shape p%u", m));
    }
    for (unsigned v = module->is_shaped ? 1 : 0; v < module->count; v++) {
        write_variable(&module->variables[v], v, true);
        while (below(4) == 0) {
            write_line("push 1");
            write_line("drop");
        }
    }
    write_line("moduleEnd");
}

/* Modules in any order, in one or more entries. */
static void write_program(void)
{
    unsigned order[MAX_MODULES];
    bool is_open = false;
    buf_init(&text, &arena);
    buf_text(&text, "8f4e/v1\n");
    line = 1;
    write_line("constants numbers");
    write_line("const ONE 1");
    write_line("const TEN 5*2");
    write_line("constantsEnd");
    for (unsigned m = 0; m < MAX_MODULES; m++) {
        order[m] = m;
        if (modules[m].is_there && modules[m].is_shaped &&
            modules[m].count > 0) {
            write_line(arena_format(&arena, "prototype p%u", m));
            write_variable(&modules[m].variables[0], 0, false);
            write_line("prototypeEnd");
        }
    }
    for (unsigned m = MAX_MODULES - 1; m > 0; m--) {
        unsigned other = below(m + 1);
        unsigned swapped = order[m];
        order[m] = order[other];
        order[other] = swapped;
    }
    for (unsigned i = 0; i < MAX_MODULES; i++) {
        if (!is_open) {
            write_line(arena_format(&arena, "entry e%u", i));
            is_open = true;
        }
        if (modules[order[i]].is_there) {
            write_module(order[i]);
        }
        if (below(3) == 0 || i + 1 == MAX_MODULES) {
            write_line("entryEnd");
            is_open = false;
        }
    }
}

static void store(uint8_t *at, const struct variable *variable, int value)
{
    if (variable->kind->type == 'f' && variable->kind->bytes == 8) {
        double wide = value;
        memcpy(at, &wide, 8);
    } else if (variable->kind->type == 'f') {
        float narrow = (float)value;
        memcpy(at, &narrow, 4);
    } else {
        for (unsigned i = 0; i < variable->kind->bytes; i++) {
            at[i] = (uint8_t)((uint32_t)value >> 8U * i);
        }
    }
}

/* Bytes one after the other; returns where they end. */
static uint32_t place_all(void)
{
    uint32_t at = 4;
    for (unsigned m = 0; m < MAX_MODULES; m++) {
        for (unsigned v = 0; modules[m].is_there && v < modules[m].count; v++) {
            struct variable *variable = &modules[m].variables[v];
            while (variable->kind->bytes == 8 && at % 8 != 0) {
                at += 4;
            }
            variable->address = at;
            at += variable->kind->bytes * variable->count;
            while (at % 4 != 0) {
                at++;
            }
        }
    }
    memset(expected, 0, at);
    for (unsigned m = 0; m < MAX_MODULES; m++) {
        for (unsigned v = 0; modules[m].is_there && v < modules[m].count; v++) {
            const struct variable *variable = &modules[m].variables[v];
            for (unsigned i = 0; i < variable->value_count; i++) {
                int value = variable->target < 0
                                ? variable->values[i]
                                : (int)modules[variable->target]
                                      .variables[variable->target_variable]
                                      .address;
                store(expected + variable->address +
                          (size_t)i * variable->kind->bytes,
                      variable, value);
            }
        }
    }
    return at;
}

static void compare(const struct project *project, uint32_t end)
{
    static uint8_t got[MAX_IMAGE];
    unsigned count = 0;
    ck_assert_uint_eq(project->required_bytes[0], end);
    memset(got, 0, end);
    for (uint32_t i = 0; i < project->segment_count; i++) {
        const struct project_segment *segment = &project->segments[i];
        ck_assert_uint_le(segment->address + segment->size, end);
        memcpy(got + segment->address, segment->bytes, segment->size);
    }
    for (uint32_t i = 0; i < end; i++) {
        ck_assert_msg(got[i] == expected[i], "byte %u is %02x, not %02x\n%s", i,
                      got[i], expected[i], buf_string(&text));
    }
    for (unsigned m = 0; m < MAX_MODULES; m++) {
        for (unsigned v = 0; modules[m].is_there && v < modules[m].count; v++) {
            const struct variable *variable = &modules[m].variables[v];
            const char *name = arena_format(&arena, "%s:v%u", ids[m], v);
            uint32_t item = project_find_item(project, name);
            ck_assert_msg(item != PROJECT_NONE, "no %s", name);
            ck_assert_uint_eq(project->items[item].address, variable->address);
            ck_assert_uint_eq(project->items[item].count, variable->count);
            ck_assert_str_eq(project->items[item].type,
                             variable->kind->keyword);
            ck_assert_uint_eq(project->declarations[item].line, variable->line);
            count++;
        }
    }
    ck_assert_uint_eq(project->item_count, count);
}

START_TEST(random_programs_are_laid_out_as_by_hand)
{
    for (unsigned i = 0; i < suite_rounds(PROGRAMS) / 8; i++) {
        state = (uint64_t)_i * PROGRAMS + i;
        arena_init(&arena, 0);
        choose();
        choose_targets();
        write_program();
        uint32_t end = place_all();
        struct diag diag;
        struct project project;
        struct project_config config;
        const char *why = "";
        diag_init(&diag, NULL);
        const struct project_text *parsed = project_parse(
            text.bytes, text.length, "random.8f4e", &arena, &diag);
        ck_assert_msg(parsed != NULL, "%u: %s\n%s", diag.line, diag.text,
                      buf_string(&text));
        project_config(&config, parsed, &arena);
        ck_assert_msg(project_layout(&project, parsed, &config,
                                     (struct project_rules){0}, NULL, 0, NULL,
                                     0, &arena, &diag),
                      "%u: %s\n%s", diag.line, diag.text, buf_string(&text));
        ck_assert_msg(check_project_layout(&project, &why), "%s\n%s", why,
                      buf_string(&text));
        compare(&project, end);
        const char *bytes = (const char *)text.bytes;
        ck_assert_str_eq(
            listing_layout(bytes, text.length, project.rules, &arena),
            listing_layout(bytes, text.length, project.rules, &arena));
        arena_deinit(&arena);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("random projects");
    TCase *tests = tcase_create("programs");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, random_programs_are_laid_out_as_by_hand, 0, 8);
    suite_add_tcase(suite, tests);
    return suite;
}
