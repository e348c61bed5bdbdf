/* SPDX-License-Identifier: MIT */
/* What a patch sends, on its way from the audio thread; and when it is due. */
#include "rt/midi_queue.h"

#include "rt/frame_clock.h"
#include "suite.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct midi_queue queue;

static void setup(void)
{
    memset(&queue, 0, sizeof(queue));
    midi_queue_connect(&queue);
}

static void teardown(void)
{
    midi_queue_connect(NULL);
}

/* Every status there is: how long its message is. */
START_TEST(knows_the_length_of_every_message)
{
    for (unsigned status = 0; status <= 0x1ff; status++) {
        unsigned want = 0;
        if (status >= 0x80 && status < 0xf0) {
            want = (status & 0xf0) == 0xc0 || (status & 0xf0) == 0xd0 ? 2 : 3;
        } else if (status >= 0xf0 && status <= 0xff) {
            static const unsigned system[16] = {0, 2, 3, 2, 0, 0, 1, 0,
                                                1, 0, 1, 1, 1, 0, 1, 1};
            want = system[status & 15];
        }
        ck_assert_msg(midi_queue_bytes(status) == want, "%02x", status);
    }
}
END_TEST

static const struct {
    uint32_t port, status, data1, data2;
    unsigned count; /* 0: refused */
    uint8_t bytes[3];
} messages[] = {
    {0, 0x90, 60, 100, 3, {0x90, 60, 100}},
    {15, 0xef, 127, 127, 3, {0xef, 127, 127}},
    {3, 0xc1, 5, 99, 2, {0xc1, 5, 0}},
    {3, 0xd1, 5, 4000, 2, {0xd1, 5, 0}}, /* what it does not have is ignored */
    {0, 0xf8, 4000, 4000, 1, {0xf8, 0, 0}},
    {0, 0xf2, 1, 2, 3, {0xf2, 1, 2}},
    {16, 0x90, 60, 100, 0, {0}},
    {UINT32_MAX, 0x90, 60, 100, 0, {0}},
    {0, 0x7f, 60, 100, 0, {0}},
    {0, 0x190, 60, 100, 0, {0}},
    {0, UINT32_MAX, 60, 100, 0, {0}},
    {0, 0x90, 128, 100, 0, {0}},
    {0, 0x90, 60, 128, 0, {0}},
    {0, 0x90, 60, UINT32_MAX, 0, {0}},
    {0, 0xf0, 1, 2, 0, {0}},
    {0, 0xf7, 1, 2, 0, {0}},
    {0, 0xf9, 0, 0, 0, {0}},
};

START_TEST(takes_messages_and_counts_the_rest)
{
    struct midi_queue_message message;
    queue.frame = 256;
    queue.due_ns = 77;
    f4e_midi_out(messages[_i].port, messages[_i].status, messages[_i].data1,
                 messages[_i].data2);
    bool is_there = midi_queue_get(&queue, &message);
    ck_assert_int_eq(is_there, messages[_i].count > 0);
    ck_assert_uint_eq(queue.invalid, !is_there);
    if (is_there) {
        ck_assert_uint_eq(message.port, messages[_i].port);
        ck_assert_uint_eq(message.count, messages[_i].count);
        ck_assert_mem_eq(message.bytes, messages[_i].bytes, 3);
        ck_assert_uint_eq(message.frame, 256);
        ck_assert_uint_eq(message.due_ns, 77);
    }
    ck_assert(!midi_queue_get(&queue, &message));
}
END_TEST

START_TEST(counts_what_finds_no_room_and_still_ends_the_notes)
{
    struct midi_queue_message message = {.count = 9};
    for (unsigned i = 0; i < MIDI_QUEUE_MESSAGES + 5; i++) {
        ck_assert_int_eq(midi_queue_put(&queue, 0, 0x90, i & 127, 1),
                         i < MIDI_QUEUE_MESSAGES);
    }
    midi_queue_release(&queue);
    ck_assert_uint_eq(queue.dropped, 5);
    for (unsigned i = 0; i < MIDI_QUEUE_MESSAGES; i++) {
        ck_assert(midi_queue_get(&queue, &message));
        ck_assert_uint_eq(message.bytes[1], i & 127);
    }
    ck_assert(midi_queue_get(&queue, &message));
    ck_assert_uint_eq(message.count, 0);
    ck_assert(!midi_queue_get(&queue, &message));
    midi_queue_release(NULL);
}
END_TEST

