# SPDX-License-Identifier: MIT
"""Folders for a while."""
import contextlib
import os
import shutil
import tempfile
import time

LINGER_S = 10
STEP_S = 0.05


@contextlib.contextmanager
def temporary(prefix):
    """Gone afterwards, although a process that was killed, or a compiler whose
    parent was, may still write into it for a moment."""
    folder = tempfile.mkdtemp(prefix=prefix)
    try:
        yield folder
    finally:
        end = time.monotonic() + LINGER_S
        shutil.rmtree(folder, ignore_errors=True)
        while os.path.exists(folder) and time.monotonic() < end:
            time.sleep(STEP_S)
            shutil.rmtree(folder, ignore_errors=True)
