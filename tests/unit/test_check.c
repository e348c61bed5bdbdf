/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "observe.h"
#include "plain_patch.h"
#include "ranges/check/check.h"
#include "ranges/ranges.h"
#include "suite.h"
#include "vector.h"

#include <inttypes.h>
#include <stdlib.h>

/* The certificate that the analysis finds. */
static const char *prove(struct ranges *ranges, const struct patch *patch)
{
    ranges_find(ranges, patch, false, &arena);
    ck_assert_msg(ranges->certificate != NULL, "%s", ranges->analysis.failure);
    return ranges->certificate;
}

static bool holds(const char *text, const struct patch *patch)
{
    const char *reason = NULL;
    struct arena own; /* there are many */
    arena_init(&own, 0);
    bool ok = check_certificate(text, patch, false, &reason, &own);
    ck_assert(ok || reason != NULL);
    arena_deinit(&own);
    return ok;
}

/* ---- Texts ---- */

/* The certificate of sine_stereo with one line changed: 'from' is its start,
 * 'to' replaces it; NULL removes it. */
static const struct {
    const char *name;
    const char *from;
    const char *to;
    bool holds;
} texts[] = {
    {"as it is", "", "", true},
    {"an address that is not claimed", "address 20", NULL, true},
    {"a value that is not claimed", "value 19", NULL, true},
    {"a wider value", "value 19", "value 19 0 128 0 0", true},
    {"a word that is not relied on", "relies 0 520", NULL, false},
    {"a word relied on too much", "relies 0 520", "relies 0 520 4 0 126 0 0",
     false},
    {"a narrower address", "address 30", "address 30 528 1032 0 2", false},
    {"an address beyond the memory", "address 30",
     "address 30 -2147483648 2147483647 0 0", false},
    {"a narrower value", "value 19", "value 19 0 126 0 0", false},
    {"low bits that are not", "value 19", "value 19 0 126 0 1", false},
    {"a round that is not so before", "round 0 128", "round 1 128 0 0", false},
    {"a round that is not so after", "round 0 128", "round 0 127 0 0", false},
    {"a slot that does not change", "slot 0", NULL, false},
    {"a word of which the loop knows nothing", "word 0 520", NULL, true},
    {"two words that are not equal", "word 0 520", "word 0 520 1", false},
    {"a slot that there is not", "slot 0", "slot 77 0", false},
    {"another function", "path 0", "path 0 77", false},
    {"a loop elsewhere", "path 1", "path 1 7", false},
    /* No certificates at all: */
    {"another word", "value 19", "rumour 19 0 127 0 0", false},
    {"a long word", "value 19", "valuevaluevalue 19 0 127 0 0", false},
    {"no word", "value 19", "19 0 127 0 0", false},
    {"a number too few", "value 19", "value 19 0 127 0", false},
    {"a number too many", "value 19", "value 19 0 127 0 0 0", false},
    {"eight numbers", "value 19", "value 19 0 127 0 0 0 0 0", false},
    {"two blanks", "value 19", "value 19  0 127 0 0", false},
    {"a letter", "value 19", "value 19 0 127 0 x", false},
    {"a lone sign", "value 19", "value 19 - 127 0 0", false},
    {"a number of twelve digits", "value 19", "value 19 0 127000000000 0 0",
     false},
    {"a number beyond 32 bits", "value 19", "value 19 0 2147483648 0 0", false},
    {"crossed bounds", "value 19", "value 19 127 0 0 0", false},
    {"33 bits", "value 19", "value 19 0 127 0 33", false},
    {"a negative count of bits", "value 19", "value 19 0 127 0 -1", false},
    {"a residue with too many bits", "value 19", "value 19 0 127 2 1", false},
    {"a negative residue", "value 19", "value 19 0 127 -1 1", false},
    {"a bound that the low bits forbid", "value 19", "value 19 0 127 0 1",
     false},
    {"a site that there is not", "value 19", "value 9999 0 127 0 0", false},
    {"a negative site", "value 19", "value -1 0 127 0 0", false},
    {"a site twice", "value 19", "value 19 0 127 0 0\nvalue 19 0 127 0 0",
     false},
    {"an address of a condition", "value 5", "address 5 0 1 0 0", false},
    {"an address twice", "address 20",
     "address 20 4 4 4 32\naddress 20 4 4 4 "
     "32",
     false},
    {"a value of a float", "address 30", "value 30 0 1 0 0", false},
    {"a word outside the memory", "relies 0 520", "relies 0 65536 4 0 1 0 0",
     false},
    {"words across the end of the memory", "relies 0 1040",
     "relies 0 65532 8 0 1 0 0", false},
    {"no words", "relies 0 520", "relies 0 520 0 0 127 0 0", false},
    {"half a word", "relies 0 520", "relies 0 520 2 0 127 0 0", false},
    {"a memory that there is not", "relies 0 520", "relies 1 520 4 0 127 0 0",
     false},
    {"an unaligned word", "relies 0 520", "relies 0 521 4 0 127 0 0", false},
    {"words that come back", "relies 0 520", "relies 0 0 4 0 127 0 0", false},
    {"words that overlap", "relies 0 520",
     "relies 0 520 8 0 127 0 0\nrelies 0 524 4 0 127 0 0", false},
    {"a round before any path", "relies 0 520", "round 0 127 0 0", false},
    {"a path from a later one", "path 0", "path 2 3", false},
    {"a path from itself", "path 1", "path 2 197", false},
    {"a path twice", "path 0", "path 0 3\npath 0 3", false},
    {"a slot of no round", "slot 0", "slot 0 9", false},
    {"a negative slot", "slot 0", "slot -1 0", false},
    {"a slot twice", "slot 0", "slot 0 0\nslot 0 0", false},
    {"a word of no memory", "word 0 520", "word 3 520 2", false},
    {"a word twice", "word 0 520", "word 0 520 2\nword 0 520 2", false},
};

