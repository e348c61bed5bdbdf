/* SPDX-License-Identifier: MIT */
#include "jack_room.h"

#include "program.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <jack/jack.h>
#include <jack/metadata.h>
#include <jack/midiport.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One name for all that a build tree starts: JACK remembers killed servers, and
 * takes over the place of one that had the same name. */
static const char *server_name(void)
{
    const char *name = getenv("F4E_JACK_SERVER");
    return name != NULL ? name : "f4e-shim-test";
}

enum { KNOCKS = 400, SERVERS = 3 };

static pid_t keeper = -1; /* of the server */

/* A server was there already: this process and the patch have its registry
 * mapped, and must find the next server in it. */
static bool is_next;

static jack_client_t *mouth;
static jack_port_t *mouth_audio;
static jack_port_t *mouth_midi;
static jack_client_t *ear;
static jack_port_t *ear_ports[2];
static jack_port_t *ear_midi[JACK_ROOM_EARS];
static struct jack_room_heard *heard;
static atomic_size_t heard_frames;
static atomic_size_t heard_midi;
static atomic_bool is_hearing;
static atomic_uint_least32_t said;      /* frames said before this period */
static atomic_uint_least32_t midi_word; /* bytes, and a flag */
static atomic_uint_least32_t midi_frame;

static void nap(void)
{
    const struct timespec pause = {0, 5000000};
    (void)nanosleep(&pause, NULL);
}

static void be_quiet(const char *text)
{
    (void)text;
}

void jack_room_close(int signal)
{
    if (keeper > 0) {
        (void)kill(keeper, signal == SIGKILL ? SIGUSR1 : SIGTERM);
        (void)waitpid(keeper, NULL, 0);
        keeper = -1;
    }
}

void jack_room_teardown(void)
{
    jack_room_close(SIGTERM);
    program_teardown();
}

void jack_room_stand_still(void)
{
    ck_assert_int_eq(kill(keeper, SIGUSR2), 0);
}

void jack_room_go_on(void)
{
    ck_assert_int_eq(kill(keeper, SIGUSR2), 0);
}

static void run_server(const char *rate, const char *period)
{
    int log = open("jackd.log", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (log < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) {
        _exit(127);
    }
    const char *program = is_next ? "jackd" : FRESH_JACKD;
    (void)execlp(program, program, "-n", server_name(), "-r", "-S", "-t",
                 "20000", "-d", "dummy", "-r", rate, "-p", period,
                 (char *)NULL);
    _exit(127);
}

/* Until the test or the server has an end; meanwhile it can be made to stand
 * still. */
static int keep_until_signal(const sigset_t *set, pid_t server)
{
    int signal = 0;
    bool is_still = false;
    while (sigwait(set, &signal) == 0 && signal == SIGUSR2) {
        is_still = !is_still;
        (void)kill(server, is_still ? SIGSTOP : SIGCONT);
    }
    (void)kill(server, SIGCONT);
    return signal;
}

/*
 * A server that nobody has waited for counts as alive for JACK, and keeps its
 * name from all others. This process ends it when the test has died.
 */
_Noreturn static void keep_server(const char *rate, const char *period)
{
    const struct sigaction ends_alone = {.sa_handler = SIG_DFL,
                                         .sa_flags = SA_NOCLDSTOP};
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGUSR1);
    (void)sigaddset(&set, SIGUSR2);
    (void)sigaddset(&set, SIGCHLD);
    (void)sigprocmask(SIG_SETMASK, &set, NULL);
    (void)sigaction(SIGCHLD, &ends_alone, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void)setpgid(0, 0); /* what a failed test leaves is killed by group */
    pid_t server = fork();
    if (server == 0) {
        run_server(rate, period);
    }
    int signal = keep_until_signal(&set, server);
    if (signal == SIGTERM) {
        /* One that freewheels does not listen. */
        const struct timespec patience = {2, 0};
        (void)kill(server, SIGTERM);
        (void)sigdelset(&set, SIGTERM);
        (void)sigdelset(&set, SIGUSR1);
        (void)sigdelset(&set, SIGUSR2);
        (void)sigtimedwait(&set, NULL, &patience);
    }
    (void)kill(server, SIGKILL);
    (void)waitpid(server, NULL, 0);
    _exit(0);
}

