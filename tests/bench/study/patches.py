# SPDX-License-Identifier: MIT
"""The modules that everything is measured on."""
import os

from . import paths, process

# What a call costs: a block that does nothing.
EMPTY = """(module (import "host" "memory" (memory 1 1 %s))
  (func (export "initDefaults")) (func (export "main"))
  (func (export "buffer") (i32.store (i32.const 4) (i32.const 1))))
"""


def compile_all(folder, left):
    """Into FOLDER/NAME/; left() says for how many seconds it may go on."""
    for name in paths.PATCHES:
        process.run([os.path.join(paths.BENCH, "patches", "compile"),
                        os.path.join(paths.BENCH, "patches", name + ".8f4e"),
                        os.path.join(folder, name)], left())
    target = os.path.join(folder, "empty")
    os.makedirs(target)
    for kind, word in (("plain", ""), ("shared", "shared")):
        text = os.path.join(target, "text.wat")
        with open(text, "w", encoding="utf-8") as file:
            file.write(EMPTY % word)
        process.run(["wat2wasm", "--enable-threads", text, "-o",
                     os.path.join(target, kind + ".wasm")], left())
