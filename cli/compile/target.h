/* SPDX-License-Identifier: MIT */
/*
 * The target of a build: this machine, or a row of the table that --target
 * names. It determines the compiler's triple, CPU and ABI flags, and the Debian
 * packages that a cross build needs.
 */
#ifndef F4E_TARGET_H
#define F4E_TARGET_H

#include "base/arena.h"

enum { TARGET_FLAGS = 3 };

/* An architecture with its calling convention, as Debian has them. */
struct target_abi {
    const char *triple;                /* GNU, as Debian writes it */
    const char *debian;                /* "arm64" */
    const char *baseline;              /* flag for its oldest CPU */
    const char *cpu_option;            /* "-mcpu" or "-march" */
    const char *abi[TARGET_FLAGS + 1]; /* flags for every CPU of it */
};

/* What --target takes beside triples and Debian's names: machines. */
struct target_machine {
    const char *name;
    const char *triple; /* of its struct target_abi */
    const char *cpu;    /* for the compiler */
    const char *fpu;    /* instead of the first of its ABI's flags, or NULL */
    const char *what;
    bool is_armv6; /* its system is not Debian's armhf, which wants ARMv7 */
};

/* The chosen target. */
struct target {
    const char *name; /* as given, or the triple */
    const struct target_abi *abi;
    const char *cpu;    /* "native", "baseline" or a name */
    const char **flags; /* for the compiler, NULL-terminated */
    bool is_cross;      /* not the ABI of this program */
    bool needs_sysroot; /* Debian's libraries need a newer CPU */
};

/*
 * 'name' as given with --target, NULL for this machine; 'cpu' as given with
 * --cpu, NULL for the target's own. Fails (usage) for names that are unknown
 * and for "native" where that is not this machine.
 */
F4E_MUST_CHECK bool target_choose(struct target *target, const char *name,
                                  const char *cpu, struct arena *arena,
                                  struct diag *diag);

/* The Debian packages that clang or gcc needs for the target, separated by
 * blanks. In the arena. */
const char *target_packages(const struct target *target, bool is_clang,
                            struct arena *arena);

/* The tables, for `--target list` and the tests. */
const struct target_abi *target_abis(size_t *count);
const struct target_machine *target_machines(size_t *count);

void target_print_list(FILE *stream);

#endif
