/* SPDX-License-Identifier: MIT */
/*
 * A finished patch: the control thread. It reads the options, loads the patch,
 * starts the audio thread, waits for its end or a signal, and is the only one
 * to print.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "audio.h"
#include "failure.h"
#include "info.h"
#include "load.h"
#include "options.h"
#include "outfile.h"
#include "patch.h"
#include "rt/denormals.h"
#include "rt/engine.h"
#include "script.h"

/* The only things that the signal handler touches. */
static volatile sig_atomic_t signal_count;
static int wake_fd =
    -1; /* an eventfd: the control thread has something to do */

struct session {
    const char *program;
    const struct options *options;
    struct engine engine;
    struct script script;
    struct audio audio;
    const struct audio_backend *backend;
    struct failure *failure;
    struct failure audio_failure; /* the audio thread's */
    atomic_bool is_done;
    struct timespec start;
    bool has_told_trap;
    unsigned told_xruns;
};

static void wake(int fd)
{
    const uint64_t one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

static void handle_signal(int number)
{
    int saved = errno;
    (void)number;
    if (signal_count++ > 0) {
        outfile_remove_all();
        _exit(STATUS_FORCED);
    }
    wake(wake_fd);
    errno = saved;
}

static void install_signals(void)
{
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = handle_signal};
    struct sigaction before;
    (void)sigfillset(&action.sa_mask);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; ++i) {
        /* nohup stays in force. */
        if (sigaction(ending[i], NULL, &before) == 0 &&
            (before.sa_handler != SIG_IGN || ending[i] != SIGHUP)) {
            (void)sigaction(ending[i], &action, NULL);
        }
    }
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) +
           (double)(now.tv_nsec - start->tv_nsec) * 1e-9;
}

static void *run_audio(void *arg)
{
    struct session *session = arg;
    denormals_flush(session->options->is_flushing);
    (void)session->backend->run(&session->audio, &session->audio_failure);
    atomic_store(&session->is_done, true);
    wake(wake_fd);
    return NULL;
}

static void describe_trap(const struct session *session, char *text,
                          size_t size)
{
    char when[64];
    (void)snprintf(when, sizeof when, "at block %" PRIu64 " (the first is 0)",
                   session->engine.trap_block);
    load_describe_trap(session->engine.patch, &session->engine.trap, when, text,
                       size);
}

/* A trap that the patch survived, and lost samples: once, or once a second. */
static void tell_news(struct session *session)
{
    unsigned xruns = atomic_load(&session->audio.xruns);
    if (session->options->is_quiet) {
        return;
    }
    if (!session->has_told_trap && session->options->on_trap != TRAP_STOP &&
        atomic_load_explicit(&session->engine.traps, memory_order_acquire) >
            0) {
        char text[320];
        describe_trap(session, text, sizeof text);
        (void)fprintf(stderr, "%s: %s; %s\n", session->program, text,
                      session->options->on_trap == TRAP_RESET
                          ? "started again"
                          : "silence from there");
        session->has_told_trap = true;
    }
    if (xruns != session->told_xruns) {
        (void)fprintf(stderr, "%s: %u xruns\n", session->program, xruns);
        session->told_xruns = xruns;
    }
}

static bool is_showing_progress(const struct session *session)
{
    return session->options->render != NULL && !session->options->is_quiet &&
           isatty(STDERR_FILENO);
}

static void show_progress(struct session *session)
{
    const struct f4e_patch *patch = session->engine.patch;
    double rate = patch->sample_rate;
    double done =
        (double)atomic_load(&session->audio.blocks) * patch->block_frames;
    double spent = seconds_since(&session->start);
    (void)fprintf(stderr, "\rrendering %.1f s of %.1f s, %.0fx real time ",
                  done / rate, (double)session->options->frame_limit / rate,
                  spent > 0.0 ? done / rate / spent : 0.0);
}

/* The last word on a render: "rendered 10.0 s in 0.05 s (200x real time)". */
static void tell_speed(struct session *session, double spent)
{
    double length =
        (double)session->audio.frames / session->engine.patch->sample_rate;
    bool is_terminal = is_showing_progress(session);
    if (session->options->render != NULL &&
        (is_terminal || session->options->is_verbose)) {
        (void)fprintf(stderr, "%srendered %.1f s in %.2f s (%.0fx real time)\n",
                      is_terminal ? "\r\033[K" : "", length, spent,
                      spent > 0.0 ? length / spent : 0.0);
    }
}

