/* SPDX-License-Identifier: MIT */
/* mutate_text.h with .8f4e files and check_project.h. */
#include "check_project.h"

#include "mutate_text.h"

static const char *const words[] = {
    "module x",
    "moduleEnd",
    "entry main",
    "entryEnd",
    "group g",
    "groupEnd",
    "note",
    "noteEnd",
    "prototype p",
    "prototypeEnd",
    "constants c",
    "constantsEnd",
    "function f",
    "functionEnd",
    "includes",
    "includesEnd",
    "use env",
    "use c",
    "shape p",
    "const A 1",
    "const A A+1",
    "int",
    "int[] a 4",
    "float64 d 1.5",
    "float[] f 1",
    "int8[] b 0 ",
    "int* p &a",
    "- 1",
    "; @disabled",
    "; @config bin.a.url x",
    "; - 5",
    "; @slider a 0 1",
    "; @alwaysOnTop",
    "#region 1",
    "#region samples",
    "#skipExecution",
    "4294967295",
    "1e308",
    "1e999",
    "-1",
    "0x",
    "0b2",
    "2^31",
    "9/0",
    "count(*p)",
    "sizeof(a)",
    "&this",
    "this&",
    "&x:0",
    "x:a&",
    "\"",
    "\"ab\"",
    "\"\\x41\"",
    "\r",
    "\xe2\x80\xa8",
    "\xc2\xa0",
    "\xf0\x9f\x98\x80",
    "\xff",
    ";",
    ":",
    "\t",
    " ",
    "\n",
    "A",
};

int main(int argc, char **argv)
{
    static const struct text_format format = {
        ".8f4e", words, sizeof(words) / sizeof(words[0]), check_project};
    return mutate_text(&format, argc, argv);
}
