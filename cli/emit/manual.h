/* SPDX-License-Identifier: MIT */
/* The manual page of one patch. */
#ifndef F4E_MANUAL_H
#define F4E_MANUAL_H

#include "base/buf.h"
#include "patch.h"

/*
 * Append the page of the program 'id' (small letters, digits, '+', '-', '.'):
 * f4e-patch(1) under that name, with what this patch has to be played by. Names
 * of the patch are made safe for roff.
 */
void manual_write(struct buf *page, const struct patch *patch, const char *id);

#endif
