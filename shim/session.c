/* SPDX-License-Identifier: MIT */
/*
 * It loads the patch, starts the audio thread, waits for its end or a signal,
 * and is the only one to print.
 */
#include "session.h"

#include "audio/start.h"
#include "backends.h"
#include "common/wakeup.h"
#include "files/patience.h"
#include "keyboard/key_tty.h"
#include "load/entries.h"
#include "load/load.h"
#include "message/message.h"
#include "optional.h"
#include "options/options.h"
#include "report/info.h"
#include "rt/denormals.h"
#include "signals.h"
#include "supervise.h"
#include "system/pipewire.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

F4E_OPTIONAL(key_input_open);
F4E_OPTIONAL(key_input_close);
F4E_OPTIONAL(key_tty_leave);
F4E_OPTIONAL(midi_queue_connect);
F4E_OPTIONAL(midi_send_open);
F4E_OPTIONAL(midi_send_pump);
F4E_OPTIONAL(midi_send_close);
F4E_OPTIONAL(smf_load);
F4E_OPTIONAL(smf_describe);

static int wake_fd =
    -1; /* an eventfd: the control thread has something to do */

void session_wake(void)
{
    wakeup_send(wake_fd);
}

static void tell_ready(struct session *session)
{
    atomic_store(&session->is_ready, true);
    wakeup_send(wake_fd);
}

/* A thread that a backend brings with it. */
static void enter_thread(void *context)
{
    struct session *session = context;
    rtsetup_adopt(&session->rtsetup);
    tell_ready(session);
}

static void *run_audio(void *arg)
{
    struct session *session = arg;
    if (!session->backend->has_thread) {
        denormals_flush(session->options->is_flushing);
        rtsetup_enter(&session->rtsetup);
        tell_ready(session);
    }
    (void)session->backend->run(&session->audio, &session->audio_failure);
    atomic_store(&session->is_done, true);
    wakeup_send(wake_fd);
    return NULL;
}

static void close_midi_send(struct session *session)
{
    if (session->midi_send.is_open) {
        (void)midi_send_close(&session->midi_send, session->failure);
    }
}

/* Everything the audio thread needs is there: run it to its end. */
static void run_backend(struct session *session)
{
    struct audio *audio = &session->audio;
    struct failure *failure = session->failure;
    pthread_t thread;
    if (!session->options->is_quiet) {
        session->backend->describe(audio);
        if (session->options->midi_file.text != NULL) {
            smf_describe(&session->song, audio->patch, session->options);
        }
        start_describe(session->options);
        if (session->options->render == NULL) {
            info_tell_bindings(audio->patch,
                               !session->options->is_midi_off ||
                                   session->options->midi_raw.text != NULL,
                               session->options->keyboard != NULL);
        }
    }
    if (session_is_real_time(session)) {
        rtsetup_lock(&session->rtsetup, audio->patch);
    }
    if (session->host != NULL) {
        session->host->start(session->host->context);
    }
    report_start(&session->report);
    control_start(&session->control);
    if (load_start_thread(&thread, audio->patch, run_audio, session, failure)) {
        supervise(session, wake_fd);
        (void)pthread_join(thread, NULL);
        session->has_run = true;
        if (failure->status == STATUS_OK) {
            *failure = session->audio_failure;
        }
    }
}

/*
 * What a service cannot have it plays without: a pipe, a keyboard, a script or
 * a folder that is missing would keep it silent at every start, with nobody
 * there. So would a preset that was renamed while it played.
 */
static bool is_dispensable(void *context, const char *option)
{
    const struct session *session = context;
    struct failure *failure = session->failure;
    bool is_missing =
        failure->status == STATUS_FILE || failure->status == STATUS_OPEN ||
        failure->status == STATUS_MIDI ||
        (failure->status == STATUS_USAGE && strcmp(option, "--preset") == 0);
    if (!is_missing || !session->notify.is_service) {
        return false;
    }
    message(PRIORITY_WARNING, "%s: %s; playing without it", option,
            failure->text);
    *failure = (struct failure){.status = STATUS_OK};
    return true;
}

