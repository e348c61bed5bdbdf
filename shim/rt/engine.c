/* SPDX-License-Identifier: MIT */
#include "rt/engine.h"

#include "optional.h"
#include "rt/invariants.h"
#include "rt/stats.h"

#include <string.h>

F4E_OPTIONAL(midi_queue_release);
F4E_OPTIONAL(midi_queue_send_words);

void engine_init(struct engine *engine, const struct f4e_patch *patch,
                 enum trap_policy on_trap, size_t stack_bytes)
{
    memset(engine, 0, sizeof(*engine));
    engine->patch = patch;
    engine->guard = f4e_guard;
    engine->on_trap = on_trap;
    engine->stack_bytes = stack_bytes;
    engine->uses_general_block = true; /* until engine_restart() has looked */
}

static void call_init(void *engine)
{
    ((const struct engine *)engine)->patch->init();
}

static void call_block(void *arg)
{
    const struct engine *engine = arg;
    const struct f4e_patch *patch = engine->patch;
    if (patch->proven_block != NULL && !engine->uses_general_block) {
        patch->proven_block();
    } else {
        patch->block();
    }
}

/* At the border of a block: back to the faster code when all is as it was. */
static void resume_proven_block(struct engine *engine)
{
    if (engine->uses_general_block && engine->patch->proven_block != NULL) {
        engine->uses_general_block =
            !invariants_hold(engine->patch, &engine->violated);
    }
}

/* A function and its arguments on their way through f4e_guard(). */
struct call {
    const struct f4e_export *function;
    const double *args;
};

static void call_function(void *arg)
{
    const struct call *call = arg;
    call->function->call(call->args, NULL);
}

void engine_attach(struct engine *engine, struct inbox *inbox)
{
    if (engine->inbox_count == ENGINE_INBOXES_MAX) {
        __builtin_trap(); /* a defect of the caller, which no input causes */
    }
    engine->inboxes[engine->inbox_count++] = inbox;
}

void engine_write(struct engine *engine, uint32_t memory, uint32_t address,
                  const void *bytes, size_t size)
{
    uint8_t *to = engine->patch->memories[memory].data + address;
    if (size == sizeof(uint32_t)) { /* a variable: no call */
        memcpy(to, bytes, sizeof(uint32_t));
    } else {
        memcpy(to, bytes, size);
    }
    if (!engine->uses_general_block &&
        !invariants_hold_at(engine->patch, memory, address, size)) {
        engine->uses_general_block = true;
    }
}

/* CHANGE_WRITE or CHANGE_TOGGLE. What moved there does not move any more. */
static void write_change(struct engine *engine, const struct change *change)
{
    const uint32_t memory = change->write.memory;
    const uint32_t address = change->write.address;
    const uint32_t size = change->write.size;
    const uint8_t *now = engine->patch->memories[memory].data + address;
    const uint8_t *bytes = change->write.bytes;
    /* No memcmp(): it may not be among the functions of rt/. */
    bool is_first = change->kind == CHANGE_TOGGLE;
    for (uint32_t i = 0; is_first && i < size; i++) {
        is_first = now[i] == bytes[i];
    }
    if (engine->ramps.count > 0) {
        ramps_end(&engine->ramps, memory, address, size);
    }
    engine_write(engine, memory, address, is_first ? bytes + size : bytes,
                 size);
}

/* Elements begin to move; those that cannot are where they shall be at once. */
static void start_ramp(struct engine *engine, const struct change *change)
{
    struct ramp place = {.memory = change->write.memory,
                         .element = change->element,
                         .blocks = change->blocks};
    const uint32_t size = ramp_element_bytes(place.element);
    const uint8_t *data = engine->patch->memories[place.memory].data;
    ramps_end(&engine->ramps, place.memory, change->write.address,
              change->write.size);
    for (uint32_t at = 0; at < change->write.size; at += size) {
        place.address = change->write.address + at;
        if (!ramps_add(&engine->ramps, &place, data + place.address,
                       change->write.bytes + at)) {
            engine_write(engine, place.memory, place.address,
                         change->write.bytes + at, size);
        }
    }
}

