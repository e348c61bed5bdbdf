# SPDX-License-Identifier: MIT
"""Where engines are made ready for the measurements, each for each patch once,
and by when all has to be done. An engine whose memory differs from f4e-build's,
that hangs or that dies is refused from there on, with one line."""
import concurrent.futures
import os
import shutil
import subprocess
import threading
import time

from . import paths, process
from .engine import Engine

# Long enough for a pattern of memory, short for an interpreter.
CHECKED_BLOCKS = 200
NOT_INSTALLED = 77


class OutOfTime(Exception):
    """The time of the whole run is used up."""


class Workshop:
    def __init__(self, folder, scale, seconds, patience, say):
        self.folder, self.scale, self.patience = folder, scale, patience
        self.end = time.monotonic() + seconds
        self.until = self.end  # of what is being done now
        self.say = say
        self.faults = []     # engines that were refused
        self.absent = set()  # those, and what is not installed
        self.made = {}
        self.hashes = {}
        self.lock = threading.RLock()

    def keep(self, seconds):
        """From here on this much of the time is for something later."""
        self.until = self.end - seconds

    def left(self):
        return self.until - time.monotonic()

    def check_time(self):
        if self.left() <= 0:
            raise OutOfTime

    def refuse(self, engine, why):
        """It is left out from here on."""
        if process.CLOSED.is_set():
            raise process.Failed("the study is stopping")
        if engine == "ours":
            raise process.Failed(f"f4e-build's own row: {why}")
        with self.lock:
            if engine not in self.absent:
                self.absent.add(engine)
                self.faults.append(engine)
                self.say(f"{engine} is refused: {why}")

    def engines(self):
        return [name for name in paths.ENGINES if name not in self.absent]

    def folder_of(self, engine, patch, kind):
        return os.path.join(self.folder, "engines", f"{patch}-{kind}", engine)

    def module(self, patch, kind="plain"):
        return os.path.join(self.folder, patch, f"{kind}.wasm")

    def build(self, engine, patch, kind, target, **options):
        """What the engine's adapter makes, in a new folder; its program, or
        None where it does not run such modules."""
        os.makedirs(target)
        child = process.start(
            paths.command_of(engine) + [self.module(patch, kind), target],
            cwd=paths.BENCH, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, **options)
        start = time.monotonic_ns()
        try:
            said = child.communicate(timeout=max(1, self.left()))[0]
        except subprocess.TimeoutExpired:
            process.stop(child)
            shutil.rmtree(target)  # it may be tried again
            raise OutOfTime from None
        finally:
            process.stop(child)
            child.stdout.close()
        took = os.path.join(target, "build_ns")
        if not os.path.isfile(took):
            with open(took, "w", encoding="utf-8") as file:
                file.write(str(time.monotonic_ns() - start))
        if child.returncode == NOT_INSTALLED:
            with self.lock:
                if engine not in self.absent:
                    self.absent.add(engine)
                    self.say(f"without {engine}: {process.last_line(said)}")
            return None
        program = os.path.join(target, "run")
        if child.returncode != 0 or not os.path.isfile(program):
            if kind == "plain":
                raise process.Failed(f"{patch}: {process.last_line(said)}")
            return None
        return program

    def check(self, engine, patch, kind, program):
        """Its memory after some blocks has to be f4e-build's."""
        try:
            with Engine(program, self.patience, None) as running:
                running.ask(f"start {CHECKED_BLOCKS} ieee", "ready")
                found = running.ask("end", "hash")
        except process.Failed as failed:
            if kind == "plain":
                raise process.Failed(f"{patch}: {failed}") from None
            return None
        if engine == "ours":
            self.hashes[patch, kind] = found
        expected = self.hashes[patch, kind]
        if found != expected:
            raise process.Failed(
                f"{patch}: memory {found} after {CHECKED_BLOCKS + 1} blocks, "
                f"not {expected}")
        return program

    def program(self, engine, patch=paths.PATCH, kind="plain"):
        """DIR/run of an engine for a patch; None when it is not installed,
        refused, or cannot run the module."""
        if engine in self.absent:
            return None
        key = engine, patch, kind
        if key not in self.made:
            if engine != "ours":
                self.program("ours", patch, kind)
            try:
                program = self.build(engine, patch, kind,
                                     self.folder_of(engine, patch, kind))
                if program is not None:
                    program = self.check(engine, patch, kind, program)
            except process.Failed as failed:
                self.refuse(engine, failed)
                program = None
            self.made[key] = program
        return None if engine in self.absent else self.made[key]

    def player(self, engine, patch=paths.PATCH):
        """A program that plays, with this engine inside; None without one."""
        key = engine, patch, "player"
        if engine in self.absent or not paths.is_linked(engine):
            return None
        if key not in self.made:
            target = os.path.join(self.folder, "players", patch)
            os.makedirs(target, exist_ok=True)
            program = os.path.join(target, engine)
            command = [paths.TOOL, "-q", self.module(patch), "-o", program] \
                if engine == "ours" else \
                [paths.HOST, engine, self.module(patch), program]
            # Compiled once, for all of them.
            common = dict(os.environ, F4E_HOST_OBJECTS=os.path.join(
                self.folder, "common"))
            try:
                process.run(command, self.left(), env=common)
            except process.Failed as failed:
                self.check_time()
                if self.program(engine) is not None:
                    self.refuse(engine, f"as a player: {failed}")
                program = None
            self.made[key] = program
        return None if engine in self.absent else self.made[key]

    def players(self):
        found = {}
        for engine in self.engines():
            self.check_time()
            program = self.player(engine)
            if program is not None:
                found[engine] = program
        return found

    def each(self, name, measure):
        """measure(engine, program) of every engine that runs the one patch."""
        found = {}
        for engine in self.engines():
            self.check_time()
            program = self.program(engine)
            if program is None:
                continue
            self.say(f"{name}: {engine}")
            try:
                found[engine] = measure(engine, program)
            except process.Failed as failed:
                self.check_time()
                self.refuse(engine, f"{name}: {failed}")
        return found

    def prepare(self, programs, players):
        """Make these, (patch, kind), and players where they are needed, on all
        cores: f4e-build's first, since the others are compared with them."""
        def make(engine):
            for what in programs:
                self.program(engine, *what)
            if players:
                self.player(engine)

        pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1)
        try:
            for done in [pool.submit(self.program, "ours", *what)
                         for what in programs]:
                done.result()
            for done in [pool.submit(make, engine) for engine in paths.ENGINES]:
                done.result()
        except KeyboardInterrupt:
            process.stop_all()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
