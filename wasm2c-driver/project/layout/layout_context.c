/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

#include <stdarg.h>

bool layout_error(struct layout *layout, uint32_t line, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return diag_line(layout->diag, layout->text->file, line, "%s", text);
}

bool layout_work(struct layout *layout, uint32_t line, uint64_t steps)
{
    layout->work += steps;
    return layout->work <= LAYOUT_MAX_WORK ||
           layout_error(layout, line,
                        "more than %d constants and default values in all",
                        LAYOUT_MAX_WORK);
}

bool layout_has_block(const struct layout *layout,
                      const struct text_block *block)
{
    return !(layout->rules.skips_disabled && block->is_disabled);
}