static void move_ramps(struct engine *engine)
{
    struct ramps *ramps = &engine->ramps;
    for (unsigned i = 0; i < ramps->count;) {
        struct ramp *ramp = &ramps->all[i];
        uint8_t bytes[RAMP_BYTES_MAX];
        bool is_over = ramp_step(ramp, bytes);
        engine_write(engine, ramp->memory, ramp->address, bytes, ramp->size);
        if (is_over) {
            *ramp = ramps->all[--ramps->count];
        } else {
            i++;
        }
    }
}

void engine_apply_settings(struct engine *engine)
{
    for (size_t i = 0; i < engine->setting_count; i++) {
        write_change(engine, &engine->settings[i]);
    }
}

enum f4e_trap engine_restart(struct engine *engine,
                             struct f4e_trap_report *report)
{
    const struct f4e_patch *patch = engine->patch;
    engine->uses_general_block = true;
    engine->ramps.count = 0;
    if (patch->init != NULL) {
        enum f4e_trap trap =
            engine->guard(call_init, engine, engine->stack_bytes, report);
        if (trap != F4E_TRAP_NONE) {
            return trap;
        }
    }
    for (unsigned i = 0; i < patch->asset_count; i++) {
        const struct f4e_asset *asset = &patch->assets[i];
        engine_write(engine, 0, asset->address, asset->data, asset->size);
    }
    engine_apply_settings(engine);
    resume_proven_block(engine);
    return F4E_TRAP_NONE;
}

