/* SPDX-License-Identifier: MIT */
#include "audio.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "alsa_setup.h"

enum {
    TIMEOUTS_MAX = 5,  /* waits without progress before the device is lost */
    PREPARES_MAX = 10, /* recoveries without a frame played in between */
    RESUME_STEP_MS = 50,
    RESUME_MAX_MS = 5000,
    DRAIN_EXTRA_MS = 50,
    DRAIN_STEP_MS = 2,
    WAKE_MIN_MS = 100,
    POLL_MAX = 16,
};

struct alsa {
    struct alsa_setup setup;
    float **out;
    const float **planar; /* one per device channel; NULL is silence */
    float *mixed;         /* a mono device's (L + R) / 2, or NULL */
    void *buffer;         /* one interleaved block */
    int wait_ms;
    unsigned prepares; /* since a frame was played */
};

static void sleep_ms(int ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    (void)nanosleep(&time, NULL);
}

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool fail_lost(const char *what, int error, struct failure *failure)
{
    return failure_set(failure, STATUS_LOST, "the device was lost: %s%s%s",
                       what, error != 0 ? ": " : "",
                       error != 0 ? snd_strerror(error) : "");
}

/* Channels the patch wants to play: left alone is still stereo. */
static unsigned wanted_channels(const struct f4e_patch *patch)
{
    return patch->output_count < 2 ? 2 : patch->output_count;
}

static void map_channels(struct alsa *alsa, const struct f4e_patch *patch)
{
    for (unsigned k = 0; k < alsa->setup.channels; ++k) {
        bool is_copy =
            patch->output_count == 1 && patch->is_mono_duplicated && k == 1;
        alsa->planar[k] = k < patch->output_count ? alsa->out[k]
                          : is_copy               ? alsa->out[0]
                                                  : NULL;
    }
    if (alsa->mixed != NULL) {
        alsa->planar[0] = alsa->mixed;
    }
}

static bool alsa_close(struct audio *audio, bool is_complete,
                       struct failure *failure)
{
    struct alsa *alsa = audio->state;
    (void)is_complete;
    (void)failure;
    if (alsa->setup.pcm != NULL) {
        (void)snd_pcm_close(alsa->setup.pcm);
        (void)snd_config_update_free_global();
    }
    audio_free_outputs(alsa->out);
    free((void *)alsa->planar);
    free(alsa->mixed);
    free(alsa->buffer);
    free(alsa);
    audio->state = NULL;
    return true;
}

static bool allocate(struct alsa *alsa, const struct f4e_patch *patch)
{
    size_t frames = patch->block_frames;
    unsigned channels = alsa->setup.channels;
    bool is_mixing = channels == 1 && patch->output_count == 2;
    alsa->out = audio_make_outputs(patch);
    alsa->planar = (const float **)calloc(channels, sizeof *alsa->planar);
    alsa->mixed = is_mixing ? calloc(frames, sizeof(float)) : NULL;
    alsa->buffer = malloc(frames * channels * format_bytes(alsa->setup.format));
    return alsa->out != NULL && alsa->planar != NULL && alsa->buffer != NULL &&
           (alsa->mixed != NULL || !is_mixing);
}

static bool alsa_open(struct audio *audio, struct failure *failure)
{
    const struct f4e_patch *patch = audio->patch;
    if (patch->output_count == 0) {
        (void)failure_set(failure, STATUS_USAGE,
                          "the patch has no output channels: nothing to play");
        return failure_hint(failure, "--render /dev/null --blocks 1000");
    }
    struct alsa *alsa = calloc(1, sizeof *alsa);
    if (alsa == NULL) {
        return failure_set(failure, STATUS_INTERNAL, "out of memory");
    }
    audio->state = alsa;
    bool is_good = alsa_setup_open(&alsa->setup, patch, audio->options,
                                   wanted_channels(patch), failure);
    if (is_good && !allocate(alsa, patch)) {
        is_good = failure_set(failure, STATUS_INTERNAL, "out of memory");
    }
    if (!is_good) {
        return alsa_close(audio, false, failure) && false;
    }
    map_channels(alsa, patch);
    uint64_t buffer_ms =
        alsa->setup.buffer_frames * UINT64_C(1000) / patch->sample_rate;
    alsa->wait_ms =
        WAKE_MIN_MS + 4 * (int)(buffer_ms < 10000 ? buffer_ms : 10000);
    return true;
}