/* From a loaded patch to the end of its audio. */
static void play(struct session *session)
{
    struct audio *audio = &session->audio;
    struct failure *failure = session->failure;
    if (!session->backend->open(audio, failure)) {
        return;
    }
    if (session->options->record != NULL) {
        bool is_open = record_open(&session->record, audio->patch,
                                   session->options, failure);
        if (!is_open && !is_dispensable(session, "--record")) {
            (void)session->backend->close(audio, false, failure);
            return;
        }
        audio->record = is_open ? &session->record : NULL;
        session->report.record = audio->record;
    }
    run_backend(session);
    /* A trap ends the file early; the blocks before it are good. */
    bool is_complete = failure->status == STATUS_OK;
    is_complete =
        session->backend->close(audio, is_complete, failure) && is_complete;
    if (audio->record != NULL) {
        (void)!record_close(&session->record, failure);
    }
    /* Before it is counted: the last messages leave. */
    close_midi_send(session);
    report_end(&session->report, is_complete);
    if (session->engine.state == ENGINE_STOPPED) {
        char text[320];
        report_describe_trap(&session->engine, text, sizeof(text));
        (void)failure_set(failure, STATUS_TRAP, "%s", text);
    }
    (void)!report_write_json(&session->report, failure);
}

/* "save" of the channel. */
static bool save_state(void *context, const char *path, struct failure *failure)
{
    return state_keep_to(context, path, failure);
}

/* --control, all of them. */
static bool listen_to(struct session *session)
{
    const struct options *options = session->options;
    struct channel *channel = &session->channel;
    bool is_good = true;
    channel->reader = session->control.reader;
    channel->engine = &session->engine;
    channel->report = &session->report;
    channel->levels = &session->levels;
    channel->has_replies = options->has_replies;
    channel->answers = stdout;
    channel->save = save_state;
    channel->context = &session->state;
    if (!channel_init(channel, session->failure)) {
        return false;
    }
    channel_add_words(channel, &session->live.table);
    if (options->control_count > 0 || options->has_http || options->has_osc ||
        options->has_programs) {
        engine_attach(&session->engine, &channel->sender.inbox);
    }
    for (unsigned i = 0; is_good && i < options->control_count; i++) {
        is_good =
            channel_listen(channel, options->controls[i], session->failure) ||
            is_dispensable(session, "--control");
    }
    for (unsigned i = 0; !options->is_quiet && i < channel->listener_count;
         i++) {
        message(PRIORITY_INFO, "control %s", channel->listeners[i].path);
    }
    return is_good;
}

/* A render, between two blocks. */
static void before_block(void *context, uint64_t block)
{
    struct session *session = context;
    control_before_block(&session->control, block);
    if (session->midi_send.is_open) {
        midi_send_pump(&session->midi_send);
    }
}

static void tell_of_wait(const char *deed, const char *path)
{
    message(PRIORITY_NOTICE, "waiting for somebody to %s '%s'", deed, path);
}

static bool prepare(struct session *session, const struct f4e_patch *patch)
{
    const struct options *options = session->options;
    struct failure *failure = session->failure;
    wake_fd = wakeup_open(failure);
    session->audio.stop_fd = wakeup_open(failure);
    if (wake_fd < 0 || session->audio.stop_fd < 0) {
        return false;
    }
    signals_install(wake_fd);
    notify_open(&session->notify);
    patience_begin(tell_of_wait, session->notify.is_service);
    engine_init(&session->engine, patch, options->on_trap,
                load_stack_bytes(patch));
    if (patch->midi_out_ports > 0 || options->has_versions) {
        session->engine.midi_out = &session->midi_send.queue;
        midi_queue_connect(session->engine.midi_out);
    }
    if (options->midi_file.text != NULL &&
        !smf_load(&session->song, &session->engine.sequence, patch, options,
                  failure) &&
        !is_dispensable(session, "--midi")) {
        return false;
    }
    session->audio.patch = patch;
    session->audio.options = options;
    session->audio.engine = &session->engine;
    session->audio.stats = &session->stats;
    if (session->host != NULL &&
        !session->host->prepare(session->host->context, session, failure)) {
        return false;
    }
    if (!live_open(&session->live, patch, options, wake_fd,
                   &session->channel.sender, failure) &&
        !is_dispensable(session, "--presets, --cc-map")) {
        return false;
    }
    session->control.words = session->live.words;
    session->control.word_count = LIVE_WORDS;
    session->control.can_miss = is_dispensable;
    session->control.context = session;
    session->midi.tap = live_tap(&session->live);
    if (!control_open(&session->control, &session->engine, options, failure) ||
        !listen_to(session)) {
        return false;
    }
    session->audio.before_block = before_block;
    session->audio.context = session;
    session->audio.enter = enter_thread;
    session->audio.enter_context = session;
    session->audio.stack_bytes = load_thread_bytes(patch);
    session->audio.midi = &session->midi;
    session->audio.midi_send = &session->midi_send;
    session->backend = backend_choose(options, patch);
    session->state =
        (struct state_keep){.options = options,
                            .engine = &session->engine,
                            .is_service = session->notify.is_service};
    session->levels = (struct levels){.stats = &session->stats,
                                      .channels = patch->output_count};
    session->report = (struct report){
        .backend = session->backend->name,
        .options = options,
        .engine = &session->engine,
        .stats = &session->stats,
        .rtsetup = &session->rtsetup,
        .midi = &session->midi,
        .midi_send = &session->midi_send,
        .levels = &session->levels,
        .front_restarts = &session->front.restarts,
        .osc = &session->front.osc,
    };
    return true;
}

