/* SPDX-License-Identifier: MIT */
/* The files of the web page, which are in the executable. The only thread. */
#ifndef F4E_PAGE_H
#define F4E_PAGE_H

#include "http/http.h"

#include <stdbool.h>

/* Answer if the path is that of a file of the page; "/" is index.html. */
bool page_answer(struct exchange *exchange, const char *path);

#endif
