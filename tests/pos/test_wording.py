"""Every refusal has a sentence in both languages, and the catalogues are whole."""

from __future__ import annotations

import importlib
import pkgutil
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from rich.cells import cell_len

from billing.payment_errors import TendersTooLowError
from billing.price_problems import Where
from hardware.errors import PortTrouble, PortUnavailableError
from members.registration import Refusal
from pos.counter.errors import IdRefusedError
from pos.errors import Problem, SettingsInvalidError
from pos.languages import LOCALE_FOLDER, Language, language_of, words_of
from pos.notices import Notice
from pos.sentences import PROBLEMS, SENTENCES
from pos.tui.desk.sentences import AT_THE_DESK
from pos.wording import problems_of, sentence_of
from records.errors import PasswordError, StoreBusyError, StoreDeniedError, StoreLostError
from staff.errors import StaffLockedError
from tests.conftest import REPOSITORY

PACKAGES = ("records", "staff", "privacy", "members", "billing", "hardware", "compliance", "pos")
# They end inside the package that raises them.
INTERNAL = {"FieldFaultsError", "DamagedAnswerError", "ZoneUnknownError"}


def _modules() -> Iterator[Any]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not found.name.startswith("records.migrations."):  # Alembic runs those in a context of its own.
                yield importlib.import_module(found.name)


def _raisable() -> list[type[Any]]:
    """Every error and notice that can reach a person: classes with a code that nothing is derived from."""
    classes = {
        found
        for module in _modules()
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, (Exception, Notice))
        and found.__module__.partition(".")[0] in PACKAGES
        and "code" in dir(found)
        and not found.__subclasses__()
    }
    return sorted(
        (found for found in classes if not found.__name__.startswith("_") and found.__name__ not in INTERNAL),
        key=lambda found: (found.__module__, found.__name__),
    )


RAISABLE = _raisable()


def placeholders(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name}


def test_the_search_finds_the_errors_of_every_package() -> None:
    assert {found.__module__.partition(".")[0] for found in RAISABLE} >= set(PACKAGES) - {"compliance"}
    assert len(RAISABLE) > 80


@pytest.mark.parametrize("error", RAISABLE, ids=lambda error: error.__name__)
def test_an_error_has_a_sentence_that_its_facts_fill(error: type[Any]) -> None:
    if error.__name__ == "WrongUseError":
        return  # Its message is argparse's, in the reader's language.
    own = {key: text for key, text in SENTENCES.items() if key == error.code or key.startswith(f"{error.code}/")}
    assert error.code in own, f"{error.code}: no sentence"
    facts = {field.name for field in fields(error)} if is_dataclass(error) else set()
    general = placeholders(own[error.code])
    assert general <= facts, f"{error.code} lacks {general - facts}"


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_a_sentence_says_what_happened_and_what_to_do(key: str) -> None:
    """Two sentences, or a colon before a list; a few facts leave nothing to do."""
    sentence = SENTENCES[key]
    assert sentence[-1] in ".:"
    assert len(sentence) < 260


@pytest.mark.parametrize("code", sorted(AT_THE_DESK))
def test_the_desk_names_keys_and_no_commands_for_errors_that_exist(code: str) -> None:
    errors = [found for found in RAISABLE if found.code == code.partition("/")[0]]
    assert errors
    for error in errors:
        facts = {field.name for field in fields(error)} if is_dataclass(error) else set()
        assert placeholders(AT_THE_DESK[code]) <= facts
    assert "mingjia" not in AT_THE_DESK[code]
    assert "--" not in AT_THE_DESK[code]


def test_no_sentence_is_left_without_its_error() -> None:
    codes = {error.code for error in RAISABLE}
    assert {key.partition("/")[0] for key in SENTENCES} - codes == set()


