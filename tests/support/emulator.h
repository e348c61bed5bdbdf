/* SPDX-License-Identifier: MIT */
/*
 * Cross-built patches run here by QEMU, which translates their instructions:
 * with the target's C library from Debian's cross packages, and the stand-in
 * for alsa-lib that the patch was linked with. F4E_VECTOR_ROOT names the root
 * folder of another system, whose libraries are taken instead.
 */
#ifndef F4E_TESTS_EMULATOR_H
#define F4E_TESTS_EMULATOR_H

#include <stddef.h>

struct emulator {
    const char *target;    /* as --target takes it */
    const char *triple;    /* of the packages, and the start of tools' names */
    const char *program;   /* "qemu-aarch64" */
    const char *cpu;       /* of the emulator, NULL: its default */
    const char *root;      /* set by emulator_open(), as is ... */
    const char *libraries; /* ... the environment that names them */
};

/* The one for 'target', with its libraries made ready; fails the test when
 * there is none. One at a time, from a fixture. */
const struct emulator *emulator_open(const char *target);
void emulator_close(void);

/* The words that run a patch, for the front of an argument list; how many. */
size_t emulator_words(const struct emulator *emulator, const char **words);

#endif
