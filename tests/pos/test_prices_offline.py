"""`prices check` and `prices quote` as a caller sees them: exact JSON, exit status, words."""

import io
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pos.cli import prices_offline
from pos.cli.prices_offline import Streams
from pos.languages import Language, words_of
from tests.billing.shop import MONDAY, WINTER_TEXT, changed, usage_json

ENGLISH, CHINESE = words_of(Language.EN), words_of(Language.ZH_CN)
check_file = partial(prices_offline.check_file, words=ENGLISH)
quote_usage = partial(prices_offline.quote_usage, words=ENGLISH)
quote_batch = partial(prices_offline.quote_batch, words=ENGLISH)


@pytest.fixture
def winter(tmp_path: Path) -> Path:
    return written(tmp_path, WINTER_TEXT)


def written(folder: Path, text: str) -> Path:
    path = folder / "prices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def streams() -> Streams:
    return Streams(out=io.StringIO(), err=io.StringIO())


def said(answer: Streams) -> str:
    assert isinstance(answer.out, io.StringIO)
    return answer.out.getvalue()


def warned(answer: Streams) -> str:
    assert isinstance(answer.err, io.StringIO)
    return answer.err.getvalue()


def evening(**more: Any) -> bytes:
    return json.dumps(usage_json(f"{MONDAY}T21:00:00", f"{MONDAY}T21:07:00", **more)).encode()


def test_a_good_list_is_ok(winter: Path) -> None:
    answer = streams()
    assert check_file(winter, answer, is_json=True) == 0
    assert json.loads(said(answer)) == {
        "ok": True,
        "problems": [],
        "not_checked": ["promotion-reference-too-high", "raised-before-promotion"],
    }


def test_a_problem_is_answered_with_code_place_and_message(tmp_path: Path) -> None:
    answer = streams()
    path = written(tmp_path, changed(("minimum_fen = 300", "minimum_fen = 305")))
    assert check_file(path, answer, is_json=True) == 1
    assert json.loads(said(answer))["problems"] == [
        {
            "code": "minimum-not-multiple",
            "where": {"table": "method", "entry": None, "key": "minimum_fen", "line": 18},
            "message": "The minimum of 305 fen is no multiple of round_to_fen (10). Change one of them.",
        }
    ]
    answer = streams()
    assert check_file(path, answer, is_json=False) == 1
    assert said(answer).splitlines()[0].startswith("method.minimum_fen (line 18): minimum-not-multiple: ")


def test_a_quote_is_one_json_document(winter: Path) -> None:
    answer = streams()
    assert quote_usage(winter, evening(), answer, is_json=True) == 0
    assert json.loads(said(answer)) == {
        "total_fen": 300,
        "lines": [
            {
                "kind": "time",
                "zone": "hall",
                "from": "2026-11-23T21:00:00",
                "to": "2026-11-23T21:15:00",
                "seconds": 900,
                "extension_seconds": 480,
                "fen_per_hour": 400,
                "amount_fen": 100,
            },
            {"kind": "minimum", "amount_fen": 200},
        ],
    }


def test_a_quote_for_people_ends_with_the_total(winter: Path) -> None:
    answer = streams()
    assert quote_usage(winter, evening(packages={f"{MONDAY}T21:00:00": "3h"}), answer, is_json=False) == 0
    assert said(answer) == "    10.00  包三小时\n    10.00  total\n"
    answer = streams()
    assert quote_usage(winter, evening(), answer, is_json=False, words=CHINESE) == 0
    assert said(answer).splitlines() == [
        "     1.00  大厅，2026-11-23 21:00:00 至 2026-11-23 21:15:00，4.00 元/小时",
        "     2.00  补足起步价",
        "     3.00  合计",
    ]


def test_funds_are_answered_with_an_instant_or_null(winter: Path) -> None:
    for funds_fen, until in ((1000, "2026-11-24T00:00:00"), (10**9, None)):
        answer = streams()
        usage = json.dumps(usage_json(f"{MONDAY}T21:00:00", funds_fen=funds_fen)).encode()
        assert quote_usage(winter, usage, answer, is_json=True) == 0
        assert json.loads(said(answer)) == {"until": until}


def test_a_refused_usage_has_a_code_and_status_1(winter: Path) -> None:
    answer = streams()
    assert quote_usage(winter, b"{}", answer, is_json=True) == 1
    assert json.loads(said(answer)) == {"error": {"code": "bad-usage", "message": "The usage has no `tier`. Add it."}}
    answer = streams()
    assert quote_usage(winter, b"{}", answer, is_json=False) == 1
    assert (said(answer), warned(answer)) == ("", "The usage has no `tier`. Add it.\n")


