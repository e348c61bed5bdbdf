/* SPDX-License-Identifier: MIT */
/*
 * MIDI bytes to a raw device that takes them as real ones do: in part, late,
 * and not at all any more. alsa-lib's functions are the linker's to wrap.
 */
#include "midi/midi_send_raw.h"

#include "suite.h"

#include <errno.h>
#include <string.h>

static const uint64_t MS = 1000000;

static int device;         /* what a handle points to */
static uint8_t taken[64];  /* by the device ... */
static size_t taken_count; /* ... so many */
static size_t room;        /* bytes that it takes now */
static int failing;        /* an error that it has, or 0 */
static unsigned writes;
static bool is_open;
static bool is_there; /* to be opened */
static unsigned opens;

/* The linker's names. NOLINTBEGIN(readability-identifier-naming,
 * bugprone-reserved-identifier) */
int __wrap_snd_rawmidi_open(snd_rawmidi_t **in, snd_rawmidi_t **out,
                            const char *name, int mode);
ssize_t __wrap_snd_rawmidi_write(snd_rawmidi_t *out, const void *bytes,
                                 size_t size);
int __wrap_snd_rawmidi_drain(snd_rawmidi_t *out);
int __wrap_snd_rawmidi_close(snd_rawmidi_t *out);

int __wrap_snd_rawmidi_open(snd_rawmidi_t **in, snd_rawmidi_t **out,
                            const char *name, int mode)
{
    ck_assert_ptr_null(in);
    ck_assert_str_eq(name, "hw:7,0");
    ck_assert_int_eq(mode, SND_RAWMIDI_NONBLOCK);
    opens++;
    if (!is_there) {
        return -ENODEV;
    }
    *out = (snd_rawmidi_t *)&device;
    is_open = true;
    return 0;
}

ssize_t __wrap_snd_rawmidi_write(snd_rawmidi_t *out, const void *bytes,
                                 size_t size)
{
    const size_t count = size < room ? size : room;
    ck_assert_ptr_eq(out, &device);
    writes++;
    if (failing != 0 || count == 0) {
        return failing != 0 ? -failing : -EAGAIN;
    }
    memcpy(taken + taken_count, bytes, count);
    taken_count += count;
    room -= count;
    return (ssize_t)count;
}

int __wrap_snd_rawmidi_drain(snd_rawmidi_t *out)
{
    ck_assert_ptr_eq(out, &device);
    return failing != 0 ? -failing : 0;
}

int __wrap_snd_rawmidi_close(snd_rawmidi_t *out)
{
    ck_assert_ptr_eq(out, &device);
    is_open = false;
    return 0;
}
/* NOLINTEND(readability-identifier-naming,bugprone-reserved-identifier) */

static struct midi_send_raw raw;
static struct midi_send_raw_counts counts;

static void setup(void)
{
    struct failure failure = {0};
    taken_count = 0;
    room = sizeof(taken);
    failing = 0;
    writes = 0;
    opens = 0;
    is_there = true;
    counts = (struct midi_send_raw_counts){0, 0};
    ck_assert_msg(midi_send_raw_open(&raw, "hw:7,0", false, &failure), "%s",
                  failure.text);
}

static void teardown(void)
{
    midi_send_raw_close(&raw);
    ck_assert(!is_open);
}

static void put(uint8_t note, uint64_t due_ns)
{
    const struct midi_queue_message message = {
        .due_ns = due_ns, .count = 3, .bytes = {0x90, note, 1}};
    ck_assert(midi_send_raw_put(&raw, &message, false));
}

static void expect(const char *bytes, uint64_t sent, uint64_t lost)
{
    ck_assert_uint_eq(taken_count, strlen(bytes));
    ck_assert_mem_eq(taken, bytes, taken_count);
    ck_assert_uint_eq(counts.sent, sent);
    ck_assert_uint_eq(counts.lost, lost);
}

START_TEST(sends_what_is_due)
{
    put(1, 10 * MS);
    put(2, 20 * MS);
    ck_assert_uint_eq(midi_send_raw_flush(&raw, 9 * MS, &counts), 10 * MS);
    expect("", 0, 0);
    ck_assert_uint_eq(midi_send_raw_flush(&raw, 11 * MS, &counts), 20 * MS);
    expect("\x90\x01\x01", 1, 0);
    ck_assert_uint_eq(midi_send_raw_flush(&raw, 20 * MS, &counts), 0);
    expect("\x90\x01\x01\x90\x02\x01", 2, 0);
}
END_TEST

/* A serial line has little room: no message is cut, none comes twice. */
START_TEST(a_message_that_was_taken_in_part_is_finished)
{
    put(1, 10 * MS);
    put(2, 10 * MS);
    for (unsigned i = 0; i < 6; i++) {
        room = 1;
        (void)midi_send_raw_flush(&raw, (10 + i) * MS, &counts);
    }
    expect("\x90\x01\x01\x90\x02\x01", 2, 0);
}
END_TEST

