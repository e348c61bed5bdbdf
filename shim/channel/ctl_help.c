/* SPDX-License-Identifier: MIT */
#include "channel/ctl_help.h"

#include <string.h>

/* Each way of using a word on a line of its own. */
static void print_word(const struct word *word, FILE *file)
{
    static const char between[] = " | ";
    const char *usage = word->usage;
    const char *next;
    do {
        next = strstr(usage, between);
        int length =
            (int)(next != NULL ? (size_t)(next - usage) : strlen(usage));
        (void)fprintf(file, "  %s%s%.*s\n", word->name, length > 0 ? " " : "",
                      length, usage);
        usage = next != NULL ? next + strlen(between) : NULL;
    } while (usage != NULL);
}

void ctl_help_print(const char *program, const struct word_table *more,
                    FILE *file)
{
    const struct word_table *tables[] = {&vocabulary_own, more};
    (void)fprintf(file,
                  "usage: ./%s ctl [--socket PATH] [--json] [--timeout "
                  "SECONDS] {COMMAND... | -}\n\n"
                  "  -  commands from standard input\n",
                  program);
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
        for (size_t k = 0; k < tables[i]->count; k++) {
            print_word(&tables[i]->words[k], file);
        }
    }
}
