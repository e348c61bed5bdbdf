/* SPDX-License-Identifier: MIT */
/*
 * Declared in jack/jack_internal.h: the audio thread. It allocates nothing,
 * takes no lock and makes no system call; what it may call is listed in
 * tests/shim/jack_symbols.txt. Where the server freewheels there is no clock
 * to be late for, and it may wait for the disk.
 */
#include "jack/jack_internal.h"

#include "audio/record.h"
#include "audio/start.h"
#include "optional.h"
#include "rt/denormals.h"

#include <string.h>
#include <time.h>

F4E_OPTIONAL(jack_midi_out_begin);
F4E_OPTIONAL(jack_midi_out_write);
F4E_OPTIONAL(jack_midi_out_end);

static bool sends_midi(const struct jack *jack)
{
    return jack->audio->engine->midi_out != NULL;
}

uint32_t jack_delay(const struct jack *jack, uint32_t period)
{
    const uint32_t block = jack->audio->patch->block_frames;
    return jack->in_count > 0 && period % block != 0 ? block : 0;
}

static bool is_over(struct jack *jack)
{
    struct audio *audio = jack->audio;
    if (jack->is_stopped || audio->frames >= audio->options->frame_limit) {
        return true;
    }
    if (atomic_load_explicit(&audio->is_stopping, memory_order_relaxed)) {
        fade_end(&jack->fade);
    }
    return fade_is_over(&jack->fade);
}

static void silence_block(struct jack *jack, size_t from)
{
    const struct f4e_patch *patch = jack->audio->patch;
    for (unsigned k = 0; k < patch->output_count; k++) {
        memset(jack->out[k] + from, 0,
               (patch->block_frames - from) * sizeof(float));
    }
}

/* The file shall have all of it: a freewheeling server waits for us. */
static void wait_for_record(const struct jack *jack, size_t frames)
{
    static const struct timespec pause = {.tv_nsec = 1000000};
    struct record *record = jack->audio->record;
    while (record != NULL && atomic_load(&jack->is_freewheeling) &&
           !ring_has_room(&record->ring, frames) &&
           !atomic_load(&record->has_failed) &&
           !atomic_load(&jack->audio->is_stopping)) {
        (void)nanosleep(&pause, NULL);
    }
}

/* Run the patch once; false when it has stopped. */
static bool compute(struct jack *jack, size_t frames)
{
    struct audio *audio = jack->audio;
    const float *const *in = (const float *const *)jack->in;
    uint64_t start_ns = stats_now_ns();
    if (!engine_process(audio->engine, in, jack->out)) {
        jack->is_stopped = true;
        return false;
    }
    stats_block(audio->stats, stats_now_ns() - start_ns, frames,
                audio->engine->is_general);
    return true;
}

/* 'at' is the frame of the period with which the block begins to play. */
static void tell_time(struct jack *jack, uint32_t at)
{
    struct audio *audio = jack->audio;
    const int64_t frames =
        (int64_t)at + atomic_load(&jack->latency) -
        (int64_t)jack->lib.frames_since_cycle_start(jack->client);
    audio_tell_time(audio, stats_now_ns() +
                               (uint64_t)(frames * INT64_C(1000000000) /
                                          (int64_t)audio->patch->sample_rate));
}

/* The next block, to be played from frame 'at' of the period on, into
 * jack->out; after the end that is silence. */
static void next_block(struct jack *jack, uint32_t at)
{
    struct audio *audio = jack->audio;
    const uint64_t block = audio->patch->block_frames;
    if (is_over(jack)) {
        if (sends_midi(jack)) {
            jack_midi_out_end(&jack->midi_out);
        }
        silence_block(jack, 0);
        return;
    }
    const uint64_t left = audio->options->frame_limit - audio->frames;
    const size_t frames = (size_t)(left < block ? left : block);
    for (unsigned k = 0; k < jack->in_count; k++) {
        stats_input(audio->stats, jack->in[k], (size_t)block);
    }
    tell_time(jack, at);
    if (!compute(jack, frames)) {
        silence_block(jack, 0);
        return;
    }
    for (unsigned k = 0; k < audio->patch->output_count; k++) {
        stats_output(audio->stats, k, jack->out[k], frames);
    }
    fade_block(&jack->fade, audio->patch, jack->out, left);
    wait_for_record(jack, frames);
    record_block(audio->record, (const float *const *)jack->out, frames);
    audio->frames += frames;
    silence_block(jack, frames);
}

