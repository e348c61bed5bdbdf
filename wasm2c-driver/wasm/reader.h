/* SPDX-License-Identifier: MIT */
/*
 * A cursor over a part of a module's bytes. Every read is bounded by 'end',
 * moves the cursor only on success, and fails (input) with the offset of the
 * malformed item. For the decoders of this folder.
 */
#ifndef F4E_READER_H
#define F4E_READER_H

#include "wasm/wasm.h"

struct reader {
    const uint8_t *bytes; /* the whole file */
    size_t offset;
    size_t end;
    const char *within; /* name of the part: "section 'code'" */
    uint32_t function;  /* named in messages, or UINT32_MAX */
    struct diag *diag;
};

/* Report (input) at byte 'offset', with the function when one is set. Returns
 * false. */
bool reader_fail(const struct reader *reader, size_t offset, const char *format,
                 ...) F4E_PRINTF(3, 4);

size_t reader_left(const struct reader *reader);

/* 'what' names the value in messages: "a type index". */
F4E_MUST_CHECK bool reader_byte(struct reader *reader, const char *what,
                                uint8_t *value);
F4E_MUST_CHECK bool reader_u32(struct reader *reader, const char *what,
                               uint32_t *value);
F4E_MUST_CHECK bool reader_u64(struct reader *reader, const char *what,
                               uint64_t *value);
F4E_MUST_CHECK bool reader_s32(struct reader *reader, const char *what,
                               int32_t *value);
F4E_MUST_CHECK bool reader_s33(struct reader *reader, const char *what,
                               int64_t *value);
F4E_MUST_CHECK bool reader_s64(struct reader *reader, const char *what,
                               int64_t *value);

/* 'length' raw bytes, in place. */
F4E_MUST_CHECK bool reader_bytes(struct reader *reader, const char *what,
                                 size_t length, const uint8_t **bytes);

/*
 * The number of 'things' that follow, each at least 'least_bytes' long. Fails
 * when the bytes left cannot hold them, so the count bounds an allocation.
 */
F4E_MUST_CHECK bool reader_count(struct reader *reader, const char *things,
                                 size_t least_bytes, uint32_t *count);

/* A length and that many bytes of UTF-8. */
F4E_MUST_CHECK bool reader_name(struct reader *reader, const char *what,
                                struct wasm_name *name);

/* An index below 'limit'; 'what' is "function", "type", … */
F4E_MUST_CHECK bool reader_index(struct reader *reader, const char *what,
                                 uint32_t limit, uint32_t *index);

/* One of the value types of enum wasm_type, without WASM_NONE. */
F4E_MUST_CHECK bool reader_value_type(struct reader *reader,
                                      enum wasm_type *type);

/* The same test for a byte already read, reported at 'offset'. */
F4E_MUST_CHECK bool reader_check_type(const struct reader *reader,
                                      size_t offset, uint8_t byte);

#endif
