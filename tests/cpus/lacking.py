#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A patch refuses a CPU that lacks what it was built for, in one sentence; one
that has it plays. Each row of shim/system/cpu_needs.h is compiled with the
option for it alone, and run by QEMU on CPUs with and without.

    lacking.py SHIM CLANG [GCC]
"""
import os
import re
import subprocess
import sys
import tempfile

# The name that a patch says: the option, and what QEMU's "max" is told to be
# without it. None: QEMU has not got it at all.
AMD64 = {
    "sse3": ("-msse3", "sse3"),
    "ssse3": ("-mssse3", "ssse3"),
    "sse4a": ("-msse4a", "sse4a"),
    "sse4.1": ("-msse4.1", "sse4.1"),
    "sse4.2": ("-msse4.2", "sse4.2"),
    "popcnt": ("-mpopcnt", "popcnt"),
    "pclmulqdq": ("-mpclmul", "pclmulqdq"),
    "movbe": ("-mmovbe", "movbe"),
    "lzcnt": ("-mlzcnt", "abm"),
    "bmi1": ("-mbmi", "bmi1"),
    "bmi2": ("-mbmi2", "bmi2"),
    "tbm": ("-mtbm", None),
    "gfni": ("-mgfni", None),
    "avx": ("-mavx", "avx"),
    "f16c": ("-mf16c", "f16c"),
    "fma": ("-mfma", "fma"),
    "fma4": ("-mfma4", None),
    "xop": ("-mxop", None),
    "avx2": ("-mavx2", "avx2"),
    "avx-vnni": ("-mavxvnni", None),
    "avx-vnni-int8": ("-mavxvnniint8", None),
    "avx-vnni-int16": ("-mavxvnniint16", None),
    "avx-ifma": ("-mavxifma", None),
    "cmpccxadd": ("-mcmpccxadd", None),
    "avx512f": ("-mavx512f", None),
    "avx512cd": ("-mavx512cd", None),
    "avx512bw": ("-mavx512bw", None),
    "avx512dq": ("-mavx512dq", None),
    "avx512vl": ("-mavx512vl", None),
    "avx512er": ("-mavx512er", None),
    "avx512ifma": ("-mavx512ifma", None),
    "avx512vbmi": ("-mavx512vbmi", None),
    "avx512vbmi2": ("-mavx512vbmi2", None),
    "avx512vnni": ("-mavx512vnni", None),
    "avx512bitalg": ("-mavx512bitalg", None),
    "avx512vpopcntdq": ("-mavx512vpopcntdq", None),
    "avx512bf16": ("-mavx512bf16", None),
    "avx512fp16": ("-mavx512fp16", None),
    "apx": ("-mapxf", None),
}
MAIN = '#include <stdio.h>\nint main(void)\n{\n    return puts("reached") < 0;\n}\n'


def rows(path, condition):
    """The names below one architecture's condition, in their order."""
    text = open(path, encoding="utf-8").read()
    part = re.split(r"\n#(?:el)?if defined\(", text[text.index("cpu_needs[]") :])
    own = [p for p in part if p.startswith(condition)]
    return list(dict.fromkeys(re.findall(r'\{WORD_\w+, [^"]+, "([^"]+)"\}', own[0])))


def compiled(shim, compiler, flags, directory):
    """The program, or None when the compiler has no such option."""
    path = os.path.join(directory, "program")
    words = [compiler, *flags, "-std=c17", "-O2", "-fno-math-errno", "-I" + shim]
    words += [os.path.join(shim, "system/cpu.c"), os.path.join(directory, "main.c"), "-o", path]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0 and re.search(r"(unknown|unrecognized)[^\n]*-m", done.stderr):
        return None
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return path


def run(emulator, cpu, program):
    words = [emulator, "-cpu", cpu, program]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def refuses(done, name):
    said = f"this patch was built for a CPU with {name}, which this machine lacks: "
    return done.returncode == 1 and not done.stdout and done.stderr == (
        f"{said}build it again with --cpu baseline\n"
    )


def check_amd64(shim, compilers, directory):
    names = rows(os.path.join(shim, "system/cpu_needs.h"), "__x86_64__")
    if set(names) != set(AMD64):
        sys.exit(f"rows and this table differ: {set(names) ^ set(AMD64)}")
    tried = set()
    for compiler in compilers:
        for name, (option, qemu) in AMD64.items():
            flags = ["-march=x86-64", *option.split()]
            if "clang" in compiler:
                flags.append("--target=x86_64-linux-gnu")
            program = compiled(shim, compiler, flags, directory)
            if program is None:
                continue
            tried.add(name)
            lacking = "max" if qemu is None else f"max,-{qemu}"
            done = run("qemu-x86_64", lacking, program)
            if not refuses(done, name):
                sys.exit(f"{compiler} {option} on {lacking}: {done.returncode}: {done.stderr}")
            done = run("qemu-x86_64", "max", program)
            if qemu is not None and done.stdout != "reached\n":
                sys.exit(f"{compiler} {option} on max: {done.returncode}: {done.stderr}")
    # gcc lost some, clang has not got others yet.
    if set(AMD64) - tried - {"avx512er"}:
        sys.exit(f"no compiler has {set(AMD64) - tried}")
    print(f"amd64: {len(tried)} refused where they lack, and run where they do not")


