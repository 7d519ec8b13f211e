"""The lock files: exact, hashed, and silent about where packages come from."""

import re
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository.sources import ROOT

RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"
LOCKS = pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT], ids=lambda path: path.name)


def locked(path: Path) -> dict[str, tuple[Requirement, list[str]]]:
    """Each pinned requirement by canonical name, with its hashes."""
    pins: dict[str, tuple[Requirement, list[str]]] = {}
    for block in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if block and not block.startswith("#"):
            text, *hashes = re.split(r"\s+--hash=", block.strip())
            requirement = Requirement(text)
            pins[canonicalize_name(requirement.name)] = (requirement, hashes)
    return pins


def declared(*, development: bool) -> list[Requirement]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = settings["project"]["dependencies"] + settings["build-system"]["requires"]
    if development:
        lines += settings["project"]["optional-dependencies"]["dev"]
    return [Requirement(line) for line in lines]


@LOCKS
def test_every_pin_is_exact_and_hashed(lock: Path) -> None:
    for requirement, hashes in locked(lock).values():
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


@LOCKS
def test_no_pin_says_where_it_comes_from(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "/" not in text  # Neither an address nor a path.
    assert not re.search(r"^\s*--(?!hash=)", text, re.MULTILINE)  # No option names an index.


@LOCKS
def test_the_lock_satisfies_what_the_project_declares(lock: Path) -> None:
    pins = locked(lock)
    for wanted in declared(development=lock == DEVELOPMENT):
        pinned, _ = pins[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(str(pinned.specifier).removeprefix("=="), prereleases=True), wanted


def test_both_locks_agree() -> None:
    development = locked(DEVELOPMENT)
    for name, pin in locked(RUNTIME).items():
        assert str(development[name][0]) == str(pin[0])


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_one_lock_serves_every_platform(platform: str, version: str) -> None:
    wanted = {name for name, (pin, _) in locked(RUNTIME).items() if _applies(pin, platform, version)}
    assert {"sqlalchemy", "cryptography", "textual", "keyring"} <= wanted
    assert ("pywin32-ctypes" in wanted) == (platform == "win32")
    assert ("secretstorage" in wanted) == (platform == "linux")


def _applies(pin: Requirement, platform: str, version: str) -> bool:
    environment = {"sys_platform": platform, "python_version": version, "python_full_version": f"{version}.0"}
    return pin.marker is None or pin.marker.evaluate(environment)


def test_nothing_the_product_needs_is_under_the_gpl() -> None:
    for name, (pin, _) in locked(RUNTIME).items():
        if pin.marker is not None and not pin.marker.evaluate():
            continue
        facts = metadata(name)
        licences = [
            *(facts.get_all("License-Expression") or []),
            *(line for line in facts.get_all("Classifier") or [] if line.startswith("License ::")),
        ]
        text = " ".join(licences).replace("LGPL", "").replace("Lesser General Public", "")
        assert not re.search(r"\bA?GPL|General Public License", text), (name, licences)