/* Until the server that the keeper has started takes a client; false when it
 * has ended or takes none. */
static bool knock(void)
{
    for (int i = 0; i < KNOCKS; i++) {
        jack_client_t *client =
            jack_client_open("knock", JackNoStartServer, NULL);
        if (client != NULL) {
            (void)jack_client_close(client);
            return true;
        }
        if (waitpid(keeper, NULL, WNOHANG) == keeper) {
            keeper = -1;
            return false;
        }
        nap();
    }
    return false;
}

bool jack_room_open(unsigned rate, unsigned period)
{
    char rate_text[16];
    char period_text[16];
    (void)snprintf(rate_text, sizeof(rate_text), "%u", rate);
    (void)snprintf(period_text, sizeof(period_text), "%u", period);
    (void)setenv("JACK_DEFAULT_SERVER", server_name(), 1);
    jack_set_error_function(be_quiet);
    jack_set_info_function(be_quiet);
    /* Of two clients that come at the same time each may see the other one
     * fail, and be refused for it; jackd never forgets those, so a new one must
     * do. */
    for (int i = 0; i < SERVERS && keeper < 0; i++) {
        keeper = fork();
        ck_assert_int_ge(keeper, 0);
        if (keeper == 0) {
            keep_server(rate_text, period_text);
        }
        if (knock()) {
            is_next = true;
            return true;
        }
        jack_room_close(SIGKILL);
    }
    size_t bytes;
    unsigned char *log = program_read_file("jackd.log", &bytes);
    ck_assert_msg(strstr((const char *)log, "already active") == NULL, "%s",
                  (const char *)log);
    (void)printf("skipped: jackd cannot run here: %s\n", (const char *)log);
    free(log);
    return false;
}

float jack_room_word(uint32_t frame)
{
    return (float)(frame % 997 + 1) / 1024.0F;
}

static int speak(jack_nframes_t frames, void *context)
{
    float *out = jack_port_get_buffer(mouth_audio, frames);
    void *midi = jack_port_get_buffer(mouth_midi, frames);
    uint32_t from = atomic_load(&said);
    uint32_t word = atomic_exchange(&midi_word, 0);
    uint32_t at = atomic_load(&midi_frame);
    at = at < frames ? at : frames - 1;
    (void)context;
    for (jack_nframes_t i = 0; i < frames; i++) {
        out[i] = jack_room_word(from + i);
    }
    jack_midi_clear_buffer(midi);
    if (word != 0) {
        const jack_midi_data_t bytes[3] = {(jack_midi_data_t)word,
                                           (jack_midi_data_t)(word >> 8),
                                           (jack_midi_data_t)(word >> 16)};
        (void)jack_midi_event_write(midi, at, bytes, sizeof(bytes));
    }
    return 0;
}

static void hear_midi(unsigned ear_number, jack_nframes_t frames, size_t at)
{
    void *buffer = jack_port_get_buffer(ear_midi[ear_number], frames);
    size_t count = atomic_load(&heard_midi);
    jack_midi_event_t event;
    for (uint32_t i = 0;
         count < JACK_ROOM_MIDI && jack_midi_event_get(&event, buffer, i) == 0;
         i++) {
        struct jack_room_midi *to = &heard->midi[count++];
        to->frame = at + event.time;
        to->ear = ear_number;
        to->count = event.size;
        memcpy(to->bytes, event.buffer,
               event.size < sizeof(to->bytes) ? event.size : sizeof(to->bytes));
    }
    atomic_store(&heard_midi, count);
}

