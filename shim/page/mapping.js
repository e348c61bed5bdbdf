// SPDX-License-Identifier: MIT
// The CC map: which fader of which device moves what, and learning.
import {el, newId, refusal, setText} from "./dom.js";

const POLL_MS = 600; // while a fader is waited for
const LEARN_MS = 60000; // then nobody is at the faders any more
const TAKEOVERS = ["jump", "pickup", "scale"];

const rowsOf = (answer) =>
  (answer.cc ?? []).map((own) => ({...own, name: own.item}));

export class Mapping {
  #connection;
  #table = el("tbody");
  #rows = new Map(); // by source and name: a row that stays keeps the focus
  #status = el("p", {class: "quiet", role: "status"});
  #target = el("select", {id: newId()});
  #learn;
  #isKnown = false;
  #before = "";
  #timer = 0;
  #sinceMs = 0;

  constructor(section, connection) {
    this.#connection = connection;
    this.#learn = el("button", {type: "button", "aria-pressed": "false",
                                onclick: () => void this.#toggle()}, "Learn");
    const titles = ["Source", "Control", "From", "To", "Take-over", ""];
    section.append(el("div", {class: "card"}, el("h2", {}, "MIDI map"),
      el("div", {class: "row"}, el("label", {for: this.#target.id}, "Control"), this.#target,
         this.#learn), this.#status,
      el("div", {class: "scroll"}, el("table", {},
         el("caption", {class: "away"}, "What moves what"),
         el("thead", {}, el("tr", {}, ...titles.map((title) =>
           el(title ? "th" : "td", {scope: title ? "col" : null}, title)))), this.#table))));
  }

  start(words, params) {
    this.#isKnown = words.has("cc");
    const names = [...new Set(params.map((param) => param.item))];
    const before = this.#target.value;
    this.#target.replaceChildren(...names.map((name) => el("option", {value: name}, name)));
    if (names.includes(before)) {
      this.#target.value = before;
    }
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
    this.#sinceMs = performance.now();
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
    if (this.#timer === 0) {
      return;
    }
    if (this.#before !== before) {
      this.#end("Learnt.");
    } else if (performance.now() - this.#sinceMs > LEARN_MS) {
      await this.#toggle();
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
    const rows = rowsOf(answer);
    const now = JSON.stringify(rows);
    if (now !== this.#before || rows.length === 0) {
      this.#before = now;
      this.#show(rows);
    }
    if (rows.length === 0 && this.#timer === 0) {
      setText(this.#status, "Nothing is mapped yet.");
    }
  }

  #show(rows) {
    const before = this.#rows;
    this.#rows = new Map();
    for (const row of rows) {
      const key = `${row.source} ${row.name}`;
      const own = before.get(key) ?? this.#row(row);
      own.update(row);
      this.#rows.set(key, own);
      if (!before.delete(key)) {
        this.#table.append(own.element);
      }
    }
    for (const {element} of before.values()) {
      element.remove();
    }
  }

  async #change(line, done) {
    const answer = await this.#ask(line);
    await this.refresh();
    setText(this.#status, answer.ok ? done : refusal(answer));
  }

  #row({source, name}) {
    const bound = (title) => el("input", {type: "number", step: "any",
                                          "aria-label": `${title} of ${source} for ${name}`});
    const min = bound("From");
    const max = bound("To");
    const takeover = el("select", {"aria-label": `Take-over of ${source} for ${name}`},
                        ...TAKEOVERS.map((text) => el("option", {value: text}, text)));
    const keep = () => {
      const words = [source, name, min.value, max.value, takeover.value];
      void this.#change(`cc set ${words.filter((word) => word !== "").join(" ")}`,
                        `${source} moves ${name} as it says.`);
    };
    for (const input of [min, max, takeover]) {
      input.addEventListener("change", keep);
    }
    const remove = el("button", {
      type: "button", "aria-label": `Remove ${source} of ${name}`,
      onclick: () => void this.#change(`cc clear ${name}`, `${name} is free again.`),
    }, "Remove");
    const update = (row) => {
      for (const [input, value] of [[min, row.min], [max, row.max],
                                    [takeover, row.takeover ?? "jump"]]) {
        input.disabled = value === undefined;
        if (input !== document.activeElement) {
          input.value = value ?? "";
        }
      }
    };
    return {update, element: el("tr", {}, ...[source, name, min, max, takeover, remove]
      .map((cell) => el("td", {}, cell)))};
  }
}
