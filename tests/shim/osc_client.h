/* SPDX-License-Identifier: MIT */
/* OSC as a test speaks it: packets to a port of this machine, and replies. */
#ifndef F4E_TEST_OSC_CLIENT_H
#define F4E_TEST_OSC_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OSC_PACKET_MAX = 65507, OSC_VALUES_MAX = 4096 };

/* A packet being made. */
struct osc_packet {
    uint8_t bytes[OSC_PACKET_MAX];
    size_t size;
};

/* A message that came. */
struct osc_reply {
    char path[1024];
    char types[OSC_VALUES_MAX + 1];
    double numbers[OSC_VALUES_MAX]; /* of i, f and d */
    const char *texts[64];          /* of s, of the last one that came */
    uint8_t bytes[OSC_PACKET_MAX + 1];
};

/* The port and "/NAME" in what the patch started last has printed. */
uint16_t osc_port(void);
const char *osc_root(void);

/* A socket of its own, and its port. */
int osc_open(void);
uint16_t osc_own_port(int fd);

/* An address below /NAME and arguments, as "i", "f", "d", "h", "s", "m", "T"
 * and the like want them; 'm' as four numbers in an int. */
void osc_message(struct osc_packet *packet, const char *path, const char *types,
                 ...);

/* Begin a bundle, due 'after_ms' from now; INT_MIN: at once. */
void osc_bundle(struct osc_packet *packet, int after_ms);
/* Add a packet to it. */
void osc_add(struct osc_packet *bundle, const struct osc_packet *element);

void osc_send_packet(int fd, const struct osc_packet *packet);
void osc_send(int fd, const char *path, const char *types, ...);

/* False: none came in that time. */
bool osc_receive(int fd, struct osc_reply *reply, int wait_ms);

/* Ask for an address until it has this value; its reply. */
const struct osc_reply *osc_await(int fd, const char *path, double number);

/* Ask once. Fails without a reply. */
const struct osc_reply *osc_ask(int fd, const char *path);

#endif
