/* SPDX-License-Identifier: MIT */
#include "metadata/assets.h"

#include "base/process.h"
#include "base/utf8.h"
#include "describe/channels.h"
#include "metadata/item_near.h"

#include <inttypes.h>

struct placing {
    struct manifest *manifest; /* NULL: none */
    const struct asset_file *files;
    uint32_t file_count;
    uint64_t memory; /* bytes of memory 0 */
    struct patch_asset *assets;
    uint32_t count;
    struct arena *arena;
};

static const struct asset_file *find_file(const struct placing *placing,
                                          const char *id)
{
    for (uint32_t i = 0; i < placing->file_count; i++) {
        if (strcmp(placing->files[i].id, id) == 0) {
            return &placing->files[i];
        }
    }
    return NULL;
}

/* Cut to the target's room, leave out what memory has no room for. */
static void place(struct placing *placing, struct patch_asset asset)
{
    const char *target =
        asset.target != NULL
            ? utf8_print_text(asset.target, placing->arena)
            : arena_format(placing->arena, "byte %" PRIu32, asset.address);
    const char *file = asset.file != NULL
                           ? asset.file
                           : utf8_print_text(asset.id, placing->arena);
    asset.size = asset.file_size;
    if (asset.capacity != 0 && asset.size > asset.capacity) {
        asset.size = asset.capacity;
        manifest_notice(placing->manifest, placing->arena,
                        "asset '%s' has %" PRIu32 " bytes, '%s' takes %" PRIu32
                        ": the rest is cut off, as in a browser",
                        file, asset.file_size, target, asset.capacity);
    }
    if (asset.size > placing->memory ||
        asset.address > placing->memory - asset.size) {
        manifest_notice(placing->manifest, placing->arena,
                        "asset '%s' is not loaded: %" PRIu32
                        " bytes at byte %" PRIu32
                        " do not fit in memory 0, which has %" PRIu64,
                        file, asset.size, asset.address, placing->memory);
        return;
    }
    placing->assets[placing->count++] = asset;
}

static void place_target(struct placing *placing,
                         const struct manifest_asset *target)
{
    struct manifest *manifest = placing->manifest;
    struct arena *arena = placing->arena;
    const struct asset_file *file = find_file(placing, target->id);
    if (!target->is_placed) {
        uint32_t item = manifest_find_item(manifest, target->target);
        manifest_notice(
            manifest, arena, "%s%sasset '%s' is not loaded: %s'%s'%s",
            target->where != NULL ? target->where : "",
            target->where != NULL ? ": " : "",
            utf8_print_text(target->id, arena),
            item == UINT32_MAX ? "there is no " : "",
            utf8_print_text(target->target, arena),
            item == UINT32_MAX ? ""
            : manifest->items[item].memory == 0
                ? " has no room"
                : arena_format(arena,
                               " lies in memory %" PRIu32 ", not in memory 0",
                               manifest->items[item].memory));
        return;
    }
    place(placing, (struct patch_asset){
                       .address = target->address,
                       .file = file != NULL ? file->path : NULL,
                       .is_inside = file != NULL && file->is_inside,
                       .is_held = file != NULL && file->is_held,
                       .bytes = file != NULL ? file->bytes : NULL,
                       .file_size = file != NULL ? file->size : 0,
                       .capacity = target->capacity,
                       .id = target->id,
                       .url = target->url,
                       .target = target->target,
                       .source = manifest->source,
                       .where = target->where,
                   });
}

/* "@8192": an asset that was given by its place, with a name of its own. */
static const char *made_id(const struct placing *placing, uint32_t address)
{
    const char *id = arena_format(placing->arena, "@%" PRIu32, address);
    for (uint32_t i = 0; i < placing->count; i++) {
        if (strcmp(placing->assets[i].id, id) == 0) {
            id = arena_format(placing->arena, "%s+", id);
            i = UINT32_MAX; /* from the start */
        }
    }
    return id;
}

