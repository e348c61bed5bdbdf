/* SPDX-License-Identifier: MIT */
#include "fixture.h"

struct arena arena;
struct diag diag;

void setup(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
}

void teardown(void)
{
    arena_deinit(&arena);
}
