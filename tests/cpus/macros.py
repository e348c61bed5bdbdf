#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every macro that a name of --cpu switches on is either asked for when a patch
starts (shim/system/cpu_needs.h) or stands in macros.txt with a reason.

    macros.py NEEDS_H MACROS_TXT COMPILER...

Compilers that are not installed are left out; the first must be. A new compiler
with new names fails here, until somebody has looked at its macros.
"""
import collections
import re
import shutil
import subprocess
import sys

HARD = ["-mfloat-abi=hard", "-mfpu=vfpv3-d16"]
# Debian's name: triple, the option that takes names, the oldest CPU, the ABI,
# and the condition of cpu_needs.h.
MACHINES = {
    "amd64": ("x86_64-linux-gnu", "-march", "x86-64", [], "__x86_64__"),
    "arm64": ("aarch64-linux-gnu", "-mcpu", "armv8-a", [], "__aarch64__"),
    "armhf": ("arm-linux-gnueabihf", "-mcpu", "armv7-a", HARD, "__arm__"),
    "riscv64": ("riscv64-linux-gnu", "-mcpu", "rv64gc", ["-mabi=lp64d"], "__riscv"),
}


def run(words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def macros_of(words):
    """Names and values, or None for a CPU that the compiler refuses."""
    done = run(words + ["-dM", "-E", "-x", "c", "/dev/null"])
    if done.returncode != 0:
        return None
    lines = (line.split(" ", 2) for line in done.stdout.splitlines())
    return {words[1]: words[2] if len(words) > 2 else "" for words in lines}


def names_of(words, option):
    """gcc lists names in an error, clang on demand, and some more there, too."""
    said = run(words + [option + "=?", "-c", "-x", "c", "/dev/null", "-o", "/dev/null"])
    found = []
    for line in said.stderr.splitlines():
        match = re.search(r"valid (?:arguments|target CPU values).* are: *(.*)", line)
        if match:
            found += re.split(r"[ ,;]+", match[1].strip())
    said = run(words + ["--print-supported-cpus"])
    found += [line[1:] for line in said.stderr.splitlines() if line.startswith("\t")]
    return sorted(set(found) - {"native", "generic", ""})


def asked_for(path):
    """The macros of each architecture's conditions."""
    found = collections.defaultdict(set)
    conditions = {machine[4]: name for name, machine in MACHINES.items()}
    current = None
    text = open(path, encoding="utf-8").read()
    for line in text[text.index("cpu_needs[]") :].splitlines():
        match = re.match(r"#(?:el)?if defined\((__\w+__|__riscv)\)", line)
        if match:
            current = conditions[match[1]]
        elif re.match(r"#\s+(el)?if |\s+defined\(", line):
            found[current] |= set(re.findall(r"defined\((\w+)\)", line))
    return found


def harmless(path):
    found = collections.defaultdict(list)
    current = None
    for line in open(path, encoding="utf-8"):
        if line.startswith("["):
            current = line.strip("[]\n")
        elif line.strip() and not line.startswith("#"):
            pattern, _, reason = line.strip().partition(" ")
            assert reason, f"{path}: no reason for {pattern}"
            found[current].append(re.compile(pattern))
    return found


def compiler_words(compiler, triple, is_first):
    """The compiler for a machine, or None."""
    if "clang" in compiler:
        return [compiler, "--target=" + triple]
    cross = compiler if is_first else triple + "-gcc"
    return [cross] if shutil.which(cross) else None


def main():
    needs, allowed = asked_for(sys.argv[1]), harmless(sys.argv[2])
    unknown = collections.defaultdict(set)
    seen = collections.defaultdict(set)
    for compiler in filter(shutil.which, sys.argv[3:]):
        own = run([compiler, "-dumpmachine"]).stdout.strip()
        for machine, (triple, option, oldest, abi, own_macro) in MACHINES.items():
            is_own = own.split("-")[0] == triple.split("-")[0]
            words = compiler_words(compiler, triple, is_own)
            if words is None:
                continue
            base = macros_of(words + ["-march=" + oldest] + abi)
            names = names_of(words, option)
            if base is None or not names:
                sys.exit(f"{words}: no macros, or no names of CPUs")
            for name in names:
                macros = macros_of(words + [f"{option}={name}"] + abi)
                if macros is None or own_macro not in macros:
                    continue
                for macro, value in macros.items():
                    if base.get(macro) == value:
                        continue
                    seen[machine].add(macro)
                    is_known = macro in needs[machine] or any(
                        pattern.fullmatch(macro) for pattern in allowed[machine]
                    )
                    if not is_known:
                        unknown[machine, macro].add(f"{compiler} {name}")
    for (machine, macro), names in sorted(unknown.items()):
        print(f"{machine}: {macro} of {sorted(names)[0]}: a row of cpu_needs.h, or of macros.txt")
    for machine, macros in seen.items():
        print(f"{machine}: {len(macros)} macros, {len(macros & needs[machine])} asked for")
        if not macros & needs[machine]:
            sys.exit(f"{machine}: none is asked for")
    if "amd64" not in seen:
        sys.exit("no compiler of amd64")
    sys.exit(1 if unknown else 0)


main()
