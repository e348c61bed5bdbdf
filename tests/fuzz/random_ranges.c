/* SPDX-License-Identifier: MIT */
/*
 * random_ranges [FILES...] --count N --seed S [--first I] [--mutant]
 *
 * Analyses random modules, or the files given one after the other, every other
 * one by candidates, and runs them in the interpreter, where each claim is
 * compared with the number that is there, without code of the analysis. The
 * host calls and writes what it may in any order; like the engine it runs the
 * annotated block only while all invariants hold. Module number i of seed s is
 * always the same: --first i --count 1 repeats a failure. With --mutant
 * (tests/mutants) the analysis is known to be wrong, and the modules with a
 * false claim are counted, and those of them whose certificate is refused.
 */
#include "describe/describe.h"
#include "interp/interp.h"
#include "random_code.h"
#include "ranges/analysis/certificate_write.h"
#include "ranges/check/check.h"
#include "ranges/ranges.h"
#include "tables/copies.h"
#include "tables/indirect.h"
#include "translate/normalise.h"
#include "wasm/validate.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    CALLS = 60,
    CALL_FUEL = 200000,
    BLOCK_FRAMES = 4,
    INPUT_BYTES = BLOCK_FRAMES * 4,
    MAX_ASSETS = 2,
    ASSET_BYTES = 24,
    KEEP_BYTES = 1 << 20,
    MAX_FILE_BYTES = 1 << 20,
    MANY = 100, /*
                 * modules, of which as many facts are expected
                 *
                 * Analyses random modules, or the files given one after the
                 * other, every other one by candidates, and runs them in the
                 * interpreter, where each claim is compared with the number
                 * that is there, without code of the analysis. The host calls
                 * and writes what it may in any order; like the engine it runs
                 * the annotated block only while all invariants hold. Module
                 * number i of seed s is always the same: --first i --count 1
                 * repeats a failure. With --mutant (tests/mutants) the analysis
                 * is known to be wrong, and the modules with a false claim are
                 * counted, and those of them whose certificate is refused.
                 */
    FACTS_EACH = 100,
};

struct session {
    char **files; /* or none: random modules */
    int file_count;
    uint8_t file_bytes[MAX_FILE_BYTES];
    struct arena arena;
    struct diag diag;
    struct random_numbers numbers;
    struct wasm_module module;
    struct wasm_module proving;
    struct patch patch;
    struct patch_asset assets[MAX_ASSETS];
    uint8_t asset_bytes[MAX_ASSETS][ASSET_BYTES];
    struct ranges ranges;
    struct interp *plain;
    struct interp *proven;
    struct random_numbers given; /* for the import, the same in both */
    bool is_general;             /* the invariants may not hold */
    bool is_refused;             /* by the check of its certificate */
    bool is_mutant;              /* the analysis is known to be wrong */
    const char *broken;          /* the first contradiction, or NULL */
    uint64_t facts;
    uint64_t analysed;
    uint64_t useful;
    uint64_t copies;  /* of functions */
    uint64_t kept;    /* promoted */
    uint64_t guards;  /* of loads that may alias them */
    uint64_t guided;  /* by candidates */
    uint64_t refused; /* certificates */
    uint64_t wrong;   /* modules with a false claim */
    uint64_t caught;  /* of these, refused by the check */
    uint64_t calls;
    uint64_t proven_calls;
};

static void give_any(void *user, uint32_t function, uint64_t *slots)
{
    struct session *session = user;
    const struct wasm_module *module = &session->module;
    if (function < module->imported_function_count) {
        for (uint32_t i = 0;
             i < wasm_function_type(module, function)->result_count; i++) {
            slots[i] = random_word(&session->given);
        }
        return;
    }
    uint32_t value = (uint32_t)slots[0];
    uint32_t first = (uint32_t)slots[1];
    uint32_t last = (uint32_t)slots[2];
    uint32_t mask = (uint32_t)slots[3];
    session->facts++;
    if (session->broken == NULL &&
        (value - first > last - first || ((value - first) & mask) != 0)) {
        session->broken =
            arena_format(&session->arena, "%d is not in [%d, %d] & %u",
                         (int32_t)value, (int32_t)first, (int32_t)last, mask);
    }
}

