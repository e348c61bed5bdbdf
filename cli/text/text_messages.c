/* SPDX-License-Identifier: MIT */
#include "text/text_messages.h"

#include "base/file.h"
#include "base/utf8.h"

#include <ctype.h>

enum { MAX_LINES_SHOWN = 40 };

/* A number from 1 to 'max' at 'text', which moves behind it; 0: none. */
static uint32_t take_number(const char **text, uint32_t max)
{
    uint64_t value = 0;
    const char *at = *text;
    while (isdigit((unsigned char)*at) && value <= max) {
        value = value * 10 + (uint64_t)(*at++ - '0');
    }
    if (value == 0 || value > max) {
        return 0;
    }
    *text = at;
    return (uint32_t)value;
}

/* "dir/patch.8f4e:12:3: what": '*what' is what stands behind the place. */
static uint32_t find_place(const char *line, const char *name, uint32_t max,
                           const char **what)
{
    size_t length = strlen(name);
    for (const char *at = strstr(line, name); at != NULL;
         at = strstr(at + 1, name)) {
        const char *rest = at + length;
        bool is_name = at == line || at[-1] == '/' || !isalnum(at[-1] & 0x7f);
        if (!is_name || *rest++ != ':') {
            continue;
        }
        uint32_t number = take_number(&rest, max);
        if (number == 0 || isalnum((unsigned char)*rest)) {
            continue;
        }
        if (rest[0] == ':' && isdigit((unsigned char)rest[1])) {
            rest++;
            rest += strspn(rest, "0123456789");
        }
        size_t gap = strspn(rest, ": \t");
        *what = gap > 0 && rest[gap] != '\0' ? rest + gap : line;
        return number;
    }
    return 0;
}

/* "Parse error at line 12: …", but not "line 3 of module tone". */
static uint32_t find_line(const char *line, uint32_t max)
{
    static const char word[] = "line ";
    for (const char *at = strstr(line, word); at != NULL;
         at = strstr(at + 1, word)) {
        const char *rest = at + sizeof(word) - 1;
        bool is_word = at == line || !isalnum((unsigned char)at[-1]);
        uint32_t number = is_word ? take_number(&rest, max) : 0;
        if (number != 0 && !isalnum((unsigned char)*rest) &&
            strncmp(rest, " of ", 4) != 0 && strncmp(rest, " in ", 4) != 0) {
            return number;
        }
    }
    return 0;
}

static void locate(struct text_messages *messages, const char *line,
                   const char *path, uint32_t line_count)
{
    const char *what = line;
    uint32_t number = find_place(line, file_base_name(path), line_count, &what);
    if (number == 0) {
        number = find_line(line, line_count);
    }
    if (number != 0) {
        messages->line = number;
        messages->what = what;
    }
}

void text_messages_read(struct text_messages *messages,
                        const struct buf *output, const char *path,
                        uint32_t line_count, struct arena *arena)
{
    struct buf all;
    buf_init(&all, arena);
    *messages = (struct text_messages){.all = ""};
    for (size_t start = 0; start < output->length;) {
        const uint8_t *bytes = output->bytes + start;
        size_t left = output->length - start;
        const uint8_t *end = memchr(bytes, '\n', left);
        size_t length = end == NULL ? left : (size_t)(end - bytes);
        start += length + 1;
        while (length > 0 && isspace(bytes[length - 1])) {
            length--;
        }
        if (length == 0) {
            continue;
        }
        if (messages->count++ < MAX_LINES_SHOWN || messages->line == 0) {
            const char *line = utf8_print_line(bytes, length, arena);
            if (messages->count <= MAX_LINES_SHOWN) {
                buf_format(&all, "%s\n", line);
            }
            if (messages->line == 0) {
                locate(messages, line, path, line_count);
            }
        }
    }
    if (messages->count > MAX_LINES_SHOWN) {
        buf_format(&all, "(%u more lines)\n",
                   messages->count - MAX_LINES_SHOWN);
    }
    messages->all = buf_string(&all);
}
