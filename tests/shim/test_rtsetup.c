/* SPDX-License-Identifier: MIT */
/* RUSAGE_THREAD and the limits are Linux's. */
#define _GNU_SOURCE
#include "system/rtsetup.h"

#include "audio/record.h"
#include "fake_patch.h"
#include "load/load.h"
#include "rt/engine.h"
#include "rt/stats.h"
#include "suite.h"
#include "told.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

extern const struct f4e_patch f4e_patch;

enum {
    WARM_UP = 16,
    BLOCKS = 10000,
    FRESH_BYTES = 2 << 20,
    PAGE = 4096,
    LARGE_BYTES = 256 << 20
};

static struct engine engine;
static struct stats stats;
static struct rtsetup setup;
static struct record record;
static char fresh[FRESH_BYTES]; /* nobody has touched it */
static char *heap;              /* nor this */
static bool is_prepared;
static long faults;

/* Each test is a process of its own: what it gives up does not come back. */
static void give_up_privileges(void)
{
    if (geteuid() == 0) {
        ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
    }
}

static void set_limit(__rlimit_resource_t which, rlim_t value)
{
    const struct rlimit limit = {value, value};
    ck_assert_int_eq(setrlimit(which, &limit), 0);
}

static long minor_faults(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_minflt;
}

/* A frame far below those that ran before. */
__attribute__((noinline)) static void use_stack(void)
{
    volatile char bytes[128 << 10];
    for (size_t i = 0; i < sizeof(bytes); i += PAGE) {
        bytes[i] = 1;
    }
}

static void *run_blocks(void *arg)
{
    static float left[FAKE_BLOCK_FRAMES];
    static float right[FAKE_BLOCK_FRAMES];
    float *const out[] = {left, right};
    (void)arg;
    if (is_prepared) {
        rtsetup_enter(&setup);
    }
    for (int i = 0; i < WARM_UP; i++) {
        (void)engine_process(&engine, NULL, out);
    }
    long before = minor_faults();
    for (size_t i = 0; i < BLOCKS; i++) {
        (void)engine_process(&engine, NULL, out);
        stats_block(&stats, i, FAKE_BLOCK_FRAMES, engine.is_general);
        stats_output(&stats, 0, left, FAKE_BLOCK_FRAMES);
        record_block(&record, (const float *const *)out, FAKE_BLOCK_FRAMES);
        fresh[i * PAGE % FRESH_BYTES] = 1;
        heap[i * PAGE % FRESH_BYTES] = 1;
        if (i == BLOCKS / 2) {
            use_stack();
        }
    }
    faults = minor_faults() - before;
    return NULL;
}

static void play_blocks(void)
{
    struct failure failure = {.status = STATUS_OK};
    const struct options options = {.is_flushing = true};
    pthread_t thread;
    rtsetup_init(&setup, 0);
    heap = malloc(FRESH_BYTES);
    record.ring = (struct ring){.samples = malloc((1 << 20) * sizeof(float)),
                                .frames = 1 << 19,
                                .channels = 2};
    ck_assert(heap != NULL && record.ring.samples != NULL);
    engine_init(&engine, &f4e_patch, TRAP_STOP, load_stack_bytes(&f4e_patch));
    ck_assert(load_patch(&engine, &options, &failure));
    if (is_prepared) {
        rtsetup_lock(&setup, &f4e_patch);
    }
    ck_assert(
        load_start_thread(&thread, &f4e_patch, run_blocks, NULL, &failure));
    (void)pthread_join(thread, NULL);
    free(heap);
    free(record.ring.samples);
    ck_assert_uint_gt(atomic_load(&record.lost), 0); /* it was filled */
}

START_TEST(no_page_is_missing_when_all_is_locked)
{
    is_prepared = true;
    play_blocks();
    ck_assert_int_eq(faults, 0);
}
END_TEST

START_TEST(no_page_is_missing_when_nothing_can_be_locked)
{
    is_prepared = true;
    set_limit(RLIMIT_MEMLOCK, 0);
    give_up_privileges();
    play_blocks();
    ck_assert(!setup.is_all_locked);
    ck_assert_uint_gt(setup.refused_bytes, 2 * FRESH_BYTES);
    ck_assert_int_eq(faults, 0);
}
END_TEST

