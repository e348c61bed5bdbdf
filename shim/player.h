/* SPDX-License-Identifier: MIT */
/* How `f4e-build play` and its player speak; see player.c. */
#ifndef F4E_PLAYER_H
#define F4E_PLAYER_H

#define PLAYER_ARGUMENT "--f4e-player"

#endif
