/* SPDX-License-Identifier: MIT */
#include "channel/awaited.h"

#include "channel/answer.h"
#include "channel/channel.h"
#include "common/failure.h"

#include <stdlib.h>

static const uint64_t PATIENCE_NS = UINT64_C(500000000);

/* The first answer, in place of the one that all is well. */
static void tell_trap(struct client *client, enum f4e_trap trap)
{
    const struct awaited *first = &client->awaited[0];
    struct failure failure = {0};
    size_t bytes = 0;
    (void)failure_set(&failure, STATUS_TRAP,
                      "the call is dropped: it trapped (%s)",
                      f4e_trap_text(trap));
    char *text = answer_make(first->has_id ? first->id : NULL, &failure, NULL,
                             0, &bytes);
    client_settle(client, text, bytes);
    free(text);
}

void awaited_settle(struct client *client, uint64_t now_ns)
{
    struct sender *sender = &client->channel->sender;
    while (client->awaited_count > 0) {
        const struct awaited *first = &client->awaited[0];
        enum f4e_trap trap = F4E_TRAP_NONE;
        if (sender_is_done(sender, first->last)) {
            trap = sender_outcome(sender, first->first, first->last);
        } else if (now_ns - first->since_ns < PATIENCE_NS) {
            return;
        }
        if (trap == F4E_TRAP_NONE) {
            client_settle(client, NULL, 0);
        } else {
            tell_trap(client, trap);
        }
    }
}
