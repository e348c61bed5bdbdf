/* SPDX-License-Identifier: MIT */
#include "rebind.h"

#include "message/message.h"

#include <stdatomic.h>
#include <stdio.h>

enum { FUNCTION_BYTES = 160 };

struct follower {
    struct session *session;
    const struct version *version;
};

/* The MIDI thread looks nothing up meanwhile. */
static void follow_live(void *context)
{
    const struct follower *follower = context;
    live_follow(&follower->session->live, follower->version->patch);
}

/* Ports are made when MIDI is opened: once more, if others are bound now. */
static void serve_midi(struct session *session)
{
    struct midi_in *midi = &session->midi;
    struct failure failure = {.status = STATUS_OK};
    if (midi_in_serves(midi, session->engine.patch)) {
        return;
    }
    midi_in_close(midi);
    if (!midi_in_open(midi, &session->engine, session->options, &failure)) {
        message(PRIORITY_INFO, "midi    %s", failure.text);
    }
}

/* The name of a function that trapped lies in the version that it was of. */
static void keep_name(const _Atomic uint64_t *traps,
                      struct f4e_trap_report *report, char kept[FUNCTION_BYTES])
{
    if (atomic_load_explicit(traps, memory_order_acquire) > 0 &&
        report->function != NULL && report->function != kept) {
        (void)snprintf(kept, FUNCTION_BYTES, "%s", report->function);
        report->function = kept;
    }
}

void rebind_session(struct session *session, const struct version *version)
{
    static char names[3][FUNCTION_BYTES];
    struct engine *engine = &session->engine;
    struct follower follower = {session, version};
    keep_name(&engine->traps, &engine->trap, names[0]);
    keep_name(&engine->dropped_midi.count, &engine->dropped_midi.trap,
              names[1]);
    keep_name(&engine->dropped_calls.count, &engine->dropped_calls.trap,
              names[2]);
    control_follow(&session->control, version->patch);
    channel_follow(&session->channel, version->patch, version->defaults,
                   version->number);
    front_follow(&session->front, version->number);
    midi_in_follow(&session->midi, version->patch, version->number, follow_live,
                   &follower);
    state_keep_follow(&session->state);
    serve_midi(session);
}

/* The first version that sends opens what it is sent by, and one that sends to
 * more ports gets them. */
bool rebind_meet(struct session *session, const struct f4e_patch *patch)
{
    struct failure failure = {.status = STATUS_OK};
    const struct audio_backend *backend = session->backend;
    if (!session->midi_send.is_tried && patch->midi_out_ports > 0 &&
        !midi_send_open(&session->midi_send, &session->engine, patch,
                        session->options, &failure)) {
        message(PRIORITY_INFO, "midi    %s", failure.text);
    }
    return backend->meet == NULL || backend->meet(&session->audio, patch);
}

bool rebind_is_idle(const struct session *session)
{
    return channel_is_idle(&session->channel) && live_is_idle(&session->live);
}
