"""What modules may import, beyond the contracts in pyproject.toml that watch the direction."""

import ast

import pytest

from tests.repository.sources import imported_names, module_level, product_modules, tree, where

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
