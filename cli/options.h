/* SPDX-License-Identifier: MIT */
/*
 * What a user types. One table serves parsing, --help and the test that
 * compares it with f4e-build(1).
 */
#ifndef F4E_OPTIONS_H
#define F4E_OPTIONS_H

#include "describe.h"

enum command {
    COMMAND_BUILD,
    COMMAND_INSPECT,
    COMMAND_HELP,
    COMMAND_VERSION,
};

/* --asset ADDR=FILE */
struct option_asset {
    uint32_t address; /* bytes */
    const char *file;
};

enum {
    OPTIONS_MAX_ASSETS = 256,
    OPTIONS_MAX_STUBS = 256,
    OPTIONS_PGO_SECONDS = 10, /* of sound, when --pgo names none */
};

struct options {
    enum command command;
    const char *input;  /* the .wasm */
    const char *output; /* -o, or the input's base name without .wasm */
    const char *name;
    const char *entry;
    uint32_t block_frames; /* 0: not given */
    uint32_t sample_rate;  /* Hz; 0: not given */
    struct describe_channel outputs[PATCH_MAX_CHANNELS];
    uint32_t output_count;
    struct describe_channel inputs[PATCH_MAX_CHANNELS];
    uint32_t input_count;
    struct option_asset assets[OPTIONS_MAX_ASSETS];
    uint32_t asset_count;
    const char *stubs[OPTIONS_MAX_STUBS]; /* --import-stub NAME */
    uint32_t stub_count;
    const char *import_c;
    unsigned level; /* 0 … 3 */
    const char *cpu;
    const char *cc;
    const char *wasm2c;
    const char *emit_c;
    unsigned pgo_seconds;   /* of sound to train on; 0: no --pgo */
    const char *pgo_script; /* for --pgo and --tune, or NULL */
    bool is_tuning;
    bool is_unchecked; /* --memory unchecked */
    bool is_keeping;
    bool is_uncached;
    bool is_json;
    bool is_verbose;
    bool is_quiet;
};

struct option {
    char letter;          /* 0: none */
    const char *name;     /* without dashes; NULL: a letter only */
    const char *argument; /* its name in the help; NULL: a flag; in brackets:
                             --name or --name=VALUE, never --name VALUE */
    const char *help;
    const char *group; /* heading in the help */
};

/* The table; also for the test against the man page. */
const struct option *options_table(size_t *count);

/* Parse argv; argv strings are kept. Fails (usage) with a suggestion where an
 * option is misspelt. */
F4E_MUST_CHECK bool options_parse(struct options *options, int argc,
                                  char *const *argv, struct arena *arena,
                                  struct diag *diag);

void options_print_help(FILE *stream);

#endif
