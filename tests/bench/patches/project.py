# SPDX-License-Identifier: MIT
"""The text of an 8f4e project: blocks, constants, and where its memory lies.

read(path) gives a Project. A Project that cannot be understood is a
ProjectError, whose text starts with FILE:LINE. Only what the patches of this
folder and the vectors use is known here; f4e-build reads every text by itself
(wasm2c-driver/project), and the tests compare the two.
"""

import math
import re
import struct

CLOSERS = {kind: kind + "End" for kind in
           ("entry", "module", "function", "constants", "prototype", "note")}
LITERAL = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$|-?0x[0-9a-fA-F]+$|-?0b[01]+$")
DECLARATION = re.compile(r"(int|int8|int8u|int16|int16u|int32|float|float64)(\**)(\[\])?$")
SIZES = {"int8": 1, "int8u": 1, "int16": 2, "int16u": 2, "float64": 8}
FORMATS = {"int8": "b", "int8u": "B", "int16": "h", "int16u": "H",
           "float": "f", "float64": "d"}


class ProjectError(Exception):
    """What is wrong with a text, and where."""


class Float64(float):
    """A number that the language keeps with 64 bits: 1.5f64."""


class Address(int):
    """The address of a byte of an item. The item has the whole words
    [start, start + size), of which its elements end at 'end'."""

    def __new__(cls, value, start, size, end):
        self = super().__new__(cls, value)
        self.start, self.size, self.end = start, size, end
        return self


class Line:
    """One line of code: words, and the constants that are known there."""

    def __init__(self, path, number, row, words):
        self.path, self.number, self.row, self.words = path, number, row, words
        self.constants = None

    def error(self, text):
        return ProjectError(f"{self.path}:{self.number}: {text}")

    def word(self, index):
        if index >= len(self.words):
            raise self.error(f"'{self.words[0]}' needs more words")
        return self.words[index]


class Block:
    """A module, function, constants or prototype; 'entry' if inside one."""

    def __init__(self, kind, opener, entry):
        self.kind, self.opener, self.entry = kind, opener, entry
        self.lines, self.code, self.items = [], [], []
        self.name = opener.words[1] if len(opener.words) > 1 else None
        self.results = []


class Item:
    """A declaration of memory, after placing."""

    def __init__(self, name, base, depth, is_array, line, arguments):
        self.name, self.base, self.depth = name, base, depth
        self.is_array, self.line, self.arguments = is_array, line, arguments
        self.count = 1
        self.address = self.words = 0

    @property
    def element(self):
        """The type of an element: an address is an int."""
        return "int" if self.depth else self.base

    @property
    def element_bytes(self):
        return SIZES.get(self.element, 4)


def tokens(text):
    """The words of a line without its comment; quoted words keep spaces."""
    return [word for word in re.findall(r'"(?:\\.|[^"\\])*"|;.*|[^\s;]+', text)
            if not word.startswith(";")]


def blocks_of(path, text):
    """The blocks of a text in their order, each with its lines."""
    found, block, entry = [], None, None
    rows = text.split("\n")
    if rows[0].strip() != "8f4e/v1":
        raise ProjectError(f"{path}:1: not an 8f4e project")
    for number, row in enumerate(rows[1:], 2):
        words = tokens(row)
        if not words:
            continue
        line = Line(path, number, number - block.opener.number if block else 0, words)
        if block is None:
            if words[0] == "entry":
                entry = line.word(1)
            elif words[0] == "entryEnd":
                entry = None
            elif words[0] in CLOSERS:
                if words[0] != "note":
                    line.word(1)
                if words[0] == "module" and entry is None:
                    raise line.error("a module outside of an entry")
                block = Block(words[0], line, entry)
            elif not words[0].startswith(("#", "//")):
                raise line.error(f"'{words[0]}' is not known here")
        elif words[0] == CLOSERS[block.kind]:
            block.results = words[1:]
            found.append(block)
            block = None
        elif words[0] == "-" and block.kind != "note" and block.lines:
            block.lines[-1].words += words[1:]
        elif block.kind != "note":
            block.lines.append(line)
    if block is not None:
        raise block.opener.error(f"no {CLOSERS[block.kind]}")
    return found


def operator_at(word):
    """Where the one operator of an expression is, or None."""
    depth, at = 0, []
    for i, char in enumerate(word):
        depth += (char == "(") - (char == ")")
        sign = char in "+-" and (i == 0 or word[i - 1] in "+-*/^")
        if char in "+-*/^" and depth == 0 and not sign:
            at.append(i)
    return at[0] if len(at) == 1 and 0 < at[0] < len(word) - 1 else None


