/* SPDX-License-Identifier: MIT */
#include "translate/segments.h"

#include "base/strict_number.h"

#include <ctype.h>

static const char start[] = "static const u8 data_segment_data_";

/* The number at the end of "data_segment_data_w2c_d12", 'length' long. */
static uint32_t segment_index(const char *name, size_t length)
{
    size_t digits = length;
    while (digits > 0 && isdigit((unsigned char)name[digits - 1])) {
        digits--;
    }
    uint64_t index = UINT32_MAX;
    (void)!strict_number_u64(name + digits, length - digits, 10, UINT32_MAX,
                             &index);
    return (uint32_t)index;
}

/* A label of our own, so that the symbol is the same for every wasm2c. */
static void add_declaration(struct buf *out, const char *name, size_t length,
                            uint32_t index)
{
    buf_format(out,
               "__asm__(\".pushsection .rodata\\n\"\n"
               "        \".balign 16\\n\"\n"
               "        \"%.*s:\\n\"\n"
               "        \".incbin \\\"data%u.bin\\\"\\n\"\n"
               "        \".popsection\\n\");\n"
               "extern const u8 %.*s[];\n",
               (int)length, name, index, (int)length, name);
}

void segments_add(struct buf *out, const char *text,
                  const struct wasm_module *module, uint32_t limit)
{
    const char *found = NULL;
    while ((found = strstr(text, start)) != NULL) {
        const char *name = strstr(found, "data_segment_data_");
        size_t length = strcspn(name, "[");
        const char *end = strstr(name, "\n};\n");
        uint32_t index = segment_index(name, length);
        buf_add(out, text, (size_t)(found - text));
        if (end == NULL || index >= module->data_count ||
            module->data[index].size <= limit) {
            buf_add(out, found, sizeof(start) - 1);
            text = found + sizeof(start) - 1;
        } else {
            add_declaration(out, name, length, index);
            text = end + strlen("\n};\n");
        }
    }
    buf_text(out, text);
}
