/* SPDX-License-Identifier: MIT */
#include "describe/manifest_internal.h"

#include "patch_element.h"

#include <math.h>

static uint32_t move(const struct manifest_moves *moves, uint32_t item)
{
    return item < moves->count ? moves->moved[item] : UINT32_MAX;
}

/* The name of a block, as a manifest can hold it. */
static const char *printable(const char *module)
{
    return manifest_is_name(module) ? module : "";
}

static bool are_finite(const struct patch_param *param)
{
    return isfinite(param->min) && isfinite(param->max) &&
           isfinite(param->step) && isfinite(param->off) && isfinite(param->on);
}

/* Why a parameter, whose items are moved already, is of no use; or NULL. */
static const char *param_fault(const struct manifest *manifest,
                               const struct patch_param *param)
{
    if (param->item == UINT32_MAX || param->item2 == UINT32_MAX) {
        return "its variable does not exist";
    }
    if (manifest->items[param->item].count == 0 ||
        manifest->items[param->item2].count == 0) {
        return "its variable has no element";
    }
    if (param->is_float_bits &&
        manifest->items[param->item].capacity < sizeof(float)) {
        return "its variable is too small for a float";
    }
    return are_finite(param) ? NULL : "its range is not finite";
}

void manifest_check_params(struct manifest *manifest,
                           const struct manifest_moves *moves,
                           struct arena *arena)
{
    struct patch_param *kept =
        arena_alloc(arena, manifest->param_count, sizeof(*kept));
    uint32_t count = 0;
    uint32_t order = 0;
    for (uint32_t i = 0; i < manifest->param_count; i++) {
        struct patch_param param = manifest->params[i];
        param.item = move(moves, param.item);
        param.item2 =
            param.kind == F4E_CROSSFADE ? move(moves, param.item2) : 0;
        param.module = printable(param.module);
        const char *fault = param_fault(manifest, &param);
        order = param.order > order ? param.order : order;
        param.order = order;
        if (fault == NULL) {
            kept[count++] = param;
        } else {
            manifest_notice(manifest, arena, "a %s is left out%s: %s",
                            patch_param_name(param.kind),
                            manifest_at(param.where, arena), fault);
        }
    }
    manifest->params = kept;
    manifest->param_count = count;
}

static bool is_integer(const struct patch_item *item)
{
    return item->element != F4E_F32 && item->element != F4E_F64;
}

/* What of its own a view says about its items. */
static const char *view_fault(const struct manifest *manifest,
                              const struct patch_view *view,
                              const struct wasm_module *module)
{
    const struct patch_item *item = &manifest->items[view->item];
    if (view->index >= item->count) {
        return "its variable has no such element";
    }
    if (view->is_pointee && item->element != F4E_I32) {
        return "its variable is no pointer";
    }
    uint64_t size = patch_element_bytes(item->element);
    uint64_t start = item->address + view->index * size;
    if (!view->is_pointee && view->count_item == F4E_NO_ITEM &&
        !manifest_fits(module, item->memory, start, view->count * size)) {
        return "its elements lie outside the module's memory";
    }
    if (view->kind == F4E_PIANO &&
        (view->count_item == F4E_NO_ITEM ||
         manifest->items[view->count_item].element != F4E_I32)) {
        return "it has no int with the number of its keys";
    }
    if (view->count_item != F4E_NO_ITEM &&
        (manifest->items[view->count_item].count == 0 ||
         !is_integer(&manifest->items[view->count_item]))) {
        return "its length is not in an integer";
    }
    if (view->cursor_item != F4E_NO_ITEM &&
        (manifest->items[view->cursor_item].count == 0 ||
         manifest->items[view->cursor_item].element != F4E_I32)) {
        return "its cursor holds no address";
    }
    return isfinite(view->min) && isfinite(view->max)
               ? NULL
               : "its range is not finite";
}

/* Let an index follow its item; true also where there is none. */
static bool follow(const struct manifest_moves *moves, uint32_t *item)
{
    if (*item == F4E_NO_ITEM) {
        return true;
    }
    *item = move(moves, *item);
    return *item != UINT32_MAX;
}

/* All that a piano can hold is its array, whatever the document says. */
static void complete(const struct manifest *manifest, struct patch_view *view)
{
    const struct patch_item *item = &manifest->items[view->item];
    view->element = view->is_pointee ? view->element : item->element;
    if (view->kind == F4E_PIANO) {
        view->count = item->count;
    } else if (view->count_item != F4E_NO_ITEM) {
        view->count = 0;
    }
}

void manifest_check_views(struct manifest *manifest,
                          const struct manifest_moves *moves,
                          const struct wasm_module *module, struct arena *arena)
{
    struct patch_view *kept =
        arena_alloc(arena, manifest->view_count, sizeof(*kept));
    uint32_t count = 0;
    uint32_t order = 0;
    for (uint32_t i = 0; i < manifest->view_count; i++) {
        struct patch_view view = manifest->views[i];
        view.item = move(moves, view.item);
        bool has_items = view.item != UINT32_MAX &&
                         follow(moves, &view.count_item) &&
                         follow(moves, &view.cursor_item);
        view.module = printable(view.module);
        const char *fault = "its variable does not exist";
        if (has_items) {
            complete(manifest, &view);
            fault = view_fault(manifest, &view, module);
        }
        order = view.order > order ? view.order : order;
        view.order = order;
        if (fault == NULL) {
            kept[count++] = view;
        } else {
            manifest_notice(manifest, arena, "a %s is left out%s: %s",
                            patch_view_name(view.kind),
                            manifest_at(view.where, arena), fault);
        }
    }
    manifest->views = kept;
    manifest->view_count = count;
}

static const char *sender_fault(const struct manifest *manifest,
                                const struct patch_sender *sender)
{
    for (unsigned i = 0; i < F4E_SENDER_WORDS; i++) {
        if (sender->items[i] == F4E_NO_ITEM) {
            if (i < 2) {
                return "it has not both of its variables";
            }
            continue;
        }
        const struct patch_item *item = &manifest->items[sender->items[i]];
        if (item->count == 0 || item->element != F4E_I32) {
            return "not all of its variables are integers";
        }
    }
    return NULL;
}

void manifest_check_senders(struct manifest *manifest,
                            const struct manifest_moves *moves,
                            struct arena *arena)
{
    struct patch_sender *kept =
        arena_alloc(arena, manifest->sender_count, sizeof(*kept));
    uint32_t count = 0;
    for (uint32_t i = 0; i < manifest->sender_count; i++) {
        struct patch_sender sender = manifest->senders[i];
        const char *fault = NULL;
        for (unsigned k = 0; k < F4E_SENDER_WORDS; k++) {
            if (!follow(moves, &sender.items[k])) {
                fault = "one of its variables does not exist";
                sender.items[k] = F4E_NO_ITEM;
            }
        }
        fault = fault == NULL ? sender_fault(manifest, &sender) : fault;
        if (fault == NULL && count < F4E_SENDERS_MAX) {
            kept[count++] = sender;
        } else {
            manifest_notice(manifest, arena, "MIDI of a %s is left out%s: %s",
                            sender.is_controller ? "controller" : "note",
                            manifest_at(sender.where, arena),
                            fault != NULL ? fault : "there are 64 already");
        }
    }
    manifest->senders = kept;
    manifest->sender_count = count;
}
