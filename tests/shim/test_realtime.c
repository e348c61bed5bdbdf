/* SPDX-License-Identifier: MIT */
/*
 * The audio thread allocates nothing and makes no system call: the C library's
 * allocator is replaced by one that counts, and a filter kills the process at
 * its first system call.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fake_patch.h"
#include "load.h"
#include "rt/convert.h"
#include "rt/denormals.h"
#include "rt/engine.h"
#include "suite.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static atomic_ulong allocations;

void *malloc(size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_realloc(block, size);
}

void free(void *block)
{
    atomic_fetch_add(&allocations, 1);
    __libc_free(block);
}

enum { BLOCKS = 10000 };

static struct engine engine;
static float left[FAKE_BLOCK_FRAMES];
static float right[FAKE_BLOCK_FRAMES];
static float *const out[] = {left, right};
static unsigned char samples[FAKE_BLOCK_FRAMES * 2 * 4];

/* Events, traps, resets, conversions: all that the audio thread does. */
static void run_blocks(void)
{
    static const int32_t trap_soon = 3;
    const struct engine_event events[] = {
        {5, NULL, NULL, (const uint8_t *)&trap_soon, FAKE_TRAP_AT, 4},
        {9, &f4e_patch.exports[2], NULL, NULL, 0, 0},
        {700, NULL, NULL, (const uint8_t *)&trap_soon, FAKE_BLOCKS, 4},
        {700, NULL, NULL, (const uint8_t *)&trap_soon, FAKE_TRAP_AT, 4},
    };
    const float *const in[] = {left};
    engine.events = events;
    engine.event_count = sizeof events / sizeof *events;
    denormals_flush(true);
    for (unsigned block = 0; block < BLOCKS; ++block) {
        (void)engine_process(&engine, in, out);
        (void)convert_from_float((enum sample_format)(block % FORMAT_COUNT),
                                 samples, (const float *const *)out, 2,
                                 FAKE_BLOCK_FRAMES);
        convert_to_float((enum sample_format)(block % FORMAT_COUNT), out,
                         samples, 2, FAKE_BLOCK_FRAMES);
    }
}

static void start(void)
{
    engine_init(&engine, &f4e_patch, TRAP_RESET, load_stack_bytes(&f4e_patch));
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
}

START_TEST(allocates_nothing)
{
    start();
    unsigned long before = atomic_load(&allocations);
    run_blocks();
    unsigned long after = atomic_load(&allocations);
    ck_assert_uint_eq(after - before, 0);
    ck_assert_uint_ge(engine.traps, 2);
    ck_assert_uint_eq(engine.block, BLOCKS);
}
END_TEST

START_TEST(notices_an_allocation)
{
    unsigned long before = atomic_load(&allocations);
    void *volatile block = malloc(1);
    free(block);
    ck_assert_uint_eq(atomic_load(&allocations) - before, 2);
}
END_TEST

/* From here on only _exit() is allowed. */
static void forbid_system_calls(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    /* No ck_assert() any more: it writes to a pipe. */
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        _exit(2);
    }
}

START_TEST(makes_no_system_call)
{
    start();
    forbid_system_calls();
    run_blocks();
    _exit(engine.block == BLOCKS ? 0 : 1);
}
END_TEST

START_TEST(is_killed_by_a_system_call)
{
    forbid_system_calls();
    (void)getppid();
    _exit(0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("realtime");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, allocates_nothing);
    tcase_add_test(tcase, notices_an_allocation);
    tcase_add_exit_test(tcase, makes_no_system_call, 0);
    tcase_add_test_raise_signal(tcase, is_killed_by_a_system_call, SIGSYS);
    suite_add_tcase(suite, tcase);
    return suite;
}
