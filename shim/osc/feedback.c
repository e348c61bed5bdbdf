/* SPDX-License-Identifier: MIT */
#include "osc/feedback.h"

#include "osc/fact.h"
#include "rt/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t QUIET_NS = UINT64_C(250000000);

/* --- who listens -------------------------------------------------------- */

/* The listener who sends from there, or UINT8_MAX. */
static unsigned find_sender(const struct osc *osc, const struct peer *from)
{
    for (unsigned i = 0; i < OSC_LISTENERS_MAX; i++) {
        const struct osc_listener *listener = &osc->listeners[i];
        if (listener->is_used && (peer_is_same(&listener->from, from) ||
                                  peer_is_same(&listener->to, from))) {
            return i;
        }
    }
    return UINT8_MAX;
}

static void forget(struct osc *osc, unsigned listener)
{
    osc->listeners[listener].is_used = false;
    bytes_free(&osc->listeners[listener].wanted);
    for (size_t i = 0; i < osc->space.node_count; i++) {
        osc->space.nodes[i].listeners &= ~(UINT32_C(1) << listener);
    }
    for (size_t i = 0; i < osc->space.source_count; i++) {
        if (osc->space.sources[i].mover == listener) {
            osc->space.sources[i].mover = UINT8_MAX;
        }
    }
}

/* A place for one who wants to be told there: its own, a free one, or that of
 * who was heard of the longest ago. */
static unsigned take_place(struct osc *osc, const struct peer *to)
{
    unsigned place = 0;
    for (unsigned i = 0; i < OSC_LISTENERS_MAX; i++) {
        const struct osc_listener *listener = &osc->listeners[i];
        if (listener->is_used && peer_is_same(&listener->to, to)) {
            return i;
        }
        const struct osc_listener *best = &osc->listeners[place];
        if (best->is_used &&
            (!listener->is_used || listener->heard_ns < best->heard_ns)) {
            place = i;
        }
    }
    return place;
}

/* Without a pattern: all that widgets move. */
static const char *choose(struct osc *osc, unsigned listener, char *pattern)
{
    unsigned count = 0;
    if (pattern != NULL && !space_is_pattern(pattern)) {
        return "this pattern is broken, or has too many stars";
    }
    for (size_t i = 0; i < osc->space.node_count; i++) {
        struct space_node *node = &osc->space.nodes[i];
        bool is_wanted = pattern != NULL ? space_matches(&osc->space, pattern,
                                                         node->path, true)
                                         : node->kind == SPACE_PARAM;
        if (is_wanted && (node->kind == SPACE_LEVELS ||
                          (node->source != SPACE_NONE &&
                           space_can_read(&osc->space, node)))) {
            node->listeners |= UINT32_C(1) << listener;
            count++;
        }
    }
    return count > 0 ? NULL : "no address with a value matches";
}

static const char *add(struct osc *osc, const struct peer *to,
                       const struct peer *from,
                       const struct arguments *arguments, int first)
{
    char pattern[SPACE_PATH_MAX];
    unsigned place = take_place(osc, to);
    const char *wrong = NULL;
    forget(osc, place);
    osc->listeners[place] = (struct osc_listener){
        .is_used = true,
        .is_new = true,
        .heard_ns = stats_now_ns(),
        .to = *to,
        .from = *from,
    };
    if (first == arguments->count) {
        wrong = choose(osc, place, NULL);
    }
    for (int i = first; wrong == NULL && i < arguments->count; i++) {
        const char *text = value_text(arguments, i);
        if (text == NULL || strlen(text) >= sizeof(pattern)) {
            wrong = "a listener takes a port, then addresses";
        } else {
            memcpy(pattern, text, strlen(text) + 1);
            wrong = choose(osc, place, pattern);
            if (wrong == NULL && !bytes_add(&osc->listeners[place].wanted, text,
                                            strlen(text) + 1)) {
                wrong = "out of memory";
            }
        }
    }
    if (wrong != NULL) {
        forget(osc, place);
    }
    return wrong;
}

/* What it is told would be set again, later than it was: values that the patch
 * itself moves would stick. */
static bool is_this_patch(const struct osc *osc, const struct peer *to)
{
    const struct link_report *report = osc->report;
    bool is_own = peer_is_loopback(to);
    for (unsigned i = 0; i < report->address_count; i++) {
        is_own = is_own || peer_has_address(to, report->addresses[i]);
    }
    return is_own && peer_port(to) == osc->port;
}