# The compiler's words, the CPU that QEMU is, and what is lacking; "" plays.
ARM64 = "aarch64-linux-gnu -static -march="
ARMHF = "arm-linux-gnueabihf -static -march=armv7-a -mfloat-abi=hard "
RISCV = "riscv64-linux-gnu -static -mabi=lp64d -march="
OTHERS = [
    (ARM64 + "armv8-a", "cortex-a53", ""),
    (ARM64 + "armv8-a+crc", "cortex-a53", ""),
    (ARM64 + "armv8-a+lse", "cortex-a72", "atomics (ARMv8.1)"),
    (ARM64 + "armv8-a+lse", "max", ""),
    (ARM64 + "armv8.1-a+nolse", "cortex-a72", "rdm (ARMv8.1)"),
    (ARM64 + "armv8.1-a+nolse", "neoverse-n1", ""),
    (ARM64 + "armv8-a+fp16", "cortex-a72", "fp16"),
    (ARM64 + "armv8-a+fp16", "cortex-a76", ""),
    (ARM64 + "armv8-a+dotprod", "a64fx", "dotprod"),
    (ARM64 + "armv8-a+dotprod", "cortex-a76", ""),
    (ARM64 + "armv8-a+rcpc", "cortex-a72", "rcpc"),
    (ARM64 + "armv8-a+rcpc", "cortex-a76", ""),
    (ARM64 + "armv8.3-a", "cortex-a76", "fcma (ARMv8.3)"),
    (ARM64 + "armv8.3-a", "max", ""),
    (ARM64 + "armv8.3-a -mbranch-protection=standard", "max", ""),
    (ARM64 + "armv8-a+sha3", "cortex-a76", "sha3"),
    (ARM64 + "armv8-a+sha3", "max", ""),
    (ARM64 + "armv8-a+i8mm", "cortex-a76", "i8mm"),
    (ARM64 + "armv8-a+i8mm", "max", ""),
    (ARM64 + "armv8-a+bf16", "cortex-a76", "bf16"),
    (ARM64 + "armv8-a+bf16", "max", ""),
    (ARM64 + "armv8-a+sve", "max,sve=off", "sve"),
    (ARM64 + "armv8-a+sve", "max", ""),
    (ARM64 + "armv8-a+sve2", "a64fx", "sve2"),
    (ARM64 + "armv8-a+sve2", "max", ""),
    (ARM64 + "armv8-a+sve+i8mm", "max,sve=off", "sve-i8mm"),
    (ARM64 + "armv8-a+mops", "max", "mops"),
    (ARMHF + "-mfpu=vfpv3-d16", "cortex-a8", ""),
    (ARMHF + "-mfpu=neon-vfpv4", "cortex-a8", "vfpv4"),
    (ARMHF + "-mfpu=neon-vfpv4", "cortex-a7", ""),
    (ARMHF + "-mfpu=vfpv3-d16 -mcpu=cortex-a15", "cortex-a9", "idiv"),
    (ARMHF + "-mfpu=vfpv3-d16 -mcpu=cortex-a15 -mthumb", "cortex-a9", "idiv"),
    (ARMHF + "-mfpu=vfpv3-d16 -mcpu=cortex-a15", "cortex-a15", ""),
    (ARMHF + "-mfpu=vfpv3-d16 -mcpu=cortex-a53", "cortex-a15", "crc32 (ARMv8)"),
    (ARMHF + "-mfpu=vfpv3-d16 -mcpu=cortex-a53", "max", ""),
    (RISCV + "rv64gc", "rv64", ""),
    (RISCV + "rv64gcv", "rv64", "vectors (V)"),
    (RISCV + "rv64gcv", "rv64,v=true", ""),
    # QEMU 7.2 has no hwprobe, as older kernels: what cannot be told plays.
    (RISCV + "rv64gc_zba_zbb_zbs", "rv64", ""),
]
EMULATORS = {"aarch64": "qemu-aarch64", "arm": "qemu-arm", "riscv64": "qemu-riscv64"}


def check_others(shim, clang, directory):
    for words, cpu, lacking in OTHERS:
        triple, *flags = words.split()
        if "-mcpu" in words:
            flags = [flag for flag in flags if not flag.startswith("-march")]
        flags += ["--target=" + triple, "-fuse-ld=lld"]
        program = compiled(shim, clang, flags, directory)
        if program is None:
            sys.exit(f"{clang}: {words}: no such option")
        done = run(EMULATORS[triple.split("-")[0]], cpu, program)
        is_right = refuses(done, lacking) if lacking else done.stdout == "reached\n"
        if not is_right:
            sys.exit(f"{words} on {cpu}: {done.returncode}: {done.stdout}{done.stderr}")
    print(f"arm64, armhf, riscv64: {len(OTHERS)} as they should")


def main():
    shim, clang, *others = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "main.c"), "w", encoding="utf-8") as file:
            file.write(MAIN)
        check_amd64(shim, [clang, *others], directory)
        check_others(shim, clang, directory)


main()
