/* SPDX-License-Identifier: MIT */
/*
 * What a shell needs to complete a command line: a script that is loaded once,
 * and the answers of the program, which that script asks with
 *
 *     PROGRAM --complete WORD...
 *
 * the words up to the cursor, of which the last one may be empty. An answer is
 * a line:
 *
 *     w TEXT [tab HELP]     a word
 *     p TEXT [tab HELP]     the beginning of one: no blank follows
 *     f PREFIX tab PATTERN  files that match, behind what stays of the word
 *     d PREFIX tab          folders, likewise
 *
 * One thread.
 */
#ifndef F4E_COMPLETION_H
#define F4E_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define COMPLETION_ARGUMENT "--complete"

/* The word under the cursor. */
struct completion {
    FILE *file;
    const char *typed;
    size_t skip; /* bytes of it that stay: "--set=" */
};

/* An option as a shell sees it. */
struct completion_option {
    char letter; /* 0: none */
    bool has_value;
    bool is_optional; /* the value, which then follows '=' */
    const char *name; /* without dashes, or NULL */
    const char *help;
};

/* Offer a word without control characters that stands behind what stays, if it
 * begins as typed. */
void completion_word(const struct completion *completion, const char *word,
                     const char *help);

/* The same for a word that goes on with 'tail'. */
void completion_part(const struct completion *completion, const char *word,
                     const char *tail, const char *help);

/* Offer files; 'pattern' as shells write it, "" for all. */
void completion_files(const struct completion *completion, const char *pattern);
void completion_folders(const struct completion *completion);

/* The options that begin as typed. */
void completion_options(const struct completion *completion,
                        const struct completion_option *options, size_t count);

/*
 * The last of 'words' is the one typed. True: it is, or ends with, the value of
 * options['*index'], and completion->skip says from where on.
 */
bool completion_find_value(struct completion *completion,
                           const struct completion_option *options,
                           size_t option_count, char *const *words,
                           size_t count, size_t *index);

/* Print the script for bash, or else zsh, that completes 'command', whatever is
 * in that name. */
void completion_print_script(bool is_zsh, const char *command, FILE *file);

#endif