/* Replace the first line that starts with 'from'. */
static const char *replace_line(const char *text, const char *from,
                                const char *to)
{
    struct buf out;
    const char *at = text;
    buf_init(&out, &arena);
    while (*at != '\0' && strncmp(at, from, strlen(from)) != 0) {
        at += strcspn(at, "\n") + 1;
    }
    ck_assert_msg(*at != '\0', "no line '%s' in\n%s", from, text);
    if (from[0] == '\0') {
        return text;
    }
    buf_add(&out, text, (size_t)(at - text));
    if (to != NULL) {
        buf_format(&out, "%s\n", to);
    }
    buf_text(&out, at + strcspn(at, "\n") + 1);
    return buf_string(&out);
}

START_TEST(tells_proofs_from_other_texts)
{
    struct wasm_module module;
    struct ranges ranges;
    vector_module(&module, "sine_stereo", false, &arena);
    const struct patch patch = plain_patch(&module);
    const char *text =
        replace_line(prove(&ranges, &patch), texts[_i].from, texts[_i].to);
    ck_assert_msg(holds(text, &patch) == texts[_i].holds, "%s:\n%s",
                  texts[_i].name, text);
}
END_TEST

/* A text and a byte offset, which wasm-objdump shows too. */
START_TEST(says_what_and_where)
{
    static const char begin[] = "an address is not what the proof says at "
                                "byte 0x";
    struct wasm_module module;
    struct ranges ranges;
    const char *reason = NULL;
    vector_module(&module, "sine_stereo", false, &arena);
    const struct patch patch = plain_patch(&module);
    const char *text = replace_line(prove(&ranges, &patch), "address 30",
                                    "address 30 528 1032 0 2");
    ck_assert(!check_certificate(text, &patch, false, &reason, &arena));
    ck_assert_msg(strncmp(reason, begin, strlen(begin)) == 0, "%s", reason);
    size_t byte = strtoul(reason + strlen(begin), NULL, 16);
    uint32_t found = 0;
    for (uint32_t i = 0; i < ranges.analysis.bodies.module->function_count;
         i++) {
        const struct wasm_body *function = &ranges.analysis.bodies.functions[i];
        for (uint32_t k = 0; k < function->op_count; k++) {
            const struct body_op *op = &function->ops[k];
            found += op->site == 30 && op->insn.offset == byte ? 1 : 0;
        }
    }
    ck_assert_msg(found == 1, "byte %zu", byte);
}
END_TEST