const char *feedback_change(struct osc *osc, const struct space_node *node,
                            const struct peer *from,
                            const struct arguments *arguments)
{
    struct peer to = *from;
    double port = 0.0;
    const char *text = value_text(arguments, 0);
    int first = 0;
    if (text != NULL && *text != '/') {
        first = 1;
        if (!peer_set_text(&to, text)) {
            return "an address has the form HOST:PORT, and is one's own";
        }
    } else if (value_number(arguments, 0, &port)) {
        first = 1;
        if (!peer_set_port(&to, port)) {
            return "a port is 1 to 65535";
        }
    }
    if (is_this_patch(osc, &to)) {
        return "that is this patch itself";
    }
    const char *wrong = NULL;
    if (node->kind == SPACE_LISTENER_ADD) {
        wrong = add(osc, &to, from, arguments, first);
    } else {
        unsigned place = take_place(osc, &to);
        bool is_there = osc->listeners[place].is_used &&
                        peer_is_same(&osc->listeners[place].to, &to);
        if (is_there) {
            forget(osc, place);
        } else {
            wrong = "nobody listens there";
        }
    }
    feedback_subscribe(osc);
    return wrong;
}

void feedback_send_entries(const struct osc *osc, const struct peer *to,
                           const char *path)
{
    char texts[OSC_LISTENERS_MAX * PEER_TEXT_MAX + 1] = "";
    char *at = texts;
    for (unsigned i = 0; i < OSC_LISTENERS_MAX; i++) {
        if (osc->listeners[i].is_used) {
            peer_format(&osc->listeners[i].to, at);
            at += strlen(at) + 1;
        }
    }
    *at = '\0';
    send_texts(osc, to, path, texts);
}

void feedback_subscribe(struct osc *osc)
{
    struct osc_asked asked = {.kind = ASKED_LISTENERS};
    unsigned count = 0;
    if (!osc->wire.is_open) {
        return;
    }
    request_start(osc);
    request_add(osc, "subscribe %d", FEEDBACK_HZ);
    for (size_t i = 0; i < osc->space.source_count; i++) {
        const struct space_source *source = &osc->space.sources[i];
        uint32_t listeners = 0;
        for (unsigned n = source->first; n != SPACE_NONE;
             n = osc->space.nodes[n].next) {
            listeners |= osc->space.nodes[n].listeners;
        }
        if (listeners != 0) {
            request_add(osc, " %s", source->name);
            count++;
        }
    }
    if (count == 0) {
        request_start(osc);
        request_add(osc, "unsubscribe");
    }
    for (unsigned i = 0; i < OSC_LISTENERS_MAX; i++) {
        if (osc->listeners[i].is_new) {
            asked.from = osc->listeners[i].from;
        }
    }
    (void)request_end(osc, &asked);
}

void feedback_refuse(struct osc *osc)
{
    bool is_any = false;
    for (unsigned i = 0; i < OSC_LISTENERS_MAX; i++) {
        if (osc->listeners[i].is_used && osc->listeners[i].is_new) {
            forget(osc, i);
            is_any = true;
        }
    }
    if (is_any) {
        feedback_subscribe(osc);
    }
}

/* As if it had asked for it again; what is not there any more is left out. */
static void choose_again(struct osc *osc, unsigned listener)
{
    const struct bytes *wanted = &osc->listeners[listener].wanted;
    char pattern[SPACE_PATH_MAX];
    if (bytes_count(wanted) == 0) {
        (void)choose(osc, listener, NULL);
    }
    for (size_t at = wanted->start; at < wanted->end;) {
        size_t length = strlen(wanted->data + at) + 1;
        memcpy(pattern, wanted->data + at, length);
        (void)choose(osc, listener, pattern);
        at += length;
    }
}

void feedback_renew(struct osc *osc)
{
    char path[SPACE_PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/info/%s", osc->space.root,
                   fact_name(FACT_VERSION));
    const struct space_node *version = space_find(&osc->space, path);
    for (unsigned i = 0; i < OSC_LISTENERS_MAX; i++) {
        if (osc->listeners[i].is_used) {
            choose_again(osc, i);
            if (version != NULL) {
                send_info(osc, &osc->listeners[i].to, version);
            }
        }
    }
    feedback_subscribe(osc);
}

/* --- what they are told ------------------------------------------------- */

