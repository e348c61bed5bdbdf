#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make of NAME.play, which plays a patch, what programs and engines take.

    play.py PROJECT.8f4e PROJECT.play FOLDER

writes FOLDER/script, for --script of a finished patch; sound files that it
names, made up here; and FOLDER/pokes, for engines that know no scripts: the
words that all of it leaves in memory 0, as "ADDRESS VALUE" lines, and the calls
that its messages make, as "event" lines of engine_protocol.h.

A .play has lines of scripts for block 0: set, piano, key down CODE, and load
with 'tone' or 'noise' in place of a file. "every 24b midi PORT STATUS DATA DATA"
is a message after which the next such line waits 24 blocks; after the last one
the first comes again.
"""

import math
import os
import re
import struct
import sys

import project
from project import ProjectError

RATE = 48000
SCRIPT_BLOCKS = 65536  # messages of a script: it cannot say "again"


def sound(kind, item):
    """The bytes of a made-up recording that fills an array."""
    seed, values = 1, []
    for i in range(item.count):
        seed = (seed * 1664525 + 1013904223) % 2**32
        noise = seed / 2**31 - 1
        decay = math.exp(-3.0 * i / item.count)
        tone = math.sin(2 * math.pi * 261.6 * i / RATE) * 0.6 + noise * 0.02
        values.append(tone if kind == "tone" else noise * decay)
    if item.element == "float":
        return struct.pack(f"<{item.count}f", *values)
    top = 2 ** (8 * item.element_bytes - 1) - 1
    form = {1: "b", 2: "h", 4: "i"}[item.element_bytes]
    return struct.pack(f"<{item.count}{form}", *(int(v * top) for v in values))


class Player:
    """The words of memory that a script leaves, by address."""

    def __init__(self, text, layout, folder):
        self.layout, self.folder, self.script, self.words = layout, folder, [], {}
        self.keyboard = dict(re.findall(r"@config keyboard\.key(\w+)Memory (\S+)", text))
        self.pianos, self.held = {}, {}
        self.ports, self.messages = self.callbacks(text), []
        module = None
        for row in text.split("\n"):
            words = row.split()
            if words[:1] == ["module"]:
                module = words[1]
            elif words[:2] == [";", "@piano"]:
                self.pianos[f"{module}:{words[2]}"] = f"{module}:{words[3]}"

    @staticmethod
    def callbacks(text):
        """The functions of each port, in the order of the text."""
        ports, found = {}, {}
        for name, what, value in re.findall(
                r"@config midi\.inputs\.(\w+)\.(port|callback) (\S+)", text):
            found.setdefault(name, {})[what] = value
        for entry in found.values():
            ports.setdefault(entry["port"], []).append(entry["callback"])
        return ports

    def item(self, name, line):
        owner = self.layout.by_name.get(name.split(":", 1)[0])
        return self.layout.item(name.split(":", 1)[1], owner, line)

    def put(self, address, data):
        if address % 4:
            raise ValueError("a part of a word")
        data += bytes(-len(data) % 4)
        for i in range(0, len(data), 4):
            self.words[address + i] = int.from_bytes(data[i:i + 4], "little")

    def set(self, line, name, value):
        item = self.item(name, line)
        if item.element not in ("int", "float"):
            raise line.error(f"'{name}' is no word")
        number = float(value) if item.element == "float" else int(value)
        self.put(item.address, self.layout.encode(item, number))

    def load(self, line, name, kind):
        item = self.item(name, line)
        if kind not in ("tone", "noise"):
            raise line.error(f"no sound '{kind}'")
        data = sound(kind, item)
        path = os.path.join(os.path.abspath(self.folder), kind + ".raw")
        with open(path, "wb") as file:
            file.write(data)
        self.put(item.address, data)
        return ["load", name, path]

    def piano(self, line, name, key):
        if name not in self.pianos:
            raise line.error(f"no piano '{name}'")
        keys, count = self.item(name, line), self.item(self.pianos[name], line)
        held = self.held.setdefault(name, [])
        if int(key) not in held and len(held) < keys.count:
            held.append(int(key))
        self.put(keys.address, b"".join(self.layout.encode(keys, k) for k in held))
        self.put(count.address, self.layout.encode(count, len(held)))

    def key(self, line, code):
        for place, value in (("Code", int(code)), ("Pressed", 1)):
            if place in self.keyboard:
                item = self.item(self.keyboard[place], line)
                self.put(item.address, self.layout.encode(item, value))

    def play(self, line):
        words, said = line.words[1:], None
        if words[0] == "set" and len(words) == 3:
            self.set(line, *words[1:])
        elif words[0] == "load" and len(words) == 3:
            said = self.load(line, *words[1:])
        elif words[0] == "piano" and len(words) == 4 and words[3] == "down":
            self.piano(line, *words[1:3])
        elif words[:2] == ["key", "down"] and len(words) == 3:
            self.key(line, words[2])
        else:
            raise line.error(f"'{' '.join(words)}' is not known here")
        self.script.append(" ".join(["0b"] + (said or words)))

    def every(self, line):
        """every Nb midi PORT STATUS DATA DATA"""
        words = line.words
        if len(words) != 7 or words[2] != "midi" or not re.match(r"\d+b$", words[1]) \
                or not all(word.isdigit() for word in words[3:]):
            raise line.error("not 'every BLOCKSb midi PORT STATUS DATA DATA'")
        if words[3] not in self.ports:
            raise line.error(f"nothing listens to port {words[3]}")
        self.messages.append((int(words[1][:-1]), words[3], words[4:]))

    def events(self):
        """What an engine is told: all calls of a message but the last are
        followed by the next at once."""
        return [f"event {blocks if name == self.ports[port][-1] else 0} {name} {' '.join(data)}"
                for blocks, port, data in self.messages for name in self.ports[port]]

    def scripted(self):
        """The same for so many blocks, as lines of a script."""
        lines, block = [], 0
        if not any(blocks for blocks, _, _ in self.messages):
            return lines
        while block < SCRIPT_BLOCKS:
            for blocks, port, data in self.messages:
                lines.append(f"{block}b midi {port} {' '.join(data)}")
                block += blocks
        return lines


def write(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


def main():
    if len(sys.argv) != 4:
        print("usage: play.py PROJECT.8f4e PROJECT.play FOLDER", file=sys.stderr)
        return 2
    path, play, folder = sys.argv[1:]
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        player = Player(text, project.Project(path, text), folder)
        with open(play, encoding="utf-8") as file:
            rows = file.read().split("\n")
        for number, row in enumerate(rows, 1):
            words = project.tokens(row)
            line = project.Line(play, number, 0, words)
            if words and words[0] not in ("0b", "every"):
                raise line.error("not at '0b', and not 'every'")
            if words and words[0] == "every":
                player.every(line)
            elif len(words) > 1:
                player.play(line)
        write(os.path.join(folder, "script"), player.script + player.scripted())
        write(os.path.join(folder, "pokes"),
              [f"{at} {value}" for at, value in sorted(player.words.items())] + player.events())
    except (ProjectError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
