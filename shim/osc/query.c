/* SPDX-License-Identifier: MIT */
#include "osc/query.h"

#include "osc/tree.h"
#include "osc/value.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINE_MAX_BYTES = 1 << 14,
    LINE_ELEMENTS_MAX = 8192,     /* their answer is one line */
    QUERY_ELEMENTS_MAX = 1 << 16, /* the rest of the values is left out */
};

static const char refused[] = "{\"error\":\"%s\"}\n";

static void refuse(query_done *done, void *context, unsigned status,
                   const char *text)
{
    char json[128];
    int bytes = snprintf(json, sizeof(json), refused, text);
    done(context, status, json, (size_t)bytes);
}

/* Its answer, with the values that came. */
static void finish(struct osc *osc, struct osc_query *query)
{
    char *json = NULL;
    size_t bytes = 0;
    FILE *file = !query->is_failed && bytes_add(&query->values, "", 1)
                     ? open_memstream(&json, &bytes)
                     : NULL;
    unsigned status = 503;
    if (file != NULL) {
        const char *values = query->values.data + query->values.start;
        status = tree_write(&osc->space, query->path, query->attribute, values,
                            file);
        status = fclose(file) == 0 ? status : 503;
    }
    if (status == 503) {
        refuse(query->done, query->context, status, "the patch is busy");
    } else {
        query->done(query->context, status, json, bytes);
    }
    free(json);
    free(query->path);
    bytes_free(&query->values);
    *query = (struct osc_query){0};
}

static void end_line(struct osc *osc, struct osc_query *query)
{
    const struct osc_asked asked = {.kind = ASKED_QUERY, .query = query};
    if (request_end(osc, &asked)) {
        query->left++;
    } else {
        query->is_failed = true;
    }
}

/* Requests for all values that the answer is to have. */
static void ask(struct osc *osc, struct osc_query *query)
{
    struct tree_walk walk = tree_walk_start(&osc->space, query->path);
    const struct space_node *node;
    size_t elements = 0;
    size_t all = 0;
    request_start(osc);
    while (!query->is_failed && (node = tree_walk_next(&walk)) != NULL) {
        const struct space_source *source = &osc->space.sources[node->source];
        all += source->count;
        if (all > QUERY_ELEMENTS_MAX) {
            break;
        }
        if (elements > 0 && (elements + source->count > LINE_ELEMENTS_MAX ||
                             bytes_count(&osc->line) > LINE_MAX_BYTES)) {
            end_line(osc, query);
            request_start(osc);
            elements = 0;
        }
        request_add(osc, elements == 0 ? "get %s" : " %s", source->name);
        elements += source->count;
    }
    if (elements > 0) {
        end_line(osc, query);
    }
    request_flush(osc);
}

bool query_has(const struct osc *osc, const char *path)
{
    size_t length = strlen(osc->space.root);
    char own[SPACE_PATH_MAX];
    space_encode(path, strlen(path), true, own, sizeof(own));
    return strcmp(path, "/") == 0 ||
           (strncmp(own, osc->space.root, length) == 0 &&
            (own[length] == '\0' || own[length] == '/'));
}

static struct osc_query *take_slot(struct osc *osc, const char *path)
{
    char own[SPACE_PATH_MAX];
    space_encode(path, strlen(path), true, own, sizeof(own));
    size_t length = strlen(own);
    while (length > 0 && own[length - 1] == '/') {
        own[--length] = '\0';
    }
    for (unsigned i = 0; i < OSC_QUERIES_MAX; i++) {
        struct osc_query *query = &osc->queries[i];
        if (!query->is_used) {
            query->path = strdup(own);
            query->is_used = query->path != NULL;
            return query->is_used ? query : NULL;
        }
    }
    return NULL;
}

static void send_host_info(const struct osc *osc, query_done *done,
                           void *context)
{
    char *json = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&json, &bytes);
    if (file != NULL) {
        tree_write_host(&osc->space, osc->port, file);
        if (fclose(file) == 0) {
            done(context, 200, json, bytes);
        }
    } else {
        refuse(done, context, 503, "out of memory");
    }
    free(json);
}

void query_start(struct osc *osc, const char *path, const char *attribute,
                 query_done *done, void *context)
{
    if (attribute != NULL && strcmp(attribute, "HOST_INFO") == 0) {
        send_host_info(osc, done, context);
        return;
    }
    if (attribute != NULL && !tree_has_attribute(&attribute)) {
        refuse(done, context, 400, "there is no such attribute");
        return;
    }
    struct osc_query *query = take_slot(osc, path);
    if (query == NULL) {
        refuse(done, context, 503, "too many requests at the same time");
        return;
    }
    query->attribute = attribute;
    query->done = done;
    query->context = context;
    if (attribute == NULL || strcmp(attribute, "VALUE") == 0) {
        ask(osc, query);
    }
    if (query->left == 0) {
        finish(osc, query);
    }
}

void query_forget(struct osc *osc, const void *context)
{
    for (unsigned i = 0; i < OSC_QUERIES_MAX; i++) {
        struct osc_query *query = &osc->queries[i];
        if (!query->is_used || query->context != context) {
            continue;
        }
        for (unsigned n = 0; n < osc->asked_count; n++) {
            struct osc_asked *asked =
                &osc->asked[(osc->asked_start + n) % OSC_ASKED_MAX];
            asked->query = asked->query == query ? NULL : asked->query;
        }
        free(query->path);
        bytes_free(&query->values);
        *query = (struct osc_query){0};
    }
}

void query_answer(struct osc *osc, struct osc_query *query, const char *line)
{
    if (query == NULL) {
        return;
    }
    const char *key = NULL;
    size_t length = 0;
    const char *members = line != NULL ? value_members(line) : NULL;
    const char *end = members;
    while (value_member(&end, &key, &length) != NULL) {
    }
    query->is_failed =
        query->is_failed || members == NULL ||
        !bytes_add(&query->values, members, (size_t)(end - members)) ||
        !bytes_add(&query->values, ",", 1);
    if (--query->left > 0) {
        return;
    }
    if (query->is_old) {
        query->is_old = query->is_failed = false;
        bytes_free(&query->values);
        ask(osc, query);
    }
    if (query->left == 0) {
        finish(osc, query);
    }
}

void query_renew(struct osc *osc)
{
    for (unsigned i = 0; i < OSC_QUERIES_MAX; i++) {
        osc->queries[i].is_old = osc->queries[i].is_used;
    }
}
