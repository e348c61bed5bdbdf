/* SPDX-License-Identifier: MIT */
#include "midi/midi_seq.h"

#include "common/alsa_errors.h"
#include "common/print.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { POOL_EVENTS = 2000, BUFFER_BYTES = 65536 };

static const unsigned readable =
    SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ;

/* A port of another client, as the user names it. */
struct source {
    int client;
    int port;
    bool is_hardware;
    char name[MIDI_SEQ_NAME_BYTES]; /* "Client:Port" */
};

static snd_seq_t *open_client(const char *name, struct failure *failure)
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
        (void)failure_hint(failure, error == -ENOENT
                                        ? "sudo modprobe snd-seq"
                                        : "--midi-in none does without");
        return NULL;
    }
    (void)snd_seq_set_client_name(handle, name);
    return handle;
}

/* True, with its name, when the client is there. */
static bool get_client_name(snd_seq_t *handle, int number, char *name,
                            size_t size)
{
    snd_seq_client_info_t *client = NULL;
    if (snd_seq_client_info_malloc(&client) < 0) {
        return false;
    }
    bool is_there = snd_seq_get_any_client_info(handle, number, client) >= 0;
    if (is_there) {
        (void)snprintf(name, size, "%s", snd_seq_client_info_get_name(client));
    }
    snd_seq_client_info_free(client);
    return is_there;
}

