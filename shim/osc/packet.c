/* SPDX-License-Identifier: MIT */
#include "osc/packet.h"

#include <string.h>

static const char bundle_name[8] = "#bundle";

static uint32_t read_32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

/* The bytes of a text with its zeros, 1 to 4 of them; 0: it has no such end. */
static size_t text_bytes(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = memchr(bytes, '\0', size);
    if (end == NULL) {
        return 0;
    }
    size_t used = ((size_t)(end - bytes) / 4 + 1) * 4;
    if (used > size) {
        return 0;
    }
    for (const uint8_t *at = end; at < bytes + used; at++) {
        if (*at != '\0') {
            return 0;
        }
    }
    return used;
}

/* The bytes of an argument; SIZE_MAX: there is no such type, or no room. */
static size_t argument_bytes(char type, const uint8_t *bytes, size_t size)
{
    size_t used = SIZE_MAX;
    if (strchr("TFNI[]", type) != NULL) {
        used = 0;
    } else if (strchr("ifcrm", type) != NULL) {
        used = 4;
    } else if (strchr("hdt", type) != NULL) {
        used = 8;
    } else if (type == 's' || type == 'S') {
        used = text_bytes(bytes, size);
        return used > 0 ? used : SIZE_MAX;
    } else if (type == 'b' && size >= 4) {
        uint32_t count = read_32(bytes);
        return count <= size - 4 ? 4 + ((size_t)count + 3) / 4 * 4 : SIZE_MAX;
    }
    return used;
}

/* Arguments that fill the rest exactly, and brackets in pairs. */
static bool are_arguments(const char *types, const uint8_t *bytes, size_t size)
{
    unsigned depth = 0;
    for (; *types != '\0'; types++) {
        size_t used = argument_bytes(*types, bytes, size);
        if (used > size || (*types == ']' && depth == 0)) {
            return false;
        }
        depth += *types == '[';
        depth -= *types == ']';
        bytes += used;
        size -= used;
    }
    return depth == 0 && size == 0;
}

static bool is_message(const uint8_t *bytes, size_t size)
{
    size_t used = size > 0 && bytes[0] == '/' ? text_bytes(bytes, size) : 0;
    for (const uint8_t *at = bytes; used > 0 && *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~' || *at == '#') {
            return false;
        }
    }
    if (used == 0 || used == size) {
        return used > 0; /* old senders leave the types out */
    }
    const uint8_t *types = bytes + used;
    size_t type_bytes = types[0] == ',' ? text_bytes(types, size - used) : 0;
    return type_bytes > 0 &&
           are_arguments((const char *)types + 1, types + type_bytes,
                         size - used - type_bytes);
}

bool packet_is_bundle(const struct packet_part *part)
{
    return part->size >= PACKET_HEAD_BYTES &&
           memcmp(part->bytes, bundle_name, sizeof(bundle_name)) == 0;
}

static bool is_sound(const struct packet_part *part, unsigned depth)
{
    if (!packet_is_bundle(part)) {
        return is_message(part->bytes, part->size);
    }
    size_t at = PACKET_HEAD_BYTES;
    while (depth < PACKET_DEPTH_MAX && at < part->size) {
        size_t left = part->size - at;
        uint32_t count = left >= 4 ? read_32(part->bytes + at) : 0;
        const struct packet_part element = {part->bytes + at + 4, count};
        if (count == 0 || count % 4 != 0 || count > left - 4 ||
            !is_sound(&element, depth + 1)) {
            return false;
        }
        at += 4 + (size_t)count;
    }
    return at == part->size;
}

bool packet_is_sound(const uint8_t *bytes, size_t size)
{
    const struct packet_part whole = {bytes, size};
    return size % 4 == 0 && is_sound(&whole, 0);
}

uint64_t packet_time(const struct packet_part *bundle)
{
    return (uint64_t)read_32(bundle->bytes + 8) << 32 |
           read_32(bundle->bytes + 12);
}

bool packet_next(const struct packet_part *bundle, size_t *at,
                 struct packet_part *element)
{
    if (*at >= bundle->size) {
        return false;
    }
    *element = (struct packet_part){bundle->bytes + *at + 4,
                                    read_32(bundle->bytes + *at)};
    *at += 4 + element->size;
    return true;
}

size_t packet_plain(const struct packet_part *message, uint8_t *plain)
{
    size_t used = text_bytes(message->bytes, message->size);
    const uint8_t *types = message->bytes + used;
    size_t type_bytes =
        used < message->size ? text_bytes(types, message->size - used) : 0;
    memcpy(plain, message->bytes, used);
    plain[used++] = ',';
    for (size_t i = 1; i < type_bytes && types[i] != '\0'; i++) {
        if (types[i] != '[' && types[i] != ']') {
            plain[used++] = types[i];
        }
    }
    do {
        plain[used++] = '\0';
    } while (used % 4 != 0);
    size_t rest = message->size - (size_t)(types - message->bytes) - type_bytes;
    memcpy(plain + used, types + type_bytes, rest);
    return used + rest;
}
