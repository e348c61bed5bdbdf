/* SPDX-License-Identifier: MIT */
/*
 * The names, widgets and MIDI bindings of the patch in fake_patch.c.
 */
#ifndef F4E_FAKE_NAMES_H
#define F4E_FAKE_NAMES_H

#include "f4e_patch.h"
#include "fake_patch.h"

#define FAKE_SCALAR(name, type, address, bytes, element) \
    {name, type, 0, address, 1, bytes, element, false}
#define FAKE_ARRAY(name, type, address, count, bytes, element) \
    {name, type, 0, address, count, bytes, element, true}

static const struct f4e_item items[] = {
    FAKE_SCALAR("test:blocks", "int", FAKE_BLOCKS, 4, F4E_I32),
    FAKE_SCALAR("amp:gain", "float", FAKE_GAIN, 4, F4E_F32),
    FAKE_SCALAR("test:trapAt", "int", FAKE_TRAP_AT, 4, F4E_I32),
    FAKE_SCALAR("keys:note", "int", FAKE_LAST_NOTE, 4, F4E_I32),
    FAKE_SCALAR("osc:offset", "float", FAKE_OFFSET, 4, F4E_F32),
    FAKE_SCALAR("test:sleep", "int", FAKE_SLEEP_US, 4, F4E_I32),
    FAKE_SCALAR("keys:level", "float", FAKE_FLOAT_ARG, 4, F4E_F32),
    FAKE_ARRAY("drum:data", "int8u[]", FAKE_ASSET, 8, 8, F4E_U8),
    FAKE_SCALAR("panel:cut", "float", FAKE_PANEL, 4, F4E_F32), /* 8 */
    FAKE_SCALAR("panel:steps", "int", FAKE_PANEL + 4, 4, F4E_I32),
    FAKE_SCALAR("panel:bits", "int", FAKE_PANEL + 8, 4, F4E_I32),
    FAKE_SCALAR("panel:play", "int", FAKE_PANEL + 12, 4, F4E_I32),
    FAKE_SCALAR("panel:hit", "float", FAKE_PANEL + 16, 4, F4E_F32),
    FAKE_SCALAR("panel:left", "float", FAKE_PANEL + 20, 4, F4E_F32),
    FAKE_SCALAR("panel:right", "float", FAKE_PANEL + 24, 4, F4E_F32),
    FAKE_ARRAY("wide:bytes", "int8[]", FAKE_PANEL + 28, 8, 8, F4E_I8), /* 15 */
    FAKE_ARRAY("table:i8", "int8[]", FAKE_TABLE, 8, 8, F4E_I8),
    FAKE_ARRAY("table:u8", "int8u[]", FAKE_TABLE + 64, 8, 8, F4E_U8),
    FAKE_ARRAY("table:i16", "int16[]", FAKE_TABLE + 128, 8, 16, F4E_I16),
    FAKE_ARRAY("table:u16", "int16u[]", FAKE_TABLE + 192, 8, 16, F4E_U16),
    FAKE_ARRAY("table:i32", "int[]", FAKE_TABLE + 256, 8, 32, F4E_I32),
    FAKE_ARRAY("table:f32", "float[]", FAKE_TABLE + 320, 8, 32, F4E_F32),
    FAKE_ARRAY("table:f64", "float64[]", FAKE_TABLE + 384, 8, 64, F4E_F64),
    FAKE_SCALAR("table:pointer", "float*", FAKE_TABLE + 448, 4, F4E_I32),
    FAKE_SCALAR("table:odd", "int", FAKE_TABLE + 453, 4, F4E_I32),
    FAKE_ARRAY("table:none", "int[]", FAKE_TABLE + 460, 0, 0, F4E_I32),
    FAKE_SCALAR("a=b:c=d", "int", FAKE_TABLE + 464, 4, F4E_I32),
    FAKE_SCALAR("1.5s:x", "int", FAKE_TABLE + 468, 4, F4E_I32),
    FAKE_ARRAY("big:data", "float[]", FAKE_BIG, FAKE_BIG_COUNT,
               4 * FAKE_BIG_COUNT, F4E_F32),
    FAKE_SCALAR("esc\033[2J:bell\xe2\x80\xae", "in\033[0mt", FAKE_BIG - 4, 4,
                F4E_I32),
    {"far:gain", "float", 1, 8, 1, 4, F4E_F32, false},
};

