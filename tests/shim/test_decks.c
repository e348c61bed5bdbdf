/* SPDX-License-Identifier: MIT */
#include "rt/decks/decks.h"

#include "made_version.h"
#include "suite.h"
#include "swap/exchange.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct engine engine;
static struct decks decks;
static struct version versions[MADE_VERSIONS];
static struct exchange exchange;
static struct inbox inbox;
static struct inbox_slot slots[64];
static struct inbox_payload payloads[64];
static float other_block[MADE_FRAMES];
static float *const other_out[] = {other_block};
static float block[MADE_FRAMES];
static float *const out[] = {block};
static int64_t frame; /* of sound, the next one */

static void setup(void)
{
    for (unsigned n = 0; n < MADE_VERSIONS; n++) {
        made_version(&versions[n], n);
    }
    /* The engine stands for it. */
    free(versions[0].deck);
    versions[0].deck = NULL;
    engine_init(&engine, versions[0].patch, TRAP_STOP, 1 << 16);
    inbox_init(&inbox, slots, payloads, 64);
    engine_attach(&engine, &inbox);
    decks_init(&decks, &engine, other_out);
    frame = 0;
}

static void teardown(void)
{
    exchange_free(&exchange);
    for (unsigned n = 0; n < MADE_VERSIONS; n++) {
        version_close(&versions[n]);
    }
}

static void process(void)
{
    ck_assert(engine_process(&engine, NULL, out));
}

/* A block that is a mix, of two that are the same but for rounding. */
static void process_mix(void)
{
    process();
    frame += MADE_FRAMES;
}

/* One block of what is heard when nothing else happens. */
static void expect_ramp(float gain)
{
    process();
    for (int i = 0; i < MADE_FRAMES; i++, frame++) {
        float want = made_ramp(frame) * gain;
        ck_assert_msg(block[i] == want, "frame %lld: %g, not %g",
                      (long long)frame, (double)block[i], (double)want);
    }
}

static void prepare(enum swap_kind kind, unsigned from, unsigned to,
                    enum match_values values, uint32_t fade_frames)
{
    struct failure failure = {0};
    exchange_free(&exchange);
    ck_assert(exchange_prepare(&exchange, kind, &versions[from], &versions[to],
                               values, fade_frames, &failure));
}

/* As the control thread does it, but in one thread. */
static void offer(void)
{
    decks_offer(&decks, &exchange.swap);
}

static void expect_taken(unsigned from, unsigned to)
{
    ck_assert_int_eq(decks_withdraw(&decks), DECKS_TAKEN);
    ck_assert_ptr_eq(engine.patch, versions[to].patch);
    versions[from].deck = versions[to].deck;
    versions[to].deck = NULL;
}

START_TEST(a_hard_swap_cannot_be_heard)
{
    unsigned now = 0;
    for (unsigned i = 0; i < 200; i++) {
        unsigned next = (now + 1 + i % 3) % MADE_VERSIONS;
        expect_ramp(1.0F);
        prepare(SWAP_FORTH, now, next, MATCH_SAME_DEFAULT, 0);
        offer();
        expect_ramp(1.0F);
        expect_taken(now, next);
        ck_assert_uint_eq(atomic_load(&decks.settled), i + 1);
        ck_assert_int_eq(made_int(next, "torn"), 0);
        now = next;
    }
    ck_assert_uint_eq(engine.block, 400);
}
END_TEST

