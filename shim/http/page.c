/* SPDX-License-Identifier: MIT */
#include "http/page.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "page/files.h"

/* .incbin: the assembler copies the file, found below -I as headers are. */
#define EMBED(identifier, name, type)                               \
    __asm__(".pushsection .rodata.f4e_page_" #identifier ",\"a\"\n" \
            ".globl f4e_page_" #identifier "\n"                     \
            ".hidden f4e_page_" #identifier "\n"                    \
            "f4e_page_" #identifier ":\n"                           \
            ".incbin \"page/" name "\"\n"                           \
            ".globl f4e_page_end_" #identifier "\n"                 \
            ".hidden f4e_page_end_" #identifier "\n"                \
            "f4e_page_end_" #identifier ":\n"                       \
            ".popsection");                                         \
    extern const uint8_t f4e_page_##identifier[];                   \
    extern const uint8_t f4e_page_end_##identifier[];

PAGE_FILES(EMBED)

#define ROW(identifier, name, type) \
    {"/" name, type, f4e_page_##identifier, f4e_page_end_##identifier},

static const struct {
    const char *path;
    const char *type;
    const uint8_t *start;
    const uint8_t *end;
} files[] = {PAGE_FILES(ROW)};

/* FNV-1a: another file, another tag. */
static uint64_t hash(const uint8_t *data, size_t bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ data[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static void send_file(struct exchange *exchange, const char *type,
                      const uint8_t *data, size_t bytes)
{
    const struct microhttpd *mhd = &exchange->http->mhd;
    const char *known = http_header(exchange, "If-None-Match");
    char tag[32];
    (void)snprintf(tag, sizeof(tag), "\"%016" PRIx64 "\"", hash(data, bytes));
    bool is_known = known != NULL && strstr(known, tag) != NULL;
    /* The library does not write to what is persistent. */
    const union {
        const uint8_t *bytes;
        void *data;
    } constant = {data};
    struct MHD_Response *response = mhd->create_response_from_buffer(
        is_known ? 0 : bytes, constant.data, MICROHTTPD_MEMORY_PERSISTENT);
    if (response != NULL) {
        (void)mhd->add_response_header(response, "Content-Type", type);
        (void)mhd->add_response_header(response, "Cache-Control", "no-cache");
        (void)mhd->add_response_header(response, "ETag", tag);
        (void)mhd->add_response_header(response, "Vary", "Accept");
    }
    http_send(exchange, is_known ? 304 : 200, response);
}

bool page_answer(struct exchange *exchange, const char *path)
{
    path = strcmp(path, "/") == 0 ? "/index.html" : path;
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        if (strcmp(path, files[i].path) == 0) {
            send_file(exchange, files[i].type, files[i].start,
                      (size_t)(files[i].end - files[i].start));
            return true;
        }
    }
    return false;
}
