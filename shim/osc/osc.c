/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* SO_RXQ_OVFL */
#include "osc/osc.h"

#include "osc/action.h"
#include "osc/feedback.h"
#include "osc/outcome.h"
#include "rt/stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { PACKETS = 64 /* in one turn */ };

static const uint64_t SECOND_NS = UINT64_C(1000000000);

bool osc_load(struct osc *osc, struct failure *failure)
{
    osc->watcher.fd = -1;
    osc->timer.fd = -1;
    return liblo_open(&osc->lo, failure) &&
           space_build(&osc->space, osc->patch, osc->version, &osc->lo,
                       failure);
}

/* --- the clock ---------------------------------------------------------- */

static void set_timer(struct osc *osc)
{
    uint64_t due_ns = osc->settle_ns;
    if (osc->later.count > 0 && osc->later.bundles[0].due_ns < due_ns) {
        due_ns = osc->later.bundles[0].due_ns;
    }
    due_ns = due_ns == UINT64_MAX ? 0 : due_ns;
    if (due_ns != osc->timer_ns) {
        const struct itimerspec when = {
            .it_value = {(time_t)(due_ns / SECOND_NS),
                         (long)(due_ns % SECOND_NS)}};
        osc->timer_ns = due_ns;
        (void)timerfd_settime(osc->timer.fd, TFD_TIMER_ABSTIME, &when, NULL);
    }
}

/* --- messages ----------------------------------------------------------- */

static void run_message(struct osc *osc, const struct packet_part *message,
                        const struct peer *from, uint64_t now_ns)
{
    size_t size = packet_plain(message, osc->plain);
    char *path = (char *)osc->plain;
    liblo_message parsed = osc->lo.message_deserialise(osc->plain, size, NULL);
    osc->counts.received++;
    if (parsed == NULL || strlen(path) >= SPACE_PATH_MAX) {
        osc->counts.dropped++;
    } else {
        const struct arguments arguments = {
            .types = osc->lo.message_get_types(parsed),
            .values = osc->lo.message_get_argv(parsed),
            .count = osc->lo.message_get_argc(parsed),
        };
        action_run(osc, from, path, &arguments, now_ns);
    }
    if (parsed != NULL) {
        osc->lo.message_free(parsed);
    }
}

/* 'has_waited': here, until it was due. A moment more does not make it late. */
static void run_part(struct osc *osc, const struct packet_part *part,
                     const struct peer *from, bool has_waited, uint64_t now_ns)
{
    enum { AT_ONCE = 1 };
    struct packet_part element;
    size_t at = PACKET_HEAD_BYTES;
    if (!packet_is_bundle(part)) {
        run_message(osc, part, from, now_ns);
        return;
    }
    uint64_t time = packet_time(part);
    int64_t left_ns = time > AT_ONCE ? later_left_ns(time) : 0;
    if (left_ns > 0) {
        if (left_ns > LATER_SECONDS_MAX * (int64_t)SECOND_NS ||
            !action_is_admitted(osc, from) ||
            !later_add(&osc->later, part, from, now_ns + (uint64_t)left_ns)) {
            osc->counts.dropped++;
        }
        return;
    }
    osc->counts.late += left_ns < 0 && !has_waited;
    while (packet_next(part, &at, &element)) {
        run_part(osc, &element, from, has_waited, now_ns);
    }
}

void osc_take(struct osc *osc, const struct peer *from, const uint8_t *bytes,
              size_t size, uint64_t now_ns)
{
    const struct packet_part whole = {bytes, size};
    if (packet_is_sound(bytes, size)) {
        run_part(osc, &whole, from, false, now_ns);
    } else {
        osc->counts.received++;
        osc->counts.dropped++;
    }
}

/* Bundles that are due now. */
static void run_later(struct osc *osc)
{
    struct later_bundle bundle;
    uint64_t now_ns = stats_now_ns();
    while (later_take(&osc->later, now_ns, &bundle)) {
        const struct packet_part part = {bundle.bytes, bundle.size};
        run_part(osc, &part, &bundle.from, true, now_ns);
        free(bundle.bytes);
    }
}