START_TEST(both_are_heard_while_one_fades_into_the_other)
{
    enum { FADE = 3 * MADE_FRAMES + 10 };
    const float half = 0.5F;
    const float quarter = 0.25F;
    made_set(0, "gain", &half);
    expect_ramp(0.5F);
    prepare(SWAP_FORTH, 0, 1, MATCH_SAME_DEFAULT, FADE);
    offer();
    for (int k = 0; k < 4; k++) {
        if (k == 1) {
            /* While both play they differ in this alone. */
            made_set(1, "gain", &quarter);
        }
        process();
        ck_assert_uint_eq(atomic_load(&decks.settled), k == 3);
        for (int i = 0; i < MADE_FRAMES; i++, frame++) {
            int at = k * MADE_FRAMES + i + 1;
            float share = at < FADE ? (float)at / (float)FADE : 1.0F;
            float want = made_ramp(frame) * 0.5F * (1.0F - share) +
                         made_ramp(frame) * (k == 0 ? 0.5F : 0.25F) * share;
            ck_assert_msg(block[i] == want, "block %d frame %d: %g, not %g", k,
                          i, (double)block[i], (double)want);
        }
    }
    expect_taken(0, 1);
    expect_ramp(0.25F);
}
END_TEST

START_TEST(is_not_taken_when_it_was_withdrawn)
{
    prepare(SWAP_FORTH, 0, 1, MATCH_SAME_DEFAULT, 0);
    offer();
    ck_assert_int_eq(decks_withdraw(&decks), DECKS_FREE);
    expect_ramp(1.0F);
    ck_assert_ptr_eq(engine.patch, versions[0].patch);
}
END_TEST

START_TEST(waits_for_the_end_of_the_swap_before)
{
    struct exchange second;
    struct failure failure = {0};
    prepare(SWAP_FORTH, 0, 1, MATCH_SAME_DEFAULT, 2 * MADE_FRAMES);
    offer();
    process_mix();
    expect_taken(0, 1);
    ck_assert(exchange_prepare(&second, SWAP_FORTH, &versions[1], &versions[2],
                               MATCH_SAME_DEFAULT, 0, &failure));
    decks_offer(&decks, &second.swap);
    process_mix();
    ck_assert_int_eq(decks_withdraw(&decks), DECKS_FREE);
    decks_offer(&decks, &second.swap);
    expect_ramp(1.0F);
    expect_taken(1, 2);
    /* The audio thread does not read the first one any more. */
    exchange_free(&exchange);
    expect_ramp(1.0F);
    exchange_free(&second);
}
END_TEST

START_TEST(a_trap_in_the_first_block_cannot_be_heard)
{
    expect_ramp(1.0F);
    prepare(SWAP_FORTH, 0, 1, MATCH_SAME_DEFAULT, _i == 0 ? 0 : 1000);
    made_trap(1, 0);
    offer();
    expect_ramp(1.0F);
    expect_taken(0, 1);
    ck_assert(atomic_load(&decks.is_fallen));
    ck_assert_int_eq(decks.report.kind, F4E_TRAP_UNREACHABLE);
    ck_assert_uint_eq(atomic_load(&engine.traps), 0);
    expect_ramp(1.0F); /* and so it goes on until somebody looks */
    prepare(SWAP_RETURN, 1, 0, MATCH_NONE, 0);
    offer();
    expect_ramp(1.0F);
    expect_taken(1, 0);
    ck_assert(!atomic_load(&decks.is_fallen));
    ck_assert(atomic_load(&versions[1].deck->is_broken));
    ck_assert_uint_eq(atomic_load(&decks.settled), 2);
    expect_ramp(1.0F);
    ck_assert_int_eq(engine.state, ENGINE_RUNNING);
}
END_TEST

/* During a fade the old one is there, at its full level in the end. */
START_TEST(a_trap_while_fading_brings_the_old_one_back)
{
    enum { FADE = 4 * MADE_FRAMES };
    prepare(SWAP_FORTH, 0, 1, MATCH_SAME_DEFAULT, FADE);
    made_trap(1, 2);
    offer();
    process_mix();
    process_mix();
    float last = 0.0F;
    for (int k = 2; k < 4; k++) {
        process();
        for (int i = 0; i < MADE_FRAMES; i++, frame++) {
            float whole = made_ramp(frame);
            float share = whole > 0.0F ? block[i] / whole : 1.0F;
            ck_assert_msg(share >= last - 1e-5F || whole == 0.0F,
                          "frame %d of block %d", i, k);
            last = share;
        }
    }
    ck_assert(atomic_load(&decks.is_fallen));
    expect_ramp(1.0F);
}
END_TEST

