# SPDX-License-Identifier: MIT
"""The measurements. Each function returns what goes into one file of results;
'say' is called with what is being done."""
import array
import json
import os
import statistics
import subprocess
import time

from . import paths
from .engine import (Engine, Priority, build_ns, players, prepare,
                     run_player, with_all_it_starts)


def bench(folder, options, modules, engines):
    """tests/bench/run on these modules, as its JSON."""
    command = [os.path.join(paths.BENCH, "run"), "--json", "--fifo", "--engines",
               ",".join(engines)] + options + modules
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(f"tests/bench/run: {done.stderr or done.stdout}")
    return json.loads(done.stdout)


def speed(folder, scale, say):
    """Time per block, its distribution, starts and sizes, on every patch."""
    compiled = [e for e in paths.ENGINES if e not in paths.INTERPRETERS]
    interpreters = ["ours"] + [e for e in paths.ENGINES
                               if e in paths.INTERPRETERS]
    modules = [os.path.join(folder, name, "plain.wasm")
               for name in paths.PATCHES + ["empty"]]
    merged = {}
    # A round is shorter than what a scheduler gives at once.
    for engines, share in ((compiled, 1), (interpreters, 20)):
        say(f"speed: {', '.join(engines)}")
        blocks = str(max(5, scale["blocks"] // share))
        options = ["--rounds", str(scale["rounds"]), "--blocks", blocks,
                   "--warmup", str(scale["warmup"] // share), "--times",
                   str(scale["times"] // share)]
        for row in bench(folder, options, modules, engines)["modules"]:
            if not row["memoryAgrees"]:
                raise RuntimeError(f"{row['module']}: memories differ")
            known = merged.setdefault(row["module"], {})
            for figures in row["engines"]:
                known.setdefault(figures.pop("engine"), figures)
    return {"modules": merged, "scale": scale}


def starts(folder, scale, say):
    """From fork to the end of the first block, that block alone, and building:
    the best of some, since other programs only ever add."""
    found = {}
    for engine in paths.ENGINES:
        program = prepare(engine, folder, paths.PATCH)
        if program is None:
            continue
        say(f"starts: {engine}")
        took, first = [], []
        for _ in range(scale["starts"]):
            with Priority():
                start = time.monotonic_ns()
                running = Engine(program, with_all_it_starts)
                answer = running.ask("start 0 ieee")
                took.append(time.monotonic_ns() - start)
                running.stop()
            first.append(int(answer.split()[1]))
        builds = [build_ns(engine, os.path.join(folder, f"again-{k}"), folder)
                  for k in range(max(1, scale["starts"] // 4))]
        found[engine] = {"startNs": min(took), "firstNs": min(first),
                         "buildNs": min(builds)}
    return found


def settled_at(times, steady):
    """After how many blocks the median of the next 50 is near the steady one."""
    for first in range(0, len(times) - 50, 10):
        if statistics.median(times[first:first + 50]) < 1.25 * steady:
            return first
    return len(times)


def cold(folder, scale, say):
    """The first blocks one by one, from a cold process; the middle of three."""
    found = {}
    count = 3000
    for engine in paths.ENGINES:
        program = prepare(engine, folder, paths.PATCH)
        if program is None:
            continue
        say(f"cold: {engine}")
        runs = []
        for _ in range(3):
            path = os.path.join(folder, "times")
            with Engine(program) as running:
                running.ask("start 0 ieee")
                running.ask(f"times {count} {path}")
            times = array.array("I")
            with open(path, "rb") as file:
                times.frombytes(file.read())
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
        found[engine] = {"worst100Ns": max(times[:100]), "steadyNs": steady,
                         "settledAfter": settled_at(times, steady),
                         "points": points}
    return found


def counts(folder, scale, say):
    """Allocations, locks and system calls of one block."""
    tool = os.path.join(folder, "count")
    library = os.path.join(folder, "libcount.so")
    compiler = os.environ.get("CC", "clang-19")
    for output, source, flags in (
            (tool, "count.c", []),
            (library, "count_preload.c", ["-shared", "-fPIC"])):
        subprocess.run([compiler, "-std=c17", "-O2", *flags,
                        os.path.join(paths.BENCH, source), "-ldl", "-o",
                        output], check=True)
    found = {}
    for engine in paths.ENGINES:
        program = prepare(engine, folder, paths.PATCH)
        if program is None:
            continue
        say(f"counts: {engine}")
        done = subprocess.run([tool, library, program], capture_output=True,
                              text=True, check=False, timeout=300)
        words = done.stdout.split()
        if done.returncode != 0 or len(words) != 6:
            raise RuntimeError(f"count: {engine}: {done.stderr}")
        found[engine] = {words[k]: float(words[k + 1]) for k in (0, 2, 4)}
    return found


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


def sizes(folder, scale, say):
    """Bytes of the engine's library and of the program, lines of the adapter,
    and which modules it runs as they are."""
    found = {}
    for engine in paths.ENGINES:
        program = prepare(engine, folder, paths.PATCH)
        if program is None:
            continue
        say(f"sizes: {engine}")
        row = {"plain": True,
               "shared": prepare(engine, folder, paths.PATCH, "shared")
               is not None}
        row["programBytes"] = os.stat(program).st_size
        named = os.path.join(os.path.dirname(program), "library")
        if os.path.isfile(named):
            with open(named, encoding="utf-8") as file:
                row["libraryBytes"] = sum(os.stat(line.strip()).st_size
                                          for line in file)
        if engine in paths.ADAPTERS:
            row["adapterLines"] = lines_of(
                os.path.join(paths.BENCH, paths.ADAPTERS[engine]))
        found[engine] = row
    return found


def private_kib(pid):
    """Memory that no other process shares, and this one's part of the rest."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def instances(folder, scale, say):
    """Several instances at once, each a process: blocks a second of all, and
    memory of one more."""
    found = {}
    for engine in paths.ENGINES:
        program = prepare(engine, folder, paths.PATCH)
        if program is None:
            continue
        say(f"instances: {engine}")
        blocks = 2000 // (20 if engine in paths.INTERPRETERS else 1)
        rows = {}
        for number in (1, 2, 4):
            running = [Engine(program) for _ in range(number)]
            for one in running:
                one.ask("start 500 ieee")
            best = 0
            for _ in range(min(9, scale["rounds"])):
                start = time.monotonic()
                for one in running:
                    one.tell(f"run {blocks}")
                for one in running:
                    one.answer()
                best = max(best,
                           number * blocks / (time.monotonic() - start))
            rows[str(number)] = {
                "blocksPerSecond": round(best),
                "kibOfEach": round(sum(private_kib(one.pid)
                                       for one in running) / number)}
            for one in running:
                one.stop()
        found[engine] = rows
    return found


def shared(folder, scale, say):
    """The modules as the real compiler makes them, with shared memory: who runs
    all of them, with the same memory at the end."""
    found = {}
    programs = {}
    for engine in paths.ENGINES:
        for name in paths.PATCHES:
            program = prepare(engine, folder, name, "shared")
            if program is not None:
                programs.setdefault(engine, {})[name] = program
    for engine, of_engine in programs.items():
        say(f"shared: {engine}")
        hashes = {}
        for name, program in of_engine.items():
            with Engine(program) as running:
                if running.ask("start 200 ieee").startswith("ready"):
                    hashes[name] = running.ask("end").split()[1]
        found[engine] = hashes
    ours = found.get("ours", {})
    return {engine: sum(ours.get(name) == value
                        for name, value in hashes.items())
            for engine, hashes in found.items()}


def hour(folder, scale, say):
    """An hour of sound, as fast as it goes, by players that differ in the
    engine alone: processor time, and whether memory grows."""
    found = {}
    for engine, program in players(folder, paths.PATCH, say).items():
        seconds = scale["hour"] // (20 if engine in paths.INTERPRETERS else 1)
        say(f"hour: {engine}, {seconds} s of sound")
        command = [program, "-q", "--render", "/dev/null", "--seconds"]
        _, tenth = run_player(command + [str(seconds // 10)])
        cpu_s, end = run_player(command + [str(seconds)])
        found[engine] = {"soundSeconds": seconds,
                         "cpuSecondsPerHour": round(cpu_s * 3600 / seconds, 2),
                         "kibAtTenth": tenth, "kibAtEnd": end}
    return found


def fake_card(folder):
    """What lets a player find the fake sound card, in real time."""
    plugin = os.path.join(paths.TREE, "tests", "fakecard",
                          "libasound_module_pcm_f4e_fake.so")
    if not os.path.isfile(plugin):
        raise RuntimeError(f"no '{plugin}': build the preset dev first")
    path = os.path.join(folder, "asound.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'pcm_type.f4e_fake {{ lib "{plugin}" }}\n'
                   "pcm.fake { type f4e_fake }\n")
    return {"ALSA_CONFIG_PATH": path}


def stats_of(path):
    with open(path, encoding="utf-8") as file:
        stats = json.load(file)
    block, late = stats["block"], stats["late"]
    return {"xruns": stats["xruns"], "blocks": stats["blocks"],
            "seconds": stats["seconds"], "rtPriority": stats["rtPriority"],
            "blockP50Us": block["p50Us"], "blockP99Us": block["p99Us"],
            "blockP999Us": block["p999Us"], "blockMaxUs": block["maxUs"],
            "blockMeanPercent": block["meanPercent"],
            "lateP99Us": late["p99Us"], "lateMaxUs": late["maxUs"]}


class Load:
    """Programs that keep every core busy, at normal priority."""

    def __enter__(self):
        self.busy = [subprocess.Popen(["/bin/sh", "-c", "while :; do :; done"])
                     for _ in range(os.cpu_count() or 1)]

    def __exit__(self, *_):
        for one in self.busy:
            one.kill()
            one.wait()


def loop(folder, scale, say):
    """Each engine behind the same ALSA loop, on the fake card in real time, one
    after the other, while every core is kept busy."""
    found = {}
    card = fake_card(folder)
    stats = os.path.join(folder, "stats.json")
    for engine, program in players(folder, paths.PATCH, say).items():
        say(f"loop: {engine}, {scale['loop']} s")
        with Load():
            run_player([program, "-q", "--device", "fake", "--latency", "ultra",
                        "--seconds", str(scale["loop"]), "--stats-json", stats],
                       card)
        found[engine] = stats_of(stats)
    return found


def long(folder, scale, say):
    """The compiled ones all at once, on a fake card each, in real time."""
    found = {}
    card = dict(os.environ, **fake_card(folder))
    running = {}
    for engine, program in players(folder, paths.PATCH, say).items():
        if engine not in paths.INTERPRETERS:
            stats = os.path.join(folder, f"stats-{engine}.json")
            running[engine] = (stats, subprocess.Popen(
                [program, "-q", "--device", "fake", "--seconds",
                 str(scale["long"]), "--stats-json", stats], env=card))
    say(f"long: {len(running)} players, {scale['long']} s")
    for engine, (stats, process) in running.items():
        if process.wait() != 0:
            raise RuntimeError(f"{engine}: the player failed")
        found[engine] = stats_of(stats)
    return found


def platforms(folder, scale, say):
    """tests/platforms/run, line by line."""
    say("platforms")
    done = subprocess.run([os.path.join(paths.ROOT, "tests", "platforms",
                                        "run")],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"tests/platforms/run: {done.stdout}{done.stderr}")
    found = {}
    for line in done.stdout.splitlines():
        platform, module, result, *rest = line.split()
        found.setdefault(platform, {})[module] = {
            "result": result, **{rest[k]: int(rest[k + 1])
                                 for k in range(0, len(rest), 2)}}
    return found


# In the order in which they are made; what needs a quiet machine comes first.
ALL = [speed, starts, cold, counts, sizes, shared, instances, hour, loop, platforms,
       long]
