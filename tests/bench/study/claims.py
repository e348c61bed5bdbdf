# SPDX-License-Identifier: MIT
"""Sentences that hold only while the results bear them out. A page marks one by
a comment in front of it, which compares keys of figures.py and numbers:

    <!--claim ratio.ours < ratio.wasm2c-new and 5*ratio.v8-plain < ratio.wasm3-->

A comparison with an engine that was not measured says nothing."""
import re

from . import figures

CLAIM = re.compile(r"<!--claim (.+?)-->(.*?)(?=<!--claim |\n\n|\Z)", re.S)
TERM = re.compile(r"(?:(\d+(?:\.\d+)?)\*)?([a-z][\w.\-]*)|(\d+(?:\.\d+)?)")
ORDER = {"<": lambda a, b: a < b, ">": lambda a, b: a > b,
         "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b}


class ClaimError(Exception):
    """A claim that cannot be read, or speaks of what no result can have."""


def value_of(word, flat):
    """A number; None: the engine that it speaks of was not measured."""
    match = TERM.fullmatch(word)
    if match is None:
        raise ClaimError(f"'{word}' is neither a key nor a number")
    factor, key, number = match.groups()
    if number is not None:
        return float(number)
    if key not in flat:
        if figures.is_unmeasured(flat, key):
            return None
        raise ClaimError(f"no result has '{key}'")
    return float(factor or 1) * flat[key]


def holds(text, flat):
    """Whether each comparison is true, as far as it can be made."""
    for part in text.split(" and "):
        words = part.split()
        if len(words) != 3 or words[1] not in ORDER:
            raise ClaimError(f"'{part}' is no comparison")
        left, right = value_of(words[0], flat), value_of(words[2], flat)
        if left is not None and right is not None and \
                not ORDER[words[1]](left, right):
            return False
    return True


def broken(page, flat):
    """The claims of a page that do not hold, as lines."""
    found = []
    for text, sentence in CLAIM.findall(page):
        sentence = " ".join(re.sub(r"<!--.*?-->", "", sentence).split())
        try:
            if not holds(text, flat):
                found.append(f"the results do not bear out '{text}': "
                             f"{sentence[:70]}")
        except ClaimError as error:
            found.append(f"claim: {error}")
    return found
