/* SPDX-License-Identifier: MIT */
#include "preset/preset_name.h"

#include "common/print.h"
#include "common/words.h"
#include "preset/preset_list.h"

#include <string.h>

/* What stands in quotes, with \" and \\ for these two. NULL: it has no end. */
static char *take_quoted(char **rest)
{
    char *name = *rest + 1;
    char *from = name;
    char *to = name;
    while (*from != '"') {
        from += *from == '\\' && from[1] != '\0';
        if (*from == '\0') {
            return NULL;
        }
        *to++ = *from++;
    }
    *to = '\0';
    *rest = from + 1;
    return name;
}

char *preset_name_take(char **rest)
{
    *rest += strspn(*rest, words_blanks);
    char *name = **rest == '"' ? take_quoted(rest) : words_next(rest);
    return name != NULL && *name != '\0' ? name : NULL;
}

char *preset_name_need(char **rest, const char *verb, const char *needs,
                       struct failure *failure)
{
    *rest += strspn(*rest, words_blanks);
    bool is_quoted = **rest == '"' && (*rest)[1] != '"';
    char *name = preset_name_take(rest);
    if (name == NULL) {
        (void)failure_set(failure, STATUS_USAGE,
                          is_quoted ? "preset %s: a quote has no end"
                                    : "preset %s needs %s",
                          verb, needs);
    } else if (strlen(name) >= PRESET_NAME_BYTES) {
        (void)failure_set(failure, STATUS_USAGE,
                          "the name of a preset has %zu bytes, at most %d "
                          "are allowed",
                          strlen(name), PRESET_NAME_BYTES - 1);
        name = NULL;
    }
    return name;
}

bool preset_name_check(const char *name, struct failure *failure)
{
    for (const char *at = name; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f) {
            return failure_set(failure, STATUS_USAGE,
                               "the name of a preset has a control character");
        }
    }
    /* The file could not hold it: two of them would become one. */
    return print_is_utf8(name) ||
           failure_set(failure, STATUS_USAGE,
                       "the name of a preset is not UTF-8");
}
