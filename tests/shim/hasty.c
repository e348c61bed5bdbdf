/* SPDX-License-Identifier: MIT */
/* Instead of shim/alsa/alsa_patience.c. */
#include "alsa/alsa_internal.h"

const unsigned alsa_patience_ms = 500;