static const struct f4e_param params[] = {
    {.kind = F4E_SLIDER,
     .item = 8,
     .max = 1.0,
     .step = 0.25,
     .module = "panel",
     .order = 0},
    {.kind = F4E_SLIDER,
     .item = 9,
     .max = 127.0,
     .module = "panel",
     .order = 1},
    {.kind = F4E_SLIDER,
     .item = 10,
     .min = -1.0,
     .max = 1.0,
     .is_float_bits = true,
     .module = "panel",
     .order = 2},
    {.kind = F4E_SWITCH,
     .item = 11,
     .off = 3.0,
     .on = 5.0,
     .module = "panel",
     .order = 3},
    {.kind = F4E_BUTTON,
     .item = 12,
     .off = 0.0,
     .on = 100.0,
     .module = "panel",
     .order = 4},
    {.kind = F4E_SLIDER,
     .item = 11,
     .min = 10.0,
     .max = 20.0,
     .module = "panel",
     .order = 5},
    {.kind = F4E_CROSSFADE,
     .item = 13,
     .item2 = 14,
     .min = -1.0,
     .max = 1.0,
     .module = "panel",
     .order = 6},
    {.kind = F4E_SLIDER,
     .item = 15,
     .max = 0.5,
     .is_float_bits = true,
     .module = "wide",
     .order = 7},
};

/* 'count' elements, or as many as item 'by' says. */
#define FAKE_VIEW(kind_, element_, item_, count_, by_, rows_)           \
    .kind = kind_, .element = element_, .item = item_, .count = count_, \
    .count_item = by_, .rows = rows_
#define FAKE_NO_CURSOR .cursor_item = F4E_NO_ITEM

static const struct f4e_view views[] = {
    {FAKE_VIEW(F4E_WATCH, F4E_F32, 8, 1, F4E_NO_ITEM, 1), FAKE_NO_CURSOR,
     .module = "panel", .order = 8},
    {FAKE_VIEW(F4E_WATCH, F4E_F32, 8, 1, F4E_NO_ITEM, 1), FAKE_NO_CURSOR,
     .format = F4E_HEX, .module = "panel", .order = 9},
    {FAKE_VIEW(F4E_WATCH, F4E_I32, 9, 1, F4E_NO_ITEM, 1), FAKE_NO_CURSOR,
     .format = F4E_BINARY, .module = "panel", .order = 10},
    {FAKE_VIEW(F4E_WATCH, F4E_I16, 18, 1, F4E_NO_ITEM, 1), FAKE_NO_CURSOR,
     .format = F4E_ADDRESS, .index = 3, .module = "table", .order = 11},
    {FAKE_VIEW(F4E_WATCH, F4E_I16, 18, 1, F4E_NO_ITEM, 1), FAKE_NO_CURSOR,
     .format = F4E_LAST_ADDRESS, .module = "table", .order = 12},
    /* 5: what table:pointer points to */
    {FAKE_VIEW(F4E_METER, F4E_F32, 23, 1, F4E_NO_ITEM, 1), FAKE_NO_CURSOR,
     .is_pointee = true, .min = -1.0, .max = 1.0, .module = "table",
     .order = 13},
    {FAKE_VIEW(F4E_PLOT, F4E_F32, 21, 0, 9, 8), FAKE_NO_CURSOR, .min = -1.0,
     .max = 1.0, .module = "table", .order = 14},
    {FAKE_VIEW(F4E_WAVE, F4E_F32, 21, 8, F4E_NO_ITEM, 2), .cursor_item = 23,
     .min = -1.0, .max = 1.0, .module = "table", .order = 15},
    {FAKE_VIEW(F4E_BARS, F4E_U8, 23, 0, 9, 8), FAKE_NO_CURSOR,
     .is_pointee = true, .max = 255.0, .module = "table", .order = 16},
    /* 9: an int that is not aligned counts */
    {FAKE_VIEW(F4E_PIANO, F4E_I32, 20, 8, 24, 5), FAKE_NO_CURSOR,
     .first_key = 48, .module = "table", .order = 17},
    /* 10: panel:steps counts */
    {FAKE_VIEW(F4E_PIANO, F4E_F32, 21, 8, 9, 5), FAKE_NO_CURSOR,
     .first_key = 60, .module = "", .order = 18},
};

static const struct f4e_midi midi[] = {{0, 0}, {0, 1}, {2, 0}, {5, 2}};

#endif
