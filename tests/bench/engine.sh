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

# callbacks MODULE PREFIX|'': its exports with three parameters i32, which is what
# a message of MIDI calls, as CALLBACK("name", symbol): PREFIX and the name, or
# without PREFIX as wasm2c names them in a normalised module.
callbacks() {
    "$tool" inspect --json "$1" | tr -d ' \t\n' | sed 's/.*"exports":\[//' |
        tr '{' '\n' | grep '"kind"' |
        grep -n '"function".*"params":\["i32","i32","i32"\]' |
        sed -n 's/^\([0-9]*\):"name":"\([A-Za-z0-9]*\)".*/\1 \2/p' |
        while read -r number name; do
            symbol=Z_patchZ_x$((number - 1))
            [ -z "$2" ] || symbol=$2$name
            printf 'CALLBACK("%s", %s) ' "$name" "$symbol"
        done
}

# Compile and link an engine's program, $1. F4E_ENGINE_MAIN may name something
# else than the bench's main program: examples/engine-host does.
main=${F4E_ENGINE_MAIN:-$bench/engine_main.c}
compile() {
    out=$1
    shift
    "$cc" -std=gnu17 -O2 -I"$bench" -I"$root/shim" "$main" "$@" \
        -lm -o "$out"
}
