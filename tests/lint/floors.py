#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tables of rooms in the documents say what rooms.txt says: each room that
is there, on its floor. The README of a top folder names the files beside it."""
import os
import re
import sys

import tree

# Each with the folder that its names begin in, and that it covers.
TABLES = (("docs/architecture.md", "", tree.TOPS),
          ("cli/README.md", "cli/", ("cli",)),
          ("shim/README.md", "shim/", ("shim",)),
          ("wasm2c-driver/README.md", "wasm2c-driver/", ("wasm2c-driver",)))
ROOM = re.compile(r"(\S+) (\d+):")
QUOTED = re.compile(r"`([^`\n]+)`")
ROW = re.compile(r"\| *(\d*) *\|([^|]*)\|")


def read_rooms(path):
    """Room → floor."""
    with open(path, encoding="utf-8") as file:
        found = (ROOM.match(line) for line in file)
        return {match[1]: int(match[2]) for match in found if match}


def read_table(text, base):
    """Names in the second column → the floors they stand on."""
    found, floor = {}, None
    for line in text.splitlines():
        row = ROW.match(line)
        if row is None:
            floor = None
            continue
        floor = int(row[1]) if row[1] else floor
        for name in QUOTED.findall(row[2]) if floor is not None else ():
            found.setdefault((base + name).rstrip("/"), set()).add(floor)
    return found


def check(root, rooms, document, base, tops):
    table = read_table(tree.text(root, document), base)
    for room, floor in sorted(rooms.items()):
        is_there = os.path.isdir(os.path.join(root, room))
        if room in table and table[room] != {floor}:
            said = " and ".join(str(one) for one in sorted(table[room]))
            yield (f"{document} has {room} on floor {said}, rooms.txt on floor {floor}")
        elif (is_there and room not in table and room.split("/")[0] in tops and
              room + "/" != base):
            yield f"{document} does not name the room {room}"


def check_files(root, document, base):
    """`noun` or `noun.c`, for files that lie in no room below the top folder."""
    words = set(QUOTED.findall(tree.text(root, document)))
    names = (os.path.basename(path) for path in tree.files(root, (base,))
             if os.path.dirname(path) + "/" == base)
    for stem in sorted({os.path.splitext(name)[0] for name in names}):
        if words.isdisjoint({stem, stem + ".c", stem + ".h"}):
            yield f"{document} does not name {stem}"


def main():
    arguments = tree.arguments(__doc__, rooms="rooms.txt")
    rooms = read_rooms(arguments.rooms)
    problems = []
    for document, base, tops in TABLES:
        if os.path.exists(os.path.join(arguments.root, document)):
            problems += check(arguments.root, rooms, document, base, tops)
            problems += check_files(arguments.root, document, base) if base else []
    return tree.report(problems)


if __name__ == "__main__":
    sys.exit(main())
