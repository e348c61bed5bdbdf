/* SPDX-License-Identifier: MIT */
/* Declared in options/options_internal.h: --device jack. */
#include "options/options_internal.h"

#include <string.h>

enum {
    CLIENT_BYTES_MAX = 63,
    CLIENT_BYTES_OWN = 59, /* room for the "-01" of a second one */
};

/* "jack" or "jack:CLIENT". */
static bool is_jack(const char *device)
{
    return strncmp(device, "jack", 4) == 0 &&
           (device[4] == '\0' || device[4] == ':');
}

/* A name without what JACK takes for the end of one. What is too long ends
 * before a character of UTF-8 that would be cut. */
static void make_client(struct options *options, const char *name, size_t most)
{
    size_t length = strlen(name);
    if (length > most) {
        length = most;
        while (length > 0 && ((unsigned char)name[length] & 0xc0U) == 0x80) {
            length--;
        }
    }
    for (size_t i = 0; i < length; i++) {
        options->jack_client[i] = name[i];
        if (name[i] == ':') {
            options->jack_client[i] = '-';
        }
    }
    options->jack_client[length] = '\0';
}

static bool take_client(struct options *options, const struct f4e_patch *patch,
                        struct failure *failure)
{
    const char *client = options->device + 4;
    if (*client == '\0') {
        make_client(options, patch->name, CLIENT_BYTES_OWN);
        return true;
    }
    client++;
    const size_t length = strlen(client);
    if (length == 0 || length > CLIENT_BYTES_MAX || strchr(client, ':')) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--device: '%s' is no client's name: 1 to %d bytes "
                          "without ':'",
                          client, CLIENT_BYTES_MAX);
        return failure_hint(failure, "--device jack");
    }
    make_client(options, client, CLIENT_BYTES_MAX);
    return true;
}

bool options_check_device(struct options *options,
                          const struct f4e_patch *patch,
                          struct failure *failure)
{
    options->is_jack = is_jack(options->device);
    if (!options->is_jack) {
        if (options->in_device != NULL && is_jack(options->in_device)) {
            (void)failure_set(failure, STATUS_USAGE,
                              "--in-device jack needs --device jack");
            return failure_hint(failure, "--device jack");
        }
        return !options->is_unconnected ||
               failure_set(failure, STATUS_USAGE,
                           "--no-connect needs --device jack");
    }
    const char *other =
        options->in_device != NULL                         ? "in-device"
        : options->has_format && options->render == NULL   ? "format"
        : options->is_resampling                           ? "resample"
        : options->is_dithering && options->render == NULL ? "dither"
                                                           : NULL;
    if (other != NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "--device jack and --%s exclude each other", other);
    }
    return take_client(options, patch, failure);
}
