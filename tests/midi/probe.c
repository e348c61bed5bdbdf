/* SPDX-License-Identifier: MIT */
/*
 * Measures MIDI from outside, as a client of the ALSA sequencer:
 *
 *   probe out CLIENT COUNT     when messages of a patch arrive that it sends in
 *                              every 8th block of 128 frames at 48 kHz
 *   probe in CLIENT COUNT      how long after a note the patch's answer to it
 *                              arrives, which leaves when the note is heard
 *
 * CLIENT is the name of the patch's client. Times are the sequencer's own, of a
 * queue that runs by the finest timer there is. Prints one line: numbers in
 * microseconds.
 */
#define _GNU_SOURCE /* clock_nanosleep, usleep */
#include <alsa/asoundlib.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TIMES_MAX = 4000,
    WAIT_MS = 5000,
    PORTS = 8,
    SPREAD_US = 13000, /* between two notes: any place of a buffer */
};

static snd_seq_t *seq;
static int queue;
static int own;

static void fail(const char *what, int error)
{
    (void)fprintf(stderr, "probe: %s: %s\n", what, snd_strerror(error));
    exit(1);
}

static void must(const char *what, int error)
{
    if (error < 0) {
        fail(what, error);
    }
}

/* Our port: both ways, and what comes is stamped. */
static void open_port(void)
{
    snd_seq_port_info_t *info = NULL;
    must("sequencer", snd_seq_open(&seq, "default", SND_SEQ_OPEN_DUPLEX, 0));
    (void)snd_seq_set_client_name(seq, "probe");
    queue = snd_seq_alloc_queue(seq);
    must("queue", queue);
    must("start", snd_seq_start_queue(seq, queue, NULL));
    must("start", snd_seq_drain_output(seq));
    must("port", snd_seq_port_info_malloc(&info));
    snd_seq_port_info_set_name(info, "probe");
    snd_seq_port_info_set_capability(
        info, SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ |
                  SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE);
    snd_seq_port_info_set_type(info, SND_SEQ_PORT_TYPE_MIDI_GENERIC);
    snd_seq_port_info_set_timestamping(info, 1);
    snd_seq_port_info_set_timestamp_real(info, 1);
    snd_seq_port_info_set_timestamp_queue(info, queue);
    must("port", snd_seq_create_port(seq, info));
    own = snd_seq_port_info_get_port(info);
    snd_seq_port_info_free(info);
}

/* The port called 'port' of a client called 'name', which may still start. */
static bool find(const char *name, const char *port, snd_seq_addr_t *address)
{
    snd_seq_client_info_t *client = NULL;
    snd_seq_port_info_t *info = NULL;
    bool is_found = false;
    must("memory", snd_seq_client_info_malloc(&client));
    must("memory", snd_seq_port_info_malloc(&info));
    snd_seq_client_info_set_client(client, -1);
    while (!is_found && snd_seq_query_next_client(seq, client) >= 0) {
        int number = snd_seq_client_info_get_client(client);
        if (strcmp(snd_seq_client_info_get_name(client), name) != 0) {
            continue;
        }
        for (int i = 0; !is_found && i < PORTS; i++) {
            is_found = snd_seq_get_any_port_info(seq, number, i, info) >= 0 &&
                       strcmp(snd_seq_port_info_get_name(info), port) == 0;
            address->client = (unsigned char)number;
            address->port = (unsigned char)i;
        }
    }
    snd_seq_port_info_free(info);
    snd_seq_client_info_free(client);
    return is_found;
}

static void await(const char *name, const char *port, snd_seq_addr_t *address)
{
    for (int tries = 0; !find(name, port, address); tries++) {
        if (tries == 1000) {
            (void)fprintf(stderr, "probe: no '%s' '%s'\n", name, port);
            exit(1);
        }
        (void)usleep(10000);
    }
}

static double stamp(const snd_seq_event_t *event)
{
    return event->time.time.tv_sec * 1e6 + event->time.time.tv_nsec * 1e-3;
}

