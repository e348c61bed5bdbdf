/* SPDX-License-Identifier: MIT */
#include "player.h"

#include <alloca.h>
#include <check.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

enum { WAIT_MS = 5000 };

struct player player_defaults(void)
{
    return (struct player){.format = SND_PCM_FORMAT_S16_LE,
                           .channels = 2,
                           .rate_hz = 48000,
                           .period_frames = 128,
                           .periods = 4};
}

int player_open(struct player *player, const char *name,
                snd_pcm_stream_t stream)
{
    int error = snd_pcm_open(&player->pcm, name, stream, SND_PCM_NONBLOCK);
    if (error < 0) {
        player->pcm = NULL;
        return error;
    }
    return player_configure(player);
}

static int set_hardware(struct player *player, snd_pcm_hw_params_t *hw)
{
    snd_pcm_t *pcm = player->pcm;
    snd_pcm_access_t access = player->is_mmap ? SND_PCM_ACCESS_MMAP_INTERLEAVED
                                              : SND_PCM_ACCESS_RW_INTERLEAVED;
    int error = snd_pcm_hw_params_any(pcm, hw);
    if (error >= 0) {
        error = snd_pcm_hw_params_set_access(pcm, hw, access);
    }
    if (error >= 0) {
        error = snd_pcm_hw_params_set_format(pcm, hw, player->format);
    }
    if (error >= 0) {
        error = snd_pcm_hw_params_set_channels(pcm, hw, player->channels);
    }
    if (error >= 0) {
        error = snd_pcm_hw_params_set_rate(pcm, hw, player->rate_hz, 0);
    }
    if (error >= 0) {
        error = snd_pcm_hw_params_set_period_size(pcm, hw,
                                                  player->period_frames, 0);
    }
    if (error >= 0) {
        error = snd_pcm_hw_params_set_periods(pcm, hw, player->periods, 0);
    }
    return error >= 0 ? snd_pcm_hw_params(pcm, hw) : error;
}

static int set_software(struct player *player)
{
    snd_pcm_t *pcm = player->pcm;
    snd_pcm_sw_params_t *sw;
    snd_pcm_uframes_t boundary = 0;
    snd_pcm_sw_params_alloca(&sw);
    int error = snd_pcm_sw_params_current(pcm, sw);
    if (error >= 0) {
        error = snd_pcm_sw_params_get_boundary(sw, &boundary);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_set_start_threshold(pcm, sw, boundary);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_set_avail_min(pcm, sw, player->period_frames);
    }
    if (error >= 0 && player->is_endless) {
        error = snd_pcm_sw_params_set_stop_threshold(pcm, sw, boundary);
    }
    return error >= 0 ? snd_pcm_sw_params(pcm, sw) : error;
}

int player_configure(struct player *player)
{
    snd_pcm_hw_params_t *hw;
    snd_pcm_hw_params_alloca(&hw);
    player->frame_bytes =
        (size_t)snd_pcm_format_physical_width(player->format) / 8 *
        player->channels;
    int error = set_hardware(player, hw);
    return error >= 0 ? set_software(player) : error;
}

void player_must_open(struct player *player, const char *name,
                      snd_pcm_stream_t stream)
{
    int error = player_open(player, name, stream);
    ck_assert_msg(error == 0, "%s: %s", name, snd_strerror(error));
}

void player_close(struct player *player)
{
    if (player->pcm != NULL) {
        ck_assert_int_eq(snd_pcm_close(player->pcm), 0);
        player->pcm = NULL;
    }
}

snd_pcm_sframes_t player_transfer(struct player *player, void *data,
                                  snd_pcm_uframes_t frames)
{
    bool is_playback = snd_pcm_stream(player->pcm) == SND_PCM_STREAM_PLAYBACK;
    if (player->is_mmap) {
        return is_playback ? snd_pcm_mmap_writei(player->pcm, data, frames)
                           : snd_pcm_mmap_readi(player->pcm, data, frames);
    }
    return is_playback ? snd_pcm_writei(player->pcm, data, frames)
                       : snd_pcm_readi(player->pcm, data, frames);
}

int player_wait(struct player *player, int timeout_ms)
{
    if (!player->is_asking_once || player->wakes == 0) {
        ck_assert_int_eq(snd_pcm_poll_descriptors(player->pcm, &player->fd, 1),
                         1);
    }
    int count = poll(&player->fd, 1, timeout_ms);
    if (count <= 0) {
        return count < 0 ? -errno : 0;
    }
    int error = snd_pcm_poll_descriptors_revents(player->pcm, &player->fd, 1,
                                                 &player->events);
    player->wakes++;
    player->empty_wakes += player->events == 0;
    return error < 0 ? error : 1;
}

size_t player_run(struct player *player, void *data, size_t frames, int *error)
{
    unsigned char *at = data;
    size_t done = 0;
    *error = 0;
    while (done < frames) {
        snd_pcm_sframes_t count =
            player_transfer(player, at + done * player->frame_bytes,
                            (snd_pcm_uframes_t)(frames - done));
        if (count > 0) {
            done += (size_t)count;
        } else if (count < 0 && count != -EAGAIN) {
            *error = (int)count;
            return done;
        } else if (snd_pcm_state(player->pcm) == SND_PCM_STATE_PREPARED &&
                   snd_pcm_avail_update(player->pcm) == 0) {
            *error = snd_pcm_start(player->pcm);
        } else {
            *error = player_wait(player, WAIT_MS);
            ck_assert_msg(*error != 0, "no wake-up after %zu frames", done);
        }
        if (*error > 0) {
            bool is_lost = (player->events & (POLLHUP | POLLNVAL)) != 0;
            *error = is_lost ? -ENODEV : 0;
        }
        if (*error < 0) {
            return done;
        }
    }
    return done;
}

void player_must_run(struct player *player, void *data, size_t frames)
{
    int error;
    size_t done = player_run(player, data, frames, &error);
    ck_assert_msg(done == frames, "%s after %zu frames", snd_strerror(error),
                  done);
}

void player_drain(struct player *player)
{
    ck_assert_int_eq(snd_pcm_nonblock(player->pcm, 0), 0);
    ck_assert_int_eq(snd_pcm_drain(player->pcm), 0);
    ck_assert_int_eq(snd_pcm_nonblock(player->pcm, 1), 0);
}

unsigned char *player_noise(size_t bytes)
{
    unsigned char *noise = malloc(bytes);
    uint32_t state = 7;
    ck_assert_ptr_nonnull(noise);
    for (size_t k = 0; k < bytes; k++) {
        state = state * 1664525u + 1013904223u;
        noise[k] = (unsigned char)(state >> 24);
    }
    return noise;
}
