/* SPDX-License-Identifier: MIT */
/*
 * A period of JACK without a server: libjack is a table of functions, and the
 * test calls as the library would. Where the first frame lies, on a clock that
 * the test moves; and that a period makes no system call, whatever is sent.
 */
#include "jack/jack_internal.h"

#include "fake_patch.h"
#include "load/load.h"
#include "no_system_calls.h"
#include "suite.h"
#include "virtual_clock.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    RATE = FAKE_RATE,
    BLOCK = FAKE_BLOCK_FRAMES,
    FRAMES_MAX = 4096,
    NEVER = -1
};

static const int64_t SECOND = INT64_C(1000000000);
static const int64_t NOW = INT64_C(1800000000000000000);

/* ---- The library ---- */

/* A port is a pointer to its samples. */
static float samples[3][FRAMES_MAX];
static uint32_t since; /* frames since the period began */

/* The MIDI port's. */
static uint32_t midi_room;
static uint32_t midi_count;
static uint32_t midi_time;
static uint32_t midi_frames;
static bool is_midi_wrong; /* times that go back, or leave the period */

static uint32_t frames_since_cycle_start(const struct libjack_client *client)
{
    (void)client;
    return since;
}

static void *port_get_buffer(struct libjack_port *port, uint32_t frames)
{
    midi_frames = frames;
    return port;
}

static void midi_clear_buffer(void *buffer)
{
    (void)buffer;
    midi_count = 0;
    midi_time = 0;
}

static int midi_event_write(void *buffer, uint32_t time, const uint8_t *bytes,
                            size_t size)
{
    (void)buffer;
    is_midi_wrong = is_midi_wrong || time < midi_time || time >= midi_frames ||
                    size != 3 || bytes[0] < 0x80;
    midi_time = time;
    if (midi_count == midi_room) {
        return -1;
    }
    midi_count++;
    return 0;
}

/* ---- The backend, as it is when it is open ---- */

static struct options options;
static struct engine engine;
static struct stats stats;
static struct midi_send sent;
static struct jack *jack;
static struct audio audio = {.patch = &f4e_patch,
                             .options = &options,
                             .engine = &engine,
                             .stats = &stats,
                             .stop_fd = -1};
static float *out[2] = {(float[BLOCK]){0}, (float[BLOCK]){0}};
static float *in[1] = {(float[BLOCK]){0}};

static void setup(void)
{
    static struct libjack_port *outs[2];
    static struct libjack_port *ins[1];
    static float *out_now[2];
    static const float *in_now[1];
    options = (struct options){.frame_limit = UINT64_MAX};
    stats = (struct stats){0};
    audio.frames = 0;
    jack = calloc(1, sizeof(*jack));
    ck_assert_ptr_nonnull(jack);
    outs[0] = (struct libjack_port *)samples[0];
    outs[1] = (struct libjack_port *)samples[1];
    ins[0] = (struct libjack_port *)samples[2];
    jack->audio = &audio;
    jack->lib.frames_since_cycle_start = frames_since_cycle_start;
    jack->lib.port_get_buffer = port_get_buffer;
    jack->lib.midi_clear_buffer = midi_clear_buffer;
    jack->lib.midi_event_write = midi_event_write;
    jack->out_ports = outs;
    jack->in_ports = ins;
    jack->out = out;
    jack->in = in;
    jack->out_now = out_now;
    jack->in_now = in_now;
    jack->midi.lib = &jack->lib;
    jack->midi_out.lib = &jack->lib;
    jack->has_entered = true;
    atomic_store(&jack->is_running, true);
    for (unsigned k = 0; k < 2; k++) {
        memset(out[k], 0, BLOCK * sizeof(float));
    }
    engine_init(&engine, &f4e_patch, TRAP_RESET, load_stack_bytes(&f4e_patch));
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
}

static void teardown(void)
{
    virtual_clock_set(0);
    free(jack);
}

/* ---- The first frame ---- */

static const struct {
    uint32_t period;
    bool has_input;
} shapes[] = {{32, true},   {32, false},   {64, true},    {64, false},
              {96, true},   {96, false},   {128, true},   {128, false},
              {256, true},  {512, false},  {1000, true},  {1000, false},
              {1024, true}, {1024, false}, {4096, false}, {4096, true}};

/* Plays periods from NOW on, each late by some frames, until something sounds:
 * when that is heard. */