/* A certificate cut anywhere claims less, or is none. */
START_TEST(survives_texts_that_are_cut)
{
    struct wasm_module module;
    struct ranges ranges;
    vector_module(&module, "sine_stereo", false, &arena);
    const struct patch patch = plain_patch(&module);
    const char *text = prove(&ranges, &patch);
    for (size_t length = 0; length < strlen(text); length++) {
        const char *cut = arena_copy(&arena, text, length);
        bool is_whole = length == 0 || text[length - 1] == '\n';
        ck_assert_msg(!holds(cut, &patch) || is_whole, "%zu bytes hold",
                      length);
    }
}
END_TEST

/* ---- Patches ---- */

/* A certificate is of one patch: what the host may do is part of it. */
START_TEST(is_of_one_patch)
{
    static const uint8_t word[4] = {0, 0, 1, 0};
    struct patch_asset asset = {.address = 520, .bytes = word, .size = 4};
    struct wasm_module module;
    struct ranges ranges;
    const char *reason = NULL;
    vector_module(&module, "sine_stereo", false, &arena);
    const struct patch patch = plain_patch(&module);
    const char *text = prove(&ranges, &patch);
    ck_assert(holds(text, &patch));
    ck_assert(!check_certificate(text, &patch, true, &reason, &arena));

    struct patch changed = patch;
    changed.inputs[0] = (struct patch_channel){.address = 512};
    changed.input_count = 1;
    ck_assert_msg(!holds(text, &changed), "an input over a word");
    changed.inputs[0].address = PATCH_UNCONNECTED;
    ck_assert_msg(holds(text, &changed), "an input that is not read");
    /* The last byte of a block is the first of the word at 520. */
    changed.inputs[0].address = 9;
    ck_assert_msg(!holds(text, &changed), "an input that ends in a word");
    changed.inputs[0].address = 8;
    ck_assert_msg(holds(text, &changed), "an input that ends before it");

    changed = patch;
    changed.assets = &asset;
    changed.asset_count = 1;
    ck_assert_msg(!holds(text, &changed), "an asset over a word");
    asset.bytes = &word[3];
    asset.size = 1;
    ck_assert_msg(holds(text, &changed), "one that changes nothing");

    changed = patch;
    changed.main_function = patch.init_function;
    ck_assert_msg(!holds(text, &changed), "blocks that write everything anew");

    changed = patch;
    changed.init_function = UINT32_MAX;
    ck_assert_msg(!holds(text, &changed), "pointers that nobody sets");
    module.has_start = true;
    ck_assert_msg(!holds(text, &patch), "a start function");
}
END_TEST

/* A word is not 100 before the first call, an entry writes 200 to it, a part of
 * it stays when initDefaults runs again. */
