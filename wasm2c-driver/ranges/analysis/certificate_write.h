/* SPDX-License-Identifier: MIT */
/* The certificate of an analysis, in the format of certificate_format.h. */
#ifndef F4E_CERTIFICATE_WRITE_H
#define F4E_CERTIFICATE_WRITE_H

#include "ranges/analysis/analysis.h"

/* Append the certificate of an analysis without failure to 'out'. Temporary
 * tables are in 'arena'. */
void certificate_write(struct buf *out, const struct analysis *analysis,
                       struct arena *arena);

#endif
