"""What differs between two price lists, field by field: an entry is followed by its code, not by its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One field: None where the list does not have it."""

    where: str
    before: Any
    after: Any

    def to_json(self) -> dict[str, Any]:
        """Return the change as `prices diff` answers it."""
        return {"where": self.where, "before": self.before, "after": self.after}


def leaves(canonical: Any) -> dict[str, Any]:
    """Return every single value of a canonical list by its place: `goods[cola-330].price_fen`."""
    return dict(_leaves(canonical, ""))


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return what differs, in the order of the lists."""
    places = [*before, *(place for place in after if place not in before)]
    return [
        Change(where=place, before=before.get(place), after=after.get(place))
        for place in places
        if before.get(place) != after.get(place)
    ]


def _leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{place}.{key}" if place else key)
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _leaves(item, f"{place}[{_name(item, number)}]")
    else:
        yield place, value


def _name(item: Mapping[str, Any], number: int) -> str:
    if "code" in item:
        return str(item["code"])
    if "fen_per_hour" in item:
        # Rates have no code; zone, tiers, days and hours name one.
        parts = [item["zone"], item["from"], item["to"], *(item.get("tiers") or ()), *(item.get("days") or ())]
        return " ".join(map(str, parts))
    return str(number)
