/* SPDX-License-Identifier: MIT */
/* Declared in options/options_internal.h. */
#include "options/options_internal.h"

#include <arpa/inet.h>
#include <string.h>

static bool is_address(const char *text)
{
    struct in6_addr bits;
    return inet_pton(AF_INET, text, &bits) == 1 ||
           inet_pton(AF_INET6, text, &bits) == 1;
}

/* The address of --http-bind or --osc-bind. */
static bool check_bind(const char **address, const char *name,
                       struct failure *failure)
{
    if (*address == NULL || strcmp(*address, "localhost") == 0) {
        *address = "127.0.0.1";
    }
    if (is_address(*address)) {
        return true;
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "--%s needs an address in numbers, not '%s'", name,
                      *address);
    return failure_hint(failure, "--%s 0.0.0.0", name);
}

bool options_check_network(struct options *options, struct failure *failure)
{
    bool has_any = options->has_http || options->has_osc;
    if (options->http_bind != NULL && !options->has_http) {
        return failure_set(failure, STATUS_USAGE, "--http-bind needs --http");
    }
    if (options->osc_bind != NULL && !options->has_osc) {
        return failure_set(failure, STATUS_USAGE, "--osc-bind needs --osc");
    }
    if (options->token_file != NULL && !has_any) {
        return failure_set(failure, STATUS_USAGE,
                           "--token-file needs --http or --osc");
    }
    if (has_any && options->render != NULL) {
        return failure_set(failure, STATUS_USAGE,
                           options->has_http
                               ? "--http shows a patch that plays, not a render"
                               : "--osc plays a patch, not a render");
    }
    return check_bind(&options->http_bind, "http-bind", failure) &&
           check_bind(&options->osc_bind, "osc-bind", failure);
}
