#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One thing has one name in all JSON: what is collected from the manifest, the
options of a patch and the answers of its channel is compared with the table in
members.txt. Run with --write to make that anew, and look at what changed."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
EXAMPLES = FOLDER.parent.parent / "examples"
TABLE = FOLDER / "members.txt"
BUILD = os.environ["F4E_BUILD"]

# The documents, each with the command that writes it.
TOOL = {"manifest": ["inspect", "--json"]}
PATCH = {"info": ["--info", "--json"], "list": ["--list", "--json"],
         "params": ["--params", "--json"], "views": ["--views", "--json"],
         "devices": ["--list-devices", "--json"]}
CHANNEL = {"channel.describe": "describe", "channel.list": "list",
           "channel.params": "params", "channel.views": "views",
           "channel.stats": "stats", "channel.presets": "preset list",
           "channel.cc": "cc list", "channel.get": "get mono:rate",
           "channel.wrong": "get nothing"}
# Their members are names of somebody else.
OPAQUE = {"values"}


def members(document, path=""):
    """Dotted names; what is in a list is like the member itself."""
    if isinstance(document, dict):
        for name, value in document.items():
            own = f"{path}.{name}" if path else name
            yield own
            if name not in OPAQUE:
                yield from members(value, own)
    elif isinstance(document, list):
        for value in document:
            yield from members(value, path)


class Documents:
    """All of them, as written for the examples."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="f4e-vocabulary."))
        self.found = {}

    def add(self, name, text):
        for member in members(json.loads(text)):
            self.found.setdefault(member, set()).add(name)

    def run(self, *command):
        return subprocess.run(command, cwd=self.folder, check=False, text=True,
                              capture_output=True,
                              env={**os.environ, "XDG_RUNTIME_DIR": str(self.folder)}).stdout

    def collect(self, example):
        module = EXAMPLES / example / f"{example}.wasm"
        patch = self.folder / example
        subprocess.run([BUILD, "-q", "-O0", module, "-o", patch], check=True)
        for name, words in TOOL.items():
            self.add(name, self.run(BUILD, *words, module))
        for name, words in PATCH.items():
            self.add(name, self.run(patch, *words))
        self.run(patch, "--dummy", "-q", "--blocks", "20", "--stats-json", "stats.json")
        self.add("stats", (self.folder / "stats.json").read_text())
        self.ask(patch)

    def ask(self, patch):
        """A copy that plays; an item of it has a controller and a preset."""
        item = json.loads(self.run(patch, "--list", "--json"))["items"][0]["name"]
        playing = subprocess.Popen(
            [patch, "--dummy", "-q", "--control", "unix", "--presets", "p.json",
             "--cc-map", "none", "--cc", f"74={item}"], cwd=self.folder,
            env={**os.environ, "XDG_RUNTIME_DIR": str(self.folder)})
        end = time.monotonic() + 60
        try:
            while "true" not in self.run(patch, "ctl", "--json", "preset save x"):
                assert time.monotonic() < end, "the patch does not answer"
            for name, words in CHANNEL.items():
                words = words.replace("mono:rate", item)
                self.add(name, self.run(patch, "ctl", "--json", words))
            self.run(patch, "ctl", "quit")
        finally:
            playing.wait(60)

    def table(self):
        return [f"{member}  {' '.join(sorted(names))}"
                for member, names in sorted(self.found.items())]


def collect_all():
    documents = Documents()
    try:
        for example in ("midi-synth", "reverb", "drum"):
            documents.collect(example)
        broken = documents.folder / "broken.wasm"
        broken.write_bytes(b"\0asm\1\0\0\0\xff")
        documents.add("manifest.error", documents.run(BUILD, "inspect", "--json", broken))
        return documents.table()
    finally:
        shutil.rmtree(documents.folder)


class Vocabulary(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows = [line for line in TABLE.read_text().splitlines()
                    if line and not line.startswith("#")]
        cls.found = collect_all()

    def test_documents_have_the_members_of_the_table(self):
        self.maxDiff = None
        self.assertEqual(self.found, self.rows)

    def test_names_are_spelled_in_one_way(self):
        """camelCase; and no two that differ in capitals or an 'is' alone at the
        same place."""
        spelled = {}
        for row in self.found:
            path = row.split()[0].split(".")
            name = path[-1]
            if name == "f4e-manifest":
                continue
            self.assertRegex(name, r"^[a-z][a-zA-Z0-9]*$")
            plain = re.sub(r"^is(?=[A-Z])", "", name).lower()
            key = (*path[:-1], plain)
            self.assertEqual(spelled.setdefault(key, name), name)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        head = [line for line in TABLE.read_text().splitlines() if line.startswith("#")] \
            if TABLE.exists() else []
        TABLE.write_text("\n".join(head + collect_all()) + "\n")
    else:
        unittest.main()
