/* SPDX-License-Identifier: MIT */
#include "midi/midi_ports.h"

#include "common/alsa_errors.h"
#include "common/print.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const unsigned wanted_caps[] = {
    [MIDI_PORTS_IN] = SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ,
    [MIDI_PORTS_OUT] = SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE,
};

snd_seq_t *midi_ports_open(const char *name, const char *none,
                           struct failure *failure)
{
    snd_seq_t *handle = NULL;
    alsa_errors_capture();
    int error =
        snd_seq_open(&handle, "default", SND_SEQ_OPEN_DUPLEX, SND_SEQ_NONBLOCK);
    if (error < 0) {
        (void)failure_set(failure, STATUS_MIDI,
                          "cannot open the MIDI sequencer: %s",
                          snd_strerror(error));
        alsa_errors_detail(failure);
        (void)(error == -ENOENT
                   ? failure_hint(failure, "sudo modprobe snd-seq")
                   : failure_hint(failure, "%s does without", none));
        return NULL;
    }
    (void)snd_seq_set_client_name(handle, name);
    return handle;
}

/* True, with its name, when the client is there. */
static bool get_client_name(snd_seq_t *handle, int number, char *name,
                            size_t size)
{
    snd_seq_client_info_t *client = calloc(1, snd_seq_client_info_sizeof());
    if (client == NULL) {
        return false;
    }
    bool is_there = snd_seq_get_any_client_info(handle, number, client) >= 0;
    if (is_there) {
        (void)snprintf(name, size, "%s", snd_seq_client_info_get_name(client));
    }
    free(client);
    return is_there;
}

bool midi_ports_describe(snd_seq_t *handle, enum midi_direction direction,
                         const snd_seq_port_info_t *info,
                         struct midi_port *port)
{
    char client[MIDI_PORT_NAME_BYTES / 2];
    const unsigned caps = wanted_caps[direction];
    *port = (struct midi_port){
        .client = snd_seq_port_info_get_client(info),
        .port = snd_seq_port_info_get_port(info),
        .is_hardware = (snd_seq_port_info_get_type(info) &
                        SND_SEQ_PORT_TYPE_HARDWARE) != 0,
    };
    if ((snd_seq_port_info_get_capability(info) & caps) != caps ||
        port->client == SND_SEQ_CLIENT_SYSTEM ||
        port->client == snd_seq_client_id(handle) ||
        !get_client_name(handle, port->client, client, sizeof(client))) {
        return false;
    }
    (void)snprintf(port->name, sizeof(port->name), "%s:%s", client,
                   snd_seq_port_info_get_name(info));
    return true;
}

bool midi_ports_find(snd_seq_t *handle, enum midi_direction direction,
                     const snd_seq_addr_t *address, struct midi_port *port)
{
    snd_seq_port_info_t *info = calloc(1, snd_seq_port_info_sizeof());
    if (info == NULL) {
        return false;
    }
    bool is_there = snd_seq_get_any_port_info(handle, address->client,
                                              address->port, info) >= 0 &&
                    midi_ports_describe(handle, direction, info, port);
    free(info);
    return is_there;
}

static bool contains(const char *text, const char *part)
{
    size_t length = strlen(part);
    for (; *text != '\0'; text++) {
        if (strncasecmp(text, part, length) == 0) {
            return true;
        }
    }
    return false;
}

bool midi_ports_match(const struct midi_port *port, const char *pattern)
{
    char address[32];
    (void)snprintf(address, sizeof(address), "%d:%d", port->client, port->port);
    return strcmp(address, pattern) == 0 || contains(port->name, pattern);
}

