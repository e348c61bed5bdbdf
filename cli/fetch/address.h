/* SPDX-License-Identifier: MIT */
/* Network addresses that a text from elsewhere must not make us talk to. */
#ifndef F4E_ADDRESS_H
#define F4E_ADDRESS_H

#include "fetch/url.h"

/* Whether an address is one of the public Internet: not of this machine, its
 * network, a test network or a group, nor a way to put one of those. 'bytes'
 * are 4 or 16, in network order. */
bool address_is_public(const unsigned char *bytes, size_t size);

/*
 * The address of a URL's host as digits, resolved once. Without 'allows_any'
 * the first public one. Fails (tool) when there is none, (input) when none is
 * public.
 */
F4E_MUST_CHECK bool address_find(const char **digits, const struct url *url,
                                 bool allows_any, struct arena *arena,
                                 struct diag *diag);

#endif
