/* SPDX-License-Identifier: MIT */
#include "folder_fixture.h"

#include "child.h"

char *folder;

void setup_folder(void)
{
    setup();
    folder = tmpdir_make();
}

void teardown_folder(void)
{
    tmpdir_remove(folder);
    teardown();
}