def fold(left, operator, right):
    """left OPERATOR right as the language folds constants, or None."""
    try:
        value = {"+": lambda: left + right, "-": lambda: left - right,
                 "*": lambda: left * right, "/": lambda: left / right,
                 "^": lambda: float(left) ** right}[operator]()
    except (ZeroDivisionError, OverflowError):
        return None
    if isinstance(left, Float64) or isinstance(right, Float64):
        return Float64(value)
    if isinstance(left, int) and isinstance(right, int) and value == int(value):
        value = int(value)
        of = next((a for a in (left, right) if isinstance(a, Address)), None)
        return Address(value, of.start, of.size, of.end) if of is not None else value
    return float(value)


class Project:
    """Blocks by kind, items with addresses, and the image at the start."""

    def __init__(self, path, text):
        self.blocks = blocks_of(path, text)
        self.modules = self.of_kind("module")
        self.by_name = {module.name: module for module in self.modules}
        self.namespaces = {}
        self.resolve_constants()
        for module in self.modules:
            self.collect(module)
        self.place()

    def of_kind(self, kind):
        return [block for block in self.blocks if block.kind == kind]

    # Constants

    def resolve_constants(self):
        """Give each line the constants known there. A block is done when all
        that it uses are."""
        waiting = [b for b in self.blocks if b.kind in ("constants", "module", "function")]
        while waiting:
            rest = [block for block in waiting if not self.constants_of(block)]
            if len(rest) == len(waiting):
                raise rest[0].opener.error("'use' of something unknown, or in a circle")
            waiting = rest

    def constants_of(self, block):
        known = {}
        for line in block.lines:
            line.constants = known
            if line.words[0] == "use":
                if line.word(1) not in self.namespaces:
                    return False
                known = {**known, **self.namespaces[line.word(1)]}
            elif line.words[0] == "const":
                known = {**known, line.word(1): self.number(line.word(2), line)}
            line.constants = known
        if block.kind != "function":
            self.namespaces[block.name] = known
        return True

    def number(self, word, line, module=None, locals_=None):
        value = self.value(word, line, module, locals_)
        if value is None:
            raise line.error(f"'{word}' is not a number")
        return value

    def value(self, word, line, module=None, locals_=None):
        """What a word means: int, float, Float64, Address; None for a name.
        'locals_' has the types of a function's locals."""
        if LITERAL.match(word):
            if re.match(r"-?\d+$", word):
                return int(word)
            return int(word, 0) if re.match(r"-?0[xb]", word) else float(word)
        if word.endswith("f64") and LITERAL.match(word[:-3]):
            return Float64(word[:-3])
        if word in line.constants:
            return line.constants[word]
        at = operator_at(word)
        if at is not None:
            left = self.value(word[:at], line, module, locals_)
            right = self.value(word[at + 1:], line, module, locals_)
            both = left is not None and right is not None
            return fold(left, word[at], right) if both else None
        query = re.match(r"(count|sizeof|max|min)\((.+)\)$", word)
        if query:
            return self.query(query[1], query[2], line, module, locals_ or {})
        return self.address(word, line, module)

    # Memory

    def collect(self, module):
        """Split the lines of a module into items and code."""
        for line in module.lines:
            if line.words[0] == "shape":
                for inherited in self.prototype(line).lines:
                    copy = Line(line.path, line.number, line.row, inherited.words)
                    copy.constants = line.constants
                    module.items.append(self.declared(copy))
            elif DECLARATION.match(line.words[0]):
                module.items.append(self.declared(line))
            else:
                module.code.append(line)

    def prototype(self, line):
        for block in self.of_kind("prototype"):
            if block.name == line.word(1):
                return block
        raise line.error(f"no prototype '{line.word(1)}'")

    def declared(self, line):
        base, stars, array = DECLARATION.match(line.words[0]).groups()
        arguments = line.words[1:]
        if array:
            item = Item(line.word(1), base, len(stars), True, line, arguments[2:])
            item.count = self.number(line.word(2), line)
            if not isinstance(item.count, int) or item.count < 2:
                raise line.error("an array of less than two elements, or of parts")
            return item
        plain = arguments and re.match(r"[A-Za-z_]\w*$", arguments[0]) \
            and arguments[0] not in line.constants
        name = arguments.pop(0) if plain else f"__anonymous__{line.row}"
        return Item(name, base, len(stars), False, line, arguments)

    def place(self):
        """Addresses: modules in the order of their names, from byte 4 on."""
        at = 1
        for module in sorted(self.modules, key=lambda m: m.name.encode("utf-16-be")):
            module.address = at * 4
            for item in module.items:
                pad = 1 if item.element_bytes == 8 and at % 2 else 0
                item.address = 4 * (at + pad)
                item.words = pad + math.ceil(item.count * item.element_bytes / 4)
                at += item.words
            module.bytes = at * 4 - module.address
        self.required_bytes = at * 4 if self.modules else 0

    def item(self, name, module, line):
        """The item that NAME or MODULE:NAME means, and its module."""
        if ":" in name:
            owner, name = name.split(":", 1)
            module = module if owner == "this" else self.by_name.get(owner)
        if module is not None and name.isdigit() and int(name) < len(module.items):
            return module.items[int(name)]
        for item in reversed(module.items if module else []):
            if item.name == name:
                return item
        raise line.error(f"no variable '{name}'")

    def address(self, word, line, module):
        """&item, item&, &module: and module:& as an Address; else None."""
        if not (word.startswith("&") or word.endswith("&")):
            return None
        at_end = word.endswith("&")
        name = word[:-1] if at_end else word[1:]
        if name == "this" or name.endswith(":"):
            owner = module if name.rstrip(":") == "this" else self.by_name.get(name[:-1])
            if owner is None:
                raise line.error(f"no module '{name[:-1]}'")
            start, size = owner.address, owner.bytes
            return Address(start + (max(size - 4, 0) if at_end else 0), start, size,
                           start + size)
        item = self.item(name, module, line)
        start, size = item.address, 4 * item.words
        return Address(start + (size - 4 if at_end else 0), start, size,
                       start + int(item.count * item.element_bytes))

    def query(self, what, name, line, module, locals_):
        bare = name.lstrip("*")
        if bare in locals_:
            base, depth = locals_[bare].rstrip("*"), locals_[bare].count("*")
        else:
            item = self.item(bare, module, line)
            base, depth = item.base, item.depth
        base = base if depth == name.count("*") else "int"
        size = SIZES.get(base, 4)
        if what == "sizeof":
            return size
        if what == "count":
            if bare in locals_:
                raise line.error(f"'{bare}' has no known count")
            if not name.startswith("*"):
                return item.count
            target = self.number(item.arguments[0], item.line, module)
            return (target.end - target) // size
        if base == "float":
            return 3.4028234663852886e38 * (1 if what == "max" else -1)
        unsigned = base.endswith("u")
        if what == "min":
            return 0 if unsigned else -(1 << (8 * size - 1))
        return (1 << (8 * size - (0 if unsigned else 1))) - 1

    # The image at the start

    def encode(self, item, value):
        form = FORMATS.get(item.element)
        if form in ("f", "d"):
            return struct.pack("<" + form, value)
        size = item.element_bytes
        return (int(value) & ((1 << 8 * size) - 1)).to_bytes(size, "little")

    def default(self, item, module):
        """The value of a scalar, and whether the text says it."""
        values = [self.byte_or_number(word, item.line, module) for word in item.arguments]
        if len(values) < 2 and not isinstance(values[0] if values else 0, bytes):
            return (values[0], True) if values else (0, False)
        parts = b"".join(v if isinstance(v, bytes) else bytes([v]) for v in values)
        return (int.from_bytes(parts.ljust(4, b"\0"), "big") if len(parts) > 1
                else int.from_bytes(parts, "big")), True

    def byte_or_number(self, word, line, module):
        if word.startswith('"'):
            return word[1:-1].encode("latin-1")
        return self.number(word, line, module)

    def candidates(self):
        """(address, bytes) of all that the text initialises, in order."""
        for module in self.modules:
            last = {item.name: item for item in module.items}
            for item in module.items:
                if not item.is_array:
                    value, said = self.default(last[item.name], module)
                    if said or value != 0:
                        yield item.address, self.encode(item, value)
                    continue
                run, start = b"", 0
                for i, word in enumerate(item.arguments + [None]):
                    data = b"" if word is None else \
                        self.encode(item, self.number(word, item.line, module))
                    if any(data):
                        start = start if run else item.address + i * item.element_bytes
                        run += data
                    elif run:
                        yield start, run
                        run = b""

    def segments(self):
        """The data segments: neighbours up to 32 bytes apart are one."""
        merged, end = [], 0
        for address, data in sorted(self.candidates(), key=lambda c: c[0]):
            if merged and address - end <= 32:
                merged[-1][1] += bytes(address - end) + data
            else:
                merged.append([address, data])
            end = address + len(data)
        return merged


def read(path):
    with open(path, encoding="utf-8") as file:
        return Project(path, file.read())
