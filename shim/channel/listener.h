/* SPDX-License-Identifier: MIT */
/*
 * A socket of this user's, at a place where it is found: who listens there, and
 * the way to it. Control thread.
 */
#ifndef F4E_LISTENER_H
#define F4E_LISTENER_H

#include "common/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum { LISTENER_PATH_MAX = 108 }; /* with the final 0, as in sockaddr_un */

struct listener {
    int fd;
    char path[LISTENER_PATH_MAX];
    dev_t device; /* the file that is ours, to be removed */
    ino_t file;
};

/*
 * Listen at 'path'. What a dead program left there is replaced; a living one
 * is a failure: STATUS_FILE.
 */
F4E_MUST_CHECK bool listener_open(struct listener *listener, const char *path,
                                  struct failure *failure);

/* At the first free one of NAME.sock, NAME-2.sock, ... in the default folder,
 * which is made if need be. STATUS_FILE. */
F4E_MUST_CHECK bool listener_open_default(struct listener *listener,
                                          const char *name,
                                          struct failure *failure);

/* The socket, and its file. */
void listener_close(struct listener *listener);

/*
 * The folder of the sockets of this user's patches: f4e in $XDG_RUNTIME_DIR,
 * in $RUNTIME_DIRECTORY or in /run/user/UID, or else /tmp/f4e-UID. False: its
 * name is too long. It need not exist.
 */
F4E_MUST_CHECK bool listener_folder(char *path, size_t size);

/* Record that listener_folder() has none. STATUS_FILE; always false. */
bool listener_fail_folder(struct failure *failure);

/* Is it a folder that only this user can write to? STATUS_FILE. */
F4E_MUST_CHECK bool listener_check_folder(const char *path,
                                          struct failure *failure);

/* "NAME.sock", or "NAME-3.sock" when 'number' is more than 1: a plain file
 * name, whatever the patch is called. */
void listener_format(char *file, size_t size, const char *name,
                     unsigned number);

/* How long reading and writing wait at most, then EAGAIN; 0: for ever. */
void listener_set_timeout(int fd, unsigned seconds);

/*
 * Connected to who listens there, or -1 with errno set: EAGAIN when nobody has
 * taken the connection in time. The limit goes on for what is read and written.
 */
int listener_connect(const char *path, unsigned seconds);

#endif
