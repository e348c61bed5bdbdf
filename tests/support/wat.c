/* SPDX-License-Identifier: MIT */
#include "wat.h"

#include "child.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wat_compile(const char *wat, const char *wasm)
{
    const char *const argv[] = {
        "wat2wasm", "--enable-all", "--no-check", "--debug-names",
        "-o",       wasm,           "--",         wat,
        NULL};
    struct child child;
    child_run(&child, argv, NULL);
    ck_assert_msg(child.status == 0, "wat2wasm %s: %s", wat, child.err);
    child_free(&child);
}

void wat_write(const char *text_format, const char *wasm)
{
    char *wat = text("%s.wat", wasm);
    spit(wat, text_format, strlen(text_format));
    wat_compile(wat, wasm);
    ck_assert_int_eq(remove(wat), 0);
    free(wat);
}
