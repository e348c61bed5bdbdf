/* SPDX-License-Identifier: MIT */
/* A watch as text. Any thread. */
#ifndef F4E_VIEW_TEXT_H
#define F4E_VIEW_TEXT_H

#include "panel/view.h"

enum { VIEW_TEXT_MAX = 340 /* -DBL_MAX with 4 digits, the final 0 */ };

/*
 * What a watch shows of a run, as the editor writes it: floats with 4 digits
 * behind the point, hex as bytes, "-101" in binary, an address as a number.
 * "-" when the run has no element.
 */
void view_text(const struct f4e_view *view, const struct view_run *run,
               char text[VIEW_TEXT_MAX]);

/* The item in the form that the editor has for it: "&m:x", "*m:x", "m:x[2]".
 * Cut off at 'size' bytes. */
void view_what(const struct f4e_patch *patch, const struct f4e_view *view,
               char *text, size_t size);

#endif