static int64_t first_heard_ns(uint32_t period, uint32_t latency)
{
    for (int64_t n = 0; n < 2 * RATE / period; n++) {
        const int64_t begin_ns = NOW + n * period * SECOND / RATE;
        since = (uint32_t)rand() % period;
        virtual_clock_set(begin_ns + since * SECOND / RATE);
        ck_assert_int_eq(jack_process(period, jack), 0);
        for (uint32_t i = 0; i < period; i++) {
            if (samples[0][i] != 0.0F) {
                ck_assert(samples[0][i] == fake_ramp(0));
                return begin_ns + (i + latency) * SECOND / RATE;
            }
        }
    }
    return NEVER;
}

/*
 * Where blocks are computed as they come, to the frame. Where they are computed
 * in the period that they are played in, their beginnings are a block apart.
 */
START_TEST(the_first_frame_is_heard_at_its_instant)
{
    const uint32_t period = shapes[_i].period;
    const bool is_exact = period % BLOCK != 0;
    srand((unsigned)_i + 1);
    for (int round = 0; round < 50; round++) {
        const uint32_t latency = round % 3 == 0 ? 0 : (uint32_t)rand() % 3000;
        setup();
        jack->in_count = shapes[_i].has_input;
        atomic_store(&jack->latency, latency);
        options.start_at_ns = NOW + SECOND / 4 + rand() % SECOND;
        const int64_t heard_ns = first_heard_ns(period, latency);
        ck_assert_int_ne(heard_ns, NEVER);
        const int64_t late_ns = heard_ns - options.start_at_ns;
        /* Two numbers of frames were rounded on the way. */
        ck_assert_msg(late_ns > -(is_exact ? 2 : BLOCK + 2) * SECOND / RATE &&
                          late_ns < 2 * SECOND / RATE,
                      "period %u, latency %u: %lld ns late", period, latency,
                      (long long)late_ns);
        free(jack);
    }
    setup();
}
END_TEST

/* One without an instant begins at once. */
START_TEST(begins_at_once)
{
    for (uint32_t period = 64; period <= 1024; period *= 2) {
        setup();
        jack->has_started = true;
        atomic_store(&jack->latency, 300);
        ck_assert_int_eq(first_heard_ns(period, 0), NOW);
        free(jack);
    }
    setup();
}
END_TEST

/* ---- No system call ---- */

static const struct {
    uint32_t period;
    uint32_t each; /* messages in a block: 27 are 10000 in a second */
    uint32_t room; /* for how many the server has room in a period */
    bool is_any_lost;
} floods[] = {{1024, 27, 1000, false}, {128, 27, 1000, false},
              {96, 27, 1000, false},   {64, 27, 20, true},
              {1024, 27, 100, true},   {128, 5000, 1000, true}};

/* Ten seconds of it: what finds no room is counted, and nothing else happens.
 */
START_TEST(sends_without_a_system_call)
{
    const uint32_t period = floods[_i].period;
    const uint64_t blocks = UINT64_C(10) * RATE / BLOCK;
    uint64_t offered = 0;
    sent.has_ports = true;
    engine.midi_out = &sent.queue;
    jack->midi_out.queue = &sent.queue;
    jack->midi_out.send = &sent;
    jack->midi_out.port_count = 1;
    jack->midi_out.ports[0].port = (struct libjack_port *)samples[2];
    jack->has_started = true;
    midi_queue_watch(&sent.queue, false);
    midi_queue_connect(&sent.queue);
    midi_room = floods[_i].room;
    forbid_system_calls();
    const uint32_t at_once = period > BLOCK ? period / BLOCK : 1;
    while (engine.block < blocks) {
        const uint64_t block = engine.block;
        for (uint32_t i = 0; i < at_once * floods[_i].each; i++, offered++) {
            f4e_midi_out(0, i % 2 == 0 ? 0x90 : 0x80, (uint32_t)block & 127,
                         64);
        }
        while (engine.block == block) {
            (void)jack_process(period, jack);
        }
    }
    /* The last ones leave with the next block. */
    for (uint64_t block = engine.block; engine.block == block;) {
        (void)jack_process(period, jack);
    }
    const uint64_t lost = midi_send_dropped(&sent);
    const bool is_good = midi_send_sent(&sent) + lost == offered &&
                         (lost > 0) == floods[_i].is_any_lost &&
                         midi_send_sent(&sent) > 0 && !is_midi_wrong;
    _exit(is_good ? 0 : 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("jack_process");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, the_first_frame_is_heard_at_its_instant, 0,
                        sizeof(shapes) / sizeof(*shapes));
    tcase_add_test(tcase, begins_at_once);
    tcase_add_loop_exit_test(tcase, sends_without_a_system_call, 0, 0,
                             sizeof(floods) / sizeof(*floods));
    suite_add_tcase(suite, tcase);
    return suite;
}
