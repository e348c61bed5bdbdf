/* SPDX-License-Identifier: MIT */
#include "compile/alsa_stub.h"

#include "base/buf.h"
#include "base/file.h"

enum { MAX_LIST_BYTES = 1 << 20 };

/* "  snd_pcm_open;\n": the length of the name at 'line', else 0. */
static size_t name_length(const char *line)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t length = strspn(line, letters);
    return strncmp(line, "snd_", 4) == 0 && line[length] == ';' ? length : 0;
}

/* Data is marked: an executable may copy it, so its size counts. */
static void add_symbol(struct buf *out, const char *line, int length)
{
    const char *mark = line + length + 1;
    if (strncmp(mark, " /* pointer", 11) == 0) {
        buf_format(out, "void *%.*s;\n", length, line);
    } else if (strncmp(mark, " /* table", 9) == 0) {
        buf_format(out, "const unsigned %.*s[256] = {1};\n", length, line);
    } else {
        buf_format(out, "void %.*s(void) {}\n", length, line);
    }
}

bool alsa_stub_write(const char *data_dir, const char *directory,
                     struct arena *arena, struct diag *diag)
{
    const char *path = arena_format(arena, "%s/shim/alsa.map", data_dir);
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct buf out;
    buf_init(&out, arena);
    if (!file_read(path, MAX_LIST_BYTES, &bytes, &size, arena, diag)) {
        return false;
    }
    for (const char *line = (const char *)bytes; *line != '\0';) {
        line += strspn(line, " ");
        size_t length = name_length(line);
        if (length > 0) {
            add_symbol(&out, line, (int)length);
        }
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    if (out.length == 0) {
        return diag_tool(diag, "'%s' lists no functions", path);
    }
    return file_write(arena_format(arena, "%s/" ALSA_STUB_SOURCE, directory),
                      out.bytes, out.length, 0644, diag);
}
