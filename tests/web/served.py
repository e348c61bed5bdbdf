# SPDX-License-Identifier: MIT
"""A patch that plays to nobody and serves its page, and browsers to see it
with. Everything lies in a folder of its own, and ends with it."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

WAIT_S = 60
SWITCHES = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage")


def wait_until(condition, what):
    """What 'condition' returns, once that is true."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {WAIT_S} s in vain: {what}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Patch:
    """An executable that plays with --dummy; start() and stop() any number of
    times, at the same address."""

    def __init__(self, program, folder):
        self.program = str(program)
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.socket = self.folder / "patch.sock"
        self.process = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/"

    def start(self, *options):
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            # Periods that a machine keeps up with beside a browser.
            [self.program, "--dummy", "--period=1024", "--periods=4",
             f"--control=unix:{self.socket}",
             f"--http={self.port}", f"--presets={self.folder}/presets.json",
             f"--cc-map={self.folder}/map.json", *options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_until(self.answers, "the page is served")
        return self

    def answers(self):
        assert self.process.poll() is None, self.said()
        try:
            with urllib.request.urlopen(self.address + "healthz", timeout=5):
                return True
        except OSError:
            return False

    def said(self):
        return (self.folder / "log").read_text(errors="replace")

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(WAIT_S)
            self.process = None
            self.log.close()

    def front(self):
        """The process that serves the page, or None."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        for child in pathlib.Path(children).read_text().split():
            name = pathlib.Path(f"/proc/{child}/comm")
            if name.exists() and name.read_text().strip() == "f4e-front":
                return int(child)
        return None

    def ask(self, *words):
        """A request on the patch's socket, past the front."""
        done = subprocess.run(
            [self.program, "ctl", "--socket", str(self.socket), "--json",
             *words], capture_output=True, text=True, timeout=WAIT_S,
            check=False)
        assert done.stdout, done.stderr
        return json.loads(done.stdout.splitlines()[0])

    def get(self, name):
        return self.ask("get", name)["values"][name]


class Browser:
    """Chromium with a profile that lasts as long as it."""

    # What the page subscribes to is kept, for tests to read.
    SPY = """
      const send = window.fetch;
      window.subscribed = [];
      window.fetch = (url, options) => {
        if (String(url).includes("subscribe")) {
          window.subscribed.push(options.body.split(" "));
        }
        return send(url, options);
      };"""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="f4e-web-")
        options = Options()
        options.binary_location = os.environ["F4E_CHROMIUM"]
        for switch in (*SWITCHES, f"--user-data-dir={self.profile}"):
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(
            service=Service(os.environ["F4E_CHROMEDRIVER"]), options=options)
        self.driver.set_script_timeout(WAIT_S)
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=self.SPY)
        self.look(1000, 800)

    def cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def look(self, width, height, scheme="light", ratio=1):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=ratio, mobile=width < 640)
        self.cdp("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def open(self, address):
        self.driver.get("about:blank")
        self.driver.get(address)
        self.wait_for_state("live")

    def state(self):
        return self.run("return document.getElementById('state')"
                        "?.dataset.state")

    def wait_for_state(self, state):
        wait_until(lambda: self.state() == state, f"the page is {state}")

    def named(self, name, parent="#play"):
        """The element that a label or aria-label calls so."""
        found = self.run("""
          for (const own of document.querySelectorAll(arguments[1] + " *")) {
            const label = own.getAttribute("aria-label") ??
              own.labels?.[0]?.textContent ??
              (own.tagName === "BUTTON" ? own.textContent : null);
            if (label === arguments[0]) { return own; }
          }""", name, parent)
        assert found is not None, f"nothing is called '{name}'"
        return found

    def press(self, name, parent="#play"):
        """Click it, again where the page drew it anew in the meantime."""
        for _ in range(20):
            try:
                self.named(name, parent).click()
                return
            except StaleElementReferenceException:
                time.sleep(0.05)
        raise AssertionError(f"'{name}' never holds still")

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE"]

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)
