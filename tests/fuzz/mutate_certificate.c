/* SPDX-License-Identifier: MIT */
/*
 * mutate_certificate MODULE CERTIFICATES... --count N --seed S [--first I]
 *
 * mutate_text.h with certificates (ranges/certificate_format.h) of one module.
 * Whatever the text, its check ends; and a run contradicts nothing that it
 * accepts.
 */
#include "base/file.h"
#include "mutate_text.h"
#include "observe.h"
#include "plain_patch.h"
#include "ranges/analysis/analysis.h"
#include "ranges/check/check.h"
#include "wasm/validate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 20, MAX_BYTES = 1 << 20 };

static const char *const words[] = {
    "relies 0 4 4 0 0 0 32\n",
    "relies 0 65532 8 0 0 0 0\n",
    "relies 1 0 4 0 0 0 0\n",
    "address 0 0 65535 0 0\n",
    "value 0 1 1 1 32\n",
    "value 4294967295 0 1 0 0\n",
    "path 0 0\n",
    "path 1 4294967295\n",
    "path 0 4\npath 1 183\n",
    "round 0 0 0 32\n",
    "round -2147483648 2147483647 0 0\n",
    "slot 0 0\n",
    "slot 1 0\n",
    "slot 4294967295 0\n",
    "word 0 4 0\n",
    "word 0 65532 1\n",
    "word 1 0 0\n",
    "# remark\n",
    "-2147483648",
    "2147483647",
    "4294967295",
    "9999999999",
    "-",
    "-0",
    "32",
    "33",
    "31",
    "4",
    "3",
    " ",
    "\n",
};

static struct {
    struct arena arena;
    struct wasm_module module;
    struct patch patch;
    struct observation seen;
} fixed;

static enum mutate_result check(const uint8_t *bytes, size_t size,
                                struct arena *arena, const char **why)
{
    const char *reason = NULL;
    const char *text = arena_copy(arena, bytes, size);
    if (!check_certificate(text, &fixed.patch, false, &reason, arena)) {
        *why = "refuses without a reason";
        return reason != NULL ? MUTATE_REJECTED : MUTATE_BROKEN;
    }
    while (*text != '\0') {
        if (*text != '#' && observe_denies(&fixed.seen, text)) {
            *why = arena_format(arena, "accepts '%.*s', which a run denies",
                                (int)strcspn(text, "\n"), text);
            return MUTATE_BROKEN;
        }
        text += strcspn(text, "\n");
        text += *text == '\n' ? 1 : 0;
    }
    return MUTATE_ACCEPTED;
}

static bool prepare(const char *path)
{
    struct diag diag;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct analysis analysis;
    diag_init(&diag, NULL);
    arena_init(&fixed.arena, 0);
    bool ok = file_read(path, MAX_BYTES, &bytes, &size, &fixed.arena, &diag) &&
              wasm_read(&fixed.module, bytes, size, &fixed.arena, &diag) &&
              wasm_validate(&fixed.module, &fixed.arena, &diag);
    if (ok) {
        fixed.patch = plain_patch(&fixed.module);
        analysis_run(&analysis, &fixed.patch, false, &fixed.arena);
        ok = analysis.failure == NULL &&
             observe_patch(&fixed.seen, &analysis, &fixed.patch, BLOCKS,
                           &fixed.arena, &diag);
    }
    return ok;
}

int main(int argc, char **argv)
{
    static const struct mutate_text text = {
        .suffix = ".txt",
        .words = words,
        .word_count = sizeof(words) / sizeof(words[0]),
        .check = check,
    };
    if (argc < 2 || !prepare(argv[1])) {
        (void)fprintf(
            stderr,
            "usage: mutate_certificate MODULE CERTIFICATES... --count N "
            "--seed S [--first I]\n");
        return EXIT_FAILURE;
    }
    int status = mutate_text_main(&text, argc - 1, argv + 1);
    arena_deinit(&fixed.arena);
    return status;
}
