#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""rooms.py SUMMARY ROOT: what `llvm-cov export -summary-only` says of the
product, as a table with one line a room."""
import collections
import json
import os
import sys

TOPS = ("cli", "templates", "wasm2c-driver", "shim")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        summary = json.load(file)
    rooms = collections.defaultdict(collections.Counter)
    for one in summary["data"][0]["files"]:
        path = os.path.relpath(one["filename"], sys.argv[2])
        if path.split("/")[0] not in TOPS:
            continue
        for what in ("lines", "branches"):
            for room in (os.path.dirname(path), "all"):
                rooms[room][what] += one["summary"][what]["count"]
                rooms[room][what + "_covered"] += one["summary"][what]["covered"]
    if not rooms:
        sys.exit("nothing of the product was counted")
    print(f"{'room':36}{'lines':>14}{'':7}{'branches':>14}")
    for room in sorted(rooms, key=lambda name: (name == "all", name)):
        count = rooms[room]
        cells = "".join(
            f"{count[what + '_covered']:>7}/{count[what]:<6}"
            f"{100 * count[what + '_covered'] / max(count[what], 1):6.1f} %"
            for what in ("lines", "branches"))
        print(f"{room:36}{cells}")


if __name__ == "__main__":
    main()
