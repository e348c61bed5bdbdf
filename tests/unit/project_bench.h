/* SPDX-License-Identifier: MIT */
/* What the tests of project texts share: one text, laid out. */
#ifndef F4E_PROJECT_BENCH_H
#define F4E_PROJECT_BENCH_H

#include "fixture.h"
#include "project/project.h"

#include <stddef.h>

#define V1 "8f4e/v1\n"

extern struct project project; /* of the last lay_out() */
extern struct project_config config;

/* Parse the text "p.8f4e" and lay it out, with a region "samples". */
bool lay_out(const char *text);
bool lay_out_bytes(const char *text, size_t size);
bool lay_out_assets(const char *text, const struct project_asset_size *assets,
                    uint32_t asset_count);

/* A text with these lines in module 'm'; the first is line 4. */
const char *in_module(const char *lines);

/* 'each' so many times, between 'head' and 'tail'. */
const char *repeat(const char *head, const char *each, size_t count,
                   const char *tail);

#endif
