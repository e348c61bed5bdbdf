/* SPDX-License-Identifier: MIT */
/* Declared in metadata/assets.h. */
#include "metadata/assets.h"

#include "base/sha256.h"
#include "base/utf8.h"

/* How much of a file goes to a target, both as bytes. */
static uint32_t shared(const struct manifest_asset *target, uint64_t bytes)
{
    return bytes < target->held_bytes ? (uint32_t)bytes : target->held_bytes;
}

/* Of all places that it goes to, the module has something at each. */
static bool is_held(const struct asset_file *file,
                    const struct manifest *manifest)
{
    bool is_any = false;
    for (uint32_t i = 0; i < manifest->asset_count; i++) {
        const struct manifest_asset *target = &manifest->assets[i];
        if (target->is_placed && strcmp(target->id, file->id) == 0) {
            if (target->held == NULL) {
                return false;
            }
            is_any = true;
        }
    }
    return is_any;
}

/* What a lock says of it, as far as that can be seen. */
static bool is_locked(const struct asset_file *file,
                      const struct manifest_asset *target)
{
    char sha256[SHA256_HEX];
    if (file->lock == NULL || file->lock_bytes > target->held_bytes) {
        return true;
    }
    sha256_hex(target->held, (size_t)file->lock_bytes, sha256);
    return strcmp(sha256, file->sha256) == 0;
}

static void take(struct asset_file *file, struct manifest *manifest,
                 struct arena *arena)
{
    const char *id = utf8_print_text(file->id, arena);
    file->path = "";
    file->bytes = (const uint8_t *)"";
    file->is_inside = true;
    file->is_held = true;
    manifest_notice(manifest, arena,
                    "asset '%s' is not here, but the module's data has it", id);
    for (uint32_t i = 0; i < manifest->asset_count; i++) {
        const struct manifest_asset *target = &manifest->assets[i];
        if (target->held != NULL && strcmp(target->id, file->id) == 0 &&
            !is_locked(file, target)) {
            manifest_notice(manifest, arena,
                            "asset '%s': '%s' says that it is another one than "
                            "the module has in '%s'",
                            id, file->lock,
                            utf8_print_text(target->target, arena));
        }
    }
}

/* The file counts: its bytes are copied over the module's. */
static void compare(const struct asset_file *file, struct manifest *manifest,
                    struct arena *arena)
{
    for (uint32_t i = 0; i < manifest->asset_count; i++) {
        const struct manifest_asset *target = &manifest->assets[i];
        if (target->held != NULL && strcmp(target->id, file->id) == 0 &&
            memcmp(file->bytes, target->held, shared(target, file->size)) !=
                0) {
            manifest_notice(manifest, arena,
                            "asset '%s': '%s' is loaded, and the module has "
                            "other bytes in '%s'",
                            utf8_print_text(file->id, arena), file->path,
                            utf8_print_text(target->target, arena));
        }
    }
}

void assets_take_held(struct asset_file *files, uint32_t count,
                      struct manifest *manifest, struct arena *arena)
{
    for (uint32_t i = 0; i < count; i++) {
        if (files[i].path == NULL) {
            if (is_held(&files[i], manifest)) {
                take(&files[i], manifest, arena);
            }
        } else if (files[i].size > 0) {
            compare(&files[i], manifest, arena);
        }
    }
}
