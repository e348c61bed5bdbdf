#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""f4e-build play on a JACK server of its own: versions that send MIDI by ports
that no version had before.

F4E_BUILD names the program."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

PATIENCE_S = 200
FRESH_JACKD = (pathlib.Path(__file__).resolve().parent.parent /
               "servers/fresh-jackd")
SERVER = os.environ.get("F4E_JACK_SERVER", "f4e-play-test")

MODULE = """(module (import "host" "memory" (memory 1 1))
 %s
 (func (export "buffer")
  (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
  %s))
"""

SILENT = ("", "")
ONE_PORT = ('(import "host" "midiOut" (func $m (param i32 i32 i32)))',
            "(call $m (i32.const 0xb0) (i32.const 7) (i32.const 1))")
ALL_PORTS = ('(import "host" "midiOutPort" (func $m (param i32 i32 i32 i32)))',
             "(call $m (i32.const 3) (i32.const 0xb0) (i32.const 9)"
             " (i32.const 2))")

MANIFEST = {"f4e-manifest": 1, "sampleRate": 48000, "blockFrames": 128,
            "outputs": [{"channel": 0, "address": 1024}],
            "items": [{"name": "m:count", "address": 4}]}


class PlayJack(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="f4e-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {**os.environ, "JACK_DEFAULT_SERVER": SERVER,
                            "JACK_NO_AUDIO_RESERVATION": "1"}
        (self.folder / "m.json").write_text(json.dumps(MANIFEST))
        self.save(SILENT)
        self.start("server", FRESH_JACKD, "-n", SERVER, "-r", "-S", "-t", "20000",
                   "-d", "dummy", "-r", "48000", "-p", "1024")
        wait = subprocess.run(["jack_wait", "-w", "-t", "20", "-s", SERVER],
                              env=self.environment, capture_output=True,
                              check=False)
        if wait.returncode != 0:
            self.skipTest("jackd cannot run here: " + self.read("server"))

    def start(self, name, *words):
        with open(self.folder / name, "wb") as log:
            process = subprocess.Popen(
                words, cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        process.terminate()
        try:
            process.wait(5)  # jackd may hang when a client was killed
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def read(self, name):
        path = self.folder / name
        return path.read_text(errors="replace") if path.exists() else ""

    def save(self, version):
        (self.folder / "next.wat").write_text(MODULE % version)
        subprocess.run(["wat2wasm", "next.wat", "-o", "next.wasm"],
                       cwd=self.folder, check=True)
        os.rename(self.folder / "next.wasm", self.folder / "m.wasm")

    def ports(self):
        result = subprocess.run(["jack_lsp"], env=self.environment,
                                capture_output=True, text=True, check=False)
        return {line for line in result.stdout.splitlines()
                if line.startswith("m:midi_out")}

    def expect(self, condition):
        end = time.monotonic() + PATIENCE_S
        while not condition():
            self.assertLess(time.monotonic(), end,
                            self.read("play") + self.read("dump"))
            time.sleep(0.05)

    def play(self, *options):
        self.start("dump", "stdbuf", "-oL", "jack_midi_dump")
        self.expect(lambda: "midi-monitor" in subprocess.run(
            ["jack_lsp"], env=self.environment, capture_output=True, text=True,
            check=False).stdout)
        play = self.start("play", os.environ["F4E_BUILD"], "play", "m.wasm",
                          "--watch", "--manifest", "m.json", "-O1", "--",
                          "--device", "jack:m", "--rt-prio", "0", *options)
        self.expect(lambda: "m: buffer" in self.read("play"))
        return play

    def finish(self, play):
        play.send_signal(signal.SIGINT)
        self.assertEqual(play.wait(PATIENCE_S), 0, self.read("play"))

    def test_ports_come_with_the_version_that_sends(self):
        play = self.play("--midi-out", "3=midi-monitor")
        self.assertEqual(self.ports(), set())
        self.save(ONE_PORT)
        self.expect(lambda: self.ports() == {"m:midi_out_1"})
        self.assertNotIn("b0 09", self.read("dump"))
        self.save(ALL_PORTS)
        self.expect(lambda: self.ports() ==
                    {f"m:midi_out_{k}" for k in range(1, 17)})
        self.expect(lambda: "b0 09 02" in self.read("dump"))
        self.expect(lambda: "m: wire    m:midi_out_4 -> midi-monitor:input"
                    in self.read("play"))
        # One that sends to fewer leaves the others, which may be wired.
        self.save(ONE_PORT)
        self.expect(lambda: "version 3 plays" in self.read("play"))
        self.assertEqual(len(self.ports()), 16)
        self.finish(play)
        # The ports are there before the version is heard.
        self.assertNotIn("not sent", self.read("play"))

    def test_none_come_where_none_are_wanted(self):
        play = self.play("--midi-out", "none")
        self.save(ALL_PORTS)
        self.expect(lambda: "version 1 plays" in self.read("play"))
        self.assertEqual(self.ports(), set())
        self.finish(play)


if __name__ == "__main__":
    unittest.main()
