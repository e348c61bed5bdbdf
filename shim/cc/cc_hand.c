/* SPDX-License-Identifier: MIT */
#include "cc/cc_hand.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const char *const names[] = {
    [CC_JUMP] = "jump", [CC_PICKUP] = "pickup", [CC_SCALE] = "scale"};

bool cc_takeover_parse(const char *word, enum cc_takeover *takeover)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(word, names[i]) == 0) {
            *takeover = (enum cc_takeover)i;
            return true;
        }
    }
    return false;
}

const char *cc_takeover_name(enum cc_takeover takeover)
{
    return names[takeover];
}

/* Has the controller reached the value, or passed it? A step of 7 bits is
 * near enough: a coarse controller need not have the value. */
static bool meets(const struct cc_hand *hand, double position, double value)
{
    static const double near = 1.0 / 127.0;
    return fabs(position - value) <= near ||
           (hand->has_position &&
            (hand->position - value) * (position - value) <= 0.0);
}

/* The same part of the way to the end that the controller goes. */
static double scale(double before, double position, double value)
{
    const double delta = position - before;
    if (position <= 0.0 || position >= 1.0) {
        return position; /* both ends are reached exactly */
    }
    value += delta > 0.0   ? (1.0 - value) * (delta / (1.0 - before))
             : delta < 0.0 ? value * (delta / before)
                           : 0.0;
    return value < 0.0 ? 0.0 : value > 1.0 ? 1.0 : value;
}

bool cc_hand_move(struct cc_hand *hand, enum cc_takeover takeover,
                  double position, double value, bool is_own, double *share)
{
    bool is_moving = true;
    *share = position;
    switch (takeover) {
    case CC_JUMP:
        break;
    case CC_PICKUP:
        hand->is_engaged =
            (hand->is_engaged && is_own) || meets(hand, position, value);
        is_moving = hand->is_engaged;
        break;
    case CC_SCALE:
        is_moving = hand->has_position;
        if (is_moving) {
            *share = scale(hand->position, position, value);
        }
        break;
    }
    hand->has_position = true;
    hand->position = position;
    return is_moving;
}
