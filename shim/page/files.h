/* SPDX-License-Identifier: MIT */
/*
 * The files of the page: PAGE(identifier, file, type). All of them lie in this
 * folder and become part of every executable as they are; a new one needs its
 * line here.
 */
PAGE(index, "index.html", "text/html; charset=utf-8")
