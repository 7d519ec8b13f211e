"""Measure everything: `python -m bench [NAME …]` prints one JSON line a figure and fails if a bound is not met."""

from __future__ import annotations

import importlib
import sys

MODULES = ("startup", "pricing", "settlement", "journal", "verify", "goods", "desk", "postgres")


def main(names: list[str]) -> int:
    """Run the named modules, all by default. Each has `figures()`, an iterable of `Figure`."""
    unmet = 0
    for name in names or MODULES:
        for figure in importlib.import_module(f"bench.{name}").figures():
            print(figure.line(), flush=True)
            unmet += not figure.is_met
    return 1 if unmet else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
