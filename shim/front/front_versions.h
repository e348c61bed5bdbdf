/* SPDX-License-Identifier: MIT */
/*
 * How a front follows a patch whose code is exchanged: what OSC knows of it
 * comes from the playing process, each time anew. Only the player has this; in
 * a finished patch the front has the patch's own tables.
 */
#ifndef F4E_FRONT_VERSIONS_H
#define F4E_FRONT_VERSIONS_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "osc/osc.h"

#include <stdbool.h>
#include <stdint.h>

struct front_versions {
    /* The player: wire/catalogue.h. */
    bool (*send)(int fd, const struct f4e_patch *patch, uint32_t version);
    /* The front: wire/catalogue.h, osc/osc.h. */
    struct f4e_patch *(*receive)(int fd, int wait_ms, uint32_t *version);
    bool (*renew)(struct osc *osc, const struct f4e_patch *patch,
                  uint32_t version);
};

extern const struct front_versions front_versions;

#endif
