# SPDX-License-Identifier: MIT
"""The measurements of players that differ in the engine alone. Each takes the
workshop and returns what goes into one file of results."""
import json
import os
import subprocess
import time

from . import paths, process


def most_resident(pid):
    """The most memory that was resident so far, in KiB; 0 when it has ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def run_player(command, seconds, environment=None):
    """Run to its end: processor seconds, and the most memory that was resident,
    in KiB, looked at now and then."""
    until = time.monotonic() + seconds
    child = process.start(command, stderr=subprocess.PIPE, text=True,
                          env=dict(os.environ, **(environment or {})))
    most, ended, status, usage = 0, 0, 0, None
    try:
        while ended == 0:
            if time.monotonic() > until:
                raise process.Failed(f"the player: no end after {seconds:.0f} s")
            most = max(most, most_resident(child.pid))
            time.sleep(0.02)
            ended, status, usage = os.wait4(child.pid, os.WNOHANG)
        child.returncode = os.waitstatus_to_exitcode(status)
        said = child.stderr.read()
    finally:
        process.stop(child)
        child.stderr.close()
    if child.returncode != 0:
        raise process.Failed(f"the player: {process.last_line(said)}")
    return usage.ru_utime + usage.ru_stime, most


def each(shop, name, measure):
    """measure(engine, player) of every engine that can be a player."""
    found = {}
    for engine, program in shop.players().items():
        shop.check_time()
        shop.say(f"{name}: {engine}")
        try:
            found[engine] = measure(engine, program)
        except process.Failed as failed:
            shop.check_time()
            shop.refuse(engine, f"{name}: {failed}")
    return found


def hour(shop):
    """An hour of sound, or what there is time for, as fast as it goes: processor
    time, and whether memory grows."""
    waiting = set(shop.players())

    def one(engine, program):
        seconds = shop.scale["hour"] // (20 if engine in paths.INTERPRETERS
                                         else 1)
        command = [program, "-q", "--render", "/dev/null", "--seconds"]
        share = shop.left() / len(waiting)
        waiting.discard(engine)
        start = time.monotonic()
        _, tenth = run_player(command + [str(seconds // 10)], shop.left())
        took = time.monotonic() - start
        # Less than an hour where that does not fit, with some room.
        part = min(1, 0.8 * max(0, share - took) / (10 * took))
        seconds = max(seconds // 10, int(part * seconds))
        cpu_s, end = run_player(command + [str(seconds)], shop.left())
        return {"soundSeconds": seconds,
                "cpuSecondsPerHour": round(cpu_s * 3600 / seconds, 2),
                "kibAtTenth": tenth, "kibAtEnd": end}
    return each(shop, "hour", one)


def plugin():
    """The fake sound card, which the preset dev builds."""
    return os.path.join(paths.TREE, "tests", "fake-card",
                        "libasound_module_pcm_f4e_fake.so")


def fake_card(shop):
    """What lets a player find the fake sound card, in real time."""
    path = os.path.join(shop.folder, "asound.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'pcm_type.f4e_fake {{ lib "{plugin()}" }}\n'
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
        self.busy = [process.start(["/bin/sh", "-c", "while :; do :; done"])
                     for _ in range(os.cpu_count() or 1)]

    def __exit__(self, *_):
        for one in self.busy:
            process.stop(one)


def loop(shop):
    """Each engine behind the same ALSA loop, on the fake card in real time, one
    after the other, while every core is kept busy."""
    card = fake_card(shop)
    stats = os.path.join(shop.folder, "stats.json")

    def one(_engine, program):
        with Load():
            run_player([program, "-q", "--device", "fake", "--latency", "ultra",
                        "--seconds", str(shop.scale["loop"]), "--stats-json",
                        stats], min(shop.left(), shop.scale["loop"] + 60), card)
        return stats_of(stats)
    return each(shop, "loop", one)


class Long:
    """The compiled ones all at once, on a fake card each, in real time, while
    other things are measured."""

    def __init__(self, shop, seconds):
        self.shop, self.seconds = shop, seconds
        self.running = {}
        card = dict(os.environ, **fake_card(shop))
        for engine, program in shop.players().items():
            if engine not in paths.INTERPRETERS:
                stats = os.path.join(shop.folder, f"stats-{engine}.json")
                said = os.path.join(shop.folder, f"said-{engine}")
                with open(said, "wb") as file:
                    self.running[engine] = stats, said, process.start(
                        [program, "-q", "--device", "fake", "--seconds",
                         str(seconds), "--stats-json", stats], env=card,
                        stderr=file)
        self.until = time.monotonic() + seconds
        shop.say(f"long: {len(self.running)} players, {seconds} s, while the "
                 "next measurements go on")

    def finish(self):
        """Wait for them; what they counted."""
        left = self.until - time.monotonic()
        if left > 1:
            self.shop.say(f"long: {left:.0f} s more")
        found = {}
        for engine, (stats, said, child) in self.running.items():
            try:
                status = child.wait(max(0, self.until - time.monotonic()) + 30)
                if status != 0:
                    with open(said, encoding="utf-8", errors="replace") as file:
                        raise process.Failed(process.last_line(file.read()))
                found[engine] = stats_of(stats)
            except subprocess.TimeoutExpired:
                self.shop.refuse(engine, "long: the player: no end")
            except process.Failed as failed:
                self.shop.refuse(engine, f"long: the player: {failed}")
            finally:
                process.stop(child)
        return found
