/* SPDX-License-Identifier: MIT */
/* The service that plays a patch at boot and for months. */
#ifndef F4E_EMIT_SYSTEMD_H
#define F4E_EMIT_SYSTEMD_H

#include "base/buf.h"

/*
 * A unit of systemd in 'text': 'id' is a name of plain letters, of the service
 * and its state; 'program' the absolute path that it starts.
 */
F4E_MUST_CHECK bool emit_systemd_unit(struct buf *text, const char *id,
                                      const char *program, struct arena *arena,
                                      struct diag *diag);

#endif
