"""Where the venue's data lies when nobody says so."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def data_folder(asked: str | None, environment: Mapping[str, str]) -> Path:
    """Return `--data`, else MINGJIA_DATA, else the platform's folder for a user's data."""
    chosen = asked or environment.get("MINGJIA_DATA")
    if chosen:
        return Path(chosen).expanduser()
    home = Path.home()
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Mingjia"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Mingjia"
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "mingjia"