static const struct {
    const char *name;
    const char *init;
    const char *entry;
    const char *proof;
    bool holds;
} worlds[] = {
    {"zeros at first", "", "", "relies 0 16 4 0 0 0 32\n", true},
    {"not zeros", "", "", "relies 0 16 4 1 1 1 32\n", false},
    {"zeros up to the end", "", "", "relies 0 65532 4 0 0 0 32\n", true},
    {"what initDefaults writes", "(i32.store (i32.const 16) (i32.const 100))",
     "", "relies 0 16 4 100 100 100 32\n", true},
    {"what it does not write", "(i32.store (i32.const 16) (i32.const 100))", "",
     "relies 0 16 4 99 99 99 32\n", false},
    {"what is filled over",
     "(i32.store (i32.const 16) (i32.const 100))"
     "(memory.fill (i32.const 0) (i32.const 1) "
     "(i32.const 64))",
     "", "relies 0 16 4 100 100 100 32\n", false},
    {"what an entry writes", "", "(i32.store (i32.const 16) (i32.const 7))",
     "relies 0 16 4 0 0 0 32\n", false},
    {"what it writes and takes back", "",
     "(i32.store (i32.const 16) (i32.const 7))"
     "(i32.store (i32.const 16) (i32.const 0))",
     "relies 0 16 4 0 0 0 32\n", true},
    {"a byte of it", "", "(i32.store8 (i32.const 17) (i32.const 0))",
     "relies 0 16 4 0 0 0 32\n", false},
    {"a byte beside it", "", "(i32.store8 (i32.const 15) (i32.const 0))",
     "relies 0 16 4 0 0 0 32\n", true},
    {"an unaligned word over it", "",
     "(i32.store (i32.const 14) (i32.const 0))", "relies 0 16 4 0 0 0 32\n",
     false},
    {"a double over it", "", "(f64.store (i32.const 12) (f64.const 0))",
     "relies 0 16 4 0 0 0 32\n", false},
    {"a copy over it", "",
     "(memory.copy (i32.const 16) (i32.const 0) (i32.const 4))",
     "relies 0 16 4 0 0 0 32\n", false},
    {"a fill that ends before it", "",
     "(memory.fill (i32.const 0) (i32.const 1) (i32.const 16))",
     "relies 0 16 4 0 0 0 32\n", true},
    {"a fill with a length of any sign", "",
     "(memory.fill (i32.const 0) (i32.const 1) (i32.load (i32.const 100)))",
     "relies 0 16 4 0 0 0 32\n", false},
    {"half a word, the rest of which stays",
     "(i32.store8 (i32.const 16) (i32.const 1))",
     "(i32.store (i32.const 16) (i32.const 1))", "relies 0 16 4 0 255 0 0\n",
     false},
    {"a half that was filled before",
     "(memory.fill (i32.const 0) (i32.const 0) (i32.const 64))"
     "(i32.store8 (i32.const 16) (i32.const 1))",
     "(i32.store (i32.const 16) (i32.const 1))", "relies 0 16 4 0 255 0 0\n",
     true},
    {"what initDefaults resets beyond the rest",
     "(i32.store (i32.const 16) (i32.const 9))",
     "(i32.store (i32.const 16) (i32.const 3))", "relies 0 16 4 3 9 0 0\n",
     true},
    {"an initDefaults that computes",
     "(i32.store (i32.const 16) (i32.load (i32.const 20)))", "", "", false},
    {"a function that calls itself", "", "(call 2 (local.get 0))", "", false},
    {"any argument", "", "(i32.store (i32.const 16) (local.get 0))",
     "relies 0 16 4 0 0 0 32\n", false},
    {"a masked argument", "",
     "(i32.store (i32.const 16) (i32.and (local.get 0) (i32.const 3)))",
     "relies 0 16 4 0 3 0 0\n", true},
    {"an address that another entry moves", "",
     "(i32.store8 (i32.load (i32.const 16)) (i32.const 0))",
     "relies 0 16 4 0 100 0 0\naddress 1 0 100 0 0\n", false},
    {"a word that is right again at the end, seen by an index", "",
     "(i32.store (i32.const 16) (i32.const 7))"
     "(drop (i32.load (i32.add (i32.const 16) "
     "(i32.and (local.get 0) (i32.const 12)))))"
     "(i32.store (i32.const 16) (i32.const 0))",
     "relies 0 16 16 0 0 0 32\nvalue 1 0 0 0 32\n", false},
    {"what it is then", "",
     "(i32.store (i32.const 16) (i32.const 7))"
     "(drop (i32.load (i32.add (i32.const 16) "
     "(i32.and (local.get 0) (i32.const 12)))))"
     "(i32.store (i32.const 16) (i32.const 0))",
     "relies 0 16 16 0 0 0 32\nvalue 1 0 7 0 0\n", true},
    {"a word that a store with an index may hit", "",
     "(i32.store (i32.const 16) (i32.const 2))"
     "(i32.store (i32.add (i32.const 16) "
     "(i32.and (local.get 0) (i32.const 12))) (i32.const 1))"
     "(drop (i32.load (i32.const 16)))",
     "relies 0 16 16 0 2 0 0\nvalue 2 2 2 2 32\n", false},
    {"a loop of which nothing is said", "",
     "(loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))"
     "(br_if 0 (i32.lt_u (local.get 0) (i32.const 10))))",
     "", false},
    {"a loop that changes nothing", "",
     "(loop (br_if 0 (i32.load (i32.const 100))))", "", true},
    {"a loop that leaves a word as it may be", "",
     "(loop (i32.store (i32.const 16) (i32.and (i32.load (i32.const 100)) "
     "(i32.const 7))) (br_if 0 (i32.load (i32.const 100))))",
     "relies 0 16 4 0 7 0 0\n", true},
    {"a loop that leaves it otherwise, and then not", "",
     "(loop (i32.store (i32.const 16) (i32.and (i32.load (i32.const 100)) "
     "(i32.const 15))) (br_if 0 (i32.load (i32.const 100))))"
     "(i32.store (i32.const 16) (i32.const 0))",
     "relies 0 16 4 0 7 0 0\n", false},
};

