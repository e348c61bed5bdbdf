/* SPDX-License-Identifier: MIT */
/* Floods of changes: what merging and the bound of a block leave of them. */
#include "control/sender.h"
#include "fake_patch.h"
#include "load/load.h"
#include "rt/engine.h"
#include "suite.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum {
    CAPACITY = 256,
    BLOCKS = 60,
    CHANGES_MAX = 8192,
    BYTES_MAX = 600, /* of a write: some are copied, others not */
    PIANO = 9,       /* a view of the fake patch */
    AREA = FAKE_BIG,
};

static struct engine engine;
static struct inbox inbox;
static struct inbox_slot slots[CAPACITY];
static struct inbox_payload payloads[CAPACITY];
static float left[FAKE_BLOCK_FRAMES];
static float right[FAKE_BLOCK_FRAMES];
static float *const out[] = {left, right};

/* What was sent, with the block that made it. */
static struct change sent[CHANGES_MAX];
static uint64_t numbers[CHANGES_MAX];
static uint8_t bytes_of[CHANGES_MAX][BYTES_MAX];
static double args_of[CHANGES_MAX][3];
static size_t sent_count;
static uint8_t borders[BLOCKS][FAKE_MEMORY_BYTES];
static uint64_t seed;

static uint32_t any(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % below);
}

static void start(void)
{
    engine_init(&engine, &f4e_patch, TRAP_RESET, load_stack_bytes(&f4e_patch));
    inbox_init(&inbox, slots, payloads, CAPACITY);
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
}

/* Few addresses, so that writes meet, and in part as well. */
static void make_write(struct change *change, uint8_t *bytes)
{
    static const uint32_t sizes[] = {1, 2, 8, 8, 40, 128, 600};
    change->write.memory = 0;
    change->write.size =
        any(12) == 0 ? sizes[any(sizeof(sizes) / sizeof(*sizes))] : 4;
    change->write.address = AREA + 4 * any(any(4) == 0 ? 200 : 12);
    change->write.bytes = bytes;
    for (uint32_t i = 0; i < BYTES_MAX; i++) {
        bytes[i] = (uint8_t)any(256);
    }
}

/* Most are writes: only then is there something to merge. */
static void make_change(struct change *change, size_t index)
{
    double *args = args_of[index];
    *change = (struct change){.kind = CHANGE_WRITE};
    make_write(change, bytes_of[index]);
    switch (any(40)) {
    case 0:
        change->kind = CHANGE_TOGGLE;
        change->write.size = 4;
        break;
    case 1:
        change->kind = CHANGE_RAMP;
        change->element = F4E_U8;
        change->blocks = 1 + any(6);
        change->write.size = 1 + any(4);
        break;
    case 2:
        for (int i = 0; i < 3; i++) {
            args[i] = any(128);
        }
        change->kind = CHANGE_CALL;
        change->is_sent = true; /* as it is when it has been */
        change->is_midi = any(2) == 0;
        change->call.function = &f4e_patch.exports[any(40) == 0 ? 2 : 0];
        if (change->is_midi) {
            for (int i = 0; i < 3; i++) {
                change->call.midi[i] = (uint8_t)args[i];
            }
        } else {
            change->call.args = args;
        }
        break;
    case 3:
        change->kind = any(2) == 0 ? CHANGE_KEY : CHANGE_PIANO;
        if (change->kind == CHANGE_KEY) {
            change->key.action = (uint8_t)any(2);
            change->key.key = (uint8_t)(4 + any(20));
        } else {
            change->piano.view = &f4e_patch.views[PIANO];
            change->piano.action = PIANO_TOGGLE;
            memset(change->piano.key, 0, sizeof(change->piano.key));
            change->piano.key[0] = (uint8_t)any(6);
        }
        break;
    default:
        break;
    }
}

