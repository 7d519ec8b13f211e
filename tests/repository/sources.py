"""What the repository's own tests look at: the tracked files, and the product's modules as syntax trees."""

import ast
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = frozenset({".git", ".venv", ".venv-lock", "__pycache__", "build", "dist"})


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file of the repository; in a copy without git, every file that is no cache or build product."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True, encoding="utf-8"
        )
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not _is_made(path.relative_to(ROOT))]
    return tuple(sorted(path for path in paths if path.is_file()))


def _is_made(path: Path) -> bool:
    return any(part in NOT_OURS or part.endswith(("_cache", ".egg-info")) for part in path.parts)


def product_packages() -> list[str]:
    """The packages that import-linter watches: all that the wheel holds."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(settings["tool"]["importlinter"]["root_packages"])


@cache
def product_modules() -> tuple[Path, ...]:
    """Every Python file that the product ships: those of packages, not the tools that lie beside data."""
    packages = [ROOT / name for name in product_packages()]
    files = [path for package in packages for path in package.rglob("*.py")]
    return tuple(sorted(path for path in files if (path.parent / "__init__.py").exists()))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_level(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs when the module is imported: function bodies are not entered, class bodies are."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield child
        yield from module_level(child)


def imported_names(node: ast.AST) -> Iterator[str]:
    """The absolute modules that an import statement names; nothing for any other node."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module


def where(path: Path, node: ast.AST) -> str:
    """`folder/file.py:line`, as an editor jumps to it."""
    return f"{path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 0)}"
