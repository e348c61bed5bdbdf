/* SPDX-License-Identifier: MIT */
#include "front/page.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/crc32.h"

/* .incbin: the assembler copies the file, found below -I as headers are. */
#define PAGE(identifier, file, type)                                \
    __asm__(".pushsection .rodata.f4e_page_" #identifier ",\"a\"\n" \
            ".globl f4e_page_" #identifier "\n"                     \
            ".hidden f4e_page_" #identifier "\n"                    \
            "f4e_page_" #identifier ":\n"                           \
            ".incbin \"page/" file "\"\n"                           \
            ".globl f4e_page_end_" #identifier "\n"                 \
            ".hidden f4e_page_end_" #identifier "\n"                \
            "f4e_page_end_" #identifier ":\n"                       \
            ".popsection");                                         \
    extern const uint8_t f4e_page_##identifier[];                   \
    extern const uint8_t f4e_page_end_##identifier[];
#include "page/files.h"
#undef PAGE

static const struct {
    const char *path;
    const char *type;
    const uint8_t *start;
    const uint8_t *end;
} files[] = {
#define PAGE(identifier, file, type) \
    {"/" file, type, f4e_page_##identifier, f4e_page_end_##identifier},
#include "page/files.h"
#undef PAGE
};

static void send_file(struct exchange *exchange, const char *type,
                      const uint8_t *data, size_t bytes)
{
    const struct microhttpd *mhd = &exchange->http->mhd;
    const char *known = http_header(exchange, "If-None-Match");
    char tag[32];
    (void)snprintf(tag, sizeof(tag), "\"%08x-%zx\"",
                   (unsigned)crc32_add(0, data, bytes), bytes);
    bool is_known = known != NULL && strstr(known, tag) != NULL;
    /* The library does not write to what is persistent. */
    struct MHD_Response *response = mhd->create_response_from_buffer(
        is_known ? 0 : bytes, (void *)(uintptr_t)data,
        MICROHTTPD_MEMORY_PERSISTENT);
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
