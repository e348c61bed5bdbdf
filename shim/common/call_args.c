/* SPDX-License-Identifier: MIT */
#include "common/call_args.h"

#include <math.h>
#include <string.h>

void call_args_fill(const struct f4e_export *function, const double *given,
                    unsigned count, double *args)
{
    for (unsigned i = 0; i < function->params; i++) {
        char type = function->signature[i];
        bool is_float = type == 'f' || type == 'd';
        args[i] = i < count ? given[i] : is_float ? (double)NAN : 0.0;
    }
}

unsigned call_args_results(const struct f4e_export *function)
{
    return (unsigned)strlen(function->signature + function->params + 1);
}
