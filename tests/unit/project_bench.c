/* SPDX-License-Identifier: MIT */
#include "project_bench.h"

#include <string.h>

struct project project;
struct project_config config;

static bool lay_out_all(const char *text, size_t size,
                        const struct project_asset_size *assets,
                        uint32_t asset_count)
{
    static const char *const regions[] = {"samples"};
    const struct project_rules rules = {0};
    const struct project_text *parsed =
        project_parse((const uint8_t *)text, size, "p.8f4e", &arena, &diag);
    if (parsed == NULL) {
        return false;
    }
    project_config(&config, parsed, &arena);
    return project_layout(&project, parsed, &config, rules, regions, 1, assets,
                          asset_count, &arena, &diag);
}

bool lay_out(const char *text)
{
    return lay_out_all(text, strlen(text), NULL, 0);
}

bool lay_out_bytes(const char *text, size_t size)
{
    return lay_out_all(text, size, NULL, 0);
}

bool lay_out_assets(const char *text, const struct project_asset_size *assets,
                    uint32_t asset_count)
{
    return lay_out_all(text, strlen(text), assets, asset_count);
}

const char *in_module(const char *lines)
{
    return arena_format(&arena,
                        "8f4e/v1\nentry main\nmodule m\n%s\nmoduleEnd\n"
                        "entryEnd\n",
                        lines);
}

const char *repeat(const char *head, const char *each, size_t count,
                   const char *tail)
{
    struct buf buf;
    buf_init(&buf, &arena);
    buf_text(&buf, head);
    for (size_t i = 0; i < count; i++) {
        buf_text(&buf, each);
    }
    buf_text(&buf, tail);
    return buf_string(&buf);
}
