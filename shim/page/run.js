// SPDX-License-Identifier: MIT
// From a view to the elements that it shows just now: pointers and lengths live
// in memory and may hold anything.
import {elementBytes} from "./board.js";
import {formatNumber} from "./dom.js";

// "module:id" as one element of it, or as it is when it is one.
const first = (value, index = 0) => (Array.isArray(value) ? value[index] : value);

export class Run {
  #board;
  #view;

  constructor(board, view) {
    this.#board = board;
    this.#view = view;
  }

  // Where the run begins: {item, index}; a name of its own, outside variables.
  #start() {
    const view = this.#view;
    const own = this.#board.items.get(view.item);
    if (!own) {
      return {};
    }
    if (!view.pointer) {
      return {item: own, index: view.index ?? 0, address: own.address};
    }
    const address = first(this.#board.values.get(view.item), view.index ?? 0);
    if (address === undefined) {
      return {};
    }
    const item = this.#board.itemAt(own.memory, address >>> 0);
    if (item && item.element === view.element) {
      const index = Math.floor(((address >>> 0) - item.address) / elementBytes(item.element));
      return {item, index, address: address >>> 0};
    }
    return {address: address >>> 0,
            name: this.#board.nameAt(own.memory, address >>> 0, view.element)};
  }

  // All variables whose values the view needs.
  names() {
    const view = this.#view;
    const start = this.#start();
    const names = [view.item];
    for (const name of [start.item?.name, start.name, view.countItem,
                        view.cursorAddress ? undefined : view.cursorItem]) {
      if (name !== undefined && !names.includes(name)) {
        names.push(name);
      }
    }
    return names;
  }

  // The values, not more than there are; [] when it points to nothing known.
  values() {
    const view = this.#view;
    const {item, index = 0, name} = this.#start();
    const all = this.#board.values.get(item?.name ?? name);
    if (all === undefined) {
      return [];
    }
    const list = Array.isArray(all) ? all : [all];
    return list.slice(index, index + this.#wanted(list.length));
  }

  #wanted(most) {
    const view = this.#view;
    if (view.countItem !== undefined) {
      const count = first(this.#board.values.get(view.countItem)) ?? 0;
      return Math.max(0, Math.min(most, Math.trunc(count)));
    }
    return Math.min(most, view.kind === "watch" || view.kind === "meter" ? 1 : view.count ?? most);
  }

  // The element that the cursor is at, or -1.
  cursor(count) {
    const view = this.#view;
    const item = this.#board.items.get(view.cursorItem);
    const start = this.#start();
    if (!item || count === 0 || start.address === undefined) {
      return -1;
    }
    const at = view.cursorAddress
      ? item.address : first(this.#board.values.get(item.name)) >>> 0;
    const size = elementBytes(view.element ?? start.item?.element);
    const index = Math.floor((at - start.address) / size);
    return Math.max(0, Math.min(count - 1, index));
  }

  element() {
    return this.#view.element ?? this.#start().item?.element ?? "f32";
  }

  // What a watch says, as the editor writes it.
  text() {
    const view = this.#view;
    const item = this.#board.items.get(view.item);
    if (item && view.format === "address") {
      return String(item.address + (view.index ?? 0) * elementBytes(item.element));
    }
    if (item && view.format === "lastAddress") {
      const bytes = item.count * elementBytes(item.element);
      return String(item.address + Math.max(0, bytes - 4));
    }
    const value = this.values()[0];
    if (value === undefined || value === null) {
      return "–";
    }
    const element = this.element();
    if (view.format === "hex") {
      return hexBytes(value, element);
    }
    if (element[0] === "f") {
      return typeof value === "number" ? value.toFixed(4) : String(value);
    }
    return view.format === "binary" ? value.toString(2) : formatNumber(value);
  }
}

function hexBytes(value, element) {
  const size = elementBytes(element);
  const data = new DataView(new ArrayBuffer(8));
  if (element === "f64") {
    data.setFloat64(0, value);
  } else if (element === "f32") {
    data.setFloat32(0, value);
  } else {
    data.setInt32(4, value);
  }
  const offset = element[0] === "f" ? 0 : 8 - size;
  const bytes = [];
  for (let i = 0; i < size; i++) {
    bytes.push(data.getUint8(offset + i).toString(16).padStart(2, "0"));
  }
  return bytes.join(" ");
}
