/* SPDX-License-Identifier: MIT */
/*
 * A JACK client around a patch that was built as a library:
 *
 *     jack-host [MODULE:VARIABLE=NUMBER]...
 *
 * PATCH is the patch's name, PATCH_HEADER its header; CMakeLists.txt sets them.
 */
#include PATCH_HEADER

#include <jack/jack.h>
#include <jack/midiport.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* call(create)() is sine_patch_create() when PATCH is sine. */
#define PASTE(a, b)  a##b
#define EXPAND(a, b) PASTE(a, b)
#define call(name)   EXPAND(PATCH, _patch_##name)

enum { MAX_CHANNELS = 64 };

/* All that JACK's thread touches. */
struct host {
    struct EXPAND(PATCH, _patch) * patch;
    jack_nframes_t block;    /* frames of one */
    jack_nframes_t position; /* in the blocks below */
    unsigned inputs, outputs;
    jack_port_t *in[MAX_CHANNELS];
    jack_port_t *out[MAX_CHANNELS];
    jack_port_t *midi;
    /* One block of each channel, for periods that are no whole blocks. */
    float *in_block[MAX_CHANNELS];
    float *out_block[MAX_CHANNELS];
};

static volatile sig_atomic_t is_over;
static atomic_bool has_trapped;

static void end(int signal)
{
    (void)signal;
    is_over = 1;
}

/* JACK went away. */
static void on_shutdown(void *arg)
{
    (void)arg;
    is_over = 1;
}

static void run(struct host *host, const float *const *in, float *const *out)
{
    if (!call(process)(host->patch, in, out)) {
        atomic_store(&has_trapped, true);
    }
}

static void play_midi(struct host *host, jack_nframes_t frames)
{
    void *buffer = jack_port_get_buffer(host->midi, frames);
    jack_nframes_t count = jack_midi_get_event_count(buffer);
    for (jack_nframes_t i = 0; i < count; i++) {
        jack_midi_event_t event;
        if (jack_midi_event_get(&event, buffer, i) == 0) {
            (void)call(midi)(host->patch, 0, event.buffer,
                             (unsigned)event.size);
        }
    }
}

/* Periods of whole blocks: the patch works on JACK's own memory. */
static void run_direct(struct host *host, const float *const *in,
                       float *const *out, jack_nframes_t frames)
{
    const float *block_in[MAX_CHANNELS];
    float *block_out[MAX_CHANNELS];
    for (jack_nframes_t at = 0; at < frames; at += host->block) {
        for (unsigned k = 0; k < host->inputs; k++) {
            block_in[k] = in[k] + at;
        }
        for (unsigned k = 0; k < host->outputs; k++) {
            block_out[k] = out[k] + at;
        }
        run(host, block_in, block_out);
    }
}

/* Other periods: everything comes one block later. */
static void run_buffered(struct host *host, const float *const *in,
                         float *const *out, jack_nframes_t frames)
{
    for (jack_nframes_t at = 0; at < frames;) {
        jack_nframes_t left = host->block - host->position;
        jack_nframes_t count = left < frames - at ? left : frames - at;
        size_t bytes = count * sizeof(float);
        for (unsigned k = 0; k < host->inputs; k++) {
            memcpy(host->in_block[k] + host->position, in[k] + at, bytes);
        }
        for (unsigned k = 0; k < host->outputs; k++) {
            memcpy(out[k] + at, host->out_block[k] + host->position, bytes);
        }
        at += count;
        host->position += count;
        if (host->position == host->block) {
            host->position = 0;
            run(host, (const float *const *)host->in_block, host->out_block);
        }
    }
}

static int on_process(jack_nframes_t frames, void *arg)
{
    struct host *host = arg;
    const float *in[MAX_CHANNELS];
    float *out[MAX_CHANNELS];
    for (unsigned k = 0; k < host->inputs; k++) {
        in[k] = jack_port_get_buffer(host->in[k], frames);
    }
    for (unsigned k = 0; k < host->outputs; k++) {
        out[k] = jack_port_get_buffer(host->out[k], frames);
    }
    play_midi(host, frames);
    if (frames % host->block == 0 && host->position == 0) {
        run_direct(host, in, out, frames);
    } else {
        run_buffered(host, in, out, frames);
    }
    return 0;
}

