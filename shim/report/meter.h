/* SPDX-License-Identifier: MIT */
/*
 * --meter: the levels of the output channels in decibels below full scale, as
 * one line of text. Control thread.
 */
#ifndef F4E_METER_H
#define F4E_METER_H

#include "rt/stats.h"

#include <stdbool.h>
#include <stddef.h>

enum { METER_CHANNELS_MAX = 8, METER_FLOOR_DB = -60 };

struct meter {
    unsigned channels; /* shown; the patch may have more */
    struct {
        double level_db; /* rises at once, falls 24 dB a second */
        double hold_db;  /* the highest level of the last 1.5 s */
        double hold_s;   /* age of hold_db */
        double clip_s;   /* how long the clip mark stays on; 0: off */
    } channel[METER_CHANNELS_MAX];
};

void meter_init(struct meter *meter, unsigned channels);

/* 'peak' is the highest |sample| of the last 'seconds'. */
void meter_update(struct meter *meter, unsigned channel, float peak,
                  double seconds);

/*
 * Format the channels that fit into 'width' columns, each as
 * "0 [####:##..|....:  ]  -12.3": '|' is the hold, ':' every 12 dB, '!' a clip.
 */
void meter_format(const struct meter *meter, unsigned width, char *text,
                  size_t size);

#endif
