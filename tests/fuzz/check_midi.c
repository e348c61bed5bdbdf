/* SPDX-License-Identifier: MIT */
#include "check_midi.h"

#include "rt/midi_queue.h"
#include "smf/smf_read.h"

static const struct f4e_patch patch = {
    .name = "any", .sample_rate = 44100, .block_frames = 128};

static bool is_message(const struct sequence_event *event)
{
    unsigned count = midi_queue_bytes(event->bytes[0]);
    for (unsigned i = 1; i < 3; i++) {
        if (event->bytes[i] > 127 || (i >= count && event->bytes[i] != 0)) {
            return false;
        }
    }
    return count > 0;
}

static const char *look(const struct smf *smf, size_t size)
{
    uint64_t frame = 0;
    if (smf->count > size / 2) {
        return "more messages than bytes";
    }
    for (size_t i = 0; i < smf->count; i++) {
        if (!is_message(&smf->events[i])) {
            return "no message";
        }
        if (smf->events[i].frame < frame) {
            return "frames go back";
        }
        frame = smf->events[i].frame;
    }
    return frame > smf->end_frame ? "a message after the end" : NULL;
}

/* Two passes, the second from 'end' on. */
static const char *play(const struct smf *smf)
{
    struct sequence sequence = {.events = smf->events,
                                .count = smf->count,
                                .loop_frames = smf->end_frame};
    for (size_t i = 0; i < 2 * smf->count; i++) {
        const struct sequence_event *event =
            sequence_next(&sequence, UINT64_MAX);
        if (event != &smf->events[i % smf->count]) {
            return "a loop leaves something out";
        }
    }
    sequence = (struct sequence){.events = smf->events, .count = smf->count};
    for (size_t i = 0; i < smf->count; i++) {
        if (sequence_next(&sequence, smf->events[i].frame) != NULL) {
            return "a message comes too early";
        }
        if (sequence_next(&sequence, smf->events[i].frame + 1) == NULL) {
            return "a message comes too late";
        }
    }
    return sequence_next(&sequence, UINT64_MAX) != NULL ? "one too many" : NULL;
}

enum mutate_result check_midi(const uint8_t *bytes, size_t size,
                              struct arena *arena, const char **why)
{
    struct smf smf = {0};
    struct failure failure = {0};
    (void)arena;
    if (!smf_read(&smf, bytes, size, &patch, &failure)) {
        *why = failure.text[0] == '\0'         ? "it is refused for no reason"
               : failure.status != STATUS_FILE ? "it is no fault of the file"
               : smf.events != NULL            ? "something is left over"
                                               : NULL;
        return *why != NULL ? MUTATE_BROKEN : MUTATE_REJECTED;
    }
    *why = look(&smf, size);
    if (*why == NULL && smf.end_frame > 0) {
        *why = play(&smf);
    }
    smf_free(&smf);
    return *why != NULL ? MUTATE_BROKEN : MUTATE_ACCEPTED;
}
