# SPDX-License-Identifier: MIT
"""The page in a real Chromium: what a hand changes, and what it plays."""

import json
import struct
import unittest

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from page_case import PageCase
from served import wait_until


def samples(path):
    """Of a WAV of 32-bit floats, the frames' left channel."""
    data = path.read_bytes()
    start = data.index(b"data") + 8
    return [left for left, _ in struct.iter_unpack(
        "<ff", data[start:start + (len(data) - start) // 8 * 8])]


class Controls(PageCase):
    def test_slider_changes_memory_and_sound(self):
        self.patch.stop()
        self.browser.wait_for_state("lost")
        self.patch.start(f"--record={self.record}")
        self.browser.wait_for_state("live")
        before = self.patch.get("panel:level")
        slider = self.browser.named("level")
        slider.send_keys(Keys.END)
        self.wait_for("panel:level", 1)
        slider.send_keys(Keys.ARROW_LEFT)
        self.wait_for("panel:level", 0.875)
        ActionChains(self.browser.driver).move_to_element(slider).click().perform()
        self.wait_for("panel:level", 0.5)
        self.patch.stop()
        heard = samples(self.record)
        self.patch.start(f"--record={self.record}")
        levels = [value for i, value in enumerate(heard)
                  if i == 0 or value != heard[i - 1]]
        self.assertEqual(levels[0], before)
        self.assertEqual(levels[-3:], [1, 0.875, 0.5])
        self.browser.wait_for_state("live")

    def test_slider_shows_what_others_set(self):
        slider = self.browser.named("level")
        for value in ("0.75", "0.125"):
            self.patch.ask("set", "panel:level", value)
            wait_until(lambda v=value: slider.get_property("value") == v,
                       "the slider follows")
            self.assertEqual(slider.get_attribute("aria-valuetext"), value)

    def test_slider_goes_back_to_its_default(self):
        slider = self.browser.named("level")
        slider.send_keys(Keys.END)
        self.wait_for("panel:level", 1)
        slider.send_keys(Keys.DELETE)
        self.wait_for("panel:level", 0.25)

    def test_slider_that_runs_downwards(self):
        slider = self.browser.named("coarse")
        self.patch.ask("set", "panel:coarse", "24")
        wait_until(lambda: slider.get_property("value") == "24", "24 is shown")
        box = slider.rect
        ActionChains(self.browser.driver).move_to_element_with_offset(
            slider, int(box["width"] / 2) - 4, 0).click().perform()
        self.wait_for("panel:coarse", 0)

    def test_button_is_on_while_it_is_pressed(self):
        button = self.browser.named("gate")
        actions = ActionChains(self.browser.driver)
        actions.click_and_hold(button).perform()
        self.wait_for("panel:gate", 64)
        actions.release().perform()
        self.wait_for("panel:gate", 0)
        ActionChains(self.browser.driver).key_down(Keys.SPACE, button).perform()
        self.wait_for("panel:gate", 64)
        self.browser.run("arguments[0].blur()", button)
        self.wait_for("panel:gate", 0)

    def test_switch_goes_between_its_values(self):
        switch = self.browser.named("hold")
        self.patch.ask("set", "panel:hold", "10")
        wait_until(lambda: switch.get_attribute("aria-checked") == "false",
                   "the switch is off")
        for value, checked in ((20, "true"), (10, "false")):
            switch.click()
            self.wait_for("panel:hold", value)
            wait_until(lambda: switch.get_attribute("aria-checked") == checked,
                       "the switch shows its value")

    def test_switch_shows_what_another_sets_right_after_the_hand(self):
        switch = self.browser.named("hold")
        self.patch.ask("set", "panel:hold", "10")
        wait_until(lambda: switch.get_attribute("aria-checked") == "false",
                   "the switch is off")
        switch.click()
        self.wait_for("panel:hold", 20)
        self.patch.ask("set", "panel:hold", "10")
        wait_until(lambda: switch.get_attribute("aria-checked") == "false",
                   "the switch is off again")

    def test_crossfade_moves_both(self):
        fade = self.browser.named("dry ↔ wet")
        fade.send_keys(Keys.END)
        self.wait_for("panel:wet", 1)
        self.wait_for("panel:dry", 0)
        fade.send_keys(Keys.HOME)
        self.wait_for("panel:dry", 1)

    # Variables.

    def test_variables_are_found_and_set(self):
        self.browser.press("Variables", "nav")
        search = self.browser.named("Search", "#variables")
        search.send_keys("panel HOLD")
        rows = self.browser.run(
            "return [...document.querySelectorAll('#variables li .name')]"
            ".map((own) => own.firstChild.textContent)")
        self.assertEqual(rows, ["panel:hold"])
        field = self.browser.named("New value of panel:hold", "#variables")
        field.send_keys("loud", Keys.ENTER)

        def error():
            return self.browser.run(
                "return document.querySelector('#variables .error').textContent")
        wait_until(lambda: "loud" in error(), "the error of the channel shows")
        field.clear()
        field.send_keys("20", Keys.ENTER)
        self.wait_for("panel:hold", 20)
        wait_until(lambda: self.browser.run(
            "return document.querySelector('#variables .now').textContent")
            == "20", "the new value shows")
        search.clear()
        search.send_keys("chord:keys")
        index = self.browser.named("Element of chord:keys", "#variables")
        index.send_keys(Keys.END, Keys.BACKSPACE, "5")
        self.browser.named("New value of chord:keys", "#variables").send_keys(
            "71", Keys.ENTER)
        wait_until(lambda: self.patch.get("chord:keys")[5] == 71,
                   "an element is set")
        self.patch.ask("set", "panel:hold", "10")

    # Presets and the map.

    def test_presets_are_kept_loaded_renamed_and_deleted(self):
        self.browser.press("Presets", "nav")
        self.patch.ask("set", "panel:level", "0.625")
        self.browser.named("Name", "#presets").send_keys(
            "<i>soft</i> pad", Keys.ENTER)
        name = "<i>soft</i> pad"
        wait_until(lambda: self.browser.run(
            "return document.querySelector('#presets .load')?.textContent")
            == name, "the preset is listed")
        self.patch.ask("set", "panel:level", "0")
        self.browser.press(f"Load {name}", "#presets")
        self.wait_for("panel:level", 0.625)
        self.browser.press(f"Rename {name}", "#presets")
        field = self.browser.named(f"New name of {name}", "#presets")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys("plain", Keys.ENTER)
        remove = wait_until(lambda: self.browser.run(
            "return document.querySelector('#presets [aria-label=\"Delete "
            "plain\"]')"), "the preset has its new name")
        remove.click()
        remove.click()
        wait_until(lambda: self.browser.run(
            "return document.querySelectorAll('#presets .load').length") == 0,
            "the preset is gone")

    def test_map_is_shown_and_changed(self):
        self.assertTrue(self.patch.ask("cc", "set", "74@16", "panel:level",
                                       "0.25", "1", "pickup")["ok"])
        self.browser.open(self.patch.address)
        self.browser.press("MIDI map", "nav")
        row = wait_until(lambda: self.browser.run(
            "return document.querySelector('#mapping tbody tr')"), "the row")
        self.assertEqual(self.browser.run(
            "return [...arguments[0].querySelectorAll('td')].slice(0, 2)"
            ".map((cell) => cell.textContent)", row), ["74@16", "panel:level"])
        field = self.browser.named("From of 74@16 for panel:level", "#mapping")
        field.clear()
        field.send_keys("0.5", Keys.TAB)
        wait_until(lambda: "0.5" in json.dumps(self.patch.ask("cc", "list")),
                   "the range is changed")
        self.assertEqual(self.browser.run(
            "return document.activeElement.getAttribute('aria-label')"),
            "To of 74@16 for panel:level")
        self.browser.press("Remove 74@16 of panel:level", "#mapping")
        wait_until(lambda: self.browser.run(
            "return document.querySelector('#mapping tbody tr') === null"),
            "the row is gone")

    def test_map_learns(self):
        self.browser.press("MIDI map", "nav")
        learn = self.browser.named("Learn", "#mapping")
        learn.click()
        wait_until(lambda: learn.get_attribute("aria-pressed") == "true",
                   "it waits for a fader")
        self.assertIn("Move a fader for panel:level", self.browser.run(
            "return document.getElementById('mapping').textContent"))
        self.patch.ask("cc", "set", "21", "panel:level")
        wait_until(lambda: learn.get_attribute("aria-pressed") == "false",
                   "it has learnt")
        self.patch.ask("cc", "clear", "panel:level")

    # Notes.

    def test_notes_end_when_the_page_loses_the_keys(self):
        body = self.browser.driver.find_element("tag name", "body")
        ActionChains(self.browser.driver).key_down("d", body).perform()
        self.wait_for("notes:held", 1)
        self.wait_for("notes:last", 64)
        self.browser.run("window.dispatchEvent(new Event('blur'))")
        self.wait_for("notes:held", 0)
        ActionChains(self.browser.driver).key_up("d").perform()
        key = self.browser.named("C4", "#play .keyboard")
        actions = ActionChains(self.browser.driver)
        actions.click_and_hold(key).perform()
        self.wait_for("notes:held", 1)
        actions.release().perform()
        self.wait_for("notes:held", 0)

    def test_keyboard_makes_way(self):
        fold = self.browser.named("Hide", "#play .keyboard")
        fold.click()
        self.assertEqual(fold.get_attribute("aria-expanded"), "false")
        self.assertFalse(self.browser.run(
            "return document.querySelector('.keyboard .keys')"
            ".checkVisibility()"))
        fold.click()
        self.assertEqual(fold.text, "Hide")

    def test_typing_plays_nothing(self):
        before = self.patch.get("notes:last")
        self.browser.press("Variables", "nav")
        self.browser.named("Search", "#variables").send_keys("asdf")
        self.assertEqual(self.patch.get("notes:last"), before)
        self.assertEqual(self.patch.get("notes:held"), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
