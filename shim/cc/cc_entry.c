/* SPDX-License-Identifier: MIT */
#include "cc/cc_entry.h"

#include "control/names.h"
#include "control/param.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_pressed(const struct f4e_param *param)
{
    return param->kind == F4E_BUTTON || param->kind == F4E_SWITCH;
}

/* The first widget of the place, or NULL. */
static const struct f4e_param *find_param(const struct f4e_patch *patch,
                                          const struct place *place)
{
    for (unsigned i = 0; place->first == 0 && i < patch->param_count; i++) {
        const struct f4e_param *param = &patch->params[i];
        if (place->item == &patch->items[param->item] ||
            (param->kind == F4E_CROSSFADE &&
             place->item == &patch->items[param->item2])) {
            return param;
        }
    }
    return NULL;
}

static struct cc_target target_of(const struct f4e_patch *patch,
                                  const struct f4e_param *param, unsigned item)
{
    const struct f4e_item *at = &patch->items[item];
    return (struct cc_target){at->memory, at->address,
                              param_element(patch, param)};
}

static void take_param(struct cc_entry *entry, const struct f4e_patch *patch,
                       const struct f4e_param *param)
{
    entry->low = is_pressed(param) ? param->off : param->min;
    entry->high = is_pressed(param) ? param->on : param->max;
    entry->base = param->min;
    entry->step = param->kind == F4E_SLIDER ? param->step : 0.0;
    entry->is_switch =
        is_pressed(param) && !entry->setting.has_min && !entry->setting.has_max;
    entry->is_fade = param->kind == F4E_CROSSFADE;
    entry->targets[0] = target_of(patch, param, param->item);
    if (entry->is_fade) {
        entry->targets[1] = target_of(patch, param, param->item2);
        entry->target_count = 2;
    }
}

static bool check_bound(const char *name, enum f4e_element element,
                        double bound, struct failure *failure)
{
    return (isfinite(bound) && bound >= element_least(element) &&
            bound <= element_most(element)) ||
           failure_set(failure, STATUS_USAGE,
                       "%g is out of the range of %s, a variable of type %s",
                       bound, name, element_type(element));
}

bool cc_entry_resolve(struct cc_entry *entry, const struct f4e_patch *patch,
                      const char *name, const struct cc_setting *setting,
                      struct failure *failure)
{
    static const double WHOLE_MAX = 127.0; /* what MIDI has */
    struct place place;
    if (!names_find(patch, name, &place, failure)) {
        return false;
    }
    if (place.count == 0) {
        return failure_set(failure, STATUS_USAGE, "%s has no elements", name);
    }
    const struct f4e_param *param =
        place.item != NULL ? find_param(patch, &place) : NULL;
    entry->setting = *setting;
    entry->is_switch = false;
    entry->is_fade = false;
    entry->step = 0.0;
    entry->low = 0.0;
    entry->high = element_is_float(place.element) ? 1.0 : WHOLE_MAX;
    entry->targets[0] =
        (struct cc_target){place.memory, place.address, place.element};
    entry->target_count = 1;
    if (param != NULL) {
        take_param(entry, patch, param);
    }
    entry->low = setting->has_min ? setting->min : entry->low;
    entry->high = setting->has_max ? setting->max : entry->high;
    entry->hand = (struct cc_hand){0};
    entry->coarse = 0;
    entry->has_sent = false;
    return check_bound(name, entry->targets[0].element, entry->low, failure) &&
           check_bound(name, entry->targets[0].element, entry->high, failure);
}

void cc_entry_follow(struct cc_entry *entry, const struct f4e_patch *patch)
{
    struct failure unknown = {0};
    const struct cc_entry before = *entry;
    const struct cc_setting setting = entry->setting;
    if (!cc_entry_resolve(entry, patch, entry->name, &setting, &unknown)) {
        entry->target_count = 0;
    }
    entry->setting = setting;
    entry->hand = before.hand;
    entry->coarse = before.coarse;
    entry->has_sent = before.has_sent;
}

double cc_entry_value(const struct cc_entry *entry, double share)
{
    static const double HALF = 0.5;
    const double least = entry->low < entry->high ? entry->low : entry->high;
    const double most = entry->low < entry->high ? entry->high : entry->low;
    if (entry->is_switch) {
        return share >= HALF ? entry->high : entry->low;
    }
    double value = share >= 1.0
                       ? entry->high
                       : entry->low + share * (entry->high - entry->low);
    if (entry->step > 0.0) {
        /* Ties go up, as the mouse has them. */
        value = entry->base +
                floor((value - entry->base) / entry->step + HALF) * entry->step;
    }
    if (!element_is_float(entry->targets[0].element)) {
        value = floor(value + HALF);
    }
    return value < least ? least : value > most ? most : value;
}

/* Where the memory is in the range; what is not in it is at an end. */
static double share_of(const struct cc_entry *entry, const uint8_t *bytes)
{
    double value = element_decode(entry->targets[0].element, bytes);
    if (entry->is_fade) {
        value = 1.0 - 2.0 * value;
    }
    const double share = (value - entry->low) / (entry->high - entry->low);
    return !(share > 0.0) ? 0.0 : share > 1.0 ? 1.0 : share;
}

static void send_value(struct cc_entry *entry, struct inbox *inbox,
                       double value)
{
    for (unsigned i = 0; i < entry->target_count; i++) {
        const struct cc_target *target = &entry->targets[i];
        uint8_t bytes[ELEMENT_BYTES_MAX] = {0};
        const double side = i == 0 ? (1.0 - value) / 2.0 : (1.0 + value) / 2.0;
        element_encode(target->element, entry->is_fade ? side : value, bytes);
        const struct change change = {
            .kind = CHANGE_WRITE,
            .write = {.memory = target->memory,
                      .address = target->address,
                      .size = element_bytes(target->element),
                      .bytes = bytes}};
        entry->sent = inbox_put(inbox, &change); /* there is room */
        if (i == 0) {
            memcpy(entry->bytes, bytes, sizeof(bytes));
        }
    }
}

void cc_entry_move(struct cc_entry *entry, const struct f4e_patch *patch,
                   struct inbox *inbox, double position)
{
    const struct cc_target *target = &entry->targets[0];
    uint8_t now[ELEMENT_BYTES_MAX] = {0};
    if (entry->target_count == 0) {
        return;
    }
    element_peek(target->element,
                 patch->memories[target->memory].data + target->address, now);
    /* What is on its way there is as good as there. */
    const bool is_own =
        entry->has_sent && (inbox_taken(inbox) < entry->sent ||
                            memcmp(now, entry->bytes, sizeof(now)) == 0);
    const double value = is_own ? entry->share : share_of(entry, now);
    const enum cc_takeover takeover =
        entry->is_switch ? CC_JUMP : entry->setting.takeover;
    double share = 0.0;
    if (!cc_hand_move(&entry->hand, takeover, position, value, is_own,
                      &share)) {
        return;
    }
    send_value(entry, inbox, cc_entry_value(entry, share));
    entry->share = share;
    entry->has_sent = true;
}

void cc_entry_free(struct cc_entry *entry)
{
    free(entry->name);
    free(entry->rest);
    entry->name = NULL;
    entry->rest = NULL;
}
