// SPDX-License-Identifier: MIT
// The page: reads what the patch has, builds it, and keeps it when it can.
import {Board} from "./board.js";
import {Connection} from "./connection.js";
import {makeControl} from "./controls.js";
import {byId, el, refusal, setText} from "./dom.js";
import {forgetColours} from "./graph.js";
import {Mapping} from "./mapping.js";
import {midiKeyboard} from "./piano.js";
import {Presets} from "./presets.js";
import {Status} from "./status.js";
import {Variables} from "./variables.js";
import {makeView} from "./views.js";

const NOTICE_MS = 8000;
const RETRY_MS = 1000;
const HIDDEN_MS = 10000;

const connection = new Connection();
const board = new Board(connection);
const status = new Status();
const variables = new Variables(byId("variables"), board, connection);
const presets = new Presets(byId("presets"), connection);
const mapping = new Mapping(byId("mapping"), connection);
const tabs = [...document.querySelectorAll("[role=tab]")];
let shape = ""; // of what is built: the same after a restart, nothing moves
let keyboard = null;
let noticeTimer = 0;

function tell(text) {
  const notice = byId("notice");
  setText(notice, text);
  notice.hidden = text === "";
  clearTimeout(noticeTimer);
  if (text !== "") {
    noticeTimer = setTimeout(() => tell(""), NOTICE_MS);
  }
}

function setState(state, text) {
  byId("state").dataset.state = state;
  setText(byId("state"), text);
}

function select(tab) {
  if (tab.getAttribute("aria-selected") !== "true") {
    window.scrollTo(0, 0);
  }
  for (const other of tabs) {
    const isOn = other === tab;
    other.setAttribute("aria-selected", String(isOn));
    other.tabIndex = isOn ? 0 : -1;
    byId(other.getAttribute("aria-controls")).hidden = !isOn;
  }
  history.replaceState(null, "", `#${tab.getAttribute("aria-controls")}`);
  board.redraw();
}

for (const tab of tabs) {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", (event) => {
    const last = tabs.length - 1;
    const at = tabs.indexOf(tab);
    const next = {ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1,
                  Home: 0, End: last}[event.key];
    if (next !== undefined) {
      event.preventDefault();
      select(tabs[next]);
      tabs[next].focus();
    }
  });
}

// A control's variable is its name.
const withItem = (param) => ({...param, item: param.item ?? param.name,
                              item2: param.item2 ?? param.other});
const moduleOf = (entry) =>
  entry.module ?? (entry.item.includes(":") ? entry.item.slice(0, entry.item.lastIndexOf(":")) : "");

// Modules in the order of their first entry, entries in the order of the text.
function groups(params, views) {
  const entries = [
    ...params.map((own, i) => ({own, order: own.order ?? i, make: makeControl})),
    ...views.map((own, i) => ({own, order: own.order ?? params.length + i, make: makeView})),
  ].sort((a, b) => a.order - b.order);
  const modules = new Map();
  for (const entry of entries) {
    entry.own.module = moduleOf(entry.own);
    const list = modules.get(entry.own.module) ?? [];
    modules.set(entry.own.module, [...list, entry]);
  }
  return modules;
}

function build(described, params, views) {
  const play = byId("play");
  board.removeIn(play);
  keyboard?.remove();
  keyboard = null;
  play.replaceChildren();
  const modules = groups(params, views);
  for (const [module, entries] of modules) {
    const card = el("section", {class: modules.size === 1 ? "card wide" : "card", "aria-label": module || described.name},
                    el("h2", {}, module || described.name));
    for (const {own, make} of entries) {
      const widget = make(board, connection, own);
      if (widget !== null) {
        card.append(widget.element);
        board.add(widget);
      }
    }
    play.append(card);
  }
  if (params.length === 0 && views.length === 0) {
    play.append(el("p", {class: "empty"}, board.items.size > 0
      ? "The project has no controls and no scopes. All variables are under Variables."
      : "The patch has no variables with names: build it with its project text."));
  }
  const ports = [...new Set(described.midi.map((binding) => binding.port))];
  if (ports.length > 0) {
    keyboard = midiKeyboard(connection, ports);
    play.append(keyboard.element);
  }
}

async function read() {
  const [described, stats] = await connection.request("describe", "stats");
  if (!described.ok) {
    throw new Error(refusal(described));
  }
  const words = new Set(described.words.map((word) => word.word));
  const asks = ["params", "list", ...(words.has("views") ? ["views"] : [])];
  const [params, list, views] = await connection.request(...asks);
  const items = list.ok ? list.items : [];
  const ownParams = params.ok ? params.params.map(withItem) : [];
  const ownViews = views?.ok ? views.views : [];
  const now = JSON.stringify([described.sha256, items.map((item) => [item.name, item.address]),
                              ownParams.map((param) => [param.item, param.kind])]);
  setText(byId("name"), described.name);
  document.title = described.name;
  board.setItems(items, described.memories, described.limits);
  status.start(stats);
  if (now !== shape) {
    shape = now;
    build(described, ownParams, ownViews);
    variables.build();
  }
  presets.start(words);
  mapping.start(words, ownParams);
}

connection.addEventListener("open", async function open() {
  setState("waiting", "reading");
  try {
    await read();
    setState("live", "live");
    board.resubscribe();
  } catch (error) {
    setState("lost", "no answer");
    tell(error.message);
    setTimeout(() => connection.open(), RETRY_MS);
  }
});
connection.addEventListener("close", () => setState("lost", "reconnecting"));
connection.addEventListener("refused", ({detail}) => {
  if (detail !== null) {
    tell(refusal(detail));
  }
});
connection.addEventListener("event", ({detail}) => {
  if (detail.values) {
    board.take(detail.values);
  }
  if (detail.levels) {
    status.levels(detail.levels);
  }
  if (detail.stats) {
    status.stats(detail.stats);
  }
});

function repaint() {
  forgetColours();
  status.draw();
  board.redraw();
}
new ResizeObserver(repaint).observe(document.body);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
setInterval(() => connection.check(), 1000);
// A page that nobody sees costs nothing, and leaves its place to others.
let hiddenTimer = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(hiddenTimer);
  if (document.hidden) {
    hiddenTimer = setTimeout(() => {
      connection.close();
      setState("waiting", "paused");
    }, HIDDEN_MS);
  } else if (!connection.isOpen) {
    connection.open();
  }
});
window.addEventListener("pagehide", () => connection.close());
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    connection.open();
  }
});

// The token is in a cookie by now; the address is what people send on.
const address = new URL(window.location.href);
if (address.searchParams.has("token")) {
  address.searchParams.delete("token");
  history.replaceState(null, "", address);
}
const wanted = tabs.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash);
if (wanted) {
  select(wanted);
}
connection.open();
