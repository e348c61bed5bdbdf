/* SPDX-License-Identifier: MIT */
/*
 * The controls and views of a patch as a library: api.c includes this file
 * behind library.c.
 */
#include "panel/param_value.h"
#include "panel/view.h"

/* NULL: there is no such parameter. */
static const struct f4e_param *library_param(int param)
{
    return param >= 0 && (unsigned)param < f4e_patch.param_count
               ? &f4e_patch.params[param]
               : NULL;
}

/* NULL: there is no such view. */
static const struct f4e_view *library_view(int view)
{
    return view >= 0 && (unsigned)view < f4e_patch.view_count
               ? &f4e_patch.views[view]
               : NULL;
}

bool LIBRARY(param)(int param, struct f4e_library_param *description)
{
    const struct f4e_param *row = library_param(param);
    if (row == NULL) {
        return false;
    }
    bool is_switch = param_is_switch(row);
    *description = (struct f4e_library_param){
        .kind = param_kind(row),
        .name = f4e_patch.items[row->item].name,
        .module = row->module,
        .order = row->order,
        .item = (int)row->item,
        .item2 = row->kind == F4E_CROSSFADE ? (int)row->item2 : -1,
        .lowest = is_switch ? row->off : row->min,
        .highest = is_switch ? row->on : row->max,
        .step = row->step,
    };
    return true;
}

bool LIBRARY(param_get)(const struct LIBRARY_PATCH *patch, int param,
                        double *share)
{
    (void)patch;
    const struct f4e_param *row = library_param(param);
    if (row == NULL) {
        return false;
    }
    *share = param_share(&f4e_patch, row);
    return true;
}

bool LIBRARY(param_set)(struct LIBRARY_PATCH *patch, int param, double share)
{
    const struct f4e_param *row = library_param(param);
    struct param_value values[2];
    if (row == NULL || isnan(share)) {
        return false;
    }
    enum f4e_element element = param_element(&f4e_patch, row);
    unsigned count = param_values(row, share, values);
    bool is_good = true;
    for (unsigned i = 0; i < count; i++) {
        const struct f4e_item *item = &f4e_patch.items[values[i].item];
        uint8_t bytes[ELEMENT_BYTES_MAX];
        element_encode(element, values[i].value, bytes);
        is_good = LIBRARY(write)(patch, item->memory, item->address, bytes,
                                 element_bytes(element)) &&
                  is_good;
    }
    return is_good;
}

bool LIBRARY(view)(int view, struct f4e_library_view *description)
{
    const struct f4e_view *row = library_view(view);
    if (row == NULL) {
        return false;
    }
    *description = (struct f4e_library_view){
        .kind = view_kind(row),
        .format = view_format(row),
        .name = f4e_patch.items[row->item].name,
        .module = row->module,
        .order = row->order,
        .item = (int)row->item,
        .lowest = row->min,
        .highest = row->max,
        .rows = row->rows,
        .first_key = row->first_key,
        .is_float = element_is_float(row->element),
    };
    return true;
}

uint32_t LIBRARY(view_read)(const struct LIBRARY_PATCH *patch, int view,
                            float *values, uint32_t room, uint32_t *cursor)
{
    (void)patch;
    const struct f4e_view *row = library_view(view);
    struct view_run run = {.cursor = VIEW_NO_CURSOR};
    if (row != NULL) {
        run = view_run(&f4e_patch, row);
    }
    if (cursor != NULL) {
        *cursor = run.cursor;
    }
    if (row != NULL &&
        (row->format == F4E_ADDRESS || row->format == F4E_LAST_ADDRESS)) {
        if (room > 0) {
            values[0] = (float)run.address;
        }
        return 1;
    }
    for (uint32_t i = 0; i < run.count && i < room; i++) {
        values[i] = (float)view_element(&run, i);
    }
    return run.count;
}

bool LIBRARY(piano)(struct LIBRARY_PATCH *patch, int view, int key,
                    bool is_down)
{
    const struct f4e_view *row = library_view(view);
    if (row == NULL || row->kind != F4E_PIANO ||
        !library_holds(row->element, key)) {
        return false;
    }
    struct change change = {
        .kind = CHANGE_PIANO,
        .piano = {.view = row, .action = is_down ? PIANO_DOWN : PIANO_UP}};
    element_encode(row->element, key, change.piano.key);
    return engine_change(&patch->engine, &change);
}
