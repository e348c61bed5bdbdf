/* SPDX-License-Identifier: MIT */
/* What a client of the channel may do. */
#ifndef F4E_TRUST_H
#define F4E_TRUST_H

enum trust {
    TRUST_LOCAL,   /* the user who started the patch: everything */
    TRUST_NETWORK, /* neither files of the machine nor the program's end */
};

#endif
