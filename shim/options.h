/* SPDX-License-Identifier: MIT */
/*
 * The options of a finished patch. One table serves parsing, --help and the
 * test that compares it with docs/f4e-patch.1.
 */
#ifndef F4E_OPTIONS_H
#define F4E_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "failure.h"
#include "patch.h"
#include "rt/convert.h"
#include "rt/engine.h"

enum option_group { GROUP_AUDIO, GROUP_RENDER, GROUP_INFO, GROUP_COUNT };

enum option_id {
    OPTION_DEVICE = 256, /* above every character */
    OPTION_PERIOD,
    OPTION_PERIODS,
    OPTION_FORMAT,
    OPTION_DENORMALS,
    OPTION_ON_TRAP,
    OPTION_SCRIPT,
    OPTION_RENDER,
    OPTION_FRAMES,
    OPTION_SECONDS,
    OPTION_BLOCKS,
    OPTION_INPUT,
    OPTION_INPUT_RAW,
    OPTION_DUMP_MEMORY,
    OPTION_INFO,
    OPTION_JSON,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_VERSION,
    OPTION_HELP
};

/* One option, as the user sees it. */
struct option_row {
    enum option_id id;
    enum option_group group;
    char letter;          /* short form, or 0 */
    const char *name;     /* without the dashes */
    const char *argument; /* what --help calls it, or NULL: takes none */
    const char *text;
    const char *fallback; /* the default, or NULL */
};

extern const struct option_row option_table[];
extern const size_t option_count;

struct options {
    const char *device;
    unsigned period_frames;
    unsigned periods;
    bool has_format;
    enum sample_format format; /* F32 unless has_format */
    bool is_flushing;
    enum trap_policy on_trap;
    const char *script;   /* or NULL, as all paths below */
    const char *render;   /* "-": standard output */
    bool has_limit;       /* --frames, --seconds or --blocks */
    uint64_t frame_limit; /* UINT64_MAX without one */
    const char *input;
    const char *input_raw; /* "-": standard input */
    const char *dump_memory;
    bool is_info;
    bool is_json;
    bool is_quiet;
    bool is_verbose;
    bool is_version;
    bool is_help;
};

/*
 * Parse the command line; strings stay the caller's. The limit is turned into
 * frames with the patch's rate and block. Fails with STATUS_USAGE.
 */
bool options_parse(struct options *options, const struct f4e_patch *patch,
                   int argc, char **argv, struct failure *failure);

/* Print --help for a program called 'program'. */
void options_print_help(const char *program, const struct f4e_patch *patch,
                        FILE *file);

#endif