static void alsa_describe(const struct audio *audio, const char *program,
                          FILE *file)
{
    const struct alsa *alsa = audio->state;
    const struct alsa_setup *setup = &alsa->setup;
    const struct f4e_patch *patch = audio->patch;
    (void)fprintf(file,
                  "%s: device  %s (%s)\n"
                  "%s: format  %s, %u Hz, %u channels\n"
                  "%s: buffer  %lu frames (%.1f ms), periods of %lu\n",
                  program, audio->options->device,
                  snd_pcm_type_name(snd_pcm_type(setup->pcm)), program,
                  alsa_setup_format_name(setup->format), setup->sample_rate,
                  setup->channels, program, setup->buffer_frames,
                  (double)setup->buffer_frames * 1e3 / setup->sample_rate,
                  setup->period_frames);
    if (setup->is_converting) {
        (void)fprintf(file,
                      "%s: alsa-lib converts the patch's %u Hz to the rate of "
                      "the device\n",
                      program, setup->sample_rate);
    }
    if (alsa->mixed != NULL) {
        (void)fprintf(file, "%s: a mono device: plays (left + right) / 2\n",
                      program);
    }
    if (patch->input_count > 0) {
        (void)fprintf(file, "%s: the patch's %u input channels get silence\n",
                      program, patch->input_count);
    }
    if (audio->options->is_verbose) {
        (void)fprintf(file, "%s: samples have %d significant bits\n", program,
                      setup->bits);
    }
}

/*
 * Wait until the device or the control thread wants something; at most
 * wait_ms. Returns 0 or a negative error.
 */
static int wait_device(struct audio *audio)
{
    struct alsa *alsa = audio->state;
    struct pollfd fds[POLL_MAX + 1] = {{.fd = -1}};
    unsigned short events = 0;
    /* Asked anew each time: some plugins change their descriptors. */
    int count = snd_pcm_poll_descriptors(alsa->setup.pcm, fds, POLL_MAX);
    if (count <= 0) {
        return count < 0 ? count : -ENODEV;
    }
    fds[count] = (struct pollfd){.fd = audio->stop_fd, .events = POLLIN};
    if (poll(fds, (nfds_t)count + 1, alsa->wait_ms) < 0) {
        return errno == EINTR ? 0 : -errno;
    }
    int error = snd_pcm_poll_descriptors_revents(alsa->setup.pcm, fds,
                                                 (unsigned)count, &events);
    if (error < 0) {
        return error;
    }
    if ((events & (POLLERR | POLLHUP | POLLNVAL)) != 0 &&
        snd_pcm_state(alsa->setup.pcm) == SND_PCM_STATE_DISCONNECTED) {
        return -ENODEV;
    }
    return 0;
}

static int resume(snd_pcm_t *pcm, struct audio *audio)
{
    int error = -EAGAIN;
    atomic_fetch_add_explicit(&audio->suspends, 1, memory_order_relaxed);
    for (int ms = 0; ms < RESUME_MAX_MS && !atomic_load(&audio->is_stopping);
         ms += RESUME_STEP_MS) {
        error = snd_pcm_resume(pcm);
        if (error != -EAGAIN) {
            break;
        }
        sleep_ms(RESUME_STEP_MS);
    }
    /* Many drivers cannot resume, only begin again; plugins do not say so. */
    return error < 0 || snd_pcm_state(pcm) == SND_PCM_STATE_SUSPENDED
               ? snd_pcm_prepare(pcm)
               : 0;
}

/* After an error of the device: true when playing can go on. */
static bool recover(struct audio *audio, int error, struct failure *failure)
{
    struct alsa *alsa = audio->state;
    snd_pcm_t *pcm = alsa->setup.pcm;
    if (error == -EAGAIN || error == -EINTR) {
        return true;
    }
    if (error != -EPIPE && error != -ESTRPIPE) {
        return fail_lost("cannot write", error, failure);
    }
    if (++alsa->prepares > PREPARES_MAX) {
        return fail_lost("it does not start again", 0, failure);
    }
    if (error == -EPIPE) {
        atomic_fetch_add_explicit(&audio->xruns, 1, memory_order_relaxed);
        error = snd_pcm_prepare(pcm);
    } else {
        error = resume(pcm, audio);
    }
    return error >= 0 || fail_lost("cannot start again", error, failure);
}

/* The error that a state amounts to: not every plugin returns it. */
static int state_error(snd_pcm_t *pcm)
{
    snd_pcm_state_t state = snd_pcm_state(pcm);
    return state == SND_PCM_STATE_XRUN           ? -EPIPE
           : state == SND_PCM_STATE_SUSPENDED    ? -ESTRPIPE
           : state == SND_PCM_STATE_DISCONNECTED ? -ENODEV
                                                 : 0;
}

/* The buffer is full: time to begin, or to let it play. */
static int start_or_wait(struct audio *audio)
{
    struct alsa *alsa = audio->state;
    int error = state_error(alsa->setup.pcm);
    if (error == 0 &&
        snd_pcm_state(alsa->setup.pcm) == SND_PCM_STATE_PREPARED) {
        error = snd_pcm_start(alsa->setup.pcm);
    }
    return error == 0 ? wait_device(audio) : error;
}

/*
 * Wait until the device has room for 'frames'. False when the loop must end:
 * with a failure recorded, or because the control thread wants to stop.
 */
