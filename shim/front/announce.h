/* SPDX-License-Identifier: MIT */
/* Lines on standard error that say where the front serves. Control thread. */
#ifndef F4E_ANNOUNCE_H
#define F4E_ANNOUNCE_H

#include "f4e_patch.h"
#include "wire/link.h"

#include <stdbool.h>

/* The ports are those of 'config'. With 'is_shown' a token is part of it. */
void announce(const struct f4e_patch *patch, const struct link_config *config,
              const struct link_report *report, bool is_shown);

#endif
