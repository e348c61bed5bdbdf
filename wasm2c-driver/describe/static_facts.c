/* SPDX-License-Identifier: MIT */
#include "describe/static_facts.h"

enum {
    MAX_BLOCK_FRAMES = 16384,
    MAX_NESTING = 64, /* deeper code is left alone */
};

static bool imports_memory_from(const struct wasm_module *module,
                                const char *name)
{
    for (uint32_t i = 0; i < module->import_count; i++) {
        if (module->imports[i].kind == WASM_MEMORY &&
            wasm_name_equals(module->imports[i].module, name)) {
            return true;
        }
    }
    return false;
}

enum patch_generation static_facts_generation(const struct wasm_module *module)
{
    if (imports_memory_from(module, "js")) {
        return GENERATION_JS;
    }
    bool has_defaults =
        wasm_find_export(module, WASM_FUNCTION, "initDefaults") != NULL;
    return has_defaults && imports_memory_from(module, "host")
               ? GENERATION_CURRENT
               : GENERATION_OTHER;
}

/* One open block, loop or if of the body. */
struct level {
    bool is_loop;
    uint32_t bound; /* of a loop; 0: unknown */
    uint64_t calls; /* of main, per pass */
};

/* Where the walk is within `constant, compare, [eqz,] br_if` or `..., if, br`,
 * which is how loops end. */
enum exit_state {
    EXIT_NONE,
    EXIT_CONSTANT,
    EXIT_COMPARED,
    EXIT_IF,
    EXIT_FOUND
};

struct scan {
    struct level levels[MAX_NESTING];
    uint32_t depth;
    uint32_t loop_depth;
    uint32_t main_function;
    uint32_t outer_bound; /* of the outermost loops, 0: none yet */
    bool has_outer_clash; /* they differ, or one is unknown */
    bool is_unclear;      /* main is called in a loop without a bound */
    enum exit_state state;
    uint32_t constant;
};

static enum exit_state next_state(const struct scan *scan,
                                  const struct wasm_insn *insn)
{
    if (insn->code == 0x41) { /* i32.const */
        return EXIT_CONSTANT;
    }
    bool is_compare = insn->code >= 0x46 && insn->code <= 0x4f;
    if (scan->state == EXIT_CONSTANT && is_compare) {
        return EXIT_COMPARED;
    }
    if (scan->state == EXIT_COMPARED) {
        switch (insn->code) {
        case 0x45: /* i32.eqz */
            return EXIT_COMPARED;
        case 0x0d: /* br_if */
            return EXIT_FOUND;
        case 0x04: /* if */
            return EXIT_IF;
        default:
            return EXIT_NONE;
        }
    }
    return scan->state == EXIT_IF && insn->code == 0x0c ? EXIT_FOUND
                                                        : EXIT_NONE;
}

/* Whichever bound is lower ends the loop first. */
static void set_bound(struct scan *scan)
{
    for (uint32_t i = scan->depth; i > 0; i--) {
        struct level *level = &scan->levels[i - 1];
        if (level->is_loop) {
            if (scan->constant > 1 &&
                (level->bound == 0 || scan->constant < level->bound)) {
                level->bound = scan->constant;
            }
            return;
        }
    }
}

static void close_level(struct scan *scan)
{
    struct level level = scan->levels[--scan->depth];
    uint64_t passes = 1;
    if (level.is_loop) {
        passes = level.bound;
        scan->loop_depth--;
        scan->is_unclear =
            scan->is_unclear || (level.calls > 0 && level.bound == 0);
        if (scan->loop_depth == 0) {
            scan->has_outer_clash =
                scan->has_outer_clash || level.bound == 0 ||
                (scan->outer_bound != 0 && scan->outer_bound != level.bound);
            scan->outer_bound = level.bound;
        }
    }
    if (scan->depth > 0) {
        uint64_t calls = level.calls * passes;
        calls += scan->levels[scan->depth - 1].calls;
        scan->levels[scan->depth - 1].calls =
            calls > MAX_BLOCK_FRAMES ? MAX_BLOCK_FRAMES + 1 : calls;
    } else {
        scan->levels[0] = level;
    }
}

static bool scan_insn(struct scan *scan, const struct wasm_insn *insn)
{
    scan->state = next_state(scan, insn);
    if (scan->state == EXIT_CONSTANT) {
        scan->constant = (uint32_t)insn->constant;
    } else if (scan->state == EXIT_FOUND) {
        set_bound(scan);
    }
    switch (insn->code) {
    case 0x02: /* block, loop, if */
    case 0x03:
    case 0x04:
        if (scan->depth == MAX_NESTING) {
            return false;
        }
        scan->loop_depth += insn->code == 0x03;
        scan->levels[scan->depth++] =
            (struct level){.is_loop = insn->code == 0x03};
        return true;
    case 0x0b: /* end */
        close_level(scan);
        return true;
    case 0x10: /* call */
        scan->levels[scan->depth - 1].calls +=
            insn->index == scan->main_function;
        return true;
    default:
        return true;
    }
}

