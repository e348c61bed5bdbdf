#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tests/bench/research with real engines, those of Debian, and small numbers:
what it stores has to make sense. Then with engines that lie, hang and die, and
on machines that lack something. F4E_BUILD names the tool."""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, HERE)

from study import folder  # noqa: E402

WANTED = ["speed", "starts", "cold", "counts", "sizes", "shared", "instances"]
ENGINES = ["ours", "wasm2c-lto"]


class Study(unittest.TestCase):
    """A folder for results, and one for temporary files, which has to be empty
    afterwards."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.results = os.path.join(self.folder.name, "results")
        self.temporary = os.path.join(self.folder.name, "tmp")
        os.mkdir(self.temporary)

    def command(self, *words, results=None):
        return [os.path.join(HERE, "research"), "--quick", "--measure",
                "--results", results or self.results, *words]

    def environment(self, more):
        return dict(os.environ, TMPDIR=self.temporary, **more)

    def research(self, *words, results=None, more=None, **options):
        done = subprocess.run(
            self.command(*words, results=results), capture_output=True,
            text=True, check=False, env=self.environment(more or {}), **options)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(os.listdir(self.temporary), [])
        return done

    def stored(self):
        found = {}
        for name in sorted(os.listdir(self.results)):
            self.assertTrue(name.endswith(".json"), name)
            with open(os.path.join(self.results, name),
                      encoding="utf-8") as file:
                found[name[:-5]] = json.load(file)
        return found

    def adapter(self, lines):
        """An engine of these shell lines."""
        path = os.path.join(self.folder.name, "adapter")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\ncat >\"$2/run\" <<'END'\n#!/bin/sh\n"
                       f"{lines}\nEND\nchmod +x \"$2/run\"\n")
        os.chmod(path, 0o700)
        return path


class Measure(Study):
    def test_what_is_stored_makes_sense(self):
        done = self.research("--only", ",".join(WANTED), "--engines",
                             ",".join(ENGINES))
        self.assertEqual(done.returncode, 0, done.stderr)
        stored = self.stored()
        self.assertEqual(sorted(stored), sorted(WANTED))
        for text in ("| ns per block |", "| Of one block |", "| f4e-build |"):
            self.assertIn(text, done.stdout)
        for name, result in stored.items():
            self.assertRegex(result["machine"]["date"], r"^20\d\d-\d\d-\d\d$")
            self.assertGreater(result["machine"]["cores"], 0)
            if name == "sizes":
                self.assertLess(set(ENGINES), set(result["figures"]))
            elif name != "speed":
                self.assertEqual(sorted(result["figures"]), ENGINES, name)
        speed = stored["speed"]["figures"]["modules"]
        self.assertEqual(len(speed), 9)
        for module, row in speed.items():
            self.assertEqual(sorted(row), ENGINES, module)
            self.assertEqual(row["ours"]["memoryHash"],
                             row["wasm2c-lto"]["memoryHash"])
        for engine in ENGINES:
            figures = {name: result["figures"].get(engine)
                       for name, result in stored.items()}
            self.assertEqual(figures["counts"],
                             {"allocations": 0, "locks": 0, "systemCalls": 0})
            self.assertEqual(figures["shared"], 8)
            self.assertGreater(figures["starts"]["startNs"],
                               figures["starts"]["firstNs"])
            self.assertGreater(figures["starts"]["buildNs"], 0)
            self.assertGreater(figures["sizes"]["programBytes"], 10000)
            self.assertGreater(figures["sizes"]["adapterLines"], 10)
            self.assertGreater(figures["cold"]["steadyNs"], 0)
            rows = figures["instances"]
            self.assertEqual(sorted(rows), ["1", "2", "4"])
            self.assertGreater(rows["1"]["blocksPerSecond"], 0)
            self.assertGreater(rows["4"]["kibOfEach"], 0)

    def test_an_engine_that_is_not_here_is_left_out(self):
        done = self.research("--only", "counts", "--engines", "wasm3",
                             more={"WASM3_DIR": ""})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr.count("without wasm3: WASM3_DIR is empty"),
                         1)
        self.assertEqual(list(self.stored()["counts"]["figures"]), ["ours"])


