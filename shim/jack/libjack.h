/* SPDX-License-Identifier: MIT */
/*
 * What is called of libjack (libjack.so.0), declared here: who builds a patch
 * need not have its headers. A test compares the two. The library is JACK 2's,
 * JACK 1's or PipeWire's.
 */
#ifndef F4E_LIBJACK_H
#define F4E_LIBJACK_H

#include "common/failure.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct libjack_client;
struct libjack_port;

enum {
    LIBJACK_NO_START_SERVER = 1, /* options of client_open() */

    LIBJACK_IS_INPUT = 1, /* flags of a port */
    LIBJACK_IS_OUTPUT = 2,
    LIBJACK_IS_PHYSICAL = 4,
    LIBJACK_IS_TERMINAL = 16,

    LIBJACK_CAPTURE_LATENCY = 0,
    LIBJACK_PLAYBACK_LATENCY = 1,

    LIBJACK_CLIENT_NAME_MAX = 63, /* bytes, without the end */
};

#define LIBJACK_AUDIO "32 bit float mono audio"
#define LIBJACK_MIDI  "8 bit raw midi"

#define LIBJACK_PRETTY_NAME "http://jackaudio.org/metadata/pretty-name"

struct libjack_range {
    uint32_t min;
    uint32_t max;
};

struct libjack_event {
    uint32_t time; /* frames from the beginning of the period */
    size_t size;
    const uint8_t *bytes;
};

struct libjack {
    struct libjack_client *(*client_open)(const char *name, int options,
                                          int *status, ...);
    int (*client_close)(struct libjack_client *client);
    char *(*get_client_name)(struct libjack_client *client);
    int (*activate)(struct libjack_client *client);
    uint32_t (*get_sample_rate)(struct libjack_client *client);
    uint32_t (*get_buffer_size)(struct libjack_client *client);

    void (*on_shutdown)(struct libjack_client *client,
                        void (*callback)(void *context), void *context);
    void (*on_info_shutdown)(struct libjack_client *client,
                             void (*callback)(int code, const char *reason,
                                              void *context),
                             void *context);
    int (*set_process_callback)(struct libjack_client *client,
                                int (*callback)(uint32_t frames, void *context),
                                void *context);
    int (*set_buffer_size_callback)(struct libjack_client *client,
                                    int (*callback)(uint32_t frames,
                                                    void *context),
                                    void *context);
    int (*set_sample_rate_callback)(struct libjack_client *client,
                                    int (*callback)(uint32_t rate,
                                                    void *context),
                                    void *context);
    int (*set_xrun_callback)(struct libjack_client *client,
                             int (*callback)(void *context), void *context);
    int (*set_freewheel_callback)(struct libjack_client *client,
                                  void (*callback)(int is_starting,
                                                   void *context),
                                  void *context);
    int (*set_latency_callback)(struct libjack_client *client,
                                void (*callback)(int mode, void *context),
                                void *context);
    int (*set_port_registration_callback)(struct libjack_client *client,
                                          void (*callback)(uint32_t port,
                                                           int is_there,
                                                           void *context),
                                          void *context);
    void (*set_error_function)(void (*callback)(const char *text));
    void (*set_info_function)(void (*callback)(const char *text));
    void (*set_thread_creator)(int (*creator)(pthread_t *thread,
                                              const pthread_attr_t *attr,
                                              void *(*function)(void *),
                                              void *arg));

    float (*get_xrun_delayed_usecs)(struct libjack_client *client);
    uint32_t (*frames_since_cycle_start)(const struct libjack_client *client);

    struct libjack_port *(*port_register)(struct libjack_client *client,
                                          const char *name, const char *type,
                                          unsigned long flags,
                                          unsigned long buffer_bytes);
    struct libjack_port *(*port_by_name)(struct libjack_client *client,
                                         const char *name);
    struct libjack_port *(*port_by_id)(struct libjack_client *client,
                                       uint32_t port);
    const char *(*port_name)(const struct libjack_port *port);
    int (*port_name_size)(void); /* with the end; of aliases too */
    uint64_t (*port_uuid)(const struct libjack_port *port);
    int (*port_get_aliases)(const struct libjack_port *port,
                            char *const aliases[2]);
    int (*port_set_alias)(struct libjack_port *port, const char *alias);
    void *(*port_get_buffer)(struct libjack_port *port, uint32_t frames);
    void (*port_get_latency_range)(struct libjack_port *port, int mode,
                                   struct libjack_range *range);
    void (*port_set_latency_range)(struct libjack_port *port, int mode,
                                   struct libjack_range *range);
    int (*port_connected)(const struct libjack_port *port);
    int (*connect)(struct libjack_client *client, const char *source,
                   const char *destination);
    const char **(*get_ports)(struct libjack_client *client, const char *name,
                              const char *type, unsigned long flags);
    int (*get_property)(uint64_t subject, const char *key, char **value,
                        char **type);
    void (*free)(void *pointer);

    uint32_t (*midi_get_event_count)(void *buffer);
    int (*midi_event_get)(struct libjack_event *event, void *buffer,
                          uint32_t index);
    void (*midi_clear_buffer)(void *buffer);
    int (*midi_event_write)(void *buffer, uint32_t time, const uint8_t *bytes,
                            size_t size);
};

/* STATUS_LIBRARY. Its messages are kept for libjack_detail(), not printed. */
F4E_MUST_CHECK bool libjack_open(struct libjack *functions,
                                 struct failure *failure);

/* Forget what the library has said. */
void libjack_capture(void);

/* Give 'failure' the first thing that it has said since then. */
void libjack_detail(struct failure *failure);

#endif
