# SPDX-License-Identifier: MIT
"""What the tests of the page share: one patch that plays, and a browser."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from served import Browser, Patch, wait_until

HERE = pathlib.Path(__file__).resolve().parent


def build(folder):
    subprocess.run(["wat2wasm", HERE / "page.wat", "-o", folder / "page.wasm"],
                   check=True)
    subprocess.run(
        [os.environ["F4E_BUILD"], folder / "page.wasm", "--quiet",
         "--manifest", HERE / "page.json", "-o", folder / "page"], check=True)
    return folder / "page"


class PageCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="f4e-web-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.patch = Patch(build(cls.folder), cls.folder)
        cls.addClassCleanup(lambda: cls.patch.stop())
        cls.record = cls.folder / "record.wav"
        cls.patch.start(f"--record={cls.record}")
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.look(1000, 800)
        self.browser.open(self.patch.address)

    def tearDown(self):
        self.browser.driver.get("about:blank")

    def wait_for(self, name, value):
        wait_until(lambda: self.patch.get(name) == value,
                   f"{name} is {value}, not {self.patch.get(name)}")

    def tabs(self):
        for name in ("Play", "Variables", "Presets", "MIDI map"):
            self.browser.press(name, "nav")
            yield name
