/* SPDX-License-Identifier: MIT */
#include "rt/inbox.h"

#include "fake_patch.h"
#include "load/load.h"
#include "rt/engine.h"
#include "suite.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CAPACITY = 8, FREE_ADDRESS = 4096, SECOND_MEMORY = 1 };

static struct engine engine;
static struct inbox inbox;
static struct inbox_slot slots[CAPACITY];
static struct inbox_payload payloads[CAPACITY];
static float left[FAKE_BLOCK_FRAMES];
static float right[FAKE_BLOCK_FRAMES];
static float *const out[] = {left, right};

static void start(enum trap_policy policy)
{
    engine_init(&engine, &f4e_patch, policy, load_stack_bytes(&f4e_patch));
    inbox_init(&inbox, slots, payloads, CAPACITY);
    engine_attach(&engine, &inbox);
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
}

static int32_t cell(unsigned memory, unsigned address)
{
    int32_t value;
    memcpy(&value, f4e_patch.memories[memory].data + address, sizeof(value));
    return value;
}

static bool send_i32(struct inbox *to, unsigned memory, unsigned address,
                     int32_t value)
{
    /* The value ends with this call: it is the copy that arrives. */
    const struct change change = {
        .write = {memory, address, sizeof(value), (const uint8_t *)&value}};
    return inbox_send(to, &change);
}

/* One number or many: what the producer does with its own does not matter. */
START_TEST(copies_payloads_of_all_sizes)
{
    uint8_t bytes[sizeof(struct inbox_payload)];
    uint8_t sent[sizeof(bytes)];
    start(TRAP_STOP);
    for (uint32_t size = 1; size <= sizeof(bytes); size++) {
        const struct change change = {.write = {0, FREE_ADDRESS, size, bytes}};
        ck_assert(inbox_copies(&change));
        for (uint32_t i = 0; i < size; i++) {
            bytes[i] = (uint8_t)(size * 31 + i);
        }
        memcpy(sent, bytes, size);
        ck_assert(inbox_send(&inbox, &change));
        memset(bytes, 0, sizeof(bytes));
        ck_assert(engine_process(&engine, NULL, out));
        ck_assert_mem_eq(f4e_patch.memories[0].data + FREE_ADDRESS, sent, size);
    }
    const struct change larger = {
        .write = {0, FREE_ADDRESS, sizeof(bytes) + 1, bytes}};
    ck_assert(!inbox_copies(&larger));
}
END_TEST

START_TEST(keeps_order_and_says_when_full)
{
    start(TRAP_STOP);
    for (int32_t i = 0; i < CAPACITY; i++) {
        ck_assert(send_i32(&inbox, 0, FREE_ADDRESS, i));
    }
    ck_assert(!send_i32(&inbox, 0, FREE_ADDRESS, 99));
    ck_assert_uint_eq(inbox_taken(&inbox), 0);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0, FREE_ADDRESS), CAPACITY - 1);
    ck_assert_uint_eq(inbox_taken(&inbox), CAPACITY);
    ck_assert(send_i32(&inbox, 0, FREE_ADDRESS, 42));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0, FREE_ADDRESS), 42);
}
END_TEST

START_TEST(writes_to_every_memory)
{
    start(TRAP_STOP);
    ck_assert(send_i32(&inbox, SECOND_MEMORY, 8, 5));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(SECOND_MEMORY, 8), 5);
    ck_assert_int_eq(cell(SECOND_MEMORY, 12), 0x07070707);
}
END_TEST

START_TEST(comes_after_the_timed_events_of_a_block)
{
    const int32_t timed = 1;
    const struct change event = {
        .block = 1, .write = {0, FREE_ADDRESS, 4, (const uint8_t *)&timed}};
    start(TRAP_STOP);
    engine.events = &event;
    engine.event_count = 1;
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert(send_i32(&inbox, 0, FREE_ADDRESS, 2));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0, FREE_ADDRESS), 2);
}
END_TEST

START_TEST(takes_inboxes_in_the_order_of_attaching)
{
    struct inbox_slot more[CAPACITY];
    struct inbox_payload more_payloads[CAPACITY];
    struct inbox second;
    start(TRAP_STOP);
    inbox_init(&second, more, more_payloads, CAPACITY);
    engine_attach(&engine, &second);
    ck_assert(send_i32(&second, 0, FREE_ADDRESS, 2));
    ck_assert(send_i32(&inbox, 0, FREE_ADDRESS, 1));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0, FREE_ADDRESS), 2);
}
END_TEST

