# SPDX-License-Identifier: MIT
"""An 8f4e project made up at random, as people write them: small modules that
`main` calls one after the other, words of state, pointers to what other modules
put out, arrays read at a computed place, maps, shared functions, loops with
sums, and words that the host writes."""
import functools

from made_code import CLEAN, NARROW, MadeCode, Module, Scope

FRAMES = 128
LENGTHS = [2, 3, 4, 5, 8, 12, 16, 32, 48, 64, 100, 128]
PURE = [("sine", ["float"], "float"), ("sin", ["float"], "float"), ("shape", ["float"], "float"),
        ("pitch", ["int"], "float"), ("mix", ["float", "float", "float"], "float"),
        ("wrap", ["int", "int"], "int"), ("near", ["float64"], "float64")]
KEYS = [65, 90, 38]
ROOM = "module a0room\nint[] room {}\nmoduleEnd"


class MadeProject(MadeCode):
    """Its text; and what its host has to know."""

    def __init__(self, seed):
        super().__init__(seed)
        self.modules = [self.planned(i) for i in range(self.random.randrange(2, 11))]
        self.entries = ["main"]
        # Sorted to the start of the memory, or to its end.
        self.speaker = self.any("speaker", "a1speaker")
        self.text = self.written()

    # Declarations

    def planned(self, number):
        """Names are sorted to addresses: here they go another way than calls."""
        module = Module(f"m{self.random.randrange(10)}{number}")
        kinds = self.kinds()
        for kind, first in (("int", "n"), ("float", "x"), ("float64", "d")):
            for i in range(self.random.randrange(1, 4)):
                if kind in kinds:
                    start = self.number(kind) if self.often(0.5) else ""
                    module.words[kind].append(f"{first}{i}")
                    module.declared.append(f"{kind} {first}{i} {start}")
        module.words["float"].append("out")
        module.declared.append("float out")
        if self.often(0.4):
            module.settings.append("set0")
            module.declared.append(f"int set0 {self.any(1, 3, 4, 16)}")
        for i in range(self.random.randrange(3)):
            kind = self.any(*kinds, *NARROW)
            count = self.any(*LENGTHS)
            some = self.random.randrange(9) if self.often(0.6) else 0
            start = " ".join(self.start(kind) for _ in range(min(count, some)))
            # A remainder may be negative, and an index one too large: what is beside
            # an array has its type.
            beside = not self.wild or self.often(0.5)
            module.declared += [f"{kind}[] below{i} {count}"] if beside else []
            module.declared.append(f"{kind}[] a{i} {count} {start}")
            module.declared += [f"{kind}[] above{i} {count}"] if beside else []
            module.arrays.append((kind, f"a{i}", count))
        return module

    def start(self, kind):
        if kind in NARROW:
            return str(self.random.randrange(100))
        return self.number(kind)

    def add_pointers(self, module):
        """Pointers, once all that they can point to is known."""
        for i in range(self.random.randrange(3)):
            kind = self.any(*self.kinds())
            target = self.address(kind)
            module.pointers.append((kind, f"p{i}", 1))
            module.declared.append(f"{kind}* p{i} {target}")
        if module.pointers and self.often(0.2):
            kind, name, _ = module.pointers[0]
            module.pointers.append((kind, "pp", 2))
            module.declared.append(f"{kind}** pp &{name}")

    # Functions

    def function(self, name, parameters, result, body):
        names = "abc"[:len(parameters)]
        self.scope = Scope(None, {**dict(zip(names, parameters)), "f0": "float", "n9": "int"})
        body()
        self.functions.append((name, parameters, result))
        return [f"function {name}", *(f"param {kind} {n}" for kind, n in zip(parameters, names)),
                "local float f0", "local int n9", "local float clean", *self.scope.lines,
                f"functionEnd {result or ''}".rstrip()]

    def shared(self):
        """The functions that modules share."""
        out = []
        for name, parameters, result in PURE:
            if (result == "float64" and self.wild) or self.often(0.15):
                continue
            if name == "pitch":
                body = self.octaves
            elif parameters == ["float"] and self.often(0.4):
                body = self.folding
            else:
                body = functools.partial(self.value, result, self.any(3, 4))
            out += self.function(name, parameters, result, body)
        out += self.function("edge", ["float*", "float"], "int", self.edge)
        out += self.function("bump", ["int*", "int"], None, self.bump)
        if self.often(0.07):
            out += self.function("again", ["int"], "int", self.recursing)
        if self.traps:
            out += self.function("fail", ["float", "int"], "int", self.failing)
        return out

    def folding(self):
        """`if x > half then x = x - one`, as sines have it."""
        self.say("push a", "push a", "castToInt", "castToFloat", "sub", "localSet f0", "push f0",
                 "push 0.5", "greaterThan", "if", "push f0", "push 1.0", "sub", "localSet f0",
                 "ifEnd", "push f0", "push 8.0", "mul", "push f0", "push 16.0", "mul", "push f0",
                 "abs", "mul", "sub")

    def octaves(self):
        self.say("push a", "localSet n9", "push 32.703196", "localSet f0", "loop 8", "push n9",
                 "push 12", "greaterOrEqual", "if", "push f0", "push 2.0", "mul", "localSet f0",
                 "push n9", "push 12", "sub", "localSet n9", "ifEnd", "loopEnd", "push f0")

    def edge(self):
        """Whether a float has become positive since the last call."""
        self.say("push b", "push 0.0", "greaterThan", "push *a", "push 0.0", "lessOrEqual", "and",
                 "localSet n9", "push a", "push b")
        self.store("float")
        self.say("push n9")

    def bump(self):
        self.say("push a", "push *a", "push b", "add", "store")

    def recursing(self):
        self.say("push a", "push 15", "and", "push 0", "greaterThan", "if", "push a", "push 15",
                 "and", "push 1", "sub", "call again", "push 3", "add", "else", "push a",
                 "ifEnd int")

    def failing(self):
        """A float below one is not zero, and becomes it."""
        self.say("push b", "push a", "ensureNonZero 1.0", "castToInt", "div")

    # The whole

    def module(self, module):
        locals_ = {"n8": "int", "n9": "int", "f0": "float", "f1": "float", "clean": "float"}
        if not self.wild:
            locals_["d9"] = "float64"
        self.scope, self.loops_left = Scope(module, locals_), 4
        self.statements(self.random.randrange(1, 6), self.any(1, 2, 3))
        if self.often(0.8):
            self.say("push &out")
            self.stored("float", 3)
        head = [f"local {kind} {name}" for name, kind in locals_.items()] + ["local int where"]
        return [f"module {module.name}", *module.declared, *head, *self.scope.lines, "moduleEnd"]

    def played(self):
        """What puts the blocks of samples together, and the host's words."""
        lines = [f"module {self.speaker}", f"float[] left {FRAMES}", f"float[] right {FRAMES}",
                 "int at", "int code", "int down", "int status", "int data", "local float clean"]
        for side in ("left", "right"):
            lines += [f"push &{side}", "push at", "push 4", "mul", "add",
                      f"push {self.any(*self.modules).name}:out", *CLEAN, "store"]
        return lines + ["push &at", "push at", "push 1", "add", "store", "push at",
                        f"push {FRAMES}", "greaterOrEqual", "if", "push &at", "push 0", "store",
                        "ifEnd", "moduleEnd"]

    def callbacks(self):
        """What MIDI and scripts call; they may write what no module would."""
        limit = ["push 15", "and"] if self.often(0.5) else []
        target = self.any(*self.modules)
        words = [f"{target.name}:{self.any(*target.words['int'])}" for _ in range(2)]
        return ["function onMidi", "#export", "param int a", "param int b", "param int c",
                f"push &{self.speaker}:status", "push a", "store", f"push &{self.speaker}:data",
                "push b", "push c", "mul", "store", f"push &{words[0]}", "push b", *limit, "store",
                "functionEnd",
                "function poke", "#export", "param int a", "param float b", "local float clean",
                f"push &{words[1]}", "push a", *limit, "store", f"push &{target.name}:out",
                "push b", *CLEAN, "store", "functionEnd"]

    def written(self):
        for module in self.modules:
            self.add_pointers(module)
        functions = self.shared()
        modules = [self.module(m) for m in self.modules]
        second = len(modules) // 3 if self.often(0.3) else 0
        self.entries += ["control"] if second else []
        ports = "midi.inputs.keys"
        return "\n".join([
            "8f4e/v1", "note config", "; @config runtime AudioWorkletRuntime",
            "; @config audioRuntime.sampleRate 48000",
            f"; @config audioRuntime.audioOutBufferLAddress {self.speaker}:left",
            f"; @config audioRuntime.audioOutBufferRAddress {self.speaker}:right",
            f"; @config keyboard.keyCodeMemory {self.speaker}:code",
            f"; @config keyboard.keyPressedMemory {self.speaker}:down",
            f"; @config {ports}.port 0", f"; @config {ports}.callback onMidi",
            "noteEnd", "constants env", "const SAMPLE_RATE 48000",
            f"const AUDIO_BUFFER_SIZE {FRAMES}", "constantsEnd",
            "function buffer", "#export buffer", "use env", "loop AUDIO_BUFFER_SIZE",
            "call main", "loopEnd", "functionEnd", *functions, *self.callbacks(),
            "entry main", ROOM.format(2), *(line for m in modules[second:] for line in m),
            *self.played(), "entryEnd", "entry control" if second else "",
            *(line for m in modules[:second] for line in m),
            "entryEnd" if second else ""]) + "\n"

    def filled(self, words):
        """The text with so many words more, before all other modules."""
        return self.text.replace(ROOM.format(2), ROOM.format(2 + words))
