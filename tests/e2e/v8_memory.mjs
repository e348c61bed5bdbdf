// SPDX-License-Identifier: MIT
// node v8_memory.mjs MODULE BLOCKS MEMORY [stop]: run a module as a browser does
// and write what is in its memory then; with "stop", a trap is an end, too.
import fs from 'node:fs';
const [module, blocks, output, onTrap] = process.argv.slice(2);
const memory = new WebAssembly.Memory({initial: 1, maximum: 1});
const {exports} = new WebAssembly.Instance(
    new WebAssembly.Module(fs.readFileSync(module)), {host: {memory}});
try {
    exports.initDefaults();
    for (let i = 0; i < Number(blocks); i++) {
        exports.buffer();
    }
} catch (error) {
    if (onTrap !== 'stop' || !(error instanceof WebAssembly.RuntimeError)) {
        throw error;
    }
}
fs.writeFileSync(output, Buffer.from(memory.buffer));
