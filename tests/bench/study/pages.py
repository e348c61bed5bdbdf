# SPDX-License-Identifier: MIT
"""Fills figures, tables and pictures into the pages, or compares. A page says
where a figure goes and what it is:

    <!--ratio.wasmtime x-->4.29x<!---->       a key of figures.py and a format
    <!--table speed--> ... <!--end-->          a table of tables.py

A figure with a unit outside of these is a fault: no result has it. So is a
claim (claims.py) that the results do not bear out."""
import json
import os
import re

from . import claims, figures, matrix, plots, store, tables

MARK = re.compile(r"<!--(?!table |claim )([a-z][\w.\-]*) ([a-z]+\d?)-->(.*?)<!---->", re.S)
TABLE = re.compile(r"<!--table ([a-z]+)-->\n(.*?)<!--end-->", re.S)
UNIT = re.compile(r"(?<![\w.#])\d[\d.,]*(?:"
                  r"\s?(?:(?:ns|us|µs|ms|KiB|MiB|GiB|KB|MB|lines)\b|%)"
                  r"|x\b)")


class Fault(Exception):
    """Results that are missing or are none."""


def fill(text, flat, results):
    """The page with what the results say."""
    def mark(match):
        key, way = match.group(1), match.group(2)
        if way not in figures.FORMATS:
            raise Fault(f"no format '{way}' for '{key}'")
        if key not in flat and not figures.is_unmeasured(flat, key):
            raise Fault(f"no result has '{key}'")
        return f"<!--{key} {way}-->{figures.show(flat, key, way)}<!---->"

    def table(match):
        name = match.group(1)
        if name in tables.ALL:
            lines = tables.ALL[name](flat)
        elif name in matrix.TABLES:
            lines = matrix.TABLES[name](results["matrix"])
        else:
            raise Fault(f"no table '{name}'")
        return f"<!--table {name}-->\n" + "\n".join(lines) + "\n<!--end-->"

    return TABLE.sub(table, MARK.sub(mark, text))


def strays(text):
    """Figures that are not marked, with their lines."""
    text = TABLE.sub("", MARK.sub("", text))
    text = re.sub(r"<!--claim .*?-->", "", text)
    text = re.sub(r"```.*?```", "", text, flags=re.S)
    text = re.sub(r"^    .*$", "", text, flags=re.M)
    text = re.sub(r"`[^`]*`", "", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    found = []
    for line in text.splitlines():
        for match in UNIT.finditer(line):
            found.append(f"'{match.group(0)}' in: {line.strip()[:70]}")
    return found


def replace(path, text, is_check, faults):
    """Write what differs; under --check it is a fault instead."""
    try:
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return
    except FileNotFoundError:
        pass
    if is_check:
        faults.append(f"{path} is not what the results say: "
                      "tests/bench/research --tables")
        return
    store.write(path, text)


def write(results_folder, docs, is_check):
    """All of it. The faults, as lines."""
    try:
        results = figures.load(results_folder)
    except figures.ResultError as error:
        raise Fault(str(error)) from None
    missing = [name for name in list(figures.WAYS) + ["cited"]
               if name not in results]
    if missing:
        raise Fault("no results of: " + ", ".join(missing))
    try:
        flat = figures.flatten(results)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Fault(f"{results_folder}: not what this command stores: "
                    f"{type(error).__name__}: {error}") from None
    faults = []
    path = os.path.join(docs, "matrix.json")
    with open(path, encoding="utf-8") as file:
        results["matrix"] = matrix.scored(json.load(file), flat)
    flat.update(matrix.ranks(results["matrix"]))
    machines = figures.machines(results)
    if len(machines) > 1:
        faults.append(f"{results_folder}: results of several machines: "
                      + "; ".join(machines) + ": measure all of them here, "
                      "or look with --measure --results FOLDER")
    replace(path, matrix.dump(results["matrix"]), is_check, faults)
    for name, plot in plots.ALL.items():
        replace(os.path.join(docs, "plots", name + ".svg"),
                plot(flat, results), is_check, faults)
    for name in sorted(os.listdir(docs)):
        if not name.endswith(".md"):
            continue
        path = os.path.join(docs, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            replace(path, fill(text, flat, results), is_check, faults)
        except Fault as fault:
            faults.append(f"{path}: {fault}")
        faults += [f"{path}: a figure that no result has: {stray}"
                   for stray in strays(text)]
        faults += [f"{path}: {line}" for line in claims.broken(text, flat)]
    return faults
