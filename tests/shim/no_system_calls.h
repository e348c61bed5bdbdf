/* SPDX-License-Identifier: MIT */
/* Holds a test's process to what the audio thread may do. */
#ifndef F4E_TEST_NO_SYSTEM_CALLS_H
#define F4E_TEST_NO_SYSTEM_CALLS_H

/* From here on only _exit() is allowed: all else ends the process by SIGSYS. */
void forbid_system_calls(void);

#endif
