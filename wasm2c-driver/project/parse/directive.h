/* SPDX-License-Identifier: MIT */
/* Editor directives: words '@name' in comments, with arguments. */
#ifndef F4E_PROJECT_DIRECTIVE_H
#define F4E_PROJECT_DIRECTIVE_H

#include "project/parse/text.h"

enum { DIRECTIVE_KEPT_ARGUMENTS = 8 };

struct directive {
    struct span name; /* without '@' */
    uint32_t row;     /* 0-based in the block */
    bool is_trailing; /* behind code */
    uint32_t argument_count;
    struct span arguments[DIRECTIVE_KEPT_ARGUMENTS]; /* the first ones */
};

/* An iterator over the directives of a block. */
struct directive_reader {
    const struct project_text *text;
    const struct text_block *block;
    uint32_t row;      /* the next one to read */
    struct span words; /* rest of the comment being read */
    bool is_trailing;
};

void directive_init(struct directive_reader *reader,
                    const struct project_text *text,
                    const struct text_block *block);

/* The next directive with its continuation lines; false at the end. */
bool directive_next(struct directive_reader *reader,
                    struct directive *directive);

#endif