/* After the fade the old one is as it was left, and better than silence. */
START_TEST(a_later_trap_goes_back_as_well)
{
    prepare(SWAP_FORTH, 0, 1, MATCH_SAME_DEFAULT, 0);
    offer();
    expect_ramp(1.0F);
    expect_taken(0, 1);
    expect_ramp(1.0F);
    made_trap(1, 0);
    frame = 0; /* the old one has not run since */
    expect_ramp(1.0F);
    ck_assert(atomic_load(&decks.is_fallen));
    /* Both trap: that is the end. */
    prepare(SWAP_RETURN, 1, 0, MATCH_NONE, 0);
    offer();
    expect_ramp(1.0F);
    made_trap(0, 0);
    ck_assert(!engine_process(&engine, NULL, out));
    ck_assert_int_eq(engine.state, ENGINE_STOPPED);
    ck_assert_int_eq(decks_withdraw(&decks), DECKS_TAKEN);
}
END_TEST

static void send_int(uint32_t version, unsigned n, const char *name,
                     int32_t value)
{
    uint8_t bytes[4];
    memcpy(bytes, &value, sizeof(value));
    const struct change change = {
        .write = {.address = (uint32_t)(made_cell(n, name) -
                                        versions[n].patch->memories[0].data),
                  .size = 4,
                  .bytes = bytes}};
    inbox.version = version;
    ck_assert(inbox_send(&inbox, &change));
}

static void send_note(uint32_t version, unsigned n, double value)
{
    const double args[] = {value};
    const struct change change = {
        .kind = CHANGE_CALL,
        .call = {.function = &versions[n].patch->exports[n % 2], .args = args}};
    inbox.version = version;
    ck_assert(inbox_send(&inbox, &change));
}

START_TEST(changes_reach_both_whoever_they_were_meant_for)
{
    prepare(SWAP_FORTH, 0, 1, MATCH_SAME_DEFAULT, 4 * MADE_FRAMES);
    offer();
    send_note(0, 0, 60.0); /* looked up before */
    process_mix();
    expect_taken(0, 1);
    ck_assert_int_eq(made_int(0, "note"), 60);
    ck_assert_int_eq(made_int(1, "note"), 60);
    send_note(1, 1, 61.0);
    send_int(0, 0, "torn", 7);
    process_mix();
    ck_assert_int_eq(made_int(0, "note"), 61);
    ck_assert_int_eq(made_int(1, "note"), 61);
    ck_assert_int_eq(made_int(0, "torn"), 7);
    ck_assert_int_eq(made_int(1, "torn"), 7);
    /* What one does not have it does not get. */
    send_int(0, 0, "only", 9);
    process_mix();
    ck_assert_int_eq(made_int(0, "only"), 9);
    ck_assert_int_eq(made_int(1, "only"), 0);
    process_mix();
    /* Alone again, with something that was late; and with something of a
     * version that is forgotten. */
    send_note(0, 0, 62.0);
    send_note(77, 0, 63.0);
    expect_ramp(1.0F);
    ck_assert_int_eq(made_int(1, "note"), 62);
    ck_assert_int_eq(made_int(0, "note"), 61);
}
END_TEST

START_TEST(a_value_on_its_way_goes_on)
{
    const float half = 0.5F;
    uint8_t bytes[4];
    memcpy(bytes, &half, sizeof(half));
    const struct change ramp = {
        .kind = CHANGE_RAMP,
        .element = F4E_F32,
        .blocks = 8,
        .write = {.address = (uint32_t)(made_cell(0, "gain") -
                                        versions[0].patch->memories[0].data),
                  .size = 4,
                  .bytes = bytes}};
    ck_assert(inbox_send(&inbox, &ramp));
    process();
    process();
    ck_assert(made_float(0, "gain") == 0.875F);
    prepare(SWAP_FORTH, 0, 1, MATCH_SAME_DEFAULT, 2 * MADE_FRAMES);
    offer();
    process();
    ck_assert(made_float(0, "gain") == 0.8125F);
    ck_assert(made_float(1, "gain") == 0.8125F);
    for (int i = 0; i < 7; i++) {
        process();
    }
    ck_assert(made_float(1, "gain") == 0.5F);
}
END_TEST

