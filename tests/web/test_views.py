# SPDX-License-Identifier: MIT
"""The page in a real Chromium: what it shows of the patch."""

import unittest

from page_case import PageCase
from served import wait_until


class Views(PageCase):
    def pixels(self, canvas):
        """Of each column that has a trace: the rows of its first and last
        pixel, as shares of the height."""
        return self.browser.run("""
          const canvas = arguments[0];
          const {width, height} = canvas;
          const accent = getComputedStyle(document.documentElement)
            .getPropertyValue("--accent").match(/[0-9a-f]{2}/gi)
            .map((digits) => parseInt(digits, 16));
          const data = canvas.getContext("2d")
            .getImageData(0, 0, width, height).data;
          const columns = [];
          for (let x = 0; x < width; x++) {
            const rows = [];
            for (let y = 0; y < height; y++) {
              const at = 4 * (y * width + x);
              if (data[at + 3] > 128 && accent.every(
                    (part, i) => Math.abs(part - data[at + i]) < 40)) {
                rows.push(y / height);
              }
            }
            columns.push(rows.length ? [rows[0], rows.at(-1)] : null);
          }
          return columns;""", canvas)

    def lies_between(self, canvas, low, high):
        columns = self.pixels(canvas)
        traced = [column for column in columns if column is not None]
        # The cursor and the edges hide a few columns.
        return len(traced) > 0.9 * len(columns) and all(
            low <= first and last <= high for first, last in traced)

    def graph(self, kind, label):
        return self.browser.run("""
          return [...document.querySelectorAll("#play canvas")].find((own) =>
            own.getAttribute("aria-label").startsWith(arguments[0]))""",
                                f"{kind} of {label}")

    def test_canvas_follows_the_array(self):
        for ratio in (1, 2):
            self.browser.look(1000, 800, ratio=ratio)
            for kind, label in (("plot", "curve"), ("wave", "*head")):
                canvas = self.graph(kind, label)
                self.browser.run("arguments[0].scrollIntoView()", canvas)
                for values, low, high in (
                        (["1"] * 64, 0, 0.15), (["-1"] * 64, 0.85, 1),
                        (["0"] * 64, 0.4, 0.6)):
                    self.patch.ask("set", "scope:curve", *values)
                    wait_until(lambda c=canvas, lo=low, hi=high:
                               self.lies_between(c, lo, hi),
                               f"the {kind} is between {low} and {high}")
                self.patch.ask("set", "scope:curve", *["1"] * 32, *["-1"] * 32)

                def is_step(c=canvas):
                    columns = self.pixels(c)
                    quarter = len(columns) // 4
                    left, right = columns[quarter], columns[3 * quarter]
                    return left and right and left[1] < 0.2 and right[0] > 0.8
                wait_until(is_step, f"the {kind} is a step")
                size = self.browser.run(
                    "return [arguments[0].width, arguments[0].clientWidth]",
                    canvas)
                self.assertEqual(size[0], size[1] * ratio)

    def test_length_and_pointer_are_followed(self):
        canvas = self.graph("plot", "curve")
        self.patch.ask("set", "scope:curve", *["0.5"] * 64)
        for length, text in (("16", "16 values"), ("64", "64 values"),
                             ("-3", "nothing"), ("9999", "64 values")):
            self.patch.ask("set", "scope:length", length)
            wait_until(lambda t=text: t in canvas.get_attribute("aria-label"),
                       f"a length of {length} is told as {text}")
        self.patch.ask("set", "scope:length", "64")
        watch = self.browser.run("""
          return [...document.querySelectorAll(".watch")].find((own) =>
            own.querySelector("dt").textContent === "*head")
            .querySelector("dd")""")
        for target, text in (("&panel:level", None), ("&scope:curve", "0.5000"),
                             ("-1", "–"), ("260", "0.5000"), ("7", None)):
            self.patch.ask("set", "scope:head", target)
            if text is None:
                value = self.patch.get("panel:level")
                text = f"{value:.4f}" if target[0] == "&" else "0.0000"
            wait_until(lambda t=text: watch.text == t,
                       f"what is at {target} is shown as {text}")
        self.patch.ask("set", "scope:head", "&scope:curve")
        self.assertTrue(self.browser.run(
            "return document.getElementById('notice').hidden"))

    def test_long_array_is_shown_in_steps(self):
        canvas = self.graph("plot", "line")
        self.browser.run("arguments[0].scrollIntoView()", canvas)
        for value, low, high in (("1", 0, 0.15), ("-1", 0.85, 1)):
            for start in range(0, 30000, 6000):
                self.patch.ask("set", f"store:line[{start}]", *[value] * 6000)
            wait_until(lambda lo=low, hi=high: self.lies_between(canvas, lo, hi),
                       f"the plot is between {low} and {high}")
        wait_until(lambda: "30000 values" in canvas.get_attribute("aria-label"),
                   "its length is told")

    def test_watch_shows_bytes(self):
        self.patch.ask("set", "panel:gate", "0x1234abcd")
        wait_until(lambda: "12 34 ab cd" in self.browser.run(
            "return document.getElementById('play').textContent"),
            "the watch shows hexadecimal bytes")
        self.patch.ask("set", "panel:gate", "0")

    def test_piano_toggles_keys(self):
        key = self.browser.named("D3", "#play figure")
        self.browser.run("arguments[0].scrollIntoView({block: 'center'})", key)
        key.click()
        self.wait_for("chord:count", 3)
        self.assertEqual(self.patch.get("chord:keys")[2], 50)
        wait_until(lambda: key.get_attribute("aria-pressed") == "true",
                   "the key is down")
        key.click()
        self.wait_for("chord:count", 2)

    def test_only_what_is_visible_is_asked_for(self):
        self.browser.look(360, 400)
        self.browser.run("window.scrollTo(0, 0)")

        def asked():
            return self.browser.run("return window.subscribed.at(-1) ?? []")
        wait_until(lambda: "panel:level" in asked() and
                   "scope:curve" not in asked(), "the top is subscribed to")
        self.assertEqual(asked()[:3], ["25", "levels", "stats"])
        self.browser.run("arguments[0].scrollIntoView({block: 'center'})",
                         self.graph("bars", "curve"))
        wait_until(lambda: "scope:curve" in asked() and
                   "panel:level" not in asked(), "the middle is subscribed to")


if __name__ == "__main__":
    unittest.main(verbosity=2)
