/* SPDX-License-Identifier: MIT */
#include "compile/missing_imports.h"

#include "base/buf.h"
#include "base/file.h"
#include "compile/elf_file.h"

static const char prefix[] = "f4e_import_";

enum { MAX_HEADER_BYTES = 1 << 20 };

/* The prototype of an imported function, from the generated header. */
static const char *prototype(const char *name, const struct compile_plan *plan,
                             struct arena *arena)
{
    struct diag ignored;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    size_t length = strlen(name);
    diag_init(&ignored, NULL);
    if (!file_read(arena_format(arena, "%s/f4e-imports.h", plan->directory),
                   MAX_HEADER_BYTES, &bytes, &size, arena, &ignored)) {
        return name;
    }
    for (const char *line = (const char *)bytes; *line != '\0';) {
        size_t end = strcspn(line, "\n");
        const char *found = strstr(line, name);
        while (found != NULL && found < line + end && found[length] != '(') {
            found = strstr(found + 1, name);
        }
        if (found != NULL && found < line + end) {
            return arena_copy(arena, line, end);
        }
        line += end + (line[end] == '\n');
    }
    return name;
}

/* Each name once, with a space before and behind it. */
static void add_name(struct buf *names, const char *name, size_t length,
                     struct arena *arena)
{
    const char *spaced = arena_format(arena, " %.*s ", (int)length, name);
    if (names->length == 0) {
        buf_byte(names, ' ');
    }
    if (strstr(buf_string(names), spaced) == NULL) {
        buf_text(names, spaced + 1);
    }
}

/* True when there are any. */
static bool report(const struct buf *names, const struct compile_plan *plan,
                   struct arena *arena, struct diag *diag)
{
    if (names->length == 0) {
        return false;
    }
    diag_input(diag, -1, "'%s' does not define%.*s",
               file_base_name(plan->import_c), (int)names->length - 1,
               buf_string(names));
    for (const char *name = buf_string(names) + 1; *name != '\0';) {
        size_t length = strcspn(name, " ");
        diag_hint(diag, "define %s",
                  prototype(arena_copy(arena, name, length), plan, arena));
        name += length + 1;
    }
    return true;
}

bool missing_imports_said(const char *text, const struct compile_plan *plan,
                          struct arena *arena, struct diag *diag)
{
    struct buf names;
    buf_init(&names, arena);
    while (plan->import_c != NULL && *text != '\0') {
        size_t end = strcspn(text, "\n");
        const char *line = arena_copy(arena, text, end);
        const char *found =
            strstr(line, "undefined ") != NULL ? strstr(line, prefix) : NULL;
        if (found != NULL) {
            add_name(&names, found,
                     strspn(found, "abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
                     arena);
        }
        text += end + (text[end] == '\n');
    }
    return report(&names, plan, arena, diag);
}

bool missing_imports_check(const uint8_t *bytes, size_t size,
                           const struct compile_plan *plan, struct arena *arena,
                           struct diag *diag)
{
    struct elf_file file;
    struct buf names;
    uint64_t cursor = 0;
    buf_init(&names, arena);
    if (!elf_file_open(&file, bytes, size, diag)) {
        return false;
    }
    for (const char *name = elf_file_next_undefined(&file, prefix, &cursor);
         plan->import_c != NULL && name != NULL;
         name = elf_file_next_undefined(&file, prefix, &cursor)) {
        add_name(&names, name, strlen(name), arena);
    }
    return !report(&names, plan, arena, diag);
}
