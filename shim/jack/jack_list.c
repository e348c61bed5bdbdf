/* SPDX-License-Identifier: MIT */
#include "jack/jack_list.h"

#include "common/print.h"
#include "jack/jack_errand.h"
#include "jack/jack_names.h"
#include "jack/libjack.h"

#include <stdlib.h>
#include <string.h>

enum { CLOSE_MS = 1000 };

struct visit {
    struct libjack lib;
    struct libjack_client *client; /* NULL: the server does not answer */
    struct jack_errand errand;
};

static void open_client(void *context)
{
    struct visit *visit = context;
    int status = 0;
    visit->client =
        visit->lib.client_open("f4e-list", LIBJACK_NO_START_SERVER, &status);
}

static void close_client(void *context)
{
    struct visit *visit = context;
    (void)visit->lib.client_close(visit->client);
}

/* An errand that hangs keeps what it has, until the program ends. */
static void end(struct visit *visit)
{
    struct failure failure = {0};
    bool is_free = jack_errand_wait(&visit->errand, -1, 0);
    if (is_free && visit->client != NULL) {
        is_free =
            jack_errand_begin(&visit->errand, close_client, visit, &failure) &&
            jack_errand_wait(&visit->errand, -1, CLOSE_MS);
    }
    if (is_free) {
        jack_errand_deinit(&visit->errand);
        free(visit);
    }
}

/* NULL: there is no server. */
static struct visit *begin(void)
{
    struct failure failure = {0};
    struct visit *visit = calloc(1, sizeof(*visit));
    if (visit == NULL) {
        return NULL;
    }
    visit->errand.done_fd = -1;
    bool is_sent =
        libjack_open(&visit->lib, &failure) &&
        jack_errand_init(&visit->errand, &failure) &&
        jack_errand_begin(&visit->errand, open_client, visit, &failure);
    bool has_answer =
        !is_sent || jack_errand_wait(&visit->errand, -1, (int)jack_patience_ms);
    if (has_answer && visit->client == NULL) {
        end(visit);
        return NULL;
    }
    return visit;
}

static bool has_answered(struct visit *visit)
{
    return jack_errand_wait(&visit->errand, -1, 0);
}

static void list_ports(const struct visit *visit, const char *title,
                       unsigned long flags, struct json *json, FILE *file)
{
    const char **names = visit->lib.get_ports(
        visit->client, NULL, LIBJACK_AUDIO, flags | LIBJACK_IS_PHYSICAL);
    if (json != NULL) {
        json_open_member(json, title, '[');
    }
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        if (json != NULL) {
            json_string(json, names[i]);
        } else {
            (void)fprintf(file, "  %-4s ", title);
            print_name(names[i], file);
            (void)fputc('\n', file);
        }
    }
    if (json != NULL) {
        json_close(json, ']');
    }
    if (names != NULL) {
        visit->lib.free((void *)names);
    }
}

static void list_server(const struct f4e_patch *patch,
                        const struct visit *visit, struct json *json,
                        FILE *file)
{
    const unsigned rate = visit->lib.get_sample_rate(visit->client);
    const unsigned period = visit->lib.get_buffer_size(visit->client);
    const bool is_good = rate == patch->sample_rate;
    if (json != NULL) {
        json_member_unsigned(json, "rate", rate);
        json_member_unsigned(json, "period", period);
        json_member_bool(json, "isGood", is_good);
    } else {
        (void)fprintf(file, "%u Hz, periods of %u: ", rate, period);
        if (is_good) {
            (void)fputs("OK\n", file);
        } else {
            (void)fprintf(file, "NO, not at the patch's %u Hz\n",
                          (unsigned)patch->sample_rate);
        }
    }
    list_ports(visit, "out", LIBJACK_IS_INPUT, json, file);
    list_ports(visit, "in", LIBJACK_IS_OUTPUT, json, file);
}

void jack_list_devices(const struct f4e_patch *patch, struct json *json,
                       FILE *file)
{
    struct visit *visit = begin();
    if (visit == NULL) {
        return;
    }
    if (json != NULL) {
        json_open_member(json, "jack", '{');
        json_member_string(json, "name", "jack");
    } else {
        (void)fputs("jack  JACK server, ", file);
    }
    if (has_answered(visit)) {
        list_server(patch, visit, json, file);
    } else if (json != NULL) {
        json_member_bool(json, "isGood", false);
    } else {
        (void)fputs("NO, it does not answer\n", file);
    }
    if (json != NULL) {
        json_close(json, '}');
    }
    end(visit);
}

static bool is_physical(const struct visit *visit, const char *name,
                        unsigned long flags)
{
    const char **names = visit->lib.get_ports(visit->client, NULL, LIBJACK_MIDI,
                                              flags | LIBJACK_IS_PHYSICAL);
    bool is_it = false;
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        is_it = is_it || strcmp(names[i], name) == 0;
    }
    if (names != NULL) {
        visit->lib.free((void *)names);
    }
    return is_it;
}

static void print_midi_json(const struct visit *visit, const char *name,
                            enum midi_direction direction, bool is_hardware,
                            struct json *json)
{
    struct jack_names names;
    jack_names_get(&visit->lib, visit->client, name, &names);
    json_open(json, '{');
    json_member_string(json, "address", "jack");
    json_member_string(json, "name", name);
    json_open_member(json, "aliases", '[');
    for (unsigned i = 0; i < names.count; i++) {
        json_string(json, names.text[i]);
    }
    json_close(json, ']');
    json_member_bool(json, "isHardware", is_hardware);
    json_member_string(json, "direction",
                       direction == MIDI_PORTS_OUT ? "out" : "in");
    json_close(json, '}');
}

static void print_midi_text(const struct visit *visit, const char *name,
                            bool is_hardware, FILE *file)
{
    struct jack_names names;
    jack_names_get(&visit->lib, visit->client, name, &names);
    (void)fprintf(file, "jack   %-8s ", is_hardware ? "hardware" : "");
    print_name(name, file);
    for (unsigned i = 0; i < names.count; i++) {
        (void)fputs(i == 0 ? " (" : ", ", file);
        print_name(names.text[i], file);
    }
    (void)fputs(names.count > 0 ? ")\n" : "\n", file);
}

unsigned jack_list_midi(enum midi_direction direction, const char *heading,
                        struct json *json, FILE *file)
{
    const unsigned long flags =
        direction == MIDI_PORTS_OUT ? LIBJACK_IS_INPUT : LIBJACK_IS_OUTPUT;
    struct visit *visit = begin();
    unsigned count = 0;
    if (visit == NULL) {
        return 0;
    }
    const char **names =
        has_answered(visit)
            ? visit->lib.get_ports(visit->client, NULL, LIBJACK_MIDI, flags)
            : NULL;
    for (; names != NULL && names[count] != NULL; count++) {
        const bool is_hardware = is_physical(visit, names[count], flags);
        if (json != NULL) {
            print_midi_json(visit, names[count], direction, is_hardware, json);
        } else if (file != NULL) {
            (void)fputs(count == 0 && heading != NULL ? heading : "", file);
            print_midi_text(visit, names[count], is_hardware, file);
        }
    }
    if (names != NULL) {
        visit->lib.free((void *)names);
    }
    end(visit);
    return count;
}