void osc_admit(struct osc *osc, const struct sockaddr *host)
{
    struct peer peer = {.six = {0}};
    peer.any.sa_family = host->sa_family;
    memcpy(&peer, host, peer_bytes(&peer));
    if (!action_is_admitted(osc, &peer) && !peer_is_loopback(&peer)) {
        action_admit(osc, &peer);
    }
}

/* --- descriptors -------------------------------------------------------- */

/* Room for the count of packets that the kernel has dropped, aligned. */
union overflow {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(uint32_t))];
};

/* False: nothing is there. */
static bool take_packet(struct osc *osc)
{
    struct peer from = {.six = {0}};
    union overflow overflow = {.bytes = {0}};
    struct iovec part = {osc->packet, sizeof(osc->packet)};
    struct msghdr message = {.msg_name = &from,
                             .msg_namelen = sizeof(from),
                             .msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = overflow.bytes,
                             .msg_controllen = sizeof(overflow.bytes)};
    ssize_t size = recvmsg(osc->watcher.fd, &message, MSG_DONTWAIT);
    if (size < 0) {
        return errno != EAGAIN && errno != EINTR; /* an error of one packet */
    }
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header != NULL && header->cmsg_level == SOL_SOCKET &&
        header->cmsg_type == SO_RXQ_OVFL) {
        uint32_t count = 0;
        memcpy(&count, CMSG_DATA(header), sizeof(count));
        osc->counts.dropped += count - osc->overflows;
        osc->counts.received += count - osc->overflows;
        osc->overflows = count;
    }
    osc_take(osc, &from, osc->packet, (size_t)size, stats_now_ns());
    return true;
}

static void hear(void *context, uint32_t events)
{
    struct osc *osc = context;
    (void)events;
    for (int i = 0;
         i < PACKETS && osc->asked_count < OSC_ASKED_HIGH && take_packet(osc);
         i++) {
    }
    request_flush(osc);
    set_timer(osc);
}

static void be_due(void *context, uint32_t events)
{
    struct osc *osc = context;
    uint64_t count = 0;
    (void)events;
    (void)!read(osc->timer.fd, &count, sizeof(count));
    osc->timer_ns = 0;
    run_later(osc);
    feedback_settle(osc, stats_now_ns());
    request_flush(osc);
    set_timer(osc);
}

bool osc_start(struct osc *osc, int socket, struct failure *failure)
{
    static const int yes = 1;
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    (void)setsockopt(socket, SOL_SOCKET, SO_RXQ_OVFL, &yes, sizeof(yes));
    osc->watcher = (struct watcher){socket, hear, osc, 0};
    osc->timer = (struct watcher){timer, be_due, osc, 0};
    osc->settle_ns = UINT64_MAX;
    return (timer >= 0 && loop_watch(osc->loop, &osc->watcher, EPOLLIN) &&
            loop_watch(osc->loop, &osc->timer, EPOLLIN)) ||
           failure_set_errno(failure, STATUS_INTERNAL, "cannot watch OSC");
}

/* --- the channel -------------------------------------------------------- */

static bool take_line(void *context, char *line, size_t length)
{
    static const char event[] = "{\"event\":";
    static const char values[] = "{\"event\":\"values\"";
    struct osc *osc = context;
    (void)length;
    if (strncmp(line, values, sizeof(values) - 1) == 0) {
        feedback_event(osc, line, stats_now_ns());
    } else if (strncmp(line, event, sizeof(event) - 1) != 0) {
        outcome_take(osc, line);
        request_flush(osc);
    }
    return true;
}

static void end_wire(void *context)
{
    outcome_fail_all(context);
}

void osc_tick(struct osc *osc, uint64_t now_ns)
{
    if (osc->wire.is_open ||
        (osc->tried_ns != 0 && now_ns - osc->tried_ns < SECOND_NS)) {
        return;
    }
    osc->tried_ns = now_ns;
    outcome_fail_all(osc);
    osc->wire = (struct wire){.loop = osc->loop,
                              .link = osc->link,
                              .take = take_line,
                              .ended = end_wire,
                              .context = osc};
    if (wire_open(&osc->wire)) {
        feedback_subscribe(osc);
        request_flush(osc);
    }
}
