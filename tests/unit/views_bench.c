/* SPDX-License-Identifier: MIT */
#include "views_bench.h"

#include <stddef.h>

struct arena arena;
struct diag diag;
struct project project;
struct project_config config;

void setup(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, "patch.wasm");
}

void teardown(void)
{
    arena_deinit(&arena);
}

bool lay_out(const char *text, size_t size)
{
    const struct project_rules rules = {0};
    const struct project_text *parsed =
        project_parse((const uint8_t *)text, size, "patch.8f4e", &arena, &diag);
    if (parsed == NULL) {
        return false;
    }
    project_config(&config, parsed, &arena);
    return project_layout(&project, parsed, &config, rules, NULL, 0, NULL, 0,
                          &arena, &diag);
}
