/* SPDX-License-Identifier: MIT */
#include "jack/jack_names.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Aliases that repeat the name say nothing. */
static void add(struct jack_names *names, const char *port, const char *text)
{
    if (text[0] != '\0' && strcmp(text, port) != 0 &&
        names->count < JACK_NAMES_MAX) {
        (void)snprintf(names->text[names->count++], JACK_NAME_BYTES, "%.*s",
                       JACK_NAME_BYTES - 1, text);
    }
}

void jack_names_get(const struct libjack *lib, struct libjack_client *client,
                    const char *port, struct jack_names *names)
{
    char texts[2][JACK_NAME_BYTES] = {"", ""};
    char *const aliases[2] = {texts[0], texts[1]};
    char *value = NULL;
    char *type = NULL;
    const struct libjack_port *handle = lib->port_by_name(client, port);
    names->count = 0;
    if (handle == NULL) {
        return;
    }
    if (lib->port_name_size() <= JACK_NAME_BYTES) {
        int count = lib->port_get_aliases(handle, aliases);
        for (int i = 0; i < count && i < 2; i++) {
            add(names, port, texts[i]);
        }
    }
    if (lib->get_property(lib->port_uuid(handle), LIBJACK_PRETTY_NAME, &value,
                          &type) == 0 &&
        value != NULL) {
        add(names, port, value);
    }
    lib->free(value);
    lib->free(type);
}

static bool contains(const char *text, const char *part)
{
    const size_t length = strlen(part);
    for (; *text != '\0'; text++) {
        if (strncasecmp(text, part, length) == 0) {
            return true;
        }
    }
    return false;
}

bool jack_names_match(const struct libjack *lib, struct libjack_client *client,
                      const char *port, const char *part)
{
    struct jack_names names;
    if (contains(port, part)) {
        return true;
    }
    jack_names_get(lib, client, port, &names);
    bool is_match = false;
    for (unsigned i = 0; i < names.count; i++) {
        is_match = is_match || contains(names.text[i], part);
    }
    return is_match;
}
