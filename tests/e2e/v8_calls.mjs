// SPDX-License-Identifier: MIT
// node v8_calls.mjs MODULE SCRIPT BLOCKS MEMORY: run a module as a browser does,
// with the calls of a script before their blocks, and write what is in its memory
// then. A message that traps is over, and nothing else is; a 'call' that traps
// ends the run.
import fs from 'node:fs';
const [module, script, blocks, output] = process.argv.slice(2);
const memory = new WebAssembly.Memory({initial: 1, maximum: 1});
const {exports} = new WebAssembly.Instance(
    new WebAssembly.Module(fs.readFileSync(module)), {host: {memory}});
const lines = fs.readFileSync(script, 'utf8').trim().split('\n')
    .map((line) => line.split(' '));

function message(bytes) {
    for (const name of ['onMidi', 'second']) {
        try {
            exports[name](...bytes);
        } catch (error) {
            if (!(error instanceof WebAssembly.RuntimeError ||
                  error instanceof RangeError)) {
                throw error;
            }
        }
    }
}

exports.initDefaults();
try {
    for (let block = 0; block < Number(blocks); block++) {
        for (const [time, what, first, ...rest] of lines) {
            if (parseInt(time) === block && what === 'midi') {
                message(rest.map(Number));
            } else if (parseInt(time) === block) {
                exports[first](...rest.map(Number));
            }
        }
        exports.buffer();
    }
} catch (error) {
    console.log(error.message);
}
fs.writeFileSync(output, Buffer.from(memory.buffer));
