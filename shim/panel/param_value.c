/* SPDX-License-Identifier: MIT */
#include "panel/param_value.h"

#include "common/element.h"

#include <math.h>

const char *param_kind(const struct f4e_param *param)
{
    static const char *const names[] = {"slider", "button", "switch",
                                        "crossfade"};
    return names[param->kind];
}

double param_at(const struct f4e_param *param, double share)
{
    share = share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share;
    double value = param->min + share * (param->max - param->min);
    if (param->step > 0.0) {
        /* Ties go up, as Math.round() sends them. */
        value = param->min +
                floor((value - param->min) / param->step + 0.5) * param->step;
    }
    /* In this order, which counts where the range is upside down. */
    value = value > param->max ? param->max : value;
    return value < param->min ? param->min : value;
}

enum f4e_element param_element(const struct f4e_patch *patch,
                               const struct f4e_param *param)
{
    return param->is_float_bits ? F4E_F32 : patch->items[param->item].element;
}

bool param_is_switch(const struct f4e_param *param)
{
    return param->kind == F4E_BUTTON || param->kind == F4E_SWITCH;
}

static double read_item(const struct f4e_patch *patch,
                        const struct f4e_param *param, unsigned item)
{
    const struct f4e_item *at = &patch->items[item];
    enum f4e_element element = param_element(patch, param);
    uint8_t bytes[ELEMENT_BYTES_MAX];
    element_peek(element, patch->memories[at->memory].data + at->address,
                 bytes);
    return element_decode(element, bytes);
}

double param_share(const struct f4e_patch *patch, const struct f4e_param *param)
{
    double low = param->min;
    double width = param->max - param->min;
    double value = read_item(patch, param, param->item);
    if (param_is_switch(param)) {
        return value == param->on ? 1.0 : 0.0;
    }
    if (param->kind == F4E_CROSSFADE) {
        low = 0.0;
        width = 1.0;
        value = read_item(patch, param, param->item2);
    }
    double share = width > 0.0 ? (value - low) / width : 0.0;
    return share > 1.0 ? 1.0 : share > 0.0 ? share : 0.0;
}

unsigned param_values(const struct f4e_param *param, double share,
                      struct param_value values[2])
{
    if (param_is_switch(param)) {
        values[0] = (struct param_value){param->item,
                                         share >= 0.5 ? param->on : param->off};
        return 1;
    }
    double value = param_at(param, share);
    if (param->kind == F4E_SLIDER) {
        values[0] = (struct param_value){param->item, value};
        return 1;
    }
    values[0] = (struct param_value){param->item, (1.0 - value) / 2.0};
    values[1] = (struct param_value){param->item2, (1.0 + value) / 2.0};
    return 2;
}

bool param_moves_item(const struct f4e_patch *patch, unsigned item)
{
    for (unsigned i = 0; i < patch->param_count; i++) {
        const struct f4e_param *param = &patch->params[i];
        bool is_fade = param->kind == F4E_CROSSFADE;
        if (param->item == item || (is_fade && param->item2 == item)) {
            return is_fade || param->kind == F4E_SLIDER;
        }
    }
    return !patch->items[item].is_array &&
           element_is_float(patch->items[item].element);
}
