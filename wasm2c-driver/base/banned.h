/* SPDX-License-Identifier: MIT */
/*
 * Makes calls of unsafe functions compile errors. Included by base/diag.h, so
 * by every file of the build tool.
 */
#ifndef F4E_BANNED_H
#define F4E_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
# pragma GCC poison strcpy strcat sprintf vsprintf strtok system popen
# pragma GCC poison mktemp tmpnam atoi atol atof gets
#endif

#endif
