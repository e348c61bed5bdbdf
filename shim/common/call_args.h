/* SPDX-License-Identifier: MIT */
/* The arguments of exported functions, as a JavaScript host passes them, and
 * how many results there are. */
#ifndef F4E_CALL_ARGS_H
#define F4E_CALL_ARGS_H

#include "f4e_patch.h"

/*
 * Fill 'args', which has room for function->params numbers, from the first
 * 'count' of 'given': surplus ones are dropped, missing integers are 0 and
 * missing floats NaN. Any thread.
 */
void call_args_fill(const struct f4e_export *function, const double *given,
                    unsigned count, double *args);

/* The results that its signature names. Any thread. */
unsigned call_args_results(const struct f4e_export *function);

#endif
