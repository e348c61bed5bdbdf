/* SPDX-License-Identifier: MIT */
/* What everything stands on: arena, buf, diag, sha256. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "fixture.h"
#include "suite.h"

/* ---- arena ---- */

START_TEST(arena_memory_is_zeroed_aligned_and_apart)
{
    static const size_t sizes[] = {1, 15, 16, 17, 65535, 65536, 65537, 200000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        unsigned char *bytes = arena_alloc(&arena, sizes[i], 1);
        ck_assert_uint_eq((uintptr_t)bytes % 16, 0);
        for (size_t k = 0; k < sizes[i]; k++) {
            ck_assert_msg(bytes[k] == 0, "size %zu: byte %zu", sizes[i], k);
            bytes[k] = 0xa5;
        }
    }
}
END_TEST

/* Each row ends the process with the exit code for "system". */
static const struct {
    size_t limit;
    size_t count;
    size_t size;
} too_much[] = {
    {64, 65, 1},
    {64, SIZE_MAX, 2},
    {64, 2, SIZE_MAX},
    {0, SIZE_MAX / 4 + 1, 4},
    {0, ((size_t)1 << 30) + 1, 1},
};

START_TEST(arena_arrays_keep_their_elements_as_they_grow)
{
    uint64_t *items = NULL;
    uint32_t capacity = 0;
    unsigned copies = 0;
    for (uint32_t count = 0; count < 1000; count++) {
        const uint64_t *before = items;
        items = arena_grow(&arena, items, count, &capacity, sizeof(*items));
        ck_assert_uint_gt(capacity, count);
        copies += items != before ? 1 : 0;
        items[count] = count * UINT64_C(0x100000001);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        ck_assert_uint_eq(items[i], i * UINT64_C(0x100000001));
    }
    ck_assert_uint_le(copies, 10); /* each has twice the room */
}
END_TEST

START_TEST(arena_ends_the_program_beyond_its_limit)
{
    struct arena small;
    arena_init(&small, too_much[_i].limit);
    (void)arena_alloc(&small, too_much[_i].count, too_much[_i].size);
}
END_TEST

START_TEST(arena_counts_all_that_it_gave)
{
    struct arena small;
    arena_init(&small, 64);
    (void)arena_alloc(&small, 32, 1);
    (void)arena_alloc(&small, 32, 1);
    ck_assert_uint_eq(small.used, 64);
    (void)arena_alloc(&small, 0, 1);
    (void)arena_alloc(&small, 1, 1); /* exits */
}
END_TEST

START_TEST(arena_copies_and_formats)
{
    ck_assert_str_eq(arena_copy(&arena, "abcdef", 3), "abc");
    ck_assert_str_eq(arena_copy(&arena, NULL, 0), "");
    ck_assert_str_eq(arena_format(&arena, "%s-%d", "x", 7), "x-7");
    char *long_text = arena_format(&arena, "%0*d", 100000, 5);
    ck_assert_uint_eq(strlen(long_text), 100000);
}
END_TEST

/* ---- buf ---- */

START_TEST(buf_equals_the_concatenation_of_its_parts)
{
    struct buf buf;
    buf_init(&buf, &arena);
    ck_assert_str_eq(buf_string(&buf), "");
    buf_add(&buf, NULL, 0);
    ck_assert_str_eq(buf_string(&buf), "");
    char *expected = arena_alloc(&arena, 300000, 1);
    size_t length = 0;
    for (unsigned i = 0; length < 200000; i++) {
        char part[1500];
        int size = snprintf(part, sizeof(part), "%u:%0*u,", i,
                            (int)(i * 37 % 1400) + 1, i);
        memcpy(expected + length, part, (size_t)size);
        length += (size_t)size;
        switch (i % 3) {
        case 0:
            buf_text(&buf, part);
            break;
        case 1:
            buf_add(&buf, part, (size_t)size);
            break;
        default:
            buf_format(&buf, "%s", part);
            break;
        }
        ck_assert_uint_eq(buf.length, length);
        ck_assert_uint_lt(buf.length, buf.capacity);
        ck_assert_int_eq(buf.bytes[buf.length], 0);
    }
    ck_assert_int_eq(memcmp(buf_string(&buf), expected, length), 0);
}
END_TEST

START_TEST(buf_keeps_nul_bytes)
{
    struct buf buf;
    buf_init(&buf, &arena);
    buf_byte(&buf, 0);
    buf_byte(&buf, 0x1ff);
    ck_assert_uint_eq(buf.length, 2);
    ck_assert_int_eq(buf.bytes[1], 0xff);
}
END_TEST

/* ---- diag ---- */

static const char *printed(const struct diag *what)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&bytes, &size);
    diag_print(what, "prog", stream);
    (void)fclose(stream);
    const char *copy = arena_copy(&arena, bytes, size);
    free(bytes);
    return copy;
}

START_TEST(diag_first_report_wins)
{
    ck_assert_str_eq(printed(&diag), "");
    ck_assert(!diag_hint(&diag, "no report yet"));
    ck_assert(!diag_tool(&diag, "first %d", 1));
    ck_assert(!diag_input(&diag, 4, "second"));
    ck_assert(!diag_usage(&diag, "third"));
    ck_assert(!diag_system(&diag, "fourth"));
    ck_assert_int_eq(diag.kind, DIAG_TOOL);
    ck_assert_int_eq((int)diag.offset, -1);
    ck_assert_str_eq(printed(&diag), "prog: first 1\n");
}
END_TEST

