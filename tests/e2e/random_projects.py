#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""random_projects.py [--count N] [--seed S] [--first I] [--keep DIR] [--all]
                   [--tune N]

Projects made up at random (made_project.py), compiled as the language's compiler
does it, built in one of several ways each, or in all with --all, and played with
what a host does between blocks: what they put out, and what they leave in memory,
must be what V8 puts out and leaves, bit for bit but for the bits of a NaN. Project
number i of seed s is always the same. With --tune every Nth is built by --tune.

F4E_BUILD names the program; WASM2C may name another wasm2c, for every other pair of
projects. NODE may name another node: only newer ones know several memories, which
an eighth of the projects has then."""
import argparse
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "../bench/patches"))

import body  # noqa: E402
import project  # noqa: E402
import to_wat  # noqa: E402
from made_code import INTS, MARKS, TYPES  # noqa: E402
from made_project import FRAMES, KEYS, MadeProject  # noqa: E402
from random_floats import SKIPPED, is_nan  # noqa: E402

SETTERS = {"i32": "setInt32", "f32": "setFloat32", "f64": "setFloat64"}
FLOATS = ["0", "-0", "1", "0.5", "-0.3", "1e30", "1e-40", "440", "3.25"]
ODD = ["nan", "inf", "-inf"]
ACCESS = re.compile(r"([if]\d\d\.(?:load|store)\w*|memory\.size)\b")
NODE = os.environ.get("NODE", "node")
TWO_MEMORIES = [0, 97, 115, 109, 1, 0, 0, 0, 5, 5, 2, 0, 0, 0, 0]  # a module
# What the rewrites leave in the C code: maps, loops in two, calls in lanes, round trips.
REWRITTEN = ["switch (", "f4e_sums", "F4E_LANES(", "_WHOLE("]
WAYS = [["--cc", compiler, "--ranges", ranges, *more]
        for more in ([], ["--cpu", "x86-64"], ["-O2"], ["--memory", "unchecked"], ["-O1"])
        for ranges in ("on", "check", "off") for compiler in ("clang-19", "gcc")]


class LastFirst(body.Body):
    """Writes maps as another version of the compiler does: from the last row to
    the first."""

    def end_map(self, result):
        frame, _ = self.close("map")
        self.pop(body.WASM[frame["of"]])
        kind, out = body.WASM[frame["of"]], body.wasm_type(result, self.line)
        value, chosen = self.local(kind), self.local(out)
        self.emit(f"local.set {value}", body.constant(frame.get("default", 0), out),
                  f"local.set {chosen}")
        for key, row in reversed(frame["rows"]):
            self.emit(body.constant(row, out), f"local.get {chosen}", f"local.get {value}",
                      body.constant(key, kind), f"{kind}.eq", "select", f"local.set {chosen}")
        self.emit(f"local.get {chosen}")
        self.push(out)


def compiled(layout, is_last_first, memories, speaker):
    """The module's text, with what the language cannot say in place of marks; with
    several memories all modules but the speaker take turns in them."""
    to_wat.Body = LastFirst if is_last_first else body.Body
    translation = to_wat.Translation(layout)
    text = translation.text("")
    if memories > 1:
        text = in_memories(text, [i % memories if module.name != speaker else 0
                                  for i, module in enumerate(translation.modules)])
    for mark, instead in MARKS.items():
        for kind in ("f32", "f64"):
            wanted = instead if kind == "f32" else instead.replace(":0x4", ":0x80000000") \
                .replace(":0x7f", ":0x8000000")
            text = text.replace(f"{kind}.const {float(mark).hex()}\n", f"{kind}.const {wanted}\n")
    return text


def in_memories(text, chosen):
    """The module with its last functions at work in memories of their own: 'chosen'
    has the number of each one's memory. Those begin as the first one does."""
    imported = re.search(r'  \(import "host" "memory" (\(memory \S+ \S+\))\)\n', text)
    head, start, *others = re.split(r"(?=^  \(func \(type)", text, flags=re.M)
    for i, memory in enumerate(chosen, len(others) - len(chosen)):
        if memory > 0:
            others[i] = ACCESS.sub(rf"\1 {memory}", others[i])
            others[i] = others[i].replace("memory.copy", f"memory.copy {memory} {memory}")
    more = range(1, max(chosen) + 1)
    imports = "".join(f'  (import "host" "m{i}" {imported[1]})\n' for i in more)
    opening, code = start.rstrip()[:-1].split("\n", 1)
    filled = [re.sub(r"memory\.(fill|init)", rf"memory.\1 {i}", code) for i in more]
    return (head.replace(imported[0], imported[0] + imports) +
            "\n".join([opening, code, *filled]) + ")\n" + "".join(others))


