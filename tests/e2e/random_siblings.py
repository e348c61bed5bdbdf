#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""random_siblings.py [--count N] [--seed S] [--first I] [--keep DIR]

Modules made up at random, as random_floats.py does it, for siblings/
of wasm2c-driver: functions with one text, each with words and numbers of its own, that
are called in every frame, among others that read what they write. Some groups
are none: a lane reads another's word, has another operation, is called twice.
Everything is compared with V8, bit for bit but for the bits of a NaN."""
import struct
import sys

import random_floats
from random_floats import COMPARE, Maker

FRAMES = 24
SHARED = [32 + 4 * i for i in range(4)]   # f32 that a frame's first function
CLOCK = 64                                # i32 writes; a counter
TABLE, TABLE_WORDS = 1024, 64             # f32
SHORTS = 2048                             # 16 bits each
WORDS = 4096                              # of the voices
FLOATS_OF, INTS_OF = 5, 3                 # words of a voice
STRIDE = 4 * (FLOATS_OF + INTS_OF)
GROUP = 1024                              # bytes for the words of a group


class Voices(Maker):
    """Texts with {f0}, {i0}, {c0}: words' addresses and numbers by lane."""

    def __init__(self, seed):
        super().__init__(seed)
        self.pure_names = ["bend", "fold", "steps"]
        self.numbers = 0

    def lane_number(self):
        self.numbers += 1
        return f"(f32.const {{c{self.numbers % 4}}})"

    def word(self):
        return f"(i32.const {{f{self.random.randrange(FLOATS_OF)}}})"

    def int_word(self):
        return f"(i32.const {{i{self.random.randrange(INTS_OF)}}})"

    def f32(self, depth):
        kind = self.random.randrange(6 if depth <= 0 else 17)
        if kind in (12, 15) and self.often(0.6):
            kind = 7
        if kind == 0:
            return self.lane_number()
        if kind == 1:
            return f"(f32.const {self.number()})"
        if kind in (2, 3):
            return f"(f32.load {self.word()})"
        if kind == 4:
            return f"(local.get $f{self.random.randrange(3)})"
        if kind == 5:
            return f"(f32.load (i32.const {self.random.choice(SHARED)}))"
        if kind < 10:
            op = self.any("add", "sub", "mul", "mul", "min", "max", "div")
            return f"(f32.{op} {self.f32(depth - 1)} {self.f32(depth - 1)})"
        if kind == 10:
            op = self.any("abs", "neg", "sqrt", "floor", "ceil", "nearest",
                          "trunc")
            return f"(f32.{op} {self.f32(depth - 1)})"
        if kind == 11:
            if self.often(0.5):
                return ("(f32.convert_i32_s (i32.trunc_sat_f32_s "
                        f"{self.f32(depth - 1)}))")
            return f"(f32.convert_i32_s {self.i32(depth - 1)})"
        if kind == 12:
            return f"(call ${self.random.choice(self.pure_names)} " \
                   f"{self.f32(depth - 1)})"
        if kind == 13:
            return (f"(select {self.f32(depth - 1)} {self.f32(depth - 1)} "
                    f"{self.condition(depth - 1)})")
        if kind == 14:
            return (f"(if (result f32) {self.condition(depth - 1)} (then "
                    f"{self.f32(depth - 1)}) (else {self.f32(depth - 1)}))")
        if kind == 15:
            return (f"(f32.load (i32.add (i32.const {TABLE}) (i32.shl "
                    f"(i32.and {self.i32(depth - 1)} (i32.const "
                    f"{TABLE_WORDS - 1})) (i32.const 2))))")
        # The sign of a NaN is anything.
        return (f"(f32.copysign {self.f32(depth - 1)} (f32.convert_i32_s "
                f"{self.i32(depth - 1)}))")

    def i32(self, depth):
        kind = self.random.randrange(4 if depth <= 0 else 9)
        if kind == 6 and self.often(0.7):
            kind = 4
        if kind == 0:
            return f"(i32.const {self.any(0, 1, 3, 7, -1, 1000)})"
        if kind == 1:
            return f"(i32.load {self.int_word()})"
        if kind == 2:
            return f"(i32.load (i32.const {CLOCK}))"
        if kind == 3:
            return "(local.get $n)"
        if kind == 4:
            return f"(i32.trunc_sat_f32_s {self.f32(depth - 1)})"
        if kind == 5:
            return f"{self.condition(depth - 1)}"
        if kind == 6:
            return (f"(i32.load16_{self.any('s', 'u')} (i32.add (i32.const "
                    f"{SHORTS}) (i32.shl (i32.and {self.i32(depth - 1)} "
                    "(i32.const 31)) (i32.const 1))))")
        if self.often(0.15):
            op = self.any("div_s", "div_u", "rem_s", "rem_u")
            return f"(i32.{op} {self.i32(depth - 1)} (i32.const " \
                   f"{self.any(3, 8, 1000, -7)}))"
        op = self.any("add", "sub", "mul", "and", "or", "xor", "shl", "shr_s",
                      "shr_u")
        return f"(i32.{op} {self.i32(depth - 1)} {self.i32(depth - 1)})"

    def condition(self, depth):
        if self.often(0.5):
            return (f"({self.random.choice(COMPARE)} {self.f32(depth)} "
                    f"{self.f32(depth)})")
        op = self.any("eq", "ne", "lt_s", "gt_u", "ge_s", "le_u")
        # What is known before makes code that the analysis never reaches.
        left = f"(i32.trunc_sat_f32_s (f32.load {self.word()}))" \
            if self.often(0.5) else f"(i32.load {self.int_word()})"
        return f"(i32.{op} {left} {self.i32(depth)})"

    def statement(self, depth):
        kind = self.random.randrange(8 if depth <= 0 else 12)
        if kind < 4:
            return f"(f32.store {self.word()} {self.f32(2)})"
        if kind == 4:
            return f"(i32.store {self.int_word()} {self.i32(2)})"
        if kind == 5:
            word = self.int_word()
            return (f"(i32.store {word} (i32.and (i32.add (i32.load {word}) "
                    "(i32.const 1)) (i32.const 7)))")
        if kind == 6:
            return f"(local.set $f{self.random.randrange(3)} {self.f32(2)})"
        if kind == 7:
            return f"(local.set $n {self.i32(2)})"
        then = "\n ".join(self.statement(depth - 1)
                          for _ in range(self.random.randrange(1, 4)))
        other = f"(else {self.statement(depth - 1)})" if self.often(0.4) else ""
        return f"(if {self.condition(1)} (then {then}) {other})"

    def voices(self, group):
        """The functions of a group, and their names."""
        count = self.any(3, 4, 5, 6, 7, 8, 9, 14, 16, 18)
        text = "\n ".join(self.statement(2)
                          for _ in range(self.random.randrange(
                              4, 12 if count < 8 else 7)))
        odd = self.random.randrange(count) if self.often(0.15) else None
        out, names = [], []
        for lane in range(count):
            base = WORDS + GROUP * group + STRIDE * lane
            words = {f"f{i}": base + 4 * i for i in range(FLOATS_OF)}
            words |= {f"i{i}": base + 4 * (FLOATS_OF + i)
                      for i in range(INTS_OF)}
            words |= {f"c{i}": self.number() if self.often(0.8) else "nan"
                      for i in range(4)}
            if lane == odd and self.often(0.5):
                words["f0"] = WORDS + GROUP * group  # the first one's
            own = text.replace("(f32.add", "(f32.sub") \
                if lane == odd and self.often(0.5) else text
            names.append(f"$v{group}_{lane}")
            out.append(f"(func {names[-1]} (local $n i32) (local $f0 f32) "
                       f"(local $f1 f32) (local $f2 f32)\n "
                       f"{own.format(**words)})")
        return out, names

    def mixer(self, groups):
        """Reads words of the voices, and writes the frame's sample."""
        terms = [f"(f32.load (i32.const {WORDS + GROUP * group + STRIDE * lane}"
                 "))" for group, count in enumerate(groups)
                 for lane in range(count)]
        total = terms[0]
        for term in terms[1:]:
            total = f"(f32.add {total} {term})"
        return (f"(func $mixer (f32.store (i32.add (i32.const "
                f"{random_floats.AUDIO}) (i32.shl (i32.and (i32.load (i32.const"
                f" {CLOCK})) (i32.const 127)) (i32.const 2))) {total}))")

    def helpers(self):
        return [
            f"(func $bend (param $f0 f32) (result f32) (local $f1 f32) (local "
            f"$f2 f32) (local $f3 f32) (if (f32.lt (local.get $f0) (f32.const "
            f"0)) (then (local.set $f1 {self.quiet(2)}))) {self.quiet(2)})",
            f"(func $fold (param $f0 f32) (result f32) (local $f1 f32) (local "
            f"$f2 f32) (local $f3 f32) {self.quiet(3)})",
            "(func $steps (param $f0 f32) (result f32) (local $i i32) (local "
            "$f1 f32) (block $out (loop $again (br_if $out (i32.ge_s (local.get"
            " $i) (i32.const 5))) (local.set $i (i32.add (local.get $i) "
            "(i32.const 1))) (local.set $f1 (f32.add (f32.mul (local.get $f1) "
            "(f32.const 0.5)) (local.get $f0))) (br $again))) (local.get $f1))",
            f"(func $first (i32.store (i32.const {CLOCK}) (i32.add (i32.load "
            f"(i32.const {CLOCK})) (i32.const 1)))\n" + "\n".join(
                f"(f32.store (i32.const {word}) (f32.mul (f32.load (i32.const "
                f"{word})) (f32.const {self.any('0.5', '-1.25', '1')})))"
                for word in SHARED) + ")"]

    def module(self):
        functions, names, sizes = [], [], []
        for group in range(self.random.randrange(1, 4)):
            made, called = self.voices(group)
            functions += made
            sizes.append(len(called))
            names += called
        if self.often(0.3):
            self.random.shuffle(names)
        if self.often(0.1):
            names.append(names[0])
        if self.often(0.3):
            names.insert(self.random.randrange(len(names)), "$first")
        calls = " ".join(f"(call {name})" for name in
                         ["$first", *names, "$mixer"])
        shorts = "".join(f"\\{self.random.randrange(256):02x}"
                         for _ in range(64))
        return "\n".join([
            '(module (import "host" "memory" (memory 1 1))',
            *self.helpers(), *functions, self.mixer(sizes),
            f"(func $main {calls})",
            '(func (export "initDefaults"))',
            '(func (export "buffer") (local $i i32) (block $out (loop $again',
            f"(br_if $out (i32.ge_s (local.get $i) (i32.const {FRAMES})))",
            "(local.set $i (i32.add (local.get $i) (i32.const 1)))",
            "(call $main) (br $again))))",
            self.data(SHARED[0], len(SHARED), False),
            self.data(TABLE, TABLE_WORDS, False),
            f'(data (i32.const {SHORTS}) "{shorts}")',
            *(self.data(WORDS + GROUP * group + STRIDE * lane, FLOATS_OF, False)
              for group, size in enumerate(sizes) for lane in range(size)),
            ")"])


class Session(random_floats.Session):
    maker = Voices
    counted = {"static void f4e_siblings": "groups"}

    def build_options(self, number):
        options = ["--cc", "gcc" if number % 16 == 5 else "clang-19"]
        if number % 4 == 3:
            options += ["--cpu", "x86-64-v3"]
        if number % 16 == 6:
            options += ["--ranges", "check"]
        return options


if __name__ == "__main__":
    sys.exit(random_floats.main(Session))
