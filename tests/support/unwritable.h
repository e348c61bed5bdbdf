/* SPDX-License-Identifier: MIT */
/*
 * Places where nothing can be written, in the current directory, for programs
 * that a test starts: also when root runs the tests, whom modes do not stop.
 */
#ifndef F4E_UNWRITABLE_H
#define F4E_UNWRITABLE_H

#include <stddef.h>

struct unwritable {
    const char *name;
    const char *path;  /* of a file to write */
    const char *cause; /* as strerror() has it */
};

/* A folder that is not there, one that may not be written, a file in the place
 * of a folder, a folder in the place of a file, a link that leads to itself, a
 * name that is too long, a full disk. */
enum { UNWRITABLE_PLACES = 7 };
extern const struct unwritable unwritable_places[UNWRITABLE_PLACES];

/* A folder that may be read and not written. */
#define UNWRITABLE_FOLDER "readonly"

/* Make them in 'folder'. Programs that are started from now on have no right to
 * write against a file's mode. */
void unwritable_make(const char *folder);

/* Remove them; fails the test when something was written there. */
void unwritable_remove(const char *folder);

#endif