static bool do_invariants_hold(const struct session *session)
{
    for (uint32_t i = 0; i < session->ranges.analysis.invariant_count; i++) {
        const struct memory_span *span =
            &session->ranges.analysis.invariants[i];
        uint64_t size = 0;
        const uint8_t *memory = interp_memory(
            session->proven, (uint32_t)(span->start >> 32), &size);
        for (uint64_t at = span->start; at < span->end; at += 4) {
            uint32_t word = 0;
            memcpy(&word, memory + (uint32_t)at, sizeof(word));
            if (!range_contains(&span->range, word)) {
                return false;
            }
        }
    }
    return true;
}

static void expect(struct session *session, bool holds, const char *what)
{
    if (!holds && session->broken == NULL) {
        session->broken = what;
    }
}

/*
 * A call in the annotated module. When words are promoted, only the clone of
 * the block function is used, as the engine does; else the clones of all
 * functions.
 */
static enum interp_result call_proving(struct session *session,
                                       uint32_t function, bool *has_claims)
{
    struct interp_stop stop;
    uint64_t fuel = UINT64_C(16) * CALL_FUEL;
    const struct analysis *analysis = &session->ranges.analysis;
    uint32_t defined = session->module.function_count -
                       session->module.imported_function_count;
    uint32_t fill = session->proving.function_count - 2;
    *has_claims =
        !session->is_general && (session->ranges.promotion == NULL ||
                                 function == analysis->block_function);
    if (!*has_claims) {
        return interp_call(session->proven, function + 1, &fuel, &stop);
    }
    expect(session,
           interp_call(session->proven, fill, &fuel, &stop) == INTERP_DONE,
           "words cannot be kept");
    enum interp_result result =
        interp_call(session->proven, function + 1 + defined, &fuel, &stop);
    expect(session,
           result == INTERP_OUT_OF_FUEL ||
               interp_call(session->proven, fill + 1, &fuel, &stop) !=
                   INTERP_TRAP,
           "kept words cannot be put back");
    return result;
}

/* False when the call did not return. */
static bool call(struct session *session, uint32_t function)
{
    struct interp_stop stop;
    uint64_t fuel = CALL_FUEL;
    bool has_claims = false;
    session->is_general = session->is_general && !do_invariants_hold(session);
    const struct random_numbers given = {
        random_any(&session->numbers, UINT32_MAX)};
    session->calls++;
    session->given = given;
    enum interp_result result =
        interp_call(session->plain, function, &fuel, &stop);
    session->given = given;
    enum interp_result proven = call_proving(session, function, &has_claims);
    session->proven_calls += has_claims ? 1 : 0;
    if (result == INTERP_OUT_OF_FUEL || proven == INTERP_OUT_OF_FUEL) {
        return false; /* the two memories may differ */
    }
    expect(session, result == proven, "only one of two runs traps");
    for (uint32_t i = 0; i < session->module.memory_count; i++) {
        uint64_t size = 0;
        const uint8_t *a = interp_memory(session->plain, i, &size);
        const uint8_t *b = interp_memory(session->proven, i, &size);
        /* All of it now and then: comparing takes longer than the call. */
        if (random_any(&session->numbers, 64) > 0) {
            size = 1024;
        }
        expect(session, memcmp(a, b, size) == 0, "the memories differ");
    }
    if (result == INTERP_TRAP) {
        session->is_general = true;
    } else if (!session->is_general) {
        expect(session, do_invariants_hold(session),
               "a call breaks an invariant");
    }
    return true;
}

static void put(struct session *session, uint32_t memory, uint32_t address,
                const void *bytes, uint32_t size)
{
    uint64_t room = 0;
    memcpy(interp_memory(session->plain, memory, &room) + address, bytes, size);
    memcpy(interp_memory(session->proven, memory, &room) + address, bytes,
           size);
}

