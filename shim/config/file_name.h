/* SPDX-License-Identifier: MIT */
/* Files that are named after a patch, which may be called anything. */
#ifndef F4E_FILE_NAME_H
#define F4E_FILE_NAME_H

enum { FILE_NAME_BYTES = 48 + 1 }; /* with the final 0 */

/*
 * A plain file name: letters, digits, '.', '_' and '-' of ASCII stay, all else
 * becomes '_', and so does a '.' in front. What is not ASCII, or too long, ends
 * in a hash, so that other such names have other files.
 */
void file_name_make(char file[FILE_NAME_BYTES], const char *name);

#endif