/* Beside a reader, or in place of one, everything is seen once, in order. */
START_TEST(is_watched_beside_a_reader_or_without_one)
{
    const bool has_reader = _i == 0;
    struct midi_queue_message message;
    (void)midi_queue_put(&queue, 1, 0x90, 1, 1); /* before it is watched */
    midi_queue_watch(&queue, has_reader);
    for (unsigned i = 2; i < 3 * MIDI_QUEUE_MESSAGES; i++) {
        ck_assert(midi_queue_put(&queue, 1, 0x90, i & 127, i >> 7 & 127));
        ck_assert(midi_queue_look(&queue, &message));
        while (i == 2 && message.bytes[1] == 1) {
            ck_assert(midi_queue_look(&queue, &message));
        }
        ck_assert_uint_eq(message.port, 1);
        ck_assert_uint_eq(message.bytes[1], i & 127);
        ck_assert_uint_eq(message.bytes[2], i >> 7 & 127);
        ck_assert(!midi_queue_look(&queue, &message));
        for (unsigned k = 0; has_reader && k < (i == 2 ? 2U : 1U); k++) {
            ck_assert(midi_queue_get(&queue, &message));
        }
        ck_assert(i == 2 || !has_reader || message.bytes[1] == (i & 127));
    }
    ck_assert(!midi_queue_get(&queue, &message));
    ck_assert_uint_eq(queue.dropped, 0);
}
END_TEST

START_TEST(does_not_overwrite_what_was_not_looked_at)
{
    struct midi_queue_message message;
    midi_queue_watch(&queue, _i == 0);
    for (unsigned i = 0; i < MIDI_QUEUE_MESSAGES + 5; i++) {
        ck_assert_int_eq(midi_queue_put(&queue, 0, 0x90, i & 127, 1),
                         i < MIDI_QUEUE_MESSAGES);
        ck_assert(_i == 1 || i >= MIDI_QUEUE_MESSAGES ||
                  midi_queue_get(&queue, &message));
    }
    midi_queue_release(&queue);
    ck_assert_uint_eq(queue.dropped, 5);
    for (unsigned i = 0; i < MIDI_QUEUE_MESSAGES; i++) {
        ck_assert(midi_queue_look(&queue, &message));
        ck_assert_uint_eq(message.bytes[1], i & 127);
    }
    ck_assert(midi_queue_look(&queue, &message));
    ck_assert_uint_eq(message.count, 0);
    ck_assert(!midi_queue_look(&queue, &message));
    ck_assert(_i == 1 || midi_queue_get(&queue, &message));
}
END_TEST

START_TEST(sends_into_the_void_without_a_reader)
{
    midi_queue_connect(NULL);
    f4e_midi_out(0, 0x90, 60, 100);
    struct midi_queue_message message;
    ck_assert(!midi_queue_get(&queue, &message));
}
END_TEST

enum { MANY = 50000 };

static void *write_many(void *arg)
{
    (void)arg;
    for (uint32_t i = 0; i < MANY;) {
        if (midi_queue_put(&queue, 0, 0xe0, i & 127, i >> 7 & 127)) {
            i++;
        } else {
            (void)sched_yield();
        }
    }
    return NULL;
}

START_TEST(keeps_the_order_between_threads)
{
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, write_many, NULL), 0);
    for (uint32_t i = 0; i < MANY;) {
        struct midi_queue_message message;
        if (midi_queue_get(&queue, &message)) {
            ck_assert_uint_eq(message.bytes[1], i & 127);
            ck_assert_uint_eq(message.bytes[2], i >> 7 & 127);
            i++;
        } else {
            (void)sched_yield();
        }
    }
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
}
END_TEST

/* ---- Words in memory ---- */

static uint8_t memory[65536];
static const struct f4e_memory memories[] = {
    {"memory", memory, sizeof(memory)}};
static const struct f4e_sender senders[] = {
    {false,
     {{true, false, 0, 4},
      {true, false, 0, 8},
      {true, false, 0, 12},
      {true, true, 0, 16},
      {true, false, 0, 20}}},
    {true,
     {{true, false, 0, 32}, {true, true, 0, 36}, {false}, {false}, {false}}},
};
static const struct f4e_patch sending = {.memories = memories,
                                         .memory_count = 1,
                                         .senders = senders,
                                         .sender_count = 2};

static void set(unsigned address, int32_t value)
{
    memcpy(memory + address, &value, sizeof(value));
}

/* What leaves after a block: "port:status data data". */
static void expect_words(const char *want)
{
    char text[128] = "";
    struct midi_queue_message message;
    midi_queue_send_words(&queue, &sending);
    while (midi_queue_get(&queue, &message)) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof(text) - used, "%u:%02x%02x%02x ",
                       message.port, message.bytes[0], message.bytes[1],
                       message.bytes[2]);
    }
    ck_assert_str_eq(text, want);
}

START_TEST(sends_notes_and_controllers_from_words)
{
    memset(memory, 0, sizeof(memory));
    set(8, 60);   /* the note */
    set(12, 3);   /* channel */
    set(16, 100); /* where the velocity is */
    set(100, 90);
    set(20, 2);  /* port */
    set(32, 74); /* controller */
    set(36, 104);
    expect_words("0:b04a00 "); /* its value, once at first */
    expect_words("");
    set(4, 1);
    expect_words("1:923c5a ");
    set(8, 64); /* the note that is on is the one that ends */
    set(4, -7);
    expect_words("");
    set(4, 0);
    expect_words("1:823c5a ");
    set(104, 127);
    expect_words("0:b04a7f ");
    /* What is no number of MIDI waits until it is one. */
    set(104, 128);
    set(12, 17);
    set(4, 1);
    expect_words("");
    set(12, 16);
    expect_words("1:9f405a ");
    /* A pointer beyond the memory is velocity 0, and a value 0. */
    set(36, -4);
    set(16, 65533);
    set(4, 0);
    expect_words("1:8f4000 0:b04a00 ");
    ck_assert_uint_eq(queue.invalid, 0);
}
END_TEST

