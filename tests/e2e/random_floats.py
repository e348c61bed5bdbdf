#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""random_floats.py [--count N] [--seed S] [--first I] [--keep DIR]

Modules made up at random, built in one of several ways each, and run: what they
leave in memory must be what V8 leaves there, bit for bit but for the bits of a
NaN. They are full of what the steps of translate/ look for that rewrite floats:
counted loops that gather sums, several calls of one function, floats that go to
an integer and back, modules that a loop calls for each frame; and of what only
looks like that. A fourth of the modules
ends in a trap. Module number i of seed s is always the same.

F4E_BUILD names the program, F4E_V8_MEMORY the script that runs V8; WASM2C may
name another wasm2c, for every other module."""
import argparse
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

BLOCKS = 3
PATIENCE_S = 120  # an endless loop may be made up, too
SKIPPED = 77
KEPT = [16 + 4 * i for i in range(6)]       # f32 words with an address each
KEPT64 = [128 + 8 * i for i in range(3)]
X, X64, Y = 1024, 3200, 7424                # arrays of ELEMENTS
ELEMENTS = 520
FRAME = [40 + 4 * i for i in range(14)]      # f32 words of modules
COUNTS = [96, 100, 104]                      # i32 words of modules
RESULTS, RESULTS64 = 12288, 14336
AUDIO = 16384
ROUNDS = [0, 1, 7, 8, 8, 9, 16, 31, 32, 33, 64, 100, 511, 512, 513]
SPECIAL = [0x0, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345,
           0x1, 0x807fffff, 0x4effffff, 0x4f000000, 0xcf000000, 0xcf000001,
           0x4f800000, 0x7f7fffff, 0xff7fffff, 0x3f7fffff, 0xbf000000]
NUMBERS = ["0", "-0", "1", "-1", "0.5", "0.1", "-0.3", "3", "1.0625", "1e-40",
           "2147483648", "-2147483648", "2147483520", "1e30", "nan", "inf",
           "16777217", "0.99999994"]
TAME = NUMBERS[2:9]
# Some are the beginning of others, or are like a name of the C code.
PURE = ["sin", "sine", "sin_", "s", "w2c_f0"]
COMPARE = ["f32.lt", "f32.gt", "f32.le", "f32.eq", "f32.ne"]


class Maker:
    """One module's text."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.labels = 0
        self.counters = []
        self.callable = []   # f32 to f32
        self.tame = self.random.random() < 0.7

    def any(self, *choices):
        return self.random.choice(choices)

    def often(self, chance):
        return self.random.random() < chance

    def number(self):
        return self.random.choice(TAME if self.tame else NUMBERS)

    def index(self, base, shift):
        """The address of an element; small enough for any counter."""
        if not self.counters:
            return f"(i32.const {base + (self.random.randrange(8) << shift)})"
        counter = f"(local.get {self.counters[-1]})"
        if self.often(0.3):
            counter = f"(i32.and {counter} (i32.const {self.any(7, 15, 63)}))"
        at = f"(i32.shl {counter} (i32.const {shift}))"
        return f"(i32.add (i32.const {base}) {at})"

    def kept(self):
        return f"(i32.const {self.random.choice(KEPT)})"

    def local(self):
        return f"$f{self.random.randrange(5)}"

    def f32(self, depth):
        kind = self.random.randrange(5 if depth <= 0 else 14)
        if kind == 0:
            return f"(f32.const {self.number()})"
        if kind == 1:
            return f"(local.get {self.local()})"
        if kind == 2:
            return f"(f32.load {self.index(X, 2)})"
        if kind == 3:
            return self.any(f"(f32.load {self.kept()})", "(global.get $g0)",
                            f"(local.get {self.local()})")
        if kind == 4:
            what = self.counters[-1] if self.counters else "$n"
            return f"(f32.convert_i32_s (local.get {what}))"
        if kind < 8:
            op = self.any("add", "add", "sub", "mul", "mul", "div", "min",
                          "max")
            return f"(f32.{op} {self.f32(depth - 1)} {self.f32(depth - 1)})"
        if kind == 8:
            op = self.any("abs", "neg", "sqrt", "floor", "nearest", "trunc")
            return f"(f32.{op} {self.f32(depth - 1)})"
        if kind in (9, 10):
            sign, back = self.any("ss", "ss", "ss", "su", "us", "uu")
            return (f"(f32.convert_i32_{back} (i32.trunc_sat_f32_{sign} "
                    f"{self.f32(depth - 1)}))")
        if kind == 11:
            return f"(f32.demote_f64 {self.f64(depth - 1)})"
        if kind == 12 and self.callable:
            return f"(call ${self.random.choice(self.callable)} " \
                   f"{self.f32(depth - 1)})"
        return (f"(select {self.f32(depth - 1)} {self.f32(depth - 1)} "
                f"{self.condition(depth - 1)})")

    def f64(self, depth):
        kind = self.random.randrange(4 if depth <= 0 else 9)
        if kind == 0:
            return f"(f64.const {self.number()})"
        if kind == 1:
            return f"(local.get $d{self.random.randrange(2)})"
        if kind == 2:
            return f"(f64.load {self.index(X64, 3)})"
        if kind == 3:
            return f"(f64.load (i32.const {self.random.choice(KEPT64)}))"
        if kind == 4:
            return f"(f64.promote_f32 {self.f32(depth - 1)})"
        if kind == 5:
            sign, back = self.any("ss", "ss", "su", "us")
            return (f"(f64.convert_i32_{back} (i32.trunc_sat_f64_{sign} "
                    f"{self.f64(depth - 1)}))")
        op = self.any("add", "add", "sub", "mul", "min", "max")
        return f"(f64.{op} {self.f64(depth - 1)} {self.f64(depth - 1)})"

    def condition(self, depth):
        if self.counters and self.often(0.5):
            return (f"(i32.{self.any('eq', 'lt_s', 'ne', 'and')} (local.get "
                    f"{self.counters[-1]}) (i32.const "
                    f"{self.any(1, 2, 3, 7, 30)}))")
        return f"({self.random.choice(COMPARE)} {self.f32(depth)} " \
               f"{self.f32(depth)})"

    def gather(self):
        """A sum goes on: a local, a word of memory, a global, or doubles."""
        kind = self.random.randrange(10)
        what = self.f32(self.random.randrange(3))
        op = self.any("add", "add", "add", "add", "sub", "mul", "min", "max")
        if kind < 5:
            name = f"$f{self.random.randrange(3)}"
            pair = [f"(local.get {name})", what]
            if self.often(0.2):
                pair.reverse()
            return f"(local.set {name} (f32.{op} {pair[0]} {pair[1]}))"
        if kind < 8:
            word = self.kept()
            value = f"(f32.{op} (f32.load {word}) {what})"
            if self.often(0.5):
                name = self.local()
                return (f"(local.set {name} {value}) "
                        f"(f32.store {word} (local.get {name}))")
            return f"(f32.store {word} {value})"
        if kind == 8:
            return f"(global.set $g0 (f32.add (global.get $g0) {what}))"
        if self.often(0.5):
            word = f"(i32.const {self.random.choice(KEPT64)})"
            return f"(f64.store {word} (f64.add (f64.load {word}) " \
                   f"{self.f64(1)}))"
        name = f"$d{self.random.randrange(2)}"
        return f"(local.set {name} (f64.add (local.get {name}) {self.f64(1)}))"

    def voices(self):
        """Several calls of one function, side by side."""
        function = self.random.choice(PURE)
        out = []
        for _ in range(self.random.randrange(3, 11)):
            argument = self.f32(self.random.randrange(2))
            if self.often(0.6):
                argument = (f"(f32.mul (local.get {self.local()}) (f32.const "
                            f"{self.number()}))")
            name = self.local() if self.often(0.3) else "$f4"
            op = self.any("add", "sub", "min")
            out.append(f"(local.set {name} (f32.{op} (local.get {name}) "
                       f"(call ${function} {argument})))")
            if self.often(0.15):
                out.append(self.plain())
        return "\n ".join(out)

    def plain(self):
        """A statement that is no sum, or only by chance."""
        kind = self.random.randrange(8)
        value = self.f32(self.random.randrange(3))
        if kind < 3:
            return f"(local.set {self.local()} {value})"
        if kind == 3:
            return f"(f32.store {self.index(Y, 2)} {value})"
        if kind == 4:
            base = self.any(X, X, Y, KEPT[0])
            return f"(f32.store {self.index(base, 2)} {value})" \
                if base != KEPT[0] else f"(f32.store {self.kept()} {value})"
        if kind == 5:
            return "(call $note)" if self.often(0.4) else \
                f"(local.set $n (i32.trunc_sat_f32_s {value}))"
        if kind == 6:
            return f"(global.set $g0 {value})"
        return f"(local.set {self.local()} (local.get {self.local()}))"

    def statements(self, count, depth, in_loop=None):
        out = []
        for _ in range(count):
            kind = self.random.random()
            if kind < 0.5:
                out.append(self.gather())
            elif kind < 0.72:
                out.append(self.plain())
            elif kind < 0.85 and depth > 0:
                text = self.statements(self.random.randrange(1, 3), depth - 1)
                other = self.statements(1, depth - 1) if self.often(0.4) else ""
                out.append(f"(if {self.condition(1)} (then {text}) (else "
                           f"{other}))")
            elif kind < 0.9 and in_loop is not None and self.often(0.4):
                out.append(f"(br_if {in_loop} {self.condition(1)})")
            elif kind < 0.93 and depth > 1:
                out.append(self.loop(depth - 1))
            elif kind < 0.97 and not in_loop:
                out.append(self.voices())
        return "\n ".join(out)

    def loop(self, depth):
        self.labels += 1
        out, back = f"$o{self.labels}", f"$l{self.labels}"
        if len(self.counters) == 3:
            return ""
        counter = f"$i{len(self.counters)}"
        outer = len(self.counters)
        rounds = self.random.choice(ROUNDS if outer == 0 else ROUNDS[:7])
        near = self.random.random()
        test = "ge_u" if near < 0.03 else "ge_s"
        start = 1 if 0.03 <= near < 0.06 else 0
        step = 2 if 0.06 <= near < 0.09 else 1
        skip = f"(br_if {out} {self.condition(1)})" if self.often(0.1) else \
            f"(if {self.condition(1)} (then (br {out})))" \
            if self.often(0.1) else ""
        way_out = f"(if (i32.{test} (local.get {counter}) (i32.const " \
                  f"{rounds})) (then (br {out})))"
        carried = self.often(0.08)
        if near > 0.97:
            way_out = f"(br_if {out} (i32.ge_s (local.get {counter}) " \
                      f"(i32.const {rounds})))"
        self.counters.append(counter)
        body = self.statements(self.random.randrange(1, 6), depth,
                               self.any(out, back))
        self.counters.pop()
        kind = ""
        if carried:
            # The loop has a parameter, on the operand stack.
            kind = "(param f32) (result f32)"
            way_out = way_out.replace("(if ", "(if (param f32) (result f32) ",
                                      1)
            skip = ""
            body = re.sub(r"\(br_if .*", "", body)
            body += f"\n (f32.mul (f32.const 0.5)) (f32.add " \
                    f"(local.get {self.local()}))"
        text = (f"(block {out} {kind} {skip}\n (local.set {counter} "
                f"(i32.const {start}))\n (loop {back} {kind}\n {way_out}\n "
                f"(local.set {counter} (i32.add (local.get {counter}) "
                f"(i32.const {step})))\n {body}\n (br {back})))")
        return f"(f32.const 5) {text} (local.set {self.local()})" \
            if carried else text

    def trap(self):
        value = self.f32(1)
        return self.any(
            "(if (i32.eq (local.get $i0) (i32.const 5)) (then unreachable))",
            "(local.set $n (i32.div_s (i32.const 7) (i32.sub (local.get $i0) "
            "(i32.const 6))))",
            f"(local.set $n (i32.trunc_f32_s {value}))",
            "(f32.store (i32.mul (local.get $i0) (i32.const 20000)) "
            "(f32.const 1))",
            "(local.set $f3 (f32.load (i32.mul (local.get $i0) (i32.const "
            "20000))))")

    def function(self, number, has_trap):
        body = "\n ".join(self.statements(2, 2) + "\n " + self.any(
            self.loop, self.loop, lambda _: self.voices())(2)
                          for _ in range(self.random.randrange(1, 4)))
        if has_trap:
            loop = self.loop(1)
            at = loop.rfind("(br $l")
            body += "\n " + loop[:at] + self.trap() + "\n " + loop[at:]
        ends = "".join(
            f"(f32.store (i32.const {RESULTS + 64 * number + 4 * i}) "
            f"(local.get $f{i}))" for i in range(5))
        ends += "".join(
            f"(i32.store (i32.const {RESULTS + 64 * number + 20 + 4 * i}) "
            f"(local.get $i{i}))" for i in range(3))
        ends += "".join(
            f"(f64.store (i32.const {RESULTS64 + 16 * number + 8 * i}) "
            f"(local.get $d{i}))" for i in range(2))
        return (f"(func $t{number} (local $i0 i32) (local $i1 i32) (local $i2 "
                f"i32) (local $n i32) {FLOATS}\n {body}\n {ends})")

    def pure(self, name):
        """From f32 to f32; most only compute, some have a loop or memory."""
        steps = [f"(local.set $f{self.random.randrange(4)} {self.quiet(2)})"
                 for _ in range(self.random.randrange(3))]
        if self.often(0.4):
            steps.append(f"(if ({self.random.choice(COMPARE)} {self.quiet(1)} "
                         f"{self.quiet(1)}) (then (local.set $f1 "
                         f"{self.quiet(2)})) (else (local.set $f2 "
                         f"{self.quiet(1)})))")
        if self.often(0.1):
            steps.append("(local.set $f1 (global.get $g0))")
        if self.often(0.05):
            steps.append("(global.set $g0 (f32.add (global.get $g0) "
                         "(f32.const 1)))")
        if self.often(0.05):
            steps.append(f"(local.set $f1 (f32.load (i32.const {KEPT[1]})))")
        return (f"(func ${name} (param $f0 f32) (result f32) (local $f1 f32) "
                f"(local $f2 f32) (local $f3 f32) " + " ".join(steps) +
                f" {self.quiet(3)})")

    def quiet(self, depth):
        """Of locals only."""
        if depth <= 0:
            return f"(local.get $f{self.random.randrange(4)})" \
                if self.often(0.7) else f"(f32.const {self.number()})"
        kind = self.random.randrange(4)
        if kind == 0:
            return f"(f32.{self.any('abs', 'neg', 'sqrt')} " \
                   f"{self.quiet(depth - 1)})"
        if kind == 1:
            return f"(f32.convert_i32_s (i32.trunc_sat_f32_s " \
                   f"{self.quiet(depth - 1)}))"
        op = self.any("add", "sub", "mul", "min", "max", "div")
        return f"(f32.{op} {self.quiet(depth - 1)} {self.quiet(depth - 1)})"

    # Modules that a loop calls for each frame of a block, as the language
    # compiles them: what stages.c takes apart.

    def wire(self, depth):
        """Of words, a table and functions."""
        kind = self.random.randrange(4 if depth <= 0 else 10)
        if kind < 2:
            return f"(f32.load (i32.const {self.random.choice(self.words)}))"
        if kind == 2:
            return f"(f32.const {self.number()})"
        if kind == 3:
            if self.often(0.6):
                return f"(f32.convert_i32_s (i32.load (i32.const " \
                       f"{self.random.choice(COUNTS)})))"
            return f"(f32.load {self.cell(self.any(X, X, Y), 31)})"
        if kind < 7:
            op = self.any("add", "add", "sub", "mul", "mul", "div", "min",
                          "max")
            return f"(f32.{op} {self.wire(depth - 1)} {self.wire(depth - 1)})"
        if kind < 9:
            return f"(call ${self.random.choice(PURE)} {self.wire(depth - 1)})"
        return (f"(select {self.wire(depth - 1)} {self.wire(depth - 1)} "
                f"({self.random.choice(COMPARE)} {self.wire(depth - 1)} "
                f"{self.wire(depth - 1)}))")

    def cell(self, base, mask):
        """The address of an element that a counter chooses."""
        return (f"(i32.add (i32.const {base}) (i32.shl (i32.and (i32.load "
                f"(i32.const {self.random.choice(COUNTS)})) (i32.const {mask}))"
                " (i32.const 2)))")

    def wired(self, depth):
        """A statement of a module."""
        kind = self.random.randrange(12)
        if kind < 6:
            # Each module has words of its own, nearly.
            word = self.random.choice(self.own if self.often(0.9)
                                      else self.words)
            return f"(f32.store (i32.const {word}) {self.wire(3)})"
        if kind < 8:
            word = self.random.choice(self.own)
            step = f"(f32.add (f32.load (i32.const {word})) {self.wire(1)})"
            return (f"(f32.store (i32.const {word}) {step}) (if (f32.gt "
                    f"(f32.load (i32.const {word})) (f32.const 3)) (then "
                    f"(f32.store (i32.const {word}) (f32.sub (f32.load "
                    f"(i32.const {word})) (f32.const 5)))))")
        if kind == 8 and depth > 0:
            other = f"(else {self.wired(depth - 1)})" if self.often(0.4) else ""
            return (f"(if ({self.random.choice(COMPARE)} {self.wire(1)} "
                    f"{self.wire(1)}) (then {self.wired(depth - 1)}) {other})")
        if kind == 9:
            word = self.random.choice(COUNTS)
            return (f"(i32.store (i32.const {word}) (i32.and (i32.add (i32.load "
                    f"(i32.const {word})) (i32.const {self.any(1, 1, 3)})) "
                    f"(i32.const {self.any(15, 31, 63)})))")
        if kind == 10:
            return f"(f32.store {self.cell(Y, 31)} {self.wire(2)})"
        name = self.local()
        return (f"(local.set {name} {self.wire(2)}) (f32.store (i32.const "
                f"{self.random.choice(self.own)}) (local.get {name}))")

    def frames(self):
        """The modules and the loop, and what calls it."""
        count = self.random.randrange(2, 9)
        out = []
        for i in range(count):
            # Most read what those before them made; others go in circles.
            size = len(FRAME) // count
            self.own = FRAME[i * size:(i + 1) * size]
            self.words = FRAME if self.often(0.15) else \
                FRAME[:(i + 1 if self.often(0.3) else max(i, 1)) * size]
            body = "\n ".join(self.wired(1)
                              for _ in range(self.random.randrange(1, 5)))
            if self.often(0.02):
                body += "\n (call $note)"
            out.append(f"(func $m{i} {FLOATS}\n {body})")
        calls = " ".join(f"(call $m{i})" for i in range(count))
        rounds = self.any(128, 128, 64, 256, 48, 33)
        out.append(f"(func $main {calls})")
        out.append("(func $frames (local $i i32) (block $o (local.set $i "
                   "(i32.const 0)) (loop $l (if "
                   f"(i32.ge_s (local.get $i) (i32.const {rounds})) (then (br "
                   "$o))) (local.set $i (i32.add (local.get $i) (i32.const 1)))"
                   " (call $main) (br $l))))")
        return out

    def data(self, address, count, is_double):
        words = bytearray()
        for _ in range(count):
            value = self.random.uniform(-4, 4)
            special = self.often(0.02 if self.tame else 0.1)
            word = self.random.choice(SPECIAL)
            if is_double:
                if special:
                    value, = struct.unpack("<f", struct.pack("<I", word))
                words += struct.pack("<d", value)
            else:
                words += struct.pack("<I", word) if special else \
                    struct.pack("<f", value)
        text = "".join(f"\\{byte:02x}" for byte in words)
        return f'(data (i32.const {address}) "{text}")'

    def module(self):
        pure = [self.pure(name) for name in PURE]
        self.callable = PURE
        count = self.random.randrange(3, 9)
        traps = self.often(0.25)
        functions = [self.function(i, traps and i == count - 1)
                     for i in range(count)]
        calls = [f"(call $t{i})" for i in range(count)]
        frames = self.frames() if self.often(0.5) else []
        if frames:
            calls.append("(call $frames)")
        if frames and self.often(0.7):
            # By themselves, so that more of them can be proven.
            functions, calls = [], calls[-1:]
        elif self.often(0.3):
            calls.insert(self.random.randrange(count), "(call $t0)")
        return "\n".join([
            '(module (import "host" "memory" (memory 1 1))',
            "(global $g0 (mut f32) (f32.const 1))",
            *pure,
            f"(func $note (f32.store (i32.const {KEPT[2]}) (f32.add (f32.load "
            f"(i32.const {KEPT[0]})) (f32.load (i32.const {KEPT[1]}))))",
            " (global.set $g0 (f32.mul (global.get $g0) (f32.const 0.5))))",
            *functions, *frames,
            '(func (export "initDefaults"))',
            '(func (export "buffer")', *calls,
            f"(f32.store (i32.const {RESULTS - 4}) (global.get $g0)))",
            self.data(KEPT[0], len(KEPT), False),
            self.data(FRAME[0], len(FRAME), False),
            self.data(KEPT64[0], len(KEPT64), True),
            self.data(X, ELEMENTS, False), self.data(X64, ELEMENTS, True),
            ")"])