/* From nothing to what the first block finds. */
static bool start(struct session *session)
{
    struct engine *engine = &session->engine;
    struct failure *failure = session->failure;
    if ((!report_probe_json(&session->report, failure) &&
         !is_dispensable(session, "--stats-json")) ||
        (!load_probe_dump(session->options, failure) &&
         !is_dispensable(session, "--dump-memory")) ||
        !load_patch(engine, session->options, failure) ||
        !control_remember(&session->control, engine, failure) ||
        !state_keep_begin(&session->state, failure)) {
        return false;
    }
    session->channel.defaults = session->control.defaults;
    control_set(&session->control, engine);
    return entries_run(engine, session->options, failure);
}

/* Play, with everybody who plays on it. */
static void perform(struct session *session)
{
    struct engine *engine = &session->engine;
    const struct options *options = session->options;
    struct failure *failure = session->failure;
    session->front = (struct front){.program = session->program,
                                    .options = options,
                                    .channel = &session->channel,
                                    .can_miss = is_dispensable,
                                    .context = session};
    /* From here on others take part, who want to be left in order. */
    signals_ask();
    if (session->host != NULL) {
        session->front.versions = session->host->front_versions;
    }
    if (!front_open(&session->front, failure)) {
        return;
    }
    if (options->keyboard != NULL) {
        signals_at_once(key_tty_leave);
    }
    if ((options->keyboard == NULL ||
         key_input_open(&session->keys, engine, options, failure) ||
         is_dispensable(session, "--keyboard")) &&
        (midi_in_open(&session->midi, engine, options, failure) ||
         (!options->is_midi_required &&
          is_dispensable(session, "--midi-raw"))) &&
        ((engine->patch->midi_out_ports == 0 && !options->has_versions) ||
         midi_send_open(&session->midi_send, engine, engine->patch, options,
                        failure) ||
         is_dispensable(session, "--midi-out"))) {
        play(session);
    }
    front_close(&session->front);
    close_midi_send(session);
    midi_in_close(&session->midi);
    if (session->keys.is_open) {
        key_input_close(&session->keys);
    }
}

void session_run(const struct f4e_patch *patch, const char *program,
                 const struct options *options, const struct session_host *host,
                 struct failure *failure)
{
    static struct session session; /* zeroed; large for a stack */
    session.program = program;
    session.host = host;
    session.options = options;
    session.failure = failure;
    rtsetup_init(&session.rtsetup,
                 options->render == NULL ? options->rt_prio : 0);
    pipewire_announce(patch->name, options->period_frames, patch->sample_rate);
    if (prepare(&session, patch)) {
        if (!start(&session)) {
            /* The failure says why. */
        } else if (options_is_names(options)) {
            signals_ask();
            session.has_run = options->entry_count > 0;
            (void)!control_print(&session.control, patch, failure);
            failure_check_output(failure);
        } else if (options->is_entries_only) {
            signals_ask();
            session.has_run = true;
        } else {
            perform(&session);
        }
        /* What trapped is nothing to start from the next time. */
        (void)!state_keep_end(&session.state,
                              session.has_run && failure->status != STATUS_TRAP,
                              failure);
        load_dump(session.engine.patch, options, failure);
    }
    (void)!control_check(&session.control, failure);
    channel_close(&session.channel);
    live_close(&session.live);
    smf_free(&session.song);
    control_close(&session.control);
    /* It was asked to end while it waited for something, and never played. */
    if (failure->status != STATUS_OK && !session.has_run &&
        signals_has_stop()) {
        signals_die();
    }
}
