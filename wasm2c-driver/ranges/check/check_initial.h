/* SPDX-License-Identifier: MIT */
/*
 * What the host does to the memories outside of the calls that the replay
 * follows: it creates them, runs initDefaults, loads assets, writes blocks of
 * input, and may run initDefaults again at any time. All of it is constant, so
 * it is carried out on bytes.
 */
#ifndef F4E_CHECK_INITIAL_H
#define F4E_CHECK_INITIAL_H

#include "patch.h"
#include "ranges/check/certificate.h"

/*
 * Whether the memory invariant holds before the first call, and is preserved by
 * all of the above. False with '*reason' (static), also when initDefaults is
 * not a straight line of constants.
 */
bool check_initial_memory(const struct certificate *certificate,
                          const struct patch *patch,
                          const struct wasm_bodies *bodies, const char **reason,
                          struct arena *arena);

#endif
