// SPDX-License-Identifier: MIT
// The line that is always there: level, load, xruns, device.
import {byId, setAttribute, setText} from "./dom.js";
import {begin, drawLevels} from "./graph.js";

const FALL_DB = 0.8; // of a bar between two events, as meters fall
const HELD_EVENTS = 40; // of the highest level
const LEVEL_TOLD_MS = 1000;

const decibels = (peak) => (peak > 0 ? Math.max(-99, 20 * Math.log10(peak)) : -99);
const spoken = (value) => (value <= -99 ? "silent" : `${value.toFixed(1)} dB`);

export class Status {
  #shown = [];
  #held = [];
  #heldFor = [];
  #toldMs = 0;
  #xruns = 0;

  levels(peaks) {
    for (let k = 0; k < peaks.length; k++) {
      const now = decibels(peaks[k]);
      this.#shown[k] = Math.max(now, (this.#shown[k] ?? -99) - FALL_DB);
      this.#heldFor[k] = (this.#heldFor[k] ?? 0) + 1;
      if (now >= (this.#held[k] ?? -99) || this.#heldFor[k] > HELD_EVENTS) {
        this.#held[k] = now;
        this.#heldFor[k] = 0;
      }
    }
    this.#shown.length = this.#held.length = peaks.length;
    this.draw();
    if (performance.now() - this.#toldMs > LEVEL_TOLD_MS / 4) {
      this.#toldMs = performance.now();
      const most = Math.max(-99, ...this.#held);
      setText(byId("peak"), most <= -99 ? "silent" : `${most.toFixed(1)} dB`);
      setAttribute(byId("levels"), "aria-label",
                   `Output level: ${this.#held.map(spoken).join(", ") || "no outputs"}`);
    }
  }

  draw() {
    const surface = begin(byId("levels"));
    if (surface !== null) {
      drawLevels(surface, this.#shown, this.#held);
    }
  }

  stats(stats) {
    setText(byId("load"), `${stats.loadPercent.toFixed(1)} %`);
    setText(byId("xruns"), String(stats.xruns));
    setText(byId("device"), stats.device ?? stats.backend);
    byId("device").title = stats.device ?? stats.backend;
    byId("load").classList.toggle("bad", stats.loadPercent > 80);
    byId("xruns").classList.toggle("bad", stats.xruns > this.#xruns);
    if (stats.traps > 0) {
      setText(byId("device"), `${stats.traps} traps`);
    }
  }

  // Xruns from before the page was opened are not its news.
  start(stats) {
    this.#xruns = stats.xruns;
    this.#shown = [];
    this.#held = [];
  }
}