/* Send random changes between blocks, now and then far more than one takes. */
static void play_flood(void)
{
    size_t made = 0;
    start();
    engine_attach(&engine, &inbox);
    for (unsigned block = 0; block < BLOCKS; block++) {
        unsigned wanted = any(3) == 0 ? any(300) : any(40);
        while (wanted-- > 0 && sent_count < CHANGES_MAX) {
            make_change(&sent[sent_count], sent_count);
            numbers[sent_count] = inbox_put(&inbox, &sent[sent_count]);
            if (numbers[sent_count] == 0) {
                break; /* full */
            }
            sent_count++;
        }
        ck_assert(engine_process(&engine, NULL, out));
        memcpy(borders[block], f4e_patch.memories[0].data, FAKE_MEMORY_BYTES);
        /* What is made are the first ones sent, merged or not. */
        for (; made < sent_count && numbers[made] <= inbox_taken(&inbox);
             made++) {
            sent[made].block = block;
        }
        for (size_t i = made; i < sent_count; i++) {
            ck_assert_uint_gt(numbers[i], inbox_taken(&inbox));
        }
    }
    sent_count = made;
}

/* The very changes that a block has brought, each as a timed event of it: the
 * memory is the same at each border. */
START_TEST(leaves_the_memory_that_all_changes_would)
{
    seed = (uint64_t)_i + 1;
    sent_count = 0;
    play_flood();
    ck_assert_uint_gt(sent_count, 500);
    ck_assert_uint_gt(atomic_load(&inbox.merged), 100);
    ck_assert_uint_gt(atomic_load(&engine.crowded_blocks), 0);
    start();
    engine.events = sent;
    engine.event_count = sent_count;
    for (unsigned block = 0; block < BLOCKS; block++) {
        ck_assert(engine_process(&engine, NULL, out));
        ck_assert_msg(memcmp(borders[block], f4e_patch.memories[0].data,
                             FAKE_MEMORY_BYTES) == 0,
                      "seed %d, block %u", _i + 1, block);
    }
}
END_TEST

static struct change write_of(uint32_t address, const int32_t *value)
{
    return (struct change){
        .write = {0, AREA + address, sizeof(*value), (const uint8_t *)value}};
}

static uint64_t put(uint32_t address, int32_t value)
{
    const struct change change = write_of(address, &value);
    return inbox_put(&inbox, &change);
}

static int32_t cell(uint32_t address)
{
    int32_t value;
    memcpy(&value, f4e_patch.memories[0].data + AREA + address, sizeof(value));
    return value;
}

/* A fader that sends a million values a second costs what one value does. */
START_TEST(leaves_one_of_all_writes_to_a_variable)
{
    start();
    engine_attach(&engine, &inbox);
    for (int32_t i = 0; i < 100000; i++) {
        ck_assert_uint_eq(put(0, i), 1);
        ck_assert_uint_eq(put(4, -i), 2);
    }
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0), 99999);
    ck_assert_int_eq(cell(4), -99999);
    ck_assert_uint_eq(inbox_taken(&inbox), 2);
    ck_assert_uint_eq(put(0, 1), 3); /* what was seen is seen */
}
END_TEST

/* In each place where a write to cell 0 comes again, may it replace the first?
 */
static const struct {
    const char *title;
    enum change_kind kind;
    uint32_t address;
    uint32_t size;
    bool is_merged;
} between[] = {
    {"another variable", CHANGE_WRITE, 4, 4, true},
    {"a part of it", CHANGE_WRITE, 2, 2, false},
    {"it and more", CHANGE_WRITE, 0, 8, false},
    {"something large elsewhere", CHANGE_WRITE, 64, 600, false},
    {"a ramp elsewhere", CHANGE_RAMP, 64, 4, false},
    {"a switch elsewhere", CHANGE_TOGGLE, 64, 4, false},
    {"a key", CHANGE_KEY, 0, 0, false},
    {"a piano", CHANGE_PIANO, 0, 0, false},
    {"a call", CHANGE_CALL, 0, 0, false},
};

START_TEST(merges_where_it_makes_no_difference)
{
    static const uint8_t bytes[BYTES_MAX];
    static const double args[3];
    struct change change = {.kind = between[_i].kind, .blocks = 2};
    start();
    if (change.kind == CHANGE_CALL) {
        change.call.function = &f4e_patch.exports[0];
        change.call.args = args;
    } else if (change.kind == CHANGE_PIANO) {
        change.piano.view = &f4e_patch.views[PIANO];
    } else if (change.kind != CHANGE_KEY) {
        change.write.address = AREA + between[_i].address;
        change.write.size = between[_i].size;
        change.write.bytes = bytes;
    }
    ck_assert_uint_eq(put(0, 1), 1);
    ck_assert_uint_eq(inbox_put(&inbox, &change), 2);
    ck_assert_msg((put(0, 2) == 1) == between[_i].is_merged, "%s",
                  between[_i].title);
}
END_TEST

