/* SPDX-License-Identifier: MIT */
/* Strings of the channel's answers, which have no nested objects. */
#ifndef F4E_UNESCAPE_H
#define F4E_UNESCAPE_H

/*
 * The value of the member 'name', a string, of a JSON object on one line
 * without blanks between its parts, in UTF-8; free() it. NULL: it is not there,
 * or no such string, which has neither a character 0 nor half a one.
 */
char *unescape_member(const char *line, const char *name);

#endif
