# SPDX-License-Identifier: MIT
"""What a measurement was made on, and when."""
import datetime
import os
import platform
import resource
import subprocess

from . import paths


def first_line(*command):
    try:
        out = subprocess.run(command, capture_output=True, text=True,
                             check=False).stdout
    except OSError:
        return "none"
    return out.splitlines()[0].strip() if out else "none"


def cpu():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def is_virtual():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return " hypervisor" in file.read()


def versions():
    """Of the engines that install/ has put down."""
    found = {"wasm2c": first_line("wasm2c", "--version")}
    folder = os.path.join(paths.ROOT, "build", "engines")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = os.path.join(folder, name, "version")
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                found[name] = file.read().strip()
    return found


def may_have_priority():
    """Whether engines could be given real-time priority."""
    return os.geteuid() == 0 or \
        resource.getrlimit(resource.RLIMIT_RTPRIO)[0] != 0


def describe():
    now = datetime.datetime.now(datetime.timezone.utc)
    return {
        "date": now.strftime("%Y-%m-%d"),
        "time": now.strftime("%H:%M UTC"),
        "cpu": cpu(),
        "cores": os.cpu_count(),
        "virtual": is_virtual(),
        "kernel": platform.release(),
        "realTime": may_have_priority(),
        "load": round(os.getloadavg()[0], 1),
        # The last one that changed what is measured.
        "commit": first_line("git", "-C", paths.ROOT, "log", "-1",
                             "--format=%h", "--", "shim", "cli",
                             "wasm2c-driver", "templates"),
        "clang": first_line(paths.CC, "--version"),
        "versions": versions(),
    }
