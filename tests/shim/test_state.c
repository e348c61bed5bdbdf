/* SPDX-License-Identifier: MIT */
/*
 * State files: what is saved comes back, what is broken or foreign is refused
 * and touches nothing.
 */
#include "state/state.h"

#include "fake_patch.h"
#include "program.h"
#include "state/crc32.h"
#include "state/state_file.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 65536, LARGE_BYTES = 64 << 20 };

static const char hash_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char hash_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                             "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static uint8_t memory0[2 * PAGE];
static uint8_t memory1[PAGE];
static const struct f4e_memory memories[] = {
    {"memory", memory0, sizeof(memory0)}, {"region", memory1, sizeof(memory1)}};

/* Two builds: in the second, variables have moved, changed, come and gone. */
static const struct f4e_item items_a[] = {
    {"a:same", "float", 0, 4, 1, 4, F4E_F32, false},
    {"a:moved", "int", 0, 8, 1, 4, F4E_I32, false},
    {"a:list", "int16[]", 0, 12, 5, 12, F4E_I16, true},
    {"a:type", "int", 0, 24, 1, 4, F4E_I32, false},
    {"a:count", "float[]", 0, 28, 3, 12, F4E_F32, true},
    {"a:gone", "int", 0, 40, 1, 4, F4E_I32, false},
    {"a:into", "int*", 0, 44, 1, 4, F4E_I32, false},
    {"a:lost", "int*", 0, 48, 1, 4, F4E_I32, false},
    {"a:null", "int**", 0, 52, 1, 4, F4E_I32, false},
    {"b:double", "float64", 0, 56, 1, 8, F4E_F64, false},
};
static const struct f4e_item items_b[] = {
    {"a:same", "float", 0, 4, 1, 4, F4E_F32, false},
    {"a:new", "int", 0, 8, 1, 4, F4E_I32, false},
    {"a:moved", "int", 0, 12, 1, 4, F4E_I32, false},
    {"a:list", "int16[]", 0, 100, 5, 12, F4E_I16, true},
    {"a:type", "float", 0, 112, 1, 4, F4E_F32, false},
    {"a:count", "float[]", 0, 116, 4, 16, F4E_F32, true},
    {"a:into", "int*", 0, 132, 1, 4, F4E_I32, false},
    {"a:lost", "int*", 0, 136, 1, 4, F4E_I32, false},
    {"a:null", "int**", 0, 140, 1, 4, F4E_I32, false},
    {"b:double", "float64", 0, 144, 1, 8, F4E_F64, false},
};

static const struct f4e_patch patch_a = {.wasm_sha256 = hash_a,
                                         .memories = memories,
                                         .memory_count = 2,
                                         .items = items_a,
                                         .item_count = 10};
/* One memory: pointers can be followed. */
static const struct f4e_patch patch_one = {.wasm_sha256 = hash_a,
                                           .memories = memories,
                                           .memory_count = 1,
                                           .items = items_a,
                                           .item_count = 10};
static const struct f4e_patch patch_b = {.wasm_sha256 = hash_b,
                                         .memories = memories,
                                         .memory_count = 1,
                                         .items = items_b,
                                         .item_count = 10};
static const struct f4e_patch patch_small = {
    .wasm_sha256 = hash_a, .memories = memories, .memory_count = 1};

static struct engine engine;

static uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static struct engine *engine_of(const struct f4e_patch *patch)
{
    engine_init(&engine, patch, TRAP_STOP, 65536);
    return &engine;
}

static void save(const struct f4e_patch *patch, const char *path)
{
    struct failure failure = {0};
    ck_assert_msg(state_save(engine_of(patch), NULL, path, &failure), "%s",
                  failure.text);
}

static bool load(const struct f4e_patch *patch, const char *path,
                 bool is_by_name, struct state_match *match,
                 struct failure *failure)
{
    *failure = (struct failure){0};
    return state_load(engine_of(patch), path, is_by_name, match, failure);
}

START_TEST(computes_the_crc_of_zip)
{
    ck_assert_uint_eq(crc32_add(0, "123456789", 9), 0xcbf43926);
    ck_assert_uint_eq(crc32_add(crc32_add(0, "1234", 4), "56789", 5),
                      0xcbf43926);
    ck_assert_uint_eq(crc32_add(0, "", 0), 0);
}
END_TEST

