/* SPDX-License-Identifier: MIT */
/* Declared in jack/jack_errand.h. Alone in its file: a test that must not
 * wait so long links another one. */
#include "jack/jack_errand.h"

const unsigned jack_patience_ms = 5000;
