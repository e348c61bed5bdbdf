/* SPDX-License-Identifier: MIT */
/* Declared in base/process.h: programs found and commands told. */
#include "base/process.h"

#include "base/file.h"

#include <sys/stat.h>
#include <unistd.h>

static bool is_program(const char *path)
{
    struct stat status;
    return access(path, X_OK) == 0 && stat(path, &status) == 0 &&
           S_ISREG(status.st_mode);
}

const char *process_find(const char *program, struct arena *arena)
{
    if (strchr(program, '/') != NULL) {
        return is_program(program) ? program : NULL;
    }
    const char *path = getenv("PATH");
    if (path == NULL) {
        path = "/usr/local/bin:/usr/bin:/bin";
    }
    while (*program != '\0' && *path != '\0') {
        size_t length = strcspn(path, ":");
        const char *candidate =
            length == 0
                ? arena_format(arena, "./%s", program)
                : arena_format(arena, "%.*s/%s", (int)length, path, program);
        if (is_program(candidate)) {
            return candidate;
        }
        path += length + (path[length] == ':');
    }
    return NULL;
}

bool process_failed(const struct process *process, const char *const *argv,
                    struct arena *arena, struct diag *diag)
{
    if (diag->kind == DIAG_NONE) {
        diag->tool_output = buf_string(&process->text);
    }
    diag_tool(diag, "'%s' %s", file_base_name(argv[0]),
              process_end_text(process, arena));
    return diag_hint(diag, "the command was: %s", process_quote(argv, arena));
}

static bool is_plain(const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789@%+=:,./_-";
    return *text != '\0' && text[strspn(text, plain)] == '\0';
}

const char *process_quote(const char *const *argv, struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena);
    for (size_t i = 0; argv[i] != NULL; i++) {
        if (i > 0) {
            buf_byte(&text, ' ');
        }
        if (is_plain(argv[i])) {
            buf_text(&text, argv[i]);
            continue;
        }
        buf_byte(&text, '\'');
        for (const char *p = argv[i]; *p != '\0'; p++) {
            if (*p == '\'') {
                buf_text(&text, "'\\''");
            } else {
                buf_byte(&text, (unsigned char)*p);
            }
        }
        buf_byte(&text, '\'');
    }
    return buf_string(&text);
}

const char *process_end_text(const struct process *process, struct arena *arena)
{
    if (process->has_timed_out) {
        return "did not finish in time";
    }
    if (process->has_exited) {
        return arena_format(arena, "exited with status %d", process->status);
    }
    return arena_format(arena, "was killed by signal %d (%s)", process->signal,
                        strsignal(process->signal));
}