/* Memories from all zero to full, with runs that begin and end anywhere. */
START_TEST(what_is_saved_comes_back)
{
    static uint8_t before0[sizeof(memory0)];
    static uint8_t before1[sizeof(memory1)];
    uint64_t seed = (uint64_t)_i + 1;
    memset(memory0, 0, sizeof(memory0));
    memset(memory1, 0, sizeof(memory1));
    for (int run = 0; run < _i; run++) {
        size_t at = random_next(&seed) % sizeof(memory0);
        size_t length = random_next(&seed) % 20000;
        for (size_t i = at; i < at + length && i < sizeof(memory0); i++) {
            memory0[i] = (uint8_t)random_next(&seed);
        }
        memory1[random_next(&seed) % sizeof(memory1)] = (uint8_t)run;
    }
    memcpy(before0, memory0, sizeof(memory0));
    memcpy(before1, memory1, sizeof(memory1));
    save(&patch_a, "s");
    memset(memory0, 0xa5, sizeof(memory0));
    memset(memory1, 0x5a, sizeof(memory1));
    struct failure failure;
    struct state_match match;
    ck_assert_msg(load(&patch_a, "s", false, &match, &failure), "%s",
                  failure.text);
    ck_assert(!match.is_by_name);
    ck_assert_msg(memcmp(before0, memory0, sizeof(memory0)) == 0 &&
                      memcmp(before1, memory1, sizeof(memory1)) == 0,
                  "%d runs", _i);
}
END_TEST

START_TEST(leaves_pages_of_zeros_out)
{
    uint8_t *large = calloc(1, LARGE_BYTES);
    struct stat status;
    ck_assert_ptr_nonnull(large);
    const struct f4e_memory memory = {"memory", large, LARGE_BYTES};
    const struct f4e_patch patch = {
        .wasm_sha256 = hash_a, .memories = &memory, .memory_count = 1};
    large[0] = 1;
    large[LARGE_BYTES / 2] = 2;
    large[LARGE_BYTES - 1] = 3;
    save(&patch, "s");
    ck_assert_int_eq(stat("s", &status), 0);
    ck_assert_int_eq(status.st_size,
                     STATE_HEADER_BYTES + 8 + 3 * (16 + 4096) + 16 + 4);
    memset(large, 9, LARGE_BYTES);
    struct failure failure;
    struct state_match match;
    ck_assert(load(&patch, "s", false, &match, &failure));
    ck_assert(large[0] == 1 && large[1] == 0 && large[LARGE_BYTES / 2] == 2);
    ck_assert(large[LARGE_BYTES - 1] == 3 && large[LARGE_BYTES - 2] == 0);
    free(large);
}
END_TEST

/* A small file with everything in it. */
static unsigned char *make_file(size_t *size)
{
    memset(memory0, 0, sizeof(memory0));
    memset(memory1, 0, sizeof(memory1));
    memory0[5] = 1;
    memory0[70000] = 2;
    memory1[9] = 3;
    save(&patch_a, "whole");
    return program_read_file("whole", size);
}

static bool is_untouched(void)
{
    for (size_t i = 0; i < sizeof(memory0); i++) {
        if (memory0[i] != 0xee || memory1[i % sizeof(memory1)] != 0xee) {
            return false;
        }
    }
    return true;
}

static uint8_t large[256 << 20];

/* What ThreadSanitizer keeps of each byte that is looked at is resident, too.
 */
#if defined(__has_feature)
# if __has_feature(thread_sanitizer)
#  define HAS_SHADOW 1
# endif
#endif
#ifndef HAS_SHADOW
# define HAS_SHADOW 0
#endif

static size_t resident_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%*lu %lu", &pages), 1);
    ck_assert_int_eq(fclose(file), 0);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Neither written nor read, what was never used takes no memory. */
