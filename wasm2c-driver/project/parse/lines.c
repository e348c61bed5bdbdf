/* SPDX-License-Identifier: MIT */
#include "project/parse/text.h"

#include "base/process.h"

struct span text_line(const struct project_text *text, uint32_t index)
{
    size_t start = text->line_starts[index];
    size_t end = text->line_starts[index + 1] - 1;
    return span_first(span_from(text->bytes, start), end - start);
}

uint32_t text_row_line(const struct text_block *block, uint32_t row)
{
    return block->first_line + row + 1;
}

struct span text_token(const struct project_text *text,
                       const struct text_code *code, uint32_t index)
{
    const struct text_token *token = &text->tokens[code->first_token + index];
    return span_first(span_from(text->bytes, token->offset), token->length);
}

static void split_lines(struct project_text *text, struct arena *arena)
{
    uint32_t count = 1;
    for (size_t i = 0; i < text->bytes.length; i++) {
        count += text->bytes.bytes[i] == '\n';
    }
    uint32_t *starts = arena_alloc(arena, (size_t)count + 1, sizeof(*starts));
    uint32_t line = 1;
    for (size_t i = 0; i < text->bytes.length; i++) {
        if (text->bytes.bytes[i] == '\n') {
            starts[line++] = (uint32_t)i + 1;
        }
    }
    starts[line] = (uint32_t)text->bytes.length + 1;
    text->line_starts = starts;
    text->line_count = count;
}

static bool is_utf16(struct span bytes)
{
    return span_starts(bytes, "\xff\xfe") || span_starts(bytes, "\xfe\xff");
}

/*
 * The compiler takes a NUL byte for a character like others. In a comment it
 * becomes one that nobody types; elsewhere it would be in a name.
 */
static bool hide_zeros(struct project_text *text, struct arena *arena,
                       struct diag *diag)
{
    size_t length = text->bytes.length;
    if (memchr(text->bytes.bytes, '\0', length) == NULL) {
        return true;
    }
    char *bytes = arena_alloc(arena, length, 1);
    memcpy(bytes, text->bytes.bytes, length);
    text->bytes.bytes = bytes;
    for (uint32_t line = 0; line < text->line_count; line++) {
        size_t rest = text_line(text, line).length;
        char *start = bytes + text->line_starts[line];
        char *zero = memchr(start, '\0', rest);
        char *comment = memchr(start, ';', rest);
        if (zero != NULL &&
            (comment == NULL || comment > zero ||
             memchr(start, '"', (size_t)(comment - start)) != NULL)) {
            return diag_line(diag, text->file, line + 1, "a NUL byte");
        }
        for (size_t i = 0; zero != NULL && i < rest; i++) {
            if (start[i] == '\0') {
                start[i] = '\x7f';
            }
        }
    }
    return true;
}

bool text_open(struct project_text *text, struct arena *arena,
               struct diag *diag)
{
    struct span bytes = text->bytes;
    if (bytes.length > PROJECT_MAX_BYTES) {
        return diag_line(diag, text->file, 0,
                         "%zu bytes, more than the limit of %d", bytes.length,
                         PROJECT_MAX_BYTES);
    }
    if (is_utf16(bytes)) {
        const char *const words[] = {text->file, NULL};
        diag_line(diag, text->file, 1, "UTF-16, not UTF-8");
        return diag_hint(diag, "iconv -f UTF-16 -t UTF-8 %s > utf8.8f4e",
                         process_quote(words, arena));
    }
    text->bytes = span_decode(bytes, arena);
    split_lines(text, arena);
    bytes = text->bytes;
    struct span header = span_trim(text_line(text, 0));
    if (span_equals(header, "8f4e/v1")) {
        return hide_zeros(text, arena, diag);
    }
    if (span_starts(span_trim_left(bytes), "{")) {
        diag_line(diag, text->file, 1,
                  "a project in JSON, the format of before 2026");
        return diag_hint(diag, "build without names: --no-project");
    }
    bool is_module = bytes.length >= 4 && memcmp(bytes.bytes, "\0asm", 4) == 0;
    diag_line(diag, text->file, 1, "%s instead of '8f4e/v1'",
              is_module
                  ? "a module"
                  : arena_format(arena, "'%s'", span_print(header, arena)));
    return diag_hint(diag, "give the project text (.8f4e) that the editor "
                           "saved, or build without names: --no-project");
}