void feedback_moved(struct osc *osc, unsigned source, const struct peer *from,
                    uint64_t hash, uint64_t now_ns)
{
    struct space_source *own = &osc->space.sources[source];
    unsigned mover = find_sender(osc, from);
    own->mover = (uint8_t)mover;
    own->moved_hash = hash;
    own->moved_ns = now_ns;
    own->is_settled = mover == UINT8_MAX;
    if (mover != UINT8_MAX) {
        osc->listeners[mover].heard_ns = now_ns;
        if (osc->settle_ns > now_ns + QUIET_NS) {
            osc->settle_ns = now_ns + QUIET_NS;
        }
    }
}

/* To whom a value goes that has this hash. */
static uint32_t choose_listeners(struct osc *osc, struct space_source *source,
                                 uint64_t hash, uint64_t now_ns)
{
    uint32_t listeners = UINT32_MAX;
    if (source->hash == hash) {
        listeners = 0;
        for (unsigned i = 0; i < OSC_LISTENERS_MAX; i++) {
            listeners |= (uint32_t)osc->listeners[i].is_new << i;
        }
    }
    source->hash = hash;
    if (source->mover != UINT8_MAX &&
        (hash == source->moved_hash || now_ns - source->moved_ns < QUIET_NS)) {
        listeners &= ~(UINT32_C(1) << source->mover);
    }
    return listeners;
}

static uint64_t hash_of(const struct space_source *source, const char *value)
{
    uint64_t hash = 0;
    double number = 0.0;
    while (value_next(&value, &number)) {
        hash = value_hash(hash, source->element, number);
        if (*value != ',') {
            break;
        }
    }
    return hash;
}

static void tell(struct osc *osc, struct space_source *source,
                 const char *value, uint64_t now_ns)
{
    uint64_t hash = hash_of(source, value);
    uint32_t listeners = choose_listeners(osc, source, hash, now_ns);
    for (unsigned n = source->first; n != SPACE_NONE;
         n = osc->space.nodes[n].next) {
        const struct space_node *node = &osc->space.nodes[n];
        for (unsigned i = 0; i < OSC_LISTENERS_MAX; i++) {
            if ((node->listeners & listeners) >> i & 1) {
                send_value(osc, &osc->listeners[i].to, node, value);
            }
        }
    }
}

void feedback_event(struct osc *osc, const char *line, uint64_t now_ns)
{
    static const char levels[] = "\"levels\":";
    const char *at = value_members(line);
    const char *key = NULL;
    const char *value = NULL;
    size_t length = 0;
    while ((value = value_member(&at, &key, &length)) != NULL) {
        struct space_source *source =
            space_find_source(&osc->space, key, length);
        if (source != NULL) {
            tell(osc, source, value, now_ns);
        }
    }
    at = strstr(at != NULL ? at : line, levels);
    struct space_source *source = space_find_source(&osc->space, "levels", 6);
    if (at != NULL && source != NULL) {
        tell(osc, source, at + sizeof(levels) - 1, now_ns);
    }
    for (unsigned i = 0; osc->has_subscribed && i < OSC_LISTENERS_MAX; i++) {
        osc->listeners[i].is_new = false;
    }
    osc->has_subscribed = false;
}

/* Ask for what a mover may have to be told. */
static void ask(struct osc *osc, const struct space_source *source)
{
    for (unsigned n = source->first; n != SPACE_NONE;
         n = osc->space.nodes[n].next) {
        const struct space_node *node = &osc->space.nodes[n];
        if (node->listeners >> source->mover & 1) {
            request_start(osc);
            request_add(osc, "get %s", source->name);
            (void)request_end(osc, &(struct osc_asked){
                                       .kind = ASKED_SETTLED,
                                       .from = osc->listeners[source->mover].to,
                                       .node = node});
        }
    }
}

void feedback_settle(struct osc *osc, uint64_t now_ns)
{
    if (now_ns < osc->settle_ns) {
        return;
    }
    osc->settle_ns = UINT64_MAX;
    for (size_t i = 0; i < osc->space.source_count; i++) {
        struct space_source *source = &osc->space.sources[i];
        uint64_t due_ns = source->moved_ns + QUIET_NS;
        if (source->mover == UINT8_MAX || source->is_settled) {
            continue;
        }
        if (due_ns <= now_ns) {
            source->is_settled = true;
            ask(osc, source);
        } else if (due_ns < osc->settle_ns) {
            osc->settle_ns = due_ns;
        }
    }
}

void feedback_answer(struct osc *osc, const struct osc_asked *asked,
                     const char *value)
{
    const struct space_source *source =
        &osc->space.sources[asked->node->source];
    if (hash_of(source, value) != source->moved_hash) {
        send_value(osc, &asked->from, asked->node, value);
    }
}
