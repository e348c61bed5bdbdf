#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the MIDI files of tests/fuzz/corpus/midi: one of each kind.

    tests/fuzz/corpus/make_midi.py tests/fuzz/corpus/midi
"""
import os
import sys


def number(value):
    out = [value & 127]
    while value > 127:
        value >>= 7
        out.insert(0, value & 127 | 128)
    return bytes(out)


def chunk(name, data):
    return name + len(data).to_bytes(4, "big") + data


def header(form, tracks, division, more=b""):
    data = form.to_bytes(2, "big") + tracks.to_bytes(2, "big")
    return chunk(b"MThd", data + division.to_bytes(2, "big") + more)


def track(*events):
    return chunk(b"MTrk", b"".join(number(t) + data for t, data in events))


END = b"\xff\x2f\x00"
NOTE = b"\x90\x3c\x64"
OFF = b"\x80\x3c\x00"


def tempo(us):
    return b"\xff\x51\x03" + us.to_bytes(3, "big")


FILES = {
    "format0": header(0, 1, 96) + track((0, NOTE), (96, OFF), (0, END)),
    "format1": header(1, 3, 480)
    + track((0, tempo(500000)), (960, tempo(250000)), (0, END))
    + track((0, NOTE), (1920, OFF), (0, END))
    + track((480, b"\xb1\x07\x7f"), (1, b"\xe1\x00\x40"), (0, END)),
    "running": header(0, 1, 96)
    + track((0, NOTE), (1, b"\x3e\x64"), (1, b"\x40\x64"), (200, b"\x3c\x00")),
    "smpte25": header(0, 1, 0xE728) + track((1000, NOTE), (40, OFF), (0, END)),
    "smpte2997": header(0, 1, 0xE350) + track((9, NOTE), (99, OFF), (0, END)),
    "sysex": header(0, 1, 96)
    + track((0, b"\xf0\x05\x43\x12\x00\x07\xf7"), (0, b"\xf7\x01\xf8"),
            (10, b"\xf7\x03\xf2\x01\x02"), (0, b"\xf7\x02\x00\xf7"), (0, END)),
    "meta": header(0, 1, 96)
    + track((0, b"\xff\x03\x04name"), (0, b"\xff\x58\x04\x04\x02\x18\x08"),
            (0, b"\xff\x21\x01\x03"), (5, b"\xc3\x09"), (0, b"\xd3\x40"),
            (0, b"\xff\x7f\x00"), (0, END)),
    "long": header(0, 1, 32767)
    + track((0x0FFFFFFF, b"\xff\x01\x00"), (0x0FFFFFFF, NOTE), (0, END)),
    "chunks": header(1, 1, 1, b"more") + chunk(b"XFIH", b"abc")
    + track((1, NOTE), (1, END)) + chunk(b"MTrk", b""),
}


def main():
    for name, data in FILES.items():
        path = os.path.join(sys.argv[1], name + ".mid")
        with open(path, "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main()