static double now(void)
{
    snd_seq_queue_status_t *status = NULL;
    must("memory", snd_seq_queue_status_malloc(&status));
    must("time", snd_seq_get_queue_status(seq, queue, status));
    const snd_seq_real_time_t *time =
        snd_seq_queue_status_get_real_time(status);
    double us = time->tv_sec * 1e6 + time->tv_nsec * 1e-3;
    snd_seq_queue_status_free(status);
    return us;
}

/* The next event of this type. */
static const snd_seq_event_t *take(int type)
{
    static struct pollfd fds[4];
    int count = snd_seq_poll_descriptors(seq, fds, 4, POLLIN);
    for (;;) {
        snd_seq_event_t *event = NULL;
        if (snd_seq_event_input_pending(seq, 1) == 0 &&
            poll(fds, (nfds_t)count, WAIT_MS) == 0) {
            (void)fprintf(stderr, "probe: nothing comes\n");
            exit(1);
        }
        must("input", snd_seq_event_input(seq, &event));
        if (event->type == type) {
            return event;
        }
    }
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static void print(const char *what, double *values, int count)
{
    double sum = 0;
    double square = 0;
    for (int i = 0; i < count; i++) {
        sum += values[i];
    }
    for (int i = 0; i < count; i++) {
        square += (values[i] - sum / count) * (values[i] - sum / count);
    }
    qsort(values, (size_t)count, sizeof(*values), compare);
    printf("%s count %d least %.0f mean %.0f most %.0f deviation %.0f p1 %.0f "
           "p99 %.0f\n",
           what, count, values[0], sum / count, values[count - 1],
           sqrt(square / count), values[count / 100],
           values[count - 1 - count / 100]);
}

/* How far each arrival is from where a steady pace has it. */
static void measure_out(const char *client, int count)
{
    static double times[TIMES_MAX];
    snd_seq_addr_t from;
    double a = 0;
    double b = 0;
    double x_mean = (count - 1) / 2.0;
    double t_mean = 0;
    double divisor = 0;
    await(client, "out 0", &from);
    must("connect", snd_seq_connect_from(seq, own, from.client, from.port));
    for (int i = -20; i < count; i++) { /* until it has settled */
        double time = stamp(take(SND_SEQ_EVENT_CONTROLLER));
        if (i >= 0) {
            times[i] = time;
            t_mean += time / count;
        }
    }
    for (int i = 0; i < count; i++) {
        b += (i - x_mean) * (times[i] - t_mean);
        divisor += (i - x_mean) * (i - x_mean);
    }
    b /= divisor;
    a = t_mean - b * x_mean;
    for (int i = 0; i < count; i++) {
        times[i] -= a + b * i;
    }
    printf("interval %.2f ", b);
    print("out", times, count);
}

/* Each answer is awaited; notes come at any place of a buffer. */
static void measure_in(const char *client, int count)
{
    static double times[TIMES_MAX];
    snd_seq_addr_t in;
    snd_seq_addr_t out;
    await(client, "in 0", &in);
    await(client, "out 0", &out);
    must("connect", snd_seq_connect_from(seq, own, out.client, out.port));
    must("connect", snd_seq_connect_to(seq, own, in.client, in.port));
    (void)usleep(200000);
    srand(1);
    for (int i = 0; i < count; i++) {
        snd_seq_event_t event;
        snd_seq_ev_clear(&event);
        snd_seq_ev_set_source(&event, (unsigned char)own);
        snd_seq_ev_set_subs(&event);
        snd_seq_ev_set_direct(&event);
        snd_seq_ev_set_noteon(&event, 0, 60, 100);
        (void)usleep((useconds_t)(rand() % SPREAD_US));
        double start = now();
        must("output", snd_seq_event_output_direct(seq, &event));
        times[i] = stamp(take(SND_SEQ_EVENT_NOTEON)) - start;
    }
    print("in", times, count);
}

int main(int argc, char **argv)
{
    int count = argc == 4 ? atoi(argv[3]) : 0;
    bool is_out = argc == 4 && strcmp(argv[1], "out") == 0;
    if (count < 10 || count > TIMES_MAX ||
        (!is_out && strcmp(argv[1], "in") != 0)) {
        (void)fprintf(stderr, "usage: probe out|in CLIENT COUNT\n");
        return 2;
    }
    open_port();
    (is_out ? measure_out : measure_in)(argv[2], count);
    return 0;
}
