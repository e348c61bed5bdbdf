#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every .c includes its own header first, so that the header is seen without
what would otherwise stand before it. Its own is the one of its name or, where
there is none, one that declares a function or a table that the file defines;
or a header that includes that one, such as noun_internal.h."""
import re
import sys

import tree

FIRST = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"][^>"\n]+[>"])', re.MULTILINE)
# What begins in the first column and is not static; `main` needs no header.
DEFINED = re.compile(r"^(?!static\b|extern\b|typedef\b)[a-z][\w \t*]*?\b(?!main\b)([a-z]\w*)"
                     r"(?:\(|\[| = )", re.MULTILINE)


def seen(root, header, known):
    """The header and those that it includes."""
    return [header] + [path for _, path in tree.includes(root, header, known) if path]


def wrong(root, path, known):
    """What is wrong with the first #include of the file, or None."""
    source = tree.text(root, path)
    first = FIRST.search(source)
    included = next(tree.includes(root, path, known), (None, None))[1]
    if first is None or first.group(1)[0] != '"':
        included = None
    beside = path[:-2] + ".h"
    if beside in known:
        if included is None or beside not in seen(root, included, known):
            own = beside.split("/", 1)[1]
            return f'{path} has to include "{own}" first'
        return None
    names = DEFINED.findall(source)
    if not names:
        return None
    if included is None:
        return f"{path} has to include first the header that declares {names[0]}"
    text = "".join(tree.text(root, header) for header in seen(root, included, known))
    if not any(re.search(rf"\b{name}\b", text) for name in names):
        return (f"{path} includes {included} first, which declares nothing that the "
                f"file defines ({names[0]})")
    return None


def main():
    arguments = tree.arguments(__doc__)
    paths = tree.files(arguments.root)
    problems = [wrong(arguments.root, path, set(paths))
                for path in paths if path.endswith(".c")]
    return tree.report([problem for problem in problems if problem])


if __name__ == "__main__":
    sys.exit(main())
