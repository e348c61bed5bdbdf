/* SPDX-License-Identifier: MIT */
/*
 * The audio thread allocates nothing and makes no system call: the C library's
 * allocator is replaced by one that counts, and a filter kills the process at
 * its first system call.
 */
#include "audio/audio.h"
#include "audio/record.h"
#include "channel/channel.h"
#include "control/list.h"
#include "fake_card.h"
#include "fake_patch.h"
#include "load/load.h"
#include "midi/midi_in.h"
#include "midi/midi_send.h"
#include "no_system_calls.h"
#include "options/options.h"
#include "report/osc_counts.h"
#include "report/report.h"
#include "rt/convert.h"
#include "rt/denormals.h"
#include "rt/engine.h"
#include "rt/stats.h"
#include "suite.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static atomic_ulong allocations;
static _Thread_local unsigned long own_allocations;

void *malloc(size_t size)
{
    atomic_fetch_add(&allocations, 1);
    own_allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    own_allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    own_allocations++;
    return __libc_realloc(block, size);
}

void free(void *block)
{
    atomic_fetch_add(&allocations, 1);
    own_allocations++;
    __libc_free(block);
}

enum { BLOCKS = 10000 };

static struct engine engine;
static float left[FAKE_BLOCK_FRAMES];
static float right[FAKE_BLOCK_FRAMES];
static float *const out[] = {left, right};
static struct stats stats;
static float recorded[1 << 16];
static struct record unread = {
    .ring = {.samples = recorded, .frames = 1 << 15, .channels = 2}};
static struct midi_queue unsent; /* nobody reads it: it is soon full */
static struct inbox_slot letters[8];
static struct inbox_payload letter_payloads[8];
static struct inbox inbox;
static const uint8_t payload[1000] = {1};
static uint8_t picture[FAKE_MEMORY_BYTES + FAKE_SECOND_BYTES];
static uint64_t pictured; /* the block of the last one */
static unsigned char samples[FAKE_BLOCK_FRAMES * 2 * 4];

/* Events, messages, traps, conversions, counts: all that the audio thread does.
 */