/*
 * Where whole blocks fit into a period, a block is computed from the frames
 * that it is played with. Where they do not, its inputs are not all there when
 * its first frame is due: then blocks are collected, computed, and played while
 * the next one is collected, which delays by a block. Without inputs there is
 * nothing to wait for. Returns the frames moved.
 */
static uint32_t next_chunk(struct jack *jack, uint32_t at, uint32_t frames)
{
    const uint32_t block = jack->audio->patch->block_frames;
    const bool is_direct = jack->position == 0 && !jack->is_delayed;
    uint32_t count = block - jack->position;
    count = count < frames - at ? count : frames - at;
    for (unsigned k = 0; k < jack->in_count && !jack->is_delayed; k++) {
        memcpy(jack->in[k] + jack->position, jack->in_now[k] + at,
               count * sizeof(float));
    }
    if (is_direct) {
        jack_midi_send(&jack->midi, at + block);
        next_block(jack, at);
    }
    if (jack->position == 0 && sends_midi(jack)) {
        jack_midi_out_write(&jack->midi_out, at);
    }
    for (unsigned k = 0; k < jack->audio->patch->output_count; k++) {
        memcpy(jack->out_now[k] + at, jack->out[k] + jack->position,
               count * sizeof(float));
    }
    for (unsigned k = 0; k < jack->in_count && jack->is_delayed; k++) {
        memcpy(jack->in[k] + jack->position, jack->in_now[k] + at,
               count * sizeof(float));
    }
    jack->position += count;
    if (jack->position == block) {
        jack->position = 0;
        if (jack->is_delayed) {
            jack_midi_send(&jack->midi, at + count);
            next_block(jack, at + count);
        }
    }
    return count;
}

/*
 * The server's period is another one. Where that changes the delay, a block
 * begins anew: the server has made a gap anyway.
 */
static void take_period(struct jack *jack, uint32_t frames)
{
    const bool is_delayed = jack_delay(jack, frames) > 0;
    jack->frames = frames;
    atomic_store_explicit(&jack->audio->stats->period, frames,
                          memory_order_relaxed);
    if (is_delayed != jack->is_delayed) {
        jack->is_delayed = is_delayed;
        jack->position = 0;
        silence_block(jack, 0);
    }
}

/* What the server has reported since the last period. */
static void count_xruns(struct jack *jack)
{
    struct audio *audio = jack->audio;
    const uint64_t most = audio->options->max_xruns;
    uint64_t xruns = atomic_exchange(&jack->xruns, 0);
    if (xruns == 0) {
        return;
    }
    uint64_t lost_us = atomic_exchange(&jack->lost_us, 0);
    stats_add(&audio->stats->xruns, xruns - 1);
    stats_xrun(audio->stats, lost_us * 1000U);
    if (audio->options->xrun_policy == XRUN_SKIP) {
        jack->skip += lost_us * audio->patch->sample_rate / 1000000U;
    }
    if (most > 0 && stats_get(&audio->stats->xruns) > most) {
        jack->is_stopped = true;
        jack->has_ended = true;
        jack_tell(jack, JACK_HAS_XRUNS);
    }
}

/*
 * Time that was lost is over for the patch too: nobody hears these blocks. A
 * period's worth at a time, so that catching up is no xrun itself.
 */
static void skip_blocks(struct jack *jack, uint32_t frames)
{
    struct audio *audio = jack->audio;
    const uint32_t block = audio->patch->block_frames;
    uint32_t left = frames > block ? frames : block;
    for (; jack->skip >= block && left >= block && !is_over(jack);
         left -= block, jack->skip -= block) {
        for (unsigned k = 0; k < jack->in_count; k++) {
            memset(jack->in[k], 0, block * sizeof(float));
        }
        if (!compute(jack, 0)) {
            return;
        }
        audio->frames += block;
    }
}

