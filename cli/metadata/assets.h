/* SPDX-License-Identifier: MIT */
/*
 * Binary assets: the file of each, and the addresses its bytes are copied to.
 * URLs are never fetched. Sources in order of precedence: --asset ID=FILE; the
 * base name of the URL in the folder of --assets; the module's own section;
 * that name in the folder of the project or manifest. --asset ID= omits an
 * asset;
 * --no-assets omits all that the first two sources do not have.
 */
#ifndef F4E_ASSETS_H
#define F4E_ASSETS_H

#include "describe/manifest.h"
#include "options/options.h"

/* An asset to be found; the second part is the result. */
struct asset_file {
    const char *id;
    const char *url;     /* NULL: none */
    const char *name;    /* base name to look for, or NULL */
    const char *sha256;  /* expected, or NULL */
    const char *lock;    /* the lock file that expects it; NULL: the manifest */
    uint64_t lock_bytes; /* how long it says that it is */

    const char *path;     /* as shown; NULL: not found */
    const uint8_t *bytes; /* equal pointers for equal paths */
    uint32_t size;
    bool is_beside; /* found by its name: the user did not name it */
    bool is_inside; /* of the module, or left out: 'path' is no file */
    bool is_held;   /* 'path' is empty: the module's data segments have it */
};

/*
 * Fill in the result of each file; 'directory' is the folder of the project or
 * manifest. Fails (input) when a file cannot be read; when one found by its
 * name has another hash, unless --project-check warn.
 */
F4E_MUST_CHECK bool assets_find(struct asset_file *files, uint32_t count,
                                const char *directory,
                                const struct wasm_module *module,
                                const struct options *options,
                                struct arena *arena, struct diag *diag);

/*
 * A compiler may have put bytes of assets into the module's data: a file that
 * was not found is not missed then, one that has other bytes is worth a notice.
 */
void assets_take_held(struct asset_file *files, uint32_t count,
                      struct manifest *manifest, struct arena *arena);

/* Fails (input) when one was not found, with the flags to type for all of
 * those. */
F4E_MUST_CHECK bool assets_require(const struct asset_file *files,
                                   uint32_t count, const char *directory,
                                   struct arena *arena, struct diag *diag);

/*
 * The assets in load order: the targets of 'manifest' (may be NULL), then
 * --asset ADDRESS=FILE and --asset MODULE:MEMORY=FILE. Files are truncated to
 * their target, as in the browser; targets beyond the memory are dropped; both
 * with a notice in 'manifest'. Fails (usage) when a flag names nothing, (input)
 * when its file cannot be read.
 */
F4E_MUST_CHECK bool assets_place(struct patch_asset **assets, uint32_t *count,
                                 struct manifest *manifest,
                                 const struct asset_file *files,
                                 uint32_t file_count,
                                 const struct wasm_module *module,
                                 const struct options *options,
                                 struct arena *arena, struct diag *diag);

/* --- for both of the above --- */

/* Whether an untrusted name may be opened in a folder: not empty, no '/', no
 * control character. */
bool asset_is_file_name(const char *name);

/* The name under which the file of a URL lies beside a text: its last part that
 * is not empty, decoded where that is a name; NULL: it has none. In the arena.
 */
const char *asset_url_name(const char *url, struct arena *arena);

/* The id as --asset takes it: --asset 0=FILE means byte 0, so an asset called
 * '0' is typed bin.0. In the arena, or 'id'. */
const char *asset_typed_id(const char *id, struct arena *arena);

/* FILE of '--asset TEXT' when TEXT is ID=FILE for this id, else NULL. An id may
 * contain '='. */
const char *asset_flag_file(const char *text, const char *id);

/* Read the file at 'path' into 'file', an element of 'files'; an earlier
 * element with the same path shares its bytes. Fails (input). */
F4E_MUST_CHECK bool asset_read(const struct asset_file *files,
                               struct asset_file *file, const char *path,
                               struct arena *arena, struct diag *diag);

#endif