class Host:
    """What happens to a project, as a script and as steps of v8_events.mjs."""

    def __init__(self, made, layout, blocks, has_names):
        self.random = made.random
        self.made, self.layout, self.has_names = made, layout, has_names
        self.script, self.steps, self.held = [], [], []
        self.undone = {}
        for block in range(blocks):
            for at, last in list(self.undone.items()):
                if last <= block:
                    self.put(block, at, "i32", 1)
                    del self.undone[at]
            for _ in range(self.random.choice([0, 0, 1, 2, 4])):
                self.event(block)

    def address(self, module, name):
        owner = self.layout.by_name[module]
        return self.layout.item(name, owner, owner.opener).address

    def put(self, block, at, kind, value):
        self.script.append(f"{block}b set {at} {kind} {value}")
        text = str(value).replace("nan", "NaN").replace("inf", "Infinity")
        self.steps.append([block, SETTERS[kind], at, text])

    def call(self, block, name, arguments):
        self.script.append(f"{block}b call {name} {' '.join(map(str, arguments))}".rstrip())
        self.steps.append([block, "call", name, [str(a) for a in arguments]])

    def number(self, kind):
        if kind == "int":
            return int(self.random.choice(INTS))
        odd = ODD if not self.made.wild and self.random.random() < 0.2 else FLOATS
        return self.random.choice(odd)

    def event(self, block):
        module = self.random.choice(self.made.modules)
        what = self.random.randrange(9)
        if what == 0 and module.settings:
            at = self.address(module.name, module.settings[0])
            self.put(block, at, "i32", self.random.choice([0, 1, 5, 100, -1, *map(int, INTS)]))
            self.undone[at] = block + self.random.randrange(1, 4)
        elif what < 3:
            kind = self.random.choice([k for k, names in module.words.items() if names])
            name = self.random.choice(module.words[kind])
            self.put(block, self.address(module.name, name), TYPES[kind], self.number(kind))
        elif what == 3 and module.arrays:
            kind, name, count = self.random.choice(module.arrays)
            if kind in TYPES:
                at = self.address(module.name, name) + self.random.randrange(count) * \
                    (8 if kind == "float64" else 4)
                self.put(block, at, TYPES[kind], self.number(kind))
        elif what == 4 and module.pointers:
            kind, name, depth = self.random.choice(module.pointers)
            if depth == 1:
                other = self.random.choice(self.made.modules)
                target = self.address(other.name, self.random.choice(other.words[kind]))
                if self.made.wild and self.random.random() < 0.3:
                    target = self.random.choice([0, 2, 4, 61, 128, 65532, 65533, -4])
                self.put(block, self.address(module.name, name), "i32", target)
        elif what == 5 and self.has_names:
            self.key(block)
        elif what == 6 and self.has_names:
            message = [144, self.random.randrange(128), self.random.randrange(128)]
            self.script.append(f"{block}b midi 0 {' '.join(map(str, message))}")
            self.steps.append([block, "call", "onMidi", [str(m) for m in message]])
        elif what == 7:
            self.call(block, "poke", [self.number("int"), self.random.choice(FLOATS)])
        elif "control" in self.made.entries and self.random.random() < 0.5:
            self.call(block, "control", [])
        elif self.random.random() < 0.1:
            self.call(block, "initDefaults", [])

    def key(self, block):
        key = self.random.choice(KEYS)
        if key in self.held:
            self.held.remove(key)
            self.script.append(f"{block}b key up {key}")
            code, down = (self.held[-1], 1) if self.held else (None, 0)
        else:
            self.held.append(key)
            self.script.append(f"{block}b key down {key}")
            code, down = key, 1
        speaker = self.made.speaker
        if code is not None:
            self.steps.append([block, "setInt32", self.address(speaker, "code"), str(code)])
        self.steps.append([block, "setInt32", self.address(speaker, "down"), str(down)])


