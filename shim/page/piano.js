// SPDX-License-Identifier: MIT
// Keys: of the author's pianos, and of the keyboard that plays MIDI.
import {el, newId, setAttribute} from "./dom.js";

const NAMES = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
const BLACK = new Set([1, 3, 6, 8, 10]);
const inOctave = (key) => ((key % 12) + 12) % 12;
export const keyName = (key) => `${NAMES[inOctave(key)]}${Math.floor(key / 12) - 1}`;

// 'count' keys from 'from' on. press(key, isDown) is called for fingers, mice
// and the space bar; arrows move between keys.
export function keys(from, count, label, press) {
  const held = new Map(); // pointer to key
  const buttons = new Map();
  const group = el("div", {class: "keys", role: "group", "aria-label": label});
  for (let key = from; key < from + count; key++) {
    const isBlack = BLACK.has(inOctave(key));
    const button = el("button", {
      type: "button", class: isBlack ? "black" : "white", "data-key": key,
      "aria-label": keyName(key), "aria-pressed": "false",
      tabindex: key === from ? 0 : -1,
    }, inOctave(key) === 0 ? keyName(key) : "");
    buttons.set(key, button);
    group.append(button);
  }
  // Black keys lie on the line between two white ones.
  const whites = [...buttons.keys()].filter((key) => !BLACK.has(inOctave(key))).length;
  let passed = 0;
  for (const [key, button] of buttons) {
    if (BLACK.has(inOctave(key))) {
      button.style.width = `${60 / whites}%`;
      button.style.left = `${((passed - 0.3) * 100) / whites}%`;
    } else {
      passed++;
    }
  }
  const keyUnder = (event) => {
    const target = document.elementFromPoint(event.clientX, event.clientY);
    const button = target?.closest?.("[data-key]");
    return button && group.contains(button) ? Number(button.dataset.key) : undefined;
  };
  const move = (pointer, key) => {
    const before = held.get(pointer);
    if (before === key) {
      return;
    }
    held.delete(pointer);
    if (before !== undefined && ![...held.values()].includes(before)) {
      press(before, false);
    }
    if (key !== undefined) {
      held.set(pointer, key);
      press(key, true);
    }
  };
  group.addEventListener("pointerdown", (event) => {
    event.target.releasePointerCapture?.(event.pointerId);
    move(event.pointerId, keyUnder(event));
  });
  group.addEventListener("pointermove", (event) => {
    if (held.has(event.pointerId)) {
      move(event.pointerId, keyUnder(event));
    }
  });
  const up = (event) => move(event.pointerId, undefined);
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    group.addEventListener(end, up);
  }
  group.addEventListener("contextmenu", (event) => event.preventDefault());
  group.addEventListener("keydown", (event) => {
    const key = Number(event.target.dataset.key);
    const step = {ArrowRight: 1, ArrowLeft: -1, ArrowUp: 12, ArrowDown: -12}[event.key];
    if (step !== undefined && buttons.has(key + step)) {
      event.preventDefault();
      event.target.tabIndex = -1;
      buttons.get(key + step).tabIndex = 0;
      buttons.get(key + step).focus();
    } else if ((event.key === " " || event.key === "Enter") && !event.repeat) {
      event.preventDefault();
      move(`key ${key}`, key);
    }
  });
  group.addEventListener("keyup", (event) => {
    if (event.key === " " || event.key === "Enter") {
      move(`key ${event.target.dataset.key}`, undefined);
    }
  });
  group.addEventListener("focusout", (event) =>
    move(`key ${event.target.dataset.key}`, undefined));
  const show = (isDown) => {
    for (const [key, button] of buttons) {
      setAttribute(button, "aria-pressed", isDown(key));
    }
  };
  return {group, show, releaseAll: () => [...held.keys()].forEach((p) => move(p, undefined))};
}

// Of the keys of a computer, by their place: an octave and a half.
const CODES = ["KeyA", "KeyW", "KeyS", "KeyE", "KeyD", "KeyF", "KeyT", "KeyG", "KeyY", "KeyH",
               "KeyU", "KeyJ", "KeyK", "KeyO", "KeyL", "KeyP", "Semicolon"];
