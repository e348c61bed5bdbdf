/* SPDX-License-Identifier: MIT */
#include "dynlib/shared_library.h"

#include "common/words.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* A static executable has no dlopen(), and is not to get one from here. */
#pragma weak dlopen
#pragma weak dlsym
#pragma weak dlerror

static const struct {
    char option[12];
    char file[20];
    char package[18]; /* of Debian */
    char prefix[6];   /* of the names */
} table[LIBRARY_COUNT] = {
    [LIBRARY_MICROHTTPD] = {"http", "libmicrohttpd.so.12", "libmicrohttpd12",
                            "MHD_"},
    [LIBRARY_LIBLO] = {"osc", "liblo.so.7", "liblo7", "lo_"},
    [LIBRARY_JACK] = {"device jack", "libjack.so.0", "libjack-jackd2-0",
                      "jack_"},
};

static bool fail_missing(enum shared_library library, const char *reason,
                         struct failure *failure)
{
    (void)failure_set(failure, STATUS_LIBRARY, "--%s needs %s: %.300s",
                      table[library].option, table[library].file, reason);
    return failure_hint(failure, "sudo apt install %s", table[library].package);
}

bool shared_library_open(enum shared_library library, const char *names,
                         const uint16_t *offsets, void *functions,
                         struct failure *failure)
{
    if (dlopen == NULL || dlsym == NULL || dlerror == NULL) {
        (void)failure_set(failure, STATUS_LIBRARY,
                          "--%s needs %s, which a static executable cannot "
                          "open",
                          table[library].option, table[library].file);
        return failure_hint(failure, "f4e-build without --static");
    }
    void *handle = dlopen(table[library].file, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        return fail_missing(library, dlerror(), failure);
    }
    for (; *names != '\0'; names = words_behind(names)) {
        char name[48];
        (void)snprintf(name, sizeof(name), "%s%s", table[library].prefix,
                       names);
        void *symbol = dlsym(handle, name);
        if (symbol == NULL) {
            return fail_missing(library, dlerror(), failure);
        }
        memcpy((char *)functions + *offsets++, &symbol, sizeof(symbol));
    }
    return true;
}
