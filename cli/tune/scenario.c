/* SPDX-License-Identifier: MIT */
#include "tune/scenario.h"

enum {
    STEPS = 48, /* notes of each port, positions of each control, keys */
    MAX_CALLBACKS = 64, /* played; a script has an end */
    MAX_CONTROLS = 256,
};

/* A script separates words by blanks and starts comments with '#'. */
static bool is_word(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] <= ' ' || bytes[i] == 0x7f) {
            return false;
        }
    }
    return length > 0 && bytes[0] != '#';
}

/* Shaped like a callback, (status, data, data), and nothing else. */
static bool is_callback(const struct patch *patch,
                        const struct wasm_export *export)
{
    if (export->kind != WASM_FUNCTION ||
        !is_word(export->name.bytes, export->name.length) ||
        export->index == patch->init_function ||
        export->index == patch->buffer_function ||
        export->index == patch->main_function) {
        return false;
    }
    const struct wasm_func_type *type =
        wasm_function_type(patch->module, export->index);
    bool is_shaped = type->param_count == 3;
    for (uint32_t i = 0; i < type->param_count; i++) {
        is_shaped = is_shaped && type->params[i] == WASM_I32;
    }
    return is_shaped;
}

/* The block at which step 'step' starts; the first eighth stays idle. */
static uint32_t step_block(uint32_t step, uint32_t blocks)
{
    uint32_t idle = blocks / 8;
    return idle + (uint32_t)((uint64_t)(blocks - idle) * step / STEPS);
}

/*
 * Messages for what 'to' says in a script, a port or an export: notes that go
 * up in fifths over five octaves, each let go before the next but one, and now
 * and then a controller or the pitch wheel.
 */
static void add_messages(struct buf *out, const char *to, uint32_t blocks)
{
    enum { NOTE_ON = 0x90, NOTE_OFF = 0x80, CONTROLLER = 0xb0, WHEEL = 0xe0 };
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t block = step_block(step, blocks);
        unsigned note = 36 + step * 7 % 60;
        unsigned before = 36 + (step + STEPS - 2) * 7 % 60;
        buf_format(out, "%ub %s %d %u %u\n", block, to, NOTE_ON, note,
                   1 + step * 37 % 127);
        if (step >= 2) {
            buf_format(out, "%ub %s %d %u 0\n", block, to, NOTE_OFF, before);
        }
        if (step % 4 == 3) {
            bool is_wheel = step % 8 == 7;
            buf_format(out, "%ub %s %d %u %u\n", block, to,
                       is_wheel ? WHEEL : CONTROLLER, is_wheel ? 0 : step,
                       step * 53 % 128);
        }
    }
}

/* Each port once: a message of a port calls all that is bound to it. */
static void add_ports(struct buf *out, const struct patch *patch,
                      uint32_t blocks)
{
    for (uint32_t i = 0; i < patch->midi_count && i < MAX_CALLBACKS; i++) {
        uint32_t before = 0;
        while (patch->midi[before].port != patch->midi[i].port) {
            before++;
        }
        if (before == i) {
            add_messages(
                out, arena_format(out->arena, "midi %u", patch->midi[i].port),
                blocks);
        }
    }
}

/* For a patch of which nothing but its exports is known. */
static void add_callbacks(struct buf *out, const struct patch *patch,
                          uint32_t blocks)
{
    uint32_t count = 0;
    for (uint32_t i = 0;
         i < patch->module->export_count && count < MAX_CALLBACKS; i++) {
        const struct wasm_export *export = &patch->module->exports[i];
        if (is_callback(patch, export)) {
            add_messages(out,
                         arena_format(out->arena, "call %.*s",
                                      (int)export->name.length,
                                      (const char *)export->name.bytes),
                         blocks);
            count++;
        }
    }
}

/* Keys of several rows, one at a time; every other one is held a step long. */
static void add_keys(struct buf *out, uint32_t blocks)
{
    static const char *const keys[] = {
        "KeyA",   "KeyW",  "KeyS",    "KeyE",   "KeyD",      "KeyF",
        "Digit1", "Space", "ArrowUp", "Digit7", "ArrowLeft", "KeyJ",
        "KeyK",   "KeyL",  "Enter",   "KeyZ"};
    enum { KEYS = sizeof(keys) / sizeof(keys[0]) };
    for (uint32_t step = 0; step < STEPS; step++) {
        const char *key = keys[step % KEYS];
        buf_format(out, "%ub key down %s\n", step_block(step, blocks), key);
        buf_format(out, "%ub key up %s\n",
                   step_block(step + (step % 2 == 0 ? 1 : 0), blocks), key);
    }
}

/* The name of a variable, and not an address or a number to the script. */
static bool is_variable(const char *name)
{
    return is_word((const uint8_t *)name, strlen(name)) && name[0] != '@' &&
           strchr(name, ':') != NULL;
}

/* Up from one end to the other and down again; buttons go on and off. The
 * words are those of f4e-patch(1), so widgets write what they write there. */
static void add_control(struct buf *out, const struct patch *patch,
                        const struct patch_param *param, uint32_t blocks)
{
    const struct patch_item *item = &patch->items[param->item];
    bool is_pressed = param->kind == F4E_BUTTON || param->kind == F4E_SWITCH;
    if (!is_variable(item->name)) {
        return;
    }
    for (uint32_t step = 0; step < STEPS; step++) {
        double up = 200.0 * step / (double)STEPS;
        buf_format(out, "%ub set %s ", step_block(step, blocks), item->name);
        if (is_pressed) {
            buf_text(out, step % 2 == 0 ? "on\n" : "off\n");
        } else {
            buf_format(out, "%.4g%%\n", up <= 100 ? up : 200 - up);
        }
    }
}

void scenario_write(struct buf *out, const struct patch *patch, uint32_t blocks)
{
    if (patch->midi_count > 0) {
        add_ports(out, patch, blocks);
    } else {
        add_callbacks(out, patch, blocks);
    }
    if (patch->keyboard_code != 0 || patch->keyboard_pressed != 0) {
        add_keys(out, blocks);
    }
    for (uint32_t i = 0; i < patch->param_count && i < MAX_CONTROLS; i++) {
        add_control(out, patch, &patch->params[i], blocks);
    }
}