class Places:
    """Which words of a memory are floats."""

    def __init__(self, layout):
        self.single, self.double = set(), set()
        for module in layout.modules:
            for item in module.items:
                if item.element in ("float", "float64"):
                    size = item.element_bytes
                    span = range(item.address, item.address + item.count * size, size)
                    (self.single if size == 4 else self.double).update(span)

    def difference(self, left, right):
        """The first address where two memories differ; None: nowhere."""
        at = 0
        if len(left) != len(right):
            return min(len(left), len(right))
        while left != right and at < len(left):
            size = 8 if at in self.double else 4
            a, b = (int.from_bytes(m[at:at + size], "little") for m in (left, right))
            ones, rest = (0x7ff << 52, (1 << 52) - 1) if size == 8 else (0x7f800000, 0x7fffff)
            may_be_nan = at in self.single or at in self.double
            if a != b and not (may_be_nan and all(is_nan(x, ones, rest) for x in (a, b))):
                return at
            at += size
        return None


def other_sample(left, right):
    """The number of the first sample that differs."""
    if len(left) != len(right):
        return min(len(left), len(right)) // 4
    for i in range(0, len(left) if left != right else 0, 4):
        a, b = (struct.unpack_from("<I", m, i)[0] for m in (left, right))
        if a != b and not all(is_nan(x, 0x7f800000, 0x7fffff) for x in (a, b)):
            return i // 4
    return None


