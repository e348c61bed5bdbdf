# SPDX-License-Identifier: MIT
"""The measurements of engines by themselves. Each function takes the workshop
and returns what goes into one file of results."""
import array
import json
import os
import statistics
import time

from . import paths, process
from .engine import Engine, Priority, with_all_it_starts


def program_of_bench(shop):
    """tests/bench's own program, which lets engines take turns."""
    path = os.path.join(shop.folder, "bench")
    if not os.path.isfile(path):
        sources = ["bench.c", "speaker.c", "pokes.c", "histogram.c", "results.c", "plot.c"]
        process.run([paths.CC, "-std=c17", "-O2",
                     "-D_POSIX_C_SOURCE=200809L", "-o", path]
                    + [os.path.join(paths.BENCH, name) for name in sources]
                    + ["-lm"], shop.left())
    return path


def line_for_bench(engine, name, program):
    folder = os.path.dirname(program)
    with open(os.path.join(folder, "build_ns"), encoding="utf-8") as file:
        took = file.read().strip()
    executable = os.path.join(folder, "program")
    if not os.path.isfile(executable):
        executable = program
    return f"{name} {engine} {took} {os.stat(executable).st_size} {program}\n"


def turns(shop, engines, options):
    """The engines in turns on every patch: module -> engine -> figures."""
    path = os.path.join(shop.folder, "list")
    with open(path, "w", encoding="utf-8") as file:
        for name in paths.PATCHES + ["empty"]:
            for engine in engines:
                program = shop.program(engine, name)
                if program is not None:
                    file.write(line_for_bench(engine, name, program))
    out = process.run([program_of_bench(shop), "--json", "--fifo", *options,
                       path], shop.left(), good=(0, 1))
    return {row["module"]: {figures.pop("engine"): figures
                            for figures in row["engines"]}
            for row in json.loads(out)["modules"]}


