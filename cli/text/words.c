/* SPDX-License-Identifier: MIT */
#include "text/words.h"

#include "base/buf.h"

struct splitting {
    const char *at; /* what is left */
    const struct word_value *values;
    size_t value_count;
    bool is_used[WORDS_MAX_VALUES];
    struct buf word;
    bool has_word; /* one has begun; it may be empty: '' */
};

/* One character, or the value whose name stands here. */
static void take(struct splitting *splitting)
{
    for (size_t i = 0; i < splitting->value_count; i++) {
        const struct word_value *value = &splitting->values[i];
        size_t length = strlen(value->name);
        if (strncmp(splitting->at, value->name, length) == 0) {
            buf_text(&splitting->word, value->value);
            splitting->is_used[i] = true;
            splitting->at += length;
            return;
        }
    }
    buf_byte(&splitting->word, (unsigned char)*splitting->at++);
}

/* The character behind a backslash; a line end disappears with it. */
static bool take_escaped(struct splitting *splitting)
{
    if (splitting->at[1] == '\0') {
        return false;
    }
    if (splitting->at[1] != '\n') {
        buf_byte(&splitting->word, (unsigned char)splitting->at[1]);
        splitting->has_word = true;
    }
    splitting->at += 2;
    return true;
}

/* To the closing quote; false when there is none. */
static bool take_quoted(struct splitting *splitting)
{
    char quote = *splitting->at++;
    splitting->has_word = true;
    while (*splitting->at != quote) {
        if (*splitting->at == '\0') {
            return false;
        }
        bool is_escape = quote == '"' && splitting->at[0] == '\\' &&
                         splitting->at[1] != '\0' &&
                         strchr("$`\"\\\n", splitting->at[1]) != NULL;
        if (!is_escape) {
            take(splitting);
        } else if (!take_escaped(splitting)) {
            return false;
        }
    }
    splitting->at++;
    return true;
}

/* The next word; 'has_word' is false at the end. */
static bool take_word(struct splitting *splitting, struct arena *arena)
{
    buf_init(&splitting->word, arena);
    splitting->has_word = false;
    for (;;) {
        bool is_blank =
            *splitting->at != '\0' && strchr(" \t\n", *splitting->at) != NULL;
        if (*splitting->at == '\0' || (is_blank && splitting->has_word)) {
            return true;
        }
        if (is_blank) {
            splitting->at++;
        } else if (*splitting->at == '\\') {
            if (!take_escaped(splitting)) {
                return false;
            }
        } else if (*splitting->at == '\'' || *splitting->at == '"') {
            if (!take_quoted(splitting)) {
                return false;
            }
        } else {
            splitting->has_word = true;
            take(splitting);
        }
    }
}

static bool check_used(const struct splitting *splitting, const char *source,
                       struct diag *diag)
{
    for (size_t i = 0; i < splitting->value_count; i++) {
        if (!splitting->is_used[i]) {
            return diag_usage(diag, "%s: the command has no %s", source,
                              splitting->values[i].name);
        }
    }
    return true;
}

bool words_split(const char *const **words, const char *command,
                 const char *source, const struct word_value *values,
                 size_t count, struct arena *arena, struct diag *diag)
{
    const char **list = arena_alloc(arena, WORDS_MAX + 1, sizeof(*list));
    size_t length = 0;
    struct splitting splitting = {
        .at = command,
        .values = values,
        .value_count = count,
    };
    for (;;) {
        if (!take_word(&splitting, arena)) {
            return diag_usage(diag,
                              "%s: a quote or a backslash has nothing that "
                              "belongs to it",
                              source);
        }
        if (!splitting.has_word) {
            break;
        }
        if (length == WORDS_MAX) {
            return diag_usage(diag, "%s: more than %d words", source,
                              WORDS_MAX);
        }
        list[length++] = buf_string(&splitting.word);
    }
    *words = list;
    return length == 0 ? diag_usage(diag, "%s: empty command", source)
                       : check_used(&splitting, source, diag);
}
