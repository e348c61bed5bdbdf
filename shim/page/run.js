// SPDX-License-Identifier: MIT
// From a view to the elements that it shows just now: pointers and lengths live
// in memory and may hold anything.
import {elementBytes} from "./board.js";
import {formatNumber} from "./dom.js";

// "module:id" as one element of it, or as it is when it is one.
const first = (value, index = 0) => (Array.isArray(value) ? value[index] : value);

const WHOLE_BYTES = 8192; // of an array that is sent as it is
const POINTS = 200; // of a longer one, in even steps

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

  // The elements of a long array that stand for it: {names, count}, or null.
  #points({item, index = 0}) {
    if (!item || item.count * elementBytes(item.element) <= WHOLE_BYTES) {
      return null;
    }
    const count = this.#wanted(item.count - index);
    const points = Math.min(count, POINTS);
    const names = [];
    for (let i = 0; i < points; i++) {
      names.push(`${item.name}[${index + Math.floor((i * count) / points)}]`);
    }
    return {names, count};
  }

  // All variables whose values the view needs.
  names() {
    const view = this.#view;
    const start = this.#start();
    const points = this.#points(start);
    const names = new Set(points?.names ?? [start.item?.name, start.name]);
    names.add(view.countItem);
    if (view.pointer) {
      names.add(view.item);
    }
    if (!view.cursorAddress) {
      names.add(view.cursorItem);
    }
    names.delete(undefined);
    return [...names];
  }

  // {values, count}: of a long array there are fewer values than elements. None
  // when it points to nothing known.
  read() {
    const start = this.#start();
    const points = this.#points(start);
    if (points !== null) {
      const values = points.names.map((name) => this.#board.values.get(name) ?? 0);
      return {values, count: points.count};
    }
    const {item, index = 0, name} = start;
    const all = this.#board.values.get(item?.name ?? name);
    if (all === undefined) {
      return {values: [], count: 0};
    }
    const list = Array.isArray(all) ? all : [all];
    const values = list.slice(index, index + this.#wanted(list.length - index));
    return {values, count: values.length};
  }

  values() {
    return this.read().values;
  }

  #wanted(most) {
    const view = this.#view;
    if (view.countItem !== undefined) {
      const count = Number(first(this.#board.values.get(view.countItem)) ?? 0) || 0;
      return Math.max(0, Math.min(most, Math.trunc(count)));
    }
    const isOne = view.kind === "watch" || view.kind === "meter";
    return Math.min(most, isOne ? 1 : view.count || most);
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
  } else if (element === "i64") {
    data.setBigInt64(0, BigInt(value)); // a text beyond 2^53
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
