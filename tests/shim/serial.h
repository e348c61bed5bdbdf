/* SPDX-License-Identifier: MIT */
/*
 * A device of the kernel that can be unplugged and plugged in again under the
 * same path: a terminal without a terminal's manners. Everything here fails the
 * test when it cannot.
 */
#ifndef F4E_TEST_SERIAL_H
#define F4E_TEST_SERIAL_H

#include <stddef.h>

/* Make 'path', a link to it. Returns the other end; close() unplugs it. */
int serial_plug(const char *path);

/* Wait for so many bytes of what was written to it. */
void serial_read(int serial, unsigned char *bytes, size_t count);

#endif