def speed(shop):
    """Time per block, its distribution, starts and sizes, on every patch."""
    compiled = [e for e in shop.engines() if e not in paths.INTERPRETERS]
    interpreters = ["ours"] + [e for e in shop.engines()
                               if e in paths.INTERPRETERS]
    merged, scale = {}, shop.scale
    # A round is shorter than what a scheduler gives at once.
    for engines, share in ((compiled, 1), (interpreters, 20)):
        shop.say(f"speed: {', '.join(engines)}")
        options = ["--rounds", str(scale["rounds"]),
                   "--blocks", str(max(5, scale["blocks"] // share)),
                   "--warmup", str(scale["warmup"] // share),
                   "--times", str(scale["times"] // share)]
        found = turns(shop, engines, options)
        for name in paths.PATCHES + ["empty"]:
            row = found.get(name, {})
            for engine in engines:
                if engine in shop.absent:
                    continue
                if engine not in row:
                    shop.refuse(engine, f"speed: {name}: it did not get to "
                                "the end")
                elif row[engine]["memoryHash"] != row["ours"]["memoryHash"]:
                    shop.refuse(engine, f"speed: {name}: memory "
                                f"{row[engine]['memoryHash']}, not "
                                f"{row['ours']['memoryHash']}")
        for name, row in found.items():
            for engine, figures in row.items():
                merged.setdefault(name, {}).setdefault(engine, figures)
    for row in merged.values():
        for engine in shop.absent:
            row.pop(engine, None)
    return {"modules": merged, "scale": scale}


def starts(shop):
    """From fork to the end of the first block, that block alone, and building:
    the best of some, since other programs only ever add."""
    def one(engine, program):
        took, first, builds = [], [], []
        for _ in range(shop.scale["starts"]):
            with Priority():
                start = time.monotonic_ns()
                with Engine(program, shop.patience,
                            with_all_it_starts) as running:
                    first.append(running.number("start 0 ieee", "ready"))
                    took.append(time.monotonic_ns() - start)
        for k in range(max(1, shop.scale["starts"] // 4)):
            folder = os.path.join(shop.folder, f"again-{k}", engine)
            shop.build(engine, paths.PATCH, "plain", folder,
                       preexec_fn=with_all_it_starts)
            with open(os.path.join(folder, "build_ns"),
                      encoding="utf-8") as file:
                builds.append(int(file.read()))
        return {"startNs": min(took), "firstNs": min(first),
                "buildNs": min(builds)}
    return shop.each("starts", one)


def settled_at(times, steady):
    """After how many blocks the median of the next 50 is near the steady one."""
    for first in range(0, len(times) - 50, 10):
        if statistics.median(times[first:first + 50]) < 1.25 * steady:
            return first
    return len(times)


def cold(shop):
    """The first blocks one by one, from a cold process; the middle of three."""
    count = 3000

    def one(_engine, program):
        runs = []
        for _ in range(3):
            path = os.path.join(shop.folder, "times")
            with Engine(program, shop.patience) as running:
                running.ask("start 0 ieee", "ready")
                running.ask(f"times {count} {path}", "ok")
            times = array.array("I")
            with open(path, "rb") as file:
                times.frombytes(file.read())
            if len(times) != count:
                raise process.Failed(f"{len(times)} times, not {count}")
            runs.append(times.tolist())
        runs.sort(key=sum)
        times = runs[1]
        steady = statistics.median(times[-1000:])
        # A curve of some sixty points, each the worst of its stretch.
        points, first = [], 0
        while first < count:
            last = max(first + 1, int(first * 1.12))
            points.append([first + 1, max(times[first:last])])
            first = last
        return {"worst100Ns": max(times[:100]), "steadyNs": steady,
                "settledAfter": settled_at(times, steady), "points": points}
    return shop.each("cold", one)


def counts(shop):
    """Allocations, locks and system calls of one block."""
    tool = os.path.join(shop.folder, "count")
    library = os.path.join(shop.folder, "libcount.so")
    for output, source, flags in (
            (tool, "count.c", []),
            (library, "count_preload.c", ["-shared", "-fPIC"])):
        process.run([paths.CC, "-std=c17", "-O2", *flags,
                     os.path.join(paths.BENCH, source), "-ldl", "-o", output],
                    shop.left())

    def one(_engine, program):
        words = process.run([tool, library, program],
                            min(300, shop.left())).split()
        if len(words) != 6:
            raise process.Failed("the counter says something else")
        return {words[k]: float(words[k + 1]) for k in (0, 2, 4)}
    return shop.each("counts", one)


def lines_of(path):
    """Lines of code: neither blank nor comment."""
    count, is_comment = 0, False
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if is_comment or line.startswith("/*"):
                is_comment = "*/" not in line
            elif line and not line.startswith("//"):
                count += 1
    return count


def sizes(shop):
    """Bytes of the engine's library and of the program, and which modules it
    runs as they are; lines of the adapter, of all there are."""
    def one(engine, program):
        row = {"plain": True,
               "shared": shop.program(engine, paths.PATCH, "shared")
               is not None}
        row["programBytes"] = os.stat(program).st_size
        named = os.path.join(os.path.dirname(program), "library")
        if os.path.isfile(named):
            with open(named, encoding="utf-8") as file:
                row["libraryBytes"] = sum(os.stat(line.strip()).st_size
                                          for line in file)
        return row
    found = shop.each("sizes", one)
    for engine, name in paths.ADAPTERS.items():
        found.setdefault(engine, {})["adapterLines"] = lines_of(
            os.path.join(paths.BENCH, name))
    return found


def private_kib(pid):
    """Memory that no other process shares, and this one's part of the rest."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def several(shop, program, number, blocks):
    """So many at once: blocks a second of all, and memory of each."""
    running = []
    try:
        for _ in range(number):
            running.append(Engine(program, shop.patience))
        for one in running:
            one.ask("start 500 ieee", "ready")
        best = 0
        for _ in range(min(9, shop.scale["rounds"])):
            start = time.monotonic()
            for one in running:
                one.tell(f"run {blocks}")
            for one in running:
                one.answer("ns")
            best = max(best, number * blocks / (time.monotonic() - start))
        return {"blocksPerSecond": round(best),
                "kibOfEach": round(sum(private_kib(one.pid)
                                       for one in running) / number)}
    finally:
        for one in running:
            one.stop()


def instances(shop):
    """Several instances at once, each a process: blocks a second of all, and
    memory of one more."""
    def one(engine, program):
        blocks = 2000 // (20 if engine in paths.INTERPRETERS else 1)
        # A round is long beside the time in which processes find their cores.
        rate = several(shop, program, 1, blocks)["blocksPerSecond"]
        blocks = max(blocks, rate // 30)
        return {str(number): several(shop, program, number, blocks)
                for number in (1, 2, 4)}
    return shop.each("instances", one)


def shared(shop):
    """The modules as the real compiler makes them, with shared memory: how many
    of them each engine runs, with the same memory at the end."""
    def one(engine, _program):
        return sum(shop.program(engine, name, "shared") is not None
                   for name in paths.PATCHES)
    return {engine: count for engine, count in shop.each("shared", one).items()
            if count > 0}


def platforms(shop):
    """tests/platforms/run, line by line."""
    shop.say("platforms")
    out = process.run([os.path.join(paths.ROOT, "tests", "platforms", "run")],
                      shop.left())
    found = {}
    for line in out.splitlines():
        platform, module, result, *rest = line.split()
        found.setdefault(platform, {})[module] = {
            "result": result, **{rest[k]: int(rest[k + 1])
                                 for k in range(0, len(rest), 2)}}
    return found
