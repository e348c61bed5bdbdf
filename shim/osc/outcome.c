/* SPDX-License-Identifier: MIT */
#include "osc/outcome.h"

#include "channel/unescape.h"
#include "osc/feedback.h"
#include "osc/query.h"
#include "osc/value.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

/* "presets":[{"number":0,"name":"soft"}]: no name is longer than its escaped
 * form, and none has these characters inside. */
static void send_entries(const struct osc *osc, const struct osc_asked *asked,
                         const char *line)
{
    static const char key[] = ",\"name\":\"";
    char *texts = calloc(1, strlen(line) + 2);
    char *to = texts;
    for (const char *at = strstr(line, key); texts != NULL && at != NULL;
         at = strstr(at + 1, key)) {
        char *name = unescape_member(at, "name");
        size_t length = name != NULL ? strlen(name) : 0;
        if (length > 0) {
            memcpy(to, name, length);
            to += length + 1;
        }
        free(name);
    }
    if (texts != NULL) {
        send_texts(osc, &asked->from, asked->node->path, texts);
    }
    free(texts);
}

void outcome_take(struct osc *osc, const char *line)
{
    static const char good[] = "{\"ok\":true";
    if (osc->asked_count == 0) {
        return;
    }
    const struct osc_asked asked = osc->asked[osc->asked_start];
    osc->asked_start = (osc->asked_start + 1) % OSC_ASKED_MAX;
    if (--osc->asked_count == OSC_ASKED_LOW) {
        (void)loop_watch(osc->loop, &osc->watcher, EPOLLIN);
    }
    bool is_good = strncmp(line, good, sizeof(good) - 1) == 0;
    if (asked.kind == ASKED_QUERY) {
        query_answer(osc, asked.query, is_good ? line : NULL);
    } else if (*line == '\0') {
        osc->counts.dropped++;
    } else if (!is_good) {
        char *text = unescape_member(line, "error");
        send_error(osc, &asked.from,
                   asked.node != NULL ? asked.node->path : osc->space.root,
                   text != NULL ? text : "");
        free(text);
        if (asked.kind == ASKED_LISTENERS) {
            feedback_refuse(osc);
        }
    } else if (asked.kind == ASKED_LISTENERS) {
        osc->has_subscribed = true;
    } else if (asked.node == NULL) {
        /* Its address went with a version; what was to be done is done. */
        osc->counts.dropped += asked.kind != ASKED_CHANGE;
    } else if (asked.kind == ASKED_VALUE || asked.kind == ASKED_SETTLED) {
        const char *key = NULL;
        size_t length = 0;
        const char *at = value_members(line);
        const char *value = value_member(&at, &key, &length);
        if (value != NULL && asked.kind == ASKED_SETTLED) {
            feedback_answer(osc, &asked, value);
        } else if (value != NULL) {
            send_value(osc, &asked.from, asked.node, value);
        }
    } else if (asked.kind == ASKED_ENTRIES) {
        send_entries(osc, &asked, line);
    }
}

void outcome_fail_all(struct osc *osc)
{
    while (osc->asked_count > 0) {
        outcome_take(osc, "");
    }
    bytes_free(&osc->out);
}
