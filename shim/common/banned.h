/* SPDX-License-Identifier: MIT */
/*
 * Calls that have no safe use in this project become compile errors. Included
 * by common/failure.h, so by nearly every file of the shim;
 * wasm2c-driver/base/banned.h is the same for the build tool.
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
