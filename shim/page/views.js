// SPDX-License-Identifier: MIT
// What the author looks at: watches, meters, plots, bars, waves, pianos.
import {el, formatNumber, seldom, setAttribute, setText, shortName} from "./dom.js";
import {begin, drawBars, drawCursor, drawCurve, drawWave} from "./graph.js";
import {keyName, keys} from "./piano.js";
import {Run} from "./run.js";

const TOLD_MS = 1000; // between two texts for a screen reader
const KEYS = 24;

const label = (view) => {
  const name = shortName(view.item, view.module);
  return `${view.pointer ? "*" : ""}${name}${view.index > 0 ? `[${view.index}]` : ""}`;
};

function watch(board, connection, view) {
  const run = new Run(board, view);
  const value = el("dd", {});
  return {
    element: el("dl", {class: "watch"}, el("dt", {}, label(view)), value),
    names: () => run.names(),
    draw() {
      setText(value, run.text());
    },
  };
}

// The share of the range or, where it goes through 0, of its larger side.
function level(value, min, max) {
  const isBipolar = min < 0 && max > 0;
  const low = isBipolar ? 0 : min;
  const width = isBipolar ? Math.max(-min, max) : max - min;
  const share = width !== 0 ? ((isBipolar ? Math.abs(value) : value) - low) / width : 0;
  return Math.max(0, Math.min(1, share)) || 0;
}

function meter(board, connection, view) {
  const run = new Run(board, view);
  const fill = el("div", {class: "fill"});
  const bar = el("div", {class: "meter", role: "meter", "aria-label": label(view),
                         "aria-valuemin": view.min, "aria-valuemax": view.max}, fill);
  const output = el("output", {"aria-hidden": "true"});
  const tell = seldom(TOLD_MS, () =>
    setAttribute(bar, "aria-valuenow", formatNumber(run.values()[0] ?? 0)));
  return {
    element: el("div", {class: "control"},
                el("span", {class: "label", "aria-hidden": "true"}, label(view)), output, bar),
    names: () => run.names(),
    draw() {
      const value = run.values()[0] ?? 0;
      fill.style.transform = `scaleX(${level(value, view.min, view.max).toFixed(4)})`;
      setText(output, Number(value).toFixed(3));
      tell();
    },
  };
}

const painters = {plot: drawCurve, bars: drawBars, wave: drawWave};

function describe(view, {values, count}) {
  if (values.length === 0) {
    return `${view.kind} of ${label(view)}, nothing to show`;
  }
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return `${view.kind} of ${label(view)}, ${count} values, ` +
         `from ${formatNumber(low)} to ${formatNumber(high)}`;
}

function graph(board, connection, view) {
  const run = new Run(board, view);
  const canvas = el("canvas", {role: "img", "aria-label": `${view.kind} of ${label(view)}`});
  const length = el("span", {class: "quiet"});
  canvas.style.height = `${Math.max(56, Math.min(240, (view.rows ?? 1) * 18))}px`;
  const tell = seldom(TOLD_MS, () =>
    setAttribute(canvas, "aria-label", describe(view, run.read())));
  return {
    element: el("figure", {class: "graph"},
                el("figcaption", {}, el("span", {}, label(view)), length), canvas),
    names: () => run.names(),
    draw() {
      const surface = begin(canvas);
      if (surface === null) {
        return;
      }
      const {values, count} = run.read();
      painters[view.kind](surface, values, view.min, view.max);
      const cursor = run.cursor(count);
      if (cursor >= 0) {
        drawCursor(surface, cursor, count);
      }
      setText(length, count === 0 ? "nothing to show" : String(count));
      tell();
    },
  };
}

let pianoPresses = 0;

// Keys are toggled, as in the editor; a finger that slides toggles each once.
function piano(board, connection, view) {
  const run = new Run(board, view);
  const from = view.firstKey ?? 0;
  const own = keys(from, KEYS, label(view), (key, isDown) => {
    if (isDown) {
      connection.send(`piano ${pianoPresses++}`, `piano ${view.item} ${key} toggle`);
    }
  });
  const held = el("span", {class: "quiet"});
  return {
    element: el("figure", {class: "graph"},
                el("figcaption", {}, el("span", {}, label(view)), held),
                el("div", {class: "stage"}, own.group)),
    names: () => run.names(),
    draw() {
      const down = new Set(run.values());
      own.show((key) => down.has(key));
      setText(held, [...down].sort((a, b) => a - b).map(keyName).join(" "));
    },
  };
}

const viewMakers = {watch, meter, plot: graph, bars: graph, wave: graph, piano};

export function makeView(board, connection, view) {
  return viewMakers[view.kind]?.(board, connection, view) ?? null;
}
