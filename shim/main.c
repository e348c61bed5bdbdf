/* SPDX-License-Identifier: MIT */
/*
 * A finished patch: the control thread. It reads the options, loads the patch,
 * starts the audio thread, waits for its end or a signal, and is the only one
 * to print.
 */
#include "audio/audio.h"
#include "audio/record.h"
#include "audio/start.h"
#include "backends.h"
#include "channel/channel.h"
#include "channel/ctl.h"
#include "common/failure.h"
#include "common/print.h"
#include "common/wakeup.h"
#include "control/control.h"
#include "entries.h"
#include "f4e_patch.h"
#include "front/front.h"
#include "front/front_process.h"
#include "information.h"
#include "keyboard/key_input.h"
#include "live.h"
#include "load.h"
#include "midi/midi_in.h"
#include "options/options.h"
#include "report/info.h"
#include "report/report.h"
#include "rt/denormals.h"
#include "rt/engine.h"
#include "signals.h"
#include "state/state_keep.h"
#include "system/notify.h"
#include "system/pipewire.h"
#include "system/rtsetup.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int wake_fd =
    -1; /* an eventfd: the control thread has something to do */

struct session {
    const char *program;
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
    bool has_run; /* the backend, or what it was started for */
    struct audio audio;
    const struct audio_backend *backend;
    struct report report;
    struct notify notify;
    struct failure *failure;
    struct failure audio_failure; /* the audio thread's */
    atomic_bool is_ready;         /* the audio thread has made itself at home */
    atomic_bool is_done;
};

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

/* Ticks of milliseconds need neither priority nor locked memory. */
static bool is_real_time(const struct session *session)
{
    return session->options->render == NULL &&
           (session->audio.patch->tick_ms == 0 ||
            session->options->rt_prio > 0);
}

/* The second part of the start-up block: what the audio thread found. */
static void print_setup(const struct session *session)
{
    const struct options *options = session->options;
    if (is_real_time(session) && !options->is_quiet) {
        rtsetup_print(&session->rtsetup, session->program, stderr);
        (void)fprintf(stderr, "%s: policy  denormals %s, xruns %s\n",
                      session->program,
                      !options->is_flushing ? "as IEEE 754"
                      : DENORMALS_CAN_FLUSH ? "flushed"
                                            : "kept: this CPU cannot flush",
                      options->xrun_policy == XRUN_SKIP ? "skip what was lost"
                                                        : "keep the patch's "
                                                          "time");
    }
}

/* Until something happens, or the next thing is to be printed. */
static void wait_for_events(const struct session *session)
{
    struct pollfd fds[3] = {
        {.fd = wake_fd, .events = POLLIN},
        {.fd = channel_fd(&session->channel), .events = POLLIN},
        {.fd = front_fd(&session->front), .events = POLLIN}};
    int wait_ms = channel_wait_ms(
        &session->channel,
        control_wait_ms(
            &session->control,
            notify_interval_ms(&session->notify,
                               report_interval_ms(&session->report))));
    wait_ms = live_wait_ms(&session->live, wait_ms);
    wait_ms = front_wait_ms(&session->front, stats_now_ns(), wait_ms);
    if (poll(fds, 3, wait_ms) > 0 && fds[0].revents != 0) {
        wakeup_clear(wake_fd);
    }
}

/* Watch until the audio thread has ended. */
static void supervise(struct session *session)
{
    bool is_stopping = false;
    bool is_setup_printed = false;
    while (!atomic_load(&session->is_done)) {
        wait_for_events(session);
        front_pump(&session->front, stats_now_ns());
        channel_pump(&session->channel, stats_now_ns());
        if (control_pump(&session->control, &session->stats) ||
            session->channel.is_quitting) {
            signals_stop();
        }
        if (signals_has_stop() && !is_stopping) {
            is_stopping = true;
            notify_close(&session->notify);
            atomic_store(&session->audio.is_stopping, true);
            wakeup_send(session->audio.stop_fd);
        }
        if (!is_setup_printed && atomic_load(&session->is_ready)) {
            is_setup_printed = true;
            print_setup(session);
        }
        if (signals_take_stats()) {
            report_dump(&session->report);
        }
        if (signals_take_save()) {
            state_keep_now(&session->state);
        }
        report_tick(&session->report);
        live_pump(&session->live);
        control_report(&session->control, &session->engine, session->program);
        key_input_report(&session->keys, session->program);
        midi_in_report(&session->midi, session->program);
        session->notify.is_early = start_left_ns(session->options) > 0;
        notify_tick(&session->notify, &session->stats, stats_now_ns());
    }
    notify_tick(&session->notify, &session->stats, stats_now_ns());
    notify_close(&session->notify);
    control_report(&session->control, &session->engine, session->program);
    if (!is_setup_printed) {
        print_setup(session);
    }
}

