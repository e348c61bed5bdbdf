#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Base names are unique within f4e-build and within the shim: `grep -r noun.c`,
a message of the compiler and a debugger's 'break noun.c:10' mean one file."""
import collections
import os
import sys

import tree


def main():
    arguments = tree.arguments(__doc__)
    problems = []
    parts = {"f4e-build": [top for top in tree.TOPS if top != tree.SHIM],
             "the shim": [tree.SHIM]}
    for part, tops in parts.items():
        by_name = collections.defaultdict(list)
        for path in tree.files(arguments.root, tops):
            by_name[os.path.basename(path)].append(path)
        for name, paths in sorted(by_name.items()):
            if len(paths) > 1:
                problems.append(f"{' and '.join(paths)} have the same name; "
                                f"{part} has one {name}")
    return tree.report(problems)


if __name__ == "__main__":
    sys.exit(main())
