"""Looking goods up among twenty thousand, without a list in memory: by barcode and by pinyin initials."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.desk_venue import goods_list
from bench.figure import Figure, Runs
from billing.price_checks import check
from pos.pinyin import initials
from pos.shelf_index import ShelfIndex

GOODS: Final = 20_000
_LOOK_UPS: Final = 300
_SHOWN: Final = 20


def figures() -> Iterator[Figure]:
    """Measure both ways of asking for one thing, a new connection each time as a command has it."""
    prices, chance = check(goods_list(GOODS)).require(), random.Random(5)  # noqa: S311  # Which goods, not a secret.
    asked = [chance.choice(prices.goods) for _ in range(_LOOK_UPS)]
    with TemporaryDirectory(prefix="mingjia-bench-") as path:
        index = ShelfIndex(Path(path))
        index.make(prices)

        def seconds(typed: str) -> float:
            begun = time.perf_counter()
            found = index.search(prices.sha256, typed, limit=_SHOWN)
            took = time.perf_counter() - begun
            assert found, "it is on sale"
            return took

        yield _figure("barcode", [one.barcode or "" for one in asked], seconds)
        yield _figure("pinyin initials", [initials(one.name)[0] for one in asked], seconds)


def _figure(by: str, typed: list[str], seconds: Callable[[str], float]) -> Figure:
    runs = Runs(seconds=tuple(seconds(text) for text in typed))
    return Figure(
        name=f"{GOODS} goods: one look-up by {by}",
        value=runs.median * 1000,
        unit="ms",
        bound=2,
        spread=runs.spread(1000),
    )
