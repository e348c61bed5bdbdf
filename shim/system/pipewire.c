/* SPDX-License-Identifier: MIT */
#include "system/pipewire.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAME_BYTES = 64 };

/* As a string of JSON, without what would end it or cannot be seen. */
static void copy_name(const char *from, char *to)
{
    size_t length = 0;
    for (; *from != '\0' && length < NAME_BYTES - 1; from++) {
        const unsigned char byte = (unsigned char)*from;
        to[length] = *from;
        if (byte < ' ' || byte == 0x7f || byte == '"' || byte == '\\') {
            to[length] = '_';
        }
        length++;
    }
    to[length] = '\0';
}

void pipewire_announce(const char *patch, unsigned period_frames,
                       uint32_t sample_rate)
{
    char latency[32];
    char name[NAME_BYTES];
    char properties[3 * NAME_BYTES];
    copy_name(patch, name);
    (void)snprintf(latency, sizeof(latency), "%u/%u", period_frames,
                   (unsigned)sample_rate);
    (void)snprintf(properties, sizeof(properties),
                   "{ node.name = \"%s\" node.description = \"%s\" }", name,
                   name);
    (void)setenv("PIPEWIRE_LATENCY", latency, 0);
    (void)setenv("PIPEWIRE_ALSA", properties, 0);
}
