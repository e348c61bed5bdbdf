/* SPDX-License-Identifier: MIT */
/* The messages (message/message.h) of the code under test, after "fake: ". */
#ifndef F4E_TEST_TOLD_H
#define F4E_TEST_TOLD_H

/* From now on. */
void told_start(void);

/* What was told since then; valid until the next call of either. */
const char *told(void);

void told_stop(void);

#endif
