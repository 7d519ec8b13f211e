"""What modules may import, beyond the contracts in pyproject.toml that watch the direction."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository.sources import (
    ROOT,
    imported_names,
    module_level,
    product_modules,
    product_packages,
    tree,
    where,
)

# The product also runs on Windows, where none of these can be imported.
UNIX_ONLY = frozenset({"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"})


def unix_only_imports(source: ast.Module) -> list[ast.AST]:
    return [
        node for node in module_level(source) if any(name.split(".")[0] in UNIX_ONLY for name in imported_names(node))
    ]


def test_every_module_can_be_imported_on_windows() -> None:
    found = [where(path, node) for path in product_modules() for node in unix_only_imports(tree(path))]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import termios",
        "from pty import openpty",
        "if True:\n    import fcntl",
        "try:\n    import pwd\nexcept ImportError:\n    pwd = None",
        "class Line:\n    import tty",
    ],
)
def test_a_unix_only_import_is_seen_wherever_it_runs_at_import_time(source: str) -> None:
    assert len(unix_only_imports(ast.parse(source))) == 1


def test_a_unix_only_import_inside_a_function_is_allowed() -> None:
    assert unix_only_imports(ast.parse("def open_line():\n    import pty\n    return pty.openpty()")) == []


def test_every_foreign_import_is_a_declared_dependency() -> None:
    """What is only there because something else needs it may be gone with that one's next version."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = settings["project"]["optional-dependencies"]
    lines = [*settings["project"]["dependencies"], *(line for name in extras if name != "dev" for line in extras[name])]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    known = sys.stdlib_module_names | set(product_packages())
    owners = packages_distributions()
    foreign = {
        name.split(".")[0]
        for path in product_modules()
        for node in ast.walk(tree(path))
        for name in imported_names(node)
    }
    undeclared = {
        name for name in foreign - known if not {canonicalize_name(owner) for owner in owners[name]} & declared
    }
    assert undeclared == set()


def test_a_package_opens_with_its_docstring_and_nothing_else() -> None:
    """Importing any module runs its package's `__init__`: whatever stood there would be paid for by all."""
    openings = [path for path in product_modules() if path.name == "__init__.py" and path.parent.parent == ROOT]
    assert len(openings) == len(product_packages())
    for path in openings:
        statements = tree(path).body
        assert len(statements) == 1, path
        assert ast.get_docstring(tree(path)), path
