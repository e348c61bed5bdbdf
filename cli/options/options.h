/* SPDX-License-Identifier: MIT */
/*
 * What a user types. One table serves parsing, --help and the test that
 * compares it with f4e-build(1).
 */
#ifndef F4E_OPTIONS_H
#define F4E_OPTIONS_H

#include "describe/describe.h"
#include "options/emit_kind.h"

enum command {
    COMMAND_BUILD,
    COMMAND_INSPECT,
    COMMAND_EMBED,
    COMMAND_HELP,
    COMMAND_VERSION,
    COMMAND_TARGETS, /* --target list */
};

/* --asset KEY=FILE. Names may hold '=': only who knows them can split 'text'.
 */
struct option_asset {
    const char *text;
    bool is_address;  /* KEY is a number: */
    uint32_t address; /* bytes */
    const char *file;
};

enum {
    OPTIONS_MAX_ASSETS = 256,
    OPTIONS_MAX_STUBS = 256,
    OPTIONS_MAX_LAUNCHER = 8,
    OPTIONS_PGO_SECONDS = 10, /* of sound, when --pgo names none */
};

/* --ranges: what to do with address ranges that can be proven. */
enum option_ranges {
    RANGES_DEFAULT, /* on from -O2 */
    RANGES_OFF,
    RANGES_ON,
    RANGES_CHECK, /* compile them in as checks */
};

struct options {
    enum command command;
    const char *input;  /* the .wasm */
    const char *output; /* -o, or made of the input's base name */
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
    const char *project;                  /* --project, or NULL */
    const char *manifest;                 /* --manifest, or NULL */
    bool is_projectless;                  /* --no-project */
    bool is_lenient;                      /* --project-check warn */
    const char *stubs[OPTIONS_MAX_STUBS]; /* --import-stub NAME */
    uint32_t stub_count;
    const char *import_c;
    unsigned level; /* 0 … 3 */
    enum option_ranges ranges;
    const char *target; /* NULL: this machine */
    const char *sysroot;
    const char *alsa;
    bool is_static;
    const char *cpu; /* NULL: the target's */
    const char *cc;
    const char *launcher[OPTIONS_MAX_LAUNCHER]; /* words before the compiler */
    unsigned launcher_count;
    const char *wasm2c;
    const char *emit_c;
    const char *depfile;
    const char *package_version;
    uint32_t jobs;            /* compilers at a time; 0: not given */
    enum emit_kind emit_kind; /* --emit */
    unsigned pgo_seconds;     /* of sound to train on; 0: no --pgo */
    const char *pgo_script;   /* for --pgo and --tune, or NULL */
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

/* --asset: an address, or a name that is looked up later. */
F4E_MUST_CHECK bool options_parse_asset(const char *text,
                                        struct options *options,
                                        struct diag *diag);

/* --project-check. */
F4E_MUST_CHECK bool options_parse_check(const char *text,
                                        struct options *options,
                                        struct diag *diag);

/* What project and manifest exclude; after everything is parsed. */
F4E_MUST_CHECK bool options_check_project(const struct options *options,
                                          struct diag *diag);

/* --memory. */
F4E_MUST_CHECK bool options_parse_memory(const char *text,
                                         struct options *options,
                                         struct diag *diag);

/* What --pgo, --pgo-script and --tune go with; after everything is parsed. */
F4E_MUST_CHECK bool options_check_tuning(const struct options *options,
                                         struct diag *diag);

#endif
