#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A room includes rooms on lower floors only, and only those that rooms.txt
names for it; see the top of rooms.txt."""
import collections
import os
import sys

import tree

MAX_FILES = 30
MAX_LINES = 500


class Plan:
    """rooms.txt. Problems of the file itself are in `problems`."""

    def __init__(self, path):
        self.floors = {}
        self.uses = {}
        self.pending = []
        self.circles = []
        self.long_files = []
        self.full_rooms = []
        self.problems = []
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                line = line.split("#")[0].strip()
                if line and not self._add(line):
                    self.problems.append(f"rooms.txt:{number}: cannot read '{line}'")
        self._check()

    def _add(self, line):
        head, colon, rest = line.partition(":")
        words = head.split()
        if not colon or not words:
            return False
        if words == ["pending"]:
            self.pending.append(tuple(rest.split()))
            return len(self.pending[-1]) == 2
        if words == ["circle"]:
            self.circles.append(set(rest.split()))
            return True
        if words == ["long"]:
            self.long_files += rest.split()
            return True
        if words == ["full"]:
            self.full_rooms += rest.split()
            return True
        if len(words) != 2 or not words[1].isdigit():
            return False
        if words[0] in self.floors:
            self.problems.append(f"rooms.txt names {words[0]} twice")
        self.floors[words[0]] = int(words[1])
        self.uses[words[0]] = rest.split()
        return True

    def _check(self):
        for room, used in self.uses.items():
            for word in used:
                other = self.room(word) if word.endswith(".h") else word
                if other == "*":
                    continue
                if other not in self.floors:
                    self.problems.append(
                        f"rooms.txt lets {room} include {other}, which is no room")
                elif not self.is_below(other, room):
                    self.problems.append(
                        f"rooms.txt lets {room} include {other}, but "
                        + self.floor_text(room, other))

    def room(self, path):
        """A file can be a room of its own, as the ground floor is."""
        return path if path in self.floors else os.path.dirname(path)

    def is_below(self, lower, upper):
        """Everything of the shim is below the tool, which never is below it."""
        lower_shim, upper_shim = (room.split("/")[0] == tree.SHIM
                                  for room in (lower, upper))
        if lower_shim != upper_shim:
            return lower_shim
        return self.floors[lower] < self.floors[upper]

    def floor_text(self, room, other):
        if other.split("/")[0] != tree.SHIM and room.split("/")[0] == tree.SHIM:
            return f"{other} is a part of the tool"
        return (f"{room} is on floor {self.floors[room]}, "
                f"{other} on floor {self.floors[other]}")


def check_includes(root, plan, paths, problems):
    known = set(paths)
    needed = set()
    for path in paths:
        room = plan.room(path)
        if room not in plan.floors:
            continue
        for name, included in tree.includes(root, path, known):
            if included is None:
                if path.split("/")[0] in tree.TOPS:
                    problems.append(f'{path} includes "{name}", which is no file of '
                                    "the tree")
                continue
            other = plan.room(included)
            if other == room or other not in plan.floors:
                continue
            allowed = plan.is_below(other, room) and (
                not {"*", other, included}.isdisjoint(plan.uses[room]))
            if allowed:
                continue
            if (path, included) in plan.pending:
                needed.add((path, included))
                continue
            reason = plan.floor_text(room, other)
            if plan.is_below(other, room):
                reason = (f"the line of {room} in rooms.txt does not name {other} "
                          f"({reason})")
            problems.append(f"{path} may not include {included}: {reason}")
    for pair in plan.pending:
        if pair not in needed:
            problems.append(f"rooms.txt: 'pending: {pair[0]} {pair[1]}' is not needed "
                            "any more")


def check_sizes(root, plan, paths, problems):
    rooms = collections.Counter(os.path.dirname(path) for path in paths)
    for room, count in sorted(rooms.items()):
        if count > MAX_FILES and room not in plan.full_rooms:
            problems.append(f"{room} has {count} files; a room has at most {MAX_FILES}")
    for room in plan.full_rooms:
        if rooms[room] <= MAX_FILES:
            problems.append(f"rooms.txt: 'full: {room}' is not needed any more")
    for path in paths:
        lines = tree.text(root, path).count("\n")
        is_long = path.endswith(".c") and lines > MAX_LINES
        if is_long and path not in plan.long_files:
            problems.append(f"{path} has {lines} lines; a .c file has at most {MAX_LINES}")
        if not is_long and path in plan.long_files:
            problems.append(f"rooms.txt: 'long: {path}' is not needed any more")
    for path in plan.long_files:
        if path not in paths:
            problems.append(f"rooms.txt: 'long: {path}' is no file of the tree")


def main():
    arguments = tree.arguments(__doc__, rooms="the file rooms.txt")
    plan = Plan(arguments.rooms)
    problems = plan.problems
    if not problems:
        paths = tree.files(arguments.root)
        for path in paths:
            if plan.room(path) not in plan.floors:
                problems.append(f"{path}: rooms.txt has no line for "
                                f"{os.path.dirname(path)}")
        check_includes(arguments.root, plan, paths, problems)
        check_sizes(arguments.root, plan, paths, problems)
    return tree.report(problems)


if __name__ == "__main__":
    sys.exit(main())