/* Guard one call. False when it trapped; the policy has been followed then. */
static bool run_guarded(struct engine *engine, void (*function)(void *),
                        void *arg)
{
    struct f4e_trap_report report = {F4E_TRAP_NONE, NULL};
    if (engine->guard(function, arg, engine->stack_bytes, &report) ==
        F4E_TRAP_NONE) {
        return true;
    }
    /* It stopped halfway, where invariants between calls need not hold. */
    engine->uses_general_block = true;
    if (engine->hooks != NULL && engine->hooks->trap(engine, &report)) {
        return false;
    }
    if (atomic_load_explicit(&engine->traps, memory_order_relaxed) == 0) {
        engine->trap = report;
        engine->trap_block = engine->block;
    }
    atomic_fetch_add_explicit(&engine->traps, 1, memory_order_release);
    if (engine->midi_out != NULL) {
        midi_queue_release(engine->midi_out); /* it has forgotten them */
    }
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

static bool run_call(struct engine *engine, const struct f4e_export *function,
                     const double *args)
{
    struct call call = {function, args};
    return run_guarded(engine, call_function, &call);
}

/* As a browser does it: a call that traps is over, and nothing else is. */
static void run_alone(struct engine *engine, const struct f4e_export *function,
                      const double *args, struct dropped_calls *dropped)
{
    struct call call = {function, args};
    struct f4e_trap_report report = {F4E_TRAP_NONE, NULL};
    if (engine->guard(call_function, &call, engine->stack_bytes, &report) ==
        F4E_TRAP_NONE) {
        return;
    }
    engine->uses_general_block = true;
    engine->last_drop = report.kind;
    if (atomic_load_explicit(&dropped->count, memory_order_relaxed) == 0) {
        dropped->trap = report;
        dropped->block = engine->block;
    }
    atomic_fetch_add_explicit(&dropped->count, 1, memory_order_release);
}

static void run_midi(struct engine *engine, const struct f4e_export *function,
                     const uint8_t bytes[3])
{
    double args[INBOX_ARGS_MAX];
    if (function->params <= INBOX_ARGS_MAX) { /* no function of 8f4e has more */
        change_midi_args(function, bytes, args);
        run_alone(engine, function, args, &engine->dropped_midi);
    }
}

/* Where the project wants to see the keyboard, it does. */
static void press(struct engine *engine, unsigned action, unsigned key)
{
    const struct f4e_keyboard *places = &engine->patch->keyboard;
    struct keyboard_view view =
        keyboard_act(&engine->keyboard, (enum keyboard_action)action, key);
    if (view.has_code && places->code_address != 0) {
        engine_write(engine, 0, places->code_address, &view.code,
                     sizeof(view.code));
    }
    if (places->pressed_address != 0) {
        engine_write(engine, 0, places->pressed_address, &view.pressed,
                     sizeof(view.pressed));
    }
}

static void press_piano(struct engine *engine, const struct change *change)
{
    const struct f4e_patch *patch = engine->patch;
    const struct f4e_view *view = change->piano.view;
    const struct f4e_item *keys = &patch->items[view->item];
    const struct f4e_item *count = &patch->items[view->count_item];
    const uint8_t *data = patch->memories[keys->memory].data;
    const struct piano_step step =
        piano_act(patch, view, change->piano.action, change->piano.key);
    unsigned size = piano_bytes(keys->element);
    if (!step.is_change) {
        return;
    }
    for (uint32_t i = step.first; !step.is_added && i < step.count; i++) {
        uint32_t address = keys->address + i * size;
        engine_write(engine, keys->memory, address, data + address + size,
                     size);
    }
    if (step.is_added) {
        engine_write(engine, keys->memory, keys->address + step.first * size,
                     change->piano.key, size);
    }
    engine_write(engine, count->memory, count->address, &step.count,
                 sizeof(step.count));
}

bool engine_change(struct engine *engine, const struct change *change)
{
    if (change->kind == CHANGE_WRITE) { /* most of them: no table of cases */
        write_change(engine, change);
        return true;
    }
    switch (change->kind) {
    case CHANGE_WRITE:
    case CHANGE_TOGGLE:
        write_change(engine, change);
        break;
    case CHANGE_RAMP:
        start_ramp(engine, change);
        break;
    case CHANGE_CALL:
        if (change->is_midi) {
            run_midi(engine, change->call.function, change->call.midi);
        } else if (change->is_sent) {
            run_alone(engine, change->call.function, change->call.args,
                      &engine->dropped_calls);
        } else {
            return run_call(engine, change->call.function, change->call.args);
        }
        break;
    case CHANGE_KEY:
        press(engine, change->key.action, change->key.key);
        break;
    case CHANGE_PIANO:
        press_piano(engine, change);
        break;
    }
    return true;
}

static bool deliver(struct engine *engine, const struct change *change)
{
    return engine->hooks != NULL ? engine->hooks->change(engine, change)
                                 : engine_change(engine, change);
}

/* False when one of them trapped; a reset patch still gets the others. */
static bool apply_events(struct engine *engine)
{
    bool is_clean = true;
    while (engine->state == ENGINE_RUNNING &&
           engine->event_next < engine->event_count &&
           engine->events[engine->event_next].block <= engine->block) {
        is_clean =
            deliver(engine, &engine->events[engine->event_next++]) && is_clean;
    }
    return is_clean;
}

/* The messages of a file that fall into the block, before it. */
static void play_sequence(struct engine *engine)
{
    const struct f4e_patch *patch = engine->patch;
    const uint64_t end = (engine->block + 1) * patch->block_frames;
    const struct sequence_event *event;
    while (engine->state == ENGINE_RUNNING &&
           (event = sequence_next(&engine->sequence, end)) != NULL) {
        for (unsigned i = 0; i < patch->midi_count; i++) {
            if (patch->midi[i].port == event->port) {
                run_midi(engine, &patch->exports[patch->midi[i].export_index],
                         event->bytes);
            }
        }
    }
}

/*
 * As much of the first write as 'room' allows. True when it is done. What is
 * small does not wait for room: others may be joined to it.
 */
static bool write_part(struct engine *engine, struct inbox *inbox,
                       const struct change *change, uint32_t *room)
{
    uint32_t left = change->write.size - inbox->written;
    if (inbox->written == 0 && (left <= *room || inbox_copies(change))) {
        *room -= left < *room ? left : *room;
        (void)deliver(engine, change); /* nothing that could trap */
        return true;
    }
    struct change part = *change;
    part.write.size = left < *room ? left : *room;
    part.write.address += inbox->written;
    part.write.bytes += inbox->written;
    (void)deliver(engine, &part);
    inbox->written += part.write.size;
    *room -= part.write.size;
    return part.write.size == left;
}

/* What is due and not too much for a block. False when a call trapped. */
static bool take_inbox(struct engine *engine, struct inbox *inbox)
{
    uint32_t room = INBOX_BLOCK_BYTES;
    bool is_clean = true;
    bool is_done = true;
    const struct change *change;
    inbox_rest(inbox);
    if (!inbox_enter(inbox)) {
        return true;
    }
    while (is_done && (change = inbox_first(inbox)) != NULL &&
           inbox_is_due(inbox, change, engine->block)) {
        if (engine->state != ENGINE_RUNNING) {
            is_done = true; /* nobody is there for it */
        } else if (change->kind == CHANGE_WRITE) {
            is_done = write_part(engine, inbox, change, &room);
        } else {
            engine->last_drop = F4E_TRAP_NONE;
            is_clean = deliver(engine, change) && is_clean;
            inbox_tell(inbox, engine->last_drop);
        }
        if (is_done) {
            inbox_next(inbox);
        }
    }
    if (change != NULL && change->block <= engine->block) {
        stats_add(&engine->crowded_blocks, 1);
    }
    inbox_leave(inbox);
    return is_clean;
}

static void copy_inputs(struct engine *engine, const float *const *in)
{
    const struct f4e_patch *patch = engine->patch;
    for (unsigned k = 0; in != NULL && k < patch->input_count; k++) {
        if (in[k] != NULL && patch->inputs[k].address != F4E_UNCONNECTED) {
            engine_write(engine, 0, patch->inputs[k].address, in[k],
                         patch->block_frames * sizeof(float));
        }
    }
}

static void copy_outputs(const struct f4e_patch *patch, float *const *out,
                         bool is_silent)
{
    size_t bytes = patch->block_frames * sizeof(float);
    for (unsigned k = 0; k < patch->output_count; k++) {
        if (is_silent || patch->outputs[k].address == F4E_UNCONNECTED) {
            memset(out[k], 0, bytes);
        } else {
            memcpy(out[k], patch->memories[0].data + patch->outputs[k].address,
                   bytes);
        }
    }
}

bool engine_take_changes(struct engine *engine)
{
    for (unsigned i = 0; i < engine->inbox_count; i++) {
        inbox_expect(engine->inboxes[i]);
    }
    bool is_clean = engine->state == ENGINE_RUNNING && apply_events(engine);
    play_sequence(engine);
    for (unsigned i = 0; i < engine->inbox_count; i++) {
        is_clean = take_inbox(engine, engine->inboxes[i]) && is_clean;
    }
    return is_clean;
}

bool engine_run_block(struct engine *engine, const float *const *in,
                      float *const *out)
{
    bool is_clean = engine_take_changes(engine);
    if (engine->state == ENGINE_RUNNING) {
        move_ramps(engine);
    }
    if (is_clean) {
        copy_inputs(engine, in);
        resume_proven_block(engine);
        engine->is_general =
            engine->uses_general_block && engine->patch->proven_block != NULL;
        if (engine->is_general) {
            atomic_store_explicit(&engine->general_cause, engine->violated,
                                  memory_order_relaxed);
            atomic_fetch_add_explicit(&engine->general_blocks, 1,
                                      memory_order_release);
        }
        is_clean = run_guarded(engine, call_block, engine);
    }
    if (is_clean && engine->midi_out != NULL) {
        midi_queue_send_words(engine->midi_out, engine->patch);
    }
    if (engine->state == ENGINE_STOPPED) {
        return false;
    }
    copy_outputs(engine->patch, out, !is_clean);
    engine->block++;
    return true;
}

/* What the patch sends has the time of the block that runs. */
static void stamp_midi(const struct engine *engine)
{
    if (engine->midi_out != NULL) {
        engine->midi_out->frame = engine->block * engine->patch->block_frames;
        engine->midi_out->due_ns = engine->clock.due_ns;
    }
}

bool engine_process(struct engine *engine, const float *const *in,
                    float *const *out)
{
    stamp_midi(engine);
    snapshot_serve(&engine->snapshot, engine->patch, engine->block);
    snapshot_enter(&engine->snapshot);
    bool is_going = engine->hooks != NULL ? engine->hooks->run(engine, in, out)
                                          : engine_run_block(engine, in, out);
    snapshot_leave(&engine->snapshot);
    return is_going;
}
