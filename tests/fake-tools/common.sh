# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the fake tools share; see README.md.

if [ -n "$F4E_FAKE_LOG" ]; then
    printf '%s\n' "$*" >>"$F4E_FAKE_LOG"
fi

babble()
{
    yes 'this line is repeated until a mebibyte of them is full' |
        head -c 1048576 >&2
}

# The kinds of failure that no tool treats in its own way.
misbehave()
{
    case $F4E_FAKE in
    fail)
        echo 'first line: it is broken' >&2
        echo "  second line: 'quoted' \$(touch x)" >&2
        exit 7
        ;;
    die)
        echo 'about to die' >&2
        kill -SEGV $$
        ;;
    hang)
        sleep 300 &
        wait
        ;;
    babble-fail)
        babble
        exit 1
        ;;
    babble)
        babble
        ;;
    nothing)
        exit 0
        ;;
    esac
}

# The argument after -o, or a default.
output()
{
    name=$1
    shift
    while [ $# -gt 0 ]; do
        if [ "$1" = -o ]; then
            name=$2
        fi
        shift
    done
    printf '%s' "$name"
}
