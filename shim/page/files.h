/* SPDX-License-Identifier: MIT */
/*
 * The files of the page. All of them lie in this folder and become part of
 * every executable as they are; a new one needs its line here.
 */
#ifndef F4E_FILES_H
#define F4E_FILES_H

/* FILE(identifier, name, type) for each. */
#define PAGE_FILES(FILE) FILE(index, "index.html", "text/html; charset=utf-8")

#endif
