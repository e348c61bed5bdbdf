/* SPDX-License-Identifier: MIT */
/*
 * Memory accesses as wasm2c spells them, over a page, no memory at all, and a
 * memory too small for anything (never in a module, but the check holds).
 */
#include "suite.h"

#define F4E_M0_BYTES 65536u
#define F4E_M1_BYTES 0u
#define F4E_M2_BYTES 3u
#include "rt/wasm_rt.h"

F4E_DEFINE_MEMORY(F4E_M0)
F4E_DEFINE_MEMORY(F4E_M1)
F4E_DEFINE_MEMORY(F4E_M2)

enum { PAGE = 65536, STACK_BYTES = 65536 };

/* ---- Loads and stores ---- */

struct access {
    u64 address;
    u64 value;
};

#define LOAD(mem, name)                                  \
    static void name##_from_##mem(void *arg)             \
    {                                                    \
        struct access *access = arg;                     \
        access->value = (u64)name(mem, access->address); \
    }
#define STORE(mem, name, type)                           \
    static void name##_to_##mem(void *arg)               \
    {                                                    \
        const struct access *access = arg;               \
        name(mem, access->address, (type)access->value); \
    }
#define ACCESSES(mem)            \
    LOAD(mem, i32_load)          \
    LOAD(mem, i64_load)          \
    LOAD(mem, f32_load)          \
    LOAD(mem, f64_load)          \
    LOAD(mem, i32_load8_s)       \
    LOAD(mem, i64_load8_s)       \
    LOAD(mem, i32_load8_u)       \
    LOAD(mem, i64_load8_u)       \
    LOAD(mem, i32_load16_s)      \
    LOAD(mem, i64_load16_s)      \
    LOAD(mem, i32_load16_u)      \
    LOAD(mem, i64_load16_u)      \
    LOAD(mem, i64_load32_s)      \
    LOAD(mem, i64_load32_u)      \
    STORE(mem, i32_store, u32)   \
    STORE(mem, i64_store, u64)   \
    STORE(mem, f32_store, f32)   \
    STORE(mem, f64_store, f64)   \
    STORE(mem, i32_store8, u32)  \
    STORE(mem, i32_store16, u32) \
    STORE(mem, i64_store8, u64)  \
    STORE(mem, i64_store16, u64) \
    STORE(mem, i64_store32, u64)

ACCESSES(F4E_M0)
ACCESSES(F4E_M1)
ACCESSES(F4E_M2)

struct row {
    const char *name;
    unsigned bytes;
    void (*page)(void *access);
    void (*empty)(void *access);
    void (*tiny)(void *access);
    u64 loaded; /* from bytes 81 82 83 84 85 86 87 88; 0 for a store */
};

#define LOAD_ROW(name, bytes, loaded)                                          \
    {#name, bytes, name##_from_F4E_M0, name##_from_F4E_M1, name##_from_F4E_M2, \
     loaded}
