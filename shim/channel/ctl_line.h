/* SPDX-License-Identifier: MIT */
/* Lines between the client ctl and a patch: a request, an answer. */
#ifndef F4E_CTL_LINE_H
#define F4E_CTL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * A request: 'count' words, one at least, with a blank behind each; free() it.
 * Names of presets get the quotes that the shell has taken, files the folder
 * that they are in. NULL: no memory.
 */
char *ctl_line_join(char *const *words, int count);

/*
 * The next answer or event, with its end, as getline() keeps it. False: there
 * is none, or not all of it, as of a patch that is killed; '*is_late' when the
 * time that the socket may take is over.
 */
bool ctl_line_read(FILE *answers, char **line, size_t *capacity, bool *is_late);

#endif
