/* SPDX-License-Identifier: MIT */
#include "http/page.h"

#include "page/page_data.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* FNV-1a: another file, another tag. */
static uint64_t hash(const unsigned char *data, size_t bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ data[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static void send_file(struct exchange *exchange, const struct page_file *file)
{
    const struct microhttpd *mhd = &exchange->http->mhd;
    const char *known = http_header(exchange, "If-None-Match");
    char tag[32];
    (void)snprintf(tag, sizeof(tag), "\"%016" PRIx64 "\"",
                   hash(file->bytes, file->size));
    bool is_known = known != NULL && strstr(known, tag) != NULL;
    /* The library does not write to what is persistent. */
    const union {
        const unsigned char *bytes;
        void *data;
    } constant = {file->bytes};
    struct MHD_Response *response = mhd->create_response_from_buffer(
        is_known ? 0 : file->size, constant.data, MICROHTTPD_MEMORY_PERSISTENT);
    if (response != NULL) {
        (void)mhd->add_response_header(response, "Content-Type", file->type);
        (void)mhd->add_response_header(response, "Content-Encoding", "gzip");
        (void)mhd->add_response_header(response, "Cache-Control", "no-cache");
        (void)mhd->add_response_header(response, "ETag", tag);
        (void)mhd->add_response_header(response, "Vary", "Accept");
    }
    http_send(exchange, is_known ? 304 : 200, response);
}

bool page_answer(struct exchange *exchange, const char *path)
{
    path = strcmp(path, "/") == 0 ? "/index.html" : path;
    for (size_t i = 0; i < page_file_count; i++) {
        if (*path == '/' && strcmp(path + 1, page_files[i].name) == 0) {
            send_file(exchange, &page_files[i]);
            return true;
        }
    }
    return false;
}
