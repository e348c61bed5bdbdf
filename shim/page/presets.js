// SPDX-License-Identifier: MIT
// Presets: kept by the patch, loaded at once or as a morph.
import {el, newId, refusal, setText} from "./dom.js";

// As a word of a request; a name may have blanks.
const quote = (name) =>
  /^[^\s"#\\]+$/.test(name) ? name : `"${name.replace(/["\\]/g, "\\$&")}"`;

const namesOf = (answer) => (answer.presets ?? []).map(({name}) => name);

export class Presets {
  #connection;
  #list = el("ul", {class: "presets"});
  #status = el("p", {class: "quiet", role: "status"});
  #name;
  #seconds;
  #isKnown = false;
  #shown = "[]"; // the names in the list

  constructor(section, connection) {
    this.#connection = connection;
    const nameId = newId();
    const secondsId = newId();
    this.#name = el("input", {type: "text", id: nameId, autocomplete: "off", required: true,
                              maxlength: 64});
    this.#seconds = el("input", {type: "number", id: secondsId, min: 0, max: 600, step: 0.1,
                                 value: 0});
    const form = el("form", {class: "row"}, el("label", {for: nameId}, "Name"), this.#name,
                    el("button", {type: "submit"}, "Save"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#do(`preset save ${quote(this.#name.value.trim())}`, `saved ${this.#name.value}`);
    });
    section.append(el("div", {class: "card"}, el("h2", {}, "Presets"), form,
      el("div", {class: "row"}, el("label", {for: secondsId}, "Morph for"), this.#seconds,
         el("span", {class: "quiet"}, "seconds")), this.#status, this.#list));
  }

  start(words) {
    this.#isKnown = words.has("preset");
    void this.refresh();
  }

  async #do(line, done) {
    try {
      const [answer] = await this.#connection.request(line);
      setText(this.#status, answer.ok ? done : refusal(answer));
    } catch (error) {
      setText(this.#status, `not sent: ${error.message}`);
    }
    await this.refresh();
  }

  async refresh() {
    if (!this.#isKnown) {
      setText(this.#status, "This patch keeps no presets.");
      return;
    }
    const [answer] = await this.#connection.request("preset list").catch(() => [null]);
    if (answer === null) {
      return;
    }
    if (!answer.ok) {
      setText(this.#status, refusal(answer));
    }
    const names = namesOf(answer);
    // Drawn anew only for other names: a row may be in somebody's hands.
    const shown = JSON.stringify(names);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#list.replaceChildren(...names.map((name) => this.#row(name)));
    }
    if (answer.ok && names.length === 0 && this.#status.textContent === "") {
      setText(this.#status, "None yet: save the first one under a name.");
    }
  }

  #row(name) {
    const load = () => {
      const seconds = Number(this.#seconds.value) || 0;
      void this.#do(`preset load ${quote(name)}${seconds > 0 ? ` over ${seconds}s` : ""}`,
                    seconds > 0 ? `${name}, over ${seconds} s` : `loaded ${name}`);
    };
    const rename = () => {
      const input = el("input", {type: "text", value: name, maxlength: 64,
                                 required: true, "aria-label": `New name of ${name}`});
      const form = el("form", {class: "row"}, input, el("button", {type: "submit"}, "Rename"),
                      el("button", {type: "button", onclick: () => row.replaceWith(this.#row(name))},
                         "Leave"));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        void this.#do(`preset rename ${quote(name)} ${quote(input.value.trim())}`, `now ${input.value}`);
      });
      row.replaceChildren(form);
      input.focus();
      input.select();
    };
    // Deleting asks again, in place: the second press within the time does it.
    const remove = el("button", {type: "button", "aria-label": `Delete ${name}`}, "Delete");
    remove.addEventListener("click", () => {
      if (remove.classList.contains("sure")) {
        void this.#do(`preset delete ${quote(name)}`, `deleted ${name}`);
        return;
      }
      remove.classList.add("sure");
      remove.textContent = "Sure?";
      setTimeout(() => {
        remove.classList.remove("sure");
        remove.textContent = "Delete";
      }, 3000);
    });
    const row = el("li", {class: "row"},
      el("button", {type: "button", class: "load", onclick: load,
                    "aria-label": `Load ${name}`}, name),
      el("button", {type: "button", onclick: rename, "aria-label": `Rename ${name}`}, "Rename"),
      remove);
    return row;
  }
}
