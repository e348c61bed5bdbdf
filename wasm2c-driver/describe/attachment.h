/* SPDX-License-Identifier: MIT */
/*
 * Custom sections that `f4e-build embed` adds to a module:
 *
 *   f4e.manifest  the text of a manifest, once
 *   f4e.asset     an asset: length of its id (LEB128), id (UTF-8), bytes
 *
 * All other bytes of the module are unchanged, so both can be removed again.
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
 * The embedded manifest: a copy with a NUL after it, in the arena; '*bytes' is
 * NULL without one. Fails (input) when there are several.
 */
F4E_MUST_CHECK bool attachment_manifest(const struct wasm_module *module,
                                        const uint8_t **bytes, size_t *size,
                                        struct arena *arena, struct diag *diag);

/* Fails (input) when an asset's section is malformed, an id occurs twice, or
 * there are more than ATTACHMENT_MAX_ASSETS. */
F4E_MUST_CHECK bool attachment_check(const struct wasm_module *module,
                                     struct arena *arena, struct diag *diag);

/* The bytes of asset 'id', within the module's bytes. False: there is none. */
bool attachment_asset(const struct wasm_module *module, const char *id,
                      const uint8_t **bytes, size_t *size);

/* Append the module's bytes without its attachments. */
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
