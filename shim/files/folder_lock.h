/* SPDX-License-Identifier: MIT */
/* One program at a time changes the files of a folder. Control thread. */
#ifndef F4E_FOLDER_LOCK_H
#define F4E_FOLDER_LOCK_H

/*
 * Nobody else who asks has the folder of the file 'path' until folder_unlock().
 * Waits a second at most: -1, which folder_unlock() takes too, when there is no
 * such folder, or without the lock when somebody holds it for longer.
 */
int folder_lock(const char *path);

void folder_unlock(int lock);

#endif
