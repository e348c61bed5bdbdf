/* SPDX-License-Identifier: MIT */
#include "osc/space.h"

#include <stdio.h>
#include <string.h>

enum { STARS_MAX = 2 };

static const char not_in_parts[] = " #*,/?[]{}%\"";
static const char wildcards[] = "*?[]{}";

void space_encode(const char *text, size_t length, bool is_lenient, char *to,
                  size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < length && used + 4 < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool is_plain = byte > ' ' && byte < 0x7f &&
                        (strchr(not_in_parts, byte) == NULL ||
                         (is_lenient && (byte == '%' || byte == '/')));
        if (is_plain) {
            to[used++] = (char)byte;
        } else {
            (void)snprintf(to + used, 4, "%%%02X", byte);
            used += 3;
        }
    }
    to[used] = '\0';
}

int space_compare(const char *a, const char *b)
{
    while (*a == *b && *a != '\0') {
        a++;
        b++;
    }
    int left = *a == '/' ? 1 : (unsigned char)*a;
    int right = *b == '/' ? 1 : (unsigned char)*b;
    return left - right;
}

struct space_node *space_find(const struct space *space, const char *path)
{
    size_t low = 0;
    size_t high = space->node_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (space_compare(space->nodes[middle].path, path) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < space->node_count && strcmp(space->nodes[low].path, path) == 0
               ? &space->nodes[low]
               : NULL;
}

struct space_source *space_find_source(const struct space *space,
                                       const char *key, size_t length)
{
    size_t low = 0;
    size_t high = space->source_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(space->sources[middle].key, key, length) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    /* The first key that begins so is the key itself, if that is there. */
    struct space_source *source = &space->sources[low];
    return low < space->source_count &&
                   strncmp(source->key, key, length) == 0 &&
                   source->key[length] == '\0'
               ? source
               : NULL;
}

bool space_has_wildcards(const char *path)
{
    return strpbrk(path, wildcards) != NULL;
}

bool space_is_pattern(const char *pattern)
{
    unsigned stars = 0;
    for (; *pattern != '\0'; pattern++) {
        char close = (char)(*pattern == '[' ? ']' : *pattern == '{' ? '}' : 0);
        stars = *pattern == '/' ? 0 : stars + (*pattern == '*');
        if (stars > STARS_MAX || *pattern == ']' || *pattern == '}') {
            return false;
        }
        if (close != '\0') {
            size_t length = strcspn(pattern + 1, "/[]{}*?");
            if (length == 0 || pattern[length + 1] != close ||
                pattern[length] == '-') {
                return false;
            }
            pattern += length + 1;
        }
    }
    return true;
}

bool space_matches(const struct space *space, char *pattern, const char *path,
                   bool is_start)
{
    char part[SPACE_PATH_MAX];
    bool is_good = *pattern == '/';
    while (is_good && *pattern == '/' && *path == '/') {
        pattern++;
        path++;
        size_t length = strcspn(path, "/");
        char *end = pattern + strcspn(pattern, "/");
        char slash = *end;
        (void)snprintf(part, sizeof(part), "%.*s", (int)length, path);
        *end = '\0';
        is_good = space->lo->pattern_match(part, pattern) != 0;
        *end = slash;
        pattern = end;
        path += length;
    }
    return is_good && *pattern == '\0' && (is_start || *path == '\0');
}

bool space_can_read(const struct space *space, const struct space_node *node)
{
    return node->kind == SPACE_INFO || node->kind == SPACE_PRESET_ENTRIES ||
           node->kind == SPACE_LISTENER_ENTRIES ||
           (node->source != SPACE_NONE && node->kind != SPACE_LEVELS &&
            space->sources[node->source].count <= SPACE_ELEMENTS_MAX);
}

bool space_can_write(const struct space_node *node)
{
    return node->kind != SPACE_INFO && node->kind != SPACE_LEVELS &&
           node->kind != SPACE_PRESET_ENTRIES &&
           node->kind != SPACE_LISTENER_ENTRIES;
}
