"""The library that makes some of the printer's bytes changes nothing else of the program."""

from __future__ import annotations

import subprocess
import sys

from hardware.printers import escpos_library

QUIET = """
import logging, os, sys, tempfile
tempfile.tempdir = sys.argv[1]
from hardware.printers import escpos_library
assert "escpos" not in sys.modules
escpos_library.cut()
assert "escpos" in sys.modules
print(logging.getLogger().handlers, os.listdir(sys.argv[1]))
"""


def test_its_import_leaves_no_logger_and_no_folder_behind(tmp_path: object) -> None:
    command = [sys.executable, "-c", QUIET, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[] []"


def test_its_bytes_are_the_known_ones() -> None:
    assert escpos_library.cut() == bytes.fromhex("1b6406 1d5600")
    assert escpos_library.kick_drawer() == bytes.fromhex("1b70003232")
    stored = b"MJ1:AB"
    assert escpos_library.qr_code("MJ1:AB", module_dots=4) == (
        bytes.fromhex("1d286b04003141 3200 1d286b03003143 04 1d286b03003145 30 1d286b 0900 315030")
        + stored
        + bytes.fromhex("1d286b03003151 30")
    )
