/* SPDX-License-Identifier: MIT */
#include "generate.h"

#include "base/file.h"
#include "glue_names.h"
#include "ranges/ranges.h"

static bool write_text(const char *directory, const char *name,
                       const char *text, struct arena *arena, struct diag *diag)
{
    return file_write(arena_format(arena, "%s/%s", directory, name), text,
                      strlen(text), 0644, diag);
}

/* The bytes that are not C text: the assembler includes them. */
static bool write_binaries(const struct patch *patch, const char *directory,
                           struct arena *arena, struct diag *diag)
{
    for (uint32_t i = 0; i < patch->module->data_count; i++) {
        const struct wasm_data *data = &patch->module->data[i];
        if (data->size > TRANSLATE_INLINE_BYTES &&
            !file_write(arena_format(arena, "%s/data%u.bin", directory, i),
                        data->bytes, data->size, 0644, diag)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        uint32_t size_placed = 0;
        if (glue_asset_file(patch, i, &size_placed) == i &&
            !file_write(arena_format(arena, "%s/asset%u.bin", directory, i),
                        patch->assets[i].bytes, size_placed, 0644, diag)) {
            return false;
        }
    }
    return true;
}

const char *const generate_patterns[] = {
    "glue.c",     "module.c",  "module.h",   "f4e-imports.h",
    "ranges.txt", "data*.bin", "asset*.bin", NULL};

bool generate_files(const struct generation *generation, const char *directory,
                    struct arena *arena, struct diag *diag)
{
    const struct patch *patch = generation->patch;
    const struct translation *translation = generation->translation;
    const struct ranges *ranges = generation->ranges;
    const struct glue_options glue_options = {
        .build_version = generation->version,
        .imports = generation->imports,
        .ranges = ranges,
        .is_checking = generation->is_checking,
    };
    struct buf glue;
    struct buf header;
    buf_init(&glue, arena);
    buf_init(&header, arena);
    glue_imports_header(&header, patch->module, arena);
    return glue_generate(&glue, patch, translation, &glue_options, arena,
                         diag) &&
           write_text(directory, "glue.c", buf_string(&glue), arena, diag) &&
           write_text(directory, "f4e-imports.h", buf_string(&header), arena,
                      diag) &&
           write_text(directory, "module.c", translation->source, arena,
                      diag) &&
           write_text(directory, "module.h", translation->header, arena,
                      diag) &&
           (ranges == NULL || write_text(directory, "ranges.txt",
                                         ranges->certificate, arena, diag)) &&
           write_binaries(patch, directory, arena, diag);
}
