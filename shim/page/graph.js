// SPDX-License-Identifier: MIT
// Curves on a canvas, in device pixels.

let colours = null;

export function forgetColours() {
  colours = null;
}

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {trace: read("--accent"), grid: read("--line"), cursor: read("--warm"),
          hot: read("--bad")};
}

// The canvas at its size on the screen; null while it has none.
export function begin(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (width === 0 || height === 0) {
    return null;
  }
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  colours ??= readColours();
  context.clearRect(0, 0, width, height);
  return {context, width, height, ratio, colours};
}

const share = (value, min, max) =>
  max === min ? 0 : Math.max(0, Math.min(1, (value - min) / (max - min)));

// A line where zero is, when it lies within.
function drawZero({context, width, height, ratio, colours}, min, max) {
  if (min < 0 && max > 0) {
    const y = Math.round(height * (1 - share(0, min, max)));
    context.fillStyle = colours.grid;
    context.fillRect(0, y, width, Math.max(1, Math.round(ratio)));
  }
}

// Row of a value, from the top, with room for the line's own width.
const rowOf = (value, min, max, height, line) =>
  line / 2 + (1 - share(value, min, max)) * (height - line);

export function drawCurve(surface, values, min, max) {
  const {context, width, height, ratio, colours} = surface;
  const line = Math.max(1, 1.5 * ratio);
  drawZero(surface, min, max);
  context.strokeStyle = colours.trace;
  context.lineWidth = line;
  context.lineJoin = "round";
  context.beginPath();
  const steps = Math.max(1, values.length - 1);
  for (let i = 0; i < values.length; i++) {
    const y = rowOf(values[i], min, max, height, line);
    if (i === 0) {
      context.moveTo(0, y);
    }
    context.lineTo(values.length === 1 ? width : (i / steps) * width, y);
  }
  context.stroke();
}

// The highest and the lowest of each column: nothing that is short is missed.
export function drawWave(surface, values, min, max) {
  const {context, width, height, ratio, colours} = surface;
  if (values.length < width) {
    drawCurve(surface, values, min, max);
    return;
  }
  drawZero(surface, min, max);
  const line = Math.max(1, ratio);
  context.fillStyle = colours.trace;
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * values.length) / width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * values.length) / width));
    let low = values[from];
    let high = low;
    for (let i = from + 1; i < to; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    const top = rowOf(high, min, max, height, line) - line / 2;
    const bottom = rowOf(low, min, max, height, line) + line / 2;
    context.fillRect(x, top, 1, Math.max(1, bottom - top));
  }
}

export function drawBars(surface, values, min, max) {
  const {context, width, height, ratio, colours} = surface;
  const zero = height * (1 - share(0, min, max));
  const step = width / Math.max(1, values.length);
  const gap = step > 4 * ratio ? Math.round(ratio) : 0;
  drawZero(surface, min, max);
  context.fillStyle = colours.trace;
  for (let i = 0; i < values.length; i++) {
    const y = height * (1 - share(values[i], min, max));
    const left = Math.round(i * step);
    const right = Math.max(left + 1, Math.round((i + 1) * step) - gap);
    context.fillRect(left, Math.min(y, zero), right - left, Math.max(1, Math.abs(y - zero)));
  }
}

export function drawCursor({context, width, height, ratio, colours}, index, count) {
  const x = Math.round(((index + 0.5) / count) * width);
  const line = Math.max(1, Math.round(ratio));
  context.fillStyle = colours.cursor;
  context.fillRect(Math.min(width - line, x), 0, line, height);
}

// One bar for each channel, of -60 to 0 dB; the last 3 of them are hot.
export function drawLevels({context, width, height, ratio, colours}, decibels, held) {
  const gap = Math.round(2 * ratio);
  const count = Math.max(1, decibels.length);
  const bar = Math.max(1, Math.floor((height - gap * (count - 1)) / count));
  const at = (value) => Math.round(share(value, -60, 0) * width);
  for (let k = 0; k < count; k++) {
    const y = k * (bar + gap);
    context.fillStyle = colours.grid;
    context.fillRect(0, y, width, bar);
    context.fillStyle = colours.trace;
    context.fillRect(0, y, at(decibels[k]), bar);
    if (decibels[k] > -3) {
      context.fillStyle = colours.hot;
      context.fillRect(at(-3), y, at(decibels[k]) - at(-3), bar);
    }
    if (held[k] > -60) {
      context.fillStyle = held[k] > -3 ? colours.hot : colours.cursor;
      context.fillRect(Math.max(0, at(held[k]) - gap), y, gap, bar);
    }
  }
}
