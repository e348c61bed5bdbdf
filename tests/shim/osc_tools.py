# SPDX-License-Identifier: MIT
"""--osc with liblo's own tools, oscsend and oscdump, and with Python's sockets.

FAKE_STEREO is the patch that plays."""
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest

ROOT = "/fake%20%22ramp%22"
PATIENCE_S = 20


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Tools(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.patch = subprocess.Popen(
            [os.environ["FAKE_STEREO"], "--dummy", "--rt-prio", "0", "--osc=0",
             "--seconds", "120", "--presets", "presets.json"],
            cwd=self.folder.name, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.stop)
        place = None
        while place is None:
            line = self.patch.stderr.readline()
            self.assertNotEqual(line, "", "the patch has ended")
            place = re.search(r"osc\.udp://127\.0\.0\.1:(\d+)(/\S+)", line)
        self.port = place[1]
        self.assertEqual(place[2], ROOT)

    def stop(self):
        self.patch.terminate()
        self.patch.communicate()
        self.assertEqual(self.patch.returncode, 0)

    def send(self, path, *words):
        subprocess.run(["oscsend", "127.0.0.1", self.port, ROOT + path, *words],
                       check=True)

    def ask(self, path, patience=PATIENCE_S):
        """The reply to a message of Python's own making."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(patience)
            name = (ROOT + path).encode()
            message = name + b"\0" * (4 - len(name) % 4) + b",\0\0\0"
            client.sendto(message, ("127.0.0.1", int(self.port)))
            reply = client.recv(65536)
        self.assertTrue(reply.startswith(name + b"\0"))
        return reply[len(name) + 4 - len(name) % 4:]

    def test_oscsend(self):
        for words, path, value in (
                (("f", "0.25"), "/params/panel/cut", 0.25),
                (("d", "0.5"), "/params/panel/cut", 0.5),
                (("i", "1"), "/params/panel/cut", 1.0)):
            self.send(path, *words)
            self.assertEqual(self.ask(path),
                             b",f\0\0" + struct.pack(">f", value))
        self.send("/vars/table/i32", "iii", "1", "-2", "3")
        self.assertEqual(self.ask("/vars/table/i32"),
                         b",iiiiiiii\0\0\0" + struct.pack(">8i", 1, -2, 3, *[0] * 5))
        self.send("/params/panel/play", "T")
        self.assertEqual(self.ask("/params/panel/play"), b",i\0\0\0\0\0\5")
        self.send("/presets/save", "s", "soft")
        self.assertEqual(self.ask("/presets/entries"), b",s\0\0soft\0\0\0\0")

    def test_front_that_died(self):
        """Another one serves the same port, and goes on counting."""
        self.send("/params/panel/cut", "f", "0.25")
        self.assertEqual(self.ask("/params/panel/cut"), b",f\0\0\x3e\x80\0\0")
        children = pathlib.Path(f"/proc/{self.patch.pid}/task/{self.patch.pid}/children")
        front = int(children.read_text().split()[0])
        os.kill(front, signal.SIGKILL)
        end = time.monotonic() + PATIENCE_S
        while children.read_text().split() in ([], [str(front)]):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)
        reply = None
        while reply is None:
            self.assertLess(time.monotonic(), end)
            try:
                reply = self.ask("/params/panel/cut", 0.2)
            except OSError:
                time.sleep(0.05)
        self.assertEqual(reply, b",f\0\0\x3e\x80\0\0")

    def test_oscdump(self):
        port = free_port()
        dump = subprocess.Popen(["oscdump", "-L", str(port)], text=True,
                                stdout=subprocess.PIPE)
        self.addCleanup(dump.stdout.close)
        self.addCleanup(dump.wait)
        self.addCleanup(dump.terminate)
        end = time.monotonic() + PATIENCE_S
        os.set_blocking(dump.stdout.fileno(), False)
        seen, value = "", 0
        wanted = ""
        while not wanted or wanted not in seen:
            # It may not have been there when the first ones came.
            self.assertLess(time.monotonic(), end, seen)
            value += 1
            self.send("/listeners/add", "i", str(port))
            self.send("/params/panel/steps", "i", str(value))
            wanted = f"{ROOT}/params/panel/steps i {value}\n"
            for _ in range(20):
                time.sleep(0.05)
                seen += dump.stdout.read() or ""
                if wanted in seen:
                    break
        self.assertIn(f"{ROOT}/params/panel/cut f ", seen)


if __name__ == "__main__":
    unittest.main()
