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

bool options_check_network(struct options *options, struct failure *failure)
{
    const char *lonely = options->http_bind != NULL    ? "http-bind"
                         : options->token_file != NULL ? "token-file"
                                                       : NULL;
    if (lonely != NULL && !options->has_http) {
        return failure_set(failure, STATUS_USAGE, "--%s needs --http", lonely);
    }
    if (options->has_http && options->render != NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "--http shows a patch that plays, not a render");
    }
    if (options->http_bind == NULL ||
        strcmp(options->http_bind, "localhost") == 0) {
        options->http_bind = "127.0.0.1";
    }
    if (!is_address(options->http_bind)) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--http-bind needs an address in numbers, not '%s'",
                          options->http_bind);
        return failure_hint(failure, "--http-bind 0.0.0.0");
    }
    return true;
}