FLOATS = "".join(f"(local $f{i} f32)" for i in range(5)) + \
    "".join(f"(local $d{i} f64)" for i in range(2))


def is_nan(word, ones, rest):
    return word & ones == ones and word & rest != 0


def difference(left, right):
    """The first address where two memories differ; None: nowhere."""
    if len(left) != len(right):
        return min(len(left), len(right))
    doubles = range(RESULTS64, AUDIO, 8), range(KEPT64[0], KEPT64[-1] + 8, 8)
    skip = set()
    for area in doubles:
        for at in area:
            a, b = (struct.unpack_from("<Q", m, at)[0] for m in (left, right))
            if all(is_nan(x, 0x7ff << 52, (1 << 52) - 1) for x in (a, b)):
                skip.update((at, at + 4))
    for at in range(0, len(left), 4):
        a, b = (struct.unpack_from("<I", m, at)[0] for m in (left, right))
        if a != b and at not in skip and not all(
                is_nan(x, 0x7f800000, 0x7fffff) for x in (a, b)):
            return at
    return None


class Session:
    maker = Maker
    # What the C code must have, and what to call it.
    counted = {"f4e_sums": "halves of loops", "F4E_LANES(": "groups of calls",
               "_WHOLE(": "round trips",
               "F4E_WIDE for": "loops over frames in vectors"}
    rare = {"F4E_WIDE for"}

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.found = dict.fromkeys(self.counted, 0)
        self.trapped = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *argv, status=(0,)):
        done = subprocess.run(argv, capture_output=True, text=True,
                              check=False, timeout=PATIENCE_S)
        if done.returncode not in status:
            raise RuntimeError(f"{' '.join(argv)}: {done.returncode}\n"
                               f"{done.stderr}")
        return done

    def endless_in(self, v8):
        """Of a patch without an end: None if V8 comes to none either."""
        try:
            self.run(*v8)
        except subprocess.TimeoutExpired:
            return None
        return "the patch comes to no end, and V8 does"

    def build_options(self, number):
        compiler = ("clang-19", "gcc")[number % 2]
        options = ["--cc", compiler, "--ranges", ("on", "off")[number // 2 % 2]]
        if number // 4 % 3 == 0:
            options += ["--cpu", "x86-64"]
        if number // 8 % 8 == 1:
            options += ["-O1"]
        if os.environ.get("WASM2C") and number // 4 % 2 == 1:
            options += ["--wasm2c", os.environ["WASM2C"]]
        return options

    def check(self, number):
        """None, or what is wrong."""
        text = self.maker(self.options.seed * 1000003 + number).module()
        for name in ("patch", "memory", "v8", "c"):
            if os.path.isdir(self.path(name)):
                shutil.rmtree(self.path(name))
            elif os.path.exists(self.path(name)):
                os.remove(self.path(name))
        with open(self.path("module.wat"), "w", encoding="ascii") as file:
            file.write(text)
        module = self.path("module.wasm")
        self.run("wat2wasm", "--debug-names", self.path("module.wat"), "-o",
                 module)
        options = self.build_options(number)
        self.run(os.environ["F4E_BUILD"], "-q", module, "--no-project",
                 "--out", f"0={AUDIO}", "--emit-c", self.path("c"), "-o",
                 self.path("patch"), *options)
        with open(self.path("c/module.c"), encoding="ascii") as file:
            made = file.read()
        for name in self.found:
            self.found[name] += made.count(name)
        v8 = ("node", os.environ["F4E_V8_MEMORY"], module, str(BLOCKS),
              self.path("v8"), "stop")
        try:
            done = self.run(self.path("patch"), "-q", "--render", "none",
                            "--denormals", "ieee", "--blocks", str(BLOCKS),
                            "--on-trap", "stop", "--dump-memory",
                            self.path("memory"), status=range(128))
        except subprocess.TimeoutExpired:
            return self.endless_in(v8)
        self.trapped += done.returncode != 0
        if not os.path.exists(self.path("memory")):
            return f"the patch ended with {done.returncode}: {done.stderr}"
        self.run(*v8)
        memories = []
        for name in ("memory", "v8"):
            with open(self.path(name), "rb") as file:
                memories.append(file.read())
        at = difference(*memories)
        return None if at is None else \
            f"address {at} differs from V8's, built with {' '.join(options)}"


def main(make_session=Session):
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep")
    options = parser.parse_args()
    if shutil.which("node") is None:
        print("skipped: no node")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        session = make_session(options, folder)
        for number in range(options.first, options.first + options.count):
            wrong = session.check(number)
            if wrong is not None:
                print(f"seed {options.seed}, module {number}: {wrong}")
                if options.keep:
                    shutil.copytree(folder, options.keep)
                return 1
    found = ", ".join(f"{session.found[key]} {name}"
                      for key, name in session.counted.items())
    print(f"{options.count} modules of seed {options.seed}: {found}, "
          f"{session.trapped} traps")
    if min(count for key, count in session.found.items()
           if key not in session.rare) < options.count // 4:
        print("hardly anything was rewritten")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