class Play:
    """A project, its module, and what has to happen to it."""

    def __init__(self, number, seed, memories):
        self.made, self.memories = MadeProject(seed), memories
        self.blocks = self.made.random.randrange(3, 14)
        layout = project.Project("patch.8f4e", self.made.text)
        # Half of them fill their memory to its last word.
        words = -layout.required_bytes % 65536 // 4 if number % 2 else number % 9
        self.text = self.made.filled(words + (16384 if number % 5 == 0 else 0))
        layout = project.Project("patch.8f4e", self.text)
        speaker = layout.by_name[self.made.speaker]
        self.module = compiled(layout, number % 3 == 2, self.memories, speaker.name)
        self.places = Places(layout)
        self.host = Host(self.made, layout, self.blocks, self.memories == 1)
        self.outputs = [layout.item(side, speaker, speaker.opener).address
                        for side in ("left", "right")]
        self.pages = max(1, -(-layout.required_bytes // 65536))

    def plan(self):
        return {"blocks": self.blocks, "pages": self.pages, "frames": FRAMES,
                "events": self.host.steps, "outputs": self.outputs}

    def options(self):
        """The text says nothing of several memories."""
        return [] if self.memories == 1 else ["--no-project", *(
            word for i, at in enumerate(self.outputs) for word in ("--out", f"{i}={at}"))]

    def ways(self, number, is_all):
        """Builds. Without checks a patch must not leave its memory."""
        fitting = [w for w in WAYS if not (self.made.wild or self.made.traps) or
                   "unchecked" not in w]
        return fitting if is_all else [fitting[number % len(fitting)]]


class Session:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.has_memories = self.run(NODE, "-p", f"WebAssembly.validate(new Uint8Array("
                                     f"{TWO_MEMORIES}))").stdout == b"true\n"
        self.counts = dict.fromkeys(["builds", "traps", "wild", "general", *REWRITTEN], 0)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def run(self, *argv, status=(0,)):
        done = subprocess.run(argv, capture_output=True, check=False, cwd=self.folder)
        if done.returncode not in status:
            raise RuntimeError(f"{' '.join(argv)}: {done.returncode}\n"
                               f"{done.stderr.decode(errors='replace')}")
        return done

    def play_of(self, number):
        """Project 'number', in files."""
        memories = number // 8 % 2 + 2 if number % 8 == 6 and self.has_memories else 1
        play = Play(number, self.options.seed * 1000003 + number, memories)
        for name in ("patch", *(name + end for name in ("memory", "v8")
                                for end in ("", ".1", ".2"))):
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        self.write("patch.8f4e", play.text)
        self.write("patch.wat", play.module)
        self.write("script", "\n".join(play.host.script) + "\n")
        self.write("plan.json", json.dumps(play.plan()))
        self.run("wat2wasm", "--enable-multi-memory", "patch.wat", "-o", "patch.wasm")
        self.counts["wild"] += play.made.wild
        return play

    def check(self, number):
        """None, or what is wrong."""
        play = self.play_of(number)
        trap = self.run(NODE, os.path.join(HERE, "v8_events.mjs"), "patch.wasm", "plan.json",
                        "v8", "v8-samples").stdout.decode().strip()
        self.counts["traps"] += trap != ""
        ways = play.ways(number, self.options.all)
        if os.environ.get("WASM2C") and number // 2 % 2 == 1:
            ways = [way + ["--wasm2c", os.environ["WASM2C"]] for way in ways]
        if self.options.tune and number % self.options.tune == 0:
            ways = ways + [["--tune", "--pgo=1"]]
        for way in ways:
            wrong = self.compare(play, way, trap)
            if wrong is not None:
                return f"{wrong}, built with {' '.join(way)}; V8's trap: '{trap}'"
        return None

    def compare(self, play, way, trap):
        self.counts["builds"] += 1
        self.run(os.environ["F4E_BUILD"], "-q", "patch.wasm", "--emit-c", "c", "-o", "patch",
                 *play.options(), *way)
        code = self.read("c/module.c").decode()
        for name in REWRITTEN:
            self.counts[name] += code.count(name)
        done = self.run("./patch", "-q", "--render", "-", "--denormals", "ieee", "--blocks",
                        str(play.blocks), "--on-trap", "stop", "--script", "script",
                        "--dump-memory", "memory", "--stats-json", "stats", status=range(128))
        if not os.path.exists(self.path("memory")):
            return f"the patch ended with {done.returncode}: {done.stderr.decode()}"
        if (done.returncode != 0) != (trap != ""):
            return f"status {done.returncode}"
        self.counts["general"] += json.loads(self.read("stats"))["generalBlocks"] > 0
        for end in ["", ".1", ".2"][:play.memories]:
            at = play.places.difference(self.read("memory" + end), self.read("v8" + end))
            if at is not None:
                return f"address {at} of memory{end} differs from V8's"
        expected = self.read("v8-samples")
        at = other_sample(done.stdout[:len(expected)], expected)
        return None if at is None else f"sample {at} differs from V8's"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--tune", type=int, default=0)
    parser.add_argument("--keep")
    options = parser.parse_args()
    if shutil.which(NODE) is None:
        print("skipped: no node")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        session = Session(options, folder)
        for number in range(options.first, options.first + options.count):
            wrong = session.check(number)
            if wrong is not None:
                print(f"seed {options.seed}, project {number}: {wrong}")
                if options.keep:
                    shutil.copytree(folder, options.keep)
                return 1
    counts = session.counts
    print(f"{options.count} projects of seed {options.seed}: {counts['builds']} builds, "
          f"{counts['wild']} wild, {counts['traps']} trapped, {counts['general']} left their "
          f"invariants; {counts['switch (']} tables, {counts['f4e_sums'] // 2} loops split, "
          f"{counts['F4E_LANES(']} groups of calls joined, {counts['_WHOLE(']} round trips")
    if min(counts["switch ("], counts["f4e_sums"], counts["_WHOLE("]) < options.count // 4 or \
            counts["general"] < options.count // 10:
        print("hardly anything was rewritten, or left its invariants")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
