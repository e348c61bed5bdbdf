/* SPDX-License-Identifier: MIT */
#include "http/gate.h"

#include "wire/link.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { HOST_MAX_BYTES = 256 };

void gate_init(struct gate *gate, const char *token, const char *host,
               uint16_t port)
{
    gate->token = token;
    gate->host = host;
    (void)snprintf(gate->cookie, sizeof(gate->cookie), "f4e-%u", port);
}

bool gate_is_token(const char *text)
{
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789-_.~");
    return text[length] == '\0' && length >= LINK_TOKEN_MIN &&
           length < LINK_TOKEN_MAX;
}

bool gate_is_loopback(const char *address)
{
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, address, &four) == 1) {
        return (ntohl(four.s_addr) >> 24) == 127;
    }
    return inet_pton(AF_INET6, address, &six) == 1 &&
           IN6_IS_ADDR_LOOPBACK(&six);
}

/* Takes as long whatever 'text' has in common with the token. */
static bool is_token(const struct gate *gate, const char *text, size_t length)
{
    unsigned char typed[LINK_TOKEN_MAX] = {0};
    unsigned char known[LINK_TOKEN_MAX] = {0};
    volatile unsigned char difference = length >= LINK_TOKEN_MAX;
    memcpy(typed, text, length < LINK_TOKEN_MAX ? length : LINK_TOKEN_MAX - 1);
    memcpy(known, gate->token, strlen(gate->token));
    for (unsigned i = 0; i < LINK_TOKEN_MAX; i++) {
        difference = difference | (typed[i] ^ known[i]);
    }
    return difference == 0;
}

static bool is_bearer(const struct gate *gate, const char *text)
{
    static const char scheme[] = "Bearer ";
    if (text == NULL || strncasecmp(text, scheme, sizeof(scheme) - 1) != 0) {
        return false;
    }
    text += sizeof(scheme) - 1;
    return is_token(gate, text, strlen(text));
}

/* "name=value; name=value": browsers send several of ours, when there were
 * several paths or ports. */
static bool has_cookie(const struct gate *gate, const char *text)
{
    size_t name = strlen(gate->cookie);
    bool is_good = false;
    while (text != NULL && *text != '\0') {
        text += strspn(text, " ;");
        size_t length = strcspn(text, ";");
        if (strncmp(text, gate->cookie, name) == 0 && text[name] == '=') {
            is_good |= is_token(gate, text + name + 1, length - name - 1);
        }
        text += length;
    }
    return is_good;
}

/* A name that no server outside can give to its own address. */
static bool is_own_name(const struct gate *gate, const char *name)
{
    static const char *const domains[] = {
        "", ".local", ".lan", ".home.arpa", ".internal", ".fritz.box"};
    size_t length = strlen(gate->host);
    if (strcasecmp(name, "localhost") == 0) {
        return true;
    }
    if (length == 0 || strncasecmp(name, gate->host, length) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof(domains) / sizeof(*domains); i++) {
        if (strcasecmp(name + length, domains[i]) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * An address or a name of ours: a page from elsewhere whose name was made to
 * lead here (DNS rebinding) still has its own name in there.
 */
static bool is_own_host(const struct gate *gate, const char *host)
{
    char name[HOST_MAX_BYTES];
    struct in_addr four;
    struct in6_addr six;
    bool is_six = host != NULL && *host == '[';
    const char *start = host != NULL ? host + is_six : "";
    size_t length = strcspn(start, is_six ? "]" : ":");
    if (length == 0 || length >= sizeof(name)) {
        return false;
    }
    memcpy(name, start, length);
    name[length] = '\0';
    const char *port = start + length;
    if (is_six) {
        port += *port == ']';
        return (*port == '\0' || *port == ':') &&
               inet_pton(AF_INET6, name, &six) == 1;
    }
    return inet_pton(AF_INET, name, &four) == 1 || is_own_name(gate, name);
}

/* The page of this very host sent it, or no page at all. */
static bool is_same_origin(const struct gate_request *request)
{
    static const char *const schemes[] = {"http://", "https://"};
    const char *site = request->fetch_site;
    bool is_near = site == NULL || strcmp(site, "same-origin") == 0 ||
                   strcmp(site, "none") == 0;
    if (!is_near && !request->is_page) {
        return false;
    }
    for (size_t i = 0; request->origin != NULL && i < 2; i++) {
        size_t length = strlen(schemes[i]);
        if (strncasecmp(request->origin, schemes[i], length) == 0 &&
            strcasecmp(request->origin + length, request->host) == 0) {
            return true;
        }
    }
    return request->origin == NULL;
}

enum gate_verdict gate_judge(const struct gate *gate,
                             const struct gate_request *request)
{
    if (!is_own_host(gate, request->host)) {
        return GATE_WRONG_HOST;
    }
    if (!is_same_origin(request)) {
        return GATE_FOREIGN;
    }
    if (gate->token[0] == '\0' || is_bearer(gate, request->authorization) ||
        has_cookie(gate, request->cookies)) {
        return GATE_OPEN;
    }
    return request->token != NULL &&
                   is_token(gate, request->token, strlen(request->token))
               ? GATE_GREETED
               : GATE_NO_TOKEN;
}
