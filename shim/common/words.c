/* SPDX-License-Identifier: MIT */
#include "common/words.h"

#include <string.h>

const char words_blanks[] = " \t\r\n\v\f";

char *words_next(char **rest)
{
    char *word = *rest + strspn(*rest, words_blanks);
    if (*word == '\0' || *word == '#') {
        *rest = word;
        return NULL;
    }
    size_t length = strcspn(word, words_blanks);
    *rest = word + length + (word[length] != '\0');
    word[length] = '\0';
    return word;
}

bool words_end(char *rest, struct failure *failure)
{
    const char *more = words_next(&rest);
    return more == NULL || failure_set(failure, STATUS_USAGE,
                                       "'%s' is one word too many", more);
}

bool words_fail(const char *words, const char *word, struct failure *failure)
{
    return word != NULL
               ? failure_set(failure, STATUS_USAGE, "expected %s, not '%s'",
                             words, word)
               : failure_set(failure, STATUS_USAGE, "expected %s", words);
}

bool words_check_values(const char *values, struct failure *failure)
{
    bool has_comma = false;
    bool has_value = false;
    for (const char *at = values; *at != '\0'; at++) {
        bool is_new = at == values || at[-1] == ',' ||
                      strchr(words_blanks, at[-1]) != NULL;
        if (*at == '#' && is_new) {
            break;
        }
        if (*at == ',' && !has_value) {
            return failure_set(failure, STATUS_USAGE,
                               "a value is missing before a comma");
        }
        if (strchr(words_blanks, *at) == NULL) {
            has_comma = *at == ',';
            has_value = !has_comma;
        }
    }
    return !has_comma || failure_set(failure, STATUS_USAGE,
                                     "a value is missing after a comma");
}

char *words_next_value(char **rest)
{
    static const char between[] = " \t\r\n\v\f,";
    char *word = *rest + strspn(*rest, between);
    size_t length = strcspn(word, between);
    if (*word == '\0' || *word == '#') {
        return NULL;
    }
    *rest = word + length + (word[length] != '\0');
    word[length] = '\0';
    return word;
}

const char *words_behind(const char *text)
{
    return text + strlen(text) + 1;
}
