/* SPDX-License-Identifier: MIT */
#include "describe/manifest_internal.h"

void manifest_notice(struct manifest *manifest, struct arena *arena,
                     const char *format, ...)
{
    char text[2048];
    va_list arguments;
    if (manifest->notice_count == MANIFEST_MAX_NOTICES) {
        manifest->dropped_notices++;
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);

    if (manifest->notices == NULL) {
        manifest->notices = (const char **)arena_alloc(
            arena, MANIFEST_MAX_NOTICES + 1, sizeof(*manifest->notices));
    }
    manifest->notices[manifest->notice_count++] =
        arena_copy(arena, text, strlen(text));
}

const char *manifest_at(const char *where, struct arena *arena)
{
    return where == NULL ? "" : arena_format(arena, " (%s)", where);
}
