/* SPDX-License-Identifier: MIT */
/*
 * engine_find() and engine_call() of an engine that turns functions into C. Its
 * 'instance' stands above; CALLBACKS, from callbacks() in engine.sh, is a list
 * of CALLBACK("name", symbol). For one file of a program.
 */
#ifndef F4E_C_CALLBACKS_H
#define F4E_C_CALLBACKS_H

#include "engine_protocol.h"

#include <string.h>

#ifndef CALLBACKS
# define CALLBACKS
#endif

int engine_find(const char *name)
{
#define CALLBACK(text, symbol) text,
    static const char *const names[] = {CALLBACKS NULL};
#undef CALLBACK
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

bool engine_call(int function, const uint32_t arguments[3])
{
    int i = 0;
#define CALLBACK(text, symbol)                                       \
    if (i++ == function) {                                           \
        symbol(&instance, arguments[0], arguments[1], arguments[2]); \
    }
    CALLBACKS
#undef CALLBACK
        (void)
    arguments;
    return function < i;
}

#endif
