/* SPDX-License-Identifier: MIT */
#include "wasm/opcode.h"

#include "suite.h"

#include <string.h>

static const struct opcode *table;
static unsigned count;

static void setup(void)
{
    table = opcode_table(&count);
}

START_TEST(ascends_and_finds_every_entry)
{
    for (unsigned i = 0; i < count; i++) {
        ck_assert_msg(i == 0 || table[i - 1].code < table[i].code,
                      "%s is out of order", table[i].name);
        ck_assert_msg(opcode_find(table[i].code) == &table[i],
                      "%s is not found", table[i].name);
    }
}
END_TEST

START_TEST(names_every_instruction_once)
{
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = i + 1; k < count; k++) {
            bool may_repeat = strcmp(table[i].name, "select") == 0 ||
                              strcmp(table[i].name, "v128 instruction") == 0;
            ck_assert_msg(may_repeat ||
                              strcmp(table[i].name, table[k].name) != 0,
                          "%s stands twice", table[i].name);
        }
    }
}
END_TEST

static unsigned count_prefix(uint32_t prefix)
{
    unsigned found = 0;
    for (unsigned i = 0; i < count; i++) {
        found += table[i].code >> 16 == prefix >> 16;
    }
    return found;
}

START_TEST(counts_what_the_specification_counts)
{
    /* 172 of version 1, 5 sign extensions, typed select, 2 tail calls, 3 of
     * references, 2 of tables, 8 of exceptions. */
    ck_assert_uint_eq(count_prefix(0), 193);
    ck_assert_uint_eq(count_prefix(OPCODE_PREFIX_FC), 18);
    ck_assert_uint_eq(count_prefix(OPCODE_PREFIX_ATOMIC), 67);
}
END_TEST

static const uint32_t emitted[] = {
    0x02,     0x03,     0x04,     0x05,     0x0b,     0x0c, 0x0d, 0x0f, 0x10,
    0x1a,     0x1b,     0x20,     0x21,     0x28,     0x2a, 0x2b, 0x2c, 0x2d,
    0x2e,     0x2f,     0x36,     0x38,     0x39,     0x3a, 0x3f, 0x41, 0x43,
    0x44,     0x45,     0x46,     0x47,     0x48,     0x4a, 0x4b, 0x4c, 0x4d,
    0x4e,     0x4f,     0x5b,     0x5c,     0x5d,     0x5e, 0x5f, 0x60, 0x61,
    0x62,     0x63,     0x64,     0x65,     0x66,     0x6a, 0x6b, 0x6c, 0x6d,
    0x6f,     0x71,     0x72,     0x73,     0x74,     0x75, 0x76, 0x8b, 0x90,
    0x91,     0x92,     0x93,     0x94,     0x95,     0x96, 0x97, 0x99, 0x9f,
    0xa0,     0xa1,     0xa2,     0xa3,     0xa4,     0xa5, 0xb2, 0xb7, 0xbb,
    0xfc0000, 0xfc0002, 0xfc0008, 0xfc000a, 0xfc000b,
};

START_TEST(marks_exactly_what_the_8f4e_compiler_emits)
{
    size_t next = 0;
    size_t emitted_count = sizeof(emitted) / sizeof(emitted[0]);
    for (unsigned i = 0; i < count; i++) {
        bool is_emitted =
            next < emitted_count && emitted[next] == table[i].code;
        next += is_emitted;
        ck_assert_msg((table[i].support == OPCODE_8F4E) == is_emitted, "%s",
                      table[i].name);
    }
    ck_assert_uint_eq(next, emitted_count);
}
END_TEST

/* Names tell types: "i64.load8_s" gives an i64. */
static char letter(const char *name)
{
    static const char *const prefixes[] = {"i32.", "i64.", "f32.", "f64."};
    for (int i = 0; i < 4; i++) {
        if (strncmp(name, prefixes[i], 4) == 0) {
            return "iIfF"[i];
        }
    }
    return 0;
}

