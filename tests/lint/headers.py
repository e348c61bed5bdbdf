#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every header compiles alone, without a warning: whoever includes it needs no
other before it."""
import concurrent.futures
import os
import subprocess
import sys

import tree

FLAGS = ["-std=c17", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Wpedantic",
         "-Werror", "-Wno-unused-function", "-Wno-empty-translation-unit",
         "-fsyntax-only", "-x", "c"]
# As the libraries see it: the tool's folders stand on one another.
FOLDERS = {"shim": ("shim",), "wasm2c-driver": ("wasm2c-driver", "shim"),
           "templates": ("templates", "wasm2c-driver"),
           "cli": ("cli", "templates", "wasm2c-driver")}


def compile_alone(compiler, root, header):
    folders = [f"-I{os.path.join(root, folder)}"
               for folder in FOLDERS[header.split("/")[0]]]
    return subprocess.run([compiler, *FLAGS, *folders, os.path.join(root, header)],
                          text=True, capture_output=True, check=False)


def main():
    arguments = tree.arguments(__doc__, compiler="the C compiler")
    headers = tree.files(arguments.root, endings=(".h",))
    problems = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = pool.map(lambda header: compile_alone(
            arguments.compiler, arguments.root, header), headers)
        for header, run in zip(headers, runs):
            if run.returncode != 0:
                problems.append(f"{header} does not compile alone:\n{run.stderr.strip()}")
    return tree.report(problems)


if __name__ == "__main__":
    sys.exit(main())