/* The place of an input or an asset: often on words that are used. */
static uint32_t place(struct session *session)
{
    uint32_t end = random_any(&session->numbers, 3) == 0
                       ? RANDOM_CODE_END
                       : RANDOM_CODE_CELL + RANDOM_CODE_CELLS * 4;
    return random_any(&session->numbers, end);
}

/* A host's write of any bytes, anywhere, after which it looks at the
 * invariants. */
static void write_any(struct session *session)
{
    uint32_t words[3];
    for (int i = 0; i < 3; i++) {
        words[i] = random_word(&session->numbers);
    }
    put(session,
        random_any(&session->numbers, 8) == 0 &&
                session->module.memory_count > 1
            ? 1
            : 0,
        place(session), words,
        1 + random_any(&session->numbers, sizeof(words)));
    session->is_general = session->is_general || !do_invariants_hold(session);
}

/* Inputs are written without a look at the invariants. */
static void write_inputs(struct session *session)
{
    uint32_t words[BLOCK_FRAMES];
    for (int i = 0; i < BLOCK_FRAMES; i++) {
        words[i] = random_word(&session->numbers);
    }
    for (uint32_t i = 0; i < session->patch.input_count; i++) {
        put(session, 0, session->patch.inputs[i].address, words, INPUT_BYTES);
    }
    expect(session, session->is_general || do_invariants_hold(session),
           "an input breaks an invariant");
}

static void write_assets(struct session *session)
{
    for (uint32_t i = 0; i < session->patch.asset_count; i++) {
        const struct patch_asset *asset = &session->patch.assets[i];
        put(session, 0, asset->address, asset->bytes, asset->size);
    }
    /* The bytes of an asset mix with what the patch has left in its words. */
    session->is_general = session->is_general || !do_invariants_hold(session);
}

static void exercise(struct session *session)
{
    uint32_t init = session->patch.init_function;
    session->is_general = true; /* until the assets are loaded */
    bool goes_on = call(session, init);
    write_assets(session);
    expect(session, do_invariants_hold(session), "not at the start");
    for (unsigned i = 0; i < CALLS && goes_on && session->broken == NULL; i++) {
        uint32_t what = random_any(&session->numbers, 40);
        if (what < 3) {
            write_any(session);
        } else if (what < 6) {
            write_inputs(session);
        } else if (what == 7) {
            goes_on = call(session, init);
        } else if (what == 8) {
            goes_on = call(session, init);
            write_assets(session);
        } else {
            const struct wasm_export *root =
                &session->module.exports[random_any(
                    &session->numbers, session->module.export_count)];
            goes_on = root->kind != WASM_FUNCTION || root->index == init ||
                      call(session, root->index);
        }
    }
}

static uint32_t find_function(const struct wasm_module *module,
                              const char *name, const char *old_name)
{
    const struct wasm_export *export =
        wasm_find_export(module, WASM_FUNCTION, name);
    export = export != NULL ? export
                            : wasm_find_export(module, WASM_FUNCTION, old_name);
    return export != NULL ? export->index : UINT32_MAX;
}

/* The description of the module as a patch; some have inputs and assets. */
static void make_patch(struct session *session)
{
    const struct wasm_module *module = &session->module;
    struct patch *patch = &session->patch;
    *patch = (struct patch){
        .module = module,
        .init_function = find_function(module, "initDefaults", "init"),
        .buffer_function = find_function(module, "buffer", "buffer"),
        .main_function = find_function(module, "main", "cycle"),
        .block_frames = BLOCK_FRAMES,
        .assets = session->assets,
    };
    patch->is_driven_by_main = patch->buffer_function == UINT32_MAX;
    if (random_any(&session->numbers, 3) == 0) {
        patch->input_count = 1 + random_any(&session->numbers, 2);
        for (uint32_t i = 0; i < patch->input_count; i++) {
            patch->inputs[i].address = place(session);
        }
    }
    if (random_any(&session->numbers, 3) == 0) {
        patch->asset_count = 1 + random_any(&session->numbers, MAX_ASSETS);
    }
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        for (int k = 0; k < ASSET_BYTES; k += 4) {
            uint32_t word = random_word(&session->numbers);
            memcpy(&session->asset_bytes[i][k], &word, sizeof(word));
        }
        session->assets[i] = (struct patch_asset){
            .address = place(session),
            .bytes = session->asset_bytes[i],
            .size = random_any(&session->numbers, ASSET_BYTES + 1)};
    }
}

