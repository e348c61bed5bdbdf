/* SPDX-License-Identifier: MIT */
#include "alsa/alsa_time.h"

#include <stdbool.h>

enum { UNTOUCHED = -1, NS_MAX = 999999999 };

uint64_t alsa_trigger_ns(const snd_pcm_status_t *status)
{
    /* The longest layout, and marks that a shorter one leaves standing. */
    union {
        snd_htimestamp_t time;
        int32_t words[8];
    } stamp = {.words = {0, 0, UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED,
                         UNTOUCHED, UNTOUCHED}};
    snd_pcm_status_get_trigger_htstamp(status, &stamp.time);
    /* Seconds of 4 bytes then ns, or seconds of 8 bytes, little endian. */
    bool is_short = stamp.words[2] == UNTOUCHED;
    int64_t seconds = stamp.words[0];
    int32_t ns = stamp.words[is_short ? 1 : 2];
    if (!is_short) {
        seconds = (int64_t)((uint64_t)(uint32_t)stamp.words[1] << 32 |
                            (uint32_t)stamp.words[0]);
    }
    return seconds < 0 || seconds > INT32_MAX || ns < 0 || ns > NS_MAX
               ? 0
               : (uint64_t)seconds * 1000000000U + (uint64_t)ns;
}
