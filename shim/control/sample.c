/* SPDX-License-Identifier: MIT */
#include "control/sample.h"

#include "common/element.h"
#include "wav/sound_kind.h"
#include "wav/wav_read.h"

#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One file on its way into one place. */
struct sample {
    const struct f4e_patch *patch;
    const struct place *place;
    char name[128]; /* of the place */
    const char *path;
    uint64_t block;
    struct event_list *list;
    FILE *messages;
    struct failure *failure;
};

static uint32_t room(const struct sample *sample)
{
    return sample->place->is_one && sample->place->item != NULL &&
                   !sample->place->item->is_array
               ? 1
               : sample->place->count;
}

/* The event that will write 'size' bytes of its payload, or NULL. */
static uint8_t *add_event(const struct sample *sample, size_t size)
{
    struct change *event = event_list_add(sample->list, sample->block,
                                          CHANGE_WRITE, size, sample->failure);
    if (event == NULL) {
        return NULL;
    }
    event->write.memory = sample->place->memory;
    event->write.address = sample->place->address;
    event->write.size = (uint32_t)size;
    return sample->list->payloads[sample->list->count - 1];
}

/* Numbers are what neither is sound nor is named so: a recording of which
 * nothing or something else was left is no numbers. */
static enum sound_kind look(const struct sample *sample, FILE *file)
{
    uint8_t head[SOUND_KIND_BYTES];
    const char *name;
    enum sound_kind kind =
        sound_kind_of(head, fread(head, 1, sizeof(head), file), &name);
    if (kind == SOUND_BARE && sound_has_name(sample->path)) {
        kind = SOUND_OTHER;
        (void)failure_set(sample->failure, STATUS_FILE,
                          "'%s' is named as a file of sound and begins as none "
                          "that is known here",
                          sample->path);
        (void)failure_hint(sample->failure,
                           "if it holds bare numbers: mv '%s' numbers.raw",
                           sample->path);
    } else if (kind >= SOUND_OTHER) {
        (void)failure_set(sample->failure, STATUS_FILE,
                          "'%s' is %s, which is not read here", sample->path,
                          name);
        (void)failure_hint(sample->failure, "%s '%s' converted.wav",
                           sound_converter(kind), sample->path);
    }
    if (kind < SOUND_OTHER && fseeko(file, 0, SEEK_SET) != 0) {
        kind = SOUND_OTHER;
        (void)failure_set_errno(sample->failure, STATUS_FILE,
                                "cannot read '%s'", sample->path);
    }
    return kind;
}

static bool load_bytes(const struct sample *sample, FILE *file, uint64_t bytes)
{
    uint64_t most =
        (uint64_t)room(sample) * element_bytes(sample->place->element);
    if (bytes > most) {
        return failure_set(sample->failure, STATUS_USAGE,
                           "'%s' has %" PRIu64 " bytes, %s holds %" PRIu64,
                           sample->path, bytes, sample->name, most);
    }
    uint8_t *payload = add_event(sample, (size_t)bytes);
    if (payload == NULL) {
        return false;
    }
    if (fread(payload, 1, (size_t)bytes, file) != bytes) {
        return failure_set(sample->failure, STATUS_FILE,
                           "cannot read '%s': it became shorter", sample->path);
    }
    if (sample->messages != NULL) {
        (void)fprintf(sample->messages,
                      "'%s': %" PRIu64
                      " bytes as they are into %s, which holds "
                      "%" PRIu64,
                      sample->path, bytes, sample->name, most);
    }
    return true;
}

/* Scaled as wav_read.c did it, so that samples of equal width come back. */
static void convert(enum f4e_element element, float x, uint8_t *bytes)
{
    double number = (double)x;
    if (!element_is_float(element)) {
        double least = element_least(element);
        double most = element_most(element);
        /* Of unsigned types the middle is silence. */
        double middle = least < 0.0 ? 0.0 : (most + 1.0) / 2.0;
        double scale = most - middle;
        number = isnan(number) ? 0.0 : number;
        number = rint(number * scale) + middle;
        number = number < least ? least : number > most ? most : number;
    }
    element_encode(element, number, bytes);
}

static bool read_wav(const struct sample *sample, struct wav_reader *wav,
                     float *samples, float **planar, uint32_t most)
{
    enum f4e_element element = sample->place->element;
    unsigned size = element_bytes(element);
    planar[0] = samples;
    size_t count = wav_reader_read(wav, planar, (size_t)most + 1);
    if (count > most) {
        return failure_set(sample->failure, STATUS_USAGE,
                           "'%s' has more than %" PRIu32
                           " samples, which %s holds",
                           sample->path, most, sample->name);
    }
    uint8_t *payload = add_event(sample, count * size);
    for (size_t i = 0; payload != NULL && i < count; i++) {
        convert(element, samples[i], payload + i * size);
    }
    if (payload != NULL && sample->messages != NULL) {
        (void)fprintf(sample->messages,
                      "'%s': %zu samples of %" PRIu32
                      " Hz, channel 1 of %u, as "
                      "%s into %s, which holds %" PRIu32,
                      sample->path, count, wav->sample_rate, wav->channels,
                      element_type(element), sample->name, most);
        if (wav->sample_rate != sample->patch->sample_rate) {
            (void)fprintf(sample->messages, "; the patch plays %" PRIu32 " Hz",
                          sample->patch->sample_rate);
        }
        if (wav->notice[0] != '\0') {
            (void)fprintf(sample->messages, "; %s", wav->notice);
        }
    }
    return payload != NULL;
}

static bool load_wav(const struct sample *sample)
{
    struct wav_reader wav;
    uint32_t most = room(sample);
    if (!wav_reader_open(&wav, sample->path, sample->failure)) {
        return false;
    }
    uint64_t frames = wav.bytes_left / wav_reader_frame_bytes(&wav);
    float *samples = calloc((size_t)most + 1, sizeof(*samples));
    float **planar = (float **)calloc(wav.channels, sizeof(*planar));
    bool is_good = false;
    if (samples == NULL || planar == NULL) {
        (void)failure_set_memory(sample->failure);
    } else if (frames > most) {
        (void)failure_set(sample->failure, STATUS_USAGE,
                          "'%s' has %" PRIu64 " samples, %s holds %" PRIu32,
                          sample->path, frames, sample->name, most);
    } else {
        is_good = read_wav(sample, &wav, samples, planar, most);
    }
    free(samples);
    free((void *)planar);
    wav_reader_close(&wav);
    return is_good;
}

bool sample_load(const struct f4e_patch *patch, const struct place *place,
                 const char *path, uint64_t block, struct event_list *list,
                 FILE *messages, struct failure *failure)
{
    struct sample sample = {patch, place, "",       path,
                            block, list,  messages, failure};
    struct stat status;
    names_format(patch, place, sample.name, sizeof(sample.name));
    /* A pipe without a writer must not stop the control thread. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return failure_set_errno(failure, STATUS_FILE, "cannot read '%s'",
                                 path);
    }
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        (void)close(fd);
        return failure_set(failure, STATUS_FILE, "'%s' is not a plain file",
                           path);
    }
    FILE *file = fdopen(fd, "rb");
    if (file == NULL) {
        (void)close(fd);
        return failure_set_memory(failure);
    }
    enum sound_kind kind = look(&sample, file);
    bool is_good = kind == SOUND_WAV ? load_wav(&sample)
                   : kind == SOUND_BARE
                       ? load_bytes(&sample, file, (uint64_t)status.st_size)
                       : false;
    (void)fclose(file);
    return is_good;
}
