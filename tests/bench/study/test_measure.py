#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tests/bench/research with real engines, those of Debian, and small numbers:
what it stores has to make sense. F4E_BUILD names the tool."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WANTED = ["starts", "counts", "sizes", "instances"]


class Measure(unittest.TestCase):
    def test_what_is_stored_makes_sense(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [os.path.join(HERE, "research"), "--quick", "--measure",
                 "--only", ",".join(WANTED), "--engines", "ours,wasm2c-lto",
                 "--results", folder],
                capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            stored = {}
            for name in WANTED:
                path = os.path.join(folder, name + ".json")
                with open(path, encoding="utf-8") as file:
                    stored[name] = json.load(file)
            self.assertEqual(sorted(os.listdir(folder)),
                             sorted(name + ".json" for name in WANTED))
        for name, result in stored.items():
            self.assertEqual(sorted(result["figures"]),
                             ["ours", "wasm2c-lto"], name)
            self.assertRegex(result["machine"]["date"], r"^20\d\d-\d\d-\d\d$")
            self.assertGreater(result["machine"]["cores"], 0)
        for engine in ("ours", "wasm2c-lto"):
            self.assertEqual(stored["counts"]["figures"][engine],
                             {"allocations": 0, "locks": 0, "systemCalls": 0})
            starts = stored["starts"]["figures"][engine]
            self.assertGreater(starts["startNs"], starts["firstNs"])
            self.assertGreater(starts["buildNs"], 0)
            sizes = stored["sizes"]["figures"][engine]
            self.assertGreater(sizes["programBytes"], 10000)
            self.assertGreater(sizes["adapterLines"], 10)
            rows = stored["instances"]["figures"][engine]
            self.assertEqual(sorted(rows), ["1", "2", "4"])
            self.assertGreater(rows["1"]["blocksPerSecond"], 0)
            self.assertGreater(rows["4"]["kibOfEach"], 0)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
