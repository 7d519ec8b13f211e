"""What an owner can take from a server's tables is noticed and set up again; a role that could take it is refused."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa

from records import database, guards, migrations, server_guards
from records.errors import RoleTooMightyError
from records.folder import VenueFolder
from records.place import ServerPlace
from records.schema import metadata
from tests.conftest import import_all_tables
from tests.servers import ON_A_SERVER, OWNER, PROGRAM, SCHEMA, Home, database_of

import_all_tables()
pytestmark = ON_A_SERVER

BLIND = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
FALSIFYING = (
    "CREATE FUNCTION falsify() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.amount_fen := 1; RETURN NEW; END'"
)
FALSELY = "FOR EACH ROW EXECUTE FUNCTION falsify()"

WILLING = "CREATE FUNCTION willing(bigint) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true'"


def as_trigger(when: str) -> str:
    """Have the guard of a table's statements asked at another time, or of other rows."""
    return (
        f"DROP TRIGGER guard_tenders_insert ON tenders; CREATE TRIGGER guard_tenders_insert {when}"
        " EXECUTE FUNCTION guard_tenders_insert(); ALTER TABLE tenders ENABLE ALWAYS TRIGGER guard_tenders_insert"
    )


def instead(table: str, name: str, other: str) -> str:
    """Put another constraint under the name of one."""
    return f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {other}"


@pytest.fixture
def place(folder: VenueFolder) -> ServerPlace:
    found = folder.place
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("weakening", "noticed"),
    [
        ("DROP TRIGGER guard_journal_insert ON journal", "guard_journal_insert"),
        ("ALTER TABLE journal DISABLE TRIGGER guard_journal_insert", "guard_journal_insert"),
        ("ALTER TABLE journal ENABLE TRIGGER guard_journal_insert", "guard_journal_insert"),
        (
            f"CREATE OR REPLACE FUNCTION guard_journal_insert() {BLIND}",
            "guard_journal_insert",
        ),
        ("ALTER FUNCTION guard_journal_insert() RESET search_path", "guard_journal_insert"),
        ("ALTER TABLE orders DISABLE TRIGGER ALL", "references_orders"),
        (f"GRANT UPDATE ON journal TO {PROGRAM}", "grant_journal_update_entry"),
        (f"GRANT UPDATE (entry) ON journal TO {PROGRAM}", "grant_journal_update_entry"),
        ("GRANT DELETE ON journal TO PUBLIC", "grant_journal_delete"),
        (f"GRANT CREATE ON SCHEMA {SCHEMA} TO {PROGRAM}", "grant_schema_create"),
        (f"REVOKE INSERT ON orders FROM {PROGRAM}", "grant_orders_insert"),
        (as_trigger("AFTER INSERT ON tenders FOR EACH STATEMENT"), "guard_tenders_insert"),
        (
            as_trigger("AFTER INSERT ON tenders REFERENCING NEW TABLE AS others FOR EACH STATEMENT"),
            "guard_tenders_insert",
        ),
        (as_trigger("AFTER INSERT ON tenders REFERENCING NEW TABLE AS added FOR EACH ROW"), "guard_tenders_insert"),
        ("ALTER TABLE tenders ENABLE TRIGGER guard_tenders_insert", "guard_tenders_insert"),
        ("ALTER TABLE open_visits DROP CONSTRAINT uq_open_visits_person_id", "uq_open_visits_person_id"),
        ("ALTER TABLE open_visits DROP CONSTRAINT ck_open_visits_deposit", "ck_open_visits_deposit"),
        ("ALTER TABLE id_checks DROP CONSTRAINT ck_id_checks_verdict", "ck_id_checks_verdict"),
        ("ALTER TABLE orders DROP CONSTRAINT fk_orders_entry_id", "fk_orders_entry_id"),
        (instead("id_checks", "ck_id_checks_verdict", "CHECK (true)"), "ck_id_checks_verdict"),
        (instead("id_checks", "ck_id_checks_verdict", "CHECK (verdict <> 'minor')"), "ck_id_checks_verdict"),
        (instead("deposits", "ck_deposits_amount", "CHECK (amount_fen > -1)"), "ck_deposits_amount"),
        (instead("deposits", "ck_deposits_amount", "CHECK (amount_fen > 0 OR number > 99)"), "ck_deposits_amount"),
        (
            f"{WILLING}; {instead('deposits', 'ck_deposits_amount', 'CHECK (willing(amount_fen))')}",
            "ck_deposits_amount",
        ),
        (instead("orders", "fk_orders_entry_id", "CHECK (entry_id IS NOT NULL)"), "fk_orders_entry_id"),
        (
            instead("orders", "fk_orders_entry_id", "FOREIGN KEY (visit_id) REFERENCES visits (visit_id)"),
            "fk_orders_entry_id",
        ),
        (
            instead(
                "orders",
                "fk_orders_visit_id",
                "FOREIGN KEY (visit_id) REFERENCES visits (visit_id) ON DELETE CASCADE",
            ),
            "fk_orders_visit_id",
        ),
        (
            instead(
                "orders",
                "fk_orders_visit_id",
                "FOREIGN KEY (visit_id) REFERENCES visits (visit_id) DEFERRABLE",
            ),
            "fk_orders_visit_id",
        ),
        (
            instead("open_visits", "uq_open_visits_person_id", "UNIQUE (person_id, seat)"),
            "uq_open_visits_person_id",
        ),
        ("ALTER TABLE orders ALTER COLUMN entry_id DROP NOT NULL", "not_null_orders_entry_id"),
        (f"{FALSIFYING}; CREATE TRIGGER a BEFORE INSERT ON postings {FALSELY}", "trigger_a"),
        (f"{FALSIFYING}; CREATE TRIGGER guard_a BEFORE INSERT ON postings {FALSELY}", "trigger_guard_a"),
        ("CREATE RULE swallow AS ON INSERT TO postings DO INSTEAD NOTHING", "rule_swallow"),
        ("ALTER TABLE postings ENABLE ROW LEVEL SECURITY", "policies_postings"),
        ("ALTER TABLE staff_attempts SET UNLOGGED", "unlogged_staff_attempts"),
    ],
)
def test_a_weakened_protection_is_noticed_and_set_up_again_by_the_owner(
    home: Home, engine: sa.Engine, place: ServerPlace, weakening: str, noticed: str
) -> None:
    assert home.server is not None
    with home.server.superuser(database_of(place)) as superuser:
        superuser.execute(f"SET search_path = {SCHEMA}")
        superuser.execute(weakening)
    superuser.close()
    with database.snapshot(engine) as connection:
        assert noticed in guards.missing(connection, metadata)
    if noticed.startswith("references_"):
        return  # Who switched the server's own off must switch them on.
    owner = home.server.owner_of(place)
    migrations.migrate(owner, metadata, program=PROGRAM)
    owner.dispose()
    with database.snapshot(engine) as connection:
        assert guards.missing(connection, metadata) == []