def test_the_chinese_is_complete_and_speaks_of_the_same_facts() -> None:
    with (LOCALE_FOLDER / "zh_CN" / "LC_MESSAGES" / "mingjia.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert len(messages) > 200
    assert [message.id for message in messages if not message.string] == []
    assert [message.id for message in messages if not _speak_of_the_same(message)] == []


def _speak_of_the_same(message: Message) -> bool:
    assert isinstance(message.id, str)
    assert isinstance(message.string, str)
    if message.python_format:
        return _formats(message.id) == _formats(message.string)
    return placeholders(message.id) == placeholders(message.string)


def _formats(sentence: str) -> list[str]:
    return sorted(re.findall(r"%(?:\([a-z_]+\))?[sr%]", sentence))


def test_the_catalogues_are_those_of_the_code_and_compiled() -> None:
    done = subprocess.run(
        [sys.executable, REPOSITORY / "pos" / "locale" / "update.py", "--check"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("language", list(Language))
def test_a_sentence_is_said_in_the_language_asked_for(language: Language) -> None:
    said = sentence_of(TendersTooLowError(total_fen=1850, deposits_fen=1000, given_fen=5), words_of(language))
    assert "18.50" in said
    assert "10.00" in said
    assert "0.05" in said
    assert said.startswith({"zh_CN": "已付", "en": "0.05 yuan"}[language])


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_of_a_document_is_said_in_its_own_words(refusal: Refusal) -> None:
    assert f"id-refused/{refusal}" in SENTENCES
    said = sentence_of(IdRefusedError(reason=refusal.value, seat="A07"), words_of(Language.EN))
    assert said == SENTENCES[f"id-refused/{refusal}"].format(seat="A07")


@pytest.mark.parametrize("trouble", list(PortTrouble))
def test_every_trouble_with_a_port_says_what_to_look_at(trouble: PortTrouble) -> None:
    said = sentence_of(PortUnavailableError(target="tcp://printer:9100", trouble=trouble), words_of(Language.EN))
    assert "tcp://printer:9100" in said
    assert said == SENTENCES[f"port-unavailable/{trouble}"].format(target="tcp://printer:9100")


def test_instants_are_said_in_the_venues_time() -> None:
    locked = StaffLockedError(until=datetime(2026, 11, 23, 11, 0, 30, tzinfo=UTC))
    said = sentence_of(locked, words_of(Language.EN), timezone=ZoneInfo("Asia/Shanghai"))
    assert "2026-11-23 19:00:30" in said
    assert "reset" in sentence_of(StaffLockedError(until=None), words_of(Language.EN))


def test_listed_problems_are_said_one_by_one() -> None:
    error = SettingsInvalidError(
        path="venue.toml",
        problems=(
            Problem(code="missing", where=Where(key="name", line=4)),
            Problem(code="not-toml", where=Where(line=1)),
        ),
    )
    said = problems_of(error, words_of(Language.EN))
    assert [problem.message for problem in said] == [PROBLEMS["missing"], PROBLEMS["not-toml"]]
    assert said[0].to_json() == {"code": "missing", "where": "name (line 4)", "message": PROBLEMS["missing"]}
    assert [problem.place for problem in problems_of(error, words_of(Language.ZH_CN))] == [
        "name（第 4 行）",
        "文件（第 1 行）",
    ]


@pytest.mark.parametrize(
    ("asked", "environment", "language"),
    [
        ("en", {"MINGJIA_LANG": "zh_CN"}, "en"),
        ("zh_CN", {"LANG": "en_US.UTF-8"}, "zh_CN"),
        (None, {"MINGJIA_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        (None, {"LANG": "zh_TW.UTF-8"}, "zh_CN"),
        (None, {"LANG": "en_US.UTF-8"}, "en"),
        (None, {"LANG": "fr_FR.UTF-8"}, "en"),
        (None, {"LC_ALL": "C.UTF-8", "LANG": "en_US.UTF-8"}, "zh_CN"),
        (None, {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LANG": "POSIX"}, "zh_CN"),
        (None, {}, "zh_CN"),
    ],
)
def test_chinese_is_spoken_unless_the_environment_clearly_speaks_otherwise(
    asked: str | None, environment: dict[str, str], language: str
) -> None:
    assert language_of(asked, environment) == language


@pytest.mark.parametrize("language", list(Language))
def test_what_keeps_the_floor_from_being_read_is_said_on_the_one_line_that_there_is(language: Language) -> None:
    away = [StoreLostError(), StoreBusyError(), StoreDeniedError(role="mingjia")]
    passwords = [PasswordError(problem=problem) for problem in ("file", "file-open", "no-store", "not-stored", "store")]
    for error in [*away, *passwords]:
        sentence = sentence_of(error, words_of(language), instead=AT_THE_DESK)
        assert cell_len(sentence) <= 98, sentence
