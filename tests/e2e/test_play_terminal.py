#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""f4e-build play on a terminal whose keys play the patch: whatever ends it, the
terminal is as it was before, and nothing is left behind.

F4E_BUILD names the program."""
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import subprocess
import tempfile
import termios
import time
import unittest

PATIENCE_S = 200

MODULE = """(module (import "host" "memory" (memory 1 1))
 (func (export "initDefaults") %s)
 (func (export "buffer")
  (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
  %s))
"""

MANIFEST = {"f4e-manifest": 1, "sampleRate": 48000, "blockFrames": 128,
            "outputs": [{"channel": 0, "address": 1024}],
            "keyboard": {"code": 16, "pressed": 20},
            "items": [{"name": "m:code", "address": 16}]}


class PlayTerminal(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="f4e-test-"))
        self.temporary = tempfile.mkdtemp(prefix="f4e-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.addCleanup(shutil.rmtree, self.temporary)
        (self.folder / "m.json").write_text(json.dumps(MANIFEST))
        self.save("", "")
        self.output = ""
        self.news, news = os.pipe()
        self.shell, self.master = pty.fork()
        if self.shell == 0:
            self.be_shell(news)
        os.close(news)
        self.addCleanup(self.end)
        self.pid = int(self.hear())
        self.expect(self.is_raw)

    def be_shell(self, news):
        """Start it in the foreground, and tell what becomes of it."""
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            os.setpgid(0, 0)
            os.tcsetpgrp(0, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            os.chdir(self.folder)
            os.environ["TMPDIR"] = self.temporary
            os.execv(os.environ["F4E_BUILD"], [
                "f4e-build", "play", "m.wasm", "--watch", "--manifest",
                "m.json", "-O1", "--", "--dummy", "--rt-prio", "0",
                "--keyboard=tty", "--watch", "m:code"])
        os.write(news, b"%d\n" % pid)
        while True:
            _, status = os.waitpid(pid, os.WUNTRACED)
            if os.WIFSTOPPED(status):
                os.write(news, b"stopped\n")
            else:
                os.write(news, b"%d\n" % os.waitstatus_to_exitcode(status))
                os._exit(0)

    def hear(self):
        """The next thing that the shell tells; empty: it has gone."""
        end = time.monotonic() + PATIENCE_S
        while not select.select([self.news], [], [], 0)[0]:
            self.pump()
            self.assertLess(time.monotonic(), end, self.output)
        return os.read(self.news, 100).decode().strip()

    def end(self):
        if self.master >= 0:
            os.close(self.master)
        os.waitpid(self.shell, 0)
        os.close(self.news)

    def save(self, init, block):
        (self.folder / "next.wat").write_text(MODULE % (init, block))
        subprocess.run(["wat2wasm", "next.wat", "-o", "next.wasm"],
                       cwd=self.folder, check=True)
        os.rename(self.folder / "next.wasm", self.folder / "m.wasm")

    def pump(self):
        """What it prints, so that it never waits for us."""
        if self.master < 0:
            time.sleep(0.01)
            return
        ready, _, _ = select.select([self.master], [], [], 0.01)
        if ready:
            try:
                self.output += os.read(self.master, 65536).decode(
                    errors="replace")
            except OSError:
                time.sleep(0.01)  # nobody has the other side

    def expect(self, condition):
        end = time.monotonic() + PATIENCE_S
        while not condition():
            self.pump()
            self.assertLess(time.monotonic(), end, self.output)

    def is_raw(self):
        return termios.tcgetattr(self.master)[3] & termios.ICANON == 0

    def expect_end(self, status, left=0):
        self.assertEqual(self.hear(), str(status), self.output)
        self.expect(lambda: not self.is_raw())
        self.assertEqual(len(os.listdir(self.temporary)), left)

    def player(self):
        """The child that has threads, once it plays."""
        self.expect(lambda: "m: buffer" in self.output)
        players = []

        def has_player():
            children = pathlib.Path(
                f"/proc/{self.pid}/task/{self.pid}/children").read_text()
            players[:] = [int(child) for child in children.split()
                          if len(os.listdir(f"/proc/{child}/task")) > 2]
            return bool(players)
        self.expect(has_player)
        return players[0]

    def test_ctrl_c(self):
        os.write(self.master, b"z\x03")
        self.expect_end(0)
        self.assertIn("m:code", self.output)

    def test_ctrl_c_that_is_a_key(self):
        os.write(self.master, b"\x1b[?0u\x1b[99;5u")
        self.expect_end(0)

    def test_signals(self):
        os.kill(self.pid, signal.SIGTERM)
        self.expect_end(0)

    def test_hangup(self):
        os.kill(self.pid, signal.SIGHUP)
        self.expect_end(0)

    def test_terminal_that_closes(self):
        player = self.player()
        os.close(self.master)
        self.master = -1
        self.hear()
        self.expect(lambda: not os.path.exists(f"/proc/{self.pid}"))
        self.assertFalse(os.path.exists(f"/proc/{player}"))
        self.assertEqual(os.listdir(self.temporary), [])

    def test_killed(self):
        """The next run removes the folder that is left."""
        os.kill(self.pid, signal.SIGKILL)
        self.expect_end(-signal.SIGKILL, left=1)

    def test_player_that_crashes(self):
        os.kill(self.player(), signal.SIGSEGV)
        self.expect_end(128 + signal.SIGSEGV)
        self.assertIn("f4e-build: what played was ended by signal 11, "
                      "Segmentation fault", self.output)

    def test_version_that_traps(self):
        self.save("unreachable", "")
        self.expect(lambda: "in initDefaults; version 0 goes on" in self.output)
        self.save("", "unreachable")
        self.expect(lambda: self.output.count("version 0 goes on") == 2)
        self.assertTrue(self.is_raw())
        os.write(self.master, b"\x03")
        self.expect_end(0)

    def stop_and_go_on(self, keys):
        state = pathlib.Path(f"/proc/{self.player()}/stat")
        os.write(self.master, keys)
        self.assertEqual(self.hear(), "stopped")
        self.expect(lambda: state.read_text().split(") ")[1][0] == "T")
        self.assertFalse(self.is_raw())
        os.killpg(self.pid, signal.SIGCONT)
        self.expect(self.is_raw)
        os.write(self.master, b"\x03")
        self.expect_end(0)

    def test_ctrl_z(self):
        self.stop_and_go_on(b"\x1a")

    def test_ctrl_z_that_is_a_key(self):
        """All of it stops, not only what plays: a shell waits for that."""
        self.stop_and_go_on(b"\x1b[?0u\x1b[122;5u")


if __name__ == "__main__":
    unittest.main()
