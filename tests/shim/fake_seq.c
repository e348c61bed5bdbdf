/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a fake patch: an ALSA sequencer made of files in the current
 * directory. "ports" lists the ports that are there, a line each: client,
 * port, 1 for hardware, 2 and 3 for what can only be written to, 3 by
 * connections, "Client:Port". What is connected is appended to
 * "connections". Events that are sent are appended to "sent", a line each: the
 * seconds of the queue or "now", our port, the bytes. Those that come are read
 * from the pipe "events": snd_seq_event_t, with the bytes of a variable one
 * behind it; one of type 255 loses some. Without "ports" there is no sequencer.
 */
#include <alsa/asoundlib.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OWN_CLIENT = 128, PORTS_MAX = 64, NAME_BYTES = 64 };

static int events = -1;
static snd_midi_event_t *decoder;
static int own_ports;
static snd_seq_event_t event;
static unsigned char variable[65536];

struct line {
    int client;
    int port;
    int is_hardware;
    char client_name[NAME_BYTES];
    char port_name[NAME_BYTES];
};

/* The ports that are there now. */
static unsigned read_ports(struct line *lines)
{
    unsigned count = 0;
    FILE *file = fopen("ports", "re");
    while (file != NULL && count < PORTS_MAX &&
           fscanf(file, "%d %d %d %63[^:]:%63[^\n]", &lines[count].client,
                  &lines[count].port, &lines[count].is_hardware,
                  lines[count].client_name, lines[count].port_name) == 5) {
        count++;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return count;
}

int snd_seq_open(snd_seq_t **handle, const char *name, int streams, int mode)
{
    static char dummy;
    (void)name;
    (void)streams;
    (void)mode;
    if (access("ports", F_OK) != 0) {
        return -ENOENT;
    }
    events = open("events", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    *handle = (snd_seq_t *)(void *)&dummy;
    return 0;
}

int snd_seq_close(snd_seq_t *handle)
{
    (void)handle;
    (void)close(events);
    return 0;
}

int snd_seq_client_id(snd_seq_t *handle)
{
    (void)handle;
    return OWN_CLIENT;
}

int snd_seq_set_client_name(snd_seq_t *handle, const char *name)
{
    FILE *file = fopen("connections", "ae");
    (void)handle;
    (void)fprintf(file, "client %s\n", name);
    (void)fclose(file);
    return 0;
}

int snd_seq_set_client_pool_input(snd_seq_t *handle, size_t size)
{
    (void)handle;
    (void)size;
    return 0;
}

int snd_seq_set_input_buffer_size(snd_seq_t *handle, size_t size)
{
    (void)handle;
    (void)size;
    return 0;
}

int snd_seq_create_simple_port(snd_seq_t *handle, const char *name,
                               unsigned caps, unsigned type)
{
    FILE *file = fopen("connections", "ae");
    (void)handle;
    (void)type;
    (void)fprintf(file, "port %d %s%s\n", own_ports, name,
                  (caps & SND_SEQ_PORT_CAP_NO_EXPORT) != 0 ? " hidden" : "");
    (void)fclose(file);
    return own_ports++;
}

int snd_seq_connect_from(snd_seq_t *handle, int port, int client,
                         int other_port)
{
    FILE *file = fopen("connections", "ae");
    (void)handle;
    (void)fprintf(file, "%d:%d to %d\n", client, other_port, port);
    (void)fclose(file);
    return 0;
}

int snd_seq_query_next_client(snd_seq_t *handle, snd_seq_client_info_t *info)
{
    struct line lines[PORTS_MAX];
    unsigned count = read_ports(lines);
    int after = snd_seq_client_info_get_client(info);
    int next = -1;
    (void)handle;
    for (unsigned i = 0; i < count; i++) {
        int client = lines[i].client;
        if (client > after && (next < 0 || client < next)) {
            next = client;
        }
    }
    snd_seq_client_info_set_client(info, next);
    return next < 0 ? -ENOENT : 0;
}

static void fill(snd_seq_port_info_t *info, const struct line *line)
{
    snd_seq_port_info_set_client(info, line->client);
    snd_seq_port_info_set_port(info, line->port);
    snd_seq_port_info_set_name(info, line->port_name);
    snd_seq_port_info_set_capability(
        info, line->is_hardware == 2 ? SND_SEQ_PORT_CAP_WRITE
              : line->is_hardware == 3
                  ? SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE
                  : SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ);
    snd_seq_port_info_set_type(info, line->is_hardware != 0
                                         ? SND_SEQ_PORT_TYPE_HARDWARE
                                         : SND_SEQ_PORT_TYPE_SOFTWARE);
}

int snd_seq_query_next_port(snd_seq_t *handle, snd_seq_port_info_t *info)
{
    struct line lines[PORTS_MAX];
    unsigned count = read_ports(lines);
    (void)handle;
    for (unsigned i = 0; i < count; i++) {
        if (lines[i].client == snd_seq_port_info_get_client(info) &&
            /* Port -1 is 255, and the next is 0, as in the kernel. */
            lines[i].port >=
                (unsigned char)(snd_seq_port_info_get_port(info) + 1)) {
            fill(info, &lines[i]);
            return 0;
        }
    }
    return -ENOENT;
}

int snd_seq_get_any_client_info(snd_seq_t *handle, int client,
                                snd_seq_client_info_t *info)
{
    struct line lines[PORTS_MAX];
    unsigned count = read_ports(lines);
    (void)handle;
    for (unsigned i = 0; i < count; i++) {
        if (lines[i].client == client) {
            snd_seq_client_info_set_client(info, client);
            snd_seq_client_info_set_name(info, lines[i].client_name);
            return 0;
        }
    }
    return -ENOENT;
}

int snd_seq_get_any_port_info(snd_seq_t *handle, int client, int port,
                              snd_seq_port_info_t *info)
{
    struct line lines[PORTS_MAX];
    unsigned count = read_ports(lines);
    (void)handle;
    for (unsigned i = 0; i < count; i++) {
        if (lines[i].client == client && lines[i].port == port) {
            fill(info, &lines[i]);
            return 0;
        }
    }
    return -ENOENT;
}

int snd_seq_poll_descriptors_count(snd_seq_t *handle, short what)
{
    (void)handle;
    (void)what;
    return 1;
}

int snd_seq_poll_descriptors(snd_seq_t *handle, struct pollfd *fds,
                             unsigned space, short what)
{
    (void)handle;
    if (space > 0) {
        *fds = (struct pollfd){.fd = events, .events = what};
    }
    return 1;
}

int snd_seq_event_input(snd_seq_t *handle, snd_seq_event_t **to)
{
    (void)handle;
    if (read(events, &event, sizeof(event)) != (ssize_t)sizeof(event)) {
        return -EAGAIN;
    }
    if (event.type == 255) {
        return -ENOSPC;
    }
    if (snd_seq_ev_is_variable(&event)) {
        if (event.data.ext.len > sizeof(variable) ||
            read(events, variable, event.data.ext.len) !=
                (ssize_t)event.data.ext.len) {
            abort();
        }
        event.data.ext.ptr = variable;
    }
    *to = &event;
    return 1;
}

int snd_seq_set_client_pool_output(snd_seq_t *handle, size_t size)
{
    (void)handle;
    (void)size;
    return 0;
}

int snd_seq_alloc_named_queue(snd_seq_t *handle, const char *name)
{
    (void)handle;
    (void)name;
    return 3;
}

int snd_seq_control_queue(snd_seq_t *handle, int queue, int type, int value,
                          snd_seq_event_t *with)
{
    (void)handle;
    (void)queue;
    (void)type;
    (void)value;
    (void)with;
    return 0;
}

int snd_seq_drain_output(snd_seq_t *handle)
{
    (void)handle;
    return 0;
}

/* The queue's time is 0 whenever it is asked for. */
int snd_seq_get_queue_status(snd_seq_t *handle, int queue,
                             snd_seq_queue_status_t *status)
{
    (void)handle;
    (void)queue;
    memset(status, 0, snd_seq_queue_status_sizeof());
    return 0;
}

int snd_seq_connect_to(snd_seq_t *handle, int port, int client, int other_port)
{
    FILE *file = fopen("connections", "ae");
    (void)handle;
    (void)fprintf(file, "%d to %d:%d\n", port, client, other_port);
    (void)fclose(file);
    return 0;
}

int snd_seq_event_output_direct(snd_seq_t *handle, snd_seq_event_t *sent)
{
    unsigned char bytes[16];
    (void)handle;
    if (decoder == NULL) {
        if (snd_midi_event_new(sizeof(bytes), &decoder) < 0) {
            abort();
        }
        snd_midi_event_no_status(decoder, 1);
    }
    long count = snd_midi_event_decode(decoder, bytes, sizeof(bytes), sent);
    FILE *file = fopen("sent", "ae");
    if (sent->queue == SND_SEQ_QUEUE_DIRECT) {
        (void)fprintf(file, "now");
    } else {
        (void)fprintf(file, "%u.%09u", sent->time.time.tv_sec,
                      sent->time.time.tv_nsec);
    }
    (void)fprintf(file, " %d", sent->source.port);
    for (long i = 0; i < count; i++) {
        (void)fprintf(file, " %02x", bytes[i]);
    }
    (void)fputc('\n', file);
    (void)fclose(file);
    return 0;
}

int snd_seq_get_port_info(snd_seq_t *handle, int port,
                          snd_seq_port_info_t *info)
{
    (void)handle;
    memset(info, 0, snd_seq_port_info_sizeof());
    snd_seq_port_info_set_port(info, port);
    return 0;
}

int snd_seq_set_port_info(snd_seq_t *handle, int port,
                          snd_seq_port_info_t *info)
{
    FILE *file = fopen("connections", "ae");
    (void)handle;
    (void)fprintf(file, "port %d stamps %s by queue %d\n", port,
                  snd_seq_port_info_get_timestamping(info) &&
                          snd_seq_port_info_get_timestamp_real(info)
                      ? "time"
                      : "nothing",
                  snd_seq_port_info_get_timestamp_queue(info));
    (void)fclose(file);
    return 0;
}

int snd_seq_get_queue_timer(snd_seq_t *handle, int queue,
                            snd_seq_queue_timer_t *timer)
{
    (void)handle;
    (void)queue;
    memset(timer, 0, snd_seq_queue_timer_sizeof());
    return 0;
}

int snd_seq_set_queue_timer(snd_seq_t *handle, int queue,
                            snd_seq_queue_timer_t *timer)
{
    (void)handle;
    (void)queue;
    (void)timer;
    return 0;
}
