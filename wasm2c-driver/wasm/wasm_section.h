/* SPDX-License-Identifier: MIT */
/* Decoding of section payloads; wasm.c checks the order of sections. */
#ifndef F4E_WASM_SECTION_H
#define F4E_WASM_SECTION_H

#include "wasm/reader.h"

enum wasm_section_id {
    SECTION_CUSTOM = 0,
    SECTION_TYPE = 1,
    SECTION_IMPORT = 2,
    SECTION_FUNCTION = 3,
    SECTION_TABLE = 4,
    SECTION_MEMORY = 5,
    SECTION_GLOBAL = 6,
    SECTION_EXPORT = 7,
    SECTION_START = 8,
    SECTION_ELEMENT = 9,
    SECTION_CODE = 10,
    SECTION_DATA = 11,
    SECTION_DATA_COUNT = 12,
    SECTION_TAG = 13,
    SECTION_ID_COUNT = 14,
};

/*
 * Read the payload of one section that is not custom: reader's offset is its
 * first byte and 'end' one past the last. Leaves the offset after what was
 * read.
 */
F4E_MUST_CHECK bool wasm_section_read(struct wasm_module *module, uint8_t id,
                                      struct reader *reader,
                                      struct arena *arena);

/* Payloads with a file of their own, called by wasm_section_read(). */
F4E_MUST_CHECK bool wasm_exports_read(struct wasm_module *module,
                                      struct reader *reader,
                                      struct arena *arena);
F4E_MUST_CHECK bool wasm_elements_read(struct wasm_module *module,
                                       struct reader *reader,
                                       struct arena *arena);
F4E_MUST_CHECK bool wasm_data_read(struct wasm_module *module,
                                   struct reader *reader, struct arena *arena);

/* Set debug names from the custom section 'name', up to its first malformed
 * part, which is ignored as in engines. */
void wasm_names_read(struct wasm_module *module,
                     const struct wasm_custom *custom);

#endif
