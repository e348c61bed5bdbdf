/* SPDX-License-Identifier: MIT */
/* Linked into nothing: the symbol fence must refuse it. */
#include <stdlib.h>

void *rt_offend(void);

void *rt_offend(void)
{
    return malloc(1);
}
