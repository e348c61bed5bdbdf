/* SPDX-License-Identifier: MIT */
/*
 * A controller meets a value that is somewhere else, because a preset or
 * another hand has moved it. All numbers are parts of the range, 0 to 1. Any
 * thread, one at a time.
 */
#ifndef F4E_CC_HAND_H
#define F4E_CC_HAND_H

#include <stdbool.h>

enum cc_takeover { CC_JUMP, CC_PICKUP, CC_SCALE };

/* Zeroed: the controller was never heard. */
struct cc_hand {
    bool has_position;
    double position; /* where the controller is */
    bool is_engaged; /* CC_PICKUP: it holds the value */
};

/* "jump", "pickup" or "scale". False for another word. */
bool cc_takeover_parse(const char *word, enum cc_takeover *takeover);
const char *cc_takeover_name(enum cc_takeover takeover);

/*
 * The controller goes to 'position' and the value is at 'value'; 'is_own': the
 * controller has put it there. True with the value's new place.
 */
bool cc_hand_move(struct cc_hand *hand, enum cc_takeover takeover,
                  double position, double value, bool is_own, double *share);

#endif
