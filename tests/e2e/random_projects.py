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
projects."""
import argparse
import json
import os
import random
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
from random_floats import PATIENCE_S, SKIPPED, is_nan  # noqa: E402

SETTERS = {"i32": "setInt32", "f32": "setFloat32", "f64": "setFloat64"}
FLOATS = ["0", "-0", "1", "0.5", "-0.3", "1e30", "1e-40", "440", "3.25"]
ODD = ["nan", "inf", "-inf"]
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


def compiled(layout, is_last_first):
    """The module's text, with what the language cannot say in place of marks."""
    to_wat.Body = LastFirst if is_last_first else body.Body
    text = to_wat.Translation(layout).text("")
    for mark, instead in MARKS.items():
        for kind in ("f32", "f64"):
            wanted = instead if kind == "f32" else instead.replace(":0x4", ":0x80000000") \
                .replace(":0x7f", ":0x8000000")
            text = text.replace(f"{kind}.const {float(mark).hex()}\n", f"{kind}.const {wanted}\n")
    return text


class Host:
    """What happens to a project, as a script and as steps of v8_events.mjs."""

    def __init__(self, made, layout, blocks, number):
        self.random = random.Random(number)
        self.made, self.layout = made, layout
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
        elif what == 5:
            self.key(block)
        elif what == 6:
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


class Session:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
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
        done = subprocess.run(argv, capture_output=True, check=False, timeout=PATIENCE_S,
                              cwd=self.folder)
        if done.returncode not in status:
            raise RuntimeError(f"{' '.join(argv)}: {done.returncode}\n"
                               f"{done.stderr.decode(errors='replace')}")
        return done

    def make(self, number):
        """Project 'number', its module, and what the host does."""
        seed = self.options.seed * 1000003 + number
        made = MadeProject(seed)
        for name in ("patch", "memory", "v8", "samples"):
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        layout = project.Project("patch.8f4e", made.text)
        # Half of them fill their memory to its last word.
        words = -layout.required_bytes % 65536 // 4 if number % 2 else number % 9
        text = made.filled(words + (16384 if number % 5 == 0 else 0))
        self.write("patch.8f4e", text)
        layout = project.Project("patch.8f4e", text)
        self.write("patch.wat", compiled(layout, number % 3 == 2))
        self.run("wat2wasm", "patch.wat", "-o", "patch.wasm")
        blocks = random.Random(seed).randrange(3, 14)
        host = Host(made, layout, blocks, seed)
        self.write("script", "\n".join(host.script) + "\n")
        speaker = layout.by_name[made.speaker]
        self.write("plan.json", json.dumps({
            "blocks": blocks, "pages": max(1, -(-layout.required_bytes // 65536)),
            "frames": FRAMES, "events": host.steps,
            "outputs": [layout.item(side, speaker, speaker.opener).address
                        for side in ("left", "right")]}))
        self.counts["wild"] += made.wild
        return made, Places(layout), blocks

    def ways(self, number, made):
        """The builds of project 'number'. Without checks a patch must not leave
        its memory."""
        fitting = [w for w in WAYS if not (made.wild or made.traps) or "unchecked" not in w]
        ways = fitting if self.options.all else [fitting[number % len(fitting)]]
        if os.environ.get("WASM2C") and number // 2 % 2 == 1:
            ways = [way + ["--wasm2c", os.environ["WASM2C"]] for way in ways]
        if self.options.tune and number % self.options.tune == 0:
            ways = ways + [["--tune", "--pgo=0.02"]]
        return ways

    def check(self, number):
        """None, or what is wrong."""
        made, places, blocks = self.make(number)
        trap = self.run("node", os.path.join(HERE, "v8_events.mjs"), "patch.wasm", "plan.json", "v8",
                        "v8-samples").stdout.decode().strip()
        self.counts["traps"] += trap != ""
        for way in self.ways(number, made):
            wrong = self.compare(way, places, blocks, trap)
            if wrong is not None:
                return f"{wrong}, built with {' '.join(way)}; V8's trap: '{trap}'"
        return None

    def compare(self, way, places, blocks, trap):
        self.counts["builds"] += 1
        self.run(os.environ["F4E_BUILD"], "-q", "patch.wasm", "--emit-c", "c", "-o", "patch", *way)
        made = self.read("c/module.c").decode()
        for name in REWRITTEN:
            self.counts[name] += made.count(name)
        done = self.run("./patch", "-q", "--render", "-", "--denormals", "ieee", "--blocks",
                        str(blocks), "--on-trap", "stop", "--script", "script",
                        "--dump-memory", "memory", "--stats-json", "stats", status=range(128))
        if not os.path.exists(self.path("memory")):
            return f"the patch ended with {done.returncode}: {done.stderr.decode()}"
        if (done.returncode != 0) != (trap != ""):
            return f"status {done.returncode}"
        self.counts["general"] += json.loads(self.read("stats"))["generalBlocks"] > 0
        at = places.difference(self.read("memory"), self.read("v8"))
        if at is not None:
            return f"address {at} differs from V8's"
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
    if shutil.which("node") is None:
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
