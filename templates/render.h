/* SPDX-License-Identifier: MIT */
/*
 * Substitution in templates: '@NAME@' becomes the value of NAME. A name without
 * a value, an unused value and a stray '@' are errors, so that templates and
 * code stay consistent.
 */
#ifndef F4E_RENDER_H
#define F4E_RENDER_H

#include "base/buf.h"

struct render_value {
    const char *name; /* upper case letters, digits and '_' */
    const char *text;
};

/*
 * Append 'template' to 'out' with every placeholder replaced; values are not
 * scanned again. Fails (tool: the installation is damaged) naming
 * 'template_name' and the placeholder.
 */
F4E_MUST_CHECK bool render_template(struct buf *out, const char *template_name,
                                    const char *template,
                                    const struct render_value *values,
                                    size_t count, struct diag *diag);

#endif
