/* SPDX-License-Identifier: MIT */
/* What the engine does when the patch traps: --on-trap. */
#ifndef F4E_TRAP_POLICY_H
#define F4E_TRAP_POLICY_H

enum trap_policy {
    TRAP_STOP,    /* end */
    TRAP_RESET,   /* run initDefaults and copy the assets again, go on */
    TRAP_SILENCE, /* play silence from then on */
};

#endif
