// SPDX-License-Identifier: MIT
// node v8_events.mjs MODULE EVENTS MEMORY SAMPLES: run a module as a browser does,
// with what the host does before each block, up to a trap; and write what is in its
// memory then, in that of further ones (MEMORY.1 ...), and the samples of each block
// that it completed. EVENTS is a file of JSON: {blocks, pages, outputs: [ADDRESS, ...],
// frames, events: [[BLOCK, "call", EXPORT, [ARGUMENT, ...]], [BLOCK, "setInt32" or
// another setter of a DataView, ADDRESS, VALUE], ...]}, by block; numbers that JSON
// cannot say are strings.
import fs from 'node:fs';
const [module, plan, memoryFile, samplesFile] = process.argv.slice(2);
const {blocks, pages, outputs, frames, events} = JSON.parse(fs.readFileSync(plan, 'utf8'));
const compiled = new WebAssembly.Module(fs.readFileSync(module));
const host = Object.fromEntries(WebAssembly.Module.imports(compiled).map(({name}) =>
    [name, new WebAssembly.Memory({initial: pages, maximum: pages})]));
const {exports} = new WebAssembly.Instance(compiled, {host});
const view = new DataView(host.memory.buffer);
const samples = [];
let next = 0;

function happen([, what, first, second]) {
    if (what === 'call') {
        exports[first](...second.map(Number));
    } else {
        view[what](first, Number(second), true);
    }
}

try {
    exports.initDefaults();
    for (let block = 0; block < blocks; block++) {
        while (next < events.length && events[next][0] === block) {
            happen(events[next++]);
        }
        exports.buffer();
        for (let i = 0; i < frames; i++) {
            for (const output of outputs) {
                samples.push(view.getFloat32(output + 4 * i, true));
            }
        }
    }
} catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) {
        throw error;
    }
    console.log(error.message);
}
Object.values(host).forEach((memory, i) =>
    fs.writeFileSync(memoryFile + (i > 0 ? `.${i}` : ''), Buffer.from(memory.buffer)));
fs.writeFileSync(samplesFile, Buffer.from(new Float32Array(samples).buffer));
