/* SPDX-License-Identifier: MIT */
#include "history.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number after a word at *at, moved past both; NULL: it is not there. */
static uint64_t read_number(const char **at, const char *word)
{
    size_t length = strlen(word);
    if (*at == NULL || strncmp(*at, word, length) != 0) {
        *at = NULL;
        return 0;
    }
    char *end;
    uint64_t value = strtoull(*at + length, &end, 10);
    *at = end != *at + length ? end : NULL;
    return value;
}

bool history_load(struct history *history, const char *path, const char *stream)
{
    *history = (struct history){0};
    if (path[0] == '\0') {
        return true;
    }
    int length =
        snprintf(history->path, sizeof(history->path), "%s.%s", path, stream);
    if (length < 0 || (size_t)length >= sizeof(history->path)) {
        return false;
    }
    FILE *file = fopen(history->path, "re");
    if (file == NULL) {
        return errno == ENOENT;
    }
    char line[128] = "";
    bool is_good = fgets(line, sizeof(line), file) != NULL;
    const char *at = line;
    (void)fclose(file);
    history->opens = (unsigned long)read_number(&at, "opens ");
    history->away = (unsigned long)read_number(&at, " away ");
    history->frames = read_number(&at, " frames ");
    return is_good && at != NULL;
}

bool history_save(const struct history *history)
{
    if (history->path[0] == '\0') {
        return true;
    }
    FILE *file = fopen(history->path, "we");
    if (file == NULL) {
        return false;
    }
    int length = fprintf(file, "opens %lu away %lu frames %" PRIu64 "\n",
                         history->opens, history->away, history->frames);
    return fclose(file) == 0 && length > 0;
}