/* Late is lost: 100 ms. What the device has a part of is finished first. */
START_TEST(what_it_takes_too_late_is_lost)
{
    put(1, 10 * MS);
    put(2, 10 * MS);
    room = 2;
    (void)midi_send_raw_flush(&raw, 10 * MS, &counts);
    expect("\x90\x01", 1, 0);
    (void)midi_send_raw_flush(&raw, 109 * MS, &counts);
    expect("\x90\x01", 1, 0);
    (void)midi_send_raw_flush(&raw, 110 * MS, &counts);
    expect("\x90\x01", 1, 1);
    put(3, 111 * MS);
    room = 10;
    (void)midi_send_raw_flush(&raw, 111 * MS, &counts);
    expect("\x90\x01\x01\x90\x03\x01", 2, 1);
}
END_TEST

/* It is unplugged: what is due is lost at once, and once a second it is looked
 * for. Of what it had a part of before it does not get the rest. */
START_TEST(a_device_that_comes_back_is_taken_again)
{
    uint64_t now_ns = 5000 * MS;
    raw.looked_ns = now_ns;
    room = 2;
    put(1, now_ns);
    (void)midi_send_raw_flush(&raw, now_ns, &counts);
    expect("\x90\x01", 1, 0);
    failing = ENODEV;
    put(2, now_ns);
    put(3, now_ns);
    (void)midi_send_raw_flush(&raw, now_ns, &counts);
    expect("\x90\x01", 1, 2);
    ck_assert(raw.is_away && !is_open && midi_send_raw_is_open(&raw));
    is_there = false;
    failing = 0;
    room = 10;
    for (int i = 0; i < 2500; i++) {
        now_ns += MS;
        (void)midi_send_raw_flush(&raw, now_ns, &counts);
    }
    ck_assert_uint_eq(opens, 3);
    put(4, now_ns);
    (void)midi_send_raw_flush(&raw, now_ns, &counts);
    expect("\x90\x01", 1, 3);
    is_there = true;
    now_ns += 1000 * MS;
    put(5, now_ns);
    (void)midi_send_raw_flush(&raw, now_ns, &counts);
    expect("\x90\x01\x90\x05\x01", 2, 3);
    ck_assert(!raw.is_away && is_open);
}
END_TEST

/* An error that is no unplugging: nobody asks it again. */
START_TEST(a_device_that_is_broken_is_left_alone)
{
    put(1, 10 * MS);
    put(2, 11 * MS);
    failing = EFAULT;
    (void)midi_send_raw_flush(&raw, 12 * MS, &counts);
    expect("", 0, 2);
    failing = 0;
    put(3, 13 * MS);
    (void)midi_send_raw_flush(&raw, 5000 * MS, &counts);
    expect("", 0, 3);
    ck_assert_uint_eq(writes, 1);
    ck_assert_uint_eq(opens, 1);
}
END_TEST

START_TEST(what_never_leaves_is_lost)
{
    const struct midi_queue_message message = {.due_ns = MS, .count = 1};
    put(1, 50 * MS);
    put(2, 60 * MS);
    ck_assert(midi_send_raw_put(&raw, &message, true)); /* by somebody else */
    midi_send_raw_give_up(&raw, &counts);
    expect("", 0, 2);
    ck_assert_uint_eq(midi_send_raw_flush(&raw, 99 * MS, &counts), 0);
    expect("", 0, 2);
}
END_TEST

START_TEST(has_room_for_so_many)
{
    const struct midi_queue_message message = {.due_ns = MS, .count = 1};
    for (int i = 0; i < MIDI_SEND_RAW_WAITING; i++) {
        put(1, MS);
    }
    ck_assert(!midi_send_raw_put(&raw, &message, false));
    failing = ENODEV;
    (void)midi_send_raw_flush(&raw, MS, &counts);
    expect("", 0, MIDI_SEND_RAW_WAITING);
    ck_assert(midi_send_raw_put(&raw, &message, false));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("midi_send_raw");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, sends_what_is_due);
    tcase_add_test(tcase, a_message_that_was_taken_in_part_is_finished);
    tcase_add_test(tcase, what_it_takes_too_late_is_lost);
    tcase_add_test(tcase, a_device_that_comes_back_is_taken_again);
    tcase_add_test(tcase, a_device_that_is_broken_is_left_alone);
    tcase_add_test(tcase, what_never_leaves_is_lost);
    tcase_add_test(tcase, has_room_for_so_many);
    suite_add_tcase(suite, tcase);
    return suite;
}
