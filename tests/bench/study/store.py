# SPDX-License-Identifier: MIT
"""Files that are whole or not there."""
import json
import os


def write(path, text):
    """In place of what was there, at once; OSError leaves that as it was."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    new = path + ".new"
    try:
        with open(new, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(new, path)
    except OSError as error:
        try:
            os.unlink(new)
        except OSError:
            pass
        raise OSError(error.errno, error.strerror, path) from None


def write_json(path, value):
    write(path, json.dumps(value, indent=1, sort_keys=True) + "\n")


def try_folder(folder):
    """Before a long run: OSError when nothing can be written there."""
    probe = os.path.join(folder, "probe")
    write(probe, "")
    os.unlink(probe)