START_TEST(types_agree_with_names)
{
    for (unsigned i = 0; i < count; i++) {
        const char *type = table[i].type;
        if (type == NULL) {
            continue;
        }
        ck_assert_msg(strspn(type, "iIfF:") == strlen(type) &&
                          strchr(type, ':') != NULL &&
                          strchr(type, ':') == strrchr(type, ':'),
                      "%s: '%s'", table[i].name, type);
        const char *colon = strchr(type, ':');
        bool is_test = table[i].code >= 0x45 && table[i].code <= 0x66;
        bool is_store = table[i].code >= 0x36 && table[i].code <= 0x3e;
        char own = letter(table[i].name);
        if (own != 0 && is_test) {
            ck_assert_msg(type[0] == own && strcmp(colon, ":i") == 0,
                          "%s: '%s'", table[i].name, type);
        } else if (own != 0 && is_store) {
            ck_assert_msg(type[0] == 'i' && type[1] == own && type[2] == ':',
                          "%s: '%s'", table[i].name, type);
        } else if (own != 0) {
            ck_assert_msg(colon[1] == own && colon[2] == '\0', "%s: '%s'",
                          table[i].name, type);
        }
    }
}
END_TEST

START_TEST(unsupported_ones_have_no_type)
{
    for (unsigned i = 0; i < count; i++) {
        if (table[i].support == OPCODE_UNSUPPORTED) {
            ck_assert_msg(table[i].type == NULL, "%s", table[i].name);
        }
    }
}
END_TEST

static const struct {
    uint32_t first;
    uint32_t last;
    enum opcode_immediate immediate;
    unsigned alignment;
} simd_cases[] = {
    {0x00, 0x00, IMMEDIATE_MEMARG, 4},
    {0x01, 0x06, IMMEDIATE_MEMARG, 3},
    {0x07, 0x07, IMMEDIATE_MEMARG, 0},
    {0x08, 0x08, IMMEDIATE_MEMARG, 1},
    {0x09, 0x09, IMMEDIATE_MEMARG, 2},
    {0x0a, 0x0a, IMMEDIATE_MEMARG, 3},
    {0x0b, 0x0b, IMMEDIATE_MEMARG, 4},
    {0x0c, 0x0d, IMMEDIATE_BYTES_16, 0},
    {0x0e, 0x14, IMMEDIATE_NONE, 0},
    {0x15, 0x22, IMMEDIATE_LANE, 0},
    {0x23, 0x53, IMMEDIATE_NONE, 0},
    {0x54, 0x54, IMMEDIATE_MEMARG_LANE, 0},
    {0x55, 0x55, IMMEDIATE_MEMARG_LANE, 1},
    {0x5a, 0x5a, IMMEDIATE_MEMARG_LANE, 2},
    {0x5b, 0x5b, IMMEDIATE_MEMARG_LANE, 3},
    {0x5c, 0x5c, IMMEDIATE_MEMARG, 2},
    {0x5d, 0x5d, IMMEDIATE_MEMARG, 3},
    {0x5e, 0x99, IMMEDIATE_NONE, 0},
    {0xe3, 0xed, IMMEDIATE_NONE, 0},
    {0xef, 0x113, IMMEDIATE_NONE, 0},
};

START_TEST(knows_the_shape_of_simd)
{
    for (uint32_t i = simd_cases[_i].first; i <= simd_cases[_i].last; i++) {
        const struct opcode *opcode = opcode_find(OPCODE_PREFIX_SIMD | i);
        ck_assert_msg(opcode != NULL &&
                          strcmp(opcode->name, "v128 instruction") == 0 &&
                          opcode->immediate == simd_cases[_i].immediate &&
                          opcode->natural_alignment == simd_cases[_i].alignment,
                      "0xfd 0x%x", i);
    }
}
END_TEST

static const uint32_t missing[] = {
    0x14,     0x1d,     0x27,     0xc5,     0xd6,     0xfb,       0xff,
    0xfc0012, 0xfcffff, 0xfd009a, 0xfd00ee, 0xfd0114, 0xfdffff,   0xfe0004,
    0xfe000f, 0xfe004f, 0xff0000, 0xfa0000, 0x010000, UINT32_MAX,
};

START_TEST(knows_what_does_not_exist)
{
    ck_assert_msg(opcode_find(missing[_i]) == NULL, "0x%x", missing[_i]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("opcode");
    TCase *tests = tcase_create("opcode");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, ascends_and_finds_every_entry);
    tcase_add_test(tests, names_every_instruction_once);
    tcase_add_test(tests, counts_what_the_specification_counts);
    tcase_add_test(tests, marks_exactly_what_the_8f4e_compiler_emits);
    tcase_add_test(tests, types_agree_with_names);
    tcase_add_test(tests, unsupported_ones_have_no_type);
    tcase_add_loop_test(tests, knows_the_shape_of_simd, 0,
                        sizeof(simd_cases) / sizeof(simd_cases[0]));
    tcase_add_loop_test(tests, knows_what_does_not_exist, 0,
                        sizeof(missing) / sizeof(missing[0]));
    suite_add_tcase(suite, tests);
    return suite;
}
