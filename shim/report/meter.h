/* SPDX-License-Identifier: MIT */
/*
 * --meter: the level of each output channel as one line of text, on a scale
 * of decibels below full scale. Control thread.
 */
#ifndef F4E_METER_H
#define F4E_METER_H

#include <stdbool.h>
#include <stddef.h>

#include "rt/stats.h"

enum { METER_CHANNELS_MAX = 8, METER_FLOOR_DB = -60 };

struct meter {
    unsigned channels; /* shown; the patch may have more */
    struct {
        double level_db; /* rises at once, falls 24 dB a second */
        double hold_db;  /* the highest of the last 1.5 s */
        double hold_s;   /* how long it has stood there */
        double clip_s;   /* how long the clip mark stays; 0: none */
    } channel[METER_CHANNELS_MAX];
};

void meter_init(struct meter *meter, unsigned channels);

/* 'peak' is the highest |sample| of the last 'seconds'. */
void meter_update(struct meter *meter, unsigned channel, float peak,
                  double seconds);

/*
 * At most 'width' columns into 'text': "0 [####:##..|....:  ]  -12.3" for each
 * channel that finds room; '|' is the hold, ':' stands every 12 dB, '!' marks
 * a clip.
 */
void meter_format(const struct meter *meter, unsigned width, char *text,
                  size_t size);

#endif