START_TEST(pages_that_nobody_has_used_stay_so)
{
    const struct f4e_memory memory = {"memory", large, sizeof(large)};
    const struct f4e_patch patch = {.memories = &memory,
                                    .memory_count = 1,
                                    .wasm_sha256 = patch_a.wasm_sha256};
    struct state_match match;
    struct failure failure;
    const size_t before = resident_bytes();
    large[sizeof(large) / 2] = 1;
    save(&patch, "s");
    large[sizeof(large) / 2] = 2;
    large[sizeof(large) / 4] = 3;
    ck_assert_msg(load(&patch, "s", false, &match, &failure), "%s",
                  failure.text);
    ck_assert_uint_eq(large[sizeof(large) / 2], 1);
    ck_assert_uint_eq(large[sizeof(large) / 4], 0);
    if (!HAS_SHADOW) {
        ck_assert_uint_lt(resident_bytes(), before + sizeof(large) / 4);
    }
}
END_TEST

START_TEST(refuses_every_part_of_a_file)
{
    size_t size;
    unsigned char *bytes = make_file(&size);
    struct failure failure;
    struct state_match match;
    memset(memory0, 0xee, sizeof(memory0));
    memset(memory1, 0xee, sizeof(memory1));
    for (size_t i = 0; i < size; i += i < 150 ? 1 : 499) {
        program_write_file("part", bytes, i);
        ck_assert_msg(!load(&patch_a, "part", false, &match, &failure), "%zu",
                      i);
        ck_assert_int_eq(failure.status, STATUS_FILE);
    }
    ck_assert(is_untouched());
    free(bytes);
}
END_TEST

static void seal(unsigned char *bytes, size_t size)
{
    uint32_t crc = crc32_add(0, bytes, size - 4);
    for (int i = 0; i < 4; i++) {
        bytes[size - 4 + (size_t)i] = (unsigned char)(crc >> (8 * i));
    }
}

/*
 * A wrong byte is found by the checksum. A forger mends that: then the file is
 * refused with nothing touched, or it is another right one.
 */
START_TEST(refuses_changed_files)
{
    size_t size;
    unsigned char *bytes = make_file(&size);
    struct failure failure;
    struct state_match match;
    unsigned refused = 0;
    memset(memory0, 0xee, sizeof(memory0));
    memset(memory1, 0xee, sizeof(memory1));
    for (size_t i = 0; i < size; i += i < 150 ? 1 : 499) {
        bytes[i] ^= (unsigned char)(1U << (i % 8));
        program_write_file("part", bytes, size);
        ck_assert_msg(!load(&patch_a, "part", true, &match, &failure), "%zu",
                      i);
        ck_assert(is_untouched());
        seal(bytes, size);
        program_write_file("part", bytes, size);
        if (load(&patch_a, "part", true, &match, &failure)) {
            memset(memory0, 0xee, sizeof(memory0));
            memset(memory1, 0xee, sizeof(memory1));
        } else {
            refused++;
            ck_assert_int_eq(failure.status, STATUS_FILE);
            ck_assert_msg(is_untouched(), "%zu: %s", i, failure.text);
        }
        bytes[i] ^= (unsigned char)(1U << (i % 8));
    }
    ck_assert_uint_gt(refused, 50);
    free(bytes);
}
END_TEST

static const struct {
    const char *name;
    size_t at;
    unsigned char bytes[8];
    const char *message;
} forged[] = {
    {"magic", 0, {'F'}, "'part' is not a state file"},
    {"version", 8, {2}, "'part' is of version 2, this program reads 1"},
    {"memories", 12, {0xff, 0xff, 0xff, 0xff}, "is damaged"},
    {"no memory", 12, {0, 0, 0, 0}, "is damaged"},
    {"items", 16, {0xff, 0xff, 0xff, 0xff}, "is damaged"},
    {"escape in the hash", 32, {'\033', '['}, "is damaged"},
    {"item's memory", 112, {9}, "is damaged"},
    {"item's address", 116, {0, 0, 2, 1}, "is damaged"},
    {"item's count", 120, {0xff, 0xff, 0xff, 0xff}, "is damaged"},
    {"item's element", 124, {8}, "is damaged"},
    {"item's name", 128, {0xff, 0xff}, "is damaged"},
};

START_TEST(says_what_is_wrong)
{
    size_t size;
    unsigned char *bytes = make_file(&size);
    struct failure failure;
    struct state_match match;
    /* 112 is where the first item's record starts. */
    size_t length = forged[_i].at == 12 || forged[_i].at >= 116 ? 4 : 1;
    length = forged[_i].at == 16 ? 4 : length;
    length = forged[_i].at == 32 || forged[_i].at == 128 ? 2 : length;
    memcpy(bytes + forged[_i].at, forged[_i].bytes, length);
    seal(bytes, size);
    program_write_file("part", bytes, size);
    ck_assert_msg(!load(&patch_a, "part", true, &match, &failure), "%s",
                  forged[_i].name);
    ck_assert_msg(strstr(failure.text, forged[_i].message) != NULL, "%s: %s",
                  forged[_i].name, failure.text);
    free(bytes);
}
END_TEST