/* The kinds are the exit codes, which the man page promises. */
START_TEST(diag_kinds_are_the_exit_codes)
{
    ck_assert_int_eq(DIAG_INPUT, 1);
    ck_assert_int_eq(DIAG_USAGE, 2);
    ck_assert_int_eq(DIAG_TOOL, 3);
    ck_assert_int_eq(DIAG_SYSTEM, 4);
}
END_TEST

START_TEST(diag_prints_file_offset_hints_and_tool_output)
{
    diag.file = "a.wasm";
    diag_input(&diag, 0x1c, "bad");
    diag_hint(&diag, "do this");
    diag_hint(&diag, "or\nthat");
    ck_assert_str_eq(printed(&diag), "prog: a.wasm: 0x00001c: bad\n"
                                     "prog: hint: do this\n"
                                     "prog: hint: or\n"
                                     "prog: hint: that\n");
    diag.tool_output = "tool says";
    diag.hint[0] = '\0';
    ck_assert_str_eq(printed(&diag),
                     "tool says\nprog: a.wasm: 0x00001c: bad\n");
    diag.tool_output = "tool says\n";
    ck_assert_str_eq(printed(&diag),
                     "tool says\nprog: a.wasm: 0x00001c: bad\n");
}
END_TEST

START_TEST(diag_prints_the_line_of_a_text_file)
{
    diag.file = "patch.wasm";
    ck_assert(!diag_line(&diag, "patch.8f4e", 12, "bad %s", "line"));
    ck_assert(!diag_line(&diag, "other.8f4e", 13, "later"));
    ck_assert_str_eq(printed(&diag), "prog: patch.8f4e:12: bad line\n");
    ck_assert_int_eq(diag.kind, DIAG_INPUT);

    diag_init(&diag, "patch.wasm");
    diag_line(&diag, "patch.8f4e", 0, "no line");
    ck_assert_str_eq(printed(&diag), "prog: patch.8f4e: no line\n");
}
END_TEST

START_TEST(diag_names_the_file_only_for_input_errors)
{
    diag.file = "a.wasm";
    diag_system(&diag, "disk full");
    ck_assert_str_eq(printed(&diag), "prog: disk full\n");
}
END_TEST

START_TEST(diag_cuts_what_does_not_fit)
{
    diag_usage(&diag, "%0*d", 10000, 1);
    ck_assert_uint_eq(strlen(diag.text), sizeof(diag.text) - 1);
    for (int i = 0; i < 100; i++) {
        diag_hint(&diag, "%0*d", 99, i);
    }
    ck_assert_uint_lt(strlen(diag.hint), sizeof(diag.hint));
}
END_TEST

/* ---- sha256: FIPS 180-4 examples, and each padding length's neighbours ----
 */

static const struct {
    size_t count;
    const char *unit;
    const char *hex;
} digests[] = {
    {0, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {1, "abc",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {1, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {1000000, "a",
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    {55, "a",
     "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
    {56, "a",
     "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
    {63, "a",
     "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
    {64, "a",
     "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
    {65, "a",
     "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
};

START_TEST(sha256_equals_the_published_digests)
{
    struct buf buf;
    buf_init(&buf, &arena);
    for (size_t i = 0; i < digests[_i].count; i++) {
        buf_text(&buf, digests[_i].unit);
    }
    char hex[65];
    sha256_hex(buf_string(&buf), buf.length, hex);
    ck_assert_str_eq(hex, digests[_i].hex);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("base");
    TCase *memory = tcase_create("memory");
    tcase_add_checked_fixture(memory, setup, teardown);
    tcase_add_test(memory, arena_memory_is_zeroed_aligned_and_apart);
    tcase_add_test(memory, arena_arrays_keep_their_elements_as_they_grow);
    tcase_add_loop_exit_test(memory, arena_ends_the_program_beyond_its_limit,
                             DIAG_SYSTEM, 0,
                             sizeof(too_much) / sizeof(too_much[0]));
    tcase_add_exit_test(memory, arena_counts_all_that_it_gave, DIAG_SYSTEM);
    tcase_add_test(memory, arena_copies_and_formats);
    tcase_add_test(memory, buf_equals_the_concatenation_of_its_parts);
    tcase_add_test(memory, buf_keeps_nul_bytes);
    tcase_add_loop_test(memory, sha256_equals_the_published_digests, 0,
                        sizeof(digests) / sizeof(digests[0]));
    suite_add_tcase(suite, memory);
    TCase *report = tcase_create("diag");
    tcase_add_checked_fixture(report, setup, teardown);
    tcase_add_test(report, diag_first_report_wins);
    tcase_add_test(report, diag_kinds_are_the_exit_codes);
    tcase_add_test(report, diag_prints_file_offset_hints_and_tool_output);
    tcase_add_test(report, diag_prints_the_line_of_a_text_file);
    tcase_add_test(report, diag_names_the_file_only_for_input_errors);
    tcase_add_test(report, diag_cuts_what_does_not_fit);
    suite_add_tcase(suite, report);
    return suite;
}
