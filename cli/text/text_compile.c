/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "text/text_compile.h"

#include "base/file.h"
#include "base/process.h"
#include "base/utf8.h"
#include "text/text_messages.h"
#include "text/text_name.h"
#include "text/words.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXAMPLE \
    "node 8f4e/packages/cli/bin/cli.js compile {in} --wasm-output {out}"

static bool fail_unset(const char *path, struct arena *arena, struct diag *diag)
{
    const char *beside = arena_format(
        arena, "%.*s.wasm", (int)(strlen(path) - strlen(TEXT_SUFFIX)), path);
    (void)diag_tool(diag,
                    "'%s' is a text of the language, and no compiler is set "
                    "that makes a module of it",
                    path);
    if (access(beside, F_OK) == 0) {
        (void)diag_hint(diag, "f4e-build %s builds the module beside it",
                        beside);
    }
    (void)diag_hint(diag, "--compiler '" EXAMPLE "'");
    return diag_hint(diag,
                     "or set " TEXT_COMPILER_VARIABLE " to such a command");
}

/* A compiler may be started in a folder of its own, and a name may begin with
 * a dash. */
static const char *absolute(const char *path, struct arena *arena,
                            struct diag *diag)
{
    if (path[0] == '/') {
        return path;
    }
    char *folder = realpath(".", NULL);
    if (folder == NULL) {
        (void)diag_system(diag, "cannot find this folder: %s", strerror(errno));
        return NULL;
    }
    const char *whole = arena_format(
        arena, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, path);
    free(folder);
    return whole;
}

static uint32_t count_lines(const uint8_t *bytes, size_t size)
{
    uint32_t count = 1;
    for (size_t i = 0; i < size; i++) {
        count += bytes[i] == '\n';
    }
    return count;
}

/* It found fault with a line of the text, or it failed by itself. */
static bool fail_compile(const struct text_request *request,
                         const struct process *process,
                         const struct text_messages *messages,
                         const char *program, const char *command,
                         struct arena *arena, struct diag *diag)
{
    const char *end = process_end_text(process, arena);
    bool is_fault = process->has_exited && messages->line != 0;
    if (!is_fault || messages->count > 1) {
        diag->tool_output = messages->all;
    }
    if (is_fault) {
        return diag_line(diag, request->path, messages->line, "%s",
                         messages->what);
    }
    (void)diag_tool(diag, "'%s' %s", program, end);
    if (process->has_timed_out) {
        (void)diag_hint(diag, "a compiler has %u ms", request->timeout_ms);
    }
    return diag_hint(diag, "the command was: %s", command);
}

static void say_messages(const struct text_messages *messages,
                         const char *program, const char *path)
{
    for (const char *line = messages->all; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        (void)fprintf(stderr, "f4e-build: %s: notice: %s: %.*s\n", path,
                      program, (int)length, line);
        line += length + (line[length] == '\n');
    }
}

/* The compiler of the language writes an empty file for an empty project, of
 * which the reader of modules tells. */
static bool check_module(const char *module, const char *program,
                         const char *command, struct diag *diag)
{
    struct stat status;
    if (stat(module, &status) == 0 && S_ISREG(status.st_mode)) {
        return true;
    }
    (void)diag_tool(diag, "'%s' ended well and wrote no module", program);
    return diag_hint(diag, "the command was: %s", command);
}

static const char *const *find_words(const struct text_request *request,
                                     const char *module, struct arena *arena,
                                     struct diag *diag)
{
    const char *command = request->command;
    const char *source = "--compiler";
    if (command == NULL) {
        command = getenv(TEXT_COMPILER_VARIABLE);
        source = TEXT_COMPILER_VARIABLE;
    }
    if (command == NULL || *command == '\0') {
        (void)fail_unset(request->path, arena, diag);
        return NULL;
    }
    const char *input = absolute(request->path, arena, diag);
    const struct word_value values[] = {{"{in}", input}, {"{out}", module}};
    const char *const *words = NULL;
    if (input == NULL) {
        return NULL;
    }
    if (!words_split(&words, command, source, values, 2, arena, diag)) {
        (void)diag_hint(diag, "%s '" EXAMPLE "'", source);
        return NULL;
    }
    return words;
}

/* Start the program that the first word names. */
static bool run_words(struct process *process, const char *const *typed,
                      const char *command, const struct text_request *request,
                      struct arena *arena, struct diag *diag)
{
    const char **words = arena_alloc(arena, WORDS_MAX + 1, sizeof(*words));
    for (size_t i = 1; typed[i] != NULL; i++) {
        words[i] = typed[i];
    }
    words[0] = process_find(typed[0], arena);
    if (words[0] == NULL) {
        (void)diag_tool(diag, "no program '%s'", typed[0]);
        return diag_hint(diag, "the command was: %s", command);
    }
    if (request->is_verbose) {
        (void)fprintf(stderr, "%s\n", command);
    }
    return process_run_limited(process, words, request->module_limit,
                               request->timeout_ms, arena, diag);
}

bool text_compile(struct text_result *result,
                  const struct text_request *request,
                  const struct workdir *workdir, struct arena *arena,
                  struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct process process = {.output = -1};
    struct text_messages messages;
    const char *module = workdir_path(workdir, "text.wasm", arena);
    diag->file = NULL;
    if (!file_read(request->path, TEXT_MAX_BYTES, &bytes, &size, arena, diag)) {
        return false;
    }
    const char *const *words = find_words(request, module, arena, diag);
    if (words == NULL) {
        return false;
    }
    const char *command = process_quote(words, arena);
    const char *program = file_base_name(words[0]);
    if (!run_words(&process, words, command, request, arena, diag)) {
        return false;
    }
    text_messages_read(&messages, &process.text, request->path,
                       count_lines(bytes, size), arena);
    *result = (struct text_result){module, program};
    if (!process_succeeded(&process)) {
        return fail_compile(request, &process, &messages, program, command,
                            arena, diag);
    }
    if (!request->is_quiet) {
        say_messages(&messages, program, request->path);
    }
    return check_module(module, program, command, diag);
}