static struct buf read_file(struct session *session, uint64_t number)
{
    const char *path = session->files[number % (uint64_t)session->file_count];
    struct buf bytes;
    buf_init(&bytes, &session->arena);
    FILE *file = fopen(path, "rb");
    if (file != NULL) {
        size_t size = fread(session->file_bytes, 1, MAX_FILE_BYTES, file);
        (void)fclose(file);
        buf_add(&bytes, session->file_bytes, size);
    }
    return bytes;
}

/* False when there is nothing to run. */
static bool prepare(struct session *session, uint64_t number)
{
    struct arena *arena = &session->arena;
    struct normalised normalised;
    struct buf bytes = session->file_count > 0
                           ? read_file(session, number)
                           : random_code(&session->numbers, arena);
    struct wasm_module file;
    struct wasm_module direct;
    if (!wasm_read(&file, bytes.bytes, bytes.length, arena, &session->diag) ||
        !wasm_validate(&file, arena, &session->diag) ||
        !indirect_resolve(&direct, &file, arena, &session->diag)) {
        session->broken =
            arena_format(arena, "not valid: %s", session->diag.text);
        return false;
    }
    copies_make(&session->module, &direct, arena);
    session->copies += session->module.made_count - direct.made_count;
    make_patch(session);
    session->ranges = (struct ranges){.promotion = NULL};
    if (number % 2 == 0) {
        analysis_run(&session->ranges.analysis, &session->patch, false, arena);
    } else {
        analysis_run_guided(&session->ranges.analysis, &session->patch, arena);
    }
    if (session->ranges.analysis.failure != NULL ||
        session->patch.init_function == UINT32_MAX ||
        session->ranges.analysis.block_function == UINT32_MAX) {
        return false;
    }
    session->analysed++;
    session->guided += session->ranges.analysis.is_guided ? 1 : 0;
    session->useful += ranges_are_useful(&session->ranges) ? 1 : 0;
    const char *reason = NULL;
    struct buf text;
    buf_init(&text, arena);
    certificate_write(&text, &session->ranges.analysis, arena);
    session->is_refused = !check_certificate(buf_string(&text), &session->patch,
                                             false, &reason, arena);
    session->refused += session->is_refused ? 1 : 0;
    if (random_any(&session->numbers, 2) == 0) {
        session->ranges.promotion =
            promote_find(&session->ranges.analysis, arena);
        session->kept += session->ranges.promotion->word_count;
        for (uint32_t i = 0; i < session->ranges.analysis.bodies.site_count;
             i++) {
            session->guards +=
                session->ranges.promotion->guards[i].is_guarded ? 1 : 0;
        }
    }
    if (!wasm_normalise(&normalised, &session->module, &session->ranges, arena,
                        &session->diag) ||
        !wasm_read(&session->proving, normalised.bytes, normalised.size, arena,
                   &session->diag) ||
        !wasm_validate(&session->proving, arena, &session->diag)) {
        session->broken = arena_format(arena, "not valid with its ranges: %s",
                                       session->diag.text);
        return false;
    }
    return true;
}

static void run_module(struct session *session, uint64_t number)
{
    diag_init(&session->diag, NULL);
    session->is_general = false;
    session->is_refused = false;
    session->broken = NULL;
    if (!prepare(session, number)) {
        return;
    }
    if (!interp_create(&session->plain, &session->module, &session->arena,
                       &session->diag)) {
        session->broken = session->diag.text;
        return;
    }
    if (interp_create(&session->proven, &session->proving, &session->arena,
                      &session->diag)) {
        const struct interp_watch watch = {.import = give_any, .user = session};
        interp_watch(session->plain, &watch);
        interp_watch(session->proven, &watch);
        exercise(session);
        interp_destroy(session->proven);
    } else {
        session->broken = session->diag.text;
    }
    interp_destroy(session->plain);
}

