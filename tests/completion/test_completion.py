#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bash and zsh, interactive on a terminal of their own: the scripts that both
programs print are loaded, words are typed and completed by the tab key, and the
line is read back from the line editor."""

import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import subprocess
import tempfile
import termios
import time
import unittest

BUILD = os.environ["F4E_BUILD"]
PATCH = os.environ["FAKE_STEREO"]
WAIT_S = 60

BASH = r"""PS1=; PROMPT_COMMAND=; unset HISTFILE

bind 'set bell-style none'
bind 'set show-all-if-ambiguous on'
bind 'set page-completions off'
bind 'set completion-query-items 0'
bind 'set enable-bracketed-paste off'
bind -x '"\C-g": printf "LINE{%s}\n" "$READLINE_LINE"'
source <(f4e-build --completion bash)
source <(./stereo --completion bash)
"""
ZSH = r"""PS1=; RPS1=; PROMPT_EOL_MARK=; unset HISTFILE
autoload -U compinit; compinit -u -D; setopt noautomenu nobeep rmstarsilent
dump() { print -r -- "LINE{$BUFFER}"; }; zle -N dump; bindkey '^G' dump
source <(f4e-build --completion zsh)
source <(./stereo --completion zsh)
"""
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], BASH),
    "zsh": (["zsh", "-f", "-i"], ZSH),
}

# What is typed, and the line after the tab key.
UNIQUE = [
    ("./stereo --wait", "./stereo --wait-device "),
    ("stereo --wait", "stereo --wait-device "),
    ("./stereo --latency u", "./stereo --latency ultra "),
    ("./stereo --latency=u", "./stereo --latency=ultra "),
    ("./stereo --set amp", "./stereo --set amp:gain="),
    ("./stereo --set amp:", "./stereo --set amp:gain="),
    ("./stereo --set=amp:g", "./stereo --set=amp:gain="),
    ("./stereo --set esc", "./stereo --set esc"),  # it has a control character
    ("./stereo --watch osc:offset,amp", "./stereo --watch osc:offset,amp:gain "),
    ("./stereo --cc 74=am", "./stereo --cc 74=amp:gain "),
    ("./stereo --list am", "./stereo --list amp:gain "),
    ("./stereo --list amp:g", "./stereo --list amp:gain "),
    ("./stereo --presets p.json --preset so", "./stereo --presets p.json --preset soft "),
    ("./stereo --presets p.json --preset very", "./stereo --presets p.json --preset very\\ loud "),
    ("./stereo --run-entry le", "./stereo --run-entry level "),
    ("./stereo --render soun", "./stereo --render sound.wav "),
    ("./stereo --render=soun", "./stereo --render=sound.wav "),
    ("./stereo --load amp:gain=soun", "./stereo --load amp:gain=sound.wav "),
    ("./stereo --control unix:/de", "./stereo --control unix:/dev/"),
    ("./stereo --device de", "./stereo --device default "),
    ("./stereo --completion z", "./stereo --completion zsh "),
    ("./stereo ct", "./stereo ctl "),
    ("./stereo ctl --js", "./stereo ctl --json "),
    ("./stereo ctl desc", "./stereo ctl describe "),
    ("./stereo ctl --json desc", "./stereo ctl --json describe "),
    ("./stereo ctl --ti", "./stereo ctl --timeout "),
    ("./stereo ctl --timeout 5 desc", "./stereo ctl --timeout 5 describe "),
    ("./stereo ctl --socket x.s", "./stereo ctl --socket x.sock "),
    ("./stereo ctl set amp", "./stereo ctl set amp:gain "),
    ("./stereo ctl get osc:offset amp", "./stereo ctl get osc:offset amp:gain "),
    ("./stereo ctl preset re", "./stereo ctl preset rename "),
    ("./stereo ctl preset load x o", "./stereo ctl preset load x over "),
    ("./stereo ctl cc learn am", "./stereo ctl cc learn amp:gain "),
    ("./stereo ctl call le", "./stereo ctl call level "),
    ("./stereo ctl piano keys:note 3 d", "./stereo ctl piano keys:note 3 down "),
    ("./stereo ctl load amp:gain soun", "./stereo ctl load amp:gain sound.wav "),
    ("f4e-build ins", "f4e-build inspect "),
    ("f4e-build inspect --js", "f4e-build inspect --json "),
    ("f4e-build tu", "f4e-build tune.wasm "),
    ("f4e-build -q tu", "f4e-build -q tune.wasm "),
    ("f4e-build --emit sys", "f4e-build --emit systemd "),
    ("f4e-build --project tu", "f4e-build --project tune.8f4e "),
    ("f4e-build --project=tu", "f4e-build --project=tune.8f4e "),
    ("f4e-build --asset hit=soun", "f4e-build --asset hit=sound.wav "),
    ("f4e-build --target risc", "f4e-build --target riscv64-linux-gnu "),
    ("f4e-build --memory u", "f4e-build --memory unchecked "),
    ("f4e-build --ranges=c", "f4e-build --ranges=check "),
    ("f4e-build --sysroot fol", "f4e-build --sysroot folder/"),
    ("f4e-build --cpu b", "f4e-build --cpu baseline "),
]

# What is typed, and words that are shown, and one that is not.
SHOWN = [
    ("./stereo --on-trap ", ["stop", "reset", "silence"], "keep"),
    ("./stereo ctl preset ", ["save", "load", "list", "delete", "rename"], "set"),
    ("./stereo --set ", ["amp:gain", "osc:offset", "test:blocks"], "ultra"),
    ("f4e-build --emit ", ["program", "bundle", "deb"], "tune.wasm"),
    ("f4e-build --no-", ["--no-assets", "--no-cache"], "--name"),
]


class Terminal:
    """An interactive shell, its words typed by us."""

    def __init__(self, shell, folder):
        command, setup = SHELLS[shell]
        environment = {"HOME": str(folder), "PATH": f"{folder}/bin:/usr/bin:/bin",
                       "TERM": "dumb", "LC_ALL": "C.UTF-8"}
        script = folder / f"setup.{shell}"
        script.write_text(setup)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 500, 200, 0, 0))
        self.type(f". ./setup.{shell}; echo REA''DY\n")
        self.read_until(r"READY\r?\n")

    def type(self, text):
        os.write(self.fd, text.encode())

    def read_until(self, pattern):
        """All that was shown up to the pattern, and what its group holds."""
        shown = ""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            if select.select([self.fd], [], [], 1)[0]:
                shown += os.read(self.fd, 65536).decode(errors="replace")
                found = re.search(pattern, shown)
                if found:
                    return shown, found.groups()
        raise AssertionError(f"no {pattern} in {WAIT_S} s but {shown!r}")

    def complete(self, text):
        """What is shown, and the line then."""
        self.type(text + "\t\x07")
        shown, groups = self.read_until(r"LINE\{(.*?)\}\r?\n")
        self.type("\x15")  # the line goes
        return shown, groups[0]

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="f4e-completion."))
        (cls.folder / "bin").mkdir()
        (cls.folder / "folder").mkdir()
        (cls.folder / "bin/f4e-build").symlink_to(BUILD)
        (cls.folder / "bin/stereo").symlink_to(PATCH)
        (cls.folder / "stereo").symlink_to(PATCH)
        for name in ("sound.wav", "tune.wasm", "tune.8f4e", "tune.txt", "x.sock"):
            (cls.folder / name).touch()
        (cls.folder / "p.json").write_text('{"soft": {}, "very loud": {}}')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def check(self, shell):
        terminal = Terminal(shell, self.folder)
        try:
            for typed, line in UNIQUE:
                with self.subTest(shell=shell, typed=typed):
                    self.assertEqual(terminal.complete(typed)[1], line)
            for typed, words, other in SHOWN:
                with self.subTest(shell=shell, typed=typed):
                    shown = terminal.complete(typed)[0].replace(typed, "", 1)
                    for word in words:
                        self.assertRegex(shown, rf"(^|\s){re.escape(word)}(=|\s)")
                    self.assertNotRegex(shown, rf"(^|\s){re.escape(other)}\s")
        finally:
            terminal.close()

    def test_bash(self):
        self.check("bash")

    def test_zsh(self):
        self.check("zsh")

    def test_zsh_finds_an_installed_file(self):
        functions = self.folder / "functions"
        functions.mkdir(exist_ok=True)
        script = subprocess.run([BUILD, "--completion", "zsh"], check=True,
                                capture_output=True, text=True).stdout
        (functions / "_f4e-build").write_text(script)
        terminal = Terminal("zsh", self.folder)
        try:
            terminal.type("compdef -d f4e-build; unfunction _f4e_complete; "
                          "fpath=($PWD/functions $fpath); compinit -u -D; "
                          "echo AGA''IN\n")
            terminal.read_until(r"AGAIN\r?\n")
            for _ in range(2):
                self.assertEqual(terminal.complete("f4e-build ins")[1],
                                 "f4e-build inspect ")
        finally:
            terminal.close()

    def test_scripts_pass_shellcheck(self):
        if shutil.which("shellcheck") is None:
            self.skipTest("no shellcheck")
        for program in (BUILD, PATCH):
            script = subprocess.run([program, "--completion", "bash"], check=True,
                                    capture_output=True, text=True).stdout
            subprocess.run(["shellcheck", "-s", "bash", "-"], input=script,
                           check=True, text=True)

    def test_a_name_is_a_word_of_the_script(self):
        """Whatever the program is called, loading the script runs nothing."""
        name = "it's $(touch hit); a b"
        (self.folder / name).symlink_to(PATCH)
        for shell in ("bash", "zsh"):
            script = subprocess.run([f"./{name}", "--completion", shell],
                                    cwd=self.folder, check=True,
                                    capture_output=True, text=True).stdout
            subprocess.run([shell, "-c", "compdef() { [ \"$2\" = \"$NAME\" ]; }\n"
                            "complete() { [ \"$4\" = \"$NAME\" ]; }\n" + script],
                           cwd=self.folder, env={"NAME": name, "PATH": "/usr/bin:/bin"},
                           check=True)
        self.assertFalse((self.folder / "hit").exists())


if __name__ == "__main__":
    unittest.main()