/* --asset KEY=FILE where KEY is neither an address nor the id of an asset. */
static bool place_named(struct placing *placing, const char *text,
                        struct diag *diag)
{
    struct manifest *manifest = placing->manifest;
    struct arena *arena = placing->arena;
    const char *equals = strchr(text, '=');
    const char *key = arena_copy(arena, text, (size_t)(equals - text));
    if (manifest == NULL) {
        (void)diag_usage(diag,
                         "--asset: '%s' is no address, and there is no project "
                         "that would know the name",
                         key);
        return diag_hint(diag, "--project FILE, or --asset 0x2000=%s",
                         equals + 1);
    }
    uint32_t item = manifest_find_item(manifest, key);
    if (item != UINT32_MAX && manifest->items[item].memory != 0) {
        return diag_usage(
            diag, "--asset: '%s' lies in memory %" PRIu32 ", not in memory 0",
            key, manifest->items[item].memory);
    }
    if (item == UINT32_MAX) {
        (void)diag_usage(diag,
                         "--asset: '%s' names neither an asset nor a variable, "
                         "says %s",
                         key, manifest->file);
        for (uint32_t i = 0; i < placing->file_count; i++) {
            const char *const words[] = {
                arena_format(arena, "%s=%s",
                             asset_typed_id(placing->files[i].id, arena),
                             equals + 1),
                NULL};
            (void)diag_hint(diag, "--asset %s", process_quote(words, arena));
        }
        const char *near = item_near(manifest, key);
        const char *const words[] = {
            arena_format(arena, "%s=%s", near != NULL ? near : "", equals + 1),
            NULL};
        return near != NULL && diag_hint(diag, "did you mean --asset %s?",
                                         process_quote(words, arena));
    }
    if (equals[1] == '\0') {
        return diag_usage(diag,
                          "--asset: '%s' names no file, and '%s' is no asset "
                          "of the project that could be left out",
                          text, key);
    }
    if (manifest->items[item].capacity == 0) {
        return diag_usage(diag, "--asset: '%s' has no element to fill", key);
    }
    struct asset_file file = {.id = key};
    if (!asset_read(&file, &file, equals + 1, arena, diag)) {
        return false;
    }
    place(placing, (struct patch_asset){
                       .address = manifest->items[item].address,
                       .file = file.path,
                       .bytes = file.bytes,
                       .file_size = file.size,
                       .capacity = manifest->items[item].capacity,
                       .id = made_id(placing, manifest->items[item].address),
                       .target = manifest->items[item].name,
                       .source = SOURCE_FLAG,
                   });
    return true;
}

static bool place_flag(struct placing *placing,
                       const struct option_asset *option, struct diag *diag)
{
    for (uint32_t i = 0; !option->is_address && i < placing->file_count; i++) {
        if (asset_flag_file(option->text, placing->files[i].id) != NULL) {
            return true;
        }
    }
    if (!option->is_address) {
        return place_named(placing, option->text, diag);
    }
    struct asset_file file = {.id = ""};
    if (!asset_read(&file, &file, option->file, placing->arena, diag)) {
        return false;
    }
    const char *id = made_id(placing, option->address);
    placing->assets[placing->count++] = (struct patch_asset){
        .address = option->address,
        .file = file.path,
        .bytes = file.bytes,
        .size = file.size,
        .file_size = file.size,
        .id = id,
        .source = SOURCE_FLAG,
    };
    return true;
}

/* A browser copies bytes, whatever they mean: so do we, but say so. */
static void note_sound_files(const struct placing *placing)
{
    for (uint32_t i = 0; placing->manifest != NULL && i < placing->count; i++) {
        const struct patch_asset *asset = &placing->assets[i];
        bool is_told = false;
        for (uint32_t k = 0; k < i; k++) {
            const struct patch_asset *other = &placing->assets[k];
            is_told = is_told || other->bytes == asset->bytes ||
                      (other->file != NULL && asset->file != NULL &&
                       strcmp(other->file, asset->file) == 0);
        }
        if (is_told || asset->file_size < 12 ||
            (asset->bytes[0] != 'R' && asset->bytes[0] != 'B') ||
            memcmp(asset->bytes + 8, "WAVE", 4) != 0) {
            continue;
        }
        manifest_notice(placing->manifest, placing->arena,
                        "asset '%s' is a WAV file: its header is copied too, "
                        "as in a browser; the patch's --load converts",
                        asset->file != NULL
                            ? utf8_print_text(asset->file, placing->arena)
                            : utf8_print_text(asset->id, placing->arena));
    }
}

bool assets_place(struct patch_asset **assets, uint32_t *count,
                  struct manifest *manifest, const struct asset_file *files,
                  uint32_t file_count, const struct wasm_module *module,
                  const struct options *options, struct arena *arena,
                  struct diag *diag)
{
    uint32_t targets = manifest != NULL ? manifest->asset_count : 0;
    struct placing placing = {
        .manifest = manifest,
        .files = files,
        .file_count = file_count,
        .memory = channels_memory_bytes(module),
        .assets = arena_alloc(arena, (size_t)targets + options->asset_count,
                              sizeof(struct patch_asset)),
        .arena = arena,
    };
    for (uint32_t i = 0; i < file_count; i++) {
        const char *id = utf8_print_text(files[i].id, arena);
        if (files[i].path == NULL) {
            manifest_notice(
                manifest, arena,
                "asset '%s' is not here: a build wants --asset %s=FILE", id,
                utf8_print_text(asset_typed_id(files[i].id, arena), arena));
        } else if (files[i].is_beside) {
            manifest_notice(manifest, arena, "asset '%s' is '%s'", id,
                            files[i].path);
        }
    }
    for (uint32_t i = 0; i < targets; i++) {
        place_target(&placing, &manifest->assets[i]);
    }
    for (uint32_t i = 0; i < options->asset_count; i++) {
        if (!place_flag(&placing, &options->assets[i], diag)) {
            return false;
        }
    }
    note_sound_files(&placing);
    *assets = placing.assets;
    *count = placing.count;
    return true;
}
