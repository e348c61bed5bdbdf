/* SPDX-License-Identifier: MIT */
/*
 * What apt would install on a release of a distribution: small excerpts of its
 * list of packages (tests/data/releases), and the choice between alternatives.
 */
#ifndef F4E_TESTS_RELEASE_H
#define F4E_TESTS_RELEASE_H

#include <stddef.h>

/* File names in tests/data/releases. */
extern const char *const release_names[];
enum { RELEASE_COUNT = 6 };

/*
 * The package that apt takes for one entry of a Depends field, such as "a (>=
 * 2) | b": a package of the first name that exists as such or is provided.
 * Fails the test when no name does, and when several packages provide the one
 * that is taken, none of which has it as its own: apt would take any of them.
 * Valid until the next call.
 */
const char *release_choice(const char *release, const char *entry);

#endif