#define STORE_ROW(name, bytes) \
    {#name, bytes, name##_to_F4E_M0, name##_to_F4E_M1, name##_to_F4E_M2, 0}

static const struct row rows[] = {
    LOAD_ROW(i32_load, 4, 0x84838281),
    LOAD_ROW(i64_load, 8, 0x8887868584838281),
    LOAD_ROW(f32_load, 4, 0),
    LOAD_ROW(f64_load, 8, 0),
    LOAD_ROW(i32_load8_s, 1, 0xffffff81),
    LOAD_ROW(i64_load8_s, 1, 0xffffffffffffff81),
    LOAD_ROW(i32_load8_u, 1, 0x81),
    LOAD_ROW(i64_load8_u, 1, 0x81),
    LOAD_ROW(i32_load16_s, 2, 0xffff8281),
    LOAD_ROW(i64_load16_s, 2, 0xffffffffffff8281),
    LOAD_ROW(i32_load16_u, 2, 0x8281),
    LOAD_ROW(i64_load16_u, 2, 0x8281),
    LOAD_ROW(i64_load32_s, 4, 0xffffffff84838281),
    LOAD_ROW(i64_load32_u, 4, 0x84838281),
    STORE_ROW(i32_store, 4),
    STORE_ROW(i64_store, 8),
    STORE_ROW(f32_store, 4),
    STORE_ROW(f64_store, 8),
    STORE_ROW(i32_store8, 1),
    STORE_ROW(i32_store16, 2),
    STORE_ROW(i64_store8, 1),
    STORE_ROW(i64_store16, 2),
    STORE_ROW(i64_store32, 4),
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

static enum f4e_trap access_try(void (*run)(void *), u64 address)
{
    struct access access = {address, 0};

    return f4e_guard(run, &access, STACK_BYTES, NULL);
}

START_TEST(checks_every_access)
{
    const struct row *row = &rows[_i];
    const u64 last = PAGE - row->bytes;

    ck_assert_msg(access_try(row->page, 0) == F4E_TRAP_NONE, "%s", row->name);
    ck_assert_msg(access_try(row->page, last) == F4E_TRAP_NONE, "%s",
                  row->name);
    const u64 outside[] = {last + 1,    PAGE,        PAGE + 1u,
                           0x7fffffff,  0xfffffffc,  0xffffffff,
                           0x100000000, 0x1fffffff8, 0x1fffffffe};
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        ck_assert_msg(access_try(row->page, outside[i]) == F4E_TRAP_OOB,
                      "%s at 0x%llx", row->name,
                      (unsigned long long)outside[i]);
        ck_assert_int_eq(access_try(row->empty, outside[i]), F4E_TRAP_OOB);
        ck_assert_int_eq(access_try(row->tiny, outside[i]), F4E_TRAP_OOB);
    }
    ck_assert_int_eq(access_try(row->empty, 0), F4E_TRAP_OOB);
    for (u64 address = 0; address < 4; address++) {
        ck_assert_msg(
            access_try(row->tiny, address) ==
                (address + row->bytes <= 3 ? F4E_TRAP_NONE : F4E_TRAP_OOB),
            "%s at %llu of 3", row->name, (unsigned long long)address);
    }
}
END_TEST

START_TEST(loads_extend_their_sign)
{
    const struct row *row = &rows[_i];
    static const u8 bytes[] = {0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88};
    struct access access = {1001, 0};

    memcpy(F4E_MEMORY_DATA(F4E_M0) + 1001, bytes, sizeof(bytes));
    f4e_guard(row->page, &access, STACK_BYTES, NULL);
    if (row->loaded != 0) {
        ck_assert_msg(access.value == row->loaded, "%s: 0x%llx", row->name,
                      (unsigned long long)access.value);
    }
}
END_TEST

START_TEST(stores_touch_only_their_bytes)
{
    const struct row *row = &rows[_i];
    u8 *const data = F4E_MEMORY_DATA(F4E_M0);
    struct access access = {101, 0};

    if (strstr(row->name, "store") == NULL) {
        return;
    }
    memset(data, 0xaa, 200);
    f4e_guard(row->page, &access, STACK_BYTES, NULL);
    for (unsigned i = 0; i < 200; i++) {
        const bool is_inside = i >= 101 && i < 101 + row->bytes;
        ck_assert_msg(data[i] == (is_inside ? 0 : 0xaa), "%s: byte %u",
                      row->name, i);
    }
}
END_TEST

START_TEST(later_dialects_select_the_same_functions)
{
    f64_store_default32(NULL, 0, F4E_M0, (u64)(8u) + 1u, 2.5);
    ck_assert(f64_load(F4E_M0, (u64)(9u)) == 2.5);
    i32_store16_default32(NULL, 0, F4E_M0, (u64)(20u), 0x18001u);
    ck_assert_uint_eq(i32_load16_s(F4E_M0, (u64)(20u)), 0xffff8001u);
    ck_assert_ptr_eq((F4E_M0)->data, F4E_MEMORY_DATA(F4E_M0));
    ck_assert_uint_eq((*F4E_M0).pages, 1);
    ck_assert_uint_eq((F4E_M1)->size, 0);
    ck_assert_uint_eq((uintptr_t)F4E_MEMORY_DATA(F4E_M0) % 4096, 0);
}
END_TEST

/* At fixed addresses, where the check is decided by the compiler. */
static void load_beyond_the_end(void *sum)
{
    *(f64 *)sum += (f64)f32_load(F4E_M0, (u64)(65533u));
}

static void store_beyond_the_end(void *arg)
{
    (void)arg;
    f64_store(F4E_M0, (u64)(65529u), 1.0);
}

START_TEST(fixed_addresses_keep_every_bit_and_the_check)
{
    static const u32 singles[] = {0, 0x80000000, 1, 0x7f800001, 0xffc12345};
    static const u64 doubles[] = {0, UINT64_C(1) << 63, 1,
                                  UINT64_C(0x7ff0000000000001),
                                  UINT64_C(0xfff8123456789abc)};
    f64 sum = 0;
    for (size_t i = 0; i < sizeof(singles) / sizeof(singles[0]); i++) {
        i32_store(F4E_M0, (u64)(401u), singles[i]);
        i64_store(F4E_M0, (u64)(65528u), doubles[i]);
        f32_store(F4E_M0, (u64)(65524u), f32_load(F4E_M0, (u64)(401u)));
        f64_store(F4E_M0, (u64)(3u), f64_load(F4E_M0, (u64)(65528u)));
        ck_assert_uint_eq(i32_load(F4E_M0, (u64)(65524u)), singles[i]);
        ck_assert_uint_eq(i64_load(F4E_M0, (u64)(3u)), doubles[i]);
    }
    ck_assert_int_eq(f4e_guard(load_beyond_the_end, &sum, STACK_BYTES, NULL),
                     F4E_TRAP_OOB);
    ck_assert_int_eq(f4e_guard(store_beyond_the_end, NULL, STACK_BYTES, NULL),
                     F4E_TRAP_OOB);
}
END_TEST

/* ---- Bulk operations ---- */

struct bulk {
    u32 to;
    u32 from;
    u32 n;
};

static const u8 segment[] = {1, 2, 3, 4};

static void run_fill(void *arg)
{
    const struct bulk *bulk = arg;
    memory_fill(F4E_M0, bulk->to, bulk->from, bulk->n);
}

static void run_fill_empty(void *arg)
{
    const struct bulk *bulk = arg;
    memory_fill(F4E_M1, bulk->to, bulk->from, bulk->n);
}

static void run_copy(void *arg)
{
    const struct bulk *bulk = arg;
    memory_copy(F4E_M0, F4E_M0, bulk->to, bulk->from, bulk->n);
}

static void run_copy_to_tiny(void *arg)
{
    const struct bulk *bulk = arg;
    memory_copy(F4E_M2, F4E_M0, bulk->to, bulk->from, bulk->n);
}

static void run_init(void *arg)
{
    const struct bulk *bulk = arg;
    memory_init(F4E_M0, segment, sizeof(segment), bulk->to, bulk->from,
                bulk->n);
}

static void run_init_dropped(void *arg)
{
    const struct bulk *bulk = arg;
    memory_init(F4E_M0, NULL, 0, bulk->to, bulk->from, bulk->n);
}

static const struct {
    const char *name;
    void (*run)(void *bulk);
    struct bulk bulk;
    enum f4e_trap trap;
} bulks[] = {
    {"fill all", run_fill, {0, 0xaa, PAGE}, F4E_TRAP_NONE},
    {"fill nothing at the end", run_fill, {PAGE, 1, 0}, F4E_TRAP_NONE},
    {"fill nothing past the end", run_fill, {PAGE + 1, 1, 0}, F4E_TRAP_OOB},
    {"fill too much", run_fill, {1, 1, PAGE}, F4E_TRAP_OOB},
    {"fill that wraps", run_fill, {0xffffffff, 1, 2}, F4E_TRAP_OOB},
    {"fill the most", run_fill, {1, 1, 0xffffffff}, F4E_TRAP_OOB},
    {"fill nothing of nothing", run_fill_empty, {0, 1, 0}, F4E_TRAP_NONE},
    {"fill of nothing", run_fill_empty, {0, 1, 1}, F4E_TRAP_OOB},
    {"copy all", run_copy, {0, 0, PAGE}, F4E_TRAP_NONE},
    {"copy too far", run_copy, {1, 0, PAGE}, F4E_TRAP_OOB},
    {"copy from too far", run_copy, {0, 1, PAGE}, F4E_TRAP_OOB},
    {"copy that wraps", run_copy, {0, 0xfffffff0, 0x20}, F4E_TRAP_OOB},
    {"copy to a smaller one",
     run_copy_to_tiny,
     {0, PAGE - 3, 3},
     F4E_TRAP_NONE},
    {"copy past a smaller one", run_copy_to_tiny, {0, 0, 4}, F4E_TRAP_OOB},
    {"init all", run_init, {PAGE - 4, 0, 4}, F4E_TRAP_NONE},
    {"init too far", run_init, {PAGE - 3, 0, 4}, F4E_TRAP_OOB},
    {"init from too far", run_init, {0, 1, 4}, F4E_TRAP_OOB},
    {"init that wraps", run_init, {0, 0xffffffff, 2}, F4E_TRAP_OOB},
    {"init nothing, dropped", run_init_dropped, {0, 0, 0}, F4E_TRAP_NONE},
    {"init, dropped", run_init_dropped, {0, 0, 1}, F4E_TRAP_OOB},
    {"init past the end, dropped", run_init_dropped, {0, 1, 0}, F4E_TRAP_OOB},
};

START_TEST(checks_bulk_operations_before_they_write)
{
    u8 *const data = F4E_MEMORY_DATA(F4E_M0);
    struct bulk bulk = bulks[_i].bulk;

    memset(data, 0x55, PAGE);
    ck_assert_msg(f4e_guard(bulks[_i].run, &bulk, STACK_BYTES, NULL) ==
                      bulks[_i].trap,
                  "%s", bulks[_i].name);
    for (unsigned i = 0; bulks[_i].trap != F4E_TRAP_NONE && i < PAGE; i++) {
        if (data[i] != 0x55) {
            ck_abort_msg("%s: byte %u", bulks[_i].name, i);
        }
    }
}
END_TEST

START_TEST(bulk_operations_do_their_work)
{
    u8 *const data = F4E_MEMORY_DATA(F4E_M0);

    memory_fill(F4E_M0, 0u, 0x1ffu, 8u);
    ck_assert_uint_eq(data[7], 0xff);
    memory_init(F4E_M0, segment, sizeof(segment), 2u, 1u, 3u);
    ck_assert_mem_eq(data, "\xff\xff\2\3\4\xff\xff\xff", 8);
    memory_copy(F4E_M0, F4E_M0, 3u, 2u, 3u); /* overlaps */
    ck_assert_mem_eq(data, "\xff\xff\2\2\3\4\xff\xff", 8);
    memory_copy(F4E_M2, F4E_M0, 1u, 4u, 2u); /* to another memory */
    ck_assert_mem_eq(F4E_MEMORY_DATA(F4E_M2), "\0\3\4", 3);
    LOAD_DATA((*F4E_M0), 0u, segment, 4);
    ck_assert_mem_eq(data, segment, 4);
    LOAD_DATA((*F4E_M1), 0u, NULL, 0);
}
END_TEST

START_TEST(memories_do_not_grow)
{
    ck_assert_uint_eq(wasm_rt_grow_memory(F4E_M0, 0), 1);
    ck_assert_uint_eq(wasm_rt_grow_memory(F4E_M0, 1), UINT32_MAX);
    ck_assert_uint_eq(wasm_rt_grow_memory(F4E_M1, 0), 0);
    ck_assert_uint_eq(wasm_rt_grow_memory(F4E_M1, 65536), UINT32_MAX);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("wasm_rt");
    TCase *access = tcase_create("access");
    TCase *bulk = tcase_create("bulk");

    tcase_add_loop_test(access, checks_every_access, 0, ROW_COUNT);
    tcase_add_loop_test(access, loads_extend_their_sign, 0, ROW_COUNT);
    tcase_add_loop_test(access, stores_touch_only_their_bytes, 0, ROW_COUNT);
    tcase_add_test(access, later_dialects_select_the_same_functions);
    tcase_add_test(access, fixed_addresses_keep_every_bit_and_the_check);
    suite_add_tcase(suite, access);

    tcase_add_loop_test(bulk, checks_bulk_operations_before_they_write, 0,
                        (int)(sizeof(bulks) / sizeof(bulks[0])));
    tcase_add_test(bulk, bulk_operations_do_their_work);
    tcase_add_test(bulk, memories_do_not_grow);
    suite_add_tcase(suite, bulk);
    return suite;
}
