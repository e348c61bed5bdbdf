# SPDX-License-Identifier: MIT
"""Engines and players as processes."""
import os
import subprocess
import time

from . import paths


def take_priority(flags):
    """In a new process: real-time priority, where that is allowed."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | flags, os.sched_param(1))
    except OSError:
        pass


def as_audio_thread():
    """Priority for the process, and none for the threads that it makes."""
    take_priority(os.SCHED_RESET_ON_FORK)


def with_all_it_starts():
    """Priority also for its threads and children: loading and compiling."""
    take_priority(0)


class Priority:
    """The same for this process while it looks at the clock."""

    def __enter__(self):
        as_audio_thread()

    def __exit__(self, *_):
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


class Engine:
    """A process that speaks the lines of engine_protocol.h."""

    def __init__(self, program, priority=as_audio_thread):
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, preexec_fn=priority)
        self.pid = self.process.pid

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self):
        return self.process.stdout.readline().strip()

    def ask(self, line):
        try:
            self.tell(line)
        except BrokenPipeError:
            return ""
        return self.answer()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def prepare(engine, folder, patch, kind="plain"):
    """DIR/run of an engine for a patch; None when it is not installed or cannot
    run the module. Made once."""
    target = os.path.join(folder, "engines", f"{patch}-{kind}", engine)
    program = os.path.join(target, "run")
    if not os.path.isdir(target):
        os.makedirs(target)
        module = os.path.join(folder, patch, f"{kind}.wasm")
        command = paths.command_of(engine) + [module, target]
        done = subprocess.run(command, cwd=paths.BENCH, capture_output=True,
                              check=False)
        if done.returncode == 0 and os.path.isfile(program):
            with Engine(program) as running:
                if not running.ask("start 1 ieee").startswith("ready"):
                    os.remove(program)
    return program if os.path.isfile(program) else None


def build_ns(engine, scratch, folder):
    """What building takes, done again in another folder."""
    target = os.path.join(scratch, engine)
    os.makedirs(target)
    module = os.path.join(folder, paths.PATCH, "plain.wasm")
    subprocess.run(paths.command_of(engine) + [module, target],
                   cwd=paths.BENCH, capture_output=True, check=True,
                   preexec_fn=with_all_it_starts)
    with open(os.path.join(target, "build_ns"), encoding="utf-8") as file:
        return int(file.read())


def player(engine, folder, patch):
    """A program that plays, with this engine inside; None without one."""
    target = os.path.join(folder, "players", patch)
    program = os.path.join(target, engine)
    if not os.path.isfile(program):
        os.makedirs(target, exist_ok=True)
        module = os.path.join(folder, patch, "plain.wasm")
        if engine == "ours":
            command = [paths.TOOL, "-q", module, "-o", program]
        else:
            command = [paths.HOST, engine, module, program]
        subprocess.run(command, capture_output=True, check=False)
    return program if os.path.isfile(program) else None


def players(folder, patch, say):
    """All of them, by engine."""
    found = {}
    for engine in paths.ENGINES:
        if engine.startswith("ours-") or engine.startswith("v8"):
            continue
        program = player(engine, folder, patch)
        if program is not None:
            found[engine] = program
    say(f"players: {', '.join(found)}")
    return found


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


def run_player(command, environment=None):
    """Run to its end: processor seconds, and the most memory that was resident,
    in KiB, looked at now and then."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True,
                               env=dict(os.environ, **(environment or {})))
    most, ended, status, usage = 0, 0, 0, None
    while ended == 0:
        most = max(most, most_resident(process.pid))
        time.sleep(0.02)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    said = process.stderr.read()
    process.stderr.close()
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]}: {said}")
    return usage.ru_utime + usage.ru_stime, most
