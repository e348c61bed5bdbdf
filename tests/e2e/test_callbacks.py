#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A function that MIDI or a script calls, and that traps, leaves the memory that
V8 is left with, and the patch plays on as the page would.

F4E_BUILD names the program, F4E_SOURCE the folder of this file, F4E_COMPILERS the
compilers. Where there is no node, what V8 had is known by its hash."""
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.environ["F4E_SOURCE"]
KINDS = 24
QUIET = {0, 17, 21, 22, 23}  # those that do not trap
BLOCKS = 400
V8_MESSAGES = "5dce1cd08735044c20621dedc225254511c875e3d099a56a316309336507db84"
V8_CALLS = "ba9e626f9973369fa57ce38edce068f4481de58e67d961a675f7d9fe6f5fc9de"
MANIFEST = {
    "f4e-manifest": 1, "sampleRate": 48000, "blockFrames": 128,
    "outputs": [{"channel": 0, "address": 1024}],
    "midi": [{"port": 0, "callback": "onMidi"}, {"port": 0, "callback": "second"}],
}


def messages():
    """Each kind at three depths, then all of them in disorder."""
    lines, block, state = [], 0, 1
    for kind in range(KINDS):
        for levels in (0, 1, 40):
            lines.append(f"{block}b midi 0 144 {kind} {levels}")
            block += levels % 2
    for _ in range(250):
        state = (state * 1103515245 + 12345) % 2 ** 31
        lines.append(f"{block}b midi 0 {128 + state % 3 * 16} "
                     f"{(state >> 8) % KINDS} {(state >> 16) % 100}")
        block += (state >> 24) % 2
    return "\n".join(lines) + "\n"


class Callbacks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="f4e-test-")
        cls.run_in(["wat2wasm", os.path.join(SOURCE, "callbacks.wat"), "-o", "m.wasm"])
        cls.write("manifest.json", json.dumps(MANIFEST))
        cls.patches = []
        for compiler in os.environ["F4E_COMPILERS"].split():
            for level in ("-O0", "-O3"):
                patch = f"patch{level}-{os.path.basename(compiler)}"
                cls.run_in([os.environ["F4E_BUILD"], "-q", level, "--cc", compiler, "m.wasm",
                            "--manifest", "manifest.json", "-o", patch])
                cls.patches.append(patch)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def run_in(cls, words, expected=0):
        done = subprocess.run(words, cwd=cls.folder, capture_output=True, text=True, check=False)
        if done.returncode != expected:
            raise AssertionError(f"{words}: status {done.returncode}: {done.stderr}")
        return done

    @classmethod
    def write(cls, name, content):
        with open(os.path.join(cls.folder, name), "w", encoding="utf-8") as file:
            file.write(content)

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def of_v8(self, blocks):
        """V8's memory after the script, or None without node."""
        if shutil.which("node") is None:
            return None
        self.run_in(["node", os.path.join(SOURCE, "v8_calls.mjs"), "m.wasm", "script",
                     str(blocks), "v8"])
        return self.read("v8")

    def render(self, patch, blocks, expected):
        done = self.run_in(["./" + patch, "--render", "none", "--blocks", str(blocks), "--script",
                            "script", "--dump-memory", "memory", "--stats"], expected)
        return self.read("memory"), done.stderr

    def test_messages_that_trap_leave_what_v8_is_left_with(self):
        script = messages()
        self.write("script", script)
        trapping = sum(int(line.split()[4]) not in QUIET for line in script.splitlines())
        expected = self.of_v8(BLOCKS)
        for patch in self.patches:
            memory, said = self.render(patch, BLOCKS, 0)
            self.assertEqual(hashlib.sha256(memory).hexdigest(), V8_MESSAGES, patch)
            self.assertTrue(expected is None or memory == expected, patch)
            self.assertIn(f"midi    {trapping} calls dropped: they trapped\n", said)
            self.assertEqual(said.count("trap: "), 1, said)

    def test_calls_of_a_script_that_trap_end_the_patch_with_the_memory_of_v8(self):
        memories = {patch: hashlib.sha256() for patch in self.patches}
        for kind in range(KINDS):
            self.write("script", f"2b call poke {kind} 1.5 2.25\n")
            expected = self.of_v8(5)
            for patch in self.patches:
                memory, said = self.render(patch, 5, 0 if kind in QUIET else 6)
                self.assertTrue(expected is None or memory == expected, f"{patch}: {kind}")
                self.assertEqual("trap: " in said, kind not in QUIET, said)
                memories[patch].update(memory)
        for patch, memory in memories.items():
            self.assertEqual(memory.hexdigest(), V8_CALLS, patch)


if __name__ == "__main__":
    unittest.main()
