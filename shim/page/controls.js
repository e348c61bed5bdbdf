// SPDX-License-Identifier: MIT
// The author's sliders, buttons, switches and crossfades.
import {el, formatNumber, newId, setAttribute, setText, shortName} from "./dom.js";

const HOLD_MS = 400; // after a touch or an answer, events on their way are older

const SHOWN_DIGITS = 4;

// Whether the patch's value is to be shown, or the hand's. 'released' is called
// when it is the patch's again: no event repeats what came in the meantime.
class Touch {
  #released;
  #isDown = false;
  #onTheirWay = 0;
  #timer = 0;

  constructor(released) { this.#released = released; }

  get isOn() { return this.#isDown || this.#onTheirWay > 0 || this.#timer !== 0; }

  start() { this.#isDown = true; }

  end() {
    this.#isDown = false;
    this.#hold();
  }

  // What the hand set was sent; 'answered' is the promise of Connection.send().
  async sent(answered) {
    this.#onTheirWay++;
    await answered;
    this.#onTheirWay--;
    this.#hold();
  }

  #hold() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      if (!this.isOn) {
        this.#released();
      }
    }, HOLD_MS);
  }
}

// A range as an <input>: one that runs downwards is drawn from the right.
function rangeInput(id, min, max, step) {
  return el("input", {
    type: "range", id, min: Math.min(min, max), max: Math.max(min, max),
    step: step > 0 ? step : "any", value: min, dir: max < min ? "rtl" : "ltr",
  });
}

// The track is coloured from zero, or from the end that is nearer to it.
function paint(input) {
  const min = Number(input.min);
  const width = Number(input.max) - min;
  const share = (value) => (width > 0 ? Math.max(0, Math.min(1, (value - min) / width)) : 0);
  const ends = [share(0), share(Number(input.value))].sort((a, b) => a - b);
  input.style.setProperty("--low", `${(ends[0] * 100).toFixed(2)}%`);
  input.style.setProperty("--high", `${(ends[1] * 100).toFixed(2)}%`);
}

function row(className, label, id, output, ...parts) {
  return el("div", {class: `control ${className}`},
            el("label", {for: id}, label), output, ...parts);
}

function slider(board, connection, param) {
  const id = newId();
  const item = board.items.get(param.item);
  const isWhole = item && item.element[0] !== "f" && Number.isInteger(param.min) &&
                  Number.isInteger(param.max);
  const input = rangeInput(id, param.min, param.max, param.step ?? (isWhole ? 1 : 0));
  const output = el("output", {for: id});
  const touch = new Touch(() => board.redraw());
  const show = (value) => {
    const text = formatNumber(value, SHOWN_DIGITS);
    setText(output, text);
    setAttribute(input, "aria-valuetext", text);
    paint(input);
  };
  const move = (value) => {
    void touch.sent(connection.send(param.item, `set ${param.item} ${value}`));
    show(value);
  };
  input.addEventListener("pointerdown", () => touch.start());
  for (const end of ["pointerup", "pointercancel", "blur", "change"]) {
    input.addEventListener(end, () => touch.end());
  }
  input.addEventListener("input", () => {
    move(Number(input.value));
  });
  const reset = () => {
    const value = item?.default;
    if (typeof value === "number") {
      input.value = value;
      move(value);
    }
  };
  input.addEventListener("dblclick", reset);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      reset();
    }
  });
  const label = shortName(param.item, param.module);
  return {
    element: row("slider", label, id, output, input),
    names: () => [param.item],
    draw() {
      const value = board.values.get(param.item);
      if (typeof value === "number" && !touch.isOn) {
        input.value = value;
        show(value);
      }
    },
  };
}

function crossfade(board, connection, param) {
  const id = newId();
  const input = rangeInput(id, -1, 1, 0);
  const output = el("output", {for: id});
  const touch = new Touch(() => board.redraw());
  const left = shortName(param.item, param.module);
  const right = shortName(param.item2, param.module);
  const show = (value) => {
    const text = value === 0 ? "middle"
      : `${Math.round(Math.abs(value) * 100)}% ${value < 0 ? left : right}`;
    setText(output, text);
    setAttribute(input, "aria-valuetext", text);
    paint(input);
  };
  input.addEventListener("pointerdown", () => touch.start());
  for (const end of ["pointerup", "pointercancel", "blur", "change"]) {
    input.addEventListener(end, () => touch.end());
  }
  input.addEventListener("input", () => {
    const value = Number(input.value);
    void touch.sent(connection.send(param.item,
                                    `set ${param.item} ${(value + 1) * 50}%`));
    show(value);
  });
  return {
    element: row("slider", `${left} ↔ ${right}`, id, output, input),
    names: () => [param.item, param.item2],
    draw() {
      const value = board.values.get(param.item2) - board.values.get(param.item);
      if (Number.isFinite(value) && !touch.isOn) {
        input.value = value;
        show(Math.max(-1, Math.min(1, value)));
      }
    },
  };
}

let presses = 0;

function button(board, connection, param) {
  const own = el("button", {type: "button", class: "push", "aria-pressed": "false"},
                 shortName(param.item, param.module));
  let isDown = false;
  // Each press counts: none takes the place of another.
  const press = (isNow) => {
    if (isNow !== isDown) {
      isDown = isNow;
      setAttribute(own, "aria-pressed", isNow);
      connection.send(`press ${presses++}`,
                      `set ${param.item} ${isNow ? param.on : param.off}`);
    }
  };
  own.addEventListener("pointerdown", (event) => {
    own.setPointerCapture(event.pointerId);
    press(true);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
    own.addEventListener(end, () => press(false));
  }
  own.addEventListener("keydown", (event) => {
    if ((event.key === " " || event.key === "Enter") && !event.repeat) {
      press(true);
    }
  });
  own.addEventListener("keyup", () => press(false));
  own.addEventListener("contextmenu", (event) => event.preventDefault());
  window.addEventListener("blur", () => press(false));
  return {
    element: el("div", {class: "control press"}, own),
    names: () => [param.item],
    draw() {
      if (!isDown) {
        setAttribute(own, "aria-pressed", board.values.get(param.item) === param.on);
      }
    },
  };
}

function toggle(board, connection, param) {
  const id = newId();
  const output = el("output", {for: id});
  const touch = new Touch(() => board.redraw());
  const own = el("button", {type: "button", role: "switch", id, "aria-checked": "false"});
  let shown = param.off;
  const show = (value) => {
    shown = value;
    setText(output, value === param.on ? "on" : value === param.off ? "off"
      : formatNumber(value));
    setAttribute(own, "aria-checked", value === param.on);
  };
  own.addEventListener("click", () => {
    // What is shown is what the hand means, not an older value that came late.
    const value = shown === param.off ? param.on : param.off;
    show(value);
    void touch.sent(connection.send(`press ${presses++}`, `set ${param.item} ${value}`));
  });
  return {
    element: row("switch", shortName(param.item, param.module), id, output, own),
    names: () => [param.item],
    draw() {
      if (!touch.isOn) {
        show(board.values.get(param.item));
      }
    },
  };
}

const controlMakers = {slider, button, switch: toggle, crossfade};

export function makeControl(board, connection, param) {
  return controlMakers[param.kind]?.(board, connection, param) ?? null;
}
