/* SPDX-License-Identifier: MIT */
#include "metadata/embed.h"

#include "base/file.h"
#include "describe/attachment.h"
#include "metadata/manifest_json.h"

/* The manifest as text. In the arena. */
static const char *manifest_text(const struct patch *patch, struct arena *arena)
{
    cJSON *root = cJSON_CreateObject();
    manifest_add(root, patch, false, arena);
    char *printed = cJSON_PrintUnformatted(root);
    const char *text =
        printed != NULL ? arena_copy(arena, printed, strlen(printed)) : NULL;
    cJSON_free(printed);
    cJSON_Delete(root);
    return text;
}

/* Was the file attached already, for an earlier target? */
static bool is_repeated(const struct patch *patch, uint32_t index)
{
    const char *id = patch->assets[index].id;
    for (uint32_t i = 0; i < index; i++) {
        if (strcmp(patch->assets[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

bool embed_write(const struct patch *patch, const char *output, size_t limit,
                 size_t *size, struct arena *arena, struct diag *diag)
{
    struct buf module;
    buf_init(&module, arena);
    attachment_strip(&module, patch->module);
    const char *text = manifest_text(patch, arena);
    if (text == NULL) {
        return diag_system(diag, "out of memory");
    }
    const struct attachment manifest = {NULL, (const uint8_t *)text,
                                        strlen(text)};
    if (!attachment_add(&module, &manifest, diag)) {
        return false;
    }
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        const struct patch_asset *asset = &patch->assets[i];
        const struct attachment attachment = {asset->id, asset->bytes,
                                              asset->file_size};
        if (!is_repeated(patch, i) &&
            !attachment_add(&module, &attachment, diag)) {
            return false;
        }
    }
    if (module.length > limit) {
        return diag_input(diag, -1,
                          "with its assets the module has %zu bytes, more "
                          "than the limit of %zu",
                          module.length, limit);
    }
    *size = module.length;
    return file_save(output, module.bytes, module.length, 0666, diag);
}
