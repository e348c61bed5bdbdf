// SPDX-License-Identifier: MIT
// The way to the patch: requests and their answers, events, and coming back
// after either end was gone.

const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 3000;
const SILENCE_MS = 8000; // with 25 events a second, nobody is there any more

export class Connection extends EventTarget {
  #source = null;
  #session = null;
  #retryMs = RETRY_FIRST_MS;
  #waiting = new Map(); // what is not sent yet: key to line
  #flushing = null; // the promise of its end, while something is on its way
  #lastEvent = 0;
  #wanted = "";
  #timer = 0;

  get isOpen() { return this.#source !== null; }

  open() {
    clearTimeout(this.#timer);
    this.#source?.close();
    const source = new EventSource("api/events");
    this.#source = source;
    this.#lastEvent = performance.now();
    source.addEventListener("hello", (event) => this.#hello(JSON.parse(event.data)));
    source.onmessage = (event) => this.#take(JSON.parse(event.data));
    source.addEventListener("values", source.onmessage);
    source.addEventListener("version", source.onmessage);
    source.onerror = () => this.#lost(source);
  }

  // Lines to the channel; one answer for each. Rejects when nobody answers.
  async request(...lines) {
    const response = await fetch("api/request", {
      method: "POST",
      headers: {"Content-Type": "text/plain;charset=utf-8"},
      body: lines.map((line) => line.replace(/[\r\n]+/g, " ") + "\n").join(""),
    });
    if (!response.ok) {
      throw new Error(`${response.status} ${(await response.text()).slice(0, 200)}`);
    }
    const text = await response.text();
    return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  // A change. While one is on its way the newest of each key waits, so that a
  // slider that is pulled over a slow network never lags behind the finger.
  // Resolves when it has been answered or has failed.
  send(key, line) {
    this.#waiting.delete(key);
    this.#waiting.set(key, line);
    this.#flushing ??= this.#flush();
    return this.#flushing;
  }

  async subscribe(hertz, names) {
    const wanted = [hertz, ...names].join(" ");
    if (wanted === this.#wanted || this.#session === null) {
      return null;
    }
    this.#wanted = wanted;
    const session = encodeURIComponent(this.#session);
    const response = await fetch(`api/subscribe?session=${session}`, {
      method: "POST",
      headers: {"Content-Type": "text/plain;charset=utf-8"},
      body: wanted,
    });
    const text = (await response.text()).split("\n")[0];
    try {
      return text === "" ? {ok: response.ok} : JSON.parse(text);
    } catch {
      return {ok: response.ok, error: text.slice(0, 200)};
    }
  }

  async #flush() {
    while (this.#waiting.size > 0) {
      const lines = [...this.#waiting.values()];
      this.#waiting.clear();
      try {
        const answers = await this.request(...lines);
        const bad = answers.find((answer) => !answer.ok);
        this.#tell("refused", bad ?? null);
      } catch (error) {
        this.#tell("refused", {error: `not sent: ${error.message}`});
      }
    }
    this.#flushing = null;
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }

  #hello(detail) {
    this.#session = detail.session;
    this.#wanted = "";
    this.#retryMs = RETRY_FIRST_MS;
    this.#lastEvent = performance.now();
    this.#tell("open", detail);
  }

  #take(detail) {
    this.#lastEvent = performance.now();
    if (detail.event === "hello") {
      this.#hello(detail);
    } else if (detail.event === "version") {
      // The code was exchanged: other names, controls and views.
      this.#wanted = "";
      this.#tell("open", detail);
    } else {
      this.#tell("event", detail);
    }
  }

  // A page that is left may be kept for the way back, and its connection with
  // it; a browser has few of them for all pages of a host.
  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    this.#session = null;
  }

  // Called once a second: a connection that a phone's sleep has cut says nothing.
  check() {
    if (this.#source !== null && !document.hidden &&
        performance.now() - this.#lastEvent > SILENCE_MS) {
      this.#lost(this.#source);
    }
  }

  #lost(source) {
    if (source !== this.#source) {
      return;
    }
    source.close();
    this.#source = null;
    this.#session = null;
    this.#tell("close", null);
    this.#timer = setTimeout(() => this.open(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MOST_MS);
  }
}
