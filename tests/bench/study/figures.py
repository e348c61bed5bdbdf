# SPDX-License-Identifier: MIT
"""Results as one flat table, KEY -> value: what pages may quote. Time is in
nanoseconds, size in bytes or KiB as the name of the key's unit says."""
import json
import math
import os
import re
import statistics

from . import paths


class ResultError(Exception):
    """A file of results that cannot be read."""


def load(folder):
    """All files of results, by name."""
    found = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".json"):
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                try:
                    found[name[:-5]] = json.load(file)
                except ValueError as error:
                    raise ResultError(f"{path}: {error}") from None
    return found


def of_speed(figures):
    modules = figures["modules"]
    patches = [name for name in paths.PATCHES if name in modules]
    flat = {}
    for engine in paths.ENGINES:
        rows = [modules[name][engine] for name in patches
                if engine in modules[name]]
        if not rows:
            continue
        ratios = [modules[name][engine]["nsPerBlock"]
                  / modules[name]["ours"]["nsPerBlock"]
                  for name in patches if engine in modules[name]]
        flat[f"ratio.{engine}"] = math.exp(statistics.fmean(
            math.log(ratio) for ratio in ratios))
        flat[f"least.{engine}"] = min(ratios)
        flat[f"most.{engine}"] = max(ratios)
        for name in patches:
            if engine in modules[name]:
                flat[f"ns.{engine}.{name}"] = modules[name][engine]["nsPerBlock"]
        flat[f"spawn.{engine}"] = min(row["startNs"] for row in rows)
        flat[f"resident.{engine}"] = statistics.median(
            row["residentKiB"] for row in rows)
        one = modules[paths.PATCH].get(engine)
        if one and "p50Ns" in one:
            for key in ("p50", "p99", "p99.9", "max"):
                flat[f"{key.replace('.', '')}.{engine}"] = one[key + "Ns"]
            flat[f"near.{engine}"] = one["p99Ns"] / one["p50Ns"]
        if engine in modules.get("empty", {}):
            flat[f"call.{engine}"] = modules["empty"][engine]["nsPerBlock"]
    flat["patches"] = len(patches)
    return flat


def of_starts(figures):
    flat = {}
    for engine, row in figures.items():
        flat[f"start.{engine}"] = row["startNs"]
        flat[f"first.{engine}"] = row["firstNs"]
        if row["buildNs"] > 0:
            flat[f"build.{engine}"] = row["buildNs"]
        flat[f"turn.{engine}"] = row["buildNs"] + row["startNs"]
    return flat


def of_instances(figures):
    flat = {}
    for engine, rows in figures.items():
        one = rows["1"]["blocksPerSecond"]
        for number, row in rows.items():
            flat[f"rate.{engine}.{number}"] = row["blocksPerSecond"]
            flat[f"scale.{engine}.{number}"] = row["blocksPerSecond"] / one
            flat[f"instance.{engine}.{number}"] = row["kibOfEach"]
    return flat


def of_cold(figures):
    flat = {}
    for engine, row in figures.items():
        flat[f"worst100.{engine}"] = row["worst100Ns"]
        flat[f"steady.{engine}"] = row["steadyNs"]
        flat[f"settled.{engine}"] = row["settledAfter"]
    return flat


def of_platforms(figures):
    flat = {}
    for platform, modules in figures.items():
        flat[f"platforms.{platform}"] = sum(
            row["result"] == "equal" for row in modules.values())
        flat[f"platforms.{platform}.all"] = len(modules)
        for module, row in modules.items():
            flat[f"platforms.{platform}.{module}.text"] = row["text"]
            flat[f"platforms.{platform}.{module}.bss"] = row["bss"]
    return flat


def by_engine(prefix):
    """For results that are figures of engines: PREFIX.ENGINE.FIELD."""
    def flatten(figures):
        return {f"{prefix}.{engine}.{field}": value
                for engine, row in figures.items()
                for field, value in row.items()}
    return flatten


# Libraries that are files of their own where a patch runs.
SHIPPED = {"wasmtime", "wasmtime-capi", "wasmer", "wasmer-llvm",
           "v8-plain", "v8-shared",
           "wasmedge-aot", "wasmedge-interp"}


def of_sizes(figures):
    flat = by_engine("sizes")(figures)
    for engine, row in figures.items():
        if "programBytes" in row:
            flat[f"shipped.{engine}"] = row["programBytes"] + (
                row.get("libraryBytes", 0) if engine in SHIPPED else 0)
    return flat


def of_shared(figures):
    return {f"shared.{engine}": count for engine, count in figures.items()
            if engine not in paths.REWRITTEN}


WAYS = {
    "speed": of_speed, "starts": of_starts, "cold": of_cold, "counts": by_engine("counts"),
    "sizes": of_sizes, "shared": of_shared,
    "instances": of_instances, "hour": by_engine("hour"),
    "loop": by_engine("loop"), "long": by_engine("long"),
    "platforms": of_platforms,
}


