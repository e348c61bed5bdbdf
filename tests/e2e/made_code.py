# SPDX-License-Identifier: MIT
"""Code of an 8f4e project made up at random: values and statements, line by line,
in the way that people write them."""
import random

INTS = ["0", "1", "-1", "2", "3", "4", "7", "8", "12", "15", "16", "31", "60", "255", "1000",
        "65535", "65536", "-65536", "2147483647", "-2147483648"]
FLOATS = ["0.0", "-0.0", "1.0", "-1.0", "0.5", "0.25", "0.1", "-0.3", "2.0", "3.0", "16.0",
          "0.99999994", "127.0", "440.0", "-7.5"]
# What the text cannot say stands in the module in place of these.
MARKS = {"77001.0": "nan:0x412345", "77002.0": "-nan:0x400000", "77003.0": "inf",
         "77004.0": "-inf", "77005.0": "nan:0x7fffff", "77006.0": "0x1p-149"}
EDGES = ["1e30", "-1e30", "2147483648.0", "-2147483648.0", "2147483520.0", "16777217.0",
         "1e-40", *MARKS]
ROUNDS = [0, 1, 2, 4, 7, 8, 8, 9, 12, 16, 16, 32, 64, 100]
TYPES = {"int": "i32", "float": "f32", "float64": "f64"}
# Zero in place of NaN; by a local that each function has for it.
CLEAN = ["localSet clean", "push clean", "push clean", "equal", "if", "push clean", "else",
         "push 0.0", "ifEnd float"]
NARROW = {"int8": "load8s", "int8u": "load8u", "int16": "load16s", "int16u": "load16u"}
BYTES = {"int8": 1, "int8u": 1, "int16": 2, "int16u": 2, "float64": 8}


class Module:
    """What a module declares."""

    def __init__(self, name):
        self.name, self.declared = name, []
        self.words = {"int": [], "float": [], "float64": []}
        self.arrays = []    # (type, name, count)
        self.pointers = []  # (type, name, depth)
        self.settings = []  # ints that only the host writes


class Scope:
    """A function or module that is being written."""

    def __init__(self, module, locals_):
        self.module, self.locals = module, locals_
        self.frames = []  # "if" or "loop"
        self.lines = []

    def loops(self):
        return self.frames.count("loop")


