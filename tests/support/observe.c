/* SPDX-License-Identifier: MIT */
#include "observe.h"

#include "interp/interp.h"
#include "ranges/ranges.h"
#include "translate/normalise.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    CALL_FUEL = 20000000,
    VALUE_SITE = 1 << 20, /* plus a site: the value of that site */
};

static void observe(struct observed *observed, uint32_t number)
{
    int32_t value = (int32_t)number;
    if (!observed->is_seen) {
        *observed = (struct observed){true, value, value, number, ~number};
    }
    observed->lo = value < observed->lo ? value : observed->lo;
    observed->hi = value > observed->hi ? value : observed->hi;
    observed->ones &= number;
    observed->zeros &= ~number;
}

/* The first number of a range is that of the site, see number_sites(). */
static void see_site(void *user, uint32_t function, uint64_t *slots)
{
    struct observation *observation = user;
    uint32_t site = (uint32_t)slots[1];
    if (function != observation->range_function) {
        slots[0] = 0;
        return;
    }
    observe(site >= VALUE_SITE ? &observation->values[site - VALUE_SITE]
                               : &observation->addresses[site],
            (uint32_t)slots[0]);
}

static void see_words(struct observation *observation, struct interp *interp)
{
    uint64_t size = 0;
    const uint8_t *bytes = interp_memory(interp, 0, &size);
    for (uint32_t i = 0; i < OBSERVE_MOST && 4 * (uint64_t)i < size; i++) {
        uint32_t word = 0;
        memcpy(&word, bytes + 4 * (size_t)i, sizeof(word));
        observe(&observation->words[i], word);
    }
}

/* An analysis that claims something of each site: its number. */
static struct analysis number_sites(const struct analysis *analysis,
                                    struct arena *arena)
{
    struct analysis numbered = *analysis;
    uint32_t count = analysis->bodies.site_count;
    numbered.sites = arena_alloc(arena, count, sizeof(*numbered.sites));
    for (uint32_t i = 0; i < count; i++) {
        numbered.sites[i] =
            (struct walk_site){.is_reached = true,
                               .is_inside = true,
                               .address = {(int32_t)i, INT32_MAX, 0, 0},
                               .has_value = true,
                               .value = range_constant(i + VALUE_SITE)};
    }
    return numbered;
}

bool observe_patch(struct observation *observation,
                   const struct analysis *analysis, const struct patch *patch,
                   unsigned blocks, struct arena *arena, struct diag *diag)
{
    const struct ranges numbered = {.analysis = number_sites(analysis, arena)};
    const struct interp_watch watch = {.import = see_site, .user = observation};
    struct normalised normalised;
    struct wasm_module module;
    struct interp *interp = NULL;
    struct interp_stop stop;
    uint64_t fuel = CALL_FUEL;
    *observation = (struct observation){
        .range_function = patch->module->imported_function_count};
    if (analysis->bodies.site_count > OBSERVE_MOST ||
        !wasm_normalise(&normalised, patch->module, &numbered, arena, diag) ||
        !wasm_read(&module, normalised.bytes, normalised.size, arena, diag) ||
        !interp_create(&interp, &module, arena, diag)) {
        return false;
    }
    const struct wasm_export *block =
        wasm_find_export(&module, WASM_FUNCTION, "y0");
    interp_watch(interp, &watch);
    /* The import of range() comes before all of the module's own functions. */
    enum interp_result result =
        interp_call(interp, patch->init_function + 1, &fuel, &stop);
    for (unsigned i = 0; i <= blocks && result == INTERP_DONE; i++) {
        see_words(observation, interp);
        result = interp_call(interp, block->index, &fuel, &stop);
    }
    interp_destroy(interp);
    return true;
}

static bool differs(const struct observed *observed, const struct range *claim)
{
    uint32_t mask =
        claim->bits >= 32 ? UINT32_MAX : (UINT32_C(1) << claim->bits) - 1;
    return observed->is_seen &&
           (observed->lo < claim->lo || observed->hi > claim->hi ||
            (claim->residue & mask & ~observed->ones) != 0 ||
            (~claim->residue & mask & ~observed->zeros) != 0);
}

bool observe_denies(const struct observation *observation, const char *line)
{
#define RANGE " %" SCNd32 " %" SCNd32 " %" SCNu32 " %" SCNu32
    struct range claim = range_top();
    unsigned at = 0;
    unsigned size = 0;
    bool is_denied = false;
    if (sscanf(line, "address %u" RANGE, &at, &claim.lo, &claim.hi,
               &claim.residue, &claim.bits) == 5) {
        return differs(&observation->addresses[at], &claim);
    }
    if (sscanf(line, "value %u" RANGE, &at, &claim.lo, &claim.hi,
               &claim.residue, &claim.bits) == 5) {
        return differs(&observation->values[at], &claim);
    }
    if (sscanf(line, "relies 0 %u %u" RANGE, &at, &size, &claim.lo, &claim.hi,
               &claim.residue, &claim.bits) == 6) {
        for (unsigned i = at / 4; i < (at + size) / 4 && i < OBSERVE_MOST;
             i++) {
            is_denied = is_denied || differs(&observation->words[i], &claim);
        }
    }
    return is_denied;
#undef RANGE
}
