// SPDX-License-Identifier: MIT
// Bench engine: V8. F4E_PAGES=MIN,MAX node engine_v8.js MODULE shared|plain
// It speaks the lines of engine_protocol.h.
const fs = require('fs');
const [file, kind] = process.argv.slice(2);
const now = () => process.hrtime.bigint();
let run, memory, callbacks;
const events = [];  // [callback, arguments, blocks until the next]
let next = 0, left = 0;

function start() {
  const module_ = new WebAssembly.Module(fs.readFileSync(file));
  const host = {};
  for (const {module, name, kind: what} of
       WebAssembly.Module.imports(module_)) {
    host[module] ??= {};
    if (what !== 'memory') throw new Error('imports a function');
    const [min, max] = process.env.F4E_PAGES.split(',').map(Number);
    const made = new WebAssembly.Memory(
        {initial: min, maximum: max, shared: kind === 'shared'});
    memory ??= made;
    host[module][name] = made;
  }
  const e = new WebAssembly.Instance(module_, host).exports;
  (e.initDefaults ?? e.init)();
  callbacks = e;
  run = (n) => { for (let i = 0; i < n; i++) e.buffer(); };
}

// The events that are due before a block, but none of them twice.
function callEvents() {
  for (let i = 0; i < events.length && left === 0; i++) {
    const [callback, args, blocks] = events[next];
    callback(...args);
    left = blocks;
    next = (next + 1) % events.length;
  }
}

function play(n) {
  if (events.length === 0) { run(n); return; }
  while (n > 0) {
    callEvents();
    const part = Math.min(left || 1, n);
    run(part);
    left -= left && part;
    n -= part;
  }
}

function addEvent(blocks, name, args) {
  const callback = callbacks[name];
  if (typeof callback !== 'function' || callback.length !== args.length) {
    return 'no, no such callback';
  }
  events.push([callback, args, blocks]);
  return 'ok';
}

function hash() {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(memory.buffer)) {
    hash = Math.imul(hash ^ byte, 16777619) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}

function answer(line) {
  const [verb, count, word] = line.split(' ');
  const n = Number(count);
  if (verb === 'start') {
    if (word !== 'ieee') return 'no, V8 keeps denormals';
    start();
    const before = now();
    run(1);
    const first = now() - before;
    run(n);
    return `ready ${first}`;
  }
  if (verb === 'run') {
    const before = now();
    play(n);
    return `ns ${now() - before}`;
  }
  if (verb === 'times') {
    const list = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      const before = now();
      play(1);
      list[i] = Number(now() - before);
    }
    fs.writeFileSync(line.split(' ').slice(2).join(' '), list);
    return 'ok';
  }
  if (verb === 'poke') {
    if (n + 4 > memory.buffer.byteLength) return 'no, beyond the memory';
    new DataView(memory.buffer).setUint32(n, Number(word), true);
    return 'ok';
  }
  if (verb === 'event') {
    return addEvent(n, word, line.split(' ').slice(3).map(Number));
  }
  return `hash ${hash()}`;
}

const byte = Buffer.alloc(1);
let line = '';
while (fs.readSync(0, byte) === 1) {
  const c = byte.toString('latin1');
  if (c !== '\n') { line += c; continue; }
  fs.writeSync(1, answer(line) + '\n');
  if (line === 'end') break;
  line = '';
}