/* Watch until the audio thread has ended. */
static void control(struct session *session)
{
    enum { PROGRESS_MS = 200, NEWS_MS = 1000 };
    bool is_progress = is_showing_progress(session);
    bool is_stopping = false;
    while (!atomic_load(&session->is_done)) {
        struct pollfd fd = {.fd = wake_fd, .events = POLLIN};
        uint64_t count;
        if (poll(&fd, 1, is_progress ? PROGRESS_MS : NEWS_MS) > 0) {
            (void)!read(wake_fd, &count, sizeof count);
        }
        if (signal_count > 0 && !is_stopping) {
            is_stopping = true;
            atomic_store(&session->audio.is_stopping, true);
            wake(session->audio.stop_fd);
        }
        tell_news(session);
        if (is_progress) {
            show_progress(session);
        }
    }
}

/* From a loaded patch to the end of its audio. */
static void play(struct session *session)
{
    struct audio *audio = &session->audio;
    struct failure *failure = session->failure;
    pthread_t thread;
    if (!session->backend->open(audio, failure)) {
        return;
    }
    if (!session->options->is_quiet) {
        session->backend->describe(audio, session->program, stderr);
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &session->start);
    if (load_start_thread(&thread, audio->patch, run_audio, session, failure)) {
        control(session);
        (void)pthread_join(thread, NULL);
        if (failure->status == STATUS_OK) {
            *failure = session->audio_failure;
        }
    }
    double spent = seconds_since(&session->start);
    /* A trap ends the file early; the blocks before it are good. */
    bool is_complete = failure->status == STATUS_OK;
    if (session->backend->close(audio, is_complete, failure) && is_complete) {
        tell_speed(session, spent);
    }
    tell_news(session);
    if (session->engine.state == ENGINE_STOPPED) {
        char text[320];
        describe_trap(session, text, sizeof text);
        (void)failure_set(failure, STATUS_TRAP, "%s", text);
    }
    if (audio->non_finite > 0 && !session->options->is_quiet) {
        (void)fprintf(stderr, "%s: %" PRIu64 " samples were not finite\n",
                      session->program, audio->non_finite);
    }
}

static bool prepare(struct session *session, const struct f4e_patch *patch)
{
    const struct options *options = session->options;
    struct failure *failure = session->failure;
    wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    session->audio.stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_fd < 0 || session->audio.stop_fd < 0) {
        return failure_set(failure, STATUS_INTERNAL,
                           "cannot create an eventfd: %s", strerror(errno));
    }
    install_signals();
    if (options->script != NULL &&
        !script_load(&session->script, options->script, patch, failure)) {
        return false;
    }
    engine_init(&session->engine, patch, options->on_trap,
                load_stack_bytes(patch));
    session->engine.events = session->script.events;
    session->engine.event_count = session->script.count;
    session->audio.patch = patch;
    session->audio.options = options;
    session->audio.engine = &session->engine;
    session->backend = options->render != NULL ? &audio_render : &audio_alsa;
    return true;
}

static void run(const struct f4e_patch *patch, const char *program,
                const struct options *options, struct failure *failure)
{
    static struct session session; /* zeroed; large for a stack */
    session.program = program;
    session.options = options;
    session.failure = failure;
    if (prepare(&session, patch)) {
        if (load_patch(&session.engine, options, failure)) {
            play(&session);
        }
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
    script_free(&session.script);
}

/* --help, --version and --info, to standard output. */
static void print_information(const struct f4e_patch *patch,
                              const char *program,
                              const struct options *options,
                              struct failure *failure)
{
    if (options->is_help) {
        options_print_help(program, patch, stdout);
    } else if (options->is_version) {
        info_print_version(patch, audio_alsa_version(), stdout);
    } else if (options->is_json) {
        info_print_json(patch, stdout);
    } else {
        info_print(patch, stdout);
    }
    if (fflush(stdout) != 0) {
        (void)failure_set(failure, STATUS_FILE,
                          "cannot write standard output: %s", strerror(errno));
    }
}

static void print_failure(const struct failure *failure, const char *program)
{
    (void)fprintf(stderr, "%s: %s\n", program, failure->text);
    if (failure->detail[0] != '\0') {
        (void)fprintf(stderr, "%s: alsa-lib: %s\n", program, failure->detail);
    }
    if (failure->hint[0] != '\0') {
        (void)fprintf(stderr, "%s: hint: %s\n", program, failure->hint);
    }
}

int main(int argc, char **argv)
{
    struct options options;
    struct failure failure = {0};
    const char *path = argc > 0 ? argv[0] : f4e_patch.name;
    const char *slash = strrchr(path, '/');
    const char *program = slash != NULL ? slash + 1 : path;
    if (options_parse(&options, &f4e_patch, argc, argv, &failure)) {
        if (options.is_help || options.is_version || options.is_info) {
            print_information(&f4e_patch, program, &options, &failure);
        } else {
            run(&f4e_patch, program, &options, &failure);
        }
    }
    if (failure.status != STATUS_OK) {
        print_failure(&failure, program);
    }
    return (int)failure.status;
}