START_TEST(does_not_merge_what_is_of_another_time)
{
    start();
    ck_assert_uint_eq(put(0, 1), 1);
    inbox.version = 1;
    ck_assert_uint_eq(put(0, 2), 2);
    inbox.due_block = 9;
    ck_assert_uint_eq(put(0, 3), 3);
    ck_assert_uint_eq(put(0, 4), 3);
}
END_TEST

/* A thousand changes a second for seven weeks. */
START_TEST(counts_more_than_32_bits_hold)
{
    const uint64_t first = UINT32_MAX - UINT64_C(20);
    start();
    engine_attach(&engine, &inbox);
    atomic_store(&inbox.head, first);
    atomic_store(&inbox.tail, first);
    inbox.done = first;
    inbox.window = first;
    for (uint64_t n = first + 1; n < first + 60; n++) {
        ck_assert_uint_eq(put(0, (int32_t)(n - first)), n);
        ck_assert_uint_eq(put(0, (int32_t)(n - first) + 1), n); /* merged */
        ck_assert_uint_lt(inbox_taken(&inbox), n);
        ck_assert(engine_process(&engine, NULL, out));
        ck_assert_uint_eq(inbox_taken(&inbox), n);
        ck_assert_int_eq(cell(0), (int32_t)(n - first) + 1);
    }
}
END_TEST

/* Who is inside does not see what was asked for meanwhile, and nobody waits. */
START_TEST(neither_side_waits_for_the_other)
{
    start();
    engine_attach(&engine, &inbox);
    ck_assert_uint_eq(put(0, 1), 1);
    ck_assert(inbox_enter(&inbox));
    ck_assert_uint_eq(put(0, 2), 2);
    inbox_leave(&inbox);
    ck_assert_uint_eq(put(0, 3), 2);
    atomic_store(&inbox.owner, INBOX_PRODUCER); /* replacing at this moment */
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0), 0);
    atomic_store(&inbox.owner, INBOX_FREE);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0), 3);
}
END_TEST

/* 256 after a rest, then 32 in each block: windows stay whole. */
START_TEST(takes_no_more_than_a_block_may)
{
    start();
    engine_attach(&engine, &inbox);
    int32_t made = 0;
    int32_t asked = 0;
    for (unsigned block = 0; block < 40; block++) {
        while (put(4 * (uint32_t)(asked % 500), asked) > 0) {
            asked++;
        }
        int32_t before = made;
        ck_assert(engine_process(&engine, NULL, out));
        made = (int32_t)inbox_taken(&inbox);
        ck_assert_int_eq(made - before,
                         block == 0 ? INBOX_BURST : INBOX_BLOCK_CHANGES);
        ck_assert_int_eq(cell(4 * (uint32_t)((made - 1) % 500)), made - 1);
    }
    ck_assert_uint_eq(atomic_load(&engine.crowded_blocks), 39);
    /* Rest earns them back. */
    for (unsigned block = 0; block < 20; block++) {
        ck_assert(engine_process(&engine, NULL, out));
    }
    ck_assert_int_eq((int32_t)inbox_taken(&inbox), asked);
    for (int32_t i = 0; i < CAPACITY; i++) {
        (void)put(4 * (uint32_t)i, i);
    }
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq((int32_t)inbox_taken(&inbox), asked + CAPACITY);
}
END_TEST

/* A large write in front takes all the room: what is joined stays together. */
START_TEST(small_writes_do_not_wait_for_room)
{
    static uint8_t large[INBOX_BLOCK_BYTES - 6];
    const struct change change = {.write = {1, 0, sizeof(large), large}};
    start();
    engine_attach(&engine, &inbox);
    ck_assert_uint_gt(inbox_put(&inbox, &change), 0);
    for (int32_t i = 0; i < 4; i++) {
        ck_assert_uint_eq(put(4 * (uint32_t)i, 7), (size_t)i + 2);
    }
    ck_assert_uint_eq(put(0, 8), 2);
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_int_eq(cell(0), 8);
    ck_assert_int_eq(cell(12), 7);
}
END_TEST