/* Everything the audio thread needs is there: run it to its end. */
static void run_backend(struct session *session)
{
    struct audio *audio = &session->audio;
    struct failure *failure = session->failure;
    pthread_t thread;
    if (!session->options->is_quiet) {
        session->backend->describe(audio, session->program, stderr);
        start_describe(session->options, session->program, stderr);
        if (session->options->render == NULL) {
            info_print_bindings(audio->patch, session->program,
                                !session->options->is_midi_off ||
                                    session->options->midi_raw.text != NULL,
                                session->options->keyboard != NULL, stderr);
        }
    }
    if (is_real_time(session)) {
        rtsetup_lock(&session->rtsetup, audio->patch);
    }
    report_start(&session->report);
    control_start(&session->control);
    if (load_start_thread(&thread, audio->patch, run_audio, session, failure)) {
        supervise(session);
        (void)pthread_join(thread, NULL);
        session->has_run = true;
        if (failure->status == STATUS_OK) {
            *failure = session->audio_failure;
        }
    }
}

/*
 * What a service cannot have it plays without: a pipe, a keyboard or a folder
 * that is missing would keep it silent at every start, with nobody there.
 */
static bool is_dispensable(struct session *session, const char *option)
{
    struct failure *failure = session->failure;
    bool is_missing = failure->status == STATUS_FILE ||
                      failure->status == STATUS_OPEN ||
                      failure->status == STATUS_MIDI;
    if (!is_missing || session->notify.fd < 0) {
        return false;
    }
    (void)fprintf(stderr, "%s: %s: ", session->program, option);
    print_name(failure->text, stderr);
    (void)fputs("; playing without it\n", stderr);
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
        (void)record_close(&session->record, failure);
    }
    report_end(&session->report, is_complete);
    if (session->engine.state == ENGINE_STOPPED) {
        char text[320];
        report_describe_trap(&session->engine, text, sizeof(text));
        (void)failure_set(failure, STATUS_TRAP, "%s", text);
    }
    (void)report_write_json(&session->report, failure);
}

/* Who read it may have seen enough: "--list | head". */
static void check_stdout(struct failure *failure)
{
    if (fflush(stdout) != 0 && errno != EPIPE) {
        (void)failure_set(failure, STATUS_FILE,
                          "cannot write standard output: %s", strerror(errno));
    }
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
    channel->errors = stderr;
    channel->save = save_state;
    channel->context = &session->state;
    if (!channel_init(channel, session->failure)) {
        return false;
    }
    channel_add_words(channel, &session->live.table);
    if (options->control_count > 0 || options->has_http) {
        engine_attach(&session->engine, &channel->sender.inbox);
    }
    for (unsigned i = 0; is_good && i < options->control_count; i++) {
        is_good =
            channel_listen(channel, options->controls[i], session->failure) ||
            is_dispensable(session, "--control");
    }
    for (unsigned i = 0; !options->is_quiet && i < channel->listener_count;
         i++) {
        (void)fprintf(stderr, "%s: control ", session->program);
        print_name(channel->listeners[i].path, stderr);
        (void)fputc('\n', stderr);
    }
    return is_good;
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
    engine_init(&session->engine, patch, options->on_trap,
                load_stack_bytes(patch));
    session->audio.patch = patch;
    session->audio.options = options;
    session->audio.engine = &session->engine;
    session->audio.stats = &session->stats;
    if (!live_open(&session->live, &session->engine, options, session->program,
                   wake_fd, failure) &&
        !is_dispensable(session, "--presets, --cc-map")) {
        return false;
    }
    session->control.words = session->live.words;
    session->control.word_count = LIVE_WORDS;
    session->midi.tap = live_tap(&session->live);
    if (!control_open(&session->control, &session->engine, options,
                      session->program, failure) ||
        !listen_to(session)) {
        return false;
    }
    session->audio.before_block = control_before_block;
    session->audio.context = &session->control;
    session->audio.enter = enter_thread;
    session->audio.enter_context = session;
    session->audio.stack_bytes = load_thread_bytes(patch);
    session->audio.midi = &session->midi;
    session->backend = backend_choose(options, patch);
    session->state = (struct state_keep){.program = session->program,
                                         .options = options,
                                         .engine = &session->engine};
    session->levels = (struct levels){.stats = &session->stats,
                                      .channels = patch->output_count};
    session->report = (struct report){
        .program = session->program,
        .backend = session->backend->name,
        .options = options,
        .engine = &session->engine,
        .stats = &session->stats,
        .rtsetup = &session->rtsetup,
        .midi = &session->midi,
        .levels = &session->levels,
        .front_restarts = &session->front.restarts,
    };
    return true;
}