START_TEST(knows_who_writes_what)
{
    struct wasm_module module;
    const char *text =
        arena_format(&arena,
                     "(module (import \"host\" \"memory\" (memory 1 1))"
                     "(func (export \"initDefaults\") %s)"
                     "(func (export \"buffer\"))"
                     "(func (export \"entry\") (param i32) %s))",
                     worlds[_i].init, worlds[_i].entry);
    wat_module(&module, text, &arena);
    const struct patch patch = plain_patch(&module);
    ck_assert_msg(holds(worlds[_i].proof, &patch) == worlds[_i].holds, "%s",
                  worlds[_i].name);
}
END_TEST

/* ---- Forgeries ---- */

enum {
    BLOCKS = 30,
    FEW = 20, /* forgeries of a vector that a run contradicts, at least */
};

/* A narrower range; false when there is none of that kind. */
static bool narrow(struct range *range, int kind)
{
    uint32_t step = range->bits >= 32 ? 0 : UINT32_C(1) << range->bits;
    uint32_t middle = ((uint32_t)range->lo / 2 + (uint32_t)range->hi / 2);
    if (range->lo == range->hi) {
        /* there is none; another number */
        *range =
            range_constant((uint32_t)range->lo +
                           (kind % 2 == 0 ? 1U << kind : 0U - (1U << kind)));
        return true;
    }
    switch (kind) {
    case 0: /* without its least number */
        *range = (struct range){(int32_t)((uint32_t)range->lo + step),
                                range->hi, range->residue, range->bits};
        break;
    case 1: /* without its greatest */
        *range =
            (struct range){range->lo, (int32_t)((uint32_t)range->hi - step),
                           range->residue, range->bits};
        break;
    case 2: /* one end */
        *range = range_constant((uint32_t)range->lo);
        break;
    case 3:
        *range = range_constant((uint32_t)range->hi);
        break;
    case 4: /* half */
        middle -= (middle - range->residue) & (step - 1);
        *range = (struct range){range->lo, (int32_t)middle, range->residue,
                                range->bits};
        break;
    default: { /* one low bit more, either way */
        uint32_t bit = kind == 5 ? 0 : step;
        const struct range bits = {INT32_MIN, INT32_MAX, range->residue | bit,
                                   range->bits + 1};
        return range_meet(range, range, &bits);
    }
    }
    if (range->lo == range->hi) {
        *range = range_constant((uint32_t)range->lo);
    }
    return range->lo <= range->hi;
}

