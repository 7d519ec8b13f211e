"""How statements travel to a PostgreSQL server: prepared once, and sent together until an answer is needed.

A settlement runs some thirty statements. The driver's cursors cost more than the server needs for most of them, and
waiting for each answer costs both sides a change of process. So they go to libpq itself (`psycopg.pq`) in its pipeline
mode: what nobody waits for is kept back, and leaves with the next question or with the commit. The order stays. What
the server refuses is raised by that question or that commit; until the rollback it does nothing more.

A commit may free what its transaction holds before the disk has it (`unlock_early`). Whoever commits so waits for the
disk afterwards, in the same go, and whoever reads meanwhile waits for it too (`look`, `wait_for_disk`).
"""

from __future__ import annotations

from collections.abc import Generator, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import pq
from psycopg.waiting import Ready, Wait

_FAILED: Final = frozenset({pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE, pq.ExecStatus.NONFATAL_ERROR})
_END: Final = pq.ExecStatus.PIPELINE_SYNC

# A prepared statement that the server no longer has, or that a migration made another one of.
_OUTDATED: Final = {"26000", "0A000"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A statement's text with $1, $2 …, the name under which a connection prepares it, how values are written."""

    name: bytes
    sql: bytes
    formats: Sequence[pq.Format] = ()
    answer: pq.Format = pq.Format.TEXT


@dataclass(kw_only=True, slots=True)
class Question:
    """A statement on its way, and the server's answer once it has come."""

    statement: Statement
    values: Sequence[bytes | None] = ()
    answer: Any = None


class Wire:
    """One connection, and what waits to be sent over it. One thread at a time uses it, as it does the connection."""

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self._driver = driver
        self._prepared: set[bytes] = set()
        self._waiting: list[Question] = []
        self._ahead: dict[Hashable, Question] = {}
        self._owes_disk = False

    def put(self, statement: Statement, values: Sequence[bytes | None]) -> Question:
        """Keep a statement back until an answer is needed."""
        question = Question(statement=statement, values=values)
        self._waiting.append(question)
        return question

    def put_ahead(self, key: Hashable, statement: Statement, values: Sequence[bytes | None]) -> None:
        """Let a question travel with those before it that will be asked in a moment: `taken` finds it by its key."""
        if key not in self._ahead:
            self._ahead[key] = self.put(statement, values)

    def taken(self, key: Hashable) -> Question | None:
        """The question that was put ahead, once."""
        return self._ahead.pop(key, None) if self._ahead else None

    def answer_of(self, question: Question) -> Any:
        """Return the answer to a question, sending everything up to now. Raises what the server refused, if it did."""
        if question.answer is None:
            self.exchange()
        if question.answer is None:
            raise psycopg.errors.InFailedSqlTransaction("an earlier statement was refused")
        return question.answer

    def exchange(self) -> None:
        """Send what waits, in a transaction, and take the answers."""
        if self._waiting:
            questions, self._waiting = self._waiting, []
            if self._driver.pgconn.transaction_status == pq.TransactionStatus.IDLE:
                questions.insert(0, Question(statement=_begin(self._driver)))
            self._run(questions)

    def unlock_early(self) -> None:
        """Let this transaction's commit free its locks before the disk has it. `commit` returns after the disk has."""
        self._owes_disk = True
        self._waiting.append(Question(statement=_UNLOCKING_EARLY))

    def commit(self) -> None:
        """Send what waits, and commit with it in the same go; return once it is on the disk."""
        self._ahead.clear()
        if self._waiting or self._driver.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            self._waiting.append(Question(statement=_COMMIT))
            if self._owes_disk:
                self._waiting.append(Question(statement=_WRITTEN))
            self._owes_disk = False
            self.exchange()

    def forget(self) -> None:
        """Send nothing of what waits: the transaction is given up."""
        self._waiting.clear()
        self._ahead.clear()
        self._owes_disk = False

    def look(self) -> Question:
        """Ask, with the first question of a snapshot, whether everything that it can show is on the disk."""
        return self.put(_LOOK, ())

    def wait_for_disk(self, look: Question | None = None) -> None:
        """Outside a transaction: return once the disk has whatever was committed up to now, or up to that `look`.

        A look whose question was never sent saw nothing.
        """
        if look is not None and (look.answer is None or look.answer.get_value(0, 0) == b"t"):
            return
        self._run([Question(statement=_WRITTEN_IF_NEEDED)])

    def _run(self, questions: Sequence[Question]) -> None:
        if self._driver.closed:
            raise psycopg.OperationalError("the connection is closed")
        self._driver.wait(self._asked_and_answered(questions))

    def _asked_and_answered(self, questions: Sequence[Question]) -> Generator[Wait, Ready | int, None]:
        """Hand questions to libpq as one pipeline, and take every answer."""
        libpq = self._driver.pgconn
        libpq.enter_pipeline_mode()
        try:
            sent = self._handed_over(questions)
            libpq.pipeline_sync()
            while libpq.flush():
                if (yield Wait.RW) & Ready.R:
                    libpq.consume_input()
            answers: list[Any] = []
            is_busy, next_answer = libpq.is_busy, libpq.get_result
            while True:
                while is_busy():
                    yield Wait.R
                    libpq.consume_input()
                answer = next_answer()
                if answer is None:
                    raise psycopg.OperationalError("the connection was lost")
                if answer.status == _END:
                    break
                answers.append(answer)
                next_answer()  # None, the end of one statement's answer, which is never waited for.
        finally:
            if libpq.status == pq.ConnStatus.OK:
                libpq.exit_pipeline_mode()
        self._take(sent, answers)

    def _handed_over(self, questions: Sequence[Question]) -> list[Question | bytes]:
        """Give libpq the questions; return in their order what will be answered: they, and names that are prepared."""
        libpq = self._driver.pgconn
        prepared, send = self._prepared, libpq.send_query_prepared
        sent: list[Question | bytes] = []
        for question in questions:
            statement = question.statement
            if statement.name not in prepared and statement.name not in sent:
                libpq.send_prepare(statement.name, statement.sql)
                sent.append(statement.name)
            send(statement.name, question.values, statement.formats, statement.answer)
            sent.append(question)
        return sent

    def _take(self, sent: Sequence[Question | bytes], answers: Sequence[Any]) -> None:
        for what, answer in zip(sent, answers, strict=False):
            if answer.status in _FAILED:
                raise self._lost() if _is_about_disk(what) else self._error_of(answer)
            if isinstance(what, Question):
                what.answer = answer
            else:
                self._prepared.add(what)
        if len(answers) > len(sent):  # What committed by itself at the end was refused there.
            raise self._lost()

    def _lost(self) -> psycopg.OperationalError:
        """Give up a connection that committed and did not say that the disk has it: as if that answer were lost."""
        self._driver.close()
        return psycopg.OperationalError("the server did not say that the commit is on the disk")

    def _error_of(self, answer: Any) -> psycopg.Error:
        error = psycopg.errors.error_from_result(answer)
        if error.sqlstate in _OUTDATED:
            self._driver.close()
            return psycopg.OperationalError("the connection's prepared statements are outdated")
        return discreet(error)


def _is_about_disk(what: Question | bytes) -> bool:
    return (what.statement.name if isinstance(what, Question) else what) in _ABOUT_DISK


def discreet(error: psycopg.Error) -> psycopg.Error:
    """Let an error keep what the server says of a row to itself (I-7): its DETAIL quotes the row."""
    if error.sqlstate is not None:
        error.args = (error.diag.message_primary or type(error).__name__,)
    return error


_COMMIT: Final = Statement(name=b"mj_commit", sql=b"COMMIT")

_UNLOCKING_EARLY: Final = Statement(name=b"mj_unlocking_early", sql=b"SET LOCAL synchronous_commit = off")

# A transaction of its own that writes an empty message into the WAL: its commit waits for the disk (and for what the
# server's settings add, a standby's), and the WAL reaches the disk in order, so that all before it is there too. It
# needs to write something: the commit of a number alone (pg_current_xact_id) waits for nothing.
_MESSAGE: Final = b"pg_logical_emit_message(true, 'mingjia', ''::text)"
_WRITTEN: Final = Statement(name=b"mj_written", sql=b"SELECT " + _MESSAGE)

# What this computer's disk has, a standby's may still lack: nobody can ask how far it is without more rights.
_IS_WRITTEN: Final = (
    b"current_setting('synchronous_standby_names') = '' AND pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()"
)
_LOOK: Final = Statement(name=b"mj_look", sql=b"SELECT " + _IS_WRITTEN)
_WRITTEN_IF_NEEDED: Final = Statement(
    name=b"mj_written_if_needed", sql=b"SELECT CASE WHEN " + _IS_WRITTEN + b" THEN NULL ELSE " + _MESSAGE + b" END"
)
_ABOUT_DISK: Final = {_WRITTEN.name, _WRITTEN_IF_NEEDED.name}


def _begin(driver: psycopg.Connection[Any]) -> Statement:
    key = (driver.isolation_level, driver.read_only)
    if key not in _BEGINS:
        level = "" if driver.isolation_level is None else f" ISOLATION LEVEL {driver.isolation_level.name}"
        sql = f"BEGIN{level.replace('_', ' ')}{' READ ONLY' if driver.read_only else ''}"
        _BEGINS[key] = Statement(name=f"mj_begin_{len(_BEGINS)}".encode(), sql=sql.encode())
    return _BEGINS[key]


_BEGINS: Final[dict[tuple[Any, Any], Statement]] = {}
