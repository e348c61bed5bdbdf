/* SPDX-License-Identifier: MIT */
/* fixture.h, and an empty folder that ends with the test. */
#ifndef F4E_UNIT_FOLDER_FIXTURE_H
#define F4E_UNIT_FOLDER_FIXTURE_H

#include "fixture.h"

extern char *folder;

/* Checked fixture, with setup() and teardown() in it. */
void setup_folder(void);
void teardown_folder(void);

#endif
