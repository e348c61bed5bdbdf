/* SPDX-License-Identifier: MIT */
/* Declared in alsa/alsa_internal.h. Alone in its file: a test that must not
 * wait so long links another one. */
#include "alsa/alsa_internal.h"

const unsigned alsa_patience_ms = 5000;
