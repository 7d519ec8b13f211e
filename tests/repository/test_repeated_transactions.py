"""Every transaction can be tried again: where several desks work, each may be overtaken or lose its connection."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.repository.sources import ROOT, product_modules, tree

# A founding is nobody's second try; the others are doors through which units of work begin.
EXEMPT = frozenset(
    {"pos/founding.py", "records/server.py", "pos/bootstrap.py", "pos/counter/till.py", "records/unit_of_work.py"}
)


def unrepeated(node: ast.AST, *, is_repeated: bool) -> Iterator[int]:
    """The lines of units of work that no `repeated` function holds."""
    for child in ast.iter_child_nodes(node):
        inside = is_repeated
        if isinstance(child, ast.FunctionDef):
            inside = inside or any(isinstance(d, ast.Name) and d.id == "repeated" for d in child.decorator_list)
        if isinstance(child, ast.With) and not inside:
            for item in child.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "begin":
                    yield child.lineno
        yield from unrepeated(child, is_repeated=inside)


def test_every_unit_of_work_is_begun_by_what_can_be_repeated() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{line}"
        for path in product_modules()
        if path.relative_to(ROOT).as_posix() not in EXEMPT
        for line in unrepeated(tree(path), is_repeated=False)
    }
    assert found == set()


def test_one_that_is_not_is_seen() -> None:
    bare = "def f(records):\n    with records.begin() as work:\n        work.commit()"
    assert list(unrepeated(ast.parse(bare), is_repeated=False)) == [2]
    assert list(unrepeated(ast.parse("@repeated\n" + bare), is_repeated=False)) == []