/* "osc:freq=220" */
static bool set_variable(struct host *host, const char *argument)
{
    const char *equals = strchr(argument, '=');
    char name[256];
    size_t length = equals != NULL ? (size_t)(equals - argument) : 0;
    if (length == 0 || length >= sizeof(name)) {
        (void)fprintf(stderr, "jack-host: '%s' is not NAME=NUMBER\n", argument);
        return false;
    }
    memcpy(name, argument, length);
    name[length] = '\0';
    char *rest;
    double value = strtod(equals + 1, &rest);
    if (*rest != '\0' || !call(set)(host->patch, call(find)(name), 0, value)) {
        (void)fprintf(stderr, "jack-host: no variable '%s' that takes '%s'\n",
                      name, equals + 1);
        return false;
    }
    return true;
}

static bool add_port(jack_client_t *client, jack_port_t **port,
                     const char *format, unsigned number, const char *type,
                     unsigned long flags)
{
    char name[32];
    (void)snprintf(name, sizeof(name), "%s%u", format, number);
    *port = jack_port_register(client, name, type, flags, 0);
    return *port != NULL;
}

static bool open_ports(struct host *host, jack_client_t *client)
{
    bool ok = add_port(client, &host->midi, "midi_", 1, JACK_DEFAULT_MIDI_TYPE,
                       JackPortIsInput);
    for (unsigned k = 0; ok && k < host->inputs; k++) {
        host->in_block[k] = calloc(host->block, sizeof(float));
        ok = host->in_block[k] != NULL &&
             add_port(client, &host->in[k], "in_", k + 1,
                      JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput);
    }
    for (unsigned k = 0; ok && k < host->outputs; k++) {
        host->out_block[k] = calloc(host->block, sizeof(float));
        ok = host->out_block[k] != NULL &&
             add_port(client, &host->out[k], "out_", k + 1,
                      JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput);
    }
    return ok;
}

static bool prepare(struct host *host, jack_client_t *client)
{
    struct f4e_library_info info = call(info)();
    if (jack_get_sample_rate(client) != info.sample_rate) {
        (void)fprintf(stderr, "jack-host: '%s' wants %u Hz, JACK has %u Hz\n",
                      info.name, (unsigned)info.sample_rate,
                      (unsigned)jack_get_sample_rate(client));
        return false;
    }
    host->block = info.block_frames;
    host->inputs = info.inputs < MAX_CHANNELS ? info.inputs : MAX_CHANNELS;
    host->outputs = info.outputs < MAX_CHANNELS ? info.outputs : MAX_CHANNELS;
    if (!open_ports(host, client)) {
        (void)fprintf(stderr, "jack-host: cannot make the ports\n");
        return false;
    }
    jack_on_shutdown(client, on_shutdown, NULL);
    return jack_set_process_callback(client, on_process, host) == 0 &&
           jack_activate(client) == 0;
}

int main(int argc, char **argv)
{
    static struct host host;
    host.patch = call(create)();
    if (host.patch == NULL) {
        (void)fprintf(stderr, "jack-host: %s\n", call(error)(NULL));
        return 1;
    }
    for (int i = 1; i < argc; i++) {
        if (!set_variable(&host, argv[i])) {
            return 2;
        }
    }
    jack_client_t *client =
        jack_client_open("jack-host", JackNoStartServer, NULL);
    if (client == NULL) {
        (void)fprintf(stderr, "jack-host: no JACK server runs\n");
        return 1;
    }
    (void)signal(SIGINT, end);
    (void)signal(SIGTERM, end);
    int status = prepare(&host, client) ? 0 : 1;
    while (status == 0 && !is_over) {
        (void)usleep(100000);
        if (atomic_load(&has_trapped)) {
            (void)fprintf(stderr, "jack-host: %s\n", call(error)(host.patch));
            status = 1;
        }
    }
    (void)jack_client_close(client);
    call(destroy)(host.patch);
    for (unsigned k = 0; k < MAX_CHANNELS; k++) {
        free(host.in_block[k]);
        free(host.out_block[k]);
    }
    return status;
}
