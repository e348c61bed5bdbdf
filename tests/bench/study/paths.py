# SPDX-License-Identifier: MIT
"""Where things are, and which engines the study compares."""
import os

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(BENCH))
DOCS = os.path.join(ROOT, "docs", "research")
RESULTS = os.path.join(DOCS, "results")
TOOL = os.environ.get(
    "F4E_BUILD", os.path.join(ROOT, "build", "release", "bin", "f4e-build"))
CC = os.environ.get("CC", "clang-19")
TREE = os.environ.get("F4E_TREE", os.path.join(ROOT, "build", "dev"))
HOST = os.path.join(ROOT, "examples", "engine-host", "build")

PATCHES = ["blep", "fm", "granular", "melody", "mod", "mono", "reverb",
           "stretch"]
# The one patch for what is not measured on all of them.
PATCH = "reverb"

# In the order of tables; names of engines.list. What is not installed is left
# out of the results, and of the tables.
ENGINES = ["ours", "ours-general", "ours-unchecked", "wasm2c-new", "wasm2c-lto",
           "w2c2", "wamr-segue", "wamr-aot", "wasmtime", "wasmtime-capi", "wasmer",
           "wasmer-llvm", "v8-plain", "v8-shared", "wasmedge-aot", "wasm3", "wamr-interp",
           "wasmedge-interp"]
# An interpreter takes tens of times as long: fewer blocks, no real-time table.
INTERPRETERS = {"wasm3", "wamr-interp", "wasmedge-interp"}

# Rows whose adapter rewrites the module first: what they run of shared memory is
# not what the compiler made.
REWRITTEN = {"wasm3", "wamr-interp", "wasm2c-lto"}

TITLES = {
    "ours": "f4e-build", "ours-general": "f4e-build `--ranges off`",
    "ours-unchecked": "f4e-build `--memory unchecked`",
    "wasm2c-new": "newest wasm2c, LTO", "wasm2c-lto": "Debian's wasm2c, LTO",
    "w2c2": "w2c2, LTO, no bounds checks",
    "wamr-segue": "WAMR AOT, segue", "wamr-aot": "WAMR AOT",
    "wasmtime": "Wasmtime", "wasmtime-capi": "Wasmtime by `wasm.h`",
    "wasmer": "Wasmer, Cranelift", "wasmer-llvm": "Wasmer, LLVM",
    "v8-plain": "V8", "v8-shared": "V8, shared memory", "wasmedge-aot": "WasmEdge AOT",
    "wasm3": "wasm3", "wamr-interp": "WAMR interpreter",
    "wasmedge-interp": "WasmEdge interpreter",
}

# The C that joins an engine to a host: what an embedder has to write.
ADAPTERS = {
    "ours": "engine_patch.c", "wasm2c-lto": "engine_wasm2c.c",
    "wasm2c-new": "engine_newest_wasm2c.c", "wamr-aot": "engine_wamr.c",
    "wamr-segue": "engine_wamr.c", "wamr-interp": "engine_wamr.c",
    "wasmtime": "engine_wasmtime.c", "wasmtime-capi": "engine_capi.c",
    "wasmer": "engine_capi.c", "wasmer-llvm": "engine_capi.c",
    "w2c2": "engine_w2c2.c", "wasm3": "engine_wasm3.c",
    "v8-plain": "engine_v8.js", "wasmedge-aot": "engine_wasmedge.c",
}


def title(engine):
    return TITLES.get(engine, engine)


# Engines of --engine, which engines.list does not have: NAME -> words.
MORE = {}


def is_name(text):
    """What bench takes for an engine's name."""
    return 0 < len(text) < 48 and text.isascii() and \
        text.replace("-", "").replace("_", "").isalnum()


def is_linked(engine):
    """Whether examples/engine-host can put it behind the player."""
    return engine not in MORE and not engine.startswith(("ours-", "v8"))


def command_of(engine):
    """The words of engines.list, or of --engine, for an engine."""
    if engine in MORE:
        return MORE[engine]
    with open(os.path.join(BENCH, "engines.list"), encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words and words[0] == engine:
                return words[1:]
    raise ValueError(f"no engine '{engine}' in engines.list")