/* Pages of [from, from + bytes) that are there. */
static size_t resident_pages(const void *from, size_t bytes)
{
    size_t count = 0;
    size_t skip = (PAGE - (uintptr_t)from % PAGE) % PAGE;
    size_t pages = (bytes - skip) / PAGE;
    unsigned char *states = malloc(pages);
    ck_assert_ptr_nonnull(states);
    /* NOLINTNEXTLINE: mincore() only looks */
    ck_assert_int_eq(
        mincore((char *)(uintptr_t)from + skip, pages * PAGE, states), 0);
    for (size_t i = 0; i < pages; i++) {
        count += states[i] & 1U;
    }
    free(states);
    return count;
}

static uint8_t large[LARGE_BYTES]; /* in the program's data */

START_TEST(a_huge_memory_is_not_brought_in_when_it_cannot_be_locked)
{
    uint8_t *mapped = mmap(NULL, LARGE_BYTES, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(mapped, MAP_FAILED);
    const struct f4e_memory memories[] = {{"a", mapped, LARGE_BYTES},
                                          {"b", large, LARGE_BYTES}};
    const struct f4e_patch patch = {.memories = memories, .memory_count = 2};
    set_limit(RLIMIT_MEMLOCK, 0);
    give_up_privileges();
    rtsetup_init(&setup, 0);
    rtsetup_lock(&setup, &patch);
    ck_assert(!setup.is_all_locked);
    ck_assert_uint_ge(setup.refused_bytes, 2 * (size_t)LARGE_BYTES);
    ck_assert_uint_lt(resident_pages(mapped, LARGE_BYTES), 1024);
    ck_assert_uint_lt(resident_pages(large, LARGE_BYTES), 1024);
    /* What lies beside it is there. */
    ck_assert_uint_ge(resident_pages(fresh, FRESH_BYTES),
                      FRESH_BYTES / PAGE - 1);
    (void)munmap(mapped, LARGE_BYTES);
}
END_TEST

/* As costly as one of them is what many make together. */
START_TEST(many_memories_are_not_brought_in_either)
{
    enum { COUNT = 16, BYTES = 16 << 20, TOUCHED = 4 };
    struct f4e_memory memories[COUNT];
    const struct f4e_patch patch = {.memories = memories,
                                    .memory_count = COUNT};
    uint8_t *mapped = mmap(NULL, (size_t)COUNT * BYTES, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(mapped, MAP_FAILED);
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(&memories[i],
               &(struct f4e_memory){"m", mapped + i * BYTES, BYTES},
               sizeof(memories[i]));
    }
    set_limit(RLIMIT_MEMLOCK, 0);
    give_up_privileges();
    rtsetup_init(&setup, 0);
    rtsetup_lock(&setup, &patch);
    ck_assert(!setup.is_all_locked);
    ck_assert_uint_eq(resident_pages(mapped, (size_t)TOUCHED * BYTES),
                      (size_t)TOUCHED * BYTES / PAGE);
    ck_assert_uint_lt(resident_pages(mapped + (size_t)TOUCHED * BYTES,
                                     (size_t)(COUNT - TOUCHED) * BYTES),
                      1024);
    (void)munmap(mapped, (size_t)COUNT * BYTES);
}
END_TEST

START_TEST(pages_are_missing_without_it)
{
    play_blocks();
    ck_assert_int_gt(faults, 100);
}
END_TEST

static void *enter(void *arg)
{
    (void)arg;
    rtsetup_enter(&setup);
    return NULL;
}

/* What is told after rtsetup with that priority; told_stop() it. */
static const char *set_up(unsigned prio)
{
    struct failure failure = {.status = STATUS_OK};
    pthread_t thread;
    rtsetup_init(&setup, prio);
    rtsetup_lock(&setup, &f4e_patch);
    ck_assert(load_start_thread(&thread, &f4e_patch, enter, NULL, &failure));
    (void)pthread_join(thread, NULL);
    told_start();
    rtsetup_tell(&setup);
    return told();
}

static void expect_words(const char *text, const char *words)
{
    ck_assert_msg(strstr(text, words) != NULL, "no '%s' in: %s", words, text);
}

START_TEST(says_what_to_do_when_nothing_is_allowed)
{
    set_limit(RLIMIT_RTPRIO, 0);
    set_limit(RLIMIT_MEMLOCK, 0);
    give_up_privileges();
    const char *text = set_up(70);
    ck_assert_int_eq(setup.prio, 0);
    expect_words(text, "normal priority (Operation not permitted)");
    expect_words(text, "'@audio - rtprio 95'");
    expect_words(text, "MB not locked, the limit is 0.0 MB");
    expect_words(text, "'@audio - memlock unlimited'");
    told_stop();
}
END_TEST

START_TEST(locks_what_the_limit_allows)
{
    set_limit(RLIMIT_MEMLOCK, 256 << 10); /* less than the stack */
    give_up_privileges();
    const char *text = set_up(0);
    ck_assert(!setup.is_all_locked);
    ck_assert_uint_gt(setup.refused_bytes, 0);
    expect_words(text, "thread  normal priority\n");
    told_stop();
}
END_TEST

/* True when this process may have real time at all. */
static bool may_have_real_time(void)
{
    const struct sched_param param = {.sched_priority = 1};
    const struct sched_param none = {.sched_priority = 0};
    return sched_setscheduler(0, SCHED_FIFO, &param) == 0 &&
           sched_setscheduler(0, SCHED_OTHER, &none) == 0;
}

START_TEST(clips_the_priority_to_the_limit)
{
    const struct rlimit limit = {10, 10};
    if (setrlimit(RLIMIT_RTPRIO, &limit) != 0) {
        return; /* nobody may raise it here */
    }
    give_up_privileges();
    const char *text = set_up(70);
    if (setup.error == 0) { /* a container may forbid it altogether */
        ck_assert_int_eq(setup.prio, 10);
        expect_words(text, "SCHED_FIFO, priority 10, which is RLIMIT_RTPRIO");
    } else {
        expect_words(text, "normal priority (");
    }
    told_stop();
}
END_TEST

static int schedulers[4]; /* of the thread, one after the other */
static int prio_before;
static pthread_barrier_t meeting;

/* Compute without a pause; the scheduler at its end. */
static int spin(void)
{
    struct timespec begin;
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    do {
        (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    } while (!rtsetup_is_demoted() && now.tv_sec - begin.tv_sec < 3);
    return sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
}

static void *compute(void *arg)
{
    (void)arg;
    rtsetup_enter(&setup);
    prio_before = setup.prio;
    for (size_t i = 0; i < 4; i += 2) {
        schedulers[i] = sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
        schedulers[i + 1] = spin();
        (void)pthread_barrier_wait(&meeting);
        (void)pthread_barrier_wait(&meeting);
    }
    return NULL;
}

/* And has it again when other code is to play, which may lose it, too. */
START_TEST(a_patch_without_a_pause_loses_its_priority)
{
    static const int expected[] = {SCHED_FIFO, SCHED_OTHER, SCHED_FIFO,
                                   SCHED_OTHER};
    struct failure failure = {.status = STATUS_OK};
    pthread_t thread;
    if (!may_have_real_time()) {
        return;
    }
    rtsetup_init(&setup, 5);
    ck_assert_int_eq(pthread_barrier_init(&meeting, NULL, 2), 0);
    ck_assert(load_start_thread(&thread, &f4e_patch, compute, NULL, &failure));
    for (int i = 0; i < 2; i++) {
        (void)pthread_barrier_wait(&meeting);
        ck_assert(rtsetup_is_demoted());
        rtsetup_promote(&setup);
        ck_assert(!rtsetup_is_demoted());
        (void)pthread_barrier_wait(&meeting);
    }
    (void)pthread_join(thread, NULL);
    (void)pthread_barrier_destroy(&meeting);
    ck_assert_int_eq(prio_before, 5);
    ck_assert_mem_eq(schedulers, expected, sizeof(expected));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("rtsetup");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, no_page_is_missing_when_all_is_locked);
    tcase_add_test(tcase, no_page_is_missing_when_nothing_can_be_locked);
    tcase_add_test(tcase,
                   a_huge_memory_is_not_brought_in_when_it_cannot_be_locked);
    tcase_add_test(tcase, many_memories_are_not_brought_in_either);
    tcase_add_test(tcase, pages_are_missing_without_it);
    tcase_add_test(tcase, says_what_to_do_when_nothing_is_allowed);
    tcase_add_test(tcase, locks_what_the_limit_allows);
    tcase_add_test(tcase, clips_the_priority_to_the_limit);
    tcase_add_test(tcase, a_patch_without_a_pause_loses_its_priority);
    suite_add_tcase(suite, tcase);
    return suite;
}
