"""`make soak`: eight desks at random work, killed and cut off, and then the books against what was acknowledged.

python -m tests.soak [SECONDS]
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers import running_server
from tests.soak.soaking import soak


def main() -> int:
    """Soak, and say what was found."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 180.0
    with running_server() as server, TemporaryDirectory(prefix="mingjia-soak-") as path:
        found = soak(server, Path(path), seconds=seconds, desks=8, kills=10)
    sys.stdout.write(f"{found.told}\n")
    sys.stdout.writelines(f"{finding}\n" for finding in found.findings)
    return 1 if found.findings else 0


if __name__ == "__main__":
    sys.exit(main())
