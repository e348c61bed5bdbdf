/* SPDX-License-Identifier: MIT */
/* The systemd service of a patch. */
#ifndef F4E_EMIT_SYSTEMD_H
#define F4E_EMIT_SYSTEMD_H

#include "base/buf.h"

/*
 * Append the unit to 'text'. 'id', from identifier_package(), names the service
 * and its directories; 'program' is the absolute path of the executable,
 * 'manual' its page of section 1. Fails (tool) when the template is damaged.
 */
F4E_MUST_CHECK bool emit_systemd_unit(struct buf *text, const char *id,
                                      const char *program, const char *manual,
                                      struct arena *arena, struct diag *diag);

#endif
