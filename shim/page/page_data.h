/* SPDX-License-Identifier: MIT */
/*
 * The files of the web page, as they are sent: compressed by gzip, so that they
 * are to be sent with "Content-Encoding: gzip". page_data.c, which has them, is
 * made by cmake/EmbedPage.cmake of the files in this folder. Any thread.
 */
#ifndef F4E_PAGE_DATA_H
#define F4E_PAGE_DATA_H

#include <stddef.h>

struct page_file {
    char name[12]; /* "index.html": without a folder */
    char type[30]; /* for "Content-Type" */
    const unsigned char *bytes;
    size_t size;
};

extern const struct page_file page_files[];
extern const size_t page_file_count;

#endif
