/* SPDX-License-Identifier: MIT */
/* A project text as blocks of lines; the result of project_parse(). */
#ifndef F4E_PROJECT_TEXT_H
#define F4E_PROJECT_TEXT_H

#include "project/parse/span.h"
#include "project/project.h"

enum {
    TEXT_MAX_BLOCKS = 100000,
    TEXT_MAX_ENTRIES = 1000,
};

enum text_kind {
    TEXT_ENTRY, /* encloses modules; not in the list of blocks */
    TEXT_GROUP, /* likewise; its contents are not in the list either */
    TEXT_MODULE,
    TEXT_FUNCTION,
    TEXT_CONSTANTS,
    TEXT_PROTOTYPE,
    TEXT_NOTE,
    TEXT_INCLUDES,
};

/* A line of code without its comment, continuations appended. */
struct text_code {
    uint32_t row;         /* 0-based in the block; the opener is row 0 */
    uint32_t token_count; /* at least 1; the first is the instruction */
    uint32_t first_token; /* index into the text's tokens */
};

struct text_token {
    uint32_t offset; /* into the text's bytes */
    uint32_t length;
};

struct text_block {
    enum text_kind kind;
    const char *id;      /* NULL: note, includes */
    uint32_t first_line; /* 0-based, of the opener */
    uint32_t line_count; /* with opener and closer */
    uint32_t entry;      /* of a module: index into entries */
    bool is_disabled;    /* ; @disabled */
    bool is_on_top;      /* ; @alwaysOnTop: its @config lines come last */
    /* Of modules, functions, constants, prototypes, without the closer: the
     * opener, declarations, constants, what begins with '#'. */
    const struct text_code *code;
    uint32_t code_count;
};

struct project_text {
    const char *file;
    struct span bytes;
    const uint32_t *line_starts; /* line_count + 1 offsets */
    uint32_t line_count;
    const struct text_token *tokens;
    const struct text_block *blocks; /* in file order */
    uint32_t block_count;
    const char *const *entries; /* in file order */
    uint32_t entry_count;
};

/* --- lines.c --- */

/* Line 'index' (0-based) without its newline. */
struct span text_line(const struct project_text *text, uint32_t index);

/* 1-based line in the file of 'row' of 'block'. */
uint32_t text_row_line(const struct text_block *block, uint32_t row);

/* Token 'index' of a line of code; 'index' is below its token_count. */
struct span text_token(const struct project_text *text,
                       const struct text_code *code, uint32_t index);

/* Split text->bytes into lines and check length, UTF-8 and the first line.
 * Fails (input). */
F4E_MUST_CHECK bool text_open(struct project_text *text, struct arena *arena,
                              struct diag *diag);

/* --- code.c --- */

struct code_reader {
    struct arena *arena;
    struct text_token *tokens; /* room for all of the text */
    uint32_t token_count;
};

/* Make the lines of code of 'block' (3.2 of the format: comments dropped,
 * continuations appended). Fails with a line. */
F4E_MUST_CHECK bool code_read(struct code_reader *reader,
                              const struct project_text *text,
                              struct text_block *block, struct diag *diag);

/*
 * Cut the next token off 'rest'. True also at the end of the code, with an
 * empty token; '*has_comment' then tells whether a comment follows. False: a
 * string without its closing quote.
 */
F4E_MUST_CHECK bool code_token(struct span *rest, struct span *token,
                               bool *has_comment);

#endif
