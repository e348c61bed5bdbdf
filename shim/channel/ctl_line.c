/* SPDX-License-Identifier: MIT */
#include "channel/ctl_line.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * What is the name of a preset to the shell is one to the patch, which takes
 * quotes from this word alone. Those that were typed for it stay.
 */
static bool is_quoted_here(char *const *words, int index)
{
    const char *word = words[index];
    return index >= 2 && strcmp(words[0], "preset") == 0 && word[0] != '"' &&
           (*word == '\0' || strpbrk(word, " \t#") != NULL);
}

static void write_word(const char *word, bool is_quoted, FILE *file)
{
    if (!is_quoted) {
        (void)fprintf(file, "%s ", word);
        return;
    }
    (void)fputc('"', file);
    for (; *word != '\0'; word++) {
        if (*word == '"' || *word == '\\') {
            (void)fputc('\\', file);
        }
        (void)fputc(*word, file);
    }
    (void)fputs("\" ", file);
}

/* The patch may have been started elsewhere: what the user at the shell calls
 * so is meant. */
static void write_folder(char *const *words, int index, FILE *file)
{
    int first = strcmp(words[0], "load") == 0 ? 2 : 1;
    bool is_file = index == first && words[index][0] != '/' &&
                   (first == 2 || strcmp(words[0], "save") == 0);
    char here[PATH_MAX];
    if (is_file && words[index][0] != '\0' &&
        getcwd(here, sizeof(here)) != NULL) {
        (void)fprintf(file, "%s/", here);
    }
}

char *ctl_line_join(char *const *words, int count)
{
    char *line = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&line, &bytes);
    if (file == NULL) {
        return NULL;
    }
    for (int i = 0; i < count; i++) {
        write_folder(words, i, file);
        write_word(words[i], is_quoted_here(words, i), file);
    }
    if (fclose(file) != 0) {
        free(line);
        return NULL;
    }
    return line;
}

bool ctl_line_read(FILE *answers, char **line, size_t *capacity, bool *is_late)
{
    errno = 0;
    ssize_t length = getline(line, capacity, answers);
    bool is_whole = length > 0 && (*line)[length - 1] == '\n';
    *is_late = !is_whole && errno == EAGAIN;
    return is_whole;
}
