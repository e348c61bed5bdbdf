/* SPDX-License-Identifier: MIT */
#include "jack/jack_list.h"

#include "common/print.h"
#include "jack/libjack.h"

#include <string.h>

struct visit {
    struct libjack lib;
    struct libjack_client *client;
};

static bool begin(struct visit *visit)
{
    struct failure failure = {0};
    int status = 0;
    visit->client = NULL;
    if (libjack_open(&visit->lib, &failure)) {
        visit->client = visit->lib.client_open(
            "f4e-list", LIBJACK_NO_START_SERVER, &status);
    }
    return visit->client != NULL;
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

void jack_list_devices(const struct f4e_patch *patch, struct json *json,
                       FILE *file)
{
    struct visit visit;
    if (!begin(&visit)) {
        return;
    }
    const unsigned rate = visit.lib.get_sample_rate(visit.client);
    const unsigned period = visit.lib.get_buffer_size(visit.client);
    const bool is_good = rate == patch->sample_rate;
    if (json != NULL) {
        json_open_member(json, "jack", '{');
        json_member_string(json, "name", "jack");
        json_member_unsigned(json, "rate", rate);
        json_member_unsigned(json, "period", period);
        json_member_bool(json, "isGood", is_good);
    } else {
        (void)fprintf(file, "jack  JACK server, %u Hz, periods of %u: ", rate,
                      period);
        if (is_good) {
            (void)fputs("OK\n", file);
        } else {
            (void)fprintf(file, "NO, not at the patch's %u Hz\n",
                          (unsigned)patch->sample_rate);
        }
    }
    list_ports(&visit, "out", LIBJACK_IS_INPUT, json, file);
    list_ports(&visit, "in", LIBJACK_IS_OUTPUT, json, file);
    if (json != NULL) {
        json_close(json, '}');
    }
    (void)visit.lib.client_close(visit.client);
}

static bool is_physical(const struct visit *visit, const char *name)
{
    const char **names =
        visit->lib.get_ports(visit->client, NULL, LIBJACK_MIDI,
                             LIBJACK_IS_OUTPUT | LIBJACK_IS_PHYSICAL);
    bool is_it = false;
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        is_it = is_it || strcmp(names[i], name) == 0;
    }
    if (names != NULL) {
        visit->lib.free((void *)names);
    }
    return is_it;
}

static void print_midi(const struct visit *visit, const char *name,
                       struct json *json, FILE *file)
{
    const bool is_hardware = is_physical(visit, name);
    if (json != NULL) {
        json_open(json, '{');
        json_member_string(json, "address", "jack");
        json_member_string(json, "name", name);
        json_member_bool(json, "isHardware", is_hardware);
        json_member_string(json, "direction", "in");
        json_close(json, '}');
    } else if (file != NULL) {
        (void)fprintf(file, "jack   %-8s ", is_hardware ? "hardware" : "");
        print_name(name, file);
        (void)fputc('\n', file);
    }
}

unsigned jack_list_midi(struct json *json, FILE *file)
{
    struct visit visit;
    unsigned count = 0;
    if (!begin(&visit)) {
        return 0;
    }
    const char **names = visit.lib.get_ports(visit.client, NULL, LIBJACK_MIDI,
                                             LIBJACK_IS_OUTPUT);
    for (; names != NULL && names[count] != NULL; count++) {
        print_midi(&visit, names[count], json, file);
    }
    if (names != NULL) {
        visit.lib.free((void *)names);
    }
    (void)visit.lib.client_close(visit.client);
    return count;
}