enum { KINDS = 7 };

struct tally {
    unsigned forged;
    unsigned refused;
    unsigned contradicted; /* by the run; all of these must be refused */
};

static struct observation seen;

/* The certificate with the range of the line at 'at' made narrower. */
static void forge_line(struct tally *tally, const char *text, const char *at,
                       const struct patch *patch, const char *name)
{
    const char *end = at + strcspn(at, "\n");
    const char *range_at = end;
    struct range range;
    for (int blanks = 0; range_at > at && blanks < 4;) {
        range_at--;
        blanks += *range_at == ' ' ? 1 : 0;
    }
    if (sscanf(range_at, " %" SCNd32 " %" SCNd32 " %" SCNu32 " %" SCNu32,
               &range.lo, &range.hi, &range.residue, &range.bits) != 4) {
        return; /* a path, a slot, a word */
    }
    for (int kind = 0; kind < KINDS; kind++) {
        struct range claim = range;
        struct buf forged;
        if (!narrow(&claim, kind)) {
            continue;
        }
        buf_init(&forged, &arena);
        buf_add(&forged, text, (size_t)(range_at - text));
        buf_format(&forged, " %d %d %u %u", claim.lo, claim.hi, claim.residue,
                   claim.bits);
        buf_text(&forged, end);
        bool is_accepted = holds(buf_string(&forged), patch);
        bool is_wrong =
            observe_denies(&seen, buf_string(&forged) + (at - text));
        ck_assert_msg(!is_accepted || !is_wrong,
                      "%s: accepts [%d, %d], %u modulo 2^%u for %.*s", name,
                      claim.lo, claim.hi, claim.residue, claim.bits,
                      (int)(end - at), at);
        tally->forged++;
        tally->refused += is_accepted ? 0 : 1;
        tally->contradicted += is_wrong ? 1 : 0;
    }
}

/* Each line of each vector's certificate, narrowed in each way. What the run
 * contradicts must be refused. */
START_TEST(refuses_forgeries)
{
    const char *name = vector_names[_i];
    struct wasm_module module;
    struct ranges ranges;
    struct tally tally = {.forged = 0};
    vector_module(&module, name, false, &arena);
    const struct patch patch = plain_patch(&module);
    const char *text = prove(&ranges, &patch);
    if (patch.init_function == UINT32_MAX ||
        ranges.analysis.block_function == UINT32_MAX) {
        return;
    }
    ck_assert_msg(
        observe_patch(&seen, &ranges.analysis, &patch, BLOCKS, &arena, &diag),
        "%s", diag.text);
    for (const char *at = text; *at != '\0'; at += strcspn(at, "\n") + 1) {
        if (*at != '#') {
            forge_line(&tally, text, at, &patch, name);
        }
    }
    if (getenv("F4E_TALLY") != NULL) {
        (void)printf("%s: %u forgeries, %u refused, %u contradicted\n", name,
                     tally.forged, tally.refused, tally.contradicted);
    }
    ck_assert_msg(tally.contradicted >= FEW, "%s: %u of %u contradicted", name,
                  tally.contradicted, tally.forged);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("check");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, tells_proofs_from_other_texts, 0,
                        sizeof(texts) / sizeof(texts[0]));
    tcase_add_test(tcase, says_what_and_where);
    tcase_add_test(tcase, survives_texts_that_are_cut);
    tcase_add_test(tcase, is_of_one_patch);
    tcase_add_loop_test(tcase, knows_who_writes_what, 0,
                        sizeof(worlds) / sizeof(worlds[0]));
    tcase_add_loop_test(tcase, refuses_forgeries, 0, VECTOR_COUNT);
    suite_add_tcase(suite, tcase);
    return suite;
}