/* After the patch, which is after the mouth. */
static int hear(jack_nframes_t frames, void *context)
{
    const float *left = jack_port_get_buffer(ear_ports[0], frames);
    const float *right = jack_port_get_buffer(ear_ports[1], frames);
    size_t at = atomic_load(&heard_frames);
    uint32_t from = atomic_load(&said);
    struct timespec now;
    (void)context;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    int64_t begin_ns =
        (int64_t)now.tv_sec * 1000000000 + now.tv_nsec -
        (int64_t)jack_frames_since_cycle_start(ear) * 1000000000 / 48000;
    for (unsigned k = 0; k < JACK_ROOM_EARS; k++) {
        hear_midi(k, frames, at);
    }
    for (jack_nframes_t i = 0;
         atomic_load(&is_hearing) && i < frames && at < JACK_ROOM_FRAMES;
         i++, at++) {
        heard->left[at] = left[i];
        heard->right[at] = right[i];
        heard->said[at] = from + i;
        heard->at_ns[at] = begin_ns + (int64_t)i * 1000000000 / 48000;
    }
    atomic_store(&heard_frames, at);
    atomic_store(&said, from + frames);
    return 0;
}

void jack_room_enter(void)
{
    heard = calloc(1, sizeof(*heard));
    ck_assert_ptr_nonnull(heard);
    atomic_store(&heard_frames, 0);
    atomic_store(&heard_midi, 0);
    atomic_store(&is_hearing, false);
    mouth = jack_client_open("mouth", JackNoStartServer, NULL);
    ear = jack_client_open("ear", JackNoStartServer, NULL);
    ck_assert_ptr_nonnull(mouth);
    ck_assert_ptr_nonnull(ear);
    mouth_audio = jack_port_register(mouth, "out", JACK_DEFAULT_AUDIO_TYPE,
                                     JackPortIsOutput, 0);
    mouth_midi = jack_port_register(mouth, "midi", JACK_DEFAULT_MIDI_TYPE,
                                    JackPortIsOutput | JackPortIsPhysical, 0);
    ear_ports[0] = jack_port_register(ear, "left", JACK_DEFAULT_AUDIO_TYPE,
                                      JackPortIsInput, 0);
    ear_ports[1] = jack_port_register(ear, "right", JACK_DEFAULT_AUDIO_TYPE,
                                      JackPortIsInput, 0);
    ear_midi[0] = jack_port_register(ear, "midi_1", JACK_DEFAULT_MIDI_TYPE,
                                     JackPortIsInput, 0);
    ear_midi[1] = jack_port_register(ear, "midi_2", JACK_DEFAULT_MIDI_TYPE,
                                     JackPortIsInput, 0);
    (void)jack_port_set_alias(mouth_midi, "Launchpad:keys");
    (void)jack_port_set_alias(ear_midi[1], "Organ:pipes");
    (void)jack_set_property(mouth, jack_port_uuid(mouth_midi),
                            JACK_METADATA_PRETTY_NAME, "Wonder Wheel",
                            "text/plain");
    (void)jack_set_process_callback(mouth, speak, NULL);
    (void)jack_set_process_callback(ear, hear, NULL);
    ck_assert_int_eq(jack_activate(mouth), 0);
    ck_assert_int_eq(jack_activate(ear), 0);
}

void jack_room_leave(void)
{
    (void)jack_remove_properties(mouth, jack_port_uuid(mouth_midi));
    (void)jack_client_close(mouth);
    (void)jack_client_close(ear);
    free(heard);
    heard = NULL;
}

static void join(const char *from, const char *to)
{
    int error = 1;
    for (int i = 0; i < 2000 && error != 0; i++) {
        bool are_there = jack_port_by_name(ear, from) != NULL &&
                         jack_port_by_name(ear, to) != NULL;
        error = are_there ? jack_connect(ear, from, to) : 1;
        error = error == EEXIST ? 0 : error;
        if (error != 0) {
            nap();
        }
    }
    ck_assert_msg(error == 0, "cannot connect %s to %s", from, to);
}

void jack_room_join_output(const char *client)
{
    char port[128];
    (void)snprintf(port, sizeof(port), "%s:out_1", client);
    join(port, "ear:left");
    (void)snprintf(port, sizeof(port), "%s:out_2", client);
    join(port, "ear:right");
    atomic_store(&is_hearing, true);
}

