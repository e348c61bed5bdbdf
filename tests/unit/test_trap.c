/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "rt/trap.h"

#define F4E_RECURSIVE 1
#include "rt/wasm_rt.h"

#include <pthread.h>

enum { STACK_BYTES = 256 * 1024 };

static unsigned calls;
static volatile unsigned depth;

static void count(void *arg)
{
    (void)arg;
    calls++;
}

static void trap_with(void *arg)
{
    const enum f4e_trap *kind = arg;

    calls++;
    f4e_trap(*kind, __func__);
}

static void run_unreachable(void *arg)
{
    (void)arg;
    UNREACHABLE;
}

/* As wasm2c writes a function whose last act is to call itself. */
static void recurse(u32 n)
{
    FUNC_PROLOGUE;
    depth = n;
    if (n < UINT32_MAX) {
        recurse(n + 1);
    }
    FUNC_EPILOGUE;
}

static void recurse_from_zero(void *arg)
{
    (void)arg;
    recurse(0);
}

static void mutual_odd(u32 n);

static void mutual_even(u32 n)
{
    FUNC_PROLOGUE;
    depth = n;
    if (n < UINT32_MAX) {
        mutual_odd(n + 1);
    }
    FUNC_EPILOGUE;
}

static void mutual_odd(u32 n)
{
    FUNC_PROLOGUE;
    mutual_even(n + 1);
    FUNC_EPILOGUE;
}

static void recurse_mutually(void *arg)
{
    (void)arg;
    mutual_even(0);
}

static void setup(void)
{
    calls = 0;
    depth = 0;
}

START_TEST(returns_none_without_a_trap)
{
    struct f4e_trap_report report = {F4E_TRAP_OOB, "untouched"};

    ck_assert_int_eq(f4e_guard(count, NULL, STACK_BYTES, &report),
                     F4E_TRAP_NONE);
    ck_assert_uint_eq(calls, 1);
    ck_assert_str_eq(report.function, "untouched");
}
END_TEST

START_TEST(returns_the_kind_and_the_function)
{
    enum f4e_trap kind = (enum f4e_trap)_i;
    struct f4e_trap_report report = {F4E_TRAP_NONE, NULL};

    ck_assert_int_eq(f4e_guard(trap_with, &kind, STACK_BYTES, &report), kind);
    ck_assert_int_eq(report.kind, kind);
    ck_assert_str_eq(report.function, "trap_with");
    ck_assert_int_eq(f4e_guard(trap_with, &kind, STACK_BYTES, NULL), kind);
}
END_TEST

START_TEST(works_again_after_each_trap)
{
    for (unsigned i = 0; i < 1000; i++) {
        enum f4e_trap kind = F4E_TRAP_OOB;
        ck_assert_int_eq(f4e_guard(trap_with, &kind, STACK_BYTES, NULL), kind);
        ck_assert_int_eq(f4e_guard(count, NULL, STACK_BYTES, NULL),
                         F4E_TRAP_NONE);
    }
    ck_assert_uint_eq(calls, 2000);
}
END_TEST

static void interrupt(void *arg)
{
    (void)arg;
    f4e_interrupt();
    calls++;
}

static void *interrupt_elsewhere(void *arg)
{
    f4e_interrupt();
    return arg;
}