START_TEST(forgets_its_notes_after_a_trap)
{
    struct midi_queue_message message;
    memset(memory, 0, sizeof(memory));
    set(4, 1);
    set(12, 1);
    set(16, 100);
    set(20, 1);
    set(36, 104);
    expect_words("0:900000 0:b00000 ");
    midi_queue_release(&queue);
    ck_assert(midi_queue_get(&queue, &message));
    ck_assert_uint_eq(message.count, 0);
    expect_words("0:900000 0:b00000 ");
}
END_TEST

/* ---- The clock ---- */

enum { RATE = 48000, BLOCK = 128 };

static uint64_t exact_ns(uint64_t block)
{
    return 1000000000U + block * BLOCK * 1000000000U / RATE;
}

/* Wake-ups come late, now and then by much: what is told moves by little. */
START_TEST(takes_the_jitter_out)
{
    struct frame_clock clock = {0};
    uint64_t worst = 0;
    srand(7);
    for (uint64_t block = 0; block < 4000; block++) {
        uint64_t late = (uint64_t)rand() % 200000;
        late += block % 100 == 99 ? 2000000 : 0;
        frame_clock_tell(&clock, block * BLOCK, exact_ns(block) + late, RATE);
        if (block > 500) {
            int64_t error = (int64_t)(clock.due_ns - exact_ns(block)) - 100000;
            uint64_t size = (uint64_t)(error < 0 ? -error : error);
            worst = size > worst ? size : worst;
        }
    }
    ck_assert_uint_lt(worst, 150000); /* of 2 ms */
}
END_TEST

START_TEST(follows_a_jump_at_once_and_a_drift_soon)
{
    struct frame_clock clock = {0};
    for (uint64_t block = 0; block < 100; block++) {
        frame_clock_tell(&clock, block * BLOCK, exact_ns(block), RATE);
    }
    /* Lost time. */
    frame_clock_tell(&clock, 100 * BLOCK, exact_ns(100) + 30000000, RATE);
    ck_assert_uint_eq(clock.due_ns, exact_ns(100) + 30000000);
    /* A card that is 200 ppm slow. */
    for (uint64_t block = 101; block < 5000; block++) {
        uint64_t ns = exact_ns(100) + 30000000 +
                      (exact_ns(block) - exact_ns(100)) / 10000 * 10002;
        frame_clock_tell(&clock, block * BLOCK, ns, RATE);
        if (block > 400) {
            ck_assert_int_lt(llabs((int64_t)(clock.due_ns - ns)), 20000);
        }
    }
}
END_TEST

START_TEST(finds_the_frame_of_a_time)
{
    struct frame_clock clock = {0};
    uint64_t frame = 99;
    ck_assert(!frame_clock_frame(&clock, 5, RATE, &frame));
    frame_clock_tell(&clock, 1280, 1000000000, RATE);
    ck_assert(frame_clock_frame(&clock, 1000000000, RATE, &frame));
    ck_assert_uint_eq(frame, 1280);
    ck_assert(frame_clock_frame(&clock, 1010000000, RATE, &frame));
    ck_assert_uint_eq(frame, 1280 + 480);
    ck_assert(frame_clock_frame(&clock, 1, RATE, &frame));
    ck_assert_uint_eq(frame, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *s = suite_create("midi_queue");
    TCase *t = tcase_create("queue");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, knows_the_length_of_every_message);
    tcase_add_loop_test(t, takes_messages_and_counts_the_rest, 0,
                        sizeof(messages) / sizeof(*messages));
    tcase_add_test(t, counts_what_finds_no_room_and_still_ends_the_notes);
    tcase_add_loop_test(t, is_watched_beside_a_reader_or_without_one, 0, 2);
    tcase_add_loop_test(t, does_not_overwrite_what_was_not_looked_at, 0, 2);
    tcase_add_test(t, sends_into_the_void_without_a_reader);
    tcase_add_test(t, keeps_the_order_between_threads);
    tcase_add_test(t, sends_notes_and_controllers_from_words);
    tcase_add_test(t, forgets_its_notes_after_a_trap);
    suite_add_tcase(s, t);
    t = tcase_create("clock");
    tcase_add_test(t, takes_the_jitter_out);
    tcase_add_test(t, follows_a_jump_at_once_and_a_drift_soon);
    tcase_add_test(t, finds_the_frame_of_a_time);
    suite_add_tcase(s, t);
    return s;
}
