# SPDX-License-Identifier: MIT
"""The code of one function or module of an 8f4e project, as WebAssembly text.

Each instruction has the shape that the language's own compiler gives it. One
that no vector shows is an error, not a guess.
"""

import struct

from project import Address, Float64

WASM = {"int": "i32", "float": "f32", "float64": "f64"}
LOADS = {"int": "i32.load", "int32": "i32.load", "float": "f32.load",
         "float64": "f64.load", "int8": "i32.load8_s", "int8u": "i32.load8_u",
         "int16": "i32.load16_s", "int16u": "i32.load16_u"}
LOAD_WORDS = {"load": "int", "loadFloat": "float", "load8s": "int8", "load8u": "int8u",
              "load16s": "int16", "load16u": "int16u"}
WIDTHS = {"i32.load8_s": 1, "i32.load8_u": 1, "i32.load16_s": 2, "i32.load16_u": 2,
          "f64.load": 8, "f64.store": 8}
# The instruction for ints, for floats, and whether the result is a condition.
BINARY = {"add": ("add", "add", 0), "sub": ("sub", "sub", 0), "mul": ("mul", "mul", 0),
          "div": ("div_s", "div", 0), "remainder": ("rem_s", None, 0),
          "and": ("and", None, 0), "or": ("or", None, 0), "xor": ("xor", None, 0),
          "shiftLeft": ("shl", None, 0), "shiftRight": ("shr_s", None, 0),
          "shiftRightUnsigned": ("shr_u", None, 0), "equal": ("eq", "eq", 1),
          "notEqual": ("ne", "ne", 1), "lessThan": ("lt_s", "lt", 1),
          "greaterThan": ("gt_s", "gt", 1), "lessOrEqual": ("le_s", "le", 1),
          "greaterOrEqual": ("ge_s", "ge", 1), "greaterOrEqualUnsigned": ("ge_u", None, 1)}
LAST_PAGE = ["memory.size", "i32.const 1", "i32.sub", "i32.const 16", "i32.shl"]


def constant(value, kind=None):
    """The instruction that pushes a number, as the type 'kind' or its own."""
    kind = kind or ("i32" if isinstance(value, int)
                    else "f64" if isinstance(value, Float64) else "f32")
    if kind == "i32":
        return f"i32.const {(int(value) + 2**31) % 2**32 - 2**31}"
    if kind == "f32":
        value = struct.unpack("f", struct.pack("f", value))[0]
    return f"{kind}.const {float(value).hex()}"


def wasm_type(word, line):
    kind = "i32" if word.rstrip("*") in LOADS and "*" in word else WASM.get(word)
    if kind is None:
        raise line.error(f"unknown type '{word}'")
    return kind


class Operand:
    """What the compiler knows of a stack entry."""

    def __init__(self, kind, nonzero=False, value=None, extent=None, proven=0):
        self.kind, self.nonzero, self.value = kind, nonzero, value
        # The item (start, size) that an address was computed from, and how
        # many bytes at it are certainly inside.
        self.extent, self.proven = extent, proven

    def is_inside(self, width):
        if self.proven >= width:
            return True
        if self.value is None or self.extent is None:
            return False
        start, size = self.extent
        return start <= self.value and self.value + width <= start + size


