"""Canonical bytes against an independent implementation of RFC 8785."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from records.canonical import LARGEST_INTEGER, Form, Json, canonical

VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=500)
@given(VALUES)
def test_the_bytes_are_those_of_rfc_8785(value: Json) -> None:
    assert canonical(value) == rfc8785.dumps(value)


MEMBERS = st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=3), VALUES, max_size=9)


@settings(max_examples=500)
@given(MEMBERS, st.data())
def test_whatever_comes_later_the_bytes_are_the_same(members: dict[str, Json], data: st.DataObject) -> None:
    later = data.draw(st.sets(st.sampled_from(sorted(members)) if members else st.nothing()))
    form = Form({key: value for key, value in members.items() if key not in later}, later=later)
    assert form.filled({key: canonical(members[key]) for key in later}) == canonical(members)


def test_a_member_is_known_or_comes_later() -> None:
    with pytest.raises(ValueError, match="known or comes later"):
        Form({"receipt": 1}, later=("receipt",))


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, -(2**53), {"名": 1}, {1: 2}, b"bytes", {"deep": [{"x": 0.5}]}, {1, 2}]
)
def test_what_lies_outside_the_profile_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(value)  # type: ignore[arg-type]  # Wrong on purpose.


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        canonical("\ud800")
