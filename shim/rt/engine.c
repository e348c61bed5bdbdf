/* SPDX-License-Identifier: MIT */
#include "engine.h"

#include <string.h>

void engine_init(struct engine *engine, const struct f4e_patch *patch,
                 enum trap_policy on_trap, size_t stack_bytes)
{
    memset(engine, 0, sizeof *engine);
    engine->patch = patch;
    engine->on_trap = on_trap;
    engine->stack_bytes = stack_bytes;
}

static void call_init(void *engine)
{
    ((const struct engine *)engine)->patch->init();
}

static void call_block(void *engine)
{
    ((const struct engine *)engine)->patch->block();
}

/* The event before event_next. */
static void call_event(void *arg)
{
    const struct engine *engine = arg;
    const struct engine_event *event = &engine->events[engine->event_next - 1];
    event->function->call(event->args);
}

enum f4e_trap engine_restart(struct engine *engine,
                             struct f4e_trap_report *report)
{
    const struct f4e_patch *patch = engine->patch;
    if (patch->init != NULL) {
        enum f4e_trap trap =
            f4e_guard(call_init, engine, engine->stack_bytes, report);
        if (trap != F4E_TRAP_NONE) {
            return trap;
        }
    }
    for (unsigned i = 0; i < patch->asset_count; ++i) {
        const struct f4e_asset *asset = &patch->assets[i];
        memcpy(patch->memories[0].data + asset->address, asset->data,
               asset->size);
    }
    return F4E_TRAP_NONE;
}

/* Guard one call. False when it trapped; the policy has been followed then. */
static bool run_guarded(struct engine *engine, void (*function)(void *))
{
    struct f4e_trap_report report = {F4E_TRAP_NONE, NULL};
    if (f4e_guard(function, engine, engine->stack_bytes, &report) ==
        F4E_TRAP_NONE) {
        return true;
    }
    if (atomic_load_explicit(&engine->traps, memory_order_relaxed) == 0) {
        engine->trap = report;
        engine->trap_block = engine->block;
    }
    atomic_fetch_add_explicit(&engine->traps, 1, memory_order_release);
    switch (engine->on_trap) {
    case TRAP_STOP:
        engine->state = ENGINE_STOPPED;
        break;
    case TRAP_SILENCE:
        engine->state = ENGINE_SILENT;
        break;
    case TRAP_RESET:
        /* A patch that cannot even start again would trap for ever. */
        if (engine_restart(engine, NULL) != F4E_TRAP_NONE) {
            engine->state = ENGINE_STOPPED;
        }
        break;
    }
    return false;
}

/* False when one of them trapped; a reset patch still gets the others. */
static bool apply_events(struct engine *engine)
{
    bool is_clean = true;
    while (engine->state == ENGINE_RUNNING &&
           engine->event_next < engine->event_count &&
           engine->events[engine->event_next].block <= engine->block) {
        const struct engine_event *event =
            &engine->events[engine->event_next++];
        if (event->function != NULL) {
            is_clean = run_guarded(engine, call_event) && is_clean;
        } else {
            memcpy(engine->patch->memories[0].data + event->address,
                   event->bytes, event->size);
        }
    }
    return is_clean;
}

static void copy_inputs(const struct f4e_patch *patch, const float *const *in)
{
    for (unsigned k = 0; in != NULL && k < patch->input_count; ++k) {
        if (in[k] != NULL) {
            memcpy(patch->memories[0].data + patch->inputs[k].address, in[k],
                   patch->block_frames * sizeof(float));
        }
    }
}

static void copy_outputs(const struct f4e_patch *patch, float *const *out,
                         bool is_silent)
{
    size_t bytes = patch->block_frames * sizeof(float);
    for (unsigned k = 0; k < patch->output_count; ++k) {
        if (is_silent) {
            memset(out[k], 0, bytes);
        } else {
            memcpy(out[k], patch->memories[0].data + patch->outputs[k].address,
                   bytes);
        }
    }
}

static bool run_block(struct engine *engine, const float *const *in,
                      float *const *out)
{
    bool is_clean = engine->state == ENGINE_RUNNING && apply_events(engine);
    if (is_clean) {
        copy_inputs(engine->patch, in);
        is_clean = run_guarded(engine, call_block);
    }
    if (engine->state == ENGINE_STOPPED) {
        return false;
    }
    copy_outputs(engine->patch, out, !is_clean);
    engine->block++;
    return true;
}

bool engine_process(struct engine *engine, const float *const *in,
                    float *const *out)
{
    snapshot_serve(&engine->snapshot, engine->patch, engine->block);
    snapshot_enter(&engine->snapshot);
    bool is_going = run_block(engine, in, out);
    snapshot_leave(&engine->snapshot);
    return is_going;
}
