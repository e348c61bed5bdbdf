# SPDX-License-Identifier: MIT
"""Children, which never outlive the study: each leads a group of its own, and
stop_all() ends the groups that are left."""
import os
import signal
import subprocess
import threading

GRACE_S = 10
RUNNING = set()
LOCK = threading.Lock()
CLOSED = threading.Event()


class Failed(Exception):
    """A child that failed, hung, or could not be started; says which, in one
    line."""


def start(command, **options):
    with LOCK:
        if CLOSED.is_set():
            raise Failed(f"{command[0]}: not started: the study is stopping")
        try:
            child = subprocess.Popen(command, start_new_session=True, **options)
        except OSError as error:
            raise Failed(f"{command[0]}: {error.strerror}") from None
        RUNNING.add(child)
    return child


def forget(child):
    with LOCK:
        RUNNING.discard(child)


def signal_group(child, number):
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def stop(child):
    """End it and what it started: f4e-build ends its compilers, which lead
    groups of their own, when it may."""
    signal_group(child, signal.SIGTERM)
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        pass
    signal_group(child, signal.SIGKILL)
    child.wait()
    forget(child)


def stop_all():
    """For good: nothing is started after this."""
    with LOCK:
        CLOSED.set()
        left = list(RUNNING)
    for child in left:
        signal_group(child, signal.SIGTERM)
    for child in left:
        stop(child)


def last_line(*texts):
    """Of the first text that has one."""
    for text in texts:
        lines = (text or "").strip().splitlines()
        if lines:
            return lines[-1][:300]
    return "it says nothing"


def run(command, seconds, good=(0,), **options):
    """Run to its end within this time; what it wrote to stdout."""
    child = start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                  text=True, **options)
    name = os.path.basename(command[0])
    try:
        out, err = child.communicate(timeout=max(0.0, seconds))
    except subprocess.TimeoutExpired:
        raise Failed(f"{name}: no end after {seconds:.0f} s") from None
    finally:
        stop(child)
        child.stdout.close()
        child.stderr.close()
    if child.returncode < 0:
        raise Failed(f"{name}: ended by signal {-child.returncode}")
    if child.returncode not in good:
        raise Failed(f"{name}: {last_line(err, out)}")
    return out
