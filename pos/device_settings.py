"""Where this desk's devices hang: a file beside the records, for it is no fact about the venue."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pos.errors import SettingsInvalidError
from pos.settings_reading import Devices, read_devices_document

FILE_NAME: Final = "devices.toml"


def read_devices(folder: Path) -> Devices:
    """Read the data folder's `devices.toml`; without one there are no devices. Raises SettingsInvalidError."""
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Devices()
    found = read_devices_document(text)
    if found.problems:
        raise SettingsInvalidError(path=str(path), problems=found.problems)
    return found.devices


def write_devices(folder: Path, devices: Devices) -> None:
    """Write the file anew, whole or not at all."""
    draft = folder / f"{FILE_NAME}.new"
    draft.write_text(devices.to_toml(), encoding="utf-8", newline="\n")
    draft.replace(folder / FILE_NAME)
