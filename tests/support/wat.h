/* SPDX-License-Identifier: MIT */
/* Modules written as text, made into files by wabt's wat2wasm. */
#ifndef F4E_WAT_H
#define F4E_WAT_H

/* Compile the text file 'wat' into 'wasm', every feature on, unchecked, so that
 * invalid modules can be made too. Fails the test when it is no text format. */
void wat_compile(const char *wat, const char *wasm);

/* The same for text in memory. */
void wat_write(const char *text, const char *wasm);

#endif
