/* SPDX-License-Identifier: MIT */
/*
 * What OSC calls of liblo (liblo.so.7), declared here: who builds a patch need
 * not have its headers. A test compares the two. It reads and writes messages;
 * sockets and threads of its own it is not asked for.
 */
#ifndef F4E_LIBLO_H
#define F4E_LIBLO_H

#include "common/failure.h"

#include <stddef.h>
#include <stdint.h>

typedef void *liblo_message;

struct liblo {
    liblo_message (*message_deserialise)(void *bytes, size_t size, int *result);
    int (*message_get_argc)(liblo_message message);
    /* Each points to an argument in the byte order of this machine, at any
     * address. */
    void **(*message_get_argv)(liblo_message message);
    char *(*message_get_types)(liblo_message message);
    liblo_message (*message_new)(void);
    int (*message_add_int32)(liblo_message message, int32_t value);
    int (*message_add_float)(liblo_message message, float value);
    int (*message_add_double)(liblo_message message, double value);
    int (*message_add_string)(liblo_message message, const char *value);
    size_t (*message_length)(liblo_message message, const char *path);
    void *(*message_serialise)(liblo_message message, const char *path,
                               void *to, size_t *size);
    void (*message_free)(liblo_message message);
    int (*pattern_match)(const char *text, const char *pattern);
};

/* STATUS_LIBRARY. */
F4E_MUST_CHECK bool liblo_open(struct liblo *functions,
                               struct failure *failure);

#endif