def test_a_role_that_owns_the_tables_is_refused(home: Home, place: ServerPlace) -> None:
    assert home.server is not None
    owner = home.server.owner_of(place)
    with owner.connect() as connection, pytest.raises(RoleTooMightyError):
        server_guards.missing(connection, metadata)
    owner.dispose()


@pytest.mark.parametrize(
    "might",
    [
        "ALTER ROLE {role} SUPERUSER",
        "ALTER ROLE {role} CREATEROLE",
        "GRANT pg_execute_server_program TO {role}",
        "GRANT pg_write_server_files TO {role}",
        f"GRANT {OWNER} TO {{role}}",
        "ALTER DATABASE {database} OWNER TO {role}",
    ],
)
def test_a_role_that_could_come_by_the_tables_is_refused(
    home: Home, engine: sa.Engine, place: ServerPlace, might: str
) -> None:
    assert home.server is not None
    name, role = database_of(place), f"mighty_{os.getpid()}"
    with home.server.superuser(name) as superuser:
        superuser.execute(f"CREATE ROLE {role}")
        try:
            superuser.execute(might.format(role=role, database=name))
            with database.snapshot(engine) as connection, pytest.raises(RoleTooMightyError):
                server_guards.missing(connection, metadata, program=role)
        finally:
            superuser.execute(f"ALTER DATABASE {name} OWNER TO {OWNER}")
            superuser.execute(f"DROP ROLE {role}")
    superuser.close()


def test_a_constraint_that_rows_break_by_now_goes_on_being_named(
    home: Home, engine: sa.Engine, place: ServerPlace
) -> None:
    assert home.server is not None
    with home.server.superuser(database_of(place)) as superuser:
        superuser.execute(
            f"SET search_path = {SCHEMA}; ALTER TABLE journal_head DROP CONSTRAINT ck_journal_head_single"
        )
        superuser.execute("INSERT INTO journal_head VALUES (2, 0)")
    superuser.close()
    owner = home.server.owner_of(place)
    migrations.migrate(owner, metadata, program=PROGRAM)
    owner.dispose()
    with database.snapshot(engine) as connection:
        assert guards.missing(connection, metadata) == ["ck_journal_head_single"]