/* True when it can be played from. */
static bool describe(snd_seq_t *handle, const snd_seq_port_info_t *port,
                     struct source *source)
{
    char client[MIDI_SEQ_NAME_BYTES / 2];
    *source = (struct source){
        .client = snd_seq_port_info_get_client(port),
        .port = snd_seq_port_info_get_port(port),
        .is_hardware = (snd_seq_port_info_get_type(port) &
                        SND_SEQ_PORT_TYPE_HARDWARE) != 0,
    };
    if ((snd_seq_port_info_get_capability(port) & readable) != readable ||
        source->client == SND_SEQ_CLIENT_SYSTEM ||
        source->client == snd_seq_client_id(handle) ||
        !get_client_name(handle, source->client, client, sizeof(client))) {
        return false;
    }
    (void)snprintf(source->name, sizeof(source->name), "%s:%s", client,
                   snd_seq_port_info_get_name(port));
    return true;
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

/* "cid:pid", or a part of the name. */
static bool matches(const struct source *source, const char *pattern)
{
    char address[32];
    (void)snprintf(address, sizeof(address), "%d:%d", source->client,
                   source->port);
    return strcmp(address, pattern) == 0 || contains(source->name, pattern);
}

/* Our port for a port of the patch, or -1. */
static int port_for(const struct midi_seq *seq, unsigned target)
{
    for (unsigned i = 0; i < seq->port_count; i++) {
        if (seq->targets[i] == target) {
            return seq->ports[i];
        }
    }
    return -1;
}

/* Connect unless it is; true, with the link, when it is new. */
static bool connect_source(struct midi_seq *seq, const struct source *source,
                           unsigned target, struct midi_link *link)
{
    int port = port_for(seq, target);
    for (unsigned i = 0; i < seq->link_count; i++) {
        if (seq->links[i].client == source->client &&
            seq->links[i].port == source->port &&
            seq->links[i].target == target) {
            return false;
        }
    }
    if (port < 0 || seq->link_count == MIDI_SEQ_LINKS_MAX ||
        snd_seq_connect_from(seq->handle, port, source->client, source->port) <
            0) {
        return false;
    }
    *link = (struct midi_link){
        .client = source->client, .port = source->port, .target = target};
    memcpy(link->name, source->name, sizeof(link->name));
    seq->links[seq->link_count++] = *link;
    return true;
}

/*
 * Follow --midi-in; without it hardware plays the patch's first port. True
 * when something new plays: its last link is in '*link'.
 */
static bool connect_wanted(struct midi_seq *seq, const struct source *source,
                           struct midi_link *link)
{
    const struct options *options = seq->options;
    bool is_new = false;
    if (options->midi_in_count == 0) {
        return source->is_hardware &&
               connect_source(seq, source, seq->targets[0], link);
    }
    for (unsigned i = 0; i < options->midi_in_count; i++) {
        is_new = (matches(source, options->midi_in[i].text) &&
                  connect_source(seq, source,
                                 options->midi_in[i].has_port
                                     ? options->midi_in[i].port
                                     : seq->targets[0],
                                 link)) ||
                 is_new;
    }
    return is_new;
}

/* Call 'visit' for every source that is there. */
static void visit_sources(snd_seq_t *handle,
                          void (*visit)(const struct source *source, void *arg),
                          void *arg)
{
    snd_seq_client_info_t *client = NULL;
    snd_seq_port_info_t *port = NULL;
    if (snd_seq_client_info_malloc(&client) < 0) {
        return;
    }
    if (snd_seq_port_info_malloc(&port) < 0) {
        snd_seq_client_info_free(client);
        return;
    }
    snd_seq_client_info_set_client(client, -1);
    while (snd_seq_query_next_client(handle, client) >= 0) {
        snd_seq_port_info_set_client(port,
                                     snd_seq_client_info_get_client(client));
        snd_seq_port_info_set_port(port, -1);
        while (snd_seq_query_next_port(handle, port) >= 0) {
            struct source source;
            if (describe(handle, port, &source)) {
                visit(&source, arg);
            }
        }
    }
    snd_seq_port_info_free(port);
    snd_seq_client_info_free(client);
}

static void visit_to_connect(const struct source *source, void *arg)
{
    struct midi_link link;
    (void)connect_wanted(arg, source, &link);
}

/* One port of ours for each that the patch has bindings for, in their order. */
static bool make_ports(struct midi_seq *seq, const struct f4e_patch *patch,
                       struct failure *failure)
{
    /* Without bindings somebody else listens, on port 0. */
    const unsigned count = patch->midi_count > 0 ? patch->midi_count : 1;
    for (unsigned i = 0; i < count; i++) {
        char name[32];
        unsigned target = patch->midi_count > 0 ? patch->midi[i].port : 0;
        if (port_for(seq, target) >= 0 ||
            seq->port_count == MIDI_SEQ_PORTS_MAX) {
            continue;
        }
        (void)snprintf(name, sizeof(name), "in %u", target);
        int port = snd_seq_create_simple_port(
            seq->handle, name,
            SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE,
            SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION);
        if (port < 0) {
            return failure_set(failure, STATUS_MIDI,
                               "cannot make a MIDI port: %s",
                               snd_strerror(port));
        }
        seq->targets[seq->port_count] = target;
        seq->ports[seq->port_count++] = port;
    }
    /* Hears what comes and goes; nobody is to see it. */
    int announce = snd_seq_create_simple_port(seq->handle, "announce",
                                              SND_SEQ_PORT_CAP_WRITE |
                                                  SND_SEQ_PORT_CAP_NO_EXPORT,
                                              SND_SEQ_PORT_TYPE_APPLICATION);
    if (announce >= 0) {
        (void)snd_seq_connect_from(seq->handle, announce, SND_SEQ_CLIENT_SYSTEM,
                                   SND_SEQ_PORT_SYSTEM_ANNOUNCE);
    }
    return true;
}

bool midi_seq_open(struct midi_seq *seq, const struct f4e_patch *patch,
                   const struct options *options, struct failure *failure)
{
    char name[64];
    *seq = (struct midi_seq){.options = options};
    (void)snprintf(name, sizeof(name), "f4e:%s", patch->name);
    seq->handle = open_client(name, failure);
    if (seq->handle == NULL) {
        return false;
    }
    (void)snd_seq_set_client_pool_input(seq->handle, POOL_EVENTS);
    (void)snd_seq_set_input_buffer_size(seq->handle, BUFFER_BYTES);
    bool is_good = snd_midi_event_new(MIDI_SEQ_BYTES, &seq->decoder) >= 0 ||
                   failure_set(failure, STATUS_INTERNAL, "out of memory");
    is_good = is_good && make_ports(seq, patch, failure);
    if (!is_good) {
        midi_seq_close(seq);
        return false;
    }
    snd_midi_event_no_status(seq->decoder, 1); /* every status is told */
    visit_sources(seq->handle, visit_to_connect, seq);
    return true;
}

unsigned midi_seq_poll_count(const struct midi_seq *seq)
{
    int count = snd_seq_poll_descriptors_count(seq->handle, POLLIN);
    return count > 0 ? (unsigned)count : 0;
}

void midi_seq_poll_fill(const struct midi_seq *seq, struct pollfd *fds,
                        unsigned count)
{
    (void)snd_seq_poll_descriptors(seq->handle, fds, count, POLLIN);
}

static void take_start(struct midi_seq *seq, const snd_seq_addr_t *addr,
                       struct midi_seq_event *event)
{
    snd_seq_port_info_t *port = NULL;
    struct source source;
    if (snd_seq_port_info_malloc(&port) < 0) {
        return;
    }
    if (snd_seq_get_any_port_info(seq->handle, addr->client, addr->port,
                                  port) >= 0 &&
        describe(seq->handle, port, &source) &&
        connect_wanted(seq, &source, &event->link)) {
        event->kind = MIDI_SEQ_LINKED;
    }
    snd_seq_port_info_free(port);
}

static void take_exit(struct midi_seq *seq, const snd_seq_addr_t *addr,
                      struct midi_seq_event *event)
{
    unsigned kept = 0;
    event->kind = MIDI_SEQ_GONE;
    event->link.name[0] = '\0';
    event->source = (struct midi_source){addr->client, addr->port};
    for (unsigned i = 0; i < seq->link_count; i++) {
        if (seq->links[i].client == addr->client &&
            seq->links[i].port == addr->port) {
            event->link = seq->links[i];
        } else {
            seq->links[kept++] = seq->links[i];
        }
    }
    seq->link_count = kept;
}

static void take_data(struct midi_seq *seq, const snd_seq_event_t *from,
                      struct midi_seq_event *event)
{
    long count = snd_midi_event_decode(seq->decoder, event->bytes,
                                       sizeof(event->bytes), from);
    for (unsigned i = 0; i < seq->port_count; i++) {
        if (seq->ports[i] == from->dest.port) {
            event->target = seq->targets[i];
            event->source =
                (struct midi_source){from->source.client, from->source.port};
            /* Not all events are MIDI; too long ones are as good as lost. */
            event->kind = count > 0          ? MIDI_SEQ_DATA
                          : count == -ENOMEM ? MIDI_SEQ_LOST
                                             : MIDI_SEQ_OTHER;
            event->count = count > 0 ? (size_t)count : 0;
        }
    }
}

void midi_seq_next(struct midi_seq *seq, struct midi_seq_event *event)
{
    snd_seq_event_t *from = NULL;
    event->kind = MIDI_SEQ_OTHER;
    int error = snd_seq_event_input(seq->handle, &from);
    if (error < 0 || from == NULL) {
        event->kind = error == -ENOSPC ? MIDI_SEQ_LOST : MIDI_SEQ_NOTHING;
    } else if (from->type == SND_SEQ_EVENT_PORT_START) {
        take_start(seq, &from->data.addr, event);
    } else if (from->type == SND_SEQ_EVENT_PORT_EXIT) {
        take_exit(seq, &from->data.addr, event);
    } else if (from->type == SND_SEQ_EVENT_PORT_UNSUBSCRIBED) {
        event->kind = MIDI_SEQ_GONE;
        event->link.name[0] = '\0';
        event->source = (struct midi_source){from->data.connect.sender.client,
                                             from->data.connect.sender.port};
    } else {
        take_data(seq, from, event);
    }
}

void midi_seq_close(struct midi_seq *seq)
{
    if (seq->decoder != NULL) {
        snd_midi_event_free(seq->decoder);
        seq->decoder = NULL;
    }
    if (seq->handle != NULL) {
        (void)snd_seq_close(seq->handle);
        seq->handle = NULL;
    }
}

struct listing {
    FILE *file;
    bool is_json;
    struct json json;
    unsigned count;
};

static void visit_to_list(const struct source *source, void *arg)
{
    struct listing *listing = arg;
    if (listing->is_json) {
        char address[24];
        (void)snprintf(address, sizeof(address), "%d:%d", source->client,
                       source->port);
        json_open(&listing->json, '{');
        json_member_string(&listing->json, "address", address);
        json_member_string(&listing->json, "name", source->name);
        json_member_bool(&listing->json, "isHardware", source->is_hardware);
        json_close(&listing->json, '}');
    } else {
        (void)fprintf(listing->file, "%d:%-4d %-8s ", source->client,
                      source->port, source->is_hardware ? "hardware" : "");
        print_name(source->name, listing->file);
        (void)fputc('\n', listing->file);
    }
    listing->count++;
}

bool midi_seq_list(bool is_json,
                   unsigned (*more)(struct json *json, FILE *file), FILE *file,
                   struct failure *failure)
{
    struct listing listing = {.file = file, .is_json = is_json};
    struct failure missing = {0};
    snd_seq_t *handle = open_client("f4e", &missing);
    if (handle == NULL && more(NULL, NULL) == 0) {
        *failure = missing;
        return false;
    }
    json_init(&listing.json, file, 1);
    if (is_json) {
        json_open(&listing.json, '[');
    }
    if (handle != NULL) {
        visit_sources(handle, visit_to_list, &listing);
        (void)snd_seq_close(handle);
    }
    listing.count += more(is_json ? &listing.json : NULL, file);
    if (is_json) {
        json_close(&listing.json, ']');
    } else if (listing.count == 0) {
        (void)fputs("no MIDI ports to play from\n", file);
    }
    return true;
}