def add_best(flat):
    """The fastest of the other engines, under best.*."""
    others = [engine for engine in paths.ENGINES
              if f"ratio.{engine}" in flat and not engine.startswith("ours")]
    if not others:
        return
    best = min(others, key=lambda engine: flat[f"ratio.{engine}"])
    flat["best.title"] = paths.title(best)
    for key in ("ratio", "p999", "start", "first", "build"):
        if f"{key}.{best}" in flat:
            flat[f"best.{key}"] = flat[f"{key}.{best}"]
    if f"instance.{best}.4" in flat:
        flat["best.instance"] = flat[f"instance.{best}.4"]
    if f"sizes.{best}.programBytes" in flat:
        flat["best.ships"] = "nothing (linked in)" if best not in SHIPPED \
            else show(flat, f"sizes.{best}.libraryBytes", "mibofbytes")
    for engine, name in ((best, "best"), ("ours", "ours")):
        cells = [flat.get(f"counts.{engine}.{field}")
                 for field in ("allocations", "locks", "systemCalls")]
        if None not in cells:
            flat[f"calls.{name}"] = ", ".join(f"{cell:g}" for cell in cells)


def add_machine(flat):
    """What is common to all results: when, where, how busy."""
    def all_of(field):
        return [value for key, value in flat.items()
                if re.fullmatch(rf"machine\.[a-z]+\.({field})", key)]

    dates, loads = sorted(all_of("date")), all_of("load|loadAfter")
    if dates:
        flat["machine.dates"] = dates[0] if dates[0] == dates[-1] else \
            f"{dates[0]} to {dates[-1]}"
        flat["machine.loads"] = f"{min(loads):g} to {max(loads):g}"
        flat["machine.kind"] = "virtual" if any(all_of("virtual")) else \
            "not virtual"


def is_unmeasured(flat, key):
    """A key that results have when its engine, or its platform, is there."""
    words = key.split(".")
    if words[0] == "version":
        return len(words) == 2
    if words[0] == "platforms":
        return words[1] in ("windows", "cortex-m7")
    for at, word in enumerate(words):
        if word in paths.ENGINES:
            # No figure of a run of it, or one that others have.
            has_any = any(word in other.split(".") for other in flat
                          if not other.startswith("points.")
                          and not other.endswith(".adapterLines"))
            return not has_any or any(
                ".".join(words[:at] + [other] + words[at + 1:]) in flat
                for other in paths.ENGINES)
    return words[0] in ("best", "calls")


def machines(results):
    """What the results were measured on; more than one is a mixture."""
    return sorted({f"{result['machine']['cpu']}, {result['machine']['cores']} "
                   f"cores, Linux {result['machine']['kernel']}"
                   for name, result in results.items() if name in WAYS})


def flatten(results):
    """KEY -> value, of all results."""
    flat = {}
    for name, result in results.items():
        if name == "cited":
            flat.update({f"cited.{key}": fact["value"]
                         for key, fact in result.items()})
            continue
        if name not in WAYS:
            continue
        flat.update(WAYS[name](result["figures"]))
        for key, value in result["machine"].items():
            if key != "versions":
                flat[f"machine.{name}.{key}"] = value
        flat[f"machine.{name}.loadAfter"] = result["loadAfter"]
        for engine, version in result["machine"]["versions"].items():
            flat[f"version.{engine}"] = version
    add_best(flat)
    add_machine(flat)
    return flat


def number(value, digits):
    return f"{value:.{digits}f}"


FORMATS = {
    "x": lambda v: number(v, 2) + "x",
    "x1": lambda v: number(v, 1) + "x",
    "x0": lambda v: number(v, 0) + "x",
    "ns": lambda v: number(v, 0) + " ns",
    "us": lambda v: number(v / 1e3, 1) + " us",
    "us0": lambda v: number(v / 1e3, 0) + " us",
    "ms": lambda v: number(v / 1e6, 1) + " ms",
    "sec": lambda v: number(v / 1e9, 1) + " s",
    "plainus": lambda v: number(v, 1) + " us",
    "plainms": lambda v: number(v / 1e3, 2) + " ms",
    "kib": lambda v: number(v, 0) + " KiB",
    "kibofbytes": lambda v: number(v / 1024, 0) + " KiB",
    "mib": lambda v: number(v / 1024, 1) + " MiB",
    "mibofbytes": lambda v: number(v / 1048576, 1) + " MiB",
    "pct": lambda v: number(v, 2) + " %",
    "pct0": lambda v: number(v * 100, 0) + " %",
    "n": lambda v: number(v, 0),
    "n1": lambda v: number(v, 1),
    "n3": lambda v: number(v, 3),
    "text": str,
}


def show(flat, key, way):
    """A figure as pages show it. KeyError: no result can have it."""
    if key not in flat and is_unmeasured(flat, key):
        return "not measured"
    return FORMATS[way](flat[key])
