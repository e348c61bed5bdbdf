/* SPDX-License-Identifier: MIT */
#include "report/meter.h"

#include <math.h>
#include <stdio.h>

enum { CELL_EXTRA = 13, BAR_MIN = 8, BAR_MAX = 60 };

static const double FLOOR_DB = METER_FLOOR_DB;
static const double FALL_DB_S = 24.0;
static const double HOLD_S = 1.5;
static const double CLIP_S = 3.0;

void meter_init(struct meter *meter, unsigned channels)
{
    *meter = (struct meter){
        .channels =
            channels < METER_CHANNELS_MAX ? channels : METER_CHANNELS_MAX,
    };
    for (unsigned k = 0; k < METER_CHANNELS_MAX; k++) {
        meter->channel[k].level_db = METER_FLOOR_DB;
        meter->channel[k].hold_db = METER_FLOOR_DB;
    }
}

void meter_update(struct meter *meter, unsigned channel, float peak,
                  double seconds)
{
    double db = 20.0 * log10((double)peak);
    double *level = &meter->channel[channel].level_db;
    double *hold = &meter->channel[channel].hold_db;
    double *clip = &meter->channel[channel].clip_s;
    double fallen = *level - FALL_DB_S * seconds;
    db = db > FLOOR_DB ? db : FLOOR_DB;
    *level = db > fallen ? db : fallen;
    meter->channel[channel].hold_s += seconds;
    if (*level >= *hold || meter->channel[channel].hold_s > HOLD_S) {
        *hold = *level;
        meter->channel[channel].hold_s = 0.0;
    }
    *clip = peak > 1.0F ? CLIP_S : *clip > seconds ? *clip - seconds : 0.0;
}

/* The column of a level in a bar, 'columns' for full scale and above. */
static unsigned column_of(double db, unsigned columns)
{
    double part = (db - FLOOR_DB) / -FLOOR_DB;
    return part >= 1.0 ? columns : (unsigned)(part * columns);
}

static char cell(unsigned column, unsigned columns, unsigned level,
                 unsigned hold)
{
    if (hold > 0 && column == hold - 1) {
        return '|';
    }
    if (column < level) {
        return '#';
    }
    for (int db = METER_FLOOR_DB + 12; db < 0; db += 12) {
        if (column == column_of(db, columns)) {
            return ':';
        }
    }
    return '.';
}

/* No room for bars: the peaks alone, of as many channels as fit. */
static void format_numbers(const struct meter *meter, unsigned width,
                           char *text, size_t size)
{
    size_t used = 0;
    for (unsigned k = 0; k < meter->channels; k++) {
        char number[16];
        int length = snprintf(number, sizeof(number), "%s%5.1f%c",
                              k > 0 ? " " : "", meter->channel[k].hold_db,
                              meter->channel[k].clip_s > 0.0 ? '!' : ' ');
        if (length < 0 || used + (size_t)length > width ||
            used + (size_t)length >= size) {
            return;
        }
        used += (size_t)snprintf(text + used, size - used, "%s", number);
    }
}

void meter_format(const struct meter *meter, unsigned width, char *text,
                  size_t size)
{
    unsigned shown = meter->channels;
    size_t used = 0;
    while (shown > 1 && width / shown < BAR_MIN + CELL_EXTRA) {
        --shown;
    }
    if (size > 0) {
        text[0] = '\0';
    }
    if (shown == 0 || width / shown < BAR_MIN + CELL_EXTRA) {
        format_numbers(meter, width, text, size);
        return;
    }
    unsigned columns = width / shown - CELL_EXTRA;
    columns = columns < BAR_MAX ? columns : BAR_MAX;
    for (unsigned k = 0; k < shown; k++) {
        char bar[BAR_MAX + 1];
        unsigned level = column_of(meter->channel[k].level_db, columns);
        unsigned hold = column_of(meter->channel[k].hold_db, columns);
        for (unsigned i = 0; i < columns; i++) {
            bar[i] = cell(i, columns, level, hold);
        }
        bar[columns] = '\0';
        int length = snprintf(text + used, size - used, "%u [%s] %5.1f%c%s", k,
                              bar, meter->channel[k].hold_db,
                              meter->channel[k].clip_s > 0.0 ? '!' : ' ',
                              k + 1 < shown ? " " : "");
        if (length < 0 || (size_t)length >= size - used) {
            return;
        }
        used += (size_t)length;
    }
}
