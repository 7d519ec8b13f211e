"""Every way to fail, tried with a person's words in it: no error, cause, log line or output holds one."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from members import repository, typed_documents
from members.card_text import parse
from members.registration import IdCheck, Method, Registrar, register
from members.tables import registrations
from privacy.blind_index import IndexKey
from privacy.opening import Opener
from privacy.owner_key import OwnerKey
from privacy.sealing import Sealer, WrappedKey
from records.unit_of_work import Records

NAME, NUMBER, ADDRESS = "测试甲", "110101199003070011", "北京市东城区测试路1号"
WORDS = (NAME, NUMBER, ADDRESS, "19900307", "1990-03-07", "1990, 3, 7", "测试", repr(NAME.encode())[2:-1])

Attempt = Callable[[], object]


@pytest.fixture
def registrar() -> tuple[Registrar, Opener]:
    device = Ed25519PrivateKey.generate()
    owner = OwnerKey.create(site="abcdefghijklmnop", first_month=date(2026, 11, 1), months=1)
    sealer = Sealer(site=owner.site, signing_key=device)
    index = IndexKey(version=1, secret=bytes(32))
    return (
        Registrar(sealer=sealer, recipients=owner.recipients(), index=index),
        Opener(site=owner.site, owner=owner, desks=(device.public_key(),)),
    )


def attempts(records: Records, registrar: Registrar, opener: Opener, block: bytes, folder: Path) -> dict[str, Attempt]:
    fields = parse(block)
    document = fields.document()

    def registered(*, method: Method = Method.MACHINE) -> object:
        with records.begin(actor="s2") as work:
            result = register(work, registrar, document, method=method)
            work.commit()
        return result

    def twice_the_same_row() -> None:
        check = registered()
        assert isinstance(check, IdCheck)
        with records.begin() as work:
            sealed = repository.sealed_registration(work.connection, check.check_id)
            entry = work.entry("id.checked", {})
            repository.insert_registration(work, sealed, person_id=NAME, erasable_from=date(2027, 1, 1), entry=entry)
            work.commit()

    def a_broken_wrapping() -> None:
        check = registered()
        assert isinstance(check, IdCheck)
        with records.reading() as connection:
            sealed = repository.sealed_registration(connection, check.check_id)
        opener.open(replace(sealed, wrapped=WrappedKey(month="2026-11", info=NAME.encode(), blob=NUMBER.encode())))

    def typed(text: str, *, suffix: str = ".json") -> Attempt:
        def attempt() -> object:
            path = folder / f"typed{suffix}"
            path.write_text(text, encoding="utf-8")
            return typed_documents.load(path)

        return attempt

    base = {"kind": "passport", "name": NAME, "number": NUMBER, "reason": "no-chip"}
    too_early = replace(
        registrar, recipients=OwnerKey.create(site="x", first_month=date(2099, 1, 1), months=1).recipients()
    )

    def before_the_first_key() -> None:
        with records.begin(actor="s2") as work:
            register(work, too_early, document, method=Method.MACHINE)

    def a_row_without_its_rest() -> None:
        with records.begin() as work:
            work.execute(sa.insert(registrations).values(record_id=NUMBER, person_id=NAME, token=ADDRESS.encode()))

    return {
        "a cut card": lambda: parse(block[:200]),
        "an unknown card": lambda: parse(block[:248] + "甲".encode("utf-16-le") + block[250:]),
        "no approval": lambda: registered(method=Method.TYPED),
        "a row twice": twice_the_same_row,
        "a broken wrapping": a_broken_wrapping,
        "a row without its rest": a_row_without_its_rest,
        "before the first key": before_the_first_key,
        "an unknown kind": typed(json.dumps(base | {"kind": NAME})),
        "an unknown reason": typed(json.dumps(base | {"reason": ADDRESS})),
        "an unknown key": typed(json.dumps(base | {NUMBER: 1})),
        "a number for a name": typed(json.dumps(base | {"name": int(NUMBER)})),
        "a date that is none": typed(json.dumps(base | {"birth": f"{NAME} 19900307"})),
        "half a character": typed(json.dumps(base | {"name": NAME + "\ud842"})),
        "broken JSON": typed('{"name": "' + NAME),
        "broken TOML": typed(f'name = "{NAME}"\n{NUMBER}', suffix=".toml"),
    }


def everything_about(error: BaseException | None) -> str:
    """An error as a log, a crash report or a curious cashier could see it, with its causes."""
    text = ""
    while error is not None:
        # Source lines are no leak; this file's are full of the words.
        frames = [frame for frame in traceback.format_exception(error) if not frame.startswith('  File "')]
        text += f"{error!r} {error} {error.args} {''.join(frames)}"
        # The driver's errors keep their statement's parameters as an attribute, which nobody prints.
        text += "" if isinstance(error, sa.exc.DBAPIError) else str(vars(error))
        error = error.__cause__
    return text


def test_no_failure_shows_a_persons_words(
    records: Records,
    registrar: tuple[Registrar, Opener],
    resident_block: Callable[..., bytes],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: dict[str, str] = {}
    for name, attempt in attempts(records, *registrar, resident_block(), tmp_path).items():
        with pytest.raises(Exception) as failure:  # noqa: PT011  # Whatever it is, it must not show the words.
            attempt()
        error = failure.value
        logging.getLogger("mingjia").error("failed: %r", error, exc_info=error)
        shown[name] = everything_about(error)
    shown["log"] = "\n".join(record.getMessage() for record in caplog.records)
    leaks = {name: word for name, text in shown.items() for word in WORDS if word in text}
    assert not leaks
    assert len(shown) == 16
