/* SPDX-License-Identifier: MIT */
#include "project/parse/directive.h"

void directive_init(struct directive_reader *reader,
                    const struct project_text *text,
                    const struct text_block *block)
{
    *reader = (struct directive_reader){
        .text = text, .block = block, .words = {"", 0}};
}

/* '@' and letters, digits or '_'. */
static bool is_directive(struct span word)
{
    if (word.length < 2 || word.bytes[0] != '@') {
        return false;
    }
    for (size_t i = 1; i < word.length; i++) {
        char byte = word.bytes[i];
        bool is_letter =
            (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!is_letter && !(byte >= '0' && byte <= '9') && byte != '_') {
            return false;
        }
    }
    return true;
}

static struct span peek(const struct span *rest)
{
    struct span copy = *rest;
    return span_word(&copy);
}

/* The comment of a line; '*is_trailing' when code stands before it. */
static struct span comment_of(struct span line, bool *is_trailing)
{
    struct span rest = span_trim_left(line);
    *is_trailing = rest.length > 0 && rest.bytes[0] != ';';
    const char *mark =
        rest.length == 0 ? NULL : memchr(rest.bytes, ';', rest.length);
    return mark == NULL ? span_first(rest, 0)
                        : span_from(rest, (size_t)(mark - rest.bytes) + 1);
}

/* "; -" and words: '*words' are the arguments that it adds. */
static bool is_continuation(struct span line, struct span *words)
{
    bool is_trailing = false;
    struct span comment = span_trim_left(comment_of(line, &is_trailing));
    if (is_trailing || comment.length == 0 || comment.bytes[0] != '-' ||
        span_has_line_end(line)) {
        return false;
    }
    *words = span_from(comment, 1);
    return words->length == 0 || span_blank(*words) > 0;
}

static void add_argument(struct directive *directive, struct span word)
{
    if (directive->argument_count < DIRECTIVE_KEPT_ARGUMENTS) {
        directive->arguments[directive->argument_count] = word;
    }
    directive->argument_count++;
}

/* Find the next line whose comment begins with a directive. */
static bool find_line(struct directive_reader *reader)
{
    while (reader->row < reader->block->line_count) {
        struct span line =
            text_line(reader->text, reader->block->first_line + reader->row);
        reader->row++;
        reader->words = comment_of(line, &reader->is_trailing);
        if (is_directive(peek(&reader->words))) {
            return true;
        }
    }
    return false;
}

bool directive_next(struct directive_reader *reader,
                    struct directive *directive)
{
    if (peek(&reader->words).length == 0 && !find_line(reader)) {
        return false;
    }
    struct span name = span_word(&reader->words);
    *directive = (struct directive){
        .name = span_from(name, 1),
        .row = reader->row - 1,
        .is_trailing = reader->is_trailing,
    };
    for (struct span word = peek(&reader->words);
         word.length > 0 && !is_directive(word); word = peek(&reader->words)) {
        add_argument(directive, span_word(&reader->words));
    }
    if (peek(&reader->words).length > 0) {
        return true; /* another one in the same comment */
    }
    struct span words;
    while (reader->row < reader->block->line_count &&
           is_continuation(
               text_line(reader->text, reader->block->first_line + reader->row),
               &words)) {
        for (struct span word = span_word(&words); word.length > 0;
             word = span_word(&words)) {
            add_argument(directive, word);
        }
        reader->row++;
    }
    return true;
}
