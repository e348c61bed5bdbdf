/* SPDX-License-Identifier: MIT */
/*
 * Stage 'describe': module, manifest and flags become struct patch. Flags
 * override the manifest, which overrides the probe (probe.h), which overrides
 * properties of the code (static_facts.h).
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

/* Values of the command line; zero, NULL or empty: not given. */
struct describe_flags {
    const char *name;
    /* --entry: the export that a block calls block_frames times, also when
     * there is a 'buffer'. NULL: buffer once, or main block_frames times. */
    const char *entry;
    uint32_t block_frames;
    uint32_t sample_rate; /* Hz */
    const struct describe_channel *outputs;
    uint32_t output_count;
    const struct describe_channel *inputs;
    uint32_t input_count;
    const struct patch_asset *assets; /* bytes already read, in load order */
    uint32_t asset_count;
    /* The project or manifest, after manifest_check(); NULL: none. */
    const struct manifest *manifest;
    bool explains_ranges; /* inspect --ranges */
};

/*
 * Fill 'patch' from a supported, validated module. 'default_name' is the
 * input's base name. Runs the probe in a child process unless flags or manifest
 * determine outputs and inputs. Fails (input) when a channel or an asset does
 * not fit in memory 0, when the patch traps or does not end before an output is
 * found, or when more than two outputs are found (the hint lists the --out
 * options); (usage) for a wrong flag; (system).
 */
F4E_MUST_CHECK bool patch_describe(struct patch *patch,
                                   const struct wasm_module *module,
                                   const char *default_name,
                                   const struct describe_flags *flags,
                                   struct arena *arena, struct diag *diag);

/* The probe's result, for inspect. */
struct describe_survey {
    bool can_run; /* set by the caller: the module is supported and valid */
    bool has_probe;
    struct probe_result probe; /* valid when has_probe */
};

/*
 * The same for inspect: takes any module that wasm_read() accepts, and runs the
 * probe only if survey->can_run. Input errors become notices. Fails (usage) for
 * a wrong flag, (system).
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
