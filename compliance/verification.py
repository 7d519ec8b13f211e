"""The shipped verifier, run on a bundle or on the whole journal of a venue."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from compliance import bundle_range
from compliance.bundle import write_bundle
from compliance.errors import NotAnAnchorError
from compliance.verify import verify as shipped
from records.unit_of_work import Records


def verify(path: Path, anchors: Sequence[str] = ()) -> dict[str, Any]:
    """Check a bundle with the very file that travels in it; the answer of `verify.py --json`.

    Raises NotAnAnchorError for an anchor that is none; whatever is wrong with the bundle is a finding.
    """
    try:
        return shipped.verify(str(path), anchors)
    except ValueError as error:
        raise NotAnAnchorError(detail=str(error)) from error


def verify_journal(records: Records, anchors: Sequence[str] = ()) -> dict[str, Any]:
    """Check every entry of a venue, as a stranger would who was handed all of them. Nothing is journaled."""
    with tempfile.TemporaryDirectory(prefix="mingjia-") as folder:
        path = Path(folder) / "journal.zip"
        with path.open("wb") as file, records.reading() as connection:
            asked = bundle_range.whole_log(connection)
            assert asked is not None, "a venue's journal begins with log.started"
            write_bundle(connection, records.signer, asked, file, beside=path)
        return verify(path, anchors)
