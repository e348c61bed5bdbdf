// SPDX-License-Identifier: MIT
// Bench engine: V8. node engine_v8.js MODULE shared|plain WARMUP BLOCKS ROUNDS
const fs = require('fs');
const [file, kind, warmup, blocks, rounds] = process.argv.slice(2);
const module_ = new WebAssembly.Module(fs.readFileSync(file));
const host = {};
let memory;
for (const {module, name, kind: what} of WebAssembly.Module.imports(module_)) {
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
const run = (n) => { for (let i = 0; i < n; i++) e.buffer(); };
run(Number(warmup));
let best = Infinity;
for (let r = 0; r < Number(rounds); r++) {
  const start = process.hrtime.bigint();
  run(Number(blocks));
  best = Math.min(best, Number(process.hrtime.bigint() - start) / Number(blocks));
}
let hash = 0x811c9dc5;
for (const byte of new Uint8Array(memory.buffer)) {
  hash = Math.imul(hash ^ byte, 16777619) >>> 0;
}
console.log(best.toFixed(1), hash.toString(16).padStart(8, '0'));
