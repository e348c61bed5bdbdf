/* SPDX-License-Identifier: MIT */
/*
 * The process that plays: started, told what to play, and listened to. Its side
 * is shim/swap/director.h, which has the lines.
 */
#ifndef F4E_PLAY_PLAYER_PROCESS_H
#define F4E_PLAY_PLAYER_PROCESS_H

#include "base/arena.h"
#include "options/options.h"

#include <stdint.h>
#include <sys/types.h>

enum { PLAYER_LINE_BYTES = 2048 };

struct player {
    pid_t pid; /* 0: none runs */
    int link;  /* -1: closed */
    char line[PLAYER_LINE_BYTES];
    size_t length;
};

struct player_answer {
    uint32_t id;
    bool is_playing; /* else it was refused, and the player has said why */
};

/* What to carry over; shim/swap/match.h. */
enum player_values { PLAYER_SAME, PLAYER_ALL, PLAYER_NONE };

/*
 * Start the program at 'path' with the version at 'version' and the patch's
 * options of 'options', under the patch's name. Fails (system).
 */
F4E_MUST_CHECK bool player_start(struct player *player, const char *path,
                                 const char *name, const char *version,
                                 const struct options *options,
                                 struct arena *arena, struct diag *diag);

/* Ask for a swap. Nothing happens when the player has ended. */
void player_swap(const struct player *player, uint32_t id, unsigned fade_ms,
                 enum player_values values, const char *version);

/*
 * Read answers: true with one. False without 'is_ended': there is none now, for
 * poll(); the player has closed the link with it.
 */
bool player_read(struct player *player, struct player_answer *answer,
                 bool *is_ended);

/*
 * Let it end, if it has not, and wait for that: a fade and a saved state have
 * their time, then it is killed. Its exit status, or 128 and a signal's number.
 */
int player_end(struct player *player);

#endif