/* From nothing to what the first block finds. */
static bool start(struct session *session)
{
    struct engine *engine = &session->engine;
    struct failure *failure = session->failure;
    if (!load_patch(engine, session->options, failure) ||
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
                                    .channel = &session->channel};
    if (options->has_http && !front_open(&session->front, failure) &&
        !is_dispensable(session, "--http")) {
        return;
    }
    if ((key_input_open(&session->keys, engine, options, failure) ||
         is_dispensable(session, "--keyboard")) &&
        (midi_in_open(&session->midi, engine, options, session->program,
                      failure) ||
         (!options->is_midi_required &&
          is_dispensable(session, "--midi-raw")))) {
        play(session);
    }
    front_close(&session->front);
    midi_in_close(&session->midi);
    key_input_close(&session->keys);
}

static void run(const struct f4e_patch *patch, const char *program,
                const struct options *options, struct failure *failure)
{
    static struct session session; /* zeroed; large for a stack */
    session.program = program;
    session.options = options;
    session.failure = failure;
    rtsetup_init(&session.rtsetup,
                 options->render == NULL ? options->rt_prio : 0);
    pipewire_announce(patch->name, options->period_frames, patch->sample_rate);
    if (prepare(&session, patch)) {
        if (!start(&session)) {
            /* The failure says why. */
        } else if (options_is_names(options)) {
            session.has_run = options->entry_count > 0;
            (void)control_print(&session.control, patch, failure);
            check_stdout(failure);
        } else if (options->is_entries_only) {
            session.has_run = true;
        } else {
            perform(&session);
        }
        /* What trapped is nothing to start from the next time. */
        (void)state_keep_end(&session.state,
                             session.has_run && failure->status != STATUS_TRAP,
                             failure);
        /* After a trap too: that is when it is looked at. */
        if (options->dump_memory != NULL &&
            (failure->status == STATUS_OK || failure->status == STATUS_TRAP)) {
            struct failure dump = {0};
            if (!load_dump_memory(patch, options->dump_memory, &dump) &&
                failure->status == STATUS_OK) {
                *failure = dump;
            }
        }
    }
    (void)control_check(&session.control, failure);
    channel_close(&session.channel);
    live_close(&session.live);
    control_close(&session.control);
}

int main(int argc, char **argv)
{
    struct options options;
    struct failure failure = {0};
    const char *path = argc > 0 ? argv[0] : f4e_patch.name;
    const char *slash = strrchr(path, '/');
    const char *program = slash != NULL ? slash + 1 : path;
    if (argc == 2 && strcmp(argv[1], FRONT_ARGUMENT) == 0) {
        front_process_run(&f4e_patch, &failure);
    } else if (argc > 1 && strcmp(argv[1], "ctl") == 0) {
        (void)ctl_run(&f4e_patch, program, argc - 1, argv + 1, &failure);
    } else if (options_parse(&options, &f4e_patch, argc, argv, &failure)) {
        if (options.is_help || options.is_version || options.is_info ||
            options.is_listing || options.is_midi_listing) {
            information_print(&f4e_patch, program, &options, &failure);
            check_stdout(&failure);
        } else {
            run(&f4e_patch, program, &options, &failure);
        }
    }
    if (failure.status != STATUS_OK) {
        failure_print(&failure, program, stderr);
    }
    return (int)failure.status;
}
