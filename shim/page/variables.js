// SPDX-License-Identifier: MIT
// All variables: found by a part of their name, looked at, changed.
import {el, formatNumber, newId, refusal, setText} from "./dom.js";

const SHOWN = 60; // rows at once; more on demand

export class Variables {
  #board;
  #connection;
  #search;
  #list = el("ul", {class: "variables"});
  #count = el("p", {class: "quiet", role: "status"});
  #more;
  #most = SHOWN;

  constructor(section, board, connection) {
    this.#board = board;
    this.#connection = connection;
    const id = newId();
    this.#search = el("input", {type: "search", id, autocomplete: "off", spellcheck: "false",
                                placeholder: "a part of the name"});
    this.#search.addEventListener("input", () => {
      this.#most = SHOWN;
      this.build();
    });
    this.#more = el("button", {type: "button", onclick: () => {
      this.#most += SHOWN;
      this.build();
    }}, "Show more");
    section.append(el("div", {class: "row search"}, el("label", {for: id}, "Search"),
                      this.#search, this.#count), this.#list, this.#more);
  }

  build() {
    const words = this.#search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const found = [...this.#board.items.values()].filter((item) =>
      words.every((word) => item.name.toLowerCase().includes(word)));
    this.#board.removeIn(this.#list);
    this.#list.replaceChildren();
    for (const item of found.slice(0, this.#most)) {
      const widget = this.#row(item);
      this.#list.append(widget.element);
      this.#board.add(widget);
    }
    this.#more.hidden = found.length <= this.#most;
    setText(this.#count, found.length === 0 ? "none"
      : `${Math.min(found.length, this.#most)} of ${this.#board.items.size}`);
  }

  #row(item) {
    const isArray = Array.isArray(item.current);
    const now = el("output", {class: "now"});
    const error = el("p", {class: "error", role: "alert", hidden: true});
    const input = el("input", {type: "text", autocomplete: "off", spellcheck: "false",
                               inputmode: "decimal", placeholder: "new value",
                               "aria-label": `New value of ${item.name}`});
    const index = isArray
      ? el("input", {type: "number", min: 0, max: Math.max(0, item.count - 1), value: 0,
                     class: "index", "aria-label": `Element of ${item.name}`})
      : null;
    const name = () => (isArray ? `${item.name}[${Math.trunc(Number(index.value)) || 0}]`
      : item.name);
    const form = el("form", {class: "row"}, index, input,
                    el("button", {type: "submit", "aria-label": `Set ${item.name}`}, "Set"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      error.hidden = true;
      const value = input.value.trim();
      if (value === "") {
        return;
      }
      let answer;
      try {
        [answer] = await this.#connection.request(`set ${name()} ${value}`);
      } catch (failure) {
        answer = {ok: false, error: failure.message};
      }
      if (answer.ok) {
        input.value = "";
      } else {
        error.textContent = refusal(answer);
        error.hidden = false;
      }
    });
    const widget = {
      element: el("li", {},
        el("div", {class: "name"}, el("span", {}, item.name),
           el("span", {class: "quiet"}, isArray ? `${item.type} · ${item.count}` : item.type)),
        now, form, error),
      names: () => [name()],
      draw: () => {
        const value = this.#board.values.get(name()) ??
          (isArray ? item.current[Number(index.value)] : undefined);
        setText(now, formatNumber(value));
      },
    };
    index?.addEventListener("input", () => {
      widget.draw();
      this.#board.resubscribe();
    });
    return widget;
  }
}
