#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a document names is there: files and folders of the tree in backticks,
the targets of links, and the names of tests."""
import argparse
import os
import re
import subprocess
import sys

import tree

# Examples, and files that f4e-build, a build or another project has.
ELSEWHERE = {
    "noun.c", "noun.h", "unit.noun", "shim.noun", "e2e.noun", "noise.c",
    "host_patch.h", "f4e-imports.h", "ranges.txt", "vector_list.h",
    "page_data.c", "wasm-rt.h", "wasm-rt-impl.c",
}
# What changed names since, and keeps the old ones.
HISTORY = ("CHANGELOG.md",)

WORDS = re.compile(r"`([^`\n]+)`")
LINKS = re.compile(r"\]\(([^)#:\s]+)(?:#[^)\s]*)?\)")
PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*/?")
SOURCE = re.compile(r".*[\w-]\.(?:c|h|py|md|txt|in|cmake)")
# Not those that need a tool which may be missing.
TEST = re.compile(r"(?:unit|shim|e2e|long)\.[a-z0-9_]+")


def tree_files(root):
    """Of the tree as git has it, or, without git, as it lies there."""
    run = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"],
                         check=False, capture_output=True, text=True)
    if run.returncode == 0:
        return [path for path in run.stdout.splitlines()
                if os.path.exists(os.path.join(root, path))]
    return [os.path.relpath(os.path.join(folder, name), root)
            for folder, _, names in os.walk(root) for name in names]


def all_tails(paths):
    """Every path and folder, and what is left of each from any folder on."""
    tails = set()
    for path in paths:
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            folder = "/" if end < len(parts) else ""
            for start in range(end):
                tails.add("/".join(parts[start:end]) + folder)
    return tails


def is_path(word, tops):
    """Is the word meant as a path of the tree?"""
    if not PATH.fullmatch(word) or "*" in word:
        return False
    return SOURCE.fullmatch(word) is not None or word.split("/")[0] in tops and "/" in word


def check(root, path, tails, tops, tests):
    for number, line in enumerate(tree.text(root, path).splitlines(), 1):
        where = f"{path}:{number}"
        for word in WORDS.findall(line):
            if word in ELSEWHERE:
                continue
            if TEST.fullmatch(word) and tests and not SOURCE.fullmatch(word):
                if word not in tests:
                    yield f"{where}: there is no test {word}"
            elif is_path(word, tops) and word not in tails and word + "/" not in tails:
                yield f"{where}: {word} is no file or folder of the tree"
        for target in LINKS.findall(line):
            if not os.path.exists(os.path.join(root, os.path.dirname(path), target)):
                yield f"{where}: the link to {target} leads nowhere"


def test_names(ctest, build):
    if not build:
        return set()
    run = subprocess.run([ctest, "-N"], check=True, capture_output=True, text=True,
                         cwd=build)
    return set(re.findall(r"Test +#\d+: (\S+)", run.stdout))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", required=True, help="the top of the tree")
    parser.add_argument("--ctest", default="ctest", help="the program")
    parser.add_argument("--build", help="a build, whose tests are all that there are")
    arguments = parser.parse_args()
    paths = tree_files(arguments.root)
    tops = {path.split("/")[0] for path in paths if "/" in path}
    tails = all_tails(paths)
    tests = test_names(arguments.ctest, arguments.build)
    problems = []
    for path in sorted(paths):
        if path.endswith(".md") and path not in HISTORY:
            problems += check(arguments.root, path, tails, tops, tests)
    return tree.report(problems)


if __name__ == "__main__":
    sys.exit(main())
