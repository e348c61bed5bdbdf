/* SPDX-License-Identifier: MIT */
#include "scenario.h"

enum {
    STEPS = 48,         /* notes of each callback, positions of each control */
    MAX_CALLBACKS = 64, /* played; a script has an end */
    MAX_CONTROLS = 256,
};

/* A script separates words by blanks and starts comments with '#'. */
static bool is_word(struct wasm_name name)
{
    for (size_t i = 0; i < name.length; i++) {
        if (name.bytes[i] <= ' ' || name.bytes[i] == 0x7f) {
            return false;
        }
    }
    return name.length > 0 && name.bytes[0] != '#';
}

static bool is_bound(const struct patch *patch, struct wasm_name name)
{
    for (uint32_t i = 0; i < patch->midi_count; i++) {
        if (wasm_name_equals(name, patch->midi[i].callback)) {
            return true;
        }
    }
    return false;
}

/* Bound by the project text, or shaped like a callback: (status, data, data).
 */
static bool is_callback(const struct patch *patch,
                        const struct wasm_export *export)
{
    if (export->kind != WASM_FUNCTION || !is_word(export->name) ||
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
    return is_shaped || is_bound(patch, export->name);
}

/* The block at which step 'step' starts; the first eighth stays idle. */
static uint32_t step_block(uint32_t step, uint32_t blocks)
{
    uint32_t idle = blocks / 8;
    return idle + (uint32_t)((uint64_t)(blocks - idle) * step / STEPS);
}

/* Notes that go up in fifths over five octaves, each let go before the next
 * but one, and now and then a controller or the pitch wheel. */
static void add_callback(struct buf *out, struct wasm_name name,
                         uint32_t blocks)
{
    enum { NOTE_ON = 0x90, NOTE_OFF = 0x80, CONTROLLER = 0xb0, WHEEL = 0xe0 };
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t block = step_block(step, blocks);
        unsigned note = 36 + step * 7 % 60;
        unsigned before = 36 + (step + STEPS - 2) * 7 % 60;
        buf_format(out, "%ub call %.*s %d %u %u\n", block, (int)name.length,
                   (const char *)name.bytes, NOTE_ON, note,
                   1 + step * 37 % 127);
        if (step >= 2) {
            buf_format(out, "%ub call %.*s %d %u 0\n", block, (int)name.length,
                       (const char *)name.bytes, NOTE_OFF, before);
        }
        if (step % 4 == 3) {
            bool is_wheel = step % 8 == 7;
            buf_format(out, "%ub call %.*s %d %u %u\n", block, (int)name.length,
                       (const char *)name.bytes, is_wheel ? WHEEL : CONTROLLER,
                       is_wheel ? 0 : step, step * 53 % 128);
        }
    }
}

static const char *const element_types[] = {
    [ELEMENT_I8] = "i8",   [ELEMENT_U8] = "i8",   [ELEMENT_I16] = "i16",
    [ELEMENT_U16] = "i16", [ELEMENT_I32] = "i32", [ELEMENT_F32] = "f32",
    [ELEMENT_F64] = "f64",
};

/* What 'type' can hold of 'value': scripts refuse other integers. */
static void add_value(struct buf *out, const char *type, double value)
{
    static const struct {
        const char *type;
        double least;
        double most;
    } ranges[] = {{"i8", -128, 255},
                  {"i16", -32768, 65535},
                  {"i32", -2147483648.0, 4294967295.0}};
    if (type[0] == 'f') {
        buf_format(out, "%.9g\n", value);
        return;
    }
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (strcmp(type, ranges[i].type) == 0) {
            value = value >= ranges[i].least ? value : ranges[i].least;
            value = value <= ranges[i].most ? value : ranges[i].most;
        }
    }
    buf_format(out, "%lld\n", (long long)value);
}

static void add_set(struct buf *out, uint32_t block,
                    const struct patch_item *item, bool is_float_bits,
                    double value)
{
    if (item->memory == 0 && item->count > 0) {
        const char *type = is_float_bits ? "f32" : element_types[item->element];
        buf_format(out, "%ub set %u %s ", block, item->address, type);
        add_value(out, type, value);
    }
}

/* Up from one end to the other and down again; buttons go on and off. */
static void add_control(struct buf *out, const struct patch *patch,
                        const struct patch_param *param, uint32_t blocks)
{
    const struct patch_item *item = &patch->items[param->item];
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t block = step_block(step, blocks);
        double up = 2.0 * step / (double)STEPS;
        double at = up <= 1 ? up : 2 - up;
        double position = param->min + (param->max - param->min) * at;
        switch (param->kind) {
        case PARAM_BUTTON:
        case PARAM_SWITCH:
            add_set(out, block, item, param->is_float_bits,
                    step % 2 == 0 ? param->on : param->off);
            break;
        case PARAM_CROSSFADE:
            add_set(out, block, item, false, 1 - at);
            add_set(out, block, &patch->items[param->item2], false, at);
            break;
        case PARAM_SLIDER:
        default:
            add_set(out, block, item, param->is_float_bits, position);
            break;
        }
    }
}

void scenario_write(struct buf *out, const struct patch *patch, uint32_t blocks)
{
    uint32_t callbacks = 0;
    for (uint32_t i = 0; i < patch->module->export_count; i++) {
        const struct wasm_export *export = &patch->module->exports[i];
        if (callbacks < MAX_CALLBACKS && is_callback(patch, export)) {
            add_callback(out, export->name, blocks);
            callbacks++;
        }
    }
    for (uint32_t i = 0; i < patch->param_count && i < MAX_CONTROLS; i++) {
        add_control(out, patch, &patch->params[i], blocks);
    }
}
