/* SPDX-License-Identifier: MIT */
/* Declared in jack/jack_internal.h. */
#include "jack/jack_internal.h"

#include "common/thread.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { CLOSE_MS = 1000 };

/* The library gives no context here: there is one client in a program. */
static size_t stack_bytes;

/* Recursive patches need more stack than the library takes; signals belong to
 * the control thread. */
static int create_thread(pthread_t *thread, const pthread_attr_t *attr,
                         void *(*function)(void *), void *arg)
{
    pthread_attr_t own;
    sigset_t all;
    sigset_t before;
    size_t bytes = 0;
    int error = 0;
    bool is_plain = attr == NULL;
    if (is_plain) {
        error = pthread_attr_init(&own);
    } else {
        own = *attr;
    }
    if (error == 0 && pthread_attr_getstacksize(&own, &bytes) == 0 &&
        bytes < stack_bytes) {
        error = pthread_attr_setstacksize(&own, stack_bytes);
    }
    if (error == 0) {
        (void)sigfillset(&all);
        (void)sigdelset(&all, THREAD_SIGNAL);
        (void)pthread_sigmask(SIG_SETMASK, &all, &before);
        error = pthread_create(thread, &own, function, arg);
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    if (is_plain) {
        (void)pthread_attr_destroy(&own);
    }
    return error;
}

/* PipeWire's library knows this one only. */
static void on_shutdown(void *context)
{
    jack_tell(context, JACK_IS_LOST);
}

static void on_info_shutdown(int code, const char *reason, void *context)
{
    struct jack *jack = context;
    int none = 0;
    (void)code;
    if (atomic_compare_exchange_strong(&jack->reason_state, &none, 1)) {
        (void)snprintf(jack->reason, sizeof(jack->reason), "%s",
                       reason != NULL ? reason : "");
        atomic_store(&jack->reason_state, 2);
    }
    jack_tell(jack, JACK_IS_LOST);
}

static int on_sample_rate(uint32_t rate, void *context)
{
    struct jack *jack = context;
    atomic_store(&jack->rate, rate);
    if (rate != jack->audio->patch->sample_rate) {
        jack_tell(jack, JACK_HAS_RATE);
    }
    return 0;
}

static int on_xrun(void *context)
{
    struct jack *jack = context;
    if (atomic_load(&jack->is_running) &&
        !atomic_load(&jack->is_freewheeling)) {
        float us = jack->lib.get_xrun_delayed_usecs(jack->client);
        (void)atomic_fetch_add(&jack->lost_us, us > 0.0F ? (uint64_t)us : 0);
        (void)atomic_fetch_add(&jack->xruns, 1);
    }
    return 0;
}

static void on_port(uint32_t port, int is_there, void *context)
{
    struct jack *jack = context;
    if (is_there != 0) {
        jack_arrivals_add(&jack->arrivals, port);
        jack_tell(jack, JACK_HAS_PORTS);
    }
}

static void on_freewheel(int is_starting, void *context)
{
    struct jack *jack = context;
    atomic_store(&jack->is_freewheeling, is_starting != 0);
}

static struct libjack_port *add_port(struct jack *jack, const char *kind,
                                     unsigned number, const char *type,
                                     unsigned long flags,
                                     struct failure *failure)
{
    char name[24];
    (void)snprintf(name, sizeof(name), "%s_%u", kind, number + 1);
    struct libjack_port *port =
        jack->lib.port_register(jack->client, name, type, flags, 0);
    if (port == NULL) {
        (void)failure_set(failure, STATUS_OPEN,
                          "the JACK server gives no port '%s'", name);
        libjack_detail(failure);
    }
    return port;
}

static bool add_midi_out(struct jack *jack, unsigned k, struct failure *failure)
{
    struct jack_midi_out_port *port = &jack->midi_out.ports[k];
    port->port =
        add_port(jack, "midi_out", k, LIBJACK_MIDI, LIBJACK_IS_OUTPUT, failure);
    return port->port != NULL;
}

static bool add_ports(struct jack *jack, struct failure *failure)
{
    const struct f4e_patch *patch = jack->audio->patch;
    bool is_good = true;
    for (unsigned k = 0; is_good && k < patch->output_count; k++) {
        jack->out_ports[k] =
            add_port(jack, "out", k, LIBJACK_AUDIO, LIBJACK_IS_OUTPUT, failure);
        is_good = jack->out_ports[k] != NULL;
    }
    for (unsigned k = 0; is_good && k < jack->in_count; k++) {
        jack->in_ports[k] =
            add_port(jack, "in", k, LIBJACK_AUDIO, LIBJACK_IS_INPUT, failure);
        is_good = jack->in_ports[k] != NULL;
    }
    for (unsigned k = 0; is_good && k < jack->midi.port_count; k++) {
        struct jack_midi_port *port = &jack->midi.ports[k];
        port->port = add_port(jack, "midi_in", k, LIBJACK_MIDI,
                              LIBJACK_IS_INPUT, failure);
        is_good = port->port != NULL;
    }
    const unsigned sent = atomic_load(&jack->midi_out.port_count);
    for (unsigned k = 0; is_good && k < sent; k++) {
        is_good = add_midi_out(jack, k, failure);
    }
    return is_good;
}

void jack_add_midi_out(void *context)
{
    struct jack *jack = context;
    struct jack_midi_out *out = &jack->midi_out;
    const unsigned before = atomic_load(&out->port_count);
    const unsigned wanted = atomic_load(&out->wanted);
    struct failure failure = {.status = STATUS_OK};
    unsigned count = before;
    /* Without a client now, all of them come with the next one. */
    while (count < wanted &&
           (jack->client == NULL || add_midi_out(jack, count, &failure))) {
        count++;
    }
    atomic_store(&out->port_count, count);
    if (jack->client != NULL && count > before) {
        jack_connect_midi_out(jack, before);
    }
    if (failure.status != STATUS_OK) {
        midi_lines_add(&jack->lines, "midi    %s", failure.text);
    }
    atomic_store(&out->answered, wanted);
}

static void set_callbacks(struct jack *jack)
{
    const struct libjack *lib = &jack->lib;
    struct libjack_client *client = jack->client;
    lib->on_shutdown(client, on_shutdown, jack);
    lib->on_info_shutdown(client, on_info_shutdown, jack);
    (void)lib->set_process_callback(client, jack_process, jack);
    (void)lib->set_sample_rate_callback(client, on_sample_rate, jack);
    (void)lib->set_xrun_callback(client, on_xrun, jack);
    (void)lib->set_freewheel_callback(client, on_freewheel, jack);
    (void)lib->set_latency_callback(client, jack_set_latencies, jack);
    if (!jack->audio->options->is_unconnected) {
        (void)lib->set_port_registration_callback(client, on_port, jack);
    }
}

static bool check_rate(const struct jack *jack, struct failure *failure)
{
    const unsigned wanted = jack->audio->patch->sample_rate;
    const unsigned rate = jack->lib.get_sample_rate(jack->client);
    if (rate == wanted) {
        return true;
    }
    (void)failure_set(failure, STATUS_HARDWARE,
                      "the JACK server does not play at the patch's %u Hz; it "
                      "has %u Hz",
                      wanted, rate);
    return failure_hint(failure,
                        "export the patch with audioRuntime.sampleRate %u, or "
                        "start the server with %u Hz",
                        rate, wanted);
}

static bool open_client(struct jack *jack, struct failure *failure)
{
    int status = 0;
    libjack_capture();
    jack->lib.set_thread_creator(create_thread);
    jack->client = jack->lib.client_open(jack->audio->options->jack_client,
                                         LIBJACK_NO_START_SERVER, &status);
    if (jack->client == NULL) {
        (void)failure_set(failure, STATUS_OPEN,
                          "no JACK server is there to play on");
        libjack_detail(failure);
        return failure_hint(failure, "jackd -d alsa, or --device default to "
                                     "play without one");
    }
    (void)snprintf(jack->name, sizeof(jack->name), "%s",
                   jack->lib.get_client_name(jack->client));
    return true;
}

/* An errand, or the end of one that went wrong. */
static void close_client(void *context)
{
    struct jack *jack = context;
    if (jack->client != NULL) {
        (void)jack->lib.client_close(jack->client);
        jack->client = NULL;
        atomic_store(&jack->is_inside, false);
    }
}

static bool become_client(struct jack *jack, struct failure *failure)
{
    if (!open_client(jack, failure)) {
        return false;
    }
    set_callbacks(jack);
    bool is_good = check_rate(jack, failure) && add_ports(jack, failure);
    if (is_good) {
        jack_name_ports(jack);
        is_good =
            jack->lib.activate(jack->client) == 0 ||
            failure_set(failure, STATUS_OPEN,
                        "the JACK server does not let '%s' in", jack->name);
    }
    if (!is_good) {
        libjack_detail(failure);
        close_client(jack);
        return false;
    }
    jack_connect_ports(jack);
    return true;
}

/* An errand. */
static void start_client(void *context)
{
    struct jack *jack = context;
    stack_bytes = jack->audio->stack_bytes;
    atomic_store(&jack->reason_state, 0);
    atomic_store(&jack->is_freewheeling, false);
    jack->has_entered = false;
    jack->refusal = (struct failure){0};
    jack->is_client = become_client(jack, &jack->refusal);
}

bool jack_client_start(struct jack *jack, int stop_fd, struct failure *failure)
{
    if (!jack->is_starting) {
        jack->is_starting =
            jack_errand_begin(&jack->errand, start_client, jack, failure);
    }
    if (!jack->is_starting) {
        return false;
    }
    if (!jack_errand_wait(&jack->errand, stop_fd, (int)jack_patience_ms)) {
        (void)failure_set(failure, STATUS_OPEN,
                          "the JACK server does not answer");
        return failure_hint(failure, "end it and start it anew, or --device "
                                     "default to play without one");
    }
    jack->is_starting = false;
    if (!jack->is_client) {
        *failure = jack->refusal;
    }
    return jack->is_client;
}

void jack_client_stop(struct jack *jack)
{
    struct failure ignored = {0};
    bool is_free = jack_errand_wait(&jack->errand, -1, CLOSE_MS);
    if (is_free && jack->client != NULL) {
        is_free =
            jack_errand_begin(&jack->errand, close_client, jack, &ignored) &&
            jack_errand_wait(&jack->errand, -1, CLOSE_MS);
    }
    jack->is_abandoned = !is_free;
}