class Body:
    """The code of one function, translated line by line."""

    def __init__(self, translation, module=None):
        self.translation, self.module, self.line = translation, module, None
        self.code, self.stack, self.frames = [], [], []
        self.locals, self.names, self.params = [], {}, 0

    # The stack and locals

    def emit(self, *instructions):
        self.code += instructions

    def push(self, kind, **known):
        self.stack.append(Operand(kind, **known))

    def pop(self, kind=None):
        floor = self.frames[-1]["height"] if self.frames else 0
        if len(self.stack) <= floor:
            raise self.line.error("nothing left on the stack")
        operand = self.stack.pop()
        if kind is not None and operand.kind != kind:
            raise self.line.error(f"{operand.kind} where {kind} is needed")
        return operand

    def local(self, kind):
        self.locals.append(kind)
        return len(self.locals) - 1

    def declare(self, word, name, is_param=False):
        self.names[name] = (self.local(wasm_type(word, self.line)), word)
        self.params += is_param

    def fits(self, index, width):
        """The condition that 'width' bytes at a local's address are there."""
        self.emit(f"local.get {index}", *LAST_PAGE, f"i32.const {65536 - width}",
                  "i32.add", "i32.le_u")

    def number(self, word):
        return self.translation.project.number(word, self.line, self.module, self.types())

    def types(self):
        """The declared types of locals, by name."""
        return {name: declared for name, (_, declared) in self.names.items()}

    # Memory

    def load(self, instruction):
        kind, width = instruction[:3], WIDTHS.get(instruction, 4)
        if self.pop("i32").is_inside(width):
            self.emit(instruction)
        else:
            self.guarded_load(instruction, width)
        self.push(kind)

    def guarded_load(self, instruction, width):
        kind, index = instruction[:3], self.local("i32")
        self.emit(f"local.set {index}")
        self.fits(index, width)
        self.emit(f"if (result {kind})", f"local.get {index}", instruction,
                  "else", constant(0, kind), "end")

    def store(self):
        value, address = self.pop(), self.pop("i32")
        instruction = f"{value.kind}.store"
        width = WIDTHS.get(instruction, 4)
        if address.is_inside(width):
            self.emit(instruction)
            return
        at, what = self.local("i32"), self.local(value.kind)
        self.emit(f"local.set {what}", f"local.set {at}")
        self.fits(at, width)
        self.emit("if", f"local.get {at}", f"local.get {what}", instruction, "end")

    def store_bytes(self, count):
        address = self.pop("i32")
        at, what = self.local("i32"), self.local("i32")
        self.emit(f"local.set {at}")
        for i in range(count):
            self.pop("i32")
            offset = f" offset={i}" if i else ""
            store = [f"local.get {at}", f"local.get {what}", "i32.store8" + offset]
            self.emit(f"local.set {what}")
            if address.is_inside(count):
                self.emit(*store)
            else:
                self.fits(at, i + 1)
                self.emit("if", *store, "end")

    def memory_copy(self, count):
        source, target = self.pop("i32"), self.pop("i32")
        if source.is_inside(count) and target.is_inside(count):
            self.emit(constant(count), "memory.copy")
            return
        to, start = self.local("i32"), self.local("i32")
        self.emit(f"local.set {start}", f"local.set {to}")
        size = ["memory.size", "i32.const 16", "i32.shl"]
        for index in (to, start):
            self.emit(f"local.get {index}", *size, "i32.le_u", constant(count), *size,
                      f"local.get {index}", "i32.sub", "i32.le_u", "i32.and")
        self.emit("i32.and", "if", f"local.get {to}", f"local.get {start}",
                  constant(count), "memory.copy", "end")

    def clamp(self, word, width):
        address = self.pop("i32")
        high = None
        if word == "clampAddress":
            if address.extent is None:
                raise self.line.error("clampAddress of an address of no item")
            low, high = address.extent[0], sum(address.extent) - width
        elif word == "clampModuleAddress":
            low, high = self.module.address, self.module.address + self.module.bytes - width
        else:
            low = 0
        high = [constant(high)] if high is not None else \
            LAST_PAGE + [constant(65536 - width), "i32.add"]
        get = f"local.get {self.local('i32')}"
        put = get.replace("get", "set")
        self.emit(put, constant(low), get, get, constant(low), "i32.lt_s", "select", put,
                  *high, get, get, *high, "i32.gt_u", "select")
        self.push("i32", proven=width, extent=address.extent)

    # Values

    def push_word(self, word):
        if word.lstrip("*") in self.names:
            self.push_local(word)
            return
        value = self.translation.project.value(word, self.line, self.module, self.types())
        if value is not None:
            extent = (value.start, value.size) if isinstance(value, Address) else None
            self.emit(constant(value))
            self.push(constant(value)[:3], nonzero=value != 0, extent=extent,
                      value=value if isinstance(value, int) else None)
            return
        name = word.lstrip("*")
        item = self.translation.project.item(name, self.module, self.line)
        stars = len(word) - len(name)
        if item.is_array or stars > item.depth:
            raise self.line.error(f"'{word}' has no value")
        # The first load is of the variable; one more for each star.
        chain = ["int"] * stars + [item.base if stars == item.depth else "int"]
        self.emit(constant(item.address), *(LOADS[kind] for kind in chain))
        self.push(LOADS[chain[-1]][:3])

    def push_local(self, word):
        name = word.lstrip("*")
        index, declared = self.names[name]
        stars, depth = len(word) - len(name), declared.count("*")
        if stars > depth:
            raise self.line.error(f"'{name}' is no such pointer")
        self.emit(f"local.get {index}")
        self.push(self.locals[index])
        for star in range(1, stars + 1):
            base = declared.rstrip("*") if star == depth else "int"
            self.load(LOADS[base])

    def binary(self, word):
        right = self.pop()
        left = self.pop(right.kind)
        integer, floating, is_condition = BINARY[word]
        name = integer if right.kind == "i32" else floating
        if name is None:
            raise self.line.error(f"'{word}' of floats")
        if word in ("div", "remainder") and not right.nonzero:
            raise self.line.error("a divisor that may be zero: ensureNonZero")
        self.emit(f"{right.kind}.{name}")
        known = {}
        if word == "add" and (left.extent or right.extent):
            known["extent"] = left.extent or right.extent
            if None not in (left.value, right.value):
                known["value"] = left.value + right.value
        self.push("i32" if is_condition else right.kind, **known)

    def least_or_greatest(self, word):
        kind = self.pop().kind
        self.pop(kind)
        if kind != "i32":
            self.emit(f"{kind}.{word}")
        else:
            left, right = self.local(kind), self.local(kind)
            self.emit(f"local.set {right}", f"local.set {left}",
                      f"local.get {left}", f"local.get {right}",
                      "i32.lt_s" if word == "min" else "i32.gt_s", "if (result i32)",
                      f"local.get {left}", "else", f"local.get {right}", "end")
        self.push(kind)

    def absolute(self):
        kind = self.pop().kind
        if kind != "i32":
            self.emit(f"{kind}.abs")
        else:
            get = f"local.get {self.local(kind)}"
            self.emit(get.replace("get", "set"), get, "i32.const 0", "i32.lt_s",
                      "if (result i32)", "i32.const 0", get, "i32.sub", "else", get, "end")
        self.push(kind)

    def ensure_nonzero(self, word):
        kind = self.pop().kind
        get = f"local.get {self.local(kind)}"
        put = get.replace("get", "set")
        if kind == "i32":
            self.emit(put, get, "i32.eqz", "if (result i32)",
                      constant(self.number(word or "1")), "else", get, "end")
        else:
            # The language rounds the replacement to one decimal.
            instead = constant(float(f"{self.number(word or '1.0'):.1f}"), kind)
            self.emit(put, get, constant(0, kind), f"{kind}.eq", "if", instead, put, "end", get)
        self.push(kind, nonzero=True)

    def cast(self, word):
        value = self.pop()
        name = {("castToInt", "f32"): "i32.trunc_sat_f32_s",
                ("castToInt", "f64"): "i32.trunc_sat_f64_s",
                ("castToFloat", "i32"): "f32.convert_i32_s",
                ("castToFloat64", "i32"): "f64.convert_i32_s",
                ("castToFloat64", "f32"): "f64.promote_f32"}.get((word, value.kind))
        if name is None:
            raise self.line.error(f"{word} of {value.kind}")
        self.emit(name)
        # As in the language: 0.25 keeps its proof when it becomes 0.
        self.push(name[:3], nonzero=value.nonzero)

    # Control

    def open(self, word):
        self.frames.append({"word": word, "height": len(self.stack), "at": len(self.code)})

    def close(self, word, results=()):
        if not self.frames or self.frames[-1]["word"] != word:
            raise self.line.error(f"no '{word}' to end")
        frame = self.frames[-1]
        types = [wasm_type(result, self.line) for result in results]
        if len(types) > 1:
            raise self.line.error("more than one result")
        del self.stack[frame["height"]:]
        self.frames.pop()
        for kind in types:
            self.push(kind)
        return frame, types

    def end_if(self, results):
        frame, types = self.close("if", results)
        if types:
            self.code[frame["at"]] = f"if (result {types[0]})"
        self.emit("end")

    def begin_loop(self, cap):
        counter = self.local("i32")
        self.open("loop")
        self.frames[-1]["counter"] = counter
        self.emit("i32.const 0", f"local.set {counter}", "block", "loop",
                  f"local.get {counter}", constant(cap), "i32.ge_s", "if", "br 2", "end",
                  f"local.get {counter}", "i32.const 1", "i32.add", f"local.set {counter}")

    def loop_index(self):
        counters = [f["counter"] for f in self.frames if f["word"] == "loop"]
        if not counters:
            raise self.line.error("no loop here")
        self.emit(f"local.get {counters[-1]}", "i32.const 1", "i32.sub")
        self.push("i32")

    def end_map(self, result):
        frame, _ = self.close("map")
        self.pop(WASM[frame["of"]])
        kind, out = WASM[frame["of"]], wasm_type(result, self.line)
        value, chosen, done, hit = (self.local(k) for k in (kind, out, "i32", "i32"))
        self.emit(f"local.set {value}", constant(frame.get("default", 0), out),
                  f"local.set {chosen}", "i32.const 0", f"local.set {done}")
        for key, row in frame["rows"]:
            self.emit(constant(row, out), f"local.get {chosen}", f"local.get {value}",
                      constant(key, kind), f"{kind}.eq", f"local.set {hit}",
                      f"local.get {hit}", f"local.get {done}", "i32.eqz", "i32.and",
                      "select", f"local.set {chosen}", f"local.get {done}",
                      f"local.get {hit}", "i32.or", f"local.set {done}")
        self.emit(f"local.get {chosen}")
        self.push(out)

    def map_row(self, words):
        """map KEY VALUE, or map VALUE with the number of the row as its key."""
        rows = self.map_frame()["rows"]
        key = self.map_value(words[0]) if len(words) > 1 else len(rows)
        rows.append((key, self.map_value(words[-1])))

    def map_frame(self):
        if not self.frames or self.frames[-1]["word"] != "map":
            raise self.line.error("no 'mapBegin'")
        return self.frames[-1]

    def map_value(self, word):
        if word.startswith('"') and len(word) == 3:
            return ord(word[1])
        return self.number(word)

    def call(self, name):
        for word in self.line.words[2:]:
            self.push_word(word)
        if name in self.translation.entries:
            self.emit(f"call {self.translation.entries[name]}")
            return
        if name not in self.translation.functions:
            raise self.line.error(f"no function '{name}'")
        target = self.translation.functions[name]
        for kind in reversed(target.params):
            self.pop(kind)
        self.emit(f"call {target.index}")
        for kind in target.results:
            self.push(kind)

    def translate(self, line):
        self.line = line
        word, arguments = line.words[0], line.words[1:]
        first = arguments[0] if arguments else None
        if word in NEEDS_WORD:
            line.word(2 if word in ("local", "param") else 1)
        if word in BINARY:
            self.binary(word)
        elif word in LOAD_WORDS:
            self.load(LOADS[LOAD_WORDS[word]])
        elif word in SIMPLE:
            SIMPLE[word](self, first)
        elif word not in IGNORED:
            raise line.error(f"'{word}' is not known to this translator")

    def push_one(self, kind, instruction, result=None):
        self.pop(kind)
        self.emit(instruction)
        self.push(result or kind)

    def square_root(self):
        kind = self.stack[-1].kind if self.stack else None
        if kind not in ("f32", "f64"):
            raise self.line.error("sqrt of no float")
        self.push_one(kind, f"{kind}.sqrt")

    def begin_if(self):
        self.pop("i32")
        self.open("if")
        self.emit("if")

    def begin_else(self):
        if not self.frames or self.frames[-1]["word"] != "if":
            raise self.line.error("no 'if'")
        del self.stack[self.frames[-1]["height"]:]
        self.emit("else")

    def begin_map(self, of):
        self.open("map")
        self.frames[-1].update(of=of, rows=[], height=len(self.stack))

    def branch_if(self, depth):
        self.pop("i32")
        self.emit(f"br_if {self.number(depth)}")

    def local_set(self, name):
        if name not in self.names:
            raise self.line.error(f"no local '{name}'")
        index = self.names[name][0]
        self.pop(self.locals[index])
        self.emit(f"local.set {index}")

    def end_loop(self):
        self.close("loop")
        self.emit("br 0", "end", "end")

    def drop(self):
        self.pop()
        self.emit("drop")


