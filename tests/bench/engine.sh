# SPDX-License-Identifier: MIT
# For the adapters in engines/, which source it.
# shellcheck disable=SC2034 # its users use the variables
bench=$(cd "$(dirname "$0")/.." && pwd)
root=$(cd "$bench/../.." && pwd)
tool=${F4E_BUILD:-$root/build/release/bin/f4e-build}
cc=${CC:-clang-19}

# need VARIABLE ENGINE FILE...: sets 'dir_of_engine' to the folder that VARIABLE
# names, by default where install/ENGINE puts it. Status 77 when a file is
# missing there, or when the variable is empty.
need() {
    variable=$1 name=$2
    shift 2
    eval "dir_of_engine=\${$variable-$root/build/engines/$name}"
    [ -n "$dir_of_engine" ] || {
        echo "$variable is empty" >&2
        exit 77
    }
    for file; do
        [ -f "$dir_of_engine/$file" ] || {
            echo "$variable: '$dir_of_engine/$file' is missing:" \
                "tests/bench/install/$name brings it" >&2
            exit 77
        }
    done
}

# What an engine's program is linked from, but for the engine itself.
compile() {
    out=$1
    shift
    "$cc" -std=gnu17 -O2 -I"$bench" -I"$root/shim" "$bench/engine_main.c" "$@" \
        -lm -o "$out"
}
