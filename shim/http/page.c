/* SPDX-License-Identifier: MIT */
#include "http/page.h"

#include "page/page_data.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* FNV-1a: another file, another tag. */
static uint64_t hash(const unsigned char *data, size_t bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ data[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* "gzip;q=0.5, *": its part for this coding, which ends at a comma; NULL. */
static const char *find_coding(const char *accepted, const char *coding)
{
    size_t length = strlen(coding);
    while (*accepted != '\0') {
        accepted += strspn(accepted, " \t,");
        if (strncasecmp(accepted, coding, length) == 0 &&
            strspn(accepted + length, " \t;,") + (accepted[length] == '\0') >
                0) {
            return accepted + length;
        }
        accepted += strcspn(accepted, ",");
    }
    return NULL;
}

/* Whether the client takes what is compressed. Who says nothing does. */
static bool takes_gzip(const char *accepted)
{
    if (accepted == NULL) {
        return true;
    }
    const char *part = find_coding(accepted, "gzip");
    part = part != NULL ? part : find_coding(accepted, "x-gzip");
    part = part != NULL ? part : find_coding(accepted, "*");
    if (part == NULL) {
        return false;
    }
    part += strspn(part, " \t;");
    return strncasecmp(part, "q=", 2) != 0 || strtod(part + 2, NULL) > 0.0;
}

static void send_file(struct exchange *exchange, const struct page_file *file)
{
    const struct microhttpd *mhd = &exchange->http->mhd;
    const char *known = http_header(exchange, "If-None-Match");
    if (!takes_gzip(http_header(exchange, "Accept-Encoding"))) {
        http_refuse(exchange, 406,
                    "the page is kept compressed: Accept-Encoding: gzip");
        return;
    }
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
        (void)mhd->add_response_header(response, "Vary",
                                       "Accept, Accept-Encoding");
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
