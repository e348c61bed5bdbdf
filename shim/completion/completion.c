/* SPDX-License-Identifier: MIT */
#include "completion/completion.h"

#include <string.h>

static void print_prefix(const struct completion *completion, char kind)
{
    (void)fprintf(completion->file, "%c %.*s", kind, (int)completion->skip,
                  completion->typed);
}

static void offer(const struct completion *completion, char kind,
                  const char *word, const char *tail, const char *help)
{
    const char *typed = completion->typed + completion->skip;
    if (strncmp(word, typed, strlen(typed)) == 0) {
        print_prefix(completion, kind);
        (void)fprintf(completion->file, "%s%s%s%s\n", word, tail,
                      help != NULL ? "\t" : "", help != NULL ? help : "");
    }
}

void completion_word(const struct completion *completion, const char *word,
                     const char *help)
{
    offer(completion, 'w', word, "", help);
}

void completion_part(const struct completion *completion, const char *word,
                     const char *tail, const char *help)
{
    offer(completion, 'p', word, tail, help);
}

void completion_files(const struct completion *completion, const char *pattern)
{
    print_prefix(completion, 'f');
    (void)fprintf(completion->file, "\t%s\n", pattern);
}

void completion_folders(const struct completion *completion)
{
    print_prefix(completion, 'd');
    (void)fputs("\t\n", completion->file);
}

void completion_options(const struct completion *completion,
                        const struct completion_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char word[64];
        const struct completion_option *option = &options[i];
        if (option->name != NULL) {
            (void)snprintf(word, sizeof(word), "--%s", option->name);
            completion_word(completion, word, option->help);
        }
        /* Letters are what one types who knows them: beside names they would
         * only be in the way. */
        if (option->letter != 0 &&
            (option->name == NULL || strcmp(completion->typed, "-") == 0)) {
            (void)snprintf(word, sizeof(word), "-%c", option->letter);
            completion_word(completion, word, option->help);
        }
    }
}

/* The option that a word names, to its end or to a '='; else 'count'. */
static size_t find(const struct completion_option *options, size_t count,
                   const char *word)
{
    bool is_long = strncmp(word, "--", 2) == 0;
    size_t length = is_long ? strcspn(word + 2, "=") : 0;
    size_t i = 0;
    for (; i < count; i++) {
        const struct completion_option *option = &options[i];
        if (is_long ? option->name != NULL && strlen(option->name) == length &&
                          strncmp(option->name, word + 2, length) == 0
                    : word[0] == '-' && option->letter != 0 &&
                          word[1] == option->letter) {
            break;
        }
    }
    return i;
}

bool completion_find_value(struct completion *completion,
                           const struct completion_option *options,
                           size_t option_count, char *const *words,
                           size_t count, size_t *index)
{
    const char *typed = words[count - 1];
    size_t length = strcspn(typed, "=");
    size_t i = find(options, option_count, typed);
    if (i < option_count && options[i].has_value) {
        bool is_long = typed[1] == '-';
        if (is_long ? typed[length] == '=' : typed[2] != '\0') {
            completion->skip = is_long ? length + 1 : 2;
            *index = i;
            return true;
        }
    }
    if (count < 2) {
        return false;
    }
    const char *before = words[count - 2];
    i = find(options, option_count, before);
    *index = i;
    return i < option_count && options[i].has_value &&
           !options[i].is_optional &&
           (before[1] == '-' ? strchr(before, '=') == NULL : before[2] == '\0');
}
