/* SPDX-License-Identifier: MIT */
#include "control/param.h"

#include "common/element.h"
#include "common/number.h"

#include <string.h>

bool param_is_word(const char *word)
{
    size_t length = strlen(word);
    return strcmp(word, "on") == 0 || strcmp(word, "off") == 0 ||
           strcmp(word, "toggle") == 0 ||
           (length > 1 && word[length - 1] == '%');
}

/* "50%" as 0.5. */
static bool parse_share(const char *word, double *share)
{
    bool is_number = number_real(word, word + strlen(word) - 1, share);
    *share /= 100.0;
    return is_number && *share >= 0.0 && *share <= 1.0;
}

/* Write one number to the widget's item. */
static bool write_item(const struct f4e_patch *patch,
                       const struct f4e_param *param, unsigned item,
                       double value, uint32_t blocks, uint64_t block,
                       struct event_list *list, struct failure *failure)
{
    uint8_t bytes[2 * ELEMENT_BYTES_MAX]; /* room for a second: toggle() */
    enum f4e_element element = param_element(patch, param);
    struct change *event =
        event_list_add(list, block, CHANGE_WRITE, sizeof(bytes), failure);
    if (event == NULL) {
        return false;
    }
    element_encode(element, value, bytes);
    event->write.memory = patch->items[item].memory;
    event->write.address = patch->items[item].address;
    event->write.size = element_bytes(element);
    memcpy(list->payloads[list->count - 1], bytes, event->write.size);
    if (blocks > 1) {
        event->kind = CHANGE_RAMP;
        event->element = element;
        event->blocks = blocks;
    }
    return true;
}

static bool move_slider(const struct f4e_patch *patch,
                        const struct f4e_param *param, const char *word,
                        uint32_t blocks, uint64_t block,
                        struct event_list *list, struct failure *failure)
{
    double share = 0.0;
    if (!parse_share(word, &share)) {
        return failure_set(failure, STATUS_USAGE,
                           "'%s' is not between 0%% and 100%%", word);
    }
    struct param_value values[2];
    unsigned count = param_values(param, share, values);
    for (unsigned i = 0; i < count; i++) {
        if (!write_item(patch, param, values[i].item, values[i].value, blocks,
                        block, list, failure)) {
            return false;
        }
    }
    return true;
}

/* The event turns to 'on' what is 'off', and to 'off' all else. */
static bool toggle(const struct f4e_patch *patch, const struct f4e_param *param,
                   uint64_t block, struct event_list *list,
                   struct failure *failure)
{
    enum f4e_element element = param_element(patch, param);
    uint8_t bytes[2 * ELEMENT_BYTES_MAX];
    if (!write_item(patch, param, param->item, param->off, 0, block, list,
                    failure)) {
        return false;
    }
    struct change *event = &list->events[list->count - 1];
    unsigned size = element_bytes(element);
    element_encode(element, param->off, bytes);
    element_encode(element, param->on, bytes + size);
    memcpy(list->payloads[list->count - 1], bytes, 2 * (size_t)size);
    event->kind = CHANGE_TOGGLE;
    return true;
}

/* The first widget of the place that can do it, or NULL. */
static const struct f4e_param *find(const struct f4e_patch *patch,
                                    const struct place *place, bool is_share)
{
    for (unsigned i = 0; place->first == 0 && i < patch->param_count; i++) {
        const struct f4e_param *param = &patch->params[i];
        bool is_its = place->item == &patch->items[param->item] ||
                      (param->kind == F4E_CROSSFADE &&
                       place->item == &patch->items[param->item2]);
        if (is_its && param_is_switch(param) != is_share) {
            return param;
        }
    }
    return NULL;
}

bool param_move(const struct f4e_patch *patch, const struct place *place,
                const char *word, uint32_t blocks, uint64_t block,
                struct event_list *list, struct failure *failure)
{
    bool is_share = word[strlen(word) - 1] == '%';
    const struct f4e_param *param = find(patch, place, is_share);
    char name[128];
    if (param == NULL) {
        names_format(patch, place, name, sizeof(name));
        (void)failure_set(failure, STATUS_USAGE,
                          is_share ? "'%s' is for sliders; %s is none"
                                   : "'%s' is for buttons and switches; %s is "
                                     "none",
                          word, name);
        return failure_hint(failure, "--params lists what is what");
    }
    if (is_share) {
        return move_slider(patch, param, word, blocks, block, list, failure);
    }
    if (blocks > 0) {
        return failure_set(failure, STATUS_USAGE,
                           "'%s' happens at once: only numbers take time",
                           word);
    }
    if (strcmp(word, "toggle") == 0) {
        return toggle(patch, param, block, list, failure);
    }
    double value = strcmp(word, "on") == 0 ? param->on : param->off;
    return write_item(patch, param, param->item, value, 0, block, list,
                      failure);
}
