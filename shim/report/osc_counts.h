/* SPDX-License-Identifier: MIT */
/* What became of messages that came by OSC. */
#ifndef F4E_OSC_COUNTS_H
#define F4E_OSC_COUNTS_H

#include <stdint.h>

struct osc_counts {
    uint64_t received; /* messages, and packets that were none */
    uint64_t refused;  /* unknown addresses, and what the patch does not take */
    uint64_t dropped; /* broken, too many, or from somebody without the token */
    uint64_t late;    /* bundles that came after their time */
};

#endif
