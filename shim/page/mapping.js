// SPDX-License-Identifier: MIT
// The CC map: which fader of which device moves what, and learning.
import {el, formatNumber, newId, refusal, setText} from "./dom.js";

const POLL_MS = 700; // while a fader is waited for

export class Mapping {
  #connection;
  #table = el("tbody");
  #status = el("p", {class: "quiet", role: "status"});
  #target = el("select", {id: newId()});
  #learn;
  #isKnown = false;
  #before = "";
  #timer = 0;

  constructor(section, connection) {
    this.#connection = connection;
    this.#learn = el("button", {type: "button", onclick: () => void this.#toggle()}, "Learn");
    section.append(el("div", {class: "card"}, el("h2", {}, "MIDI map"),
      el("div", {class: "row"}, el("label", {for: this.#target.id}, "Control"), this.#target,
         this.#learn), this.#status,
      el("table", {}, el("thead", {}, el("tr", {},
        ...["Source", "Control", "Range", "Take-over", "Remove"].map((title) =>
          el("th", {scope: "col"}, title)))), this.#table)));
  }

  start(words, params) {
    this.#isKnown = words.has("cc");
    const names = [...new Set(params.map((param) => param.item))];
    this.#target.replaceChildren(...names.map((name) => el("option", {value: name}, name)));
    this.#learn.disabled = !this.#isKnown || names.length === 0;
    void this.refresh();
  }

  async #ask(line) {
    try {
      return (await this.#connection.request(line))[0];
    } catch (error) {
      return {ok: false, error: `not sent: ${error.message}`};
    }
  }

  async #toggle() {
    if (this.#timer !== 0) {
      const answer = await this.#ask("cc learn off");
      this.#end(answer.ok ? "Stopped." : refusal(answer));
      return;
    }
    const answer = await this.#ask(`cc learn ${this.#target.value}`);
    if (!answer.ok) {
      setText(this.#status, refusal(answer));
      return;
    }
    setText(this.#status, `Move a fader for ${this.#target.value}.`);
    this.#learn.textContent = "Stop";
    this.#learn.setAttribute("aria-pressed", "true");
    this.#timer = setInterval(() => void this.#look(), POLL_MS);
  }

  #end(text) {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#learn.textContent = "Learn";
    this.#learn.setAttribute("aria-pressed", "false");
    setText(this.#status, text);
  }

  async #look() {
    const before = this.#before;
    await this.refresh();
    if (this.#timer !== 0 && this.#before !== before) {
      this.#end("Learnt.");
    }
  }

  async refresh() {
    if (!this.#isKnown) {
      setText(this.#status, "This patch has no MIDI map.");
      return;
    }
    const answer = await this.#ask("cc list");
    if (!answer.ok) {
      setText(this.#status, refusal(answer));
      return;
    }
    const rows = answer.map ?? answer.entries ?? [];
    this.#before = JSON.stringify(rows);
    this.#table.replaceChildren(...rows.map((row) => this.#row(row)));
  }

  #row(row) {
    const source = row.source ?? `CC ${row.midi?.ctrl ?? row.ctrl}`;
    const item = row.item ?? row.name;
    const channel = row.midi?.chan ?? row.chan;
    const remove = async () => {
      const answer = await this.#ask(`cc remove ${source}`);
      setText(this.#status, answer.ok ? `${source} is free again.` : refusal(answer));
      await this.refresh();
    };
    return el("tr", {},
      el("td", {}, channel ? `${source}, channel ${channel}` : String(source)),
      el("td", {}, String(item)),
      el("td", {}, `${formatNumber(row.min)} – ${formatNumber(row.max)}`),
      el("td", {}, String(row.takeover ?? "jump")),
      el("td", {}, el("button", {type: "button", onclick: () => void remove(),
                                 "aria-label": `Remove ${source} of ${item}`}, "Remove")));
  }
}
