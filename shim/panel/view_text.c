/* SPDX-License-Identifier: MIT */
#include "panel/view_text.h"

#include "common/element.h"

#include <inttypes.h>
#include <stdio.h>

/* The most significant byte first. */
static void write_hex(const struct view_run *run, char *text)
{
    uint8_t bytes[ELEMENT_BYTES_MAX];
    char *at = text;
    element_peek(run->element, run->data, bytes);
    for (unsigned i = element_bytes(run->element); i > 0; i--) {
        at += snprintf(at, sizeof("00 "), "%02x%s", bytes[i - 1],
                       i > 1 ? " " : "");
    }
}

/* As JavaScript's toString(2) writes a whole number. */
static void write_binary(double value, char *text)
{
    char digits[64];
    unsigned count = 0;
    uint64_t left = (uint64_t)(value < 0.0 ? -value : value);
    do {
        digits[count++] = (char)('0' + (left & 1));
        left >>= 1;
    } while (left > 0);
    if (value < 0.0) {
        *text++ = '-';
    }
    while (count > 0) {
        *text++ = digits[--count];
    }
    *text = '\0';
}

void view_text(const struct f4e_view *view, const struct view_run *run,
               char text[VIEW_TEXT_MAX])
{
    if (view->format == F4E_ADDRESS || view->format == F4E_LAST_ADDRESS) {
        (void)snprintf(text, VIEW_TEXT_MAX, "%" PRIu32, run->address);
        return;
    }
    if (run->count == 0) {
        (void)snprintf(text, VIEW_TEXT_MAX, "-");
        return;
    }
    double value = view_element(run, 0);
    if (view->format == F4E_HEX) {
        write_hex(run, text);
    } else if (element_is_float(run->element)) {
        (void)snprintf(text, VIEW_TEXT_MAX, "%.4f", value);
    } else if (view->format == F4E_BINARY) {
        write_binary(value, text);
    } else {
        (void)snprintf(text, VIEW_TEXT_MAX, "%.0f", value);
    }
}

void view_what(const struct f4e_patch *patch, const struct f4e_view *view,
               char *text, size_t size)
{
    const char *before = view->is_pointee              ? "*"
                         : view->format == F4E_ADDRESS ? "&"
                                                       : "";
    const char *after = view->format == F4E_LAST_ADDRESS ? "&" : "";
    char index[16] = "";
    if (view->index > 0) {
        (void)snprintf(index, sizeof(index), "[%" PRIu32 "]", view->index);
    }
    (void)snprintf(text, size, "%s%s%s%s", before,
                   patch->items[view->item].name, index, after);
}
