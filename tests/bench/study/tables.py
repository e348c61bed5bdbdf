# SPDX-License-Identifier: MIT
"""The tables of the pages, each made of the flat figures."""
from . import paths
from .figures import show


def rows(flat, columns, engines=None, first="Engine"):
    """A Markdown table with one row for each engine that has the first figure.
    A column is (title, key with {e}, format)."""
    lines = ["| " + " | ".join([first] + [c[0] for c in columns]) + " |",
             "|---" * (len(columns) + 1) + "|"]
    for engine in engines or paths.ENGINES:
        cells = []
        for _, key, way in columns:
            name = key.format(e=engine)
            cells.append(show(flat, name, way) if name in flat else "–")
        if any(cell != "–" for cell in cells):
            lines.append("| " + " | ".join([paths.title(engine)] + cells)
                         + " |")
    return lines


def speed(flat):
    columns = [(name, "ns.{e}." + name, "n") for name in paths.PATCHES]
    return rows(flat, columns + [("mean / ours", "ratio.{e}", "x")],
                first="ns per block")


def distribution(flat):
    return rows(flat, [("p50", "p50.{e}", "ns"), ("p99", "p99.{e}", "ns"),
                       ("p99.9", "p999.{e}", "ns"), ("max", "max.{e}", "us0"),
                       ("p99 / p50", "near.{e}", "x"),
                       ("an empty call", "call.{e}", "ns")])


def calls(flat):
    return rows(flat, [("allocations", "counts.{e}.allocations", "n3"),
                       ("locks of libc", "counts.{e}.locks", "n3"),
                       ("system calls", "counts.{e}.systemCalls", "n3")],
                first="Of one block")


def modes(flat):
    return rows(flat, [("build", "build.{e}", "sec"),
                       ("start to first block", "start.{e}", "ms"),
                       ("first block", "first.{e}", "us"),
                       ("worst of the first 100", "worst100.{e}", "us"),
                       ("steady after, blocks", "settled.{e}", "n"),
                       ("then / ours", "ratio.{e}", "x")])


def size(flat):
    return rows(flat, [("library", "sizes.{e}.libraryBytes", "mibofbytes"),
                       ("program", "sizes.{e}.programBytes", "kibofbytes"),
                       ("resident", "resident.{e}", "mib"),
                       ("of one of four", "instance.{e}.4", "mib"),
                       ("adapter, lines of C", "sizes.{e}.adapterLines", "n")])


def shared(flat):
    return rows(flat, [("patches with shared memory", "shared.{e}", "n")])


def loop(flat):
    return rows(flat, [("xruns", "loop.{e}.xruns", "n"),
                       ("block p50", "loop.{e}.blockP50Us", "plainus"),
                       ("p99", "loop.{e}.blockP99Us", "plainus"),
                       ("max", "loop.{e}.blockMaxUs", "plainus"),
                       ("of the budget", "loop.{e}.blockMeanPercent", "pct"),
                       ("late p99", "loop.{e}.lateP99Us", "plainus"),
                       ("max", "loop.{e}.lateMaxUs", "plainus")])


def long(flat):
    return rows(flat, [("seconds", "long.{e}.seconds", "n"),
                       ("xruns", "long.{e}.xruns", "n"),
                       ("block p50", "long.{e}.blockP50Us", "plainus"),
                       ("p99.9", "long.{e}.blockP999Us", "plainus"),
                       ("max", "long.{e}.blockMaxUs", "plainus"),
                       ("late max", "long.{e}.lateMaxUs", "plainus")])


def hour(flat):
    return rows(flat, [("processor, s per hour of sound",
                        "hour.{e}.cpuSecondsPerHour", "n1"),
                       ("resident at a tenth", "hour.{e}.kibAtTenth", "mib"),
                       ("at the end", "hour.{e}.kibAtEnd", "mib"),
                       ("sound, s", "hour.{e}.soundSeconds", "n")])


def instances(flat):
    return rows(flat, [("one: blocks/s", "rate.{e}.1", "n"),
                       ("two", "scale.{e}.2", "x"),
                       ("four", "scale.{e}.4", "x"),
                       ("memory of each of four", "instance.{e}.4", "mib")])


def platforms(flat):
    lines = ["| Patch | Windows: code | Cortex-M7: code | RAM |",
             "|---|---|---|---|"]
    prefix, suffix = "platforms.cortex-m7.", ".text"
    for key in sorted(flat):
        if key.startswith(prefix) and key.endswith(suffix):
            name = key[len(prefix):-len(suffix)]
            windows = f"platforms.windows.{name}.text"
            lines.append("| {} | {} | {} | {} |".format(
                name,
                show(flat, windows, "kibofbytes") if windows in flat else "–",
                show(flat, key, "kibofbytes"),
                show(flat, prefix + name + ".bss", "kibofbytes")))
    return lines


def machine(flat):
    lines = ["| Measurement | Date | Load average before, after | Commit |",
             "|---|---|---|---|"]
    for key in sorted(flat):
        if key.startswith("machine.") and key.endswith(".date"):
            name = key.split(".")[1]
            lines.append("| {} | {} {} | {}, {} | {} |".format(
                name, flat[key], flat[f"machine.{name}.time"],
                flat[f"machine.{name}.load"], flat[f"machine.{name}.loadAfter"],
                flat[f"machine.{name}.commit"]))
    return lines


# What to show after each measurement.
OF = {"speed": [speed, distribution], "starts": [modes], "cold": [modes],
      "counts": [calls], "sizes": [size], "shared": [shared],
      "instances": [instances], "hour": [hour], "loop": [loop], "long": [long],
      "platforms": [platforms]}


def of_results(results, flat):
    """The tables of what these results hold, each once, with empty lines
    between."""
    shown = []
    for name in results:
        for table in OF[name]:
            if table not in shown:
                shown.append(table)
    return [line for table in shown for line in table(flat) + [""]]


ALL = {function.__name__: function for function in (
    speed, distribution, calls, modes, size, shared, loop, long, hour,
    instances, platforms, machine)}
