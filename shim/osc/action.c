/* SPDX-License-Identifier: MIT */
#include "osc/action.h"

#include "osc/feedback.h"
#include "panel/param_value.h"

#include <stdio.h>
#include <string.h>

/* A message and the node that it has reached. */
struct action {
    struct osc *osc;
    const struct peer *from;
    const struct space_node *node;
    const struct arguments *arguments;
    uint64_t now_ns;
};

static void queue(const struct action *action, enum osc_asked_kind kind)
{
    const struct osc_asked asked = {
        .kind = kind, .from = *action->from, .node = action->node};
    (void)request_end(action->osc, &asked);
}

/* Add all arguments from 'first' on as words. Their hash as values of the
 * node's source, if it has one. */
static const char *add_numbers(const struct action *action, int first,
                               uint64_t *hash)
{
    const struct space *space = &action->osc->space;
    char word[VALUE_TEXT_MAX];
    double number = 0.0;
    *hash = 0;
    for (int i = first; i < action->arguments->count; i++) {
        if (!value_word(action->arguments, i, word)) {
            return "this takes numbers, T and F";
        }
        request_add(action->osc, " %s", word);
        (void)value_number(action->arguments, i, &number);
        if (action->node->source != SPACE_NONE) {
            *hash = value_hash(
                *hash, space->sources[action->node->source].element, number);
        }
    }
    return NULL;
}

/* Move a widget to 'share'. */
static const char *run_share(const struct action *action, double share)
{
    struct osc *osc = action->osc;
    const struct f4e_param *param = &osc->patch->params[action->node->index];
    const char *name = osc->patch->items[param->item].name;
    double value = share; /* of a crossfade's right side */
    if (!(share >= 0.0 && share <= 1.0)) {
        return "this goes from 0 to 1";
    }
    if (param_is_switch(param)) {
        value = share >= 0.5 ? param->on : param->off;
        request_add(osc, "set %s %s", name, share >= 0.5 ? "on" : "off");
    } else {
        request_add(osc, "set %s %.17g%%", name, share * 100.0);
    }
    if (param->kind == F4E_SLIDER) {
        /* As it was asked for: he is told when a step makes it another one. */
        value = param->min + share * (param->max - param->min);
    }
    queue(action, ASKED_CHANGE);
    feedback_moved(osc, action->node->source, action->from,
                   value_hash(0, param_element(osc->patch, param), value),
                   action->now_ns);
    return NULL;
}

static const char *run_set(const struct action *action, const char *name)
{
    uint64_t hash = 0;
    request_add(action->osc, "set %s", name);
    const char *wrong = add_numbers(action, 0, &hash);
    if (wrong == NULL) {
        queue(action, ASKED_CHANGE);
        feedback_moved(action->osc, action->node->source, action->from, hash,
                       action->now_ns);
    }
    return wrong;
}

static const char *run_param(const struct action *action)
{
    const struct osc *osc = action->osc;
    const struct f4e_param *param = &osc->patch->params[action->node->index];
    const struct arguments *arguments = action->arguments;
    double number = 0.0;
    bool is_number = value_number(arguments, 0, &number);
    bool is_alone = arguments->count == 1;
    bool is_sign = is_alone && strchr("TFI", arguments->types[0]) != NULL;
    if (is_alone && is_number && param->kind == F4E_CROSSFADE) {
        return run_share(action, (number + 1.0) / 2.0);
    }
    if (is_sign && param_is_switch(param)) {
        return run_share(action, number);
    }
    return is_alone
               ? run_set(action, osc->space.sources[action->node->source].name)
               : "this takes one value";
}

static const char *run_normalized(const struct action *action)
{
    double number = 0.0;
    return action->arguments->count == 1 &&
                   value_number(action->arguments, 0, &number)
               ? run_share(action, number)
               : "this takes one number, 0 to 1";
}

