/* SPDX-License-Identifier: MIT */
/* A line that asks for a swap; director.h has them. Control thread. */
#ifndef F4E_SWAP_REQUEST_H
#define F4E_SWAP_REQUEST_H

#include "common/attributes.h"
#include "swap/match.h"

#include <stdbool.h>
#include <stdint.h>

enum { REQUEST_LINE_BYTES = 8192 };

struct request_swap {
    bool is_wanted;
    uint32_t id;
    unsigned fade_ms;
    enum match_values values;
    char path[REQUEST_LINE_BYTES];
};

/* What follows "swap", which is changed. False: it is not understood. */
F4E_MUST_CHECK bool request_parse(struct request_swap *request, char *rest);

#endif