static void run_blocks(void)
{
    static const int32_t trap_soon = 3;
    const struct change events[] = {
        {3, CHANGE_KEY, .key = {KEYBOARD_DOWN, 4}},
        {.block = 5,
         .write = {.bytes = (const uint8_t *)&trap_soon,
                   .address = FAKE_TRAP_AT,
                   .size = 4}},
        {9, CHANGE_CALL, .call = {.function = &f4e_patch.exports[2]}},
        {.block = 700,
         .write = {.bytes = (const uint8_t *)&trap_soon,
                   .address = FAKE_BLOCKS,
                   .size = 4}},
        {.block = 700,
         .write = {.bytes = (const uint8_t *)&trap_soon,
                   .address = FAKE_TRAP_AT,
                   .size = 4}},
    };
    static const double args[] = {144, 60, 100};
    const struct change messages[] = {
        {.kind = CHANGE_CALL,
         .call = {.function = &f4e_patch.exports[0], .args = args}},
        {.kind = CHANGE_CALL, .call = {.function = &f4e_patch.exports[2]}},
        {.write = {.size = 4, .address = FAKE_GAIN, .bytes = payload}},
        {.write = {.size = 1000, .address = FAKE_LEFT, .bytes = payload}},
        {.kind = CHANGE_RAMP,
         .element = F4E_F32,
         .blocks = 900,
         .write = {.size = 1000, .address = FAKE_BIG, .bytes = payload}},
        {.kind = CHANGE_RAMP,
         .element = F4E_U8,
         .blocks = 30,
         .write = {.size = 100, .address = FAKE_TABLE, .bytes = payload}},
    };
    const unsigned message_count = sizeof(messages) / sizeof(*messages);
    const float *const in[] = {left};
    engine.events = events;
    engine.event_count = sizeof(events) / sizeof(*events);
    denormals_flush(true);
    engine.snapshot.buffer = picture;
    engine.snapshot.block = &pictured;
    for (unsigned block = 0; block < BLOCKS; block++) {
        if (block % 1000 == 999) {
            atomic_store(&engine.snapshot.request, SNAPSHOT_WANTED);
        }
        (void)inbox_send(&inbox, &messages[block % message_count]);
        frame_clock_tell(&engine.clock, engine.block * FAKE_BLOCK_FRAMES,
                         1000000000 + block * 2666667, FAKE_RATE);
        for (uint32_t i = 0; i < 30; i++) {
            f4e_midi_out(i % 17, 0x90, i, block & 255);
        }
        (void)engine_process(&engine, in, out);
        stats_block(&stats, block, FAKE_BLOCK_FRAMES, engine.is_general);
        stats_wakeup(&stats, block, false);
        stats_xrun(&stats, block);
        stats_output(&stats, 0, left, FAKE_BLOCK_FRAMES);
        stats_input(&stats, right, FAKE_BLOCK_FRAMES);
        record_block(&unread, (const float *const *)out, FAKE_BLOCK_FRAMES);
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
    engine.midi_out = &unsent;
    midi_queue_connect(&unsent);
    inbox_init(&inbox, letters, letter_payloads, 8);
    engine_attach(&engine, &inbox);
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
    ck_assert_uint_eq(pictured, BLOCKS - 1);
    ck_assert_uint_eq(engine.keyboard.count, 1);
    ck_assert_uint_eq(engine.block, BLOCKS);
    ck_assert_uint_eq(inbox_taken(&inbox), BLOCKS);
    ck_assert_uint_gt(unsent.dropped, 0);
    ck_assert_uint_gt(unsent.invalid, 0);
    /* Enough of them to fill the table. */
    ck_assert_uint_gt(atomic_load(&engine.ramps.refused), 0);
}
END_TEST

/* The ALSA backend, alsa-lib and the card together, faults included. */
static const struct {
    const char *settings;
    const char *option;
} plays[] = {
    {"speed 0", "--quiet"},
    {"speed 0 formats S16_LE", "--dither=tpdf"},
    {"speed 0 script 'xrun@9000+9000 short@500+7000'", "--quiet"},
    {"speed 0 script 'suspend@9000:2 xrun@20000'", "--xrun=skip"},
    {"speed 0 access MMAP_INTERLEAVED", "--quiet"},
    {"speed 0 script 'xrun@9000+9000'", "--input=off"},
    {"speed 0 script 'eagain@9000:5'", "--fade=20"},
};

START_TEST(plays_without_an_allocation)
{
    struct fake_card card;
    struct options options;
    struct failure failure = {0};
    char option[32];
    char *argv[] = {(char[]){"fake"}, (char[]){"--frames=100000"},
                    (char[]){"--device=fake"}, option, NULL};
    (void)snprintf(option, sizeof(option), "%s", plays[_i].option);
    fake_card_make(&card, plays[_i].settings, NULL);
    fake_card_use(&card);
    ck_assert(options_parse(&options, &f4e_patch, 4, argv, &failure));
    start();
    struct audio audio = {.patch = &f4e_patch,
                          .options = &options,
                          .engine = &engine,
                          .stats = &stats,
                          .stop_fd = -1};
    ck_assert_msg(audio_alsa.open(&audio, &failure), "%s", failure.text);
    unsigned long before = atomic_load(&allocations);
    bool is_good = audio_alsa.run(&audio, &failure);
    unsigned long after = atomic_load(&allocations);
    ck_assert_msg(is_good, "%s", failure.text);
    ck_assert_msg(after == before, "%s: %lu calls of the allocator",
                  plays[_i].settings, after - before);
    ck_assert_uint_eq(audio.frames, 100000);
    (void)audio_alsa.close(&audio, true, &failure);
    fake_card_remove(&card);
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

START_TEST(makes_no_system_call)
{
    start();
    forbid_system_calls();
    run_blocks();
    _exit(engine.block == BLOCKS ? 0 : 1);
}
END_TEST

enum { FLOOD_CHANGES = 1000 };

/* Plays until so many changes have arrived; then the process ends. */
static void *play_in_flood(void *arg)
{
    (void)arg;
    forbid_system_calls();
    unsigned long before = own_allocations;
    while (inbox_taken(engine.inboxes[1]) < FLOOD_CHANGES) {
        if (!engine_process(&engine, NULL, out)) {
            _exit(3);
        }
    }
    _exit(own_allocations == before ? 0 : 1);
}

/* A client that never stops: its requests cost the control thread what they
 * cost, the audio thread sees its inbox. */
START_TEST(makes_no_system_call_in_a_flood_of_requests)
{
    static const char requests[] =
        "set keys:note 5\n#1 get keys:note\ncall level 0.5\nbad\n"
        "set big:data 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 "
        "23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40\n"
        "list\nsubscribe 60 big:data levels\nmidi 0 144 60 100\n";
    static struct channel channel;
    static char answers[65536];
    static struct levels levels = {.stats = &stats, .channels = 2};
    struct failure failure = {0};
    pthread_t thread;
    int pair[2];
    start();
    channel.reader = (struct command_reader){.patch = &f4e_patch};
    channel.engine = &engine;
    channel.levels = &levels;
    channel.defaults = list_remember(&f4e_patch, &failure);
    ck_assert(channel.defaults != NULL && channel_init(&channel, &failure));
    engine_attach(&engine, &channel.sender.inbox);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    ck_assert(channel_attach(&channel, pair[0], TRUST_LOCAL, &failure));
    ck_assert_int_eq(pthread_create(&thread, NULL, play_in_flood, NULL), 0);
    size_t at = 0;
    for (;;) {
        ssize_t sent = send(pair[1], requests + at, sizeof(requests) - 1 - at,
                            MSG_DONTWAIT);
        at = sent > 0 ? (at + (size_t)sent) % (sizeof(requests) - 1) : at;
        channel_pump(&channel, stats_now_ns());
        (void)recv(pair[1], answers, sizeof(answers), MSG_DONTWAIT);
    }
}
END_TEST

static struct midi_in midi;
static struct record recording;

/* The same with MIDI, a recording and counts. */
static void *play_with_everything(void *arg)
{
    (void)arg;
    uint64_t block = 0;
    forbid_system_calls();
    unsigned long before = own_allocations;
    while (inbox_taken(engine.inboxes[1]) < FLOOD_CHANGES ||
           inbox_taken(&midi.inbox) < FLOOD_CHANGES) {
        if (!engine_process(&engine, NULL, out)) {
            _exit(3);
        }
        record_block(&recording, (const float *const *)out, FAKE_BLOCK_FRAMES);
        stats_block(&stats, ++block, FAKE_BLOCK_FRAMES, engine.is_general);
        stats_output(&stats, 0, left, FAKE_BLOCK_FRAMES);
        stats_output(&stats, 1, right, FAKE_BLOCK_FRAMES);
    }
    _exit(own_allocations == before ? 0 : 1);
}

/* Bytes without an end, as many as the other side takes. */
static void pour(int fd, const char *bytes, size_t count, size_t *at)
{
    ssize_t sent = write(fd, bytes + *at, count - *at);
    *at = sent > 0 ? (*at + (size_t)sent) % count : *at;
}

/*
 * What a front sends for three pages, a flood of requests, MIDI as fast as it
 * is taken, and --record, all at once.
 */
START_TEST(makes_no_system_call_with_everything_on)
{
    enum { PAGES = 3, FLOOD = PAGES, CLIENTS };
    static const char requests[] = "set keys:note 5 over 20ms\nget keys:note\n"
                                   "piano table:f32 60 toggle\nstats\n";
    static const char subscribe[] = "subscribe 25 * levels stats\n";
    static const char notes[] = "\x90\x3c\x40\x80\x3c\x40\xb0\x01\x10";
    static struct channel channel;
    static char answers[65536];
    static struct levels levels = {.stats = &stats, .channels = 2};
    static struct midi_send midi_send;
    static struct osc_counts osc;
    struct rtsetup rtsetup = {0};
    struct options options = {.record = "/dev/null", .is_quiet = true};
    struct failure failure = {0};
    pthread_t thread;
    int pairs[CLIENTS][2];
    int stream[2];
    char path[64];
    start();
    struct report report = {.backend = "none",
                            .options = &options,
                            .engine = &engine,
                            .stats = &stats,
                            .rtsetup = &rtsetup,
                            .midi = &midi,
                            .midi_send = &midi_send,
                            .osc = &osc,
                            .levels = &levels};
    channel.reader = (struct command_reader){.patch = &f4e_patch};
    channel.engine = &engine;
    channel.levels = &levels;
    channel.report = &report;
    channel.defaults = list_remember(&f4e_patch, &failure);
    ck_assert(channel.defaults != NULL && channel_init(&channel, &failure));
    engine_attach(&engine, &channel.sender.inbox);
    ck_assert_int_eq(pipe(stream), 0);
    ck_assert_int_eq(fcntl(stream[1], F_SETFL, O_NONBLOCK), 0);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", stream[0]);
    options.midi_raw.text = path;
    options.is_midi_off = true;
    ck_assert_msg(midi_in_open(&midi, &engine, &options, &failure), "%s",
                  failure.text);
    ck_assert_msg(record_open(&recording, &f4e_patch, &options, &failure), "%s",
                  failure.text);
    for (int i = 0; i < CLIENTS; i++) {
        ck_assert_int_eq(
            socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pairs[i]), 0);
        ck_assert(channel_attach(&channel, pairs[i][0],
                                 i < PAGES ? TRUST_NETWORK : TRUST_LOCAL,
                                 &failure));
        ck_assert(i == FLOOD ||
                  write(pairs[i][1], subscribe, sizeof(subscribe) - 1) > 0);
    }
    ck_assert_int_eq(pthread_create(&thread, NULL, play_with_everything, NULL),
                     0);
    size_t at = 0;
    size_t note = 0;
    for (;;) {
        pour(pairs[FLOOD][1], requests, sizeof(requests) - 1, &at);
        pour(stream[1], notes, sizeof(notes) - 1, &note);
        channel_pump(&channel, stats_now_ns());
        for (int i = 0; i < CLIENTS; i++) {
            (void)read(pairs[i][1], answers, sizeof(answers));
        }
    }
}
END_TEST

enum { SENT_BLOCKS = FAKE_RATE / FAKE_BLOCK_FRAMES, SENT_EACH = 27 };

static atomic_bool has_sent;

/* A second of it, at its pace: 10125 messages. Then it waits: a thread ends by
 * a system call. */
static void *play_what_it_sends(void *arg)
{
    (void)arg;
    forbid_system_calls();
    unsigned long before = own_allocations;
    const uint64_t start_ns = stats_now_ns();
    for (uint64_t block = 0; block < SENT_BLOCKS; block++) {
        const uint64_t due_ns =
            start_ns + block * FAKE_BLOCK_FRAMES * 1000000000U / FAKE_RATE;
        while (stats_now_ns() < due_ns) {
        }
        frame_clock_tell(&engine.clock, engine.block * FAKE_BLOCK_FRAMES,
                         due_ns, FAKE_RATE);
        if (!engine_process(&engine, NULL, out)) {
            _exit(3);
        }
        for (uint32_t i = 0; i < SENT_EACH; i++) {
            f4e_midi_out(i % 16, i % 2 == 0 ? 0x90 : 0x80, i, 64);
        }
    }
    if (own_allocations != before) {
        _exit(4);
    }
    atomic_store(&has_sent, true);
    for (;;) {
    }
}

/*
 * MIDI out, 10000 messages a second: to somebody who takes all of it, and to a
 * pipe that nobody reads. What is not sent is counted.
 */
static const char *const takers[] = {"/dev/null", "pipe"};

START_TEST(makes_no_system_call_while_midi_is_sent)
{
    static struct midi_send send;
    static struct f4e_patch sender;
    struct options options = {.midi_out_raw = takers[_i], .is_quiet = true};
    struct failure failure = {0};
    pthread_t thread;
    int stream[2];
    char path[64];
    const bool is_taken = _i == 0;
    ck_assert_int_eq(pipe(stream), 0);
    if (!is_taken) {
        (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", stream[1]);
        options.midi_out_raw = path;
        ck_assert_int_eq(fcntl(stream[1], F_SETFL, O_NONBLOCK), 0);
        while (write(stream[1], payload, sizeof(payload)) > 0) {
        }
    }
    sender = f4e_patch;
    sender.midi_out_ports = F4E_MIDI_PORTS;
    start();
    engine_init(&engine, &sender, TRAP_RESET, load_stack_bytes(&sender));
    engine.midi_out = &send.queue;
    midi_queue_connect(&send.queue);
    ck_assert_msg(
        midi_send_open(&send, &engine, engine.patch, &options, &failure), "%s",
        failure.text);
    ck_assert_int_eq(pthread_create(&thread, NULL, play_what_it_sends, NULL),
                     0);
    while (!atomic_load(&has_sent)) {
        (void)poll(NULL, 0, 10);
    }
    (void)midi_send_close(&send, &failure);
    const uint64_t sent = midi_send_sent(&send);
    const uint64_t dropped = midi_send_dropped(&send);
    const uint64_t offered = (uint64_t)SENT_BLOCKS * SENT_EACH;
    (void)fprintf(stderr, "%s: %llu sent, %llu not\n", options.midi_out_raw,
                  (unsigned long long)sent, (unsigned long long)dropped);
    /* The ends of what sounds are more than it has sent. */
    _exit(sent + dropped >= offered && (is_taken ? sent : dropped) > 0 ? 0 : 1);
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
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, allocates_nothing);
    tcase_add_loop_test(tcase, plays_without_an_allocation, 0,
                        sizeof(plays) / sizeof(*plays));
    tcase_add_test(tcase, notices_an_allocation);
    tcase_add_exit_test(tcase, makes_no_system_call, 0);
    tcase_add_exit_test(tcase, makes_no_system_call_in_a_flood_of_requests, 0);
    tcase_add_exit_test(tcase, makes_no_system_call_with_everything_on, 0);
    tcase_add_loop_exit_test(tcase, makes_no_system_call_while_midi_is_sent, 0,
                             0, sizeof(takers) / sizeof(*takers));
    tcase_add_test_raise_signal(tcase, is_killed_by_a_system_call, SIGSYS);
    suite_add_tcase(suite, tcase);
    return suite;
}
