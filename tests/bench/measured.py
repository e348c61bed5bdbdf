# SPDX-License-Identifier: MIT
"""What commands that measure have in common: where things are, on which machine
and commit it was, and a part of a page of docs/ that is replaced as a whole."""

import datetime
import math
import os
import platform
import re
import resource
import subprocess

BENCH = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(BENCH))
PATCHES = os.path.join(BENCH, "patches")
PAGE = os.path.join(ROOT, "docs/performance.md")
TOOL = os.environ.get("F4E_BUILD", os.path.join(ROOT, "build/release/bin/f4e-build"))
END = "<!-- end -->"


def run(*command, **options):
    return subprocess.run(command, check=True, **options)


def cpu_ns(*command, **options):
    """The CPU time that a program and its children took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*command, stdout=subprocess.DEVNULL, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e9 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def patch_names():
    return sorted(f[:-5] for f in os.listdir(PATCHES) if f.endswith(".8f4e"))


def compile_patch(name, folder):
    """Makes folder/NAME/plain.wasm with its text beside it."""
    project = os.path.join(PATCHES, name + ".8f4e")
    into = os.path.join(folder, name)
    run(os.path.join(PATCHES, "compile"), project, into)
    run("cp", project, os.path.join(into, "plain.8f4e"))
    return os.path.join(into, "plain.wasm")


def machine():
    """The processor, as the system calls it."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"model name\s*: (.*)", file.read())
    return f"{os.cpu_count()} x {found[1] if found else platform.machine()}"


def commit():
    """The commit that was measured, marked when files differ from it."""
    shown = run("git", "-C", ROOT, "describe", "--always", "--dirty", capture_output=True,
                text=True)
    return shown.stdout.strip()


def origin():
    """What a table was measured on: commit, machine, day."""
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    return f"Commit {commit()}, {machine()}, {today}"


def write(page, part, lines):
    """Replace what is between the marks of this part; the file is whole at any
    time."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    begin = f"<!-- measured: {part} -->"
    start = text.find(begin)
    end = text.find(END, start)
    if start < 0 or end < start:
        raise SystemExit(f"{page}: no '{begin}' with '{END}' after it")
    text = text[:start] + "\n".join([begin, "", *lines, ""]) + "\n" + text[end:]
    with open(page + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(page + ".new", page)
