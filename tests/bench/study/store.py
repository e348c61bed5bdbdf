# SPDX-License-Identifier: MIT
"""Files that are whole or not there."""
import json
import os


def write_all(texts):
    """PATH -> text, in place of what was there: all of them or, with an
    OSError, none."""
    path = ""
    try:
        for path, text in texts.items():
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path + ".new", "w", encoding="utf-8") as file:
                file.write(text)
        for path in texts:
            os.replace(path + ".new", path)
    except OSError as error:
        for one in texts:
            try:
                os.unlink(one + ".new")
            except OSError:
                pass
        raise OSError(error.errno, error.strerror, path) from None


def write(path, text):
    write_all({path: text})


def json_text(value):
    return json.dumps(value, indent=1, sort_keys=True) + "\n"


def try_folder(folder):
    """Before a long run: OSError when nothing can be written there."""
    probe = os.path.join(folder, "probe")
    write(probe, "")
    os.unlink(probe)
