/* SPDX-License-Identifier: MIT */
/* What the tests of manifests share: texts that are read, and the schema. */
#ifndef F4E_MANIFEST_BENCH_H
#define F4E_MANIFEST_BENCH_H

#include "fixture.h"
#include "metadata/manifest_json.h"

extern struct manifest manifest; /* that read() fills in */
extern cJSON *schema;            /* docs/manifest.schema.json */

/* Checked fixture, with setup() and teardown() in it. */
void set_up(void);
void tear_down(void);

/* Read a text as the file m.json into 'manifest'. */
bool read_manifest(const char *text);

#define M(members)    "{\"f4e-manifest\": 1, " members "}"
#define ITEM(members) M("\"items\": [{" members "}]")
/* A control, or something drawn, of the one item 'a', an int at byte 4. */
#define PARAM(members)                                               \
    M("\"items\": [{\"name\": \"a\", \"address\": 4}], \"params\": " \
      "[{\"kind\": \"slider\", \"item\": \"a\", " members "}]")
#define VIEW(kind, members)                                         \
    M("\"items\": [{\"name\": \"a\", \"address\": 4}], \"views\": " \
      "[{\"kind\": \"" kind "\", \"item\": \"a\", " members "}]")

/* A module of one page that exports main and note. */
extern const char one_page[];

#endif
