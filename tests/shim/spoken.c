/* SPDX-License-Identifier: MIT */
#include "spoken.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

char spoken_answer[4096];
char spoken_hint[256];

bool spoken(struct command_word word, const char *text,
            struct event_list *events)
{
    static char line[2048];
    char *answers = NULL;
    size_t size = 0;
    struct failure failure = {0};
    FILE *file = open_memstream(&answers, &size);
    ck_assert_ptr_nonnull(file);
    (void)snprintf(line, sizeof(line), "%s", text);
    bool is_good = word.run(word.context, line, 0, events, file, &failure);
    (void)fclose(file);
    (void)snprintf(spoken_answer, sizeof(spoken_answer), "%s",
                   is_good ? answers : failure.text);
    (void)snprintf(spoken_hint, sizeof(spoken_hint), "%s", failure.hint);
    free(answers);
    return is_good;
}
