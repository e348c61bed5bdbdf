/* SPDX-License-Identifier: MIT */
/* In the library of each version, beside its glue. */
#include "f4e_version.h"

__attribute__((visibility("default"))) const struct f4e_version f4e_version = {
    F4E_VERSION_LAYOUT, &f4e_patch, f4e_guard};