class MadeCode:
    """Code for the modules of a project. What a NaN's bits are is open, and they
    must never become a number: a project is either wild, when addresses go
    anywhere and no float that is stored is NaN; or floats are anything, and what
    is read as an int is one."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.wild = self.often(0.25)
        self.edges = self.often(0.35)
        self.traps = self.often(0.15)
        self.modules = []
        self.functions = []  # (name, types of parameters, type of the result or None)
        self.scope, self.loops_left = None, 0

    def any(self, *choices):
        return self.random.choice(choices)

    def often(self, chance):
        return self.random.random() < chance

    def kinds(self):
        """Types of numbers. A double that is NaN would be two words."""
        return ["int", "float"] if self.wild else ["int", "float", "float", "float64"]

    def address(self, kind):
        """That of a word of this type."""
        module = self.any(*self.modules)
        arrays = [name for of, name, _ in module.arrays if of == kind]
        if arrays and self.often(0.5):
            return f"&{module.name}:{self.any(*arrays)}"
        return f"&{module.name}:{self.any(*module.words[kind])}"

    def say(self, *lines):
        self.scope.lines += lines

    def number(self, kind):
        if kind == "int":
            return self.any(*INTS)
        text = self.any(*(EDGES if self.edges and self.often(0.15) else FLOATS))
        return text + "f64" if kind == "float64" else text

    def word(self, kind):
        """A variable of this module or of another one."""
        module = self.any(*self.modules)
        if self.scope.module is not None and self.often(0.7):
            module = self.scope.module
        names = module.words[kind] + (module.settings if kind == "int" else [])
        return f"{module.name}:{self.any(*names)}"

    def leaf(self, kind):
        locals_ = [name for name, of in self.scope.locals.items() if of == kind]
        choice = self.random.random()
        module = self.scope.module
        if locals_ and choice < 0.35:
            self.say(f"push {self.any(*locals_)}")
        elif kind == "int" and self.scope.loops() and choice < 0.6:
            self.say("loopIndex")
        elif module is not None and choice < 0.8:
            pointers = [p for p in module.pointers if p[0] == kind]
            if pointers and self.often(0.4):
                _, name, depth = self.any(*pointers)
                self.say(f"push {'*' * depth}{name}")
            else:
                self.say(f"push {self.word(kind)}")
        else:
            self.say(f"push {self.number(kind)}")

    def value(self, kind, depth):
        if depth <= 0 or self.often(0.15):
            self.leaf(kind)
            return
        {"int": self.integer, "float": self.single, "float64": self.double}[kind](depth - 1)

    def pair(self, kind, depth, *words):
        self.value(kind, depth)
        self.value(kind, depth)
        self.say(*words)

    def condition(self, depth):
        self.pair(self.any("int", *self.kinds()), depth,
                  self.any("equal", "notEqual", "lessThan", "greaterThan", "lessOrEqual",
                           "greaterOrEqual"))

    def chosen(self, kind, depth):
        """An `if` with a result."""
        self.condition(depth)
        self.say("if")
        self.scope.frames.append("if")
        self.value(kind, depth)
        self.say("else")
        self.value(kind, depth)
        self.scope.frames.pop()
        self.say(f"ifEnd {kind}")

    def called(self, kind, depth):
        fitting = [f for f in self.functions if f[2] == kind]
        if not fitting or self.scope.loops() > 1:
            self.leaf(kind)
            return
        name, parameters, _ = self.any(*fitting)
        for of in parameters:
            if "*" in of:
                self.say(f"push {self.address(of.rstrip('*'))}")
            else:
                self.value(of, depth)
        self.say(f"call {name}")

    def mapped(self, kind, depth):
        """Rows in order or not, near each other or not, some of them twice."""
        of = self.any("int", "int", "float") if self.wild else self.any("int", "float", "float64")
        suffix = "f64" if of == "float64" else ""
        first, step = self.any(-40, -3, 0, 0, 24, 60), self.any(1, 1, 1, 2, 5, 40)
        self.asked(of, suffix, first, step, depth)
        keys = [first + step * i for i in range(self.any(1, 2, 4, 8, 12, 30))]
        if self.often(0.4):
            self.random.shuffle(keys)
        if self.often(0.4):
            keys += self.random.choices(keys, k=4)
        texts = [f"{key}" if of == "int" else f"{key}.0{suffix}" for key in keys]
        if self.often(0.4):
            texts += [self.number(of) for _ in range(4)]
            if of != "int":
                texts += [f"-0.0{suffix}", f"0.0{suffix}"]
            if self.often(0.5):
                self.random.shuffle(texts)
        few = [self.number(kind) for _ in range(self.any(2, 5, 40))]
        self.say(f"mapBegin {of}", *(f"map {key} {self.any(*few)}" for key in texts))
        if self.often(0.6):
            self.say(f"default {self.number(kind)}")
        self.say(f"mapEnd {kind}")

    def asked(self, of, suffix, first, step, depth):
        """What goes into a map: mostly a key, or a half beside one."""
        if self.often(0.2):
            self.value(of, depth)
            return
        self.value("int", depth)
        self.say(f"push {self.any(7, 15, 63)}", "and", f"push {step}", "mul", f"push {first}",
                 "add")
        if of != "int":
            self.say("castToFloat64" if suffix else "castToFloat")
            if self.often(0.4):
                self.say(f"push {self.any('0.5', '0.25', '-0.75')}{suffix}", "add")

    def element(self, kinds):
        """Push the address of an element; its type. None: there is none."""
        modules = [m for m in self.modules if any(a[0] in kinds for a in m.arrays)]
        if not modules or self.scope.module is None:
            return None
        own = self.scope.module
        module = own if own in modules and self.often(0.7) else self.any(*modules)
        kind, name, count = self.any(*(a for a in module.arrays if a[0] in kinds))
        self.say(f"push &{module.name}:{name}")
        self.index(count)
        self.say(f"push {BYTES.get(kind, 4)}", "mul", "add")
        if self.wild and self.often(0.15):
            self.say(self.any("clampAddress 4", "clampModuleAddress 4", "clampGlobalAddress 8"))
        return kind

    def index(self, count):
        way = self.random.randrange(7)
        if way == 0:
            self.say(f"push {self.random.randrange(count)}")
        elif way < 3 or (way == 3 and not self.scope.loops()):
            self.value("int", 1)
            self.say(f"push {count}", "remainder")
        elif way == 3:
            self.say("loopIndex", f"push {count}", "remainder")
        elif way == 4:
            self.value("int", 1)
            self.say(f"push {1 << count.bit_length() - 1}", "push 1", "sub", "and")
        elif way == 5 and not self.wild:
            self.value("float", 1)
            self.say("castToInt", "push 0", "max", f"push {count - 1}", "min")
        elif self.wild:
            self.value("float", 1)
            self.say(f"push {count}.0", "mul", "castToInt")
        else:
            self.value("int", 0)
            self.say("push 0", "max", f"push {count - 1}", "min")

    def integer(self, depth):
        way = self.random.randrange(14)
        if way < 3:
            self.pair("int", depth, self.any("add", "add", "sub", "mul", "and", "or", "xor"))
        elif way == 3:
            self.value("int", depth)
            self.say(f"push {self.any(0, 1, 2, 4, 8, 31, 33)}",
                     self.any("shiftLeft", "shiftRight", "shiftRightUnsigned"))
        elif way == 4:
            self.value("int", depth)
            self.say(f"push {self.any(2, 3, 5, 8, 12, 64, -1, 100)}",
                     "remainder" if not self.traps else self.any("div", "remainder"))
        elif way == 5:
            self.pair("int", depth, f"ensureNonZero {self.any('1', '7')}",
                      "remainder" if not self.traps else "div")
        elif way == 6:
            self.pair("int", depth, self.any("min", "max"))
        elif way == 7:
            self.value("int", depth)
            self.say(self.any("abs", "equalToZero"))
        elif way == 8:
            self.condition(depth)
        elif way == 9:
            self.value("float" if self.wild else self.any("float", "float64"), depth)
            self.say("castToInt")
        elif way == 10:
            self.mapped("int", depth)
        elif way == 11:
            self.chosen("int", depth)
        elif way == 12:
            self.called("int", depth)
        else:
            kind = self.element(["int", *NARROW])
            if kind is None:
                self.leaf("int")
            else:
                self.say(NARROW.get(kind, "load"))

    def single(self, depth):
        way = self.random.randrange(15)
        if way < 5:
            self.pair("float", depth, self.any("add", "add", "sub", "mul", "mul", "min", "max"))
        elif way == 5:
            self.value("float", depth)
            self.say(*self.any(["abs"], ["round"], ["sqrt"] if self.edges else ["abs", "sqrt"]))
        elif way == 6:
            self.pair("float", depth, "ensureNonZero 1.0", "div")
        elif way == 7:
            self.value("int", depth)
            self.say("castToFloat")
        elif way == 8:
            self.value("float", depth)
            self.say("castToInt", "castToFloat")
        elif way == 9:
            self.mapped("float", depth)
        elif way == 10:
            self.chosen("float", depth)
        elif way < 13:
            self.called("float", depth)
        elif self.element(["float"]) is None:
            self.leaf("float")
        else:
            self.say("loadFloat")

    def double(self, depth):
        way = self.random.randrange(9)
        if way < 4:
            self.pair("float64", depth, self.any("add", "sub", "mul", "min", "max"))
        elif way == 4:
            self.value("float64", depth)
            self.say(*self.any(["abs"], ["sqrt"] if self.edges else ["abs", "sqrt"]))
        elif way == 5:
            self.value(self.any("int", "float"), depth)
            self.say("castToFloat64")
        elif way == 6:
            self.mapped("float64", depth)
        elif way == 7:
            self.chosen("float64", depth)
        else:
            self.called("float64", depth)

    def stored(self, kind, depth):
        """A value and the store."""
        self.value(kind, depth)
        self.store(kind)

    def store(self, kind):
        """In a wild project no NaN; in a tame one seldom what is large, or all
        there is would soon be infinite."""
        if kind != "int" and not self.edges and self.often(0.8):
            suffix = "f64" if kind == "float64" else ""
            self.say(f"push 2.0{suffix}", "min", f"push -2.0{suffix}", "max")
        if kind == "float" and self.wild:
            self.say(*CLEAN)
        self.say("store")

    # Statements

    def statement(self, depth):
        ways = [self.keep, self.keep, self.keep, self.set_local, self.phase, self.put_element,
                self.advance, self.gather, self.voices, self.copy, self.note, self.count]
        if depth > 0:
            ways += [self.branch, self.branch, self.repeat]
        if self.scope.frames and self.often(0.3):
            ways += [self.leave]
        self.any(*ways)(depth)

    def statements(self, count, depth):
        for _ in range(count):
            self.statement(depth)

    def keep(self, _):
        kind = self.any(*self.kinds())
        pointers = [p for p in self.scope.module.pointers if p[0] == kind and p[2] == 1]
        if pointers and self.often(0.25):
            self.say(f"push {self.any(*pointers)[1]}")
        elif self.often(0.9):
            self.say(f"push &{self.any(*self.scope.module.words[kind])}")
        else:
            other = self.any(*self.modules)
            self.say(f"push &{other.name}:{self.any(*other.words[kind])}")
        self.stored(kind, self.random.randrange(1, 4))

    def set_local(self, _):
        name = self.any(*(n for n in self.scope.locals if n != "clean"))
        kind = self.scope.locals[name]
        if kind in TYPES:
            self.value(kind, self.random.randrange(1, 4))
            self.say(f"localSet {name}")

    def phase(self, _):
        name = self.any(*self.scope.module.words["float"])
        self.say(f"push &{name}", f"push {name}", f"push {self.any('0.01', '0.1', '0.3')}", "add")
        self.say("store", f"push {name}", "push 1.0", "greaterOrEqual", "if", f"push &{name}",
                 f"push {name}", "push 1.0", "sub", "store", "ifEnd")

    def count(self, _):
        """A counter that wraps round at what may be a setting."""
        module = self.scope.module
        name = self.any(*module.words["int"])
        end = self.any("7", "16", "100", *module.settings)
        self.say(f"push &{name}", f"push {name}", "push 1", "add", "store", f"push {name}",
                 f"push {end}", self.any("greaterOrEqual", "greaterThan", "equal"), "if",
                 f"push &{name}", "push 0", "store", "ifEnd")

    def put_element(self, _):
        kind = self.any(*self.kinds(), "int8u")
        if self.element([kind]) is None:
            self.keep(0)
        elif kind == "int8u":
            self.say("localSet where")
            self.value("int", 1)
            self.say("push where", "storeBytes 1")
        else:
            self.stored(kind, 2)

    def advance(self, _):
        """A pointer goes along an array and returns to its start."""
        module = self.scope.module
        fitting = [(p, f"{m.name}:{a[1]}") for p in module.pointers for m in self.modules
                   for a in m.arrays if p[0] == a[0] and p[2] == 1]
        if not fitting:
            self.phase(0)
            return
        (kind, name, _), array = self.any(*fitting)
        back = ["if", f"push &{name}", f"push &{array}", "store", "ifEnd"]
        self.say(f"push &{name}", f"push {name}", f"push {BYTES.get(kind, 4)}", "add", "store",
                 f"push {name}", f"push {array}&", "greaterThan", *back)
        if not self.wild or self.often(0.3):
            # It may have pointed elsewhere.
            self.say(f"push {name}", f"push &{array}", "lessThan", *back)

    def branch(self, depth):
        self.condition(self.random.randrange(1, 3))
        self.say("if")
        self.scope.frames.append("if")
        self.statements(self.random.randrange(1, 3), depth - 1)
        if self.often(0.4):
            self.say("else")
            self.statements(self.random.randrange(1, 3), depth - 1)
        self.scope.frames.pop()
        self.say("ifEnd")

    def repeat(self, depth):
        inside = self.scope.loops()
        if inside > 1 or self.loops_left == 0:
            self.keep(0)
            return
        self.loops_left -= 1
        self.say(f"loop {self.any(*(ROUNDS[:8] if inside else ROUNDS))}")
        self.scope.frames.append("loop")
        self.statements(self.random.randrange(1, 4), depth - 1)
        self.scope.frames.pop()
        self.say("loopEnd")

    def gather(self, _):
        """Sums in a loop: ints, floats and doubles beside each other."""
        if self.scope.loops() > 1 or self.loops_left == 0:
            self.keep(0)
            return
        self.loops_left -= 1
        rounds = self.any(*ROUNDS[4:])
        self.say(f"loop {rounds if not self.scope.loops() else 8}")
        self.scope.frames.append("loop")
        kinds = self.kinds()
        for _ in range(self.random.randrange(1, 5)):
            kind = self.any(*kinds)
            op = self.any("add", "add", "add", "sub", "min", "xor" if kind == "int" else "mul")
            if self.often(0.5):
                name = self.any(*(n for n, of in self.scope.locals.items()
                                  if of == kind and n != "clean"))
                self.say(f"push {name}")
                self.value(kind, 2)
                self.say(op, f"localSet {name}")
            else:
                name = self.any(*self.scope.module.words[kind])
                self.say(f"push &{name}", f"push {name}")
                self.value(kind, 1)
                self.say(op)
                self.store(kind)
        if self.often(0.3):
            self.put_element(0)
        self.scope.frames.pop()
        self.say("loopEnd")
        for name, kind in list(self.scope.locals.items()):
            if kind in kinds and name != "clean" and self.often(0.6):
                self.say(f"push &{self.any(*self.scope.module.words[kind])}", f"push {name}")
                self.store(kind)

    def voices(self, _):
        """One function several times, side by side."""
        name = self.any("sine", "sin", "shape")
        if not any(f[0] == name for f in self.functions):
            return
        self.say("push 0.0", "localSet f0")
        for i in range(self.random.randrange(3, 9)):
            self.say("push f0", f"push {self.word('float')}", f"push {i + 1}.0", "mul",
                     f"call {name}", self.any("add", "add", "sub"), "localSet f0")
            if self.often(0.1):
                self.set_local(0)
        self.say("push &out", "push f0")
        self.store("float")

    def copy(self, _):
        arrays = [(f"{m.name}:{name}", kind, count * BYTES.get(kind, 4))
                  for m in self.modules for kind, name, count in m.arrays]
        fitting = [(a[0], b[0], min(a[2], b[2])) for a in arrays for b in arrays
                   if a[1] == b[1]]
        if not fitting or self.often(0.7):
            self.count(0)
            return
        target, source, size = self.any(*fitting)
        self.say(f"push &{target}", f"push &{source}", f"memoryCopy {size}")

    def note(self, _):
        """A function with an effect, or a trap."""
        pointed = [f for f in self.functions if f[2] is None]
        if not pointed:
            self.count(0)
            return
        name, parameters, _ = self.any(*pointed)
        for kind in parameters:
            if "*" in kind:
                self.say(f"push {self.address(kind.rstrip('*'))}")
            else:
                self.value(kind, 1)
        self.say(f"call {name}")

    def leave(self, _):
        """Out of the loop, on to its next round, or out of the function."""
        self.condition(1)
        depth = len(self.scope.frames) - 1 - self.scope.frames[::-1].index("loop") \
            if self.scope.loops() else None
        if depth is None:
            self.say("if", "return", "ifEnd")
        else:
            ifs = len(self.scope.frames) - 1 - depth
            self.say(f"branchIfTrue {ifs + self.any(0, 1)}")
