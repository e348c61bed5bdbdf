/* SPDX-License-Identifier: MIT */
#include "project/parse/notices.h"

#include <stdarg.h>

void notices_add(struct notices *notices, uint32_t line, const char *format,
                 ...)
{
    if (notices->count == PROJECT_MAX_NOTICES) {
        notices->dropped++;
        return;
    }
    if (notices->list == NULL) {
        notices->list = arena_alloc(notices->arena, PROJECT_MAX_NOTICES,
                                    sizeof(*notices->list));
    }
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    notices->list[notices->count++] = (struct project_notice){
        line, arena_copy(notices->arena, text, strlen(text))};
}

const char *project_notice_text(const char *file,
                                const struct project_notice *notice,
                                struct arena *arena)
{
    return notice->line == 0 ? arena_format(arena, "%s: %s", file, notice->text)
                             : arena_format(arena, "%s:%u: %s", file,
                                            notice->line, notice->text);
}
