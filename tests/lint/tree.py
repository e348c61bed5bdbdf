# SPDX-License-Identifier: MIT
"""The tree as the lints see it: its source files, and what includes what."""
import argparse
import os
import re
import sys

# The product. Everything in it lies in a room of rooms.txt.
TOPS = ("cli", "templates", "wasm2c-driver", "shim")
# The two programs: the shim is compiled into patches, the rest is f4e-build.
SHIM = "shim"

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"\n]+)"', re.MULTILINE)


def files(root, folders=TOPS, endings=(".c", ".h")):
    """Paths relative to root, sorted; folders that do not exist are empty."""
    found = []
    for top in folders:
        for folder, subfolders, names in os.walk(os.path.join(root, top)):
            subfolders.sort()
            for name in names:
                if name.endswith(endings):
                    path = os.path.join(folder, name)
                    found.append(os.path.relpath(path, root))
    return sorted(found)


def text(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def includes(root, path, known):
    """(name as written, path of the file or None) for each #include "..." """
    top = path.split("/")[0]
    folders = [top] + [other for other in TOPS if other != top]
    folders.append(os.path.dirname(path))
    for name in INCLUDE.findall(text(root, path)):
        candidates = (os.path.normpath(folder + "/" + name) for folder in folders)
        yield name, next((one for one in candidates if one in known), None)


def components(graph):
    """Strongly connected components of more than one node, each sorted."""
    order, low, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in graph.get(node, ()):
            if other not in order:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], order[other])
        if low[node] == order[node]:
            part = []
            while not part or part[-1] != node:
                part.append(stack.pop())
            if len(part) > 1:
                found.append(sorted(part))

    sys.setrecursionlimit(10000)
    for node in sorted(graph):
        if node not in order:
            visit(node)
    return found


def arguments(description, **more):
    """--root, and the options named in `more` with their help."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", required=True, help="the top of the tree")
    for name, about in more.items():
        parser.add_argument("--" + name, required=True, help=about)
    return parser.parse_args()


def report(problems):
    """One sentence a line; the exit status is 1 when there is any."""
    for problem in problems:
        print(problem)
    return 1 if problems else 0
