"""Canonical bytes against an independent implementation of RFC 8785."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from records.canonical import LARGEST_INTEGER, Form, Json, blank, canonical

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


@settings(max_examples=500)
@given(VALUES, st.data())
def test_whatever_comes_later_the_bytes_are_the_same(value: Json, data: st.DataObject) -> None:
    later: dict[str, Json] = {}

    def laid_out(part: Json) -> Json:
        if data.draw(st.booleans()):
            name = f"body.{len(later)}"
            later[name] = part
            return blank(name)
        if isinstance(part, dict):
            return {key: laid_out(inner) for key, inner in part.items()}
        return [laid_out(inner) for inner in part] if isinstance(part, list) else part

    form = Form(laid_out(value))
    assert form.filled({name: canonical(part) for name, part in later.items()}) == canonical(value)


@pytest.mark.parametrize("value", ["\udfff", {"a": "x\ud800"}, 1.5, {"名": blank("seq")}])
def test_what_has_no_canonical_form_has_none_with_blanks(value: Json) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Form(value)


def test_a_blank_stands_in_its_form_once() -> None:
    with pytest.raises(ValueError, match="once"):
        Form({"seq": blank("seq"), "said": [blank("seq")]})


def test_every_blank_is_filled() -> None:
    form = Form({"receipt": blank("body.receipt"), "seq": blank("seq")})
    with pytest.raises(KeyError):
        form.filled({"seq": b"7"})


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, -(2**53), {"名": 1}, {1: 2}, b"bytes", {"deep": [{"x": 0.5}]}, {1, 2}]
)
def test_what_lies_outside_the_profile_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(value)  # type: ignore[arg-type]  # Wrong on purpose.


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        canonical("\ud800")
