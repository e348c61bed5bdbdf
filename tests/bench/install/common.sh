# SPDX-License-Identifier: MIT
# For the scripts of this folder, which source it: where an engine goes, and how
# pinned packages are fetched. Each script NAME fills build/engines/NAME.
# shellcheck disable=SC2034 # its users use the variables
set -eu
# Without a network each gives up soon.
export PIP_RETRIES=1 PIP_TIMEOUT=20 CARGO_NET_RETRY=1 CARGO_HTTP_TIMEOUT=20 \
    NPM_CONFIG_FETCH_RETRIES=1 NPM_CONFIG_FETCH_TIMEOUT=60000
bench=$(cd "$(dirname "$0")/.." && pwd)
root=$(cd "$bench/../.." && pwd)
engine=$(basename "$0")
engines=${F4E_ENGINES:-$root/build/engines}
target=$engines/$engine
work=$engines/work/$engine

# logged COMMAND...: what it says is shown only when it fails.
logged() {
    "$@" >"$work/log" 2>&1 || {
        tail -n 30 "$work/log" >&2
        echo "$engine: '$1' failed" >&2
        exit 1
    }
}

# Give up: this engine cannot be had here. 77 tells `all` to go on.
without() {
    echo "$engine: $1" >&2
    exit 77
}

# Nothing to do when file $1 of the engine is there; else an empty work folder,
# and nothing is left of the engine unless finish() is reached.
begin() {
    if [ -e "$target/$1" ]; then
        echo "$engine: already in $target"
        exit 0
    fi
    trap 'rm -rf "$work" "$target"' EXIT
    trap 'exit 130' INT TERM
    rm -rf "$work" "$target"
    mkdir -p "$work" "$target"
}

need() {
    for program; do
        command -v "$program" >/dev/null || without "no '$program' in PATH"
    done
}

check_sha256() {
    echo "$2  $1" | sha256sum --check --quiet || {
        echo "$engine: '$1' is not the file that this script is for" >&2
        exit 1
    }
}

# crate NAME VERSION SHA256: prints the folder of a crate's sources.
crate() {
    need cargo
    cargo info -q "$1@$2" >/dev/null 2>&1 || without \
        "cargo cannot fetch $1 $2 (it takes a network, and cargo 1.82: cargo-web)"
    registry=${CARGO_HOME:-$HOME/.cargo}/registry
    check_sha256 "$(echo "$registry"/cache/*/"$1-$2.crate")" "$3"
    echo "$registry"/src/*/"$1-$2"
}

# wheel NAME VERSION SHA256: unpacks a Python package into $work/wheel.
wheel() {
    python3 -m pip --version >/dev/null 2>&1 || without "no pip for python3"
    python3 -m pip download -q --disable-pip-version-check --no-deps \
        --only-binary :all: --dest "$work" "$1==$2" 2>"$work/log" ||
        without "pip cannot fetch $1 $2 for this machine (it takes a network)"
    check_sha256 "$(echo "$work"/*.whl)" "$3"
    python3 -m zipfile -e "$work"/*.whl "$work/wheel"
}

# Sources that no registry carries: the folder that variable $1 names, which has
# file $2.
source_folder() {
    eval "folder=\${$1:-}"
    [ -n "$folder" ] || without "$1 is not set: name a folder with its sources"
    [ -f "$folder/$2" ] || without "$1: '$folder/$2' is missing"
    echo "$folder"
}

jobs=$(nproc)
cc=${CC:-clang-19}
cxx=${CXX:-clang++-19}

finish() {
    trap - EXIT INT TERM
    rm -rf "$work"
    echo "$engine: in $target"
}
