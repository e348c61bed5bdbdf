/* SPDX-License-Identifier: MIT */
/* Copies of the memories while blocks run: each is of one moment. */
#include "state/state.h"

#include "suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

static struct engine engine;

enum { WORDS = 16384, TAKES = 20 };
static uint32_t words[WORDS];
static const struct f4e_memory word_memory = {"memory", (uint8_t *)words,
                                              sizeof(words)};
static atomic_bool is_ending;
static long pause_ns;

static void count_everywhere(void)
{
    for (size_t i = 0; i < WORDS; i++) {
        ((volatile uint32_t *)words)[i]++;
    }
}

static const struct f4e_patch counter = {.memories = &word_memory,
                                         .memory_count = 1,
                                         .block_frames = 1,
                                         .block = count_everywhere};

static void *run_blocks(void *arg)
{
    while (!atomic_load(&is_ending)) {
        const struct timespec time = {0, pause_ns};
        (void)engine_process(arg, NULL, NULL);
        if (pause_ns > 0) {
            (void)nanosleep(&time, NULL);
        }
    }
    return NULL;
}

/* With time between the blocks, and without any. */
START_TEST(takes_snapshots_of_one_moment)
{
    struct memory_snapshot snapshot;
    struct failure failure = {0};
    pthread_t thread;
    unsigned costly = 0;
    uint64_t last = 0;
    pause_ns = _i == 0 ? 2000000 : 0;
    memset(words, 0, sizeof(words));
    atomic_store(&is_ending, false);
    engine_init(&engine, &counter, TRAP_STOP, 65536);
    ck_assert(state_make_room(&snapshot, &counter, &failure));
    ck_assert_int_eq(pthread_create(&thread, NULL, run_blocks, &engine), 0);
    for (int i = 0; i < TAKES; i++) {
        ck_assert_msg(state_take(&snapshot, &engine, &failure), "%s",
                      failure.text);
        costly += snapshot.is_costly;
        for (size_t k = 0; k < WORDS; k++) {
            uint32_t word;
            memcpy(&word, snapshot.bytes + 4 * k, sizeof(word));
            ck_assert_msg(word == snapshot.block,
                          "word %zu is %u, the snapshot of block %u", k,
                          (unsigned)word, (unsigned)snapshot.block);
        }
        ck_assert_uint_ge(snapshot.block, last);
        last = snapshot.block;
    }
    atomic_store(&is_ending, true);
    (void)pthread_join(thread, NULL);
    ck_assert_msg(_i == 0 ? costly < TAKES / 2 : costly > 0,
                  "%u copies by the "
                  "audio thread",
                  costly);
    state_free(&snapshot);
}
END_TEST

START_TEST(gives_up_on_a_block_that_hangs)
{
    struct memory_snapshot snapshot;
    struct failure failure = {0};
    engine_init(&engine, &counter, TRAP_STOP, 65536);
    snapshot_enter(&engine.snapshot);
    ck_assert(state_make_room(&snapshot, &counter, &failure));
    snapshot.patience_ms = 20;
    ck_assert(!state_take(&snapshot, &engine, &failure));
    ck_assert_str_eq(failure.text,
                     "the state cannot be saved: a block does not end");
    snapshot_leave(&engine.snapshot);
    ck_assert(engine_process(&engine, NULL, NULL));
    failure = (struct failure){0};
    ck_assert(state_take(&snapshot, &engine, &failure));
    ck_assert(!snapshot.is_costly);
    state_free(&snapshot);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("state_snapshot");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, takes_snapshots_of_one_moment, 0, 2);
    tcase_add_test(tcase, gives_up_on_a_block_that_hangs);
    suite_add_tcase(suite, tcase);
    return suite;
}
