/* SPDX-License-Identifier: MIT */
/*
 * What `f4e-build embed` puts into a module, in custom sections that every
 * engine ignores:
 *
 *   f4e.manifest  the text of a manifest, once
 *   f4e.asset     an asset: length of its id (LEB128), id (UTF-8), bytes
 *
 * Nothing else of the module changes, so both can be taken out again.
 */
#ifndef F4E_ATTACHMENT_H
#define F4E_ATTACHMENT_H

#include "base/sha256.h"
#include "wasm/wasm.h"

enum { ATTACHMENT_MAX_ASSETS = 4096 };

struct attachment {
    const char *id; /* of an asset; NULL: the manifest */
    const uint8_t *bytes;
    size_t size;
};

/*
 * The manifest in the module. '*bytes' is NULL when there is none; else a copy
 * with a NUL after it. Fails (input) when there are several.
 */
F4E_MUST_CHECK bool attachment_manifest(const struct wasm_module *module,
                                        const uint8_t **bytes, size_t *size,
                                        struct arena *arena, struct diag *diag);

/* Are the assets whole, each there once, and not too many? Fails (input). */
F4E_MUST_CHECK bool attachment_check(const struct wasm_module *module,
                                     struct arena *arena, struct diag *diag);

/* The asset called 'id': its bytes in the file. False when there is none. */
bool attachment_asset(const struct wasm_module *module, const char *id,
                      const uint8_t **bytes, size_t *size);

/* Append the module without its attachments, else byte for byte. */
void attachment_strip(struct buf *out, const struct wasm_module *module);

/* Append the section that holds 'attachment'. Fails (input) when it is larger
 * than the format allows. */
F4E_MUST_CHECK bool attachment_add(struct buf *out,
                                   const struct attachment *attachment,
                                   struct diag *diag);

/* SHA-256 of the module without its attachments: it is the same before and
 * after embedding. struct patch holds it for the stages after describe. */
void attachment_sha256(const struct wasm_module *module, char hex[SHA256_HEX],
                       struct arena *arena);

#endif