/* The pointers of two versions, as the player finds them in libraries. */
static midi_queue_function *senders[2];
static struct midi_queue sent;

static void expect_sender(unsigned n)
{
    ck_assert_ptr_null((void *)(uintptr_t)senders[1 - n]);
    ck_assert(senders[n] == f4e_midi_out);
}

static void expect_released(bool is_released)
{
    struct midi_queue_message message = {.count = 1};
    ck_assert_int_eq(midi_queue_get(&sent, &message), is_released);
    ck_assert_int_eq(message.count, is_released ? 0 : 1);
    ck_assert(!midi_queue_get(&sent, &message));
}

static void connect_senders(unsigned to)
{
    sent = (struct midi_queue){.frame = 0};
    senders[0] = NULL;
    senders[1] = NULL;
    engine.midi_out = &sent;
    engine.sender = &senders[0];
    versions[to].deck->engine.sender = &senders[1];
    decks_init(&decks, &engine, other_out);
    expect_sender(0);
}

/* Two that run send nothing twice; notes go on where nothing is forgotten. */
START_TEST(only_what_is_current_sends_midi)
{
    static const struct {
        unsigned to;
        enum match_values values;
        bool is_released;
    } rows[] = {{2, MATCH_SAME_DEFAULT, false},
                {2, MATCH_NONE, true},
                {1, MATCH_SAME_DEFAULT, true}};
    const unsigned to = rows[_i].to;
    connect_senders(to);
    prepare(SWAP_FORTH, 0, to, rows[_i].values, 4 * MADE_FRAMES);
    process();
    expect_sender(0);
    expect_released(false);
    offer();
    for (int k = 0; k < 5; k++) {
        process();
        expect_sender(1);
    }
    expect_taken(0, to);
    expect_released(rows[_i].is_released);
    /* And back, to a version of the same module. */
    if (to % 2 != 0) {
        return;
    }
    prepare(SWAP_FORTH, to, 0, rows[_i].values, 4 * MADE_FRAMES);
    offer();
    process();
    expect_sender(0);
    expect_taken(to, 0);
    expect_released(rows[_i].is_released);
}
END_TEST

START_TEST(after_a_trap_the_old_one_sends_midi)
{
    connect_senders(2);
    prepare(SWAP_FORTH, 0, 2, MATCH_SAME_DEFAULT, 4 * MADE_FRAMES);
    made_trap(2, _i);
    offer();
    for (int k = 0; k < _i; k++) {
        process();
        expect_sender(1);
        expect_released(false);
    }
    process();
    expect_sender(0);
    expect_released(true);
    ck_assert_ptr_eq(versions[2].deck->engine.midi_out, &sent);
    expect_taken(0, 2);
    prepare(SWAP_RETURN, 2, 0, MATCH_NONE, 0);
    offer();
    process();
    expect_taken(2, 0);
    expect_sender(0);
    expect_released(false);
    ck_assert_ptr_null(versions[2].deck->engine.midi_out);
}
END_TEST

