#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""clang-tidy with the repository's .clang-tidy on the product.

F4E_TIDY=changed (the default): the files that differ from F4E_TIDY_BASE, which
is where this branch left `main`, or on main the commit before. F4E_TIDY=all:
every file. A file that passed is not looked at again until it, a header of the
tree that it includes, or .clang-tidy changes."""
import concurrent.futures
import hashlib
import json
import os
import subprocess
import sys

import tree

# Compiled only as a part of the generated api.c.
NOT_ALONE = {"shim/library.c", "shim/library_widgets.c", "shim/library_presets.c"}


def git(root, *words):
    run = subprocess.run(["git", "-C", root, *words], check=False, text=True,
                         capture_output=True)
    return run.stdout.split("\n")[:-1] if run.returncode == 0 else None


def base_commit(root):
    """Where the work on this branch began; None without a history."""
    wanted = os.environ.get("F4E_TIDY_BASE")
    if wanted:
        return wanted
    head = git(root, "rev-parse", "HEAD")
    for name in ("origin/main", "main"):
        base = git(root, "merge-base", "HEAD", name)
        if base and base != head:
            return base[0]
    before = git(root, "rev-parse", "HEAD~1")
    return before[0] if before else None


def changed(root, sources):
    """The sources that are new or differ, also by their own header; all of them
    where git cannot tell."""
    base = base_commit(root)
    lists = [git(root, "diff", "--name-only", base) if base else None,
             git(root, "ls-files", "--others", "--exclude-standard")]
    if None in lists:
        return sources
    names = set(lists[0] + lists[1])
    return [path for path in sources if path in names or path[:-2] + ".h" in names]


def key(root, path, known):
    """Changes whenever the file's warnings could."""
    seen, queue = {path}, [path]
    while queue:
        for _, included in tree.includes(root, queue.pop(), known):
            if included and included not in seen:
                seen.add(included)
                queue.append(included)
    total = hashlib.sha256(tree.text(root, ".clang-tidy").encode())
    for one in sorted(seen):
        total.update(f"{one}\n{tree.text(root, one)}".encode())
    return total.hexdigest()


def examine(arguments, path):
    """What clang-tidy says of one file; empty when there is nothing."""
    run = subprocess.run([arguments.tidy, "-p", arguments.build, "--quiet",
                          os.path.join(arguments.root, path)],
                         check=False, text=True, capture_output=True)
    root = os.path.abspath(arguments.root) + "/"
    said = run.stdout.replace(root, "").strip()
    return said or (run.stderr.strip() if run.returncode != 0 else "")


def compiled(root, build):
    """The files of the tree that this build compiles."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    return {os.path.relpath(os.path.join(one["directory"], one["file"]),
                            os.path.abspath(root)) for one in commands}


def main():
    arguments = tree.arguments(__doc__, tidy="clang-tidy",
                               build="the folder of compile_commands.json",
                               cache="a folder for the keys of what passed")
    os.makedirs(arguments.cache, exist_ok=True)
    paths = tree.files(arguments.root)
    sources = [path for path in paths if path.endswith(".c") and path not in NOT_ALONE]
    if os.environ.get("F4E_TIDY", "changed") != "all":
        sources = changed(arguments.root, sources)
    keys = {path: os.path.join(arguments.cache, key(arguments.root, path, set(paths)))
            for path in sources}
    stale = [path for path in sources if not os.path.exists(keys[path])]
    # clang-tidy skips what it has no command for, and is content.
    problems = [f"{path} is not compiled by this build"
                for path in sorted(set(sources) - compiled(arguments.root,
                                                           arguments.build))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, said in zip(stale, pool.map(lambda one: examine(arguments, one),
                                              stale)):
            if said:
                problems.append(said)
            else:
                open(keys[path], "w", encoding="utf-8").close()
    print(f"{len(sources)} files, {len(stale)} of them looked at")
    return tree.report(problems)


if __name__ == "__main__":
    sys.exit(main())
