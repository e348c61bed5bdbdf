#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""inside.py MODULE OUTPUT: the module with its memory inside, not imported and
not shared, for engines that take no memory from outside. Nothing else changes:
an 8f4e module imports memories only, so no index moves."""
import sys

IMPORT, MEMORY = 2, 5


def leb(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def to_leb(value):
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def limits(data, at):
    """The limits at 'at' without the flag of shared memories, and their end."""
    flags = data[at]
    if flags & ~3:
        raise ValueError("a memory of another kind than 8f4e's")
    minimum, at = leb(data, at + 1)
    out = bytes([flags & 1]) + to_leb(minimum)
    if flags & 1:
        maximum, at = leb(data, at)
        out += to_leb(maximum)
    return out, at


def memories(section):
    """What an import section imports, as a memory section's entries."""
    count, at = leb(section, 0)
    found = []
    for _ in range(count):
        for _ in range(2):  # the names
            length, at = leb(section, at)
            at += length
        if section[at] != 2:
            raise ValueError("it imports something else than a memory")
        entry, at = limits(section, at + 1)
        found.append(entry)
    return found


def move(module):
    if module[:8] != b"\0asm\1\0\0\0":
        raise ValueError("no WebAssembly module")
    at, sections = 8, []
    while at < len(module):
        kind = module[at]
        size, at = leb(module, at + 1)
        sections.append((kind, module[at:at + size]))
        at += size
    inside = [m for kind, s in sections if kind == IMPORT for m in memories(s)]
    if any(kind == MEMORY for kind, _ in sections):
        raise ValueError("it has a memory inside")
    body = to_leb(len(inside)) + b"".join(inside)
    kept = [s for s in sections if s[0] != IMPORT]
    # Behind types, functions and tables, before everything else.
    place = next((k for k, (kind, _) in enumerate(kept)
                  if kind > MEMORY), len(kept))
    kept.insert(place, (MEMORY, body))
    return module[:8] + b"".join(
        bytes([kind]) + to_leb(len(s)) + s for kind, s in kept)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: inside.py MODULE OUTPUT")
    with open(sys.argv[1], "rb") as file:
        module = file.read()
    try:
        moved = move(module)
    except (ValueError, IndexError) as error:
        sys.exit(f"inside.py: {sys.argv[1]}: {error}")
    with open(sys.argv[2], "wb") as file:
        file.write(moved)


if __name__ == "__main__":
    main()
