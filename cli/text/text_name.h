/* SPDX-License-Identifier: MIT */
/* Which files are texts of the language, by their name. */
#ifndef F4E_TEXT_NAME_H
#define F4E_TEXT_NAME_H

#include <stdbool.h>
#include <string.h>

#define TEXT_SUFFIX ".8f4e"

/* Whether a path is that of a text. */
static inline bool text_has_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    size_t length = strlen(base);
    size_t tail = sizeof(TEXT_SUFFIX) - 1;
    return length > tail && strcmp(base + length - tail, TEXT_SUFFIX) == 0;
}

#endif
