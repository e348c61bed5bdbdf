/* SPDX-License-Identifier: MIT */
/* Declared in osc/osc.h. */
#include "osc/osc.h"

#include "osc/fact.h"
#include "osc/value.h"
#include "rt/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Without waiting: what finds no room is lost, as on the way. */
static void send_message(const struct osc *osc, const struct peer *to,
                         const char *path, liblo_message message)
{
    size_t size = osc->lo.message_length(message, path);
    void *bytes = size <= PACKET_BYTES_MAX
                      ? osc->lo.message_serialise(message, path, NULL, &size)
                      : NULL;
    if (bytes != NULL) {
        (void)sendto(osc->watcher.fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL,
                     &to->any, peer_bytes(to));
    }
    free(bytes);
    osc->lo.message_free(message);
}

void send_value(const struct osc *osc, const struct peer *to,
                const struct space_node *node, const char *json)
{
    const struct liblo *lo = &osc->lo;
    liblo_message message = lo->message_new();
    char type = value_type(&osc->space, node);
    double number = 0.0;
    if (message == NULL) {
        return;
    }
    while (value_next(&json, &number)) {
        number = value_shown(&osc->space, node, number);
        if (type == 'i') {
            bool is_int = number >= INT32_MIN && number <= INT32_MAX;
            (void)lo->message_add_int32(message, is_int ? (int32_t)number : 0);
        } else if (type == 'd') {
            (void)lo->message_add_double(message, number);
        } else {
            (void)lo->message_add_float(message, (float)number);
        }
        if (*json != ',') {
            break; /* the last one, or the only one */
        }
    }
    send_message(osc, to, node->path, message);
}

void send_texts(const struct osc *osc, const struct peer *to, const char *path,
                const char *texts)
{
    liblo_message message = osc->lo.message_new();
    for (; message != NULL && *texts != '\0'; texts += strlen(texts) + 1) {
        (void)osc->lo.message_add_string(message, texts);
    }
    if (message != NULL) {
        send_message(osc, to, path, message);
    }
}

void send_info(const struct osc *osc, const struct peer *to,
               const struct space_node *node)
{
    unsigned number = 0;
    const char *text =
        fact_value(osc->patch, osc->version, node->index, &number);
    liblo_message message = osc->lo.message_new();
    if (message != NULL && text != NULL) {
        (void)osc->lo.message_add_string(message, text);
    } else if (message != NULL) {
        (void)osc->lo.message_add_int32(message, (int32_t)number);
    }
    if (message != NULL) {
        send_message(osc, to, node->path, message);
    }
}

void send_error(struct osc *osc, const struct peer *to, const char *path,
                const char *text)
{
    static const char tail[] = "/error";
    char own[SPACE_PATH_MAX];
    char texts[SPACE_PATH_MAX + 512] = "";
    size_t length = strlen(path);
    uint64_t second = stats_now_ns() / 1000000000;
    osc->counts.refused++;
    if (second != osc->error_s) {
        osc->error_s = second;
        osc->errors = 0;
    }
    /* Two patches are not to complain to each other about complaints. */
    bool is_error = length >= sizeof(tail) - 1 &&
                    strcmp(path + length - (sizeof(tail) - 1), tail) == 0;
    if (is_error || osc->errors == OSC_ERRORS_MAX) {
        return;
    }
    osc->errors++;
    (void)snprintf(own, sizeof(own), "%s%s", osc->space.root, tail);
    int used = snprintf(texts, SPACE_PATH_MAX, "%s", path);
    used = used < SPACE_PATH_MAX ? used : SPACE_PATH_MAX - 1;
    (void)snprintf(texts + used + 1, 500, "%s", text);
    send_texts(osc, to, own, texts);
}
