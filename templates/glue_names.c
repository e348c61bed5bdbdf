/* SPDX-License-Identifier: MIT */
#include "glue_names.h"

#include "c_text.h"
#include "patch_element.h"

#include <inttypes.h>

const char *glue_items(const struct patch *patch, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < patch->item_count; i++) {
        const struct patch_item *item = &patch->items[i];
        buf_format(&out,
                   "    {%s, %s, %" PRIu32 ", %" PRIu32 "u, %" PRIu32
                   "u, %" PRIu32 "u, %s, %d},\n",
                   c_text_string(item->name, arena),
                   c_text_string(item->type, arena), item->memory,
                   item->address, item->count, item->capacity,
                   patch_element_symbol(item->element), item->is_array ? 1 : 0);
    }
    return buf_string(&out);
}

const char *glue_params(const struct patch *patch, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < patch->param_count; i++) {
        const struct patch_param *param = &patch->params[i];
        const double numbers[] = {param->min, param->max, param->step,
                                  param->off, param->on};
        buf_format(&out, "    {%s, %" PRIu32 ", %" PRIu32,
                   patch_param_symbol(param->kind), param->item, param->item2);
        for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
            buf_format(&out, ", %s", c_text_number(numbers[k], arena));
        }
        buf_format(&out, ", %d, %s, %" PRIu32 "},\n",
                   param->is_float_bits ? 1 : 0,
                   c_text_string(param->module, arena), param->order);
    }
    return buf_string(&out);
}

const char *glue_views(const struct patch *patch, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < patch->view_count; i++) {
        const struct patch_view *view = &patch->views[i];
        buf_format(
            &out,
            "    {%s, %s, %s, %d, %d, %" PRIu32 "u, %" PRIu32 "u, %" PRIu32
            "u, %" PRIu32 "u, %" PRIu32 "u",
            patch_view_symbol(view->kind), patch_format_symbol(view->format),
            patch_element_symbol(view->element), view->is_pointee ? 1 : 0,
            view->is_cursor_address ? 1 : 0, view->item, view->index,
            view->count, view->count_item, view->cursor_item);
        buf_format(&out,
                   ", %s, %s, %" PRIu32 "u, %" PRId32 ", %s, %" PRIu32 "},\n",
                   c_text_number(view->min, arena),
                   c_text_number(view->max, arena), view->rows, view->first_key,
                   c_text_string(view->module, arena), view->order);
    }
    return buf_string(&out);
}

const char *glue_midi(const struct patch *patch, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < patch->midi_count; i++) {
        const struct patch_midi *midi = &patch->midi[i];
        uint32_t row = 0;
        for (uint32_t k = 0; k < patch->module->export_count; k++) {
            const struct wasm_export *export = &patch->module->exports[k];
            if (export->kind != WASM_FUNCTION) {
                continue;
            }
            if (wasm_name_equals(export->name, midi->callback)) {
                buf_format(&out, "    {%" PRIu32 "u, %" PRIu32 "u},\n",
                           midi->port, row);
                break;
            }
            row++;
        }
    }
    return buf_string(&out);
}

const char *glue_senders(const struct patch *patch, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < patch->sender_count; i++) {
        const struct patch_sender *sender = &patch->senders[i];
        buf_format(&out, "    {%d, {", sender->is_controller ? 1 : 0);
        for (unsigned k = 0; k < F4E_SENDER_WORDS; k++) {
            if (sender->items[k] == F4E_NO_ITEM) {
                buf_text(&out, "{0}, ");
                continue;
            }
            const struct patch_item *item = &patch->items[sender->items[k]];
            buf_format(&out, "{1, %d, %" PRIu32 "u, %" PRIu32 "u}, ",
                       item->pointer_depth > 0 ? 1 : 0, item->memory,
                       item->address);
        }
        buf_text(&out, "}},\n");
    }
    return buf_string(&out);
}

uint32_t glue_asset_file(const struct patch *patch, uint32_t index,
                         uint32_t *size)
{
    const uint8_t *bytes = patch->assets[index].bytes;
    uint32_t first = index;
    *size = 0;
    for (uint32_t i = patch->asset_count; i > 0; i--) {
        const struct patch_asset *asset = &patch->assets[i - 1];
        if (asset->bytes == bytes) {
            first = i - 1;
            *size = asset->size > *size ? asset->size : *size;
        }
    }
    return first;
}

/* .incbin: the assembler copies the file, so that megabytes cost no time. */
const char *glue_assets(const struct patch *patch, struct arena *arena)
{
    struct buf out;
    struct buf table;
    buf_init(&out, arena);
    buf_init(&table, arena);
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        const struct patch_asset *asset = &patch->assets[i];
        uint32_t size = 0;
        uint32_t file = glue_asset_file(patch, i, &size);
        if (file == i) {
            buf_format(&out,
                       "__asm__(\".pushsection .rodata\\n\"\n"
                       "        \".balign 16\\n\"\n"
                       "        \"glue_asset_%u:\\n\"\n"
                       "        \".incbin \\\"asset%u.bin\\\"\\n\"\n"
                       "        \".byte 0\\n\"\n"
                       "        \".popsection\\n\");\n"
                       "extern const uint8_t glue_asset_%u[];\n\n",
                       i, i, i);
        }
        buf_format(&table, "    {%uu, %uu, glue_asset_%u},\n", asset->address,
                   asset->size, file);
    }
    buf_format(&out,
               "static const struct f4e_asset assets[] = {\n%s    {0},\n};\n",
               buf_string(&table));
    return buf_string(&out);
}
