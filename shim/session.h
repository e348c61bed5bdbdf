/* SPDX-License-Identifier: MIT */
/*
 * One performance of a patch: the control thread from the options to the end of
 * the audio. Control thread.
 */
#ifndef F4E_SESSION_H
#define F4E_SESSION_H

#include "audio/audio.h"
#include "audio/record.h"
#include "channel/channel.h"
#include "common/failure.h"
#include "control/control.h"
#include "f4e_patch.h"
#include "front/front.h"
#include "keyboard/key_input.h"
#include "live.h"
#include "midi/midi_in.h"
#include "midi/midi_send.h"
#include "midi/smf_load.h"
#include "options/settings.h"
#include "report/report.h"
#include "rt/engine.h"
#include "state/state_keep.h"
#include "system/block_watch.h"
#include "system/notify.h"
#include "system/rtsetup.h"

#include <stdatomic.h>
#include <stdbool.h>

struct session;

/* Who exchanges the code of the patch while it plays (player.c); a finished
 * patch has none. */
struct session_host {
    void *context;
    const struct front_versions *front_versions;
    /* Before anything is read or opened, with engine and audio initialised. */
    bool (*prepare)(void *context, struct session *session,
                    struct failure *failure);
    /* The audio thread is about to start. */
    void (*start)(void *context);
    /* What to poll() for input, and for how long at most. */
    int (*fd)(const void *context);
    int (*wait_ms)(const void *context, int most_ms);
    /* Do what is due. True: end. */
    bool (*pump)(void *context);
};

struct session {
    const char *program;
    const struct session_host *host; /* or NULL */
    const struct options *options;
    struct engine engine;
    struct stats stats;
    struct rtsetup rtsetup;
    struct live live;
    struct control control;
    struct channel channel;
    struct front front;
    struct levels levels;
    struct record record;
    struct state_keep state;
    struct key_input keys;
    struct midi_in midi;
    struct midi_send midi_send;
    struct smf song; /* of --midi */
    bool has_run;    /* the backend, or what it was started for */
    struct audio audio;
    const struct audio_backend *backend;
    struct report report;
    struct notify notify;
    struct block_watch watch; /* once it is to end */
    struct failure *failure;
    struct failure audio_failure; /* the audio thread's */
    atomic_bool is_ready;         /* the audio thread has made itself at home */
    atomic_bool is_done;
};

/*
 * Load the patch and do what the options say: print names, call entries, play.
 * 'wake_fd' of signals and threads is the session's own.
 */
void session_run(const struct f4e_patch *patch, const char *program,
                 const struct options *options, const struct session_host *host,
                 struct failure *failure);

/* Something has happened for the control thread to look at. Any thread. */
void session_wake(void);

/* Whether the audio thread gets priority and locked memory: ticks of
 * milliseconds need neither. */
static inline bool session_is_real_time(const struct session *session)
{
    return session->options->render == NULL &&
           (session->audio.patch->tick_ms == 0 ||
            session->options->rt_prio > 0);
}

#endif
