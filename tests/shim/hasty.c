/* SPDX-License-Identifier: MIT */
/* Instead of shim/alsa/alsa_patience.c and shim/jack/jack_patience.c. */
#include "alsa/alsa_internal.h"
#include "jack/jack_errand.h"

const unsigned alsa_patience_ms = 500;
const unsigned jack_patience_ms = 500;
