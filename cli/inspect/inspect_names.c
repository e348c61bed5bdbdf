/* SPDX-License-Identifier: MIT */
#include "inspect/inspect_internal.h"

#include "describe/manifest.h"
#include "midi_import.h"
#include "patch_element.h"

#include <inttypes.h>

static const char *print(const char *text, struct arena *arena)
{
    return wasm_name_print(
        (struct wasm_name){(const uint8_t *)text, strlen(text)}, arena);
}

/* " (project patch.8f4e:12)" */
static void print_end(FILE *stream, enum patch_source source, const char *where)
{
    (void)fprintf(stream, " (%s%s%s)\n", patch_source_name(source),
                  where != NULL ? " " : "", where != NULL ? where : "");
}

static void print_items(const struct patch *patch, FILE *stream,
                        struct arena *arena)
{
    for (uint32_t i = 0; i < patch->item_count; i++) {
        const struct patch_item *item = &patch->items[i];
        (void)fprintf(stream, "%-12s %s: %s", "item", print(item->name, arena),
                      print(item->type, arena));
        if (item->is_array) {
            (void)fprintf(stream, ", %" PRIu32 " elements", item->count);
        }
        (void)fprintf(stream, " at %" PRIu32, item->address);
        if (item->memory != 0) {
            (void)fprintf(stream, " of memory %" PRIu32, item->memory);
        }
        print_end(stream, patch->names_source, NULL);
    }
}

static void print_params(const struct patch *patch, FILE *stream,
                         struct arena *arena)
{
    for (uint32_t i = 0; i < patch->param_count; i++) {
        const struct patch_param *param = &patch->params[i];
        (void)fprintf(stream, "%-12s %s", patch_param_name(param->kind),
                      print(patch->items[param->item].name, arena));
        if (param->kind == F4E_CROSSFADE) {
            (void)fprintf(stream, " against %s",
                          print(patch->items[param->item2].name, arena));
        } else if (param->kind == F4E_SLIDER) {
            (void)fprintf(stream, " from %g to %g", param->min, param->max);
            if (param->step != 0) {
                (void)fprintf(stream, " in steps of %g", param->step);
            }
        } else {
            (void)fprintf(stream, ": %g or %g", param->off, param->on);
        }
        print_end(stream, patch->names_source, param->where);
    }
}

static void print_views(const struct patch *patch, FILE *stream,
                        struct arena *arena)
{
    for (uint32_t i = 0; i < patch->view_count; i++) {
        const struct patch_view *view = &patch->views[i];
        (void)fprintf(stream, "%-12s %s%s", patch_view_name(view->kind),
                      view->is_pointee ? "what is at " : "",
                      print(patch->items[view->item].name, arena));
        if (view->index > 0) {
            (void)fprintf(stream, "[%" PRIu32 "]", view->index);
        }
        if (view->count_item != F4E_NO_ITEM) {
            (void)fprintf(stream, ", as many as %s says",
                          print(patch->items[view->count_item].name, arena));
        } else if (patch_view_has_run(view->kind)) {
            (void)fprintf(stream, ", %" PRIu32 " elements", view->count);
        }
        if (view->kind == F4E_WATCH && view->format != F4E_DECIMAL) {
            (void)fprintf(stream, " as %s", patch_format_name(view->format));
        }
        if (patch_view_has_range(view->kind)) {
            (void)fprintf(stream, " from %g to %g", view->min, view->max);
        }
        print_end(stream, patch->names_source, view->where);
    }
}

static void print_key(FILE *stream, const char *what, uint32_t address,
                      enum patch_source source)
{
    if (address != 0) {
        (void)fprintf(stream, "%-12s %s at %" PRIu32, "keyboard", what,
                      address);
        print_end(stream, source, NULL);
    }
}

static void print_assets(const struct patch *patch, FILE *stream,
                         struct arena *arena)
{
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        const struct patch_asset *asset = &patch->assets[i];
        (void)fprintf(stream, "%-12s %s: ", "asset", print(asset->id, arena));
        if (asset->is_held) {
            (void)fprintf(stream, "in the module's data");
        } else if (asset->file != NULL && asset->file[0] == '\0') {
            (void)fprintf(stream, "left out");
        } else if (asset->file != NULL) {
            (void)fprintf(stream, "'%s', %" PRIu32 " bytes",
                          print(asset->file, arena), asset->size);
            if (asset->size != asset->file_size) {
                (void)fprintf(stream, " of %" PRIu32, asset->file_size);
            }
        } else {
            (void)fprintf(stream, "missing, from '%s'",
                          asset->url != NULL ? print(asset->url, arena) : "");
        }
        (void)fprintf(stream, " at %" PRIu32, asset->address);
        if (asset->target != NULL) {
            (void)fprintf(stream, ", %s", print(asset->target, arena));
        }
        print_end(stream, asset->source, asset->where);
    }
}

/* Imports that send MIDI, which nobody has to provide. */
static void print_midi_out(const struct wasm_module *module, FILE *stream,
                           struct arena *arena)
{
    for (uint32_t i = 0; i < module->imported_function_count; i++) {
        uint32_t ports = midi_import_ports(module, i);
        const struct wasm_import *import =
            &module->imports[module->functions[i].import];
        if (ports > 0) {
            (void)fprintf(stream, "%-12s '%s' '%s' sends to %s\n", "midi out",
                          wasm_name_print(import->module, arena),
                          wasm_name_print(import->field, arena),
                          ports == 1 ? "port 0" : "ports 0 to 15");
        }
    }
}

/* "midi out     notes: gate seq:gate, note seq:note (project x.8f4e:12)" */
static void print_senders(const struct patch *patch, FILE *stream,
                          struct arena *arena)
{
    for (uint32_t i = 0; i < patch->sender_count; i++) {
        const struct patch_sender *sender = &patch->senders[i];
        (void)fprintf(stream, "%-12s %s", "midi out",
                      sender->is_controller ? "a controller" : "notes");
        for (unsigned k = 0; k < F4E_SENDER_WORDS; k++) {
            if (sender->items[k] != F4E_NO_ITEM) {
                (void)fprintf(
                    stream, "%s %s %s", k == 0 ? ":" : ",",
                    patch_sender_word(sender->is_controller, k),
                    print(patch->items[sender->items[k]].name, arena));
            }
        }
        print_end(stream, patch->names_source, sender->where);
    }
}

void inspect_print_names(const struct inspection *inspection, FILE *stream,
                         struct arena *arena)
{
    const struct patch *patch = &inspection->patch;
    print_items(patch, stream, arena);
    print_params(patch, stream, arena);
    print_views(patch, stream, arena);
    for (uint32_t i = 0; i < patch->midi_count; i++) {
        (void)fprintf(stream, "%-12s port %" PRIu32 " calls '%s'", "midi",
                      patch->midi[i].port,
                      print(patch->midi[i].callback, arena));
        print_end(stream, patch->names_source, patch->midi[i].where);
    }
    print_midi_out(patch->module, stream, arena);
    print_senders(patch, stream, arena);
    print_key(stream, "code", patch->keyboard_code, patch->names_source);
    print_key(stream, "pressed", patch->keyboard_pressed, patch->names_source);
    print_assets(patch, stream, arena);
}