START_TEST(more_inboxes_than_there_is_room_for_end_the_program)
{
    int status = 0;
    start(TRAP_STOP);
    for (unsigned i = 1; i < ENGINE_INBOXES_MAX; i++) {
        engine_attach(&engine, &inbox);
    }
    pid_t pid = fork();
    if (pid == 0) {
        engine_attach(&engine, &inbox);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status));
}
END_TEST

START_TEST(calls_with_its_arguments)
{
    double args[] = {144, 60, 100};
    const struct change note = {
        .kind = CHANGE_CALL,
        .call = {.function = &f4e_patch.exports[0], .args = args}};
    start(TRAP_STOP);
    ck_assert(inbox_send(&inbox, &note));
    args[2] = 1; /* copied by then */
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0, FAKE_LAST_NOTE), 100);
}
END_TEST

/* Whatever the policy: nobody outside can end a patch by a call. */
START_TEST(drops_a_call_that_traps)
{
    const struct change fail = {.kind = CHANGE_CALL,
                                .call = {.function = &f4e_patch.exports[2]}};
    start((enum trap_policy)_i);
    ck_assert(inbox_send(&inbox, &fail));
    ck_assert(send_i32(&inbox, 0, FREE_ADDRESS, 3));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(engine.traps, 0);
    ck_assert_uint_eq(engine.dropped_calls.count, 1);
    ck_assert_int_eq(engine.dropped_calls.trap.kind, F4E_TRAP_OOB);
    ck_assert_int_eq(cell(0, FREE_ADDRESS), 3);
    ck_assert_uint_eq(inbox_taken(&inbox), 2);
    ck_assert_int_eq(cell(0, FAKE_BLOCKS), 1);
    ck_assert_int_eq(inbox_outcome(&inbox, 1), F4E_TRAP_OOB);
    ck_assert_int_eq(inbox_outcome(&inbox, 2), F4E_TRAP_NONE);
}
END_TEST

START_TEST(toggles)
{
    static const uint8_t values[8] = {5, 0, 0, 0, 9, 0, 0, 0};
    const struct change toggle = {.kind = CHANGE_TOGGLE,
                                  .write = {0, FREE_ADDRESS, 4, values}};
    static const int32_t want[] = {5, 9, 5};
    start(TRAP_STOP);
    ck_assert(send_i32(&inbox, 0, FREE_ADDRESS, 77));
    for (int i = 0; i < 3; i++) {
        ck_assert(inbox_send(&inbox, &toggle));
        ck_assert(engine_process(&engine, NULL, out));
        ck_assert_int_eq(cell(0, FREE_ADDRESS), want[i]);
    }
}
END_TEST

/* A long message arrives in pieces; what is behind it waits. */
START_TEST(spreads_a_long_message_over_blocks)
{
    enum { SIZE = INBOX_BLOCK_BYTES / 2, LAST = 60000 };
    uint8_t *bytes = malloc(SIZE);
    ck_assert_ptr_nonnull(bytes);
    memset(bytes, 1, SIZE);
    const struct change half = {.write = {1, 0, SIZE, bytes}};
    const struct change other = {.write = {1, 16, SIZE, bytes}};
    start(TRAP_STOP);
    ck_assert(inbox_send(&inbox, &half));
    ck_assert(send_i32(&inbox, 1, 0, 2));
    ck_assert(inbox_send(&inbox, &other));
    ck_assert(send_i32(&inbox, 1, LAST, 3));
    ck_assert(engine_process(&engine, NULL, out));
    /* All of the first and the word fit; four bytes less of the other do. */
    ck_assert_uint_eq(inbox_taken(&inbox), 2);
    ck_assert_int_eq(cell(1, 0), 2);
    ck_assert_int_eq(cell(1, 16 + SIZE - 8), 0x01010101);
    ck_assert_int_eq(cell(1, 16 + SIZE - 4), 0x07070707);
    ck_assert_int_eq(cell(1, LAST), 0x07070707);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(inbox_taken(&inbox), 4);
    ck_assert_int_eq(cell(1, 16 + SIZE - 4), 0x01010101);
    ck_assert_int_eq(cell(1, LAST), 3);
    free(bytes);
}
END_TEST

