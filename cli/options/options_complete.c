/* SPDX-License-Identifier: MIT */
/* Declared in options/options.h. */
#include "options/options.h"

#include "completion/completion.h"
#include "options/options_internal.h"

#include <string.h>

/* Which files an option takes, if not any. */
static const struct {
    enum option_id id;
    const char *pattern;
} patterns[] = {
    {OPTION_PROJECT, "*.8f4e"},
    {OPTION_MANIFEST, "*.json"},
    {OPTION_IMPORT_C, "*.c"},
};

static void complete_files(struct completion *completion, enum option_id id)
{
    const char *argument = options_table(NULL)[id].argument;
    const char *pattern = "";
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        if (patterns[i].id == id) {
            pattern = patterns[i].pattern;
        }
    }
    const char *equals = strchr(completion->typed + completion->skip, '=');
    if (id == OPTION_ASSET && equals != NULL) {
        completion->skip = (size_t)(equals + 1 - completion->typed);
        completion_files(completion, pattern);
    } else if (strcmp(argument, "DIR") == 0) {
        completion_folders(completion);
    } else if (strcmp(argument, "FILE") == 0 || strcmp(argument, "PATH") == 0) {
        completion_files(completion, pattern);
    }
}

static void complete_value(struct completion *completion, enum option_id id,
                           const char *const *targets)
{
    const char *choice;
    for (unsigned i = 0;
         (choice = options_choice(id, i)) == NULL || choice[0] != '\0'; i++) {
        if (choice != NULL) {
            completion_word(completion, choice, NULL);
        }
    }
    for (enum emit_kind kind = EMIT_PROGRAM;
         id == OPTION_EMIT && kind < EMIT_COUNT; kind++) {
        completion_word(completion, emit_kind_row(kind)->name, NULL);
    }
    for (; id == OPTION_TARGET && *targets != NULL; targets++) {
        completion_word(completion, *targets, NULL);
    }
    if (id == OPTION_CPU) {
        completion_word(completion, "native", NULL);
        completion_word(completion, "baseline", NULL);
    }
    complete_files(completion, id);
}

void options_complete(char *const *words, size_t count,
                      const char *const *targets, FILE *stream)
{
    struct completion_option options[OPTION_COUNT];
    size_t index;
    if (count == 0) {
        return;
    }
    struct completion completion = {.file = stream, .typed = words[count - 1]};
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &options_table(NULL)[i];
        bool has_value = row->argument != NULL;
        options[i] = (struct completion_option){
            .letter = row->letter,
            .name = row->name,
            .help = row->help,
            .has_value = has_value,
            .is_optional = has_value && row->argument[0] == '[',
        };
    }
    if (completion_find_value(&completion, options, OPTION_COUNT, words, count,
                              &index)) {
        complete_value(&completion, (enum option_id)index, targets);
        return;
    }
    if (completion.typed[0] == '-') {
        completion_options(&completion, options, OPTION_COUNT);
        return;
    }
    if (count == 1) {
        completion_word(&completion, "inspect", "show what is in a module");
        completion_word(&completion, "embed", "put the project into a module");
    }
    completion_files(&completion, "*.wasm");
}
