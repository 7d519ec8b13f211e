"""No place can require, preselect or default an item: not the price list, not the counter, not a screen (G-1).

The signatures are read: what opens, settles or moves a seat has no parameter for goods, and what sells has no default
for what is sold.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import pytest
from textual.screen import Screen

from billing import orders, price_list, sales, settlement, sold_lines, statements, visits
from pos.counter.counter import Counter
from pos.counter.sales import Sales
from pos.counter.seats import Opening, Seats
from pos.counter.settlement import Settlements
from pos.tui import desk

WORDS = (
    "required",
    "mandatory",
    "minimum_spend",
    "min_consumption",
    "default_items",
    "auto_add",
    "preselect",
    "bundled",
)
GOODS = ("item", "items", "line", "lines", "goods", "order", "orders", "combo", "promotion", "service")
SELLING = (orders.add, sales.sell, Sales.order, Sales.sell, Sales.line, Sales.without, sold_lines.priced)


def operations() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every operation of the counter, and the rules of billing behind seats and bills."""
    for part in fields(Counter):
        room = inspect.getmodule(Counter)
        assert room is not None
        owner = getattr(room, str(part.type), None)
        for name, operation in inspect.getmembers(owner, inspect.isfunction):
            if not name.startswith("_"):
                yield f"{part.name}.{name}", operation
    for module in (visits, orders, sales, settlement, statements):
        for name, operation in inspect.getmembers(module, inspect.isfunction):
            if operation.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__}.{name}", operation


def test_the_operations_are_found() -> None:
    names = {name for name, _ in operations()}
    assert {"seats.open", "sales.order", "sales.sell", "settlements.settle", "billing.visits.open_visit"} <= names


@pytest.mark.parametrize(
    "operation", [Seats.open, Seats.move, Seats.terms, Settlements.show, Settlements.settle, visits.open_visit]
)
def test_a_seat_is_opened_moved_and_settled_without_goods(operation: Callable[..., Any]) -> None:
    assert set(inspect.signature(operation).parameters).isdisjoint(GOODS)


def test_an_opening_holds_no_goods() -> None:
    assert {field.name for field in fields(Opening)}.isdisjoint(GOODS)


@pytest.mark.parametrize("operation", SELLING, ids=lambda operation: operation.__qualname__)
def test_what_is_sold_has_no_default(operation: Callable[..., Any]) -> None:
    asked = [p for p in inspect.signature(operation).parameters.values() if p.name in {*GOODS, "code", "quantity"}]
    assert asked
    assert all(parameter.default is inspect.Parameter.empty for parameter in asked)


def test_no_operation_has_a_place_for_a_forced_sale() -> None:
    for name, operation in operations():
        for parameter in inspect.signature(operation).parameters:
            assert not any(word in parameter for word in WORDS), f"{name}: {parameter}"


def test_no_screen_is_given_anything_chosen_beforehand() -> None:
    screens = 0
    for found in pkgutil.iter_modules(desk.__path__, f"{desk.__name__}."):
        for name, made in inspect.getmembers(importlib.import_module(found.name), inspect.isclass):
            if made.__module__ != found.name or not issubclass(made, Screen):
                continue
            screens += 1
            for parameter in inspect.signature(made).parameters.values():
                assert not any(word in parameter.name for word in WORDS), name
                has_default = parameter.default is not inspect.Parameter.empty and bool(parameter.default)
                assert not (parameter.name in GOODS and has_default), name
    assert screens > 10


def test_an_order_line_names_its_item_and_its_pieces() -> None:
    for field in fields(sold_lines.OrderLine):
        assert field.default is MISSING
        assert field.default_factory is MISSING


def test_the_price_list_has_no_field_for_a_forced_sale() -> None:
    for _, value in inspect.getmembers(price_list, inspect.isclass):
        if value.__module__ == price_list.__name__ and is_dataclass(value):
            for field in fields(value):
                assert not any(word in field.name for word in WORDS), f"{value.__name__}.{field.name}"
