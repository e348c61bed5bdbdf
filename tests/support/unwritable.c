/* SPDX-License-Identifier: MIT */
#include "unwritable.h"

#include "child.h"
#include "suite.h"

#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEN_LETTERS "abcdefghij"
#define SIXTY_LETTERS \
    TEN_LETTERS TEN_LETTERS TEN_LETTERS TEN_LETTERS TEN_LETTERS TEN_LETTERS

const struct unwritable unwritable_places[UNWRITABLE_PLACES] = {
    {"no folder", "none/file", "No such file or directory"},
    {"folder that may not be written", UNWRITABLE_FOLDER "/file",
     "Permission denied"},
    {"file for a folder", "plain/file", "Not a directory"},
    {"folder for a file", "folder", "s a directory"},
    {"link to itself", "loop", "Too many levels of symbolic links"},
    {"long name",
     SIXTY_LETTERS SIXTY_LETTERS SIXTY_LETTERS SIXTY_LETTERS SIXTY_LETTERS,
     "File name too long"},
    {"full disk", "/dev/full", "No space left on device"},
};

static char *within(const char *folder, const char *name)
{
    return text("%s/%s", folder, name);
}

void unwritable_make(const char *folder)
{
    static const int rights[] = {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH};
    char *readonly = within(folder, UNWRITABLE_FOLDER);
    char *plain = within(folder, "plain");
    char *directory = within(folder, "folder");
    char *loop = within(folder, "loop");
    ck_assert_int_eq(mkdir(readonly, 0500), 0);
    ck_assert_int_eq(mkdir(directory, 0700), 0);
    spit(plain, "plain", 5);
    ck_assert_int_eq(symlink("loop", loop), 0);
    /* Those who are not root have none of them to lose. */
    for (size_t i = 0; geteuid() == 0 && i < 2; i++) {
        ck_assert_int_eq(prctl(PR_CAPBSET_DROP, rights[i], 0, 0, 0), 0);
    }
    free(readonly);
    free(plain);
    free(directory);
    free(loop);
}

void unwritable_remove(const char *folder)
{
    static const char *const names[] = {UNWRITABLE_FOLDER, "plain", "folder",
                                        "loop"};
    struct stat full;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *name = within(folder, names[i]);
        ck_assert_msg(remove(name) == 0, "%s is not as it was", name);
        free(name);
    }
    ck_assert_int_eq(stat("/dev/full", &full), 0);
    ck_assert(S_ISCHR(full.st_mode));
}
