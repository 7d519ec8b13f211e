"""The counter's side of the glass loads nothing that opens (I-8), measured in a program of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["members.registration", "members.repository", "privacy.secret_stores"])
def test_what_registers_loads_neither_the_opener_nor_the_owners_key(module: str) -> None:
    program = f"import sys, {module}; print(sorted(set(sys.modules) & {{'privacy.opening', 'privacy.owner_key'}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def test_a_help_text_does_not_wait_for_a_key_store() -> None:
    program = "import sys, privacy.secret_stores; print('keyring' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"