def test_a_batch_answers_line_by_line_and_goes_on_after_a_bad_one(winter: Path) -> None:
    answer = streams()
    batch = b"\n".join([evening(), b"", b"  \t\r", b"nonsense", b"\xff", evening(tier="vip"), evening()])
    assert quote_batch(winter, io.BytesIO(batch), answer, is_json=True) == 0
    answers = [json.loads(line) for line in said(answer).splitlines()]
    assert [line.get("total_fen", line.get("error", {}).get("code")) for line in answers] == [
        300,
        "bad-usage",
        "bad-usage",
        "unknown-tier",
        300,
    ]


def test_nothing_is_quoted_by_a_list_with_problems(tmp_path: Path) -> None:
    path = written(tmp_path, changed(("minimum_fen = 300", "minimum_fen = 305")))
    quoted, batched = streams(), streams()
    assert quote_usage(path, evening(), quoted, is_json=True) == 1
    assert quote_batch(path, io.BytesIO(evening()), batched, is_json=True) == 1
    for answer in (quoted, batched):
        error = json.loads(said(answer))["error"]
        assert error["code"] == "list-invalid"
        assert [problem["code"] for problem in error["problems"]] == ["minimum-not-multiple"]
    answer = streams()
    assert quote_usage(path, evening(), answer, is_json=False) == 1
    assert "minimum-not-multiple" in warned(answer)


def test_a_missing_file_is_the_callers_to_answer_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_file(tmp_path / "none.toml", streams(), is_json=True)


def test_what_is_wrong_is_said_in_the_language_asked_for(tmp_path: Path) -> None:
    checked, quoted, batched = streams(), streams(), streams()
    path = written(tmp_path, changed(("minimum_fen = 300", "minimum_fen = 305")))
    check_file(path, checked, is_json=False, words=CHINESE)
    assert said(checked).splitlines()[0] == (
        "method.minimum_fen（第 18 行）: minimum-not-multiple: "
        "起步价 305 分不是 round_to_fen（10 分）的整数倍。请修改其一。"
    )
    path = written(tmp_path, WINTER_TEXT)
    quote_usage(path, evening(tier="vip"), quoted, is_json=True, words=CHINESE)
    quote_batch(path, io.BytesIO(b"{}"), batched, is_json=True, words=CHINESE)
    assert json.loads(said(quoted))["error"] == {
        "code": "unknown-tier",
        "message": CHINESE("The price list has no tier {tier}. Use one of the list.").format(tier="vip"),
    }
    assert json.loads(said(batched))["error"]["message"] == "使用记录缺少“tier”。请补上。"


def test_time_left_is_said_in_words(winter: Path) -> None:
    for funds_fen, words, shown in (
        (1000, ENGLISH, "until 2026-11-24 00:00:00\n"),
        (10**9, CHINESE, "超过七天\n"),
    ):
        answer = streams()
        usage = json.dumps(usage_json(f"{MONDAY}T21:00:00", funds_fen=funds_fen)).encode()
        assert quote_usage(winter, usage, answer, is_json=False, words=words) == 0
        assert said(answer) == shown


def test_a_mark_that_an_editor_put_before_a_usage_is_no_part_of_it(winter: Path) -> None:
    marked = b"\xef\xbb\xbf" + evening()
    one, many = streams(), streams()
    assert quote_usage(winter, marked, one, is_json=True) == 0
    assert quote_batch(winter, io.BytesIO(marked + b"\r\n"), many, is_json=True) == 0
    assert json.loads(said(one)) == json.loads(said(many))
    assert json.loads(said(one))["total_fen"] == 300


def test_a_list_without_promotions_says_nothing_of_what_was_not_compared(tmp_path: Path) -> None:
    promoted = WINTER_TEXT + (
        '\n[[promotions]]\ncode = "late"\nname = "夜场"\nitem = { goods = "cola-330" }\nprice_fen = 300\n'
        'from = "2026-12-01T00:00:00"\nuntil = "2027-01-01T00:00:00"\nconditions = "全天"\n'
    )
    plain, with_promotion = streams(), streams()
    check_file(written(tmp_path, WINTER_TEXT), plain, is_json=False)
    check_file(written(tmp_path, promoted), with_promotion, is_json=False)
    assert said(plain) == "The price list has no problem.\n"
    assert "not compared with what was really paid" in said(with_promotion)
