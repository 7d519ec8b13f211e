"""The story in the READMEs is the demo's own."""

import re
import subprocess
import sys
from pathlib import Path

from tests.repository.sources import ROOT


def story(name: str) -> list[str]:
    """The excerpt of one README, the marks of what was left out taken away."""
    found = re.search(r"^```text\n(.*?)^```$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found, name
    return [line for line in found[1].splitlines() if line != "…"]


def test_the_demo_still_tells_the_story_of_the_readme(tmp_path: Path) -> None:
    words = ["demo", "--script", "--lang", "en", "--dir", str(tmp_path / "demo")]
    run = subprocess.run(
        [sys.executable, "-m", "pos.cli.main", *words], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    told = iter(run.stdout.splitlines())
    missing = [line for line in story("README.md") if line not in told]  # Consumes: the order must be the demo's too.
    assert missing == []


def test_both_languages_tell_of_the_same_moments() -> None:
    moment = re.compile(r"^\d\d:\d\d  \S+")
    moments = [
        [found[0] for line in story(name) if (found := moment.match(line))] for name in ("README.md", "README.zh-CN.md")
    ]
    assert moments[0] == moments[1]
    assert len(moments[0]) > 10
