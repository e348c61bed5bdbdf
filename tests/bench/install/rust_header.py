#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""rust_header.py BINDINGS.rs: a C header of what bindgen has written of one:
opaque and plain structs, enumerations, functions. What it cannot say in C
(callbacks) is left out, with the functions that take it."""
import re
import sys

PLAIN = {"u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t",
         "u64": "uint64_t", "i8": "int8_t", "i16": "int16_t", "i32": "int32_t",
         "i64": "int64_t", "u128": "unsigned __int128", "f32": "float",
         "f64": "double", "bool": "bool", "usize": "size_t", "()": "void",
         "c_char": "char", "c_int": "int", "c_uint": "unsigned",
         "c_void": "void"}


def c_type(text, known):
    """In C; None: it cannot be said."""
    text = text.strip()
    match = re.match(r"\*(const|mut)\s+(.*)", text, re.S)
    if match:
        inner = c_type(match.group(2), known)
        if inner is None:
            return None
        return f"{inner} const *" if match.group(1) == "const" else f"{inner} *"
    name = text.rsplit("::", 1)[-1]
    return PLAIN.get(name) or (name if name in known else None)


def member(name, text, known):
    """A field of a struct, or None."""
    array = re.fullmatch(r"\[\s*(.*?)\s*;\s*(\d+)usize\s*\]", text.strip(), re.S)
    kind = c_type(array.group(1) if array else text, known)
    if kind is None:
        return None
    return f" {kind} {name}[{array.group(2)}];" if array else f" {kind} {name};"


def structs(text, known):
    for name, body in re.findall(
            r"pub struct (\w+) \{(.*?)\n\}", text, re.S):
        known.add(name)
        fields = [member(field, kind, known) for field, kind in
                  re.findall(r"pub (\w+): ([^,]+),", body)]
        if "_unused" in body:
            yield f"typedef struct {name} {name};"
        elif None not in fields:
            yield f"typedef struct {name} {{{''.join(fields)} }} {name};"
        else:
            known.discard(name)


def enumerations(text, known):
    for name, kind in re.findall(r"pub type (\w+) = ([^;]+);", text):
        said = c_type(kind, known)
        if said is not None:
            known.add(name)
            yield f"typedef {said} {name};"
            for constant, value in re.findall(
                    rf"pub const {name}_(\w+): {name} = (\d+);", text):
                yield f"enum {{ {name}_{constant} = {value} }};"


def functions(text, known):
    for name, parameters, result in re.findall(
            r"pub fn (\w+)\((.*?)\)(?: -> ([^;]+))?;", text, re.S):
        words = re.findall(r"(\w+): ([^,]+)(?:,|$)", parameters.strip())
        types = [c_type(kind, known) for _, kind in words]
        back = c_type(result or "()", known)
        if back is not None and None not in types:
            inner = ", ".join(types) or "void"
            yield f"{back} {name}({inner});"


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: rust_header.py BINDINGS.rs")
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    known = set()
    print("#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>")
    for part in (enumerations, structs, functions):
        for line in part(text, known):
            print(line)


if __name__ == "__main__":
    main()
