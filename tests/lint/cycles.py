#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No circle of files in a room, and none of rooms, by what the objects define
and use: a header can be included by everybody and still be defined upstairs."""
import collections
import os
import subprocess
import sys

import rooms
import tree


def read_symbols(nm, objects):
    """({symbol: object that defines it}, {object: symbols it needs})."""
    defined, needed = {}, collections.defaultdict(set)
    run = subprocess.run([nm, "-P", "-A", "-g", *objects], check=False, text=True,
                         capture_output=True)
    if run.returncode != 0:
        sys.exit("build first: " + run.stderr.splitlines()[0])
    for line in run.stdout.splitlines():
        file, symbol, kind = line.rsplit(": ", 1)[0], *line.rsplit(": ", 1)[1].split()[:2]
        if kind in "Uw":
            needed[file].add(symbol)
        else:
            defined[symbol] = file
    return defined, needed


def source_of(path):
    """build/shim/CMakeFiles/f4e_shim.dir/midi/midi_in.c.o: shim/midi/midi_in.c."""
    folder, _, rest = path.partition("/CMakeFiles/")
    rest = os.path.normpath(rest.split(".dir/", 1)[-1]).removesuffix(".o")
    return folder.rsplit("/", 1)[-1] + "/" + rest


def tie_graph(nm, objects):
    """{file: {file: symbol}}: what is used of whom, with one example."""
    defined, needed = read_symbols(nm, objects)
    graph = collections.defaultdict(dict)
    for user in needed:
        for symbol in sorted(needed[user]):
            owner = defined.get(symbol)
            if owner and owner != user:
                graph[source_of(user)].setdefault(source_of(owner), symbol)
    return graph


def circle(part, graph):
    """'a.c uses f of b.c, b.c uses g of a.c': the shortest way round."""
    start = part[0]
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        for other in sorted(graph[way[-1]]):
            if other == start:
                steps = zip(way, way[1:] + [start])
                return ", ".join(f"{user} uses {graph[user][owner]} of {owner}"
                                 for user, owner in steps)
            if other in part and other not in seen:
                seen.add(other)
                ways.append(way + [other])
    raise AssertionError("no circle in a circle")


def room_graph(graph, plan):
    ties = collections.defaultdict(dict)
    for user, owners in graph.items():
        for owner, symbol in owners.items():
            if plan.room(user) != plan.room(owner):
                ties[plan.room(user)].setdefault(plan.room(owner), symbol)
    return ties


def check(graph, pending, what):
    """Problems. A circle within one of `pending`, which are sets of names, is
    known; each of them has to be needed."""
    parts = [set(part) for part in tree.components(graph)]
    problems = [f"{what} in a circle: {circle(sorted(part), graph)}"
                for part in parts if not any(part <= known for known in pending)]
    problems += [f"rooms.txt: 'circle: {' '.join(sorted(known))}' is not needed any more"
                 for known in pending if not any(part <= known for part in parts)]
    return problems


def main():
    arguments = tree.arguments(__doc__, rooms="the file rooms.txt", nm="nm",
                               objects="a file with the path of an object a line")
    with open(arguments.objects, encoding="utf-8") as file:
        objects = file.read().split()
    plan = rooms.Plan(arguments.rooms)
    graph = tie_graph(arguments.nm, objects)
    if not graph:
        return tree.report(["the objects define nothing that one of them uses"])
    inside = {user: {owner: symbol for owner, symbol in owners.items()
                     if plan.room(owner) == plan.room(user)}
              for user, owners in graph.items()}
    pending_files = [part for part in plan.circles if any(name.endswith(".c")
                                                          for name in part)]
    pending_rooms = [part for part in plan.circles if part not in pending_files]
    return tree.report(plan.problems
                       + check(inside, pending_files, "files")
                       + check(room_graph(graph, plan), pending_rooms, "rooms"))


if __name__ == "__main__":
    sys.exit(main())