/* Another order of what sends from variables is another sender. */
START_TEST(senders_are_the_same_or_forget)
{
    struct f4e_sender lists[2][2];
    struct f4e_patch patches[2];
    struct failure failure = {0};
    for (unsigned n = 0; n < 2; n++) {
        const unsigned to = n == 0 ? 0 : 2;
        memset(lists[n], 0, sizeof(lists[n]));
        for (unsigned i = 0; i < 2; i++) {
            lists[n][i].is_controller = true;
            lists[n][i].words[0] = (struct f4e_sender_word){
                .is_there = true, .address = i == 0 ? 16 : 24};
        }
        patches[n] = *versions[to].patch;
        patches[n].senders = lists[n];
        patches[n].sender_count = 2;
        versions[to].patch = &patches[n];
    }
    switch (_i) {
    case 0:
        break;
    case 1:
        patches[1].sender_count = 1;
        break;
    case 2:
        lists[1][1].is_controller = false;
        break;
    case 3:
        lists[1][1].words[0].address = 20;
        break;
    case 4:
        lists[1][0].words[0].is_pointee = true;
        break;
    default:
        lists[1][1].words[1].is_there = true;
        break;
    }
    exchange_free(&exchange);
    ck_assert(exchange_prepare(&exchange, SWAP_FORTH, &versions[0],
                               &versions[2], MATCH_SAME_DEFAULT, 0, &failure));
    ck_assert_int_eq(exchange.forth.is_whole, _i == 0);
}
END_TEST

/* With threads, as it is. */

enum { SWAPS = 1000 };

static atomic_bool is_over;
static atomic_uint faults;

static void *run_audio(void *arg)
{
    (void)arg;
    int64_t at = 0;
    while (!atomic_load(&is_over)) {
        if (!engine_process(&engine, NULL, out)) {
            atomic_fetch_add(&faults, 1);
            break;
        }
        for (int i = 0; i < MADE_FRAMES; i++, at++) {
            if (block[i] != made_ramp(at)) {
                atomic_fetch_add(&faults, 1);
            }
        }
        if (at % (MADE_FRAMES * 4) == 0) {
            static const struct timespec pause = {0, 20000};
            (void)nanosleep(&pause, NULL);
        }
    }
    return NULL;
}

START_TEST(a_thousand_swaps_while_it_plays)
{
    static struct exchange exchanges[2];
    struct failure failure = {0};
    pthread_t thread;
    const unsigned swaps = suite_rounds(SWAPS);
    unsigned now = 0;
    ck_assert_int_eq(pthread_create(&thread, NULL, run_audio, NULL), 0);
    for (unsigned i = 0; i < swaps; i++) {
        unsigned next = (now + 1) % 3;
        struct exchange *own = &exchanges[i % 2];
        exchange_free(own);
        ck_assert(exchange_prepare(own, SWAP_FORTH, &versions[now],
                                   &versions[next], MATCH_SAME_DEFAULT, 0,
                                   &failure));
        while (!exchange_try(own, &decks, &engine)) {
        }
        versions[now].deck = versions[next].deck;
        versions[next].deck = NULL;
        ck_assert_ptr_eq(engine.patch, versions[next].patch);
        while (atomic_load(&decks.settled) != i + 1) {
        }
        now = next;
    }
    atomic_store(&is_over, true);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_uint_eq(atomic_load(&faults), 0);
    ck_assert_int_eq(made_int(now, "torn"), 0);
    exchange_free(&exchanges[0]);
    exchange_free(&exchanges[1]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("decks");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_hard_swap_cannot_be_heard);
    tcase_add_test(tcase, both_are_heard_while_one_fades_into_the_other);
    tcase_add_test(tcase, is_not_taken_when_it_was_withdrawn);
    tcase_add_test(tcase, waits_for_the_end_of_the_swap_before);
    tcase_add_loop_test(tcase, a_trap_in_the_first_block_cannot_be_heard, 0, 2);
    tcase_add_test(tcase, a_trap_while_fading_brings_the_old_one_back);
    tcase_add_test(tcase, a_later_trap_goes_back_as_well);
    tcase_add_test(tcase, changes_reach_both_whoever_they_were_meant_for);
    tcase_add_test(tcase, a_value_on_its_way_goes_on);
    tcase_add_loop_test(tcase, only_what_is_current_sends_midi, 0, 3);
    tcase_add_loop_test(tcase, after_a_trap_the_old_one_sends_midi, 0, 4);
    tcase_add_loop_test(tcase, senders_are_the_same_or_forget, 0, 6);
    tcase_add_test(tcase, a_thousand_swaps_while_it_plays);
    suite_add_tcase(suite, tcase);
    return suite;
}