/* The end is heard when the frames before it have gone all the way. */
static void look_for_end(struct jack *jack, uint32_t frames)
{
    const bool is_early =
        !jack->has_started && atomic_load(&jack->audio->is_stopping);
    if (jack->has_ended || !(is_early || is_over(jack))) {
        jack->drain = 0;
        return;
    }
    jack->drain += frames;
    if (jack->drain > atomic_load(&jack->latency) + frames ||
        jack->is_stopped || is_early) {
        jack->has_ended = true;
        jack_tell(jack, JACK_HAS_ENDED);
    }
}

/*
 * Where in this period the patch begins, or its end. Where blocks are computed
 * in the periods that they are played in, that is the beginning of one; else it
 * is any frame.
 */
static uint32_t first_frame(struct jack *jack, uint32_t frames)
{
    const struct audio *audio = jack->audio;
    const uint32_t block = audio->patch->block_frames;
    if (jack->has_started) {
        return 0;
    }
    /* The period's frames are heard so much later, and the patch's first one
     * even later than that. */
    int64_t latency = (int64_t)atomic_load(&jack->latency) +
                      jack_delay(jack, frames) -
                      jack->lib.frames_since_cycle_start(jack->client);
    int64_t left =
        start_left_frames(audio->options, audio->patch->sample_rate) - latency;
    if (left >= (int64_t)frames) {
        return frames;
    }
    jack->has_started = true;
    uint32_t first = left > 0 ? (uint32_t)left : 0;
    return frames % block == 0 ? first / block * block : first;
}

static void get_buffers(struct jack *jack, uint32_t frames)
{
    const struct libjack *lib = &jack->lib;
    for (unsigned k = 0; k < jack->audio->patch->output_count; k++) {
        jack->out_now[k] = lib->port_get_buffer(jack->out_ports[k], frames);
    }
    for (unsigned k = 0; k < jack->in_count; k++) {
        jack->in_now[k] = lib->port_get_buffer(jack->in_ports[k], frames);
    }
    jack_midi_begin(&jack->midi, frames);
    if (sends_midi(jack)) {
        jack_midi_out_begin(&jack->midi_out, frames);
    }
}

static void play_silence(struct jack *jack, uint32_t from, uint32_t to)
{
    for (unsigned k = 0; k < jack->audio->patch->output_count; k++) {
        memset(jack->out_now[k] + from, 0, (to - from) * sizeof(float));
    }
}

static void play(struct jack *jack, uint32_t frames)
{
    struct audio *audio = jack->audio;
    if (frames != jack->frames) {
        take_period(jack, frames);
    }
    if (!atomic_load_explicit(&jack->is_freewheeling, memory_order_relaxed)) {
        uint64_t late = jack->lib.frames_since_cycle_start(jack->client);
        stats_wakeup(
            audio->stats,
            1 + late * UINT64_C(1000000000) / audio->patch->sample_rate, false);
    }
    count_xruns(jack);
    skip_blocks(jack, frames);
    uint32_t at = first_frame(jack, frames);
    play_silence(jack, 0, at);
    while (at < frames) {
        at += next_chunk(jack, at, frames);
    }
    /* Beyond the last whole block: for the next one. */
    jack_midi_send(&jack->midi, frames);
    look_for_end(jack, frames);
}

int jack_process(uint32_t frames, void *context)
{
    struct jack *jack = context;
    struct audio *audio = jack->audio;
    if (!jack->has_entered) {
        /* Once, before anything sounds. */
        jack->has_entered = true;
        audio->enter(audio->enter_context);
    }
    atomic_store(&jack->is_inside, true);
    (void)atomic_fetch_add_explicit(&jack->periods, 1, memory_order_relaxed);
    get_buffers(jack, frames);
    if (atomic_load(&jack->is_running)) {
        /* The thread is the library's, which may change its mode. */
        denormals_flush(audio->options->is_flushing);
        play(jack, frames);
    } else {
        play_silence(jack, 0, frames);
    }
    atomic_store(&jack->is_inside, false);
    return 0;
}
