#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""shellcheck has nothing to say about any shell script of the repository."""
import os
import re
import subprocess
import sys

import tree

# What is no part of the sources: builds, and whatever setup and ./test make.
SKIPPED = re.compile(r"(\.git|build.*|out|Testing)$")
SCRIPT = re.compile(rb"#!.*\bsh\b|(#[^\n]*\n)*# shellcheck shell=")


def scripts(root):
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if not SKIPPED.match(name))
        for name in sorted(names):
            path = os.path.join(folder, name)
            if "." in name and not name.endswith((".sh", ".in")):
                continue
            if os.path.isfile(path) and SCRIPT.match(open(path, "rb").read(200)):
                yield os.path.relpath(path, root)


def main():
    arguments = tree.arguments(__doc__, shellcheck="shellcheck")
    found = list(scripts(arguments.root))
    if not found:
        return tree.report(["no shell script found"])
    run = subprocess.run([arguments.shellcheck, "--external-sources",
                          "--source-path=SCRIPTDIR", "--format=gcc", *found],
                         cwd=arguments.root, check=False, text=True, capture_output=True)
    return tree.report((run.stdout + run.stderr).splitlines()) or run.returncode


if __name__ == "__main__":
    sys.exit(main())