void jack_room_join(const char *client)
{
    char port[128];
    (void)snprintf(port, sizeof(port), "%s:in_1", client);
    join("mouth:out", port);
    (void)snprintf(port, sizeof(port), "%s:midi_in_1", client);
    join("mouth:midi", port);
    jack_room_join_output(client);
}

void jack_room_join_midi(const char *port, unsigned ear_number)
{
    char to[16];
    (void)snprintf(to, sizeof(to), "ear:midi_%u", ear_number + 1);
    join(port, to);
}

size_t jack_room_hear_midi(size_t least)
{
    for (int i = 0; i < 2000 && atomic_load(&heard_midi) < least; i++) {
        nap();
    }
    ck_assert_uint_ge(atomic_load(&heard_midi), least);
    return atomic_load(&heard_midi);
}

const struct jack_room_heard *jack_room_hear(size_t frames, size_t *first)
{
    size_t at = 0;
    size_t end = 0;
    for (int i = 0; i < 6000; i++) {
        end = atomic_load(&heard_frames);
        while (at < end && heard->left[at] == 0.0F) {
            at++;
        }
        if (at + frames <= end) {
            break;
        }
        nap();
    }
    ck_assert_msg(at + frames <= end, "heard %zu frames, silent until %zu", end,
                  at);
    heard->frames = end;
    *first = at;
    return heard;
}

void jack_room_say_midi(uint32_t frame, uint8_t status, uint8_t data1,
                        uint8_t data2)
{
    while (atomic_load(&midi_word) != 0) {
        nap();
    }
    atomic_store(&midi_frame, frame);
    atomic_store(&midi_word, status | (uint32_t)data1 << 8 |
                                 (uint32_t)data2 << 16 | UINT32_C(1) << 31);
}

void jack_room_freewheel(bool is_on)
{
    ck_assert_int_eq(jack_set_freewheel(ear, is_on), 0);
}

void jack_room_set_period(unsigned frames)
{
    ck_assert_int_eq(jack_set_buffer_size(ear, frames), 0);
}

static jack_port_t *find(const char *name)
{
    jack_port_t *port = jack_port_by_name(ear, name);
    ck_assert_msg(port != NULL, "no port %s", name);
    return port;
}

bool jack_room_is_wired(const char *from, const char *to)
{
    bool is_wired = false;
    const char **names = jack_port_get_all_connections(ear, find(from));
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        is_wired = is_wired || strcmp(names[i], to) == 0;
    }
    jack_free((void *)names);
    return is_wired;
}

void jack_room_await_wire(const char *from, const char *to)
{
    jack_room_wait_for(from);
    jack_room_wait_for(to);
    for (int i = 0; i < 2000 && !jack_room_is_wired(from, to); i++) {
        nap();
    }
    ck_assert_msg(jack_room_is_wired(from, to), "%s is not connected to %s",
                  from, to);
}

void jack_room_part(const char *from, const char *to)
{
    ck_assert_int_eq(jack_disconnect(ear, from, to), 0);
}

void jack_room_wait_for(const char *port)
{
    for (int i = 0; i < 2000 && jack_port_by_name(ear, port) == NULL; i++) {
        nap();
    }
    (void)find(port);
}

bool jack_room_has_port(const char *name, const char *alias)
{
    char texts[2][512];
    char *aliases[2] = {texts[0], texts[1]};
    jack_port_t *port = jack_port_by_name(ear, name);
    return port != NULL && jack_port_get_aliases(port, aliases) > 0 &&
           strcmp(texts[0], alias) == 0;
}

void jack_room_latency(const char *port, bool is_playback, uint32_t *min,
                       uint32_t *max)
{
    jack_latency_range_t range = {0, 0};
    jack_port_get_latency_range(
        find(port), is_playback ? JackPlaybackLatency : JackCaptureLatency,
        &range);
    *min = range.min;
    *max = range.max;
}