static const char *run_call(const struct action *action)
{
    uint64_t hash = 0;
    request_add(action->osc, "call %s",
                action->osc->patch->exports[action->node->index].name);
    const char *wrong = add_numbers(action, 0, &hash);
    if (wrong == NULL) {
        queue(action, ASKED_CHANGE);
    }
    return wrong;
}

/* The port of the message if the patch has it, else its first one. */
static unsigned choose_port(const struct f4e_patch *patch, unsigned port)
{
    for (unsigned i = 0; i < patch->midi_count; i++) {
        if (patch->midi[i].port == port) {
            return port;
        }
    }
    return patch->midi[0].port;
}

/* Up to three numbers, or one MIDI message: port, status, data. */
static const char *run_midi(const struct action *action)
{
    struct osc *osc = action->osc;
    const struct arguments *arguments = action->arguments;
    uint64_t hash = 0;
    if (arguments->count == 1 && arguments->types[0] == 'm') {
        uint8_t bytes[4];
        memcpy(bytes, arguments->values[0], sizeof(bytes));
        request_add(osc, "midi %u %u %u %u", choose_port(osc->patch, bytes[0]),
                    bytes[1], bytes[2], bytes[3]);
    } else {
        request_add(osc, "midi %u", osc->patch->midi[0].port);
        const char *wrong = arguments->count <= 3
                                ? add_numbers(action, 0, &hash)
                                : "a MIDI message has at most 3 bytes";
        if (wrong != NULL) {
            return wrong;
        }
    }
    queue(action, ASKED_CHANGE);
    return NULL;
}

/* 's', for load also the time that it takes, in seconds. */
static const char *run_preset(const struct action *action)
{
    struct osc *osc = action->osc;
    bool is_load = action->node->kind == SPACE_PRESET_LOAD;
    const char *name = value_text(action->arguments, 0);
    double seconds = 0.0;
    bool has_time = is_load && action->arguments->count == 2 &&
                    value_number(action->arguments, 1, &seconds);
    if (name == NULL || (action->arguments->count > 1 && !has_time)) {
        return is_load ? "this takes a name, and the seconds that it takes"
                       : "this takes a name";
    }
    request_add(osc, "preset %s \"", is_load ? "load" : "save");
    for (const char *at = name; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            return "a name has no control characters";
        }
        request_add(osc, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    }
    request_add(osc, "\"");
    if (has_time) {
        request_add(osc, " over %.9gs", seconds);
    }
    queue(action, ASKED_CHANGE);
    return NULL;
}

static const char *run_var(const struct action *action)
{
    const struct space *space = &action->osc->space;
    return run_set(action, space->sources[action->node->source].name);
}

static const char *run_listener(const struct action *action)
{
    return feedback_change(action->osc, action->node, action->from,
                           action->arguments);
}

/* Of one who is admitted already. */
static const char *run_token(const struct action *action)
{
    (void)action;
    return NULL;
}

static const char *write_node(const struct action *action)
{
    static const char *(*const runs[])(const struct action *) = {
        [SPACE_PARAM] = run_param,
        [SPACE_SHARE] = run_normalized,
        [SPACE_VAR] = run_var,
        [SPACE_CALL] = run_call,
        [SPACE_MIDI] = run_midi,
        [SPACE_PRESET_LOAD] = run_preset,
        [SPACE_PRESET_SAVE] = run_preset,
        [SPACE_LISTENER_ADD] = run_listener,
        [SPACE_LISTENER_DELETE] = run_listener,
        [SPACE_TOKEN] = run_token, /* the last one */
    };
    if (runs[action->node->kind] == NULL) {
        return action->arguments->count == 0 ? "only listeners are told this"
                                             : "this can only be read";
    }
    return runs[action->node->kind](action);
}

