#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mandoc has no complaint about the manual pages; that a page it refers to is
not installed here is none."""
import glob
import subprocess
import sys

import tree

SYSTEM = ("referenced manual not found", "outdated mandoc.db", "lacks a mandoc.db")


def main():
    arguments = tree.arguments(__doc__, mandoc="mandoc")
    pages = sorted(glob.glob("docs/*.1", root_dir=arguments.root))
    if not pages:
        return tree.report(["no manual page in docs/"])
    run = subprocess.run([arguments.mandoc, "-T", "lint", "-W", "style", *pages],
                         cwd=arguments.root, check=False, text=True, capture_output=True)
    lines = (run.stdout + run.stderr).splitlines()
    return tree.report([line for line in lines
                        if not any(excuse in line for excuse in SYSTEM)])


if __name__ == "__main__":
    sys.exit(main())