void midi_ports_visit(snd_seq_t *handle, enum midi_direction direction,
                      void (*visit)(const struct midi_port *port, void *arg),
                      void *arg)
{
    snd_seq_client_info_t *client = calloc(1, snd_seq_client_info_sizeof());
    snd_seq_port_info_t *info = calloc(1, snd_seq_port_info_sizeof());
    bool is_good = client != NULL && info != NULL;
    if (is_good) {
        snd_seq_client_info_set_client(client, -1);
    }
    while (is_good && snd_seq_query_next_client(handle, client) >= 0) {
        snd_seq_port_info_set_client(info,
                                     snd_seq_client_info_get_client(client));
        snd_seq_port_info_set_port(info, -1);
        while (snd_seq_query_next_port(handle, info) >= 0) {
            struct midi_port port;
            if (midi_ports_describe(handle, direction, info, &port)) {
                visit(&port, arg);
            }
        }
    }
    free(info);
    free(client);
}

void midi_ports_announce(snd_seq_t *handle)
{
    int port = snd_seq_create_simple_port(
        handle, "announce", SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_NO_EXPORT,
        SND_SEQ_PORT_TYPE_APPLICATION);
    if (port >= 0) {
        (void)snd_seq_connect_from(handle, port, SND_SEQ_CLIENT_SYSTEM,
                                   SND_SEQ_PORT_SYSTEM_ANNOUNCE);
    }
}

static const char out_heading[] = "to send to:\n";

struct listing {
    FILE *file;
    bool is_json;
    enum midi_direction direction;
    struct json json;
    unsigned count;
};

static void list(const struct midi_port *port, void *arg)
{
    struct listing *listing = arg;
    bool is_out = listing->direction == MIDI_PORTS_OUT;
    if (listing->is_json) {
        char address[24];
        (void)snprintf(address, sizeof(address), "%d:%d", port->client,
                       port->port);
        json_open(&listing->json, '{');
        json_member_string(&listing->json, "address", address);
        json_member_string(&listing->json, "name", port->name);
        json_member_bool(&listing->json, "isHardware", port->is_hardware);
        json_member_string(&listing->json, "direction", is_out ? "out" : "in");
        json_close(&listing->json, '}');
    } else {
        if (is_out && listing->count == 0) {
            (void)fputs(out_heading, listing->file);
        }
        (void)fprintf(listing->file, "%d:%-4d %-8s ", port->client, port->port,
                      port->is_hardware ? "hardware" : "");
        print_name(port->name, listing->file);
        (void)fputc('\n', listing->file);
    }
    listing->count++;
}

/* Those of the sequencer, then those that 'more' knows. */
static void list_direction(struct listing *listing, snd_seq_t *handle,
                           midi_ports_more *more)
{
    listing->count = 0;
    if (handle != NULL) {
        midi_ports_visit(handle, listing->direction, list, listing);
    }
    const bool needs_heading =
        listing->direction == MIDI_PORTS_OUT && listing->count == 0;
    listing->count +=
        more(listing->direction, needs_heading ? out_heading : NULL,
             listing->is_json ? &listing->json : NULL, listing->file);
}

bool midi_ports_list(bool is_json, midi_ports_more *more, FILE *file,
                     struct failure *failure)
{
    struct listing listing = {.file = file, .is_json = is_json};
    struct failure missing = {0};
    snd_seq_t *handle = midi_ports_open("f4e", "--midi-in none", &missing);
    if (handle == NULL && more(MIDI_PORTS_IN, NULL, NULL, NULL) == 0 &&
        more(MIDI_PORTS_OUT, NULL, NULL, NULL) == 0) {
        *failure = missing;
        return false;
    }
    json_init(&listing.json, file, 1);
    if (is_json) {
        json_open(&listing.json, '[');
    }
    list_direction(&listing, handle, more);
    if (!is_json && listing.count == 0) {
        (void)fputs("no MIDI ports to play from\n", file);
    }
    listing.direction = MIDI_PORTS_OUT;
    list_direction(&listing, handle, more);
    if (handle != NULL) {
        (void)snd_seq_close(handle);
    }
    if (is_json) {
        json_close(&listing.json, ']');
    }
    return true;
}
