#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--osc under f4e-build play: the addresses are those of the version that plays.

F4E_BUILD names the program."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.request

PATIENCE_S = 200

MODULE = """(module (import "host" "memory" (memory 1 1))
 (func (export "%s") (param i32))
 (func (export "initDefaults") (f32.store (i32.const %d) (f32.const 0.25)))
 (func (export "buffer")
  (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))))
"""


def item(name, address, **more):
    return {"name": name, "address": address, **more}


# What is exported, where m:value lies, the items beside it, its range.
FIRST = ("hit", 8, [item("m:old", 12), item("m:kept", 16)], 1)
SECOND = ("strike", 64, [item("m:kept", 32), item("m:new", 36),
                         item("n:more", 40, element="f32", count=3)], 2)


def message(path, types="", *values):
    def padded(text):
        return text + b"\0" * (4 - len(text) % 4)
    return (padded(path.encode()) + padded(("," + types).encode()) +
            b"".join(struct.pack(">" + kind, value)
                     for kind, value in zip(types, values)))


def parse(packet):
    """The address and the values of a message."""
    def text(at):
        end = packet.index(b"\0", at)
        return packet[at:end].decode(), at + (end - at) // 4 * 4 + 4
    path, at = text(0)
    types, at = text(at)
    values = []
    for kind in types[1:]:
        if kind == "s":
            value, at = text(at)
        else:
            value, = struct.unpack_from(">" + kind, packet, at)
            at += struct.calcsize(kind)
        values.append(value)
    return path, values