const TYPES_TEXT = "input:not([type=range]):not([type=checkbox]), select, textarea";

// The keyboard that plays 'ports', and lets go of all notes when the page is
// left in any way.
export function midiKeyboard(connection, ports) {
  const down = new Map(); // note to how many hold it
  const typed = new Map(); // code to note
  let octave = 4;
  let notes = 0;
  let own = null;
  const id = newId();
  const port = el("select", {id}, ...ports.map((p) => el("option", {value: p}, `port ${p}`)));
  const range = el("output", {"aria-label": "Keys"});
  const stage = el("div", {class: "stage"});
  const fold = el("button", {type: "button", "aria-expanded": "true"}, "Hide");
  const velocity = el("input", {type: "range", id: newId(), min: 1, max: 127, value: 100});
  const say = (status, note, value) =>
    connection.send(`note ${notes++}`, `midi ${port.value} ${status} ${note} ${value}`);
  const press = (note, isDown) => {
    const count = (down.get(note) ?? 0) + (isDown ? 1 : -1);
    if (note < 0 || note > 127 || count < 0) {
      return;
    }
    if (isDown && count === 1) {
      say(0x90, note, velocity.value);
    } else if (!isDown && count === 0) {
      say(0x80, note, 0);
    }
    if (count > 0) {
      down.set(note, count);
    } else {
      down.delete(note);
    }
    own.show((key) => down.has(key));
  };
  const releaseAll = () => {
    own.releaseAll();
    typed.clear();
    for (const note of [...down.keys()]) {
      down.set(note, 1);
      press(note, false);
    }
  };
  const build = () => {
    own?.releaseAll();
    const from = 12 * (octave + 1);
    const count = window.innerWidth < 640 ? 13 : 25;
    own = keys(from, count, "MIDI keyboard", press);
    range.textContent = `${keyName(from)}–${keyName(from + count - 1)}`;
    stage.replaceChildren(own.group);
  };
  const shift = (step) => {
    releaseAll();
    octave = Math.max(-1, Math.min(8, octave + step));
    build();
  };
  const stop = new AbortController();
  const options = {signal: stop.signal};
  window.addEventListener("blur", releaseAll, options);
  window.addEventListener("pagehide", releaseAll, options);
  document.addEventListener("visibilitychange", releaseAll, options);
  port.addEventListener("pointerdown", releaseAll);
  port.addEventListener("keydown", releaseAll);
  window.matchMedia("(max-width: 639px)").addEventListener("change", () => {
    releaseAll();
    build();
  }, options);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat ||
        event.target.matches(TYPES_TEXT)) {
      return;
    }
    const place = CODES.indexOf(event.code);
    if (event.code === "KeyZ" || event.code === "KeyX") {
      shift(event.code === "KeyZ" ? -1 : 1);
    } else if (place >= 0 && !typed.has(event.code)) {
      typed.set(event.code, 12 * (octave + 1) + place);
      press(typed.get(event.code), true);
    }
  }, options);
  document.addEventListener("keyup", (event) => {
    if (typed.has(event.code)) {
      press(typed.get(event.code), false);
      typed.delete(event.code);
    }
  }, options);
  fold.addEventListener("click", () => {
    releaseAll();
    stage.hidden = !stage.hidden;
    fold.setAttribute("aria-expanded", String(!stage.hidden));
    fold.textContent = stage.hidden ? "Show" : "Hide";
  });
  build();
  const element = el("section", {class: "card keyboard", "aria-label": "MIDI keyboard"},
    el("div", {class: "row"},
       el("h2", {}, "Keyboard"), range,
       el("button", {type: "button", "aria-label": "Octave down", onclick: () => shift(-1)}, "−"),
       el("button", {type: "button", "aria-label": "Octave up", onclick: () => shift(1)}, "+"),
       el("label", {for: velocity.id, class: "quiet"}, "velocity"), velocity,
       fold, ...(ports.length > 1 ? [el("label", {for: id, class: "quiet"}, "to"), port] : [])),
    stage,
    el("p", {class: "quiet hint"}, "Keys A to ; play, Z and X change the octave."));
  return {element, remove: () => { releaseAll(); stop.abort(); }};
}
