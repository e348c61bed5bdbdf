// SPDX-License-Identifier: MIT
// Bench engine: V8. F4E_PAGES=MIN,MAX node engine_v8.js MODULE shared|plain
// It speaks the lines of engine_protocol.h.
const fs = require('fs');
const [file, kind] = process.argv.slice(2);
const now = () => process.hrtime.bigint();
let run, memory;

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
  run = (n) => { for (let i = 0; i < n; i++) e.buffer(); };
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
    run(n);
    return `ns ${now() - before}`;
  }
  if (verb === 'times') {
    const list = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      const before = now();
      run(1);
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
