// SPDX-License-Identifier: MIT
// What the page knows of the patch's memory, and the widgets that show it. Only
// what the screen shows is asked for.

const RATE_HZ = 25;
const NAME_IS_SENDABLE = /^[^#\s]\S*$/; // a request is words

const ELEMENT_BYTES = {i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, f32: 4, f64: 8, i64: 8};
export const elementBytes = (element) => ELEMENT_BYTES[element] ?? 4;

// A widget has 'element', names() of variables and draw(); draw() is called at
// most once a frame, and only while the element is visible.
export class Board {
  items = new Map(); // by name
  values = new Map(); // a number, or an array of them, by name
  #connection;
  #limits = {subscribedBytes: 65536, subscribedNames: 1024};
  #memories = []; // {name, bytes}
  #byAddress = []; // of each memory, sorted
  #widgets = new Map(); // by element
  #visible = new Set();
  #stale = new Set();
  #observer;
  #frame = 0;
  #timer = 0;

  constructor(connection) {
    this.#connection = connection;
    this.#observer = new IntersectionObserver((entries) => this.#see(entries),
                                              {rootMargin: "80px"});
    document.addEventListener("visibilitychange", () => this.resubscribe());
  }

  setItems(items, memories, limits) {
    this.#memories = memories;
    this.#limits = {...this.#limits, ...limits};
    this.items = new Map(items.map((item) => [item.name, item]));
    this.values = new Map();
    for (const item of items) {
      const isArray = Array.isArray(item.current);
      if (!isArray || item.current.length === item.count) {
        this.values.set(item.name, item.current);
      }
    }
    this.#byAddress = [];
    for (const item of items) {
      (this.#byAddress[item.memory] ??= []).push(item);
    }
    for (const list of this.#byAddress) {
      list?.sort((a, b) => a.address - b.address);
    }
    for (const widget of this.#visible) {
      this.#stale.add(widget);
    }
    this.#draw();
    this.resubscribe();
  }

  // The variable that has the byte at 'address', or undefined.
  itemAt(memory, address) {
    const list = this.#byAddress[memory] ?? [];
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle].address <= address) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const item = list[low - 1];
    return item && address < item.address + item.count * elementBytes(item.element)
      ? item : undefined;
  }

  // The name of an element that no variable has, as events call it; undefined
  // outside the memory.
  nameAt(memory, address, element) {
    const {name, bytes} = this.#memories[memory] ?? {bytes: 0};
    return address + elementBytes(element) <= bytes
      ? `@${memory > 0 ? `${name}:` : ""}0x${address.toString(16)}:${element}` : undefined;
  }

  add(widget) {
    this.#widgets.set(widget.element, widget);
    this.#observer.observe(widget.element);
    return widget;
  }

  remove(widget) {
    this.#observer.unobserve(widget.element);
    this.#widgets.delete(widget.element);
    this.#visible.delete(widget);
    this.#stale.delete(widget);
  }

  removeIn(parent) {
    for (const [element, widget] of this.#widgets) {
      if (parent.contains(element)) {
        this.remove(widget);
      }
    }
  }

  // What arrived: newer values by name.
  take(values) {
    for (const name of Object.keys(values)) {
      this.values.set(name, values[name]);
    }
    for (const widget of this.#visible) {
      if (widget.names().some((name) => Object.hasOwn(values, name))) {
        this.#stale.add(widget);
      }
    }
    this.#draw();
  }

  // All that is visible again, as after a change of size or colours.
  redraw() {
    for (const widget of this.#visible) {
      this.#stale.add(widget);
    }
    this.#draw();
  }

  resubscribe() {
    if (this.#timer === 0) {
      this.#timer = setTimeout(() => this.#subscribe(), 60);
    }
  }

  #see(entries) {
    for (const {target, isIntersecting} of entries) {
      const widget = this.#widgets.get(target);
      if (widget && isIntersecting) {
        this.#visible.add(widget);
        this.#stale.add(widget);
      } else {
        this.#visible.delete(widget);
      }
    }
    this.#draw();
    this.resubscribe();
  }

  #draw() {
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        for (const widget of this.#stale) {
          widget.draw();
        }
        this.#stale.clear();
        this.resubscribe(); // pointers may have moved on
      });
    }
  }

  // Small variables first; what has no room any more stands still.
  #names() {
    const names = new Set();
    for (const widget of this.#visible) {
      for (const name of widget.names()) {
        if (NAME_IS_SENDABLE.test(name)) {
          names.add(name);
        }
      }
    }
    const bytes = (name) => {
      const item = this.items.get(name);
      return item ? item.count * elementBytes(item.element) : 8;
    };
    let room = this.#limits.subscribedBytes;
    return [...names].sort((a, b) => bytes(a) - bytes(b) || (a < b ? -1 : 1))
      .filter((name) => (room -= bytes(name)) >= 0)
      .slice(0, this.#limits.subscribedNames);
  }

  async #subscribe() {
    this.#timer = 0;
    try {
      const answer = document.hidden
        ? await this.#connection.subscribe(1, ["stats"])
        : await this.#connection.subscribe(RATE_HZ, ["levels", "stats", ...this.#names()]);
      if (answer?.ok === false) {
        this.#connection.dispatchEvent(new CustomEvent("refused", {detail: answer}));
      }
    } catch {
      // The connection is gone; the next one subscribes again.
    }
  }
}
