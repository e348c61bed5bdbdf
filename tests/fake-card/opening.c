/* SPDX-License-Identifier: MIT */
/*
 * A stream's beginning and end: settings, files, its place on the card.
 */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

void stream_close(struct stream *stream)
{
    if (stream->clock != NULL) {
        clock_lock();
        clock_close(stream->clock, stream);
        clock_unlock();
    }
    if (stream->timer_fd >= 0) {
        (void)close(stream->timer_fd);
    }
    if (stream->out_fd >= 0) {
        (void)close(stream->out_fd);
    }
    journal_close(&stream->journal);
    source_close(&stream->source);
    script_deinit(&stream->script);
    settings_deinit(&stream->settings);
    free(stream->ring);
    free(stream);
}

static struct stream *create(snd_config_t *conf, snd_pcm_stream_t direction,
                             int *error)
{
    struct stream *stream = calloc(1, sizeof(*stream));
    if (stream == NULL) {
        *error = -ENOMEM;
        return NULL;
    }
    stream->timer_fd = stream->out_fd = -1;
    stream->journal.fd = stream->source.fd = -1;
    stream->armed_ns = CLOCK_NEVER;
    stream->io.stream = direction;
    *error = settings_init(&stream->settings, conf);
    if (*error >= 0) {
        const struct settings *settings = &stream->settings;
        const char *text =
            settings
                ->text[direction == SND_PCM_STREAM_PLAYBACK ? KEY_SCRIPT
                                                            : KEY_IN_SCRIPT];
        char bad[64] = "";
        stream->random = settings->seed;
        *error = script_init(&stream->script, text, settings->seed, bad,
                             sizeof(bad));
        if (*error == -EINVAL) {
            SNDERR("fake card: the script has no '%s'", bad);
        }
    }
    if (*error < 0) {
        stream_close(stream);
        return NULL;
    }
    return stream;
}

/* The files: what was, what will be heard, and the log. */
static int open_files(struct stream *stream)
{
    char *const *text = stream->settings.text;
    bool is_playback = stream_is_playback(stream);
    const char *name = is_playback ? "playback" : "capture";
    int error = journal_open(&stream->journal, text[KEY_LOG], name);
    if (error < 0 || !history_load(&stream->history, text[KEY_STATE], name)) {
        return error < 0 ? error : -EIO;
    }
    bool is_first = stream->history.frames == 0;
    stream->total = stream->history.frames;
    stream->base = stream->total;
    if (!is_first) {
        script_skip(&stream->script, stream->total);
    }
    error = fault_open(stream);
    if (!history_save(&stream->history)) {
        return -EIO;
    }
    journal_write(&stream->journal, stream->total, "open error=%d", error);
    if (error == 0 && !is_playback) {
        return source_open(&stream->source, text[KEY_INPUT]);
    }
    if (error == 0 && text[KEY_FILE][0] != '\0') {
        stream->out_fd = open(text[KEY_FILE],
                              O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC |
                                  (is_first ? O_TRUNC : 0),
                              0666);
        error = stream->out_fd < 0 ? -errno : 0;
    }
    return error;
}

static int attach(struct stream *stream)
{
    clock_lock();
    int error = clock_open(&stream->clock, stream->settings.text[KEY_CARD],
                           stream->settings.speed, stream);
    if (error < 0) {
        stream->clock = NULL;
    }
    clock_unlock();
    stream->timer_fd =
        timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (error == 0 && stream->timer_fd < 0) {
        error = -errno;
    }
    return error;
}

int stream_open(struct stream **stream, snd_config_t *conf,
                snd_pcm_stream_t direction)
{
    int error;
    *stream = create(conf, direction, &error);
    if (*stream == NULL) {
        return error;
    }
    error = open_files(*stream);
    if (error == 0) {
        error = attach(*stream);
    }
    if (error < 0) {
        stream_close(*stream);
        *stream = NULL;
    }
    return error;
}
