# SPDX-License-Identifier: MIT
"""An engine as a process, and the priority that it gets."""
import os
import select
import subprocess
import time

from . import process


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
    """A process that speaks the lines of engine_protocol.h. It is given
    'patience' seconds for each answer; process.Failed when it has none, or
    another one than was asked for."""

    def __init__(self, program, patience, priority=as_audio_thread):
        self.patience = patience
        self.rest = b""
        self.process = process.start(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, preexec_fn=priority, bufsize=0)
        self.pid = self.process.pid

    def tell(self, line):
        try:
            self.process.stdin.write(line.encode() + b"\n")
        except BrokenPipeError:
            raise process.Failed(self.end()) from None

    def end(self):
        """How it ended, after it closed its output."""
        try:
            status = self.process.wait(1)
        except subprocess.TimeoutExpired:
            return "it closed its output"
        return f"it ended by signal {-status}" if status < 0 else \
            f"it ended with status {status}"

    def answer(self, word):
        """What follows the word in the next line."""
        until = time.monotonic() + self.patience
        while b"\n" not in self.rest:
            left = max(0.0, until - time.monotonic())
            if not select.select([self.process.stdout], [], [], left)[0]:
                raise process.Failed(f"no answer in {self.patience:g} s")
            part = os.read(self.process.stdout.fileno(), 4096)
            if not part:
                raise process.Failed(self.end())
            self.rest += part
        line, self.rest = self.rest.split(b"\n", 1)
        words = line.decode("ascii", "replace").split()
        if words[:1] != [word]:
            raise process.Failed(
                f"it answers '{' '.join(words)[:60]}' in place of '{word}'")
        return words[1] if len(words) > 1 else ""

    def ask(self, line, word):
        self.tell(line)
        return self.answer(word)

    def number(self, line, word):
        """ask() for a decimal number."""
        text = self.ask(line, word)
        if not (text.isascii() and text.isdigit()):
            raise process.Failed(f"it answers '{text[:60]}' where a number "
                                 "belongs")
        return int(text)

    def stop(self):
        process.stop(self.process)
        self.process.stdin.close()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
