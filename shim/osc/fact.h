/* SPDX-License-Identifier: MIT */
/* What is known of a patch without asking it: /NAME/info. Any thread. */
#ifndef F4E_FACT_H
#define F4E_FACT_H

#include "f4e_patch.h"

#include <stdint.h>

enum {
    FACT_COUNT = 6,
    FACT_VERSION = FACT_COUNT, /* where there are several: one more */
};

/* The names are those of --info --json. */
const char *fact_name(unsigned index);

/* A text, or NULL with a number. 'version' is that of the patch. */
const char *fact_value(const struct f4e_patch *patch, uint32_t version,
                       unsigned index, unsigned *number);

#endif