# Read elsewhere, or without code.
IGNORED = {"const", "use", "#export", "#impure", "#import", "#skipExecution"}

NEEDS_WORD = {"push", "storeBytes", "memoryCopy", "branchIfTrue", "mapBegin", "map", "default",
              "mapEnd", "call", "local", "param", "localSet"}

# What takes at most one word. The rest is in the tables above.
SIMPLE = {
    "push": Body.push_word,
    "store": lambda b, _: b.store(),
    "storeBytes": lambda b, n: b.store_bytes(b.number(n)),
    "memoryCopy": lambda b, n: b.memory_copy(b.number(n)),
    "clampAddress": lambda b, n: b.clamp("clampAddress", b.number(n or "4")),
    "clampModuleAddress": lambda b, n: b.clamp("clampModuleAddress", b.number(n or "4")),
    "clampGlobalAddress": lambda b, n: b.clamp("clampGlobalAddress", b.number(n or "4")),
    "min": lambda b, _: b.least_or_greatest("min"),
    "max": lambda b, _: b.least_or_greatest("max"),
    "abs": lambda b, _: b.absolute(),
    "sqrt": lambda b, _: b.square_root(),
    "round": lambda b, _: b.push_one("f32", "f32.nearest"),
    "equalToZero": lambda b, _: b.push_one("i32", "i32.eqz"),
    "ensureNonZero": Body.ensure_nonzero,
    "castToInt": lambda b, _: b.cast("castToInt"),
    "castToFloat": lambda b, _: b.cast("castToFloat"),
    "castToFloat64": lambda b, _: b.cast("castToFloat64"),
    "if": lambda b, _: b.begin_if(),
    "else": lambda b, _: b.begin_else(),
    "ifEnd": lambda b, kind: b.end_if([kind] if kind else []),
    "loop": lambda b, cap: b.begin_loop(b.number(cap or "1000")),
    "loopIndex": lambda b, _: b.loop_index(),
    "loopEnd": lambda b, _: b.end_loop(),
    "branchIfTrue": Body.branch_if,
    "mapBegin": Body.begin_map,
    "map": lambda b, _: b.map_row(b.line.words[1:]),
    "default": lambda b, value: b.map_frame().update(default=b.map_value(value)),
    "mapEnd": Body.end_map,
    "call": Body.call,
    "return": lambda b, _: b.emit("return"),
    "drop": lambda b, _: b.drop(),
    "local": lambda b, kind: b.declare(kind, b.line.words[2]),
    "param": lambda b, kind: b.declare(kind, b.line.words[2], is_param=True),
    "localSet": Body.local_set,
}
