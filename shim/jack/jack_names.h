/* SPDX-License-Identifier: MIT */
/*
 * What ports of the server are called: their name "client:port", up to two
 * aliases, and the pretty name of their metadata. Whoever names a port on the
 * command line may mean any of them. Any thread but the audio thread.
 */
#ifndef F4E_JACK_NAMES_H
#define F4E_JACK_NAMES_H

#include "jack/libjack.h"

#include <stdbool.h>

enum { JACK_NAME_BYTES = 1024, JACK_NAMES_MAX = 3 };

/* Those of a port beside its name. */
struct jack_names {
    char text[JACK_NAMES_MAX][JACK_NAME_BYTES];
    unsigned count;
};

/* None when there is no such port. */
void jack_names_get(const struct libjack *lib, struct libjack_client *client,
                    const char *port, struct jack_names *names);

/* Whether 'part' is in one of them, or in 'port', upper and lower case being
 * the same. */
bool jack_names_match(const struct libjack *lib, struct libjack_client *client,
                      const char *port, const char *part);

#endif
