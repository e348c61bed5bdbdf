/* SPDX-License-Identifier: MIT */
/*
 * What a host does to the memories outside of the calls that replay.h follows:
 * it makes them, runs initDefaults, loads assets, writes blocks of input, and
 * may run initDefaults again at any time. All of it is constants, so it is not
 * reasoned about but done, on bytes.
 */
#ifndef F4E_CHECK_START_H
#define F4E_CHECK_START_H

#include "patch.h"
#include "ranges/check/certificate.h"

/*
 * Whether what the certificate says of words is true before the first call, and
 * kept by all of the above; false with '*reason', also when initDefaults is no
 * straight line of constants.
 */
bool check_initial_memory(const struct certificate *certificate,
                          const struct patch *patch,
                          const struct wasm_bodies *bodies, const char **reason,
                          struct arena *arena);

#endif
