#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every .c and .h is as clang-format writes it with the .clang-format here."""
import os
import re
import subprocess
import sys

import tree

# Listings of other programs' output.
SKIPPED = re.compile(r"tests/fake-tools/dialects/")
WARNING = re.compile(r"^(.*?):(\d+):\d+: (?:warning|error): code should be clang-formatted")


def main():
    arguments = tree.arguments(__doc__, formatter="clang-format")
    paths = [path for path in tree.files(arguments.root,
                                         tree.TOPS + ("tests", "examples"))
             if not SKIPPED.match(path)]
    run = subprocess.run([arguments.formatter, "--dry-run", "-Werror",
                          *(os.path.join(arguments.root, path) for path in paths)],
                         check=False, text=True, capture_output=True)
    first = {}
    for line in run.stderr.splitlines():
        match = WARNING.match(line)
        if match:
            first.setdefault(os.path.relpath(match.group(1), arguments.root),
                             match.group(2))
    problems = [f"{path}:{line}: not as {os.path.basename(arguments.formatter)} writes "
                f"it; {os.path.basename(arguments.formatter)} -i {path}"
                for path, line in first.items()]
    if run.returncode != 0 and not problems:
        problems = [run.stderr.strip()]
    return tree.report(problems)


if __name__ == "__main__":
    sys.exit(main())
