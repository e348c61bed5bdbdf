/* SPDX-License-Identifier: MIT */
/* For harness.c on a system with a C library: Linux, Windows. */
#include <stdio.h>
#include <stdlib.h>

void put_line(const char *line, int status);

void put_line(const char *line, int status)
{
    exit(puts(line) >= 0 ? status : 4);
}
