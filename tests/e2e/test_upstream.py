#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One file that an editor could write (docs/upstream.md) says the same as the
module and its text.

F4E_BUILD names the program, F4E_VECTORS the folder of the vectors."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import editor_export

VECTORS = os.environ["F4E_VECTORS"]
COMPARED = ("name", "memory", "address", "element", "count", "capacity")


def load(vector, name):
    with open(os.path.join(VECTORS, vector, name), "rb") as file:
        return file.read()


def vectors():
    """Those with a plan, a text, and a module of a compiler of today."""
    for vector in sorted(os.listdir(VECTORS)):
        folder = os.path.join(VECTORS, vector)
        if all(os.path.exists(os.path.join(folder, name)) for name in
               ("plan.json", "config.json", "project.8f4e", "shared.wasm")):
            config = json.loads(load(vector, "config.json"))
            if config.get("runtime") == "AudioWorkletRuntime":
                yield vector, json.loads(load(vector, "plan.json")), config


class Upstream(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="f4e-test-")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)

    def run_program(self, *words):
        result = subprocess.run(words, cwd=self.folder, capture_output=True,
                                text=True, timeout=200, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def inspect(self, name):
        return json.loads(self.run_program(
            os.environ["F4E_BUILD"], "inspect", "--json", name).stdout)

    def test_says_what_the_text_says(self):
        seen = 0
        for vector, plan, config in vectors():
            with self.subTest(vector):
                module = load(vector, "shared.wasm")
                self.write("by-text.wasm", module)
                self.write("by-text.8f4e", load(vector, "project.8f4e"))
                self.write("one.wasm", editor_export.export(module, plan,
                                                            config, {}))
                by_text = self.inspect("by-text.wasm")
                one = self.inspect("one.wasm")
                self.assertEqual(one["sha256"], by_text["sha256"])
                for member in ("sampleRate", "blockFrames", "keyboard"):
                    self.assertEqual(one[member], by_text[member], member)
                self.assertEqual(
                    [(m["port"], m["callback"]) for m in one["midi"]],
                    [(m["port"], m["callback"]) for m in by_text["midi"]])
                for member in ("outputs", "inputs"):
                    self.assertEqual(
                        [(c["channel"], c["address"]) for c in one[member]],
                        [(c["channel"], c["address"])
                         for c in by_text[member]])
                items = {i["name"]: i for i in one["items"]}
                self.assertEqual(set(items),
                                 {i["name"] for i in by_text["items"]})
                for item in by_text["items"]:
                    for member in COMPARED:
                        self.assertEqual(items[item["name"]][member],
                                         item[member],
                                         f"{item['name']}: {member}")
                self.assertEqual(
                    [(a["id"], a["address"], a["capacity"])
                     for a in one["assets"]],
                    [(a["id"], a["address"], a["capacity"])
                     for a in by_text["assets"]])
                seen += 1
        self.assertGreater(seen, 8)

    def test_needs_no_other_file(self):
        vector = "pcm8_player"
        plan = json.loads(load(vector, "plan.json"))
        config = json.loads(load(vector, "config.json"))
        module = load(vector, "shared.wasm")
        sound = load(vector, "hit.s8")
        self.write("one.wasm", editor_export.export(module, plan, config,
                                                    {"hit": sound}))
        build = (os.environ["F4E_BUILD"], "-q", "-O0")
        self.run_program(*build, "one.wasm", "-o", "one")
        self.run_program("./one", "--render", "one.wav", "--seconds", "0.3")
        self.write("two.wasm", module)
        self.write("two.8f4e", load(vector, "project.8f4e"))
        self.write("hit.s8", sound)
        self.run_program(*build, "two.wasm", "-o", "two")
        self.run_program("./two", "--render", "two.wav", "--seconds", "0.3")
        with open(self.path("one.wav"), "rb") as one, \
                open(self.path("two.wav"), "rb") as two:
            sounds = one.read(), two.read()
        self.assertEqual(*sounds)
        self.assertGreater(len(set(sounds[0])), 100)

    def test_a_fraction_of_an_element_is_none(self):
        declaration = {"memoryIndex": 0, "address": 8, "type": "float",
                       "count": 169.5, "elementBytes": 4, "integer": False,
                       "unsigned": False, "pointerDepth": 0,
                       "allocatedBytes": 680}
        self.assertEqual(editor_export.item("m:x", declaration)["count"], 169)


if __name__ == "__main__":
    unittest.main()
