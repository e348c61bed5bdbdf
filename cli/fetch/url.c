/* SPDX-License-Identifier: MIT */
#include "fetch/url.h"

#include <strings.h>

static const struct {
    const char *prefix;
    const char *port;
} schemes[] = {{"http://", "80"}, {"https://", "443"}};

static size_t find_scheme(const char *text)
{
    size_t i = 0;
    while (i < sizeof(schemes) / sizeof(schemes[0]) &&
           strncasecmp(text, schemes[i].prefix, strlen(schemes[i].prefix)) !=
               0) {
        i++;
    }
    return i;
}

bool url_is_web(const char *text)
{
    return find_scheme(text) < sizeof(schemes) / sizeof(schemes[0]);
}

static bool is_plain(const char *text)
{
    for (size_t i = 0; text[i] != '\0'; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte <= ' ' || byte >= 0x7f || byte == '\\') {
            return false;
        }
    }
    return true;
}

/* "[::1]" or "example.org" at the start of 'text'; its length, 0: none. */
static size_t host_length(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    if (text[0] == '[') {
        size_t length = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
        return length > 2 && text[length] == ']' ? length + 1 : 0;
    }
    return text[0] == '-' ? 0 : strspn(text, letters);
}

bool url_parse(struct url *url, const char *text, const char **why,
               struct arena *arena)
{
    enum { MAX_PORT_DIGITS = 5 };
    size_t scheme = find_scheme(text);
    if (!url_is_web(text)) {
        *why = "it is neither http nor https";
        return false;
    }
    if (strlen(text) > URL_MAX_BYTES || !is_plain(text)) {
        *why = "it is too long, or has blanks or other bytes that addresses "
               "have not";
        return false;
    }
    const char *host = text + strlen(schemes[scheme].prefix);
    size_t authority = strcspn(host, "/?#");
    size_t length = host_length(host);
    bool has_port = length > 0 && host[length] == ':';
    size_t digits = has_port ? strspn(host + length + 1, "0123456789") : 0;
    if (memchr(host, '@', authority) != NULL) {
        *why = "it names a user";
        return false;
    }
    if (length == 0 || digits > MAX_PORT_DIGITS ||
        length + (has_port ? digits + 1 : 0) != authority ||
        (has_port && digits == 0)) {
        *why = "its host or port is none";
        return false;
    }
    bool is_bracketed = host[0] == '[';
    *url = (struct url){
        .text = text,
        .host = is_bracketed ? arena_copy(arena, host + 1, length - 2)
                             : arena_copy(arena, host, length),
        .port = has_port ? arena_copy(arena, host + length + 1, digits)
                         : schemes[scheme].port,
    };
    return true;
}
