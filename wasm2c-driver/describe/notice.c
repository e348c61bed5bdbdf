/* SPDX-License-Identifier: MIT */
#include "describe/notice.h"

void patch_notice(struct patch *patch, struct arena *arena, const char *format,
                  ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);

    const char **longer = (const char **)arena_alloc(
        arena, patch->notice_count + 1, sizeof(*longer));
    for (uint32_t i = 0; i < patch->notice_count; i++) {
        longer[i] = patch->notices[i];
    }
    longer[patch->notice_count++] = arena_copy(arena, text, strlen(text));
    patch->notices = longer;
}
