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
