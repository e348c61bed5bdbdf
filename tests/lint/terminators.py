#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No text of a table fills its array so that the zero at its end has no room.
C takes that without a word; gcc warns of it as something that C++ would not."""
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys

import tree

FLAGS = ["-std=c17", "-fsyntax-only", "-Wc++-compat", "-fdiagnostics-plain-output"]
TABLE = re.compile(r"\bstatic const (struct|char)\b")
TOO_LONG = re.compile(r":(\d+):\d+: warning: initializer-string for array of .* is too long "
                      r"for C\+\+")


def commands(root, build):
    """Of each source with a table: its options of the preprocessor."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    found = {}
    for entry in entries:
        source = os.path.relpath(os.path.join(entry["directory"], entry["file"]), root)
        if source.split("/")[0] in tree.TOPS and TABLE.search(tree.text(root, source)):
            words = shlex.split(entry["command"])
            found[source] = [word for word in words if word.startswith(("-D", "-I"))]
    return found


def look(compiler, root, source, options):
    run = subprocess.run([compiler, *FLAGS, *options, os.path.join(root, source)],
                         text=True, capture_output=True, check=False)
    if run.returncode != 0:
        return [f"{source} does not compile:\n{run.stderr.strip()}"]
    return [f"{source}:{line}: no room for the zero at the end of a text"
            for line in TOO_LONG.findall(run.stderr)]


def main():
    arguments = tree.arguments(__doc__, compiler="gcc", build="has compile_commands.json")
    sources = commands(arguments.root, arguments.build)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda source: look(arguments.compiler, arguments.root, source,
                                             sources[source]), sorted(sources))
        return tree.report([problem for problems in found for problem in problems])


if __name__ == "__main__":
    sys.exit(main())
