#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Translate an 8f4e project into WebAssembly text, for wat2wasm.

    to_wat.py --plain|--shared PROJECT.8f4e >patch.wat

The module is the one that the language's own compiler makes, instruction by
instruction: tests/e2e/test_patches.c compares it with the vectors.
"""

import sys

import project
from body import Body, wasm_type
from project import ProjectError


class Signature:
    def __init__(self, block):
        self.name, self.opener = block.name, block.opener
        words = [line.words for line in block.lines]
        self.params = [wasm_type(line.word(1), line) for line in block.lines
                       if line.words[0] == "param"]
        self.results = [wasm_type(w, block.opener) for w in block.results]
        self.exports = [w[1] if len(w) > 1 else block.name for w in words if w[0] == "#export"]
        self.imports = [line.word(1).strip('"') for line in block.lines
                        if line.words[0] == "#import"]
        self.index = self.type = None

    def text(self):
        return "".join([" (param " + " ".join(self.params) + ")" if self.params else "",
                        " (result " + " ".join(self.results) + ")" if self.results else ""])


class Translation:
    """A project as a module: functions are numbered imports first, then
    initDefaults, the entries, the functions and the modules."""

    def __init__(self, source):
        self.project = source
        self.functions, self.types = {}, []
        blocks = source.of_kind("function")
        signatures = [Signature(block) for block in blocks]
        self.imports = [s for s in signatures if s.imports]
        self.defined = [(s, b) for s, b in zip(signatures, blocks) if not s.imports]
        names = list(dict.fromkeys(["main"] + [m.entry for m in source.modules]))
        self.first = len(self.imports)
        self.entries = {name: self.first + 1 + i for i, name in enumerate(names)}
        index = self.first + 1 + len(names)
        for i, signature in enumerate(self.imports):
            signature.index = i
        for i, (signature, _) in enumerate(self.defined):
            signature.index = index + i
        self.modules = [m for name in names for m in source.modules if m.entry == name]
        index += len(self.defined)
        self.module_index = {m.name: index + i for i, m in enumerate(self.modules)}
        for signature in signatures:
            if signature.name in self.functions or signature.name in self.entries:
                raise signature.opener.error(f"another '{signature.name}'")
            self.functions[signature.name] = signature
            if signature.text() not in self.types:
                self.types.append(signature.text())
            signature.type = 3 + self.types.index(signature.text())

    def body(self, lines, module=None, results=()):
        """The code of a block, as text after its type."""
        body = Body(self, module)
        for line in lines:
            body.translate(line)
        if body.frames:
            raise body.line.error(f"'{body.frames[-1]['word']}' without an end")
        kinds = [operand.kind for operand in body.stack]
        if kinds != list(results):
            raise body.line.error(f"{kinds} left on the stack, not {list(results)}")
        declared = body.locals[body.params:]
        return (" (local " + " ".join(declared) + ")" if declared else "") + "\n    " \
            + "\n    ".join(body.code) + ")"

    def init_defaults(self, segments):
        code = ["i32.const 0", "i32.const 0", f"i32.const {self.project.required_bytes}",
                "memory.fill"]
        for i, (address, data) in enumerate(segments):
            code += [f"i32.const {address}", "i32.const 0", f"i32.const {len(data)}",
                     f"memory.init {i}"]
        return "\n    ".join(code if self.project.required_bytes else [])

    def dispatcher(self, entry):
        calls = [f"call {self.module_index[m.name]}" for m in self.modules
                 if m.entry == entry and
                 not any(line.words[0] == "#skipExecution" for line in m.code)]
        return "\n    ".join(calls)

    def text(self, shared):
        source = self.project
        segments = source.segments()
        pages = max(1, -(-source.required_bytes // 65536))
        out = ["(module", "  (type (func))", "  (type (func (param i32) (result i32)))",
               "  (type (func (param i32 i32) (result i32)))"]
        out += [f"  (type (func{text}))" for text in self.types]
        out += [f'  (import "host" "{s.imports[0]}" (func (type {s.type})))'
                for s in self.imports]
        out += [f'  (import "host" "memory" (memory {pages} {pages}{shared}))',
                f"  (func (type 0)\n    {self.init_defaults(segments)})"]
        out += [f"  (func (type 0)\n    {self.dispatcher(entry)})" for entry in self.entries]
        out += [f"  (func (type {s.type}){s.text()}" +
                self.body(block.lines, results=s.results) for s, block in self.defined]
        out += ["  (func (type 0)" + self.body(module.code, module)
                for module in self.modules]
        out += [f'  (export "initDefaults" (func {self.first}))']
        out += [f'  (export "{name}" (func {i}))' for name, i in self.entries.items()]
        out += [f'  (export "{name}" (func {s.index}))'
                for s, _ in self.defined for name in s.exports]
        out += [f'  (data "{"".join(f"{chr(92)}{byte:02x}" for byte in data)}")'
                for _, data in segments]
        return "\n".join(out) + ")\n"


def main():
    shared = {"--plain": "", "--shared": " shared"}
    if len(sys.argv) != 3 or sys.argv[1] not in shared:
        print("usage: to_wat.py --plain|--shared PROJECT.8f4e", file=sys.stderr)
        return 2
    try:
        translation = Translation(project.read(sys.argv[2]))
        print(translation.text(shared[sys.argv[1]]), end="")
    except (ProjectError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