/* A message without arguments asks. */
static void read_node(const struct action *action)
{
    struct osc *osc = action->osc;
    const struct space_node *node = action->node;
    if (node->kind == SPACE_INFO) {
        send_info(osc, action->from, node);
    } else if (node->kind == SPACE_LISTENER_ENTRIES) {
        feedback_send_entries(osc, action->from, node->path);
    } else if (node->kind == SPACE_PRESET_ENTRIES) {
        request_add(osc, "preset list");
        queue(action, ASKED_ENTRIES);
    } else {
        request_add(osc, "get %s", osc->space.sources[node->source].name);
        queue(action, ASKED_VALUE);
    }
}

static void act(const struct action *action)
{
    struct osc *osc = action->osc;
    const char *wrong = NULL;
    request_start(osc);
    if (action->arguments->count == 0 &&
        space_can_read(&osc->space, action->node)) {
        read_node(action);
    } else {
        wrong = write_node(action);
    }
    if (wrong != NULL) {
        send_error(osc, action->from, action->node->path, wrong);
    }
}

/* All that it matches, which is at most OSC_MATCHES_MAX. */
static const char *run_pattern(struct action *action, char *pattern)
{
    const struct space *space = &action->osc->space;
    unsigned count = 0;
    if (!space_is_pattern(pattern)) {
        return "this pattern is broken, or has too many stars";
    }
    for (size_t i = 0; i < space->node_count; i++) {
        if (space_matches(space, pattern, space->nodes[i].path, false)) {
            if (count == OSC_MATCHES_MAX) {
                return "this matches more than 256 addresses";
            }
            action->node = &space->nodes[i];
            act(action);
            count++;
        }
    }
    return count > 0 ? NULL : "no address matches";
}

static bool is_token(const struct osc *osc, const char *text)
{
    unsigned char typed[LINK_TOKEN_MAX] = {0};
    unsigned char known[LINK_TOKEN_MAX] = {0};
    size_t length = strlen(text);
    volatile unsigned char difference = length >= LINK_TOKEN_MAX;
    memcpy(typed, text, length < LINK_TOKEN_MAX ? length : LINK_TOKEN_MAX - 1);
    memcpy(known, osc->config->osc_token, strlen(osc->config->osc_token));
    /* Takes as long whatever both have in common. */
    for (unsigned i = 0; i < LINK_TOKEN_MAX; i++) {
        difference = difference | (typed[i] ^ known[i]);
    }
    return difference == 0;
}

void action_admit(struct osc *osc, const struct peer *from)
{
    osc->admitted[osc->admitted_count++ % OSC_ADMITTED_MAX] = *from;
}

bool action_is_admitted(const struct osc *osc, const struct peer *from)
{
    bool is_known = osc->config->osc_token[0] == '\0';
    for (unsigned i = 0;
         i < osc->admitted_count && i < OSC_ADMITTED_MAX && !is_known; i++) {
        is_known = peer_is_same_host(&osc->admitted[i], from);
    }
    return is_known;
}

void action_run(struct osc *osc, const struct peer *from, char *path,
                const struct arguments *arguments, uint64_t now_ns)
{
    struct action action = {
        .osc = osc, .from = from, .arguments = arguments, .now_ns = now_ns};
    const char *wrong = NULL;
    if (!action_is_admitted(osc, from)) {
        /* The address is known to who has the token. */
        const char *text = value_text(arguments, 0);
        action.node = space_find(&osc->space, path);
        if (action.node != NULL && action.node->kind == SPACE_TOKEN &&
            text != NULL && is_token(osc, text)) {
            action_admit(osc, from);
        } else {
            osc->counts.dropped++; /* and nobody is told that we are here */
        }
        return;
    }
    if (space_has_wildcards(path)) {
        wrong = run_pattern(&action, path);
    } else {
        action.node = space_find(&osc->space, path);
        wrong = action.node == NULL ? "there is no such address" : NULL;
    }
    if (action.node != NULL && wrong == NULL && !space_has_wildcards(path)) {
        act(&action);
    }
    if (wrong != NULL) {
        send_error(osc, from, path, wrong);
    }
}
