/* SPDX-License-Identifier: MIT */
#include "project/parse/text.h"

bool code_token(struct span *rest, struct span *token, bool *has_comment)
{
    struct span start = span_trim_left(*rest);
    *has_comment = start.length > 0 && start.bytes[0] == ';';
    if (start.length == 0 || *has_comment) {
        *token = span_first(start, 0);
        *rest = start;
        return true;
    }
    size_t end = 0;
    if (start.bytes[0] == '"') {
        for (end = 1; end < start.length && start.bytes[end] != '"'; end++) {
            end += start.bytes[end] == '\\' && start.length - end > 1;
        }
        if (end >= start.length) {
            return false;
        }
        end++;
    } else {
        while (end < start.length && start.bytes[end] != ';' &&
               span_blank(span_from(start, end)) == 0) {
            end++;
        }
    }
    *token = span_first(start, end);
    *rest = span_from(start, end);
    return true;
}

struct code_line {
    uint32_t first_token;
    uint32_t token_count;
    bool has_comment;
};

static bool is_string_error(const struct project_text *text, uint32_t line,
                            struct diag *diag)
{
    diag_line(diag, text->file, line, "string without closing quote");
    return diag_hint(diag, "a token that starts with '\"' runs to the next "
                           "'\"'; write '\\\"' for one inside it");
}

static void add_token(struct code_reader *reader,
                      const struct project_text *text, struct span token)
{
    reader->tokens[reader->token_count++] = (struct text_token){
        .offset = (uint32_t)(token.bytes - text->bytes.bytes),
        .length = (uint32_t)token.length,
    };
}

/* The tokens of one line. */
static bool read_line(struct code_reader *reader,
                      const struct project_text *text, uint32_t line,
                      struct code_line *result, struct diag *diag)
{
    *result = (struct code_line){.first_token = reader->token_count};
    struct span rest = text_line(text, line);
    for (;;) {
        struct span token;
        if (!code_token(&rest, &token, &result->has_comment)) {
            return is_string_error(text, line + 1, diag);
        }
        if (token.length == 0) {
            break;
        }
        add_token(reader, text, token);
        result->token_count++;
    }
    /* The compiler's pattern for a comment behind code does not match across
     * an end of line as JavaScript sees it; the line is lost. */
    if (result->has_comment && span_has_line_end(rest)) {
        reader->token_count = result->first_token;
        result->token_count = 0;
    }
    return true;
}

static bool is_continuation(const struct project_text *text,
                            const struct code_reader *reader,
                            const struct code_line *line)
{
    const struct text_token *token = &reader->tokens[line->first_token];
    return token->length == 1 && text->bytes.bytes[token->offset] == '-';
}

/* Append the one argument of a line "- ARG" to the line of code before it. */
static bool append(struct code_reader *reader, const struct project_text *text,
                   uint32_t line_number, const struct code_line *line,
                   struct text_code *last, bool is_lost, struct diag *diag)
{
    if (last == NULL || line->token_count != 2) {
        return diag_line(diag, text->file, line_number,
                         last == NULL
                             ? "continuation '-' without a line before it"
                             : "continuation '-' with %u arguments, not 1",
                         line->token_count - 1);
    }
    struct text_token argument = reader->tokens[line->first_token + 1];
    reader->token_count = line->first_token;
    if (!is_lost) { /* else it ends up in the comment of that line */
        reader->tokens[reader->token_count++] = argument;
        last->token_count++;
    }
    return true;
}

/* Whether a line can matter to anybody here; most of the code does not. */
static bool is_kept(const struct project_text *text,
                    const struct code_reader *reader,
                    const struct text_code *code)
{
    const struct text_token *token = &reader->tokens[code->first_token];
    struct span first =
        span_first(span_from(text->bytes, token->offset), token->length);
    return code->row == 0 || first.bytes[0] == '#' ||
           span_starts(first, "int") || span_starts(first, "float") ||
           span_equals(first, "const") || span_equals(first, "use") ||
           span_equals(first, "shape");
}

bool code_read(struct code_reader *reader, const struct project_text *text,
               struct text_block *block, struct diag *diag)
{
    uint32_t rows = block->line_count - 1;
    struct text_code *code = arena_alloc(reader->arena, rows, sizeof(*code));
    struct text_code *last = NULL;
    bool is_lost = false;
    uint32_t count = 0;
    for (uint32_t row = 0; row < rows; row++) {
        uint32_t line_number = text_row_line(block, row);
        struct code_line line;
        struct span raw = span_trim_left(text_line(text, line_number - 1));
        if (raw.length == 0 || raw.bytes[0] == ';') {
            continue;
        }
        if (!read_line(reader, text, line_number - 1, &line, diag)) {
            return false;
        }
        if (line.token_count == 0) {
            continue;
        }
        if (is_continuation(text, reader, &line)) {
            if (!append(reader, text, line_number, &line, last, is_lost,
                        diag)) {
                return false;
            }
            continue;
        }
        if (last != NULL && !is_kept(text, reader, last)) {
            count--; /* now that its continuations are known */
        }
        last = &code[count++];
        *last = (struct text_code){row, line.token_count, line.first_token};
        is_lost = line.has_comment;
    }
    if (last != NULL && !is_kept(text, reader, last)) {
        count--;
    }
    block->code = code;
    block->code_count = count;
    return true;
}