class PlayOsc(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="f4e-test-"))
        self.temporary = tempfile.mkdtemp(prefix="f4e-test-")
        os.mkfifo(self.folder / "pipe")
        self.save(FIRST)
        self.log = open(self.folder / "log", "w+b")
        self.play = subprocess.Popen(
            [os.environ["F4E_BUILD"], "play", "m.wasm", "--watch", "--manifest",
             "m.json", "-O1", "--", "--dummy", "--rt-prio", "0", "--osc=0",
             "--http=0", "--control", "pipe"], cwd=self.folder,
            env={**os.environ, "TMPDIR": self.temporary},
            stdout=subprocess.DEVNULL, stderr=self.log)
        self.addCleanup(self.stop)
        found = self.wait_for(r"osc\.udp://127\.0\.0\.1:(\d+)/m\n")
        self.port = int(found[1])
        self.http = self.wait_for(r"(http://127\.0\.0\.1:\d+)/")[1]

    def stop(self):
        self.play.send_signal(signal.SIGINT)
        status = self.play.wait(PATIENCE_S)
        self.log.close()
        shutil.rmtree(self.folder)
        left = os.listdir(self.temporary)
        shutil.rmtree(self.temporary)
        self.assertEqual((status, left), (0, []))

    def save(self, version):
        export, address, items, most = version
        manifest = {
            "f4e-manifest": 1, "sampleRate": 48000, "blockFrames": 128,
            "outputs": [{"channel": 0, "address": 1024}],
            "items": [item("m:value", address, element="f32"), *items],
            "params": [{"kind": "slider", "item": "m:value", "max": most}]}
        (self.folder / "next.wat").write_text(MODULE % (export, address))
        (self.folder / "next.json").write_text(json.dumps(manifest))
        subprocess.run(["wat2wasm", "next.wat", "-o", "next.wasm"],
                       cwd=self.folder, check=True)
        os.rename(self.folder / "next.json", self.folder / "m.json")
        os.rename(self.folder / "next.wasm", self.folder / "m.wasm")

    def wait_for(self, pattern):
        end = time.monotonic() + PATIENCE_S
        while True:
            log = (self.folder / "log").read_text(errors="replace")
            found = re.search(pattern, log)
            if found:
                return found
            self.assertIsNone(self.play.poll(), log)
            self.assertLess(time.monotonic(), end, log)
            time.sleep(0.02)

    def client(self):
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(client.close)
        client.connect(("127.0.0.1", self.port))
        client.settimeout(PATIENCE_S)
        return client

    def ask(self, path, patience=PATIENCE_S):
        """The reply to a message that has one; None: there was none."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.connect(("127.0.0.1", self.port))
            client.settimeout(patience)
            try:
                client.send(message(path))
                return parse(client.recv(65536))
            except OSError:
                return None

    def expect(self, path, wanted):
        """Ask until the reply is that; of errors few are told in a second."""
        end = time.monotonic() + PATIENCE_S
        got = self.ask(path, 0.5)
        while got != wanted:
            self.assertLess(time.monotonic(), end, got)
            time.sleep(0.1)
            got = self.ask(path, 0.5)

    def expect_unknown(self, path):
        self.expect(path, ("/m/error", [path, "there is no such address"]))

    def query(self, path):
        with urllib.request.urlopen(self.http + path, timeout=PATIENCE_S) as got:
            return json.load(got)

    def hear_until(self, client, path):
        """All that a listener is told until that address comes."""
        told = {}
        while path not in told:
            got, values = parse(client.recv(65536))
            told[got] = values
        return told

    def swap(self, version):
        self.save(version)
        self.expect("/m/vars/m/new", ("/m/vars/m/new", [0]))

    def test_addresses_follow_the_code(self):
        self.expect("/m/info/version", ("/m/info/version", [0]))
        self.expect("/m/vars/m/old", ("/m/vars/m/old", [0]))
        self.expect_unknown("/m/vars/m/new")
        self.client().send(message("/m/vars/m/kept", "i", 77))
        self.expect("/m/vars/m/kept", ("/m/vars/m/kept", [77]))
        self.swap(SECOND)
        self.expect_unknown("/m/vars/m/old")
        self.expect_unknown("/m/call/hit")
        # What stays has its value, at its new place; what is new takes one.
        self.assertEqual(self.ask("/m/vars/m/kept"), ("/m/vars/m/kept", [77]))
        self.client().send(message("/m/params/m/value/normalized", "f", 0.75))
        self.expect("/m/params/m/value", ("/m/params/m/value", [1.5]))
        self.client().send(message("/m/vars/n/more", "fff", 1, 2, 3))
        self.expect("/m/vars/n/more", ("/m/vars/n/more", [1.0, 2.0, 3.0]))
        # And back.
        with open(self.folder / "pipe", "w") as pipe:
            pipe.write("undo\n")
        self.expect("/m/info/version", ("/m/info/version", [0]))
        self.expect_unknown("/m/vars/m/new")
        self.expect("/m/vars/m/old", ("/m/vars/m/old", [0]))

    def test_listeners_follow_the_code(self):
        every, some = self.client(), self.client()
        every.send(message("/m/listeners/add"))
        self.hear_until(every, "/m/params/m/value")
        some.send(b"/m/listeners/add\0\0\0\0,s\0\0/m/vars/[m-n]\0\0\0")
        told = self.hear_until(some, "/m/vars/m/kept")
        self.assertNotIn("/m/vars/m/new", told)
        self.save(SECOND)
        for client in (every, some):
            told = self.hear_until(client, "/m/info/version")
            self.assertGreater(told["/m/info/version"][0], 0)
        # It asked for a pattern, which has other addresses now.
        told = self.hear_until(some, "/m/vars/n/more")
        while "/m/vars/m/new" not in told:
            told.update(self.hear_until(some, "/m/vars/m/new"))
        self.client().send(message("/m/params/m/value", "f", 1.75))
        told = {}
        while told.get("/m/params/m/value") != [1.75]:
            told = self.hear_until(every, "/m/params/m/value")

    def test_queries_follow_the_code(self):
        self.assertEqual(set(self.query("/m/vars/m")["CONTENTS"]),
                         {"old", "kept"})
        self.assertEqual(self.query("/m/params/m/value?RANGE"),
                         {"RANGE": [{"MIN": 0, "MAX": 1}]})
        self.assertEqual(self.query("/m/info/version?VALUE"), {"VALUE": [0]})
        host = self.query("/?HOST_INFO")
        self.swap(SECOND)
        self.assertEqual(set(self.query("/m/vars/m")["CONTENTS"]),
                         {"new", "kept"})
        self.assertEqual(set(self.query("/m/call")["CONTENTS"]) & {"hit", "strike"},
                         {"strike"})
        self.assertEqual(self.query("/m/params/m/value?RANGE"),
                         {"RANGE": [{"MIN": 0, "MAX": 2}]})
        self.assertEqual(self.query("/m/vars/n/more")["TYPE"], "fff")
        self.assertGreater(self.query("/m/info/version?VALUE")["VALUE"][0], 0)
        self.assertEqual(self.query("/?HOST_INFO"), host)

    def test_a_front_that_died_knows_the_version(self):
        self.swap(SECOND)
        player = next(pid for pid in self.children(self.play.pid)
                      if self.children(pid))
        front, = self.children(player)
        os.kill(front, signal.SIGKILL)
        self.wait_for("again in")
        self.expect("/m/vars/m/new", ("/m/vars/m/new", [0]))
        self.expect_unknown("/m/vars/m/old")

    @staticmethod
    def children(pid):
        """Of all its threads."""
        pids = []
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            pids += [int(word) for word in
                     (task / "children").read_text().split()]
        return pids


if __name__ == "__main__":
    unittest.main()
