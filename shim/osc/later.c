/* SPDX-License-Identifier: MIT */
#include "osc/later.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* From 1900, where the times of OSC begin, to 1970. */
static const uint64_t EPOCH_S = UINT64_C(2208988800);
static const int64_t SECOND_NS = INT64_C(1000000000);

int64_t later_left_ns(uint64_t time)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t own = ((uint64_t)now.tv_sec + EPOCH_S) << 32 |
                   ((uint64_t)now.tv_nsec << 32) / (uint64_t)SECOND_NS;
    uint64_t left = time - own; /* the seconds begin anew in 2036 */
    int32_t seconds = (int32_t)(left >> 32);
    return seconds * SECOND_NS +
           (int64_t)(((left & UINT32_MAX) * (uint64_t)SECOND_NS) >> 32);
}

bool later_add(struct later *later, const struct packet_part *bundle,
               const struct peer *from, uint64_t due_ns)
{
    if (later->count == LATER_MAX ||
        bundle->size > LATER_BYTES_MAX - later->bytes) {
        return false;
    }
    uint8_t *bytes = malloc(bundle->size);
    if (bytes == NULL) {
        return false;
    }
    memcpy(bytes, bundle->bytes, bundle->size);
    unsigned at = later->count++;
    for (; at > 0 && later->bundles[at - 1].due_ns > due_ns; at--) {
        later->bundles[at] = later->bundles[at - 1];
    }
    later->bundles[at] =
        (struct later_bundle){due_ns, *from, bytes, bundle->size};
    later->bytes += bundle->size;
    return true;
}

bool later_take(struct later *later, uint64_t now_ns,
                struct later_bundle *bundle)
{
    if (later->count == 0 || later->bundles[0].due_ns > now_ns) {
        return false;
    }
    *bundle = later->bundles[0];
    later->bytes -= bundle->size;
    later->count--;
    memmove(&later->bundles[0], &later->bundles[1],
            later->count * sizeof(later->bundles[0]));
    return true;
}