static bool wait_room(struct audio *audio, snd_pcm_uframes_t frames,
                      struct failure *failure)
{
    struct alsa *alsa = audio->state;
    snd_pcm_t *pcm = alsa->setup.pcm;
    snd_pcm_sframes_t before = -1;
    int64_t progress_ms = now_ms();
    while (!atomic_load_explicit(&audio->is_stopping, memory_order_relaxed)) {
        snd_pcm_sframes_t room = snd_pcm_avail_update(pcm);
        bool is_late = room == -EAGAIN || room == -EINTR;
        int error = room < 0 && !is_late ? (int)room : 0;
        if (room > before) {
            /* Played, not just accepted: what a dead device never does. */
            alsa->prepares = before >= 0 ? 0 : alsa->prepares;
            progress_ms = now_ms();
        } else if (error == 0) {
            sleep_ms(1); /* woken for nothing: do not spin */
        }
        before = room;
        if (room >= 0 && (snd_pcm_uframes_t)room >= frames) {
            return true;
        }
        error = error == 0 ? start_or_wait(audio) : error;
        if (error < 0) {
            if (!recover(audio, error, failure)) {
                return false;
            }
            before = -1; /* an emptied buffer has not been played */
            progress_ms = now_ms();
        } else if (now_ms() - progress_ms >
                   TIMEOUTS_MAX * (int64_t)alsa->wait_ms) {
            return fail_lost("it takes no more samples", 0, failure);
        }
    }
    return false;
}

static bool write_block(struct audio *audio, size_t frames,
                        struct failure *failure)
{
    struct alsa *alsa = audio->state;
    size_t frame_bytes =
        alsa->setup.channels * format_bytes(alsa->setup.format);
    const unsigned char *at = alsa->buffer;
    while (frames > 0) {
        snd_pcm_sframes_t done = snd_pcm_writei(alsa->setup.pcm, at, frames);
        if (done > 0) {
            at += (size_t)done * frame_bytes;
            frames -= (size_t)done;
        } else if (done < 0 && !recover(audio, (int)done, failure)) {
            return false;
        }
        /* One frame of room: the rest follows as the device takes it. */
        if (frames > 0 && !wait_room(audio, 1, failure)) {
            return false;
        }
    }
    return true;
}

static void interleave(struct audio *audio, size_t frames)
{
    struct alsa *alsa = audio->state;
    for (size_t i = 0; alsa->mixed != NULL && i < frames; ++i) {
        alsa->mixed[i] = 0.5F * (alsa->out[0][i] + alsa->out[1][i]);
    }
    audio->non_finite +=
        convert_from_float(alsa->setup.format, alsa->buffer, alsa->planar,
                           alsa->setup.channels, frames);
}

/* Let what is queued be heard, but never wait for a device that hangs. */
static void drain(struct audio *audio)
{
    struct alsa *alsa = audio->state;
    snd_pcm_t *pcm = alsa->setup.pcm;
    snd_pcm_uframes_t buffer = alsa->setup.buffer_frames;
    if (snd_pcm_state(pcm) == SND_PCM_STATE_PREPARED) {
        (void)snd_pcm_start(pcm);
    }
    int left_ms =
        (int)(buffer * 1000 / alsa->setup.sample_rate) + DRAIN_EXTRA_MS;
    for (; left_ms > 0; left_ms -= DRAIN_STEP_MS) {
        snd_pcm_sframes_t room = snd_pcm_avail_update(pcm);
        if (room < 0 || (snd_pcm_uframes_t)room >= buffer ||
            snd_pcm_state(pcm) != SND_PCM_STATE_RUNNING) {
            break;
        }
        sleep_ms(DRAIN_STEP_MS);
    }
    (void)snd_pcm_drop(pcm);
}

static bool alsa_run(struct audio *audio, struct failure *failure)
{
    struct alsa *alsa = audio->state;
    uint64_t limit = audio->options->frame_limit;
    snd_pcm_uframes_t block = audio->patch->block_frames;
    /* A block longer than the buffer goes in piece by piece. */
    snd_pcm_uframes_t room =
        block < alsa->setup.buffer_frames ? block : alsa->setup.buffer_frames;
    while (audio->frames < limit && !atomic_load(&audio->is_stopping)) {
        uint64_t left = limit - audio->frames;
        size_t frames = (size_t)(left < block ? left : block);
        if (!wait_room(audio, room, failure) ||
            !engine_process(audio->engine, NULL, alsa->out)) {
            break;
        }
        interleave(audio, frames);
        if (!write_block(audio, frames, failure)) {
            break;
        }
        audio->frames += frames;
        atomic_fetch_add_explicit(&audio->blocks, 1, memory_order_relaxed);
    }
    if (failure->status != STATUS_OK) {
        return false;
    }
    drain(audio);
    return true;
}

const char *audio_alsa_version(void)
{
    return snd_asoundlib_version();
}

const struct audio_backend audio_alsa = {
    .open = alsa_open,
    .describe = alsa_describe,
    .run = alsa_run,
    .close = alsa_close,
};
