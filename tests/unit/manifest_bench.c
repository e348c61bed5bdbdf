/* SPDX-License-Identifier: MIT */
#include "manifest_bench.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

const char one_page[] =
    "(module (import \"host\" \"memory\" (memory 1 1))"
    " (func (export \"main\")) (func (export \"note\")) (func))";

struct manifest manifest;
cJSON *schema;

void set_up(void)
{
    setup();
    FILE *file = fopen(F4E_SCHEMA, "rb");
    ck_assert(file != NULL);
    static char text[65536];
    size_t size = fread(text, 1, sizeof(text) - 1, file);
    text[size] = '\0';
    (void)fclose(file);
    schema = cJSON_Parse(text);
    ck_assert_msg(schema != NULL, "%s is not JSON", F4E_SCHEMA);
}

void tear_down(void)
{
    cJSON_Delete(schema);
    teardown();
}

bool read_manifest(const char *text)
{
    diag_init(&diag, NULL);
    return manifest_read(&manifest, (const uint8_t *)text, strlen(text),
                         "m.json", SOURCE_MANIFEST, &arena, &diag);
}
