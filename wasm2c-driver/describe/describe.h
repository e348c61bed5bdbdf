/* SPDX-License-Identifier: MIT */
/*
 * Stage 'describe': module + manifest + flags → struct patch. Facts in the
 * module come first, the probe (probe.h) fills what behaviour shows unless the
 * project or a manifest says it, flags override.
 */
#ifndef F4E_DESCRIBE_H
#define F4E_DESCRIBE_H

#include "describe/manifest.h"
#include "describe/probe.h"
#include "patch.h"

/* --out CH=ADDR or --in CH=ADDR as typed. */
struct describe_channel {
    uint32_t channel;
    uint32_t address; /* bytes */
};

/* What the command line says; zero, NULL or empty where it is silent. */
struct describe_flags {
    const char *name;
    /* --entry: what a block calls block_frames times, even where the module
     * has a 'buffer'. NULL: buffer, or block_frames x main without one. */
    const char *entry;
    uint32_t block_frames;
    uint32_t sample_rate; /* Hz */
    const struct describe_channel *outputs;
    uint32_t output_count;
    const struct describe_channel *inputs;
    uint32_t input_count;
    const struct patch_asset *assets; /* bytes already read, in load order */
    uint32_t asset_count;
    /* What the project or a manifest says, checked (manifest_check); NULL:
     * neither is there. The flags above override it. */
    const struct manifest *manifest;
    bool explains_ranges; /* inspect --ranges */
};

/*
 * Fill 'patch' from a supported, validated module. 'default_name' is the
 * input's base name. Runs the probe in a child process unless the flags settle
 * both outputs and inputs, or the manifest does. Fails when a channel or an
 * asset does not fit in memory 0, when the probe shows a trap or an endless
 * loop before any output was found, or when more than two outputs fit (the hint
 * lists the --out lines to type).
 */
F4E_MUST_CHECK bool patch_describe(struct patch *patch,
                                   const struct wasm_module *module,
                                   const char *default_name,
                                   const struct describe_flags *flags,
                                   struct arena *arena, struct diag *diag);

/* What the probe saw, for inspect. */
struct describe_survey {
    bool can_run; /* set by the caller: the module is supported and valid */
    bool has_probe;
    struct probe_result probe; /* valid when has_probe */
};

/*
 * The same for looking only: takes any module that wasm_read() accepts and does
 * not run what 'survey' says cannot run. What would stop patch_describe()
 * becomes a notice; only the system's failures (fork, interrupt) fail.
 */
F4E_MUST_CHECK bool patch_survey(struct patch *patch,
                                 struct describe_survey *survey,
                                 const struct wasm_module *module,
                                 const char *default_name,
                                 const struct describe_flags *flags,
                                 struct arena *arena, struct diag *diag);

/* "module", "probe", "flag", … for inspect. */
const char *patch_source_name(enum patch_source source);

/* "current", "js", "other" for inspect. */
const char *patch_generation_name(enum patch_generation generation);

#endif
