/* SPDX-License-Identifier: MIT */
#include "metadata/lock.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "metadata/assets.h"

#include <inttypes.h>
#include <unistd.h>

static const char header[] = "f4e-lock 1";

const char *lock_name(const char *text, struct arena *arena)
{
    return arena_format(arena, "%s.lock", text);
}

/* The next of the parts that tabs separate; NULL when there is none. */
static char *take_part(char **line)
{
    char *part = *line;
    if (part != NULL) {
        size_t length = strcspn(part, "\t");
        *line = part[length] == '\t' ? part + length + 1 : NULL;
        part[length] = '\0';
    }
    return part;
}

static bool read_size(const char *text, uint64_t *size)
{
    uint64_t value = 0;
    size_t length = strspn(text, "0123456789");
    for (size_t i = 0; i < length; i++) {
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *size = value;
    return length > 0 && length < 12 && text[length] == '\0';
}

static bool read_entry(struct lock_entry *entry, char *line)
{
    entry->sha256 = take_part(&line);
    const char *size = take_part(&line);
    entry->name = take_part(&line);
    entry->url = take_part(&line);
    return entry->url != NULL && line == NULL && entry->url[0] != '\0' &&
           strlen(entry->sha256) == SHA256_HEX - 1 &&
           strspn(entry->sha256, "0123456789abcdef") == SHA256_HEX - 1 &&
           read_size(size, &entry->size) && asset_is_file_name(entry->name);
}

static bool read_lines(struct lock *lock, const char *path, char *text,
                       struct arena *arena, struct diag *diag)
{
    uint32_t number = 0;
    bool has_header = false;
    for (char *line = text; line != NULL;) {
        size_t length = strcspn(line, "\n");
        char *next = line[length] == '\n' ? line + length + 1 : NULL;
        struct lock_entry entry = {NULL, 0, NULL, NULL};
        line[length] = '\0';
        number++;
        if (line[0] != '\0' && line[0] != '#') {
            if (!has_header && strcmp(line, header) != 0) {
                return diag_line(diag, path, number,
                                 "not a lock file of this version: it begins "
                                 "with '%s'",
                                 header);
            }
            if (has_header && !read_entry(&entry, line)) {
                return diag_line(diag, path, number,
                                 "not a SHA-256, a size, a file name and a URL "
                                 "with tabs between them");
            }
            if (has_header && lock->count == LOCK_MAX_ENTRIES) {
                return diag_line(diag, path, number, "more than %d assets",
                                 LOCK_MAX_ENTRIES);
            }
            if (has_header) {
                lock_set(lock, &entry, arena);
            }
            has_header = true;
        }
        line = next;
    }
    return has_header || diag_line(diag, path, 1, "an empty lock file");
}

bool lock_read(struct lock *lock, const char *path, struct arena *arena,
               struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    *lock = (struct lock){NULL, 0, 0};
    if (access(path, F_OK) != 0) {
        return true;
    }
    diag->file = NULL;
    if (!file_read(path, LOCK_MAX_BYTES, &bytes, &size, arena, diag)) {
        return false;
    }
    bool ok = memchr(bytes, '\0', size) == NULL && utf8_is_valid(bytes, size)
                  ? read_lines(lock, path, arena_copy(arena, bytes, size),
                               arena, diag)
                  : diag_line(diag, path, 0, "the lock file is not UTF-8 text");
    return ok || diag_hint(diag, "remove it and run f4e-build fetch");
}

const struct lock_entry *lock_find(const struct lock *lock, const char *url)
{
    for (uint32_t i = 0; url != NULL && i < lock->count; i++) {
        if (strcmp(lock->entries[i].url, url) == 0) {
            return &lock->entries[i];
        }
    }
    return NULL;
}

void lock_set(struct lock *lock, const struct lock_entry *entry,
              struct arena *arena)
{
    for (uint32_t i = 0; i < lock->count; i++) {
        if (strcmp(lock->entries[i].url, entry->url) == 0) {
            lock->entries[i] = *entry;
            return;
        }
    }
    lock->entries = arena_grow(arena, lock->entries, lock->count,
                               &lock->capacity, sizeof(*lock->entries));
    lock->entries[lock->count++] = *entry;
}

bool lock_write(const struct lock *lock, const char *path, struct arena *arena,
                struct diag *diag)
{
    struct buf text;
    buf_init(&text, arena);
    buf_format(&text,
               "%s\n# Made by f4e-build fetch; builds compare with it.\n",
               header);
    for (uint32_t i = 0; i < lock->count; i++) {
        const struct lock_entry *entry = &lock->entries[i];
        buf_format(&text, "%s\t%" PRIu64 "\t%s\t%s\n", entry->sha256,
                   entry->size, entry->name, entry->url);
    }
    return file_save(path, text.bytes, text.length, 0666, diag);
}
