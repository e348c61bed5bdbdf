// SPDX-License-Identifier: MIT
// Elements. What comes from a patch is a string here, and strings become text.

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== undefined && value !== null) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

// Writing the same text again would make the browser lay the page out again.
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, String(value));
  }
}

export const byId = (id) => document.getElementById(id);

let ids = 0;
export const newId = () => `f4e-${ids++}`;

// 'action' now, or when 'ms' have passed since the last time: what is read out
// follows slowly, but it ends at what is there.
export function seldom(ms, action) {
  let last = -ms;
  let timer = 0;
  const act = () => {
    timer = 0;
    last = performance.now();
    action();
  };
  return () => {
    if (timer === 0) {
      timer = setTimeout(act, Math.max(0, last + ms - performance.now()));
    }
  };
}

// A channel's refusal, on one line.
export const refusal = (answer) =>
  answer.error + (answer.hint ? ` (${answer.hint})` : "");

// Never "-0".
export function formatNumber(value, digits = 6) {
  if (typeof value !== "number") {
    return value === undefined ? "–" : String(value);
  }
  return String(Number.isInteger(value) ? value + 0 : Number(value.toPrecision(digits)));
}

// "module:id" without its module, under a heading that says it.
export const shortName = (name, module) =>
  module && name.startsWith(`${module}:`) ? name.slice(module.length + 1) : name;