/* A thread has a stack of its own, by which it is known. */
static void wait_for_another(void *arg)
{
    pthread_t thread;
    (void)arg;
    ck_assert_int_eq(pthread_create(&thread, NULL, interrupt_elsewhere, NULL),
                     0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    calls++;
}

START_TEST(is_interrupted_on_its_own_thread)
{
    struct f4e_trap_report report = {F4E_TRAP_NONE, "untouched"};
    f4e_interrupt();
    ck_assert_int_eq(f4e_guard(interrupt, NULL, STACK_BYTES, &report),
                     F4E_TRAP_ENDLESS);
    ck_assert_ptr_null(report.function);
    ck_assert_uint_eq(calls, 0);
    ck_assert_int_eq(f4e_guard(wait_for_another, NULL, STACK_BYTES, NULL),
                     F4E_TRAP_NONE);
    ck_assert_uint_eq(calls, 1);
    f4e_interrupt();
}
END_TEST

START_TEST(names_the_function_of_unreachable)
{
    struct f4e_trap_report report = {F4E_TRAP_NONE, NULL};

    ck_assert_int_eq(f4e_guard(run_unreachable, NULL, STACK_BYTES, &report),
                     F4E_TRAP_UNREACHABLE);
    ck_assert_str_eq(report.function, "run_unreachable");
}
END_TEST

START_TEST(stops_recursion_and_recovers)
{
    struct f4e_trap_report report = {F4E_TRAP_NONE, NULL};

    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(
            f4e_guard(recurse_from_zero, NULL, STACK_BYTES, &report),
            F4E_TRAP_EXHAUSTION);
        ck_assert_str_eq(report.function, "recurse");
        ck_assert_uint_gt(depth, 100);
    }
    ck_assert_int_eq(f4e_guard(recurse_mutually, NULL, STACK_BYTES, &report),
                     F4E_TRAP_EXHAUSTION);
    ck_assert_str_eq(strncmp(report.function, "mutual_", 7) == 0 ? "" : "?",
                     "");
}
END_TEST

START_TEST(allows_more_depth_with_more_stack)
{
    f4e_guard(recurse_from_zero, NULL, STACK_BYTES / 4, NULL);
    const unsigned shallow = depth;

    f4e_guard(recurse_from_zero, NULL, STACK_BYTES, NULL);
    ck_assert_uint_gt(depth, 3 * shallow);
}
END_TEST

static void *thread_recurse(void *arg)
{
    enum f4e_trap *kind = arg;

    *kind = f4e_guard(recurse_from_zero, NULL, STACK_BYTES, NULL);
    return NULL;
}

START_TEST(measures_the_stack_of_the_calling_thread)
{
    enum f4e_trap kind = F4E_TRAP_NONE;
    pthread_attr_t attributes;
    pthread_t thread;

    f4e_guard(count, NULL, STACK_BYTES, NULL);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES + 64 * 1024);
    ck_assert_int_eq(
        pthread_create(&thread, &attributes, thread_recurse, &kind), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    ck_assert_int_eq(kind, F4E_TRAP_EXHAUSTION);
    ck_assert_uint_gt(depth, 100);
}
END_TEST

START_TEST(accepts_more_stack_than_there_are_addresses)
{
    ck_assert_int_eq(f4e_guard(count, NULL, SIZE_MAX, NULL), F4E_TRAP_NONE);
    ck_assert_uint_eq(f4e_stack_limit, 0);
}
END_TEST

START_TEST(has_a_text_for_every_kind)
{
    for (int kind = 0; kind < F4E_TRAP_COUNT; kind++) {
        const char *text = f4e_trap_text((enum f4e_trap)kind);
        ck_assert_ptr_nonnull(text);
        ck_assert_str_ne(text, "unknown trap");
    }
    ck_assert_str_eq(f4e_trap_text(F4E_TRAP_COUNT), "unknown trap");
    ck_assert_str_eq(f4e_trap_text(F4E_TRAP_OOB),
                     "memory access out of bounds");
    ck_assert_str_eq(f4e_trap_text(F4E_TRAP_DIV_BY_ZERO), "divide by zero");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("trap");
    TCase *guard = tcase_create("guard");
    TCase *stack = tcase_create("stack");

    tcase_add_checked_fixture(guard, setup, NULL);
    tcase_add_test(guard, returns_none_without_a_trap);
    tcase_add_loop_test(guard, returns_the_kind_and_the_function, F4E_TRAP_OOB,
                        F4E_TRAP_COUNT);
    tcase_add_test(guard, works_again_after_each_trap);
    tcase_add_test(guard, is_interrupted_on_its_own_thread);
    tcase_add_test(guard, names_the_function_of_unreachable);
    tcase_add_test(guard, has_a_text_for_every_kind);
    suite_add_tcase(suite, guard);

    tcase_add_checked_fixture(stack, setup, NULL);
    tcase_add_test(stack, stops_recursion_and_recovers);
    tcase_add_test(stack, allows_more_depth_with_more_stack);
    tcase_add_test(stack, measures_the_stack_of_the_calling_thread);
    tcase_add_test(stack, accepts_more_stack_than_there_are_addresses);
    suite_add_tcase(suite, stack);
    return suite;
}
