/* SPDX-License-Identifier: MIT */
/* Declared in osc/osc.h. */
#include "osc/osc.h"

#include "osc/feedback.h"
#include "osc/query.h"

#include <string.h>

/* What was told of a value, and who moved it. */
static void keep_sources(struct space *space, const struct space *before)
{
    for (size_t i = 0; i < space->source_count; i++) {
        struct space_source *own = &space->sources[i];
        const struct space_source *old =
            space_find_source(before, own->key, strlen(own->key));
        if (old != NULL && old->element == own->element &&
            old->count == own->count) {
            own->hash = old->hash;
            own->moved_hash = old->moved_hash;
            own->moved_ns = old->moved_ns;
            own->mover = old->mover;
            own->is_settled = old->is_settled;
        }
    }
}

/* Requests under way mean the same address, or none. */
static void keep_asked(struct osc *osc, const struct space *space)
{
    for (unsigned n = 0; n < osc->asked_count; n++) {
        struct osc_asked *asked =
            &osc->asked[(osc->asked_start + n) % OSC_ASKED_MAX];
        if (asked->node != NULL) {
            asked->node = space_find(space, asked->node->path);
        }
    }
}

bool osc_renew(struct osc *osc, const struct f4e_patch *patch, uint32_t version)
{
    struct failure failure = {.status = STATUS_OK};
    struct space space;
    if (!space_build(&space, patch, version, &osc->lo, &failure)) {
        space_free(&space);
        return false;
    }
    keep_sources(&space, &osc->space);
    keep_asked(osc, &space);
    space_free(&osc->space);
    osc->space = space;
    osc->patch = patch;
    osc->version = version;
    query_renew(osc);
    feedback_renew(osc);
    request_flush(osc);
    return true;
}