uint32_t static_facts_block_frames(const struct wasm_module *module,
                                   uint32_t buffer_function,
                                   uint32_t main_function)
{
    const struct wasm_function *body = &module->functions[buffer_function];
    struct scan scan = {.depth = 1, .main_function = main_function};
    struct diag diag;
    diag_init(&diag, NULL);
    if (body->is_imported) {
        return 0;
    }
    for (size_t at = body->code_offset; at < body->end_offset;) {
        struct wasm_insn insn;
        if (!wasm_insn_read(module, &at, body->end_offset, &insn, &diag) ||
            !scan_insn(&scan, &insn)) {
            return 0;
        }
    }
    uint64_t frames = scan.levels[0].calls;
    if (frames == 0 && !scan.has_outer_clash) {
        frames = scan.outer_bound;
    }
    bool is_plausible =
        !scan.is_unclear && frames > 1 && frames <= MAX_BLOCK_FRAMES;
    return is_plausible ? (uint32_t)frames : 0;
}

/* 'is_distinct': a number that means nothing but a sample rate. The others may
 * also be lengths and cutoff frequencies. */
static const struct {
    uint32_t hz;
    bool is_distinct;
} rates[] = {
    {8000, false},  {11025, true},  {16000, false}, {22050, true},
    {24000, false}, {32000, false}, {44100, true},  {48000, true},
    {88200, true},  {96000, true},  {176400, true}, {192000, true},
};

enum { RATE_COUNT = sizeof(rates) / sizeof(rates[0]) };

/* i32.const: an address unless something computes with it. */
static bool is_integer_rate(const struct wasm_insn *insn, unsigned i,
                            uint32_t next)
{
    bool is_factor = next == 0x6c || next == 0x6d || next == 0x6e; /* mul div */
    bool is_converted =
        next == 0xb2 || next == 0xb3 || next == 0xb7 || next == 0xb8;
    bool is_remainder = next == 0x6f || next == 0x70;
    return insn->constant == rates[i].hz &&
           (is_factor || is_converted ||
            (is_remainder && rates[i].is_distinct));
}

static bool is_float_rate(double value, double inverse, double constant,
                          unsigned i, uint32_t next)
{
    bool is_divisor = next == 0x95 || next == 0xa3; /* f32.div f64.div */
    return (constant == value && (rates[i].is_distinct || is_divisor)) ||
           (constant == inverse && rates[i].is_distinct);
}

static bool is_rate(const struct wasm_insn *insn, unsigned i, uint32_t next)
{
    double hz = rates[i].hz;
    if (insn->code == 0x41) {
        return is_integer_rate(insn, i, next);
    }
    if (insn->code == 0x43) { /* f32.const */
        uint32_t bits = (uint32_t)insn->constant;
        float constant = 0;
        memcpy(&constant, &bits, sizeof(constant));
        return is_float_rate(hz, (double)(float)(1.0 / hz), (double)constant, i,
                             next);
    }
    if (insn->code == 0x44) { /* f64.const */
        double constant = 0;
        memcpy(&constant, &insn->constant, sizeof(constant));
        return is_float_rate(hz, 1.0 / hz, constant, i, next);
    }
    return false;
}

/* Bit i of the result: rates[i] occurs in the body. */
static uint32_t rates_in_body(const struct wasm_module *module,
                              const struct wasm_function *body)
{
    struct diag diag;
    diag_init(&diag, NULL);
    struct wasm_insn insn = {0};
    struct wasm_insn next;
    uint32_t found = 0;
    for (size_t at = body->code_offset;
         at < body->end_offset &&
         wasm_insn_read(module, &at, body->end_offset, &next, &diag);) {
        for (unsigned i = 0; i < RATE_COUNT; i++) {
            if (is_rate(&insn, i, next.code)) {
                found |= UINT32_C(1) << i;
            }
        }
        insn = next;
    }
    return found;
}

uint32_t static_facts_sample_rate(const struct wasm_module *module)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (!module->functions[i].is_imported) {
            found |= rates_in_body(module, &module->functions[i]);
        }
    }
    uint32_t rate = 0;
    for (unsigned i = 0; i < RATE_COUNT; i++) {
        if ((found >> i & 1) != 0) {
            /* A lower one may be the Nyquist frequency. */
            bool is_half = rate < 44100 && rates[i].hz == 2 * rate;
            if (rate != 0 && !is_half) {
                return 0;
            }
            rate = rates[i].hz;
        }
    }
    return rate;
}
