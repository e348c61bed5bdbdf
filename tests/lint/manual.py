#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mandoc has no complaint about the manual pages; that a page it refers to is
not installed here is none. Ql quotes the rest of its line, so that one literal
stands in a line."""
import glob
import os
import re
import subprocess
import sys

import tree

SYSTEM = ("referenced manual not found", "outdated mandoc.db", "lacks a mandoc.db")

# Another literal, a comma or the next column within the quotes.
SEVERAL = re.compile(r"^\.(?:\S+ )*?Ql .*(?: Ql | Ta |\S , \S)")


def quotes(root, page):
    """Lines whose quotes end too late."""
    with open(os.path.join(root, page), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if SEVERAL.match(line):
                yield f"{page}:{number}: Ql quotes the rest of the line: {line.strip()}"


def main():
    arguments = tree.arguments(__doc__, mandoc="mandoc")
    pages = sorted(glob.glob("docs/*.1", root_dir=arguments.root))
    if not pages:
        return tree.report(["no manual page in docs/"])
    run = subprocess.run([arguments.mandoc, "-T", "lint", "-W", "style", *pages],
                         cwd=arguments.root, check=False, text=True, capture_output=True)
    lines = (run.stdout + run.stderr).splitlines()
    found = [line for line in lines if not any(excuse in line for excuse in SYSTEM)]
    for page in pages:
        found.extend(quotes(arguments.root, page))
    return tree.report(found)


if __name__ == "__main__":
    sys.exit(main())
