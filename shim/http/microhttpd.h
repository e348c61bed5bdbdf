/* SPDX-License-Identifier: MIT */
/*
 * What the front calls of libmicrohttpd (libmicrohttpd.so.12), declared here:
 * who builds a patch need not have its headers. A test compares the two.
 */
#ifndef F4E_MICROHTTPD_H
#define F4E_MICROHTTPD_H

#include "common/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/select.h>
#include <sys/types.h>

struct MHD_Daemon;
struct MHD_Connection;
struct MHD_Response;

enum {
    MICROHTTPD_NO = 0,
    MICROHTTPD_YES = 1,

    MICROHTTPD_ALLOW_SUSPEND_RESUME = 8192 | 1024,

    MICROHTTPD_OPTION_END = 0,
    MICROHTTPD_OPTION_CONNECTION_MEMORY_LIMIT = 1,
    MICROHTTPD_OPTION_CONNECTION_LIMIT = 2,
    MICROHTTPD_OPTION_CONNECTION_TIMEOUT = 3,
    MICROHTTPD_OPTION_NOTIFY_COMPLETED = 4,
    MICROHTTPD_OPTION_PER_IP_CONNECTION_LIMIT = 5,
    MICROHTTPD_OPTION_LISTEN_SOCKET = 12,
    MICROHTTPD_OPTION_STRICT_FOR_CLIENT = 29,

    MICROHTTPD_HEADER_KIND = 1,
    MICROHTTPD_GET_ARGUMENT_KIND = 8,

    MICROHTTPD_INFO_CLIENT_ADDRESS = 2,
    MICROHTTPD_INFO_CONNECTION_FD = 6,

    MICROHTTPD_MEMORY_PERSISTENT = 0,
    MICROHTTPD_MEMORY_MUST_COPY = 2,

    MICROHTTPD_END_OF_STREAM = -1,
};

/* An unknown length of an answer. */
#define MICROHTTPD_SIZE_UNKNOWN UINT64_MAX

typedef int microhttpd_handler(void *context, struct MHD_Connection *connection,
                               const char *url, const char *method,
                               const char *version, const char *upload,
                               size_t *upload_bytes, void **request);
typedef ssize_t microhttpd_reader(void *context, uint64_t position,
                                  char *buffer, size_t most);

typedef int microhttpd_iterator(void *context, int kind, const char *name,
                                const char *value);

struct microhttpd {
    struct MHD_Daemon *(*start_daemon)(unsigned flags, uint16_t port,
                                       void *accept, void *accept_context,
                                       microhttpd_handler *handler,
                                       void *context, ...);
    int (*get_fdset)(struct MHD_Daemon *daemon, fd_set *read, fd_set *write,
                     fd_set *except, int *last);
    int (*run_from_select)(struct MHD_Daemon *daemon, const fd_set *read,
                           const fd_set *write, const fd_set *except);
    int (*get_timeout)(struct MHD_Daemon *daemon, unsigned long long *ms);
    const void *(*get_connection_info)(struct MHD_Connection *connection,
                                       int kind, ...);
    const char *(*lookup_connection_value)(struct MHD_Connection *connection,
                                           int kind, const char *name);
    int (*get_connection_values)(struct MHD_Connection *connection, int kind,
                                 microhttpd_iterator *iterator, void *context);
    struct MHD_Response *(*create_response_from_buffer)(size_t bytes,
                                                        void *data, int mode);
    struct MHD_Response *(*create_response_from_callback)(
        uint64_t size, size_t block, microhttpd_reader *reader, void *context,
        void (*freed)(void *context));
    int (*add_response_header)(struct MHD_Response *response, const char *name,
                               const char *value);
    int (*queue_response)(struct MHD_Connection *connection, unsigned status,
                          struct MHD_Response *response);
    void (*destroy_response)(struct MHD_Response *response);
    void (*suspend_connection)(struct MHD_Connection *connection);
    void (*resume_connection)(struct MHD_Connection *connection);
};

/* STATUS_LIBRARY. */
F4E_MUST_CHECK bool microhttpd_open(struct microhttpd *functions,
                                    struct failure *failure);

#endif
