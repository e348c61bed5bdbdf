/* SPDX-License-Identifier: MIT */
#include "audio/record.h"

#include "common/thread.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    RING_SECONDS = 4, /* how long a disk may take; rounded up */
    PIECE_FRAMES = 4096,
    PAUSE_NS = 20000000,
    HEADER_BYTES = 58,
};

/* False when nothing more can be written. */
static bool write_piece(struct record *record)
{
    struct wav_writer *writer = &record->writer;
    size_t frames = ring_read(&record->ring, record->planar, PIECE_FRAMES);
    if (frames > 0 && !writer->is_bare &&
        frames > record->frames_max - writer->frames) {
        frames = (size_t)(record->frames_max - writer->frames);
        (void)failure_set(&record->failure, STATUS_FILE,
                          "'%s' is full: a WAV file holds %llu frames",
                          writer->out.path,
                          (unsigned long long)record->frames_max);
    }
    return frames == 0 ||
           (wav_writer_write(writer, (const float *const *)record->planar,
                             frames, &record->failure) &&
            record->failure.status == STATUS_OK);
}

static void *write_all(void *arg)
{
    const struct timespec pause = {0, PAUSE_NS};
    struct record *record = arg;
    bool is_good = true;
    while (is_good) {
        /* Asked before the ring is looked at: what came until then is there. */
        bool is_ending = atomic_load(&record->is_ending);
        bool is_empty = ring_is_empty(&record->ring);
        if (!is_empty) {
            is_good = write_piece(record);
        } else if (is_ending) {
            break;
        } else {
            (void)nanosleep(&pause, NULL);
        }
    }
    atomic_store(&record->has_failed, !is_good);
    return NULL;
}

static bool allocate(struct record *record, unsigned channels, size_t frames)
{
    record->ring.channels = channels;
    record->ring.frames = frames;
    record->ring.samples = calloc(frames * channels, sizeof(float));
    record->planar = (float **)calloc(channels, sizeof(float *));
    float *pieces = calloc((size_t)PIECE_FRAMES * channels, sizeof(float));
    if (record->planar == NULL || pieces == NULL ||
        record->ring.samples == NULL) {
        free(pieces);
        return false;
    }
    for (unsigned k = 0; k < channels; k++) {
        record->planar[k] = pieces + (size_t)k * PIECE_FRAMES;
    }
    return true;
}

static void release(struct record *record)
{
    free(record->ring.samples);
    if (record->planar != NULL) {
        free(record->planar[0]);
    }
    free((void *)record->planar);
    record->ring.samples = NULL;
    record->planar = NULL; /* the counts stay */
}

/* What a device takes may be more than a file can hold. */
static enum sample_format file_format(const struct options *options)
{
    return options->format == FORMAT_S16 ? FORMAT_S16
           : options->format == FORMAT_S24 || options->format == FORMAT_S24_3
               ? FORMAT_S24_3
               : FORMAT_F32;
}

bool record_open(struct record *record, const struct f4e_patch *patch,
                 const struct options *options, struct failure *failure)
{
    enum sample_format format = file_format(options);
    size_t ring_frames = 1;
    if (patch->output_count == 0) {
        return failure_set(failure, STATUS_USAGE,
                           "the patch has no output channels to record");
    }
    if (strcmp(options->record, "-") == 0 && isatty(STDOUT_FILENO)) {
        return failure_set(failure, STATUS_USAGE,
                           "standard output is a terminal");
    }
    while (ring_frames < (size_t)patch->sample_rate * RING_SECONDS ||
           ring_frames < 2 * (size_t)patch->block_frames) {
        ring_frames *= 2;
    }
    *record = (struct record){
        .is_doubled = patch->output_count == 1 && patch->is_mono_duplicated,
    };
    unsigned channels = record->is_doubled ? 2 : patch->output_count;
    record->frames_max =
        (UINT32_MAX - HEADER_BYTES) / (format_bytes(format) * channels);
    /* A file that cannot seek keeps this number for the length. */
    uint64_t promised = options->frame_limit < record->frames_max
                            ? options->frame_limit
                            : record->frames_max;
    bool is_good =
        allocate(record, channels, ring_frames) || failure_set_memory(failure);
    is_good = is_good && wav_writer_open(&record->writer, options->record,
                                         format, channels, patch->sample_rate,
                                         promised, PIECE_FRAMES, failure);
    if (is_good) {
        outfile_spare(&record->writer.out); /* hours of it, perhaps */
    }
    if (is_good &&
        !thread_start(&record->thread, NULL, write_all, record, failure)) {
        wav_writer_discard(&record->writer);
        is_good = false;
    }
    if (!is_good) {
        release(record);
    }
    return is_good;
}

bool record_close(struct record *record, struct failure *failure)
{
    atomic_store(&record->is_ending, true);
    (void)pthread_join(record->thread, NULL);
    /* What is there is good, also when the disk is full. */
    struct failure closing = {.status = STATUS_OK};
    if (record->failure.status != STATUS_OK) {
        (void)!wav_writer_cut(&record->writer, &closing);
    }
    (void)!wav_writer_close(&record->writer, &closing);
    const struct failure *first =
        record->failure.status != STATUS_OK ? &record->failure : &closing;
    bool is_good = first->status == STATUS_OK;
    if (failure->status == STATUS_OK) {
        *failure = *first;
    }
    release(record);
    return is_good;
}