static int run(struct session *session, uint64_t first, uint64_t count,
               uint64_t seed)
{
    int status = EXIT_SUCCESS;
    arena_init(&session->arena, 0);
    for (uint64_t i = first; i - first < count && status == EXIT_SUCCESS; i++) {
        session->numbers.state = seed * UINT64_C(0x2545f4914f6cdd1d) ^
                                 i * UINT64_C(0xd1342543de82ef95);
        run_module(session, i);
        if (session->broken != NULL && session->is_mutant) {
            session->wrong++;
            session->caught += session->is_refused ? 1 : 0;
        } else if (session->broken != NULL) {
            (void)fprintf(stderr, "random_ranges: seed %llu, module %llu: %s\n",
                          (unsigned long long)seed, (unsigned long long)i,
                          session->broken);
            status = EXIT_FAILURE;
        }
        if (session->arena.used > KEEP_BYTES) {
            arena_deinit(&session->arena);
        }
    }
    arena_deinit(&session->arena);
    if (session->is_mutant) {
        (void)printf("%llu wrong, %llu of them refused; ",
                     (unsigned long long)session->wrong,
                     (unsigned long long)session->caught);
    } else if (count >= MANY &&
               (session->analysed < count / 2 || session->kept < count / 4 ||
                (session->file_count == 0 && (session->guards < count / 400 ||
                                              session->copies < count / 4)) ||
                session->facts < FACTS_EACH * count)) {
        (void)fprintf(stderr, "random_ranges: hardly anything was claimed\n");
        status = EXIT_FAILURE;
    }
    if (!session->is_mutant &&
        session->refused > (session->file_count > 0 ? 0 : count / MANY)) {
        (void)fprintf(stderr, "random_ranges: too many proofs are refused\n");
        status = EXIT_FAILURE;
    }
    (void)printf(
        "%llu modules of seed %llu: %llu analysed, %llu with proven "
        "addresses, %llu of them by candidates, %llu copies of "
        "functions, %llu words kept, %llu guards, %llu proofs refused; "
        "%llu calls, %llu of them with %llu facts\n",
        (unsigned long long)count, (unsigned long long)seed,
        (unsigned long long)session->analysed,
        (unsigned long long)session->useful,
        (unsigned long long)session->guided,
        (unsigned long long)session->copies, (unsigned long long)session->kept,
        (unsigned long long)session->guards,
        (unsigned long long)session->refused,
        (unsigned long long)session->calls,
        (unsigned long long)session->proven_calls,
        (unsigned long long)session->facts);
    return status;
}

int main(int argc, char **argv)
{
    static struct session session;
    uint64_t count = 1000;
    uint64_t seed = 1;
    uint64_t first = 0;
    while (session.file_count + 1 < argc &&
           strncmp(argv[session.file_count + 1], "--", 2) != 0) {
        session.file_count++;
    }
    session.files = argv + 1;
    for (int i = session.file_count + 1; i < argc; i++) {
        if (strcmp(argv[i], "--mutant") == 0) {
            session.is_mutant = true;
            continue;
        }
        uint64_t *number = strcmp(argv[i], "--count") == 0   ? &count
                           : strcmp(argv[i], "--seed") == 0  ? &seed
                           : strcmp(argv[i], "--first") == 0 ? &first
                                                             : NULL;
        if (number == NULL || i + 1 == argc) {
            (void)fprintf(stderr,
                          "usage: random_ranges [FILES...] --count N --seed S "
                          "[--first I] [--mutant]\n");
            return EXIT_FAILURE;
        }
        *number = strtoull(argv[++i], NULL, 10);
    }
    return run(&session, first, count, seed);
}
