/* SPDX-License-Identifier: MIT */
/*
 * The command line as plain data. One table of options serves parsing, --help
 * and the test that compares it with f4e-build(1).
 */
#ifndef F4E_OPTIONS_H
#define F4E_OPTIONS_H

#include "describe/describe.h"
#include "options/emit_kind.h"

enum command {
    COMMAND_BUILD,
    COMMAND_INSPECT,
    COMMAND_EMBED,
    COMMAND_FETCH,
    COMMAND_HELP,
    COMMAND_VERSION,
    COMMAND_TARGETS, /* --target list */
    COMMAND_COMPLETION,
    COMMAND_PLAY,
};

/* --asset KEY=FILE. A name may contain '=', so 'text' is split where the names
 * are known, in metadata/assets. */
struct option_asset {
    const char *text;
    bool is_address;  /* KEY is a number, 'address' */
    uint32_t address; /* of a byte of memory */
    const char *file; /* behind the first '=' */
};

/* --out CH=WHERE. */
struct option_channel {
    uint32_t channel;
    const char *item; /* the name of a variable, or NULL: */
    uint32_t address; /* bytes */
};

enum {
    OPTIONS_MAX_ASSETS = 256,
    OPTIONS_MAX_STUBS = 256,
    OPTIONS_MAX_LAUNCHER = 8,
    OPTIONS_PGO_SECONDS = 10, /* of sound, when --pgo names none */
    OPTIONS_FETCH_BYTES = 64 << 20,
    OPTIONS_FETCH_SECONDS = 120,
};

/* --ranges: use of proven address ranges. */
enum option_ranges {
    RANGES_DEFAULT, /* on from -O2 */
    RANGES_OFF,
    RANGES_ON,
    RANGES_CHECK, /* compile them in as checks */
};

/* --completion */
enum option_shell { SHELL_BASH, SHELL_ZSH };

struct options {
    enum command command;
    const char *input;  /* the .wasm, or the text of which one is made */
    const char *output; /* -o, or made of the input's base name */
    const char *name;
    const char *entry;
    uint32_t block_frames; /* 0: not given */
    uint32_t sample_rate;  /* Hz; 0: not given */
    struct option_channel outputs[PATCH_MAX_CHANNELS];
    uint32_t output_count;
    struct option_channel inputs[PATCH_MAX_CHANNELS];
    uint32_t input_count;
    struct option_asset assets[OPTIONS_MAX_ASSETS];
    uint32_t asset_count;
    const char *asset_folder;             /* --assets, or NULL */
    bool is_assetless;                    /* --no-assets */
    const char *project;                  /* --project, or NULL */
    const char *manifest;                 /* --manifest, or NULL */
    const char *compiler;                 /* --compiler, or NULL */
    bool is_text;                         /* 'input' is a text, and 'project'
                                             too unless options say otherwise */
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
    enum option_shell shell; /* with COMMAND_COMPLETION */
    uint32_t crossfade_ms;   /* of play: --crossfade */
    bool is_watching;        /* files, to build again when they change */
    bool is_not_watching;    /* --no-watch */
    bool is_fresh;           /* --fresh */
    char *const *patch_argv; /* options of the patch that is to play */
    int patch_argc;
    bool is_private;      /* --allow-private */
    bool is_updating;     /* --update */
    uint32_t max_bytes;   /* of a file that is fetched */
    uint32_t max_seconds; /* that fetching one may take */
    bool is_json;
    bool is_verbose;
    bool is_quiet;
};

struct option_row {
    char letter;          /* 0: none */
    const char *name;     /* without dashes; NULL: a letter only */
    const char *argument; /* its name in the help; NULL: a flag; in brackets:
                             --name or --name=VALUE, never --name VALUE */
    const char *help;
    const char *group; /* heading in the help */
};

/* The table of all options, in the order of the help. Static. 'count' may be
 * NULL. */
const struct option_row *options_table(size_t *count);

/*
 * Parse argv, whose strings are kept. Names are not abbreviated and letters do
 * not share a word. Fails (usage), with a suggestion for a misspelt name. Uses
 * getopt's global state: one thread.
 */
F4E_MUST_CHECK bool options_parse(struct options *options, int argc,
                                  char *const *argv, struct arena *arena,
                                  struct diag *diag);

void options_print_help(FILE *stream);

/*
 * Answer a shell that completes a line (shim/completion/completion.h): 'words'
 * are those behind the program's name, up to the cursor; 'targets' are what
 * --target takes, and end with NULL.
 */
void options_complete(char *const *words, size_t count,
                      const char *const *targets, FILE *stream);

#endif
