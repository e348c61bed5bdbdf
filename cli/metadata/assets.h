/* SPDX-License-Identifier: MIT */
/*
 * Binary assets: which file each one is, and where its bytes go. URLs are never
 * fetched. A file is looked for in this order: --asset ID=FILE, by the base
 * name of the URL in the folder of --assets, inside the module, by that name
 * beside the project or manifest. With --asset ID= it counts as one without
 * bytes; so do, with --no-assets, all that neither of the first two names.
 */
#ifndef F4E_ASSETS_H
#define F4E_ASSETS_H

#include "describe/manifest.h"
#include "options/options.h"

/* An asset that is wanted, before its targets matter. */
struct asset_file {
    const char *id;
    const char *url;    /* NULL: none */
    const char *name;   /* base name to look for, or NULL */
    const char *sha256; /* that it has to have, or NULL */

    const char *path;     /* as shown; NULL: not found */
    const uint8_t *bytes; /* equal pointers for equal paths */
    uint32_t size;
    bool is_beside; /* found by its name: the user did not name it */
    bool is_inside; /* of the module, or left out: 'path' is no file */
};

/*
 * Fill in 'path', 'bytes' and 'size' of each file. 'directory' is where to look
 * beside. Where 'is_required', fails (input) for the first one that is not
 * found, with the flags to type for all of them; fails when a file cannot be
 * read and, without --project-check warn, when one that was found by its name
 * has another hash.
 */
F4E_MUST_CHECK bool assets_find(struct asset_file *files, uint32_t count,
                                const char *directory,
                                const struct wasm_module *module,
                                const struct options *options, bool is_required,
                                struct arena *arena, struct diag *diag);

/*
 * The list that describe takes: the targets of 'manifest' (may be NULL) in
 * their order, then --asset ADDRESS=FILE and --asset MODULE:MEMORY=FILE in
 * theirs. Longer files are cut to the target, as the browser does; what does
 * not fit in memory is left out; both with a notice in 'manifest'. Fails (usage
 * or input) when a flag names nothing or its file cannot be read.
 */
F4E_MUST_CHECK bool assets_place(struct patch_asset **assets, uint32_t *count,
                                 struct manifest *manifest,
                                 const struct asset_file *files,
                                 uint32_t file_count,
                                 const struct wasm_module *module,
                                 const struct options *options,
                                 struct arena *arena, struct diag *diag);

/* --- for both of the above --- */

/* May a stranger's name be looked for in a folder, and be shown? Neither a path
 * nor with control characters. */
bool asset_is_file_name(const char *name);

/* The id as --asset takes it: --asset 0=FILE means byte 0, so an asset called
 * '0' is typed bin.0. In the arena, or 'id'. */
const char *asset_typed_id(const char *id, struct arena *arena);

/* Does '--asset TEXT' name 'id'? Then the file behind '=', else NULL. Ids may
 * hold '=', so the text cannot be split without them. */
const char *asset_flag_file(const char *text, const char *id);

/* Bytes of the file at 'path' into 'file', which stands in the array 'files';
 * the same bytes for a path that one before it has. */
F4E_MUST_CHECK bool asset_read(const struct asset_file *files,
                               struct asset_file *file, const char *path,
                               struct arena *arena, struct diag *diag);

#endif