SPEAKS = ("while read -r verb rest; do case $verb in start) echo ready 1 ;;"
          " run) echo ns 1 ;; times) echo ok ;; end) %s ;; esac; done")
BROKEN = {
    SPEAKS % "echo hash 00000000": "memory 00000000 after 201 blocks, not ",
    SPEAKS % "kill -SEGV $$": "it ended by signal 11",
    SPEAKS % "exit 3": "it ended with status 3",
    SPEAKS % "echo perhaps": "it answers 'perhaps' in place of 'hash'",
    "exec sleep 60": "no answer in 10 s",
}


class Break(Study):
    def test_engines_that_lie_hang_or_die_are_refused(self):
        for lines, why in BROKEN.items():
            done = self.research(
                "--only", "counts", "--engines", "ours", "--patience", "10",
                "--engine", "broken=" + self.adapter(lines))
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertEqual(done.stderr.count("broken is refused: "), 1)
            self.assertIn(why, done.stderr)
            self.assertEqual(list(self.stored()["counts"]["figures"]),
                             ["ours"], why)

    def test_an_adapter_that_fails_is_quoted(self):
        done = self.research("--only", "counts", "--engines", "ours",
                             "--engine", "broken=/bin/false")
        self.assertEqual(done.returncode, 1)
        self.assertIn("broken is refused: ", done.stderr)

    def fails_at_once(self, done, text):
        self.assertEqual(done.returncode, 1)
        lines = [line for line in done.stderr.splitlines() if " left: " not in line]
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertIn(text, lines[0])

    def test_a_folder_that_cannot_be_written_is_said_before(self):
        done = self.research("--only", "counts", results="/proc/nowhere")
        self.fails_at_once(done, "/proc/nowhere")
        self.assertNotIn("plan", done.stderr)

    def test_what_is_missing_is_said_before(self):
        self.fails_at_once(
            self.research("--only", "counts", more={"F4E_BUILD": "/nowhere"}),
            "run ./setup first")
        self.fails_at_once(
            self.research("--only", "loop", more={"F4E_TREE": "/nowhere"}),
            "cmake --preset dev")

    def test_a_full_disk_is_one_line(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        done = self.research("--only", "counts", "--engines", "ours",
                             preexec_fn=limit)
        self.fails_at_once(done, "research: ")
        self.assertEqual(os.listdir(self.results), [])

    def test_no_more_time_than_given(self):
        done = self.research("--only", "counts", "--engines", "ours",
                             "--minutes", "0.001")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--minutes takes more", done.stderr)
        self.assertEqual(os.listdir(self.results), [])

    def test_a_late_writer_leaves_nothing(self):
        remove = shutil.rmtree

        def remove_too_early(place, **options):
            remove(place, **options)
            if not late:
                late.append(place)
                os.makedirs(os.path.join(place, "a"))

        late = []
        with unittest.mock.patch("shutil.rmtree", remove_too_early), \
                folder.temporary("f4e-late-") as place:
            pass
        self.assertEqual(late, [place])
        self.assertFalse(os.path.exists(place))

    def test_a_stop_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with subprocess.Popen(
                    self.command("--only", "counts,speed"), text=True,
                    stderr=subprocess.PIPE, start_new_session=True,
                    env=self.environment({})) as child:
                said = ""
                while "preparing\n" not in said:
                    said += child.stderr.readline()
                child.send_signal(number)
                said += child.stderr.read()
            self.assertEqual(child.returncode, 130, said)
            self.assertIn("stopped: nothing is stored", said)
            self.assertNotIn("Traceback", said)
            self.assertEqual(os.listdir(self.results), [])
            self.assertEqual(os.listdir(self.temporary), [])


if __name__ == "__main__":
    unittest.main()
