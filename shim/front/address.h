/* SPDX-License-Identifier: MIT */
/* Sockets that listen, and the names of this machine. The only thread. */
#ifndef F4E_ADDRESS_H
#define F4E_ADDRESS_H

#include "common/failure.h"
#include "wire/link.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Listen for SOCK_STREAM or SOCK_DGRAM, TCP or UDP, at an address in numbers,
 * 'port' 0 for any; with 'is_searching' at the next ports too. The port is
 * written back. -1: STATUS_FILE.
 */
F4E_MUST_CHECK int address_listen(int type, const char *address, uint16_t *port,
                                  bool is_searching, struct failure *failure);

/* This machine's name, and its addresses in networks, IPv4 first. */
void address_describe(struct link_report *report);

#endif