START_TEST(refuses_the_state_of_another_patch)
{
    struct failure failure;
    struct state_match match;
    save(&patch_one, "s");
    ck_assert(!load(&patch_b, "s", false, &match, &failure));
    ck_assert_str_eq(failure.text,
                     "'s' is the state of another patch or another build of "
                     "it: module aaaaaaaaaaaa, this is bbbbbbbbbbbb");
    ck_assert_ptr_nonnull(strstr(failure.hint, "--state-by-name"));
    ck_assert(!load(&patch_a, "s", false, &match, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "with other memories"));
    ck_assert(load(&patch_small, "s", false, &match, &failure));
    save(&patch_small, "s");
    ck_assert(!load(&patch_b, "s", true, &match, &failure));
    ck_assert_ptr_nonnull(strstr(failure.hint, "the file has no names"));
    ck_assert(!load(&patch_a, ".", false, &match, &failure));
    ck_assert(!load(&patch_a, "none", false, &match, &failure));
    ck_assert_str_eq(failure.text,
                     "cannot read 'none': No such file or directory");
}
END_TEST

static void set_i32(unsigned address, int32_t value)
{
    memcpy(memory0 + address, &value, sizeof(value));
}

static int32_t get_i32(unsigned address)
{
    int32_t value;
    memcpy(&value, memory0 + address, sizeof(value));
    return value;
}

START_TEST(restores_by_name)
{
    struct failure failure;
    struct state_match match;
    memset(memory0, 0, sizeof(memory0));
    for (int i = 0; i < 10; i++) {
        set_i32((unsigned)(4 + 4 * i), 100 + i);
    }
    set_i32(44, 12 + 4); /* into a:list */
    set_i32(48, 40);     /* at a:gone */
    const double number = 0.1;
    memcpy(memory0 + 56, &number, sizeof(number));
    save(&patch_one, "s");
    memset(memory0, 0, sizeof(memory0));
    for (unsigned at = 4; at < 152; at += 4) {
        set_i32(at, -7);
    }
    ck_assert_msg(load(&patch_b, "s", true, &match, &failure), "%s",
                  failure.text);
    ck_assert(match.is_by_name);
    ck_assert_uint_eq(match.restored, 6);
    ck_assert_uint_eq(match.missing, 3); /* a:new, a:type, a:count */
    ck_assert_uint_eq(match.gone, 3);    /* a:gone, a:type, a:count */
    ck_assert_uint_eq(match.pointers, 1);
    ck_assert_int_eq(get_i32(4), 100);
    ck_assert_int_eq(get_i32(8), -7);
    ck_assert_int_eq(get_i32(12), 101);
    ck_assert_int_eq(get_i32(100), 102);
    ck_assert_int_eq(get_i32(104), 103);
    ck_assert_int_eq(get_i32(108) & 0xffff, 104);
    ck_assert_int_eq(get_i32(112), -7);
    ck_assert_int_eq(get_i32(132), 104); /* a:list moved from 12 to 100 */
    ck_assert_int_eq(get_i32(136), -7);
    ck_assert_int_eq(get_i32(140), 0);
    ck_assert_mem_eq(memory0 + 144, &number, sizeof(number));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("state");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, computes_the_crc_of_zip);
    tcase_add_loop_test(tcase, what_is_saved_comes_back, 0, 12);
    tcase_add_test(tcase, leaves_pages_of_zeros_out);
    tcase_add_test(tcase, pages_that_nobody_has_used_stay_so);
    tcase_add_test(tcase, refuses_every_part_of_a_file);
    tcase_add_test(tcase, refuses_changed_files);
    tcase_add_loop_test(tcase, says_what_is_wrong, 0,
                        sizeof(forged) / sizeof(*forged));
    tcase_add_test(tcase, refuses_the_state_of_another_patch);
    tcase_add_test(tcase, restores_by_name);
    suite_add_tcase(suite, tcase);
    return suite;
}