/* Who floods waits for the patch as if nothing were merged. */
START_TEST(counts_merged_changes_as_on_their_way)
{
    static struct sender sender;
    struct event_list list = {0};
    struct failure failure = {0};
    size_t next = 0;
    start();
    sender_init(&sender);
    engine_attach(&engine, &sender.inbox);
    for (int i = 0; i < SENDER_MESSAGES + 10; i++) {
        struct change *change =
            event_list_add(&list, 0, CHANGE_WRITE, 4, &failure);
        ck_assert_ptr_nonnull(change);
        change->write.address = AREA + 4 * (uint32_t)(i % 3);
        change->write.size = 4;
    }
    ck_assert(!sender_send(&sender, &list, &next));
    ck_assert_uint_eq(next, SENDER_MESSAGES);
    ck_assert_uint_eq(sender_pending(&sender), SENDER_MESSAGES);
    ck_assert(!sender_is_done(&sender, sender.sent));
    ck_assert(engine_process(&engine, NULL, out));
    ck_assert_uint_eq(inbox_taken(&sender.inbox), 3);
    ck_assert_uint_eq(sender_pending(&sender), 0);
    ck_assert(sender_is_done(&sender, sender.sent));
    ck_assert(sender_send(&sender, &list, &next));
    ck_assert_uint_eq(sender_pending(&sender), 10);
    event_list_free(&list);
    sender_close(&sender);
}
END_TEST

enum { ROUND = 40, ROUNDS = 2000 };

/* Round and round, each value one more than the one before; now and then one
 * place many times, so that there is something to replace. */
static void *flood(void *arg)
{
    int32_t value = 0;
    (void)arg;
    while (value < ROUND * ROUNDS || atomic_load(&inbox.merged) == 0) {
        value++;
        for (int times = value % 7 == 0 ? 50 : 1; times > 0; times--) {
            while (put(4 * (uint32_t)(value % ROUND), value) == 0) {
                (void)sched_yield();
            }
        }
    }
    while (put(4 * ROUND, 1) == 0) {
        (void)sched_yield();
    }
    return NULL;
}

/* At every border the memory is that after all changes up to some one. */
START_TEST(keeps_the_order_between_threads)
{
    pthread_t thread;
    start();
    engine_attach(&engine, &inbox);
    ck_assert_int_eq(pthread_create(&thread, NULL, flood, NULL), 0);
    int32_t last = 0;
    while (cell(4 * ROUND) == 0) {
        ck_assert(engine_process(&engine, NULL, out));
        int32_t most = last;
        for (uint32_t i = 0; i < ROUND; i++) {
            most = cell(4 * i) > most ? cell(4 * i) : most;
        }
        for (int32_t i = 0; i < ROUND && i < most; i++) {
            ck_assert_int_eq(cell(4 * (uint32_t)((most - i) % ROUND)),
                             most - i);
        }
        last = most;
        (void)sched_yield();
    }
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_ge(last, ROUND * ROUNDS);
}
END_TEST

Suite *test_suite(void)
{
    const int rows = sizeof(between) / sizeof(*between);
    Suite *suite = suite_create("flood");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, leaves_the_memory_that_all_changes_would, 0, 40);
    tcase_add_test(tcase, leaves_one_of_all_writes_to_a_variable);
    tcase_add_loop_test(tcase, merges_where_it_makes_no_difference, 0, rows);
    tcase_add_test(tcase, does_not_merge_what_is_of_another_time);
    tcase_add_test(tcase, counts_more_than_32_bits_hold);
    tcase_add_test(tcase, neither_side_waits_for_the_other);
    tcase_add_test(tcase, takes_no_more_than_a_block_may);
    tcase_add_test(tcase, small_writes_do_not_wait_for_room);
    tcase_add_test(tcase, counts_merged_changes_as_on_their_way);
    tcase_add_test(tcase, keeps_the_order_between_threads);
    suite_add_tcase(suite, tcase);
    return suite;
}