enum { SENT = 5000, LARGE = 256 /* bytes: more than is copied */ };

static void *send_many(void *arg)
{
    (void)arg;
    for (int32_t i = 1; i <= SENT; i++) {
        uint8_t *bytes = calloc(1, LARGE);
        memcpy(bytes, &i, sizeof(i));
        memcpy(bytes + LARGE - sizeof(i), &i, sizeof(i));
        const struct change change = {.write = {0, FREE_ADDRESS, LARGE, bytes}};
        while (!inbox_send(&inbox, &change)) {
            (void)sched_yield();
        }
        /* Freed as soon as it may be: a sanitizer sees if that is early. */
        while (inbox_taken(&inbox) < (size_t)i) {
            (void)sched_yield();
        }
        free(bytes);
    }
    return NULL;
}

START_TEST(loses_nothing_between_threads)
{
    pthread_t thread;
    int32_t last = 0;
    const struct change large = {.write = {.size = LARGE}};
    ck_assert(!inbox_copies(&large));
    start(TRAP_STOP);
    ck_assert_int_eq(pthread_create(&thread, NULL, send_many, NULL), 0);
    while (last < SENT) {
        ck_assert(engine_process(&engine, NULL, out));
        int32_t now = cell(0, FREE_ADDRESS);
        ck_assert_int_ge(now, last);
        ck_assert_int_eq(now, cell(0, FREE_ADDRESS + LARGE - 4));
        last = now;
        (void)sched_yield();
    }
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_uint_eq(inbox_taken(&inbox), SENT);
}
END_TEST

START_TEST(waits_for_the_block_that_is_told)
{
    start(TRAP_STOP);
    inbox.due_block = 2;
    ck_assert(send_i32(&inbox, 0, FREE_ADDRESS, 7));
    inbox.due_block = 0; /* keeps its place */
    ck_assert(send_i32(&inbox, 0, FREE_ADDRESS + 4, 8));
    for (int block = 0; block < 3; block++) {
        ck_assert_int_eq(cell(0, FREE_ADDRESS), 0);
        ck_assert_int_eq(cell(0, FREE_ADDRESS + 4), 0);
        ck_assert(engine_process(&engine, NULL, out));
    }
    ck_assert_int_eq(cell(0, FREE_ADDRESS), 7);
    ck_assert_int_eq(cell(0, FREE_ADDRESS + 4), 8);
}
END_TEST

START_TEST(settings_survive_a_reset)
{
    const float gain = 0.25F;
    const struct change setting = {
        .write = {0, FAKE_GAIN, 4, (const uint8_t *)&gain}};
    const struct change fail = {1, CHANGE_CALL,
                                .call = {.function = &f4e_patch.exports[2]}};
    engine_init(&engine, &f4e_patch, TRAP_RESET, load_stack_bytes(&f4e_patch));
    inbox_init(&inbox, slots, payloads, CAPACITY);
    engine_attach(&engine, &inbox);
    engine.settings = &setting;
    engine.setting_count = 1;
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
    ck_assert_int_eq(cell(0, FAKE_GAIN), 0x3e800000);
    ck_assert(send_i32(&inbox, 0, FAKE_GAIN, 0));
    engine.events = &fail;
    engine.event_count = 1;
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0, FAKE_GAIN), 0);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0, FAKE_GAIN), 0x3e800000);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("inbox");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, copies_payloads_of_all_sizes);
    tcase_add_test(tcase, keeps_order_and_says_when_full);
    tcase_add_test(tcase, writes_to_every_memory);
    tcase_add_test(tcase, comes_after_the_timed_events_of_a_block);
    tcase_add_test(tcase, takes_inboxes_in_the_order_of_attaching);
    tcase_add_test(tcase, more_inboxes_than_there_is_room_for_end_the_program);
    tcase_add_test(tcase, calls_with_its_arguments);
    tcase_add_loop_test(tcase, drops_a_call_that_traps, 0, 3);
    tcase_add_test(tcase, toggles);
    tcase_add_test(tcase, spreads_a_long_message_over_blocks);
    tcase_add_test(tcase, loses_nothing_between_threads);
    tcase_add_test(tcase, waits_for_the_block_that_is_told);
    tcase_add_test(tcase, settings_survive_a_reset);
    suite_add_tcase(suite, tcase);
    return suite;
}
