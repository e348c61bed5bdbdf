# SPDX-License-Identifier: MIT
"""What docs/upstream.md proposes, in the editor's place: the module and the
data that the compiler and the editor have of it become one file."""
import json
import math

ELEMENTS = {(1, False): "i8", (1, True): "u8", (2, False): "i16",
            (2, True): "u16", (4, False): "i32"}


def element(declaration):
    """The element of a planned declaration; a pointer is an i32."""
    if declaration["pointerDepth"] > 0:
        return "i32"
    size = declaration["elementBytes"]
    if not declaration["integer"]:
        return "f64" if size == 8 else "f32"
    return "i64" if size == 8 else ELEMENTS[size, declaration["unsigned"]]


def pointee(declaration):
    base = declaration["type"].rstrip("*")
    return {"float": "f32", "float64": "f64", "int8": "i8", "int8u": "u8",
            "int16": "i16", "int16u": "u16"}.get(base, "i32")


def item(name, declaration):
    found = {
        "name": name,
        "memory": declaration["memoryIndex"],
        "address": declaration["address"],
        "element": element(declaration),
        # The plan keeps the fraction that a length may have.
        "count": math.floor(declaration["count"]),
        # Whole words; the plan counts the padding before a float64, too.
        "capacity": 4 * math.ceil(declaration["count"] *
                                  declaration["elementBytes"] / 4),
        "type": declaration["type"],
    }
    if declaration["pointerDepth"] > 0:
        found["pointerDepth"] = declaration["pointerDepth"]
        if declaration["pointerDepth"] == 1:
            found["pointee"] = pointee(declaration)
    return found


def assets_of(plan, config):
    """One entry for each place that a file is copied to."""
    for name, entry in (config["rawConfig"].get("bin") or {}).items():
        targets = [entry.get("memory"), *entry.get("memories", {}).values()]
        for target in targets:
            if "url" in entry and target in plan["memory"]:
                declaration = plan["memory"][target]
                yield {"id": name, "url": entry["url"], "target": target,
                       "address": declaration["address"],
                       "capacity": declaration["allocatedBytes"]}


def manifest(plan, config):
    """From the memory plan and the resolved @config values."""
    keyboard = config.get("keyboard") or {}

    def address(name):
        return plan["memory"][name]["address"] if name else None

    return {
        "f4e-manifest": 1,
        "name": config.get("exportFileName") or "patch",
        "runtime": "audio",
        "blockFrames": 128,
        "sampleRate": config["sampleRate"],
        "outputs": [{"channel": c["channel"], "address": c["byteAddress"]}
                    for c in config["outputs"]],
        "inputs": [{"channel": c["channel"], "address": c["byteAddress"]}
                   for c in config["inputs"]],
        "items": [item(*entry) for entry in plan["memory"].items()],
        "midi": config["midi"],
        "keyboard": {"code": address(keyboard.get("keyCodeMemory")),
                     "pressed": address(keyboard.get("keyPressedMemory"))},
        "assets": list(assets_of(plan, config)),
    }


def leb128(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def text(string):
    encoded = string.encode()
    return leb128(len(encoded)) + encoded


def custom_section(name, payload):
    body = text(name) + payload
    return b"\0" + leb128(len(body)) + body


def export(module, plan, config, assets):
    """'assets' are the bytes by id that the editor's asset store holds."""
    described = json.dumps(manifest(plan, config)).encode()
    return (module + custom_section("f4e.manifest", described) +
            b"".join(custom_section("f4e.asset", text(name) + content)
                     for name, content in assets.items()))
