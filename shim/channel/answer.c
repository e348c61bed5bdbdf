/* SPDX-License-Identifier: MIT */
#include "channel/answer.h"

#include "common/json.h"
#include "message/message.h"

#include <stdlib.h>

/* '{"id":"7","ok":true', and what is wrong if anything is. */
static void write_head(const char *id, const struct failure *failure,
                       struct json *json)
{
    bool is_good = failure->status == STATUS_OK;
    json_open(json, '{');
    if (id != NULL) {
        json_member_string(json, "id", id);
    }
    json_member_bool(json, "ok", is_good);
    if (!is_good) {
        json_member_string(json, "error", failure->text);
        if (failure->hint[0] != '\0') {
            json_member_string(json, "hint", failure->hint);
        }
        json_member_unsigned(json, "status", (unsigned)failure->status);
    }
}

/* To the one at a terminal, with the line. */
static void tell(const struct client *client, const struct failure *failure)
{
    message(PRIORITY_INFO, "%s:%u: %s", client->path, client->line,
            failure->text);
    if (failure->hint[0] != '\0') {
        message(PRIORITY_INFO, "hint: %s", failure->hint);
    }
}

char *answer_make(const char *id, const struct failure *failure,
                  const char *members, size_t bytes, size_t *size)
{
    char *text = NULL;
    struct json json;
    *size = 0;
    FILE *file = open_memstream(&text, size);
    if (file == NULL) {
        return NULL;
    }
    json_init(&json, file, 0);
    write_head(id, failure, &json);
    if (failure->status == STATUS_OK && bytes > 0) {
        (void)fwrite(members, 1, bytes, file);
    }
    (void)fputs("}\n", file);
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

size_t answer_send(struct client *client, const struct failure *failure,
                   const char *members, size_t bytes)
{
    size_t size = 0;
    if (client->text != NULL) {
        if (failure->status != STATUS_OK) {
            tell(client, failure);
        } else if (bytes > 0) {
            client_put(client, members, bytes);
        }
        return 0;
    }
    char *text = answer_make(client->has_id ? client->id : NULL, failure,
                             members, bytes, &size);
    if (text == NULL) {
        return 0;
    }
    client_put(client, text, size);
    free(text);
    return size;
}
