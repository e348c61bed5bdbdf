/* SPDX-License-Identifier: MIT */
/*
 * The address that stands in the code beside a load or store. It is what it is
 * wherever the instruction runs, whether or not the analysis ever got there.
 */
#ifndef F4E_CONSTANT_ADDRESS_H
#define F4E_CONSTANT_ADDRESS_H

#include "wasm/body.h"

/*
 * Whether the address of the load or store ops[i] is pushed by a constant of
 * the same straight line of code; '*address' is that number, without the
 * instruction's offset.
 */
bool constant_address_find(const struct wasm_module *module,
                           const struct body_op *ops, uint32_t i,
                           uint32_t *address);

#endif
