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
import urllib.error
import urllib.request

ROOT = "/fake%20%22ramp%22"
PATIENCE_S = 20


def own_address():
    """One of this machine in a network, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
        return None if address.startswith("127.") else address


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Tools(unittest.TestCase):
    OPTIONS = []
    HOST = "127.0.0.1"

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.patch = subprocess.Popen(
            [os.environ["FAKE_STEREO"], "--dummy", "--rt-prio", "0", "--osc=0",
             "--seconds", "120", "--presets", "presets.json",
             *self.OPTIONS],
            cwd=self.folder.name, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.stop)
        place = None
        self.http = None
        while place is None:
            line = self.patch.stderr.readline()
            self.assertNotEqual(line, "", "the patch has ended")
            self.http = re.search(r"http://[\w.]+(:\d+/)\?token=(\S+)", line) or self.http
            place = re.search(r"osc\.udp://[\d.]+:(\d+)(/[^, \n]+)", line)
        self.port = place[1]
        self.assertEqual(place[2], ROOT)

    def stop(self):
        self.patch.terminate()
        self.patch.communicate()
        self.assertEqual(self.patch.returncode, 0)

    def send(self, path, *words):
        subprocess.run(["oscsend", self.HOST, self.port, ROOT + path, *words],
                       check=True)

    def ask(self, path, patience=PATIENCE_S):
        """The reply to a message of Python's own making."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(patience)
            name = (ROOT + path).encode()
            message = name + b"\0" * (4 - len(name) % 4) + b",\0\0\0"
            client.sendto(message, (self.HOST, int(self.port)))
            reply = client.recv(65536)
        self.assertTrue(reply.startswith(name + b"\0"))
        return reply[len(name) + 4 - len(name) % 4:]

    def expect(self, path, wanted):
        """That reply; the patch takes what is set with its next block."""
        end = time.monotonic() + PATIENCE_S
        reply = self.ask(path)
        while reply != wanted:
            self.assertLess(time.monotonic(), end, reply)
            reply = self.ask(path)


class Local(Tools):
    def test_oscsend(self):
        for words, path, value in (
                (("f", "0.25"), "/params/panel/cut", 0.25),
                (("d", "0.5"), "/params/panel/cut", 0.5),
                (("i", "1"), "/params/panel/cut", 1.0)):
            self.send(path, *words)
            self.expect(path, b",f\0\0" + struct.pack(">f", value))
        self.send("/vars/table/i32", "iii", "1", "-2", "3")
        self.expect("/vars/table/i32", b",iiiiiiii\0\0\0" + struct.pack(">8i", 1, -2, 3, *[0] * 5))
        self.send("/params/panel/play", "T")
        self.expect("/params/panel/play", b",i\0\0\0\0\0\5")
        self.send("/presets/save", "s", "soft")
        self.expect("/presets/entries", b",s\0\0soft\0\0\0\0")

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
        others = f"{ROOT}/params/panel/cut f "
        while not wanted or wanted not in seen or others not in seen:
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


@unittest.skipIf(own_address() is None, "this machine is in no network")
class FromTheNetwork(Tools):
    OPTIONS = ["--http=0", "--http-bind", "0.0.0.0", "--osc-bind", "0.0.0.0"]
    HOST = own_address()

    def get(self, token):
        request = urllib.request.Request(f"http://{self.HOST}{self.http[1]}healthz",
                                         headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def test_page_opens_the_door(self):
        """Who has shown the token there may send here."""
        with self.assertRaises(OSError):
            self.ask("/info/name", 0.3)
        self.assertEqual(self.get("wrong"), 401)
        with self.assertRaises(OSError):
            self.ask("/info/name", 0.3)
        self.assertIn(self.get(self.http[2]), (200, 503))
        self.assertEqual(self.ask("/info/name"), b",s\0\0fake \"ramp\"\0")


if __name__ == "__main__":
    unittest.main()
