/* SPDX-License-Identifier: MIT */
#include "midi/smf_load.h"

#include "files/infile.h"
#include "message/message.h"
#include "midi/midi_held.h"

#include <stdlib.h>
#include <string.h>

static bool read_file(const char *path, uint8_t **bytes, size_t *size,
                      struct failure *failure)
{
    FILE *file = infile_open(path, failure);
    *bytes = file != NULL ? malloc(SMF_BYTES_MAX + 1) : NULL;
    if (*bytes == NULL) {
        if (file != NULL) {
            (void)failure_set_memory(failure);
            (void)fclose(file);
        }
        return false;
    }
    *size = fread(*bytes, 1, SMF_BYTES_MAX + 1, file);
    bool is_good = !ferror(file) ||
                   failure_set_errno(failure, STATUS_FILE, "cannot read '%s'",
                                     infile_name(path));
    if (is_good && *size > SMF_BYTES_MAX) {
        is_good =
            failure_set(failure, STATUS_FILE, "'%s' has more than %d bytes",
                        infile_name(path), SMF_BYTES_MAX);
    }
    (void)fclose(file);
    if (!is_good) {
        free(*bytes);
        *bytes = NULL;
    }
    return is_good;
}

/* Port 0 of a file, which is all that most have, is the patch's first. */
static void choose_ports(struct smf *smf, const struct f4e_patch *patch,
                         const struct midi_choice *choice)
{
    for (size_t i = 0; i < smf->count; i++) {
        struct sequence_event *event = &smf->events[i];
        if (choice->has_port) {
            event->port = (uint8_t)choice->port;
        } else if (event->port == 0 && patch->midi_count > 0) {
            event->port = (uint8_t)patch->midi[0].port;
        }
    }
}

/* What sounds at the end would sound for ever, and louder with each pass. */
static bool end_notes(struct smf *smf, struct failure *failure)
{
    static const struct midi_source file = {-1, -1};
    struct midi_message message;
    unsigned port;
    size_t room = smf->count + 1;
    struct midi_held *held = calloc(1, sizeof(*held));
    bool is_good = held != NULL;
    for (size_t i = 0; is_good && i < smf->count; i++) {
        memcpy(message.bytes, smf->events[i].bytes, sizeof(message.bytes));
        midi_held_message(held, file, smf->events[i].port, &message);
    }
    while (is_good && midi_held_release(held, file, &port, &message)) {
        struct sequence_event *events =
            realloc(smf->events, (room + 1) * sizeof(*events));
        is_good = events != NULL;
        if (is_good) {
            smf->events = events;
            room++;
            events[smf->count] = (struct sequence_event){
                .frame = smf->end_frame, .port = (uint8_t)port};
            memcpy(events[smf->count++].bytes, message.bytes,
                   sizeof(message.bytes));
        }
    }
    free(held);
    return is_good || failure_set_memory(failure);
}

bool smf_load(struct smf *smf, struct sequence *sequence,
              const struct f4e_patch *patch, const struct options *options,
              struct failure *failure)
{
    const char *path = options->midi_file.text;
    struct failure inner = {0};
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (path == NULL) {
        return true;
    }
    if (!read_file(path, &bytes, &size, failure)) {
        return false;
    }
    bool is_good = smf_read(smf, bytes, size, patch, &inner);
    free(bytes);
    if (!is_good) {
        (void)failure_set(failure, inner.status, "'%s': %s", infile_name(path),
                          inner.text);
        return inner.hint[0] != '\0' ? failure_hint(failure, "%s", inner.hint)
                                     : false;
    }
    choose_ports(smf, patch, &options->midi_file);
    if (options->is_midi_loop && smf->end_frame < patch->block_frames) {
        smf_free(smf);
        return failure_set(failure, STATUS_USAGE,
                           "--midi-loop: '%s' is shorter than a block", path);
    }
    if (options->is_midi_loop && !end_notes(smf, failure)) {
        smf_free(smf);
        return false;
    }
    *sequence = (struct sequence){
        .events = smf->events,
        .count = smf->count,
        .loop_frames = options->is_midi_loop ? smf->end_frame : 0};
    return true;
}

void smf_describe(const struct smf *smf, const struct f4e_patch *patch,
                  const struct options *options)
{
    if (options->midi_file.text == NULL) {
        return;
    }
    double rate =
        patch->tick_ms > 0 ? 1000.0 / patch->tick_ms : patch->sample_rate;
    message(PRIORITY_INFO, "midi    '%s', %zu messages, %.3f s%s",
            infile_name(options->midi_file.text), smf->count,
            (double)smf->end_frame / rate,
            options->is_midi_loop ? ", again and again" : "");
}
