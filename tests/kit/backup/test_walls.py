"""A backup holds every clinic's rows, also where the database walls clinics off from each other (PostgreSQL)."""

import secrets

import pytest
from django.db import connection

from shoshin.kit.backup.drill import drill
from shoshin.kit.backup.manifest import CannotRestore
from shoshin.kit.backup.postgres import PostgresStore
from tests.cast import NOW

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="walls in the database are PostgreSQL's")
WALL = "CREATE POLICY wall ON care_client USING (current_setting('shoshin.clinic', true) IN (clinic_id::text, '*'))"


@pytest.fixture
def plain_role(rig):
    """A role that is no superuser, may make databases, and is gone afterwards with all it owns."""
    role = f"plain_{secrets.token_hex(4)}"
    with rig.store.connect(autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN CREATEDB")
        server.execute(f"GRANT {role} TO CURRENT_USER")
    yield role
    rig.put_away()
    rig.made.clear()
    with rig.store.connect(autocommit=True) as server:
        server.execute(f"DROP ROLE {role}")


@pytest.fixture
def walled(rig, plain_role):
    """A copy of the clinic that this role owns, with a wall that holds for the owner too."""
    place = rig.empty_place()
    with rig.store.connect(autocommit=True) as server:
        server.execute(f"ALTER DATABASE {place.database['NAME']} OWNER TO {plain_role}")
    owned = PostgresStore({**place.database, "USER": plain_role})
    rig.bring_back(rig.take("first").file, owned)
    with owned.connect() as server:
        server.execute("ALTER TABLE care_client ENABLE ROW LEVEL SECURITY")
        server.execute("ALTER TABLE care_client FORCE ROW LEVEL SECURITY")
        server.execute(WALL)
    return owned


def test_every_clinics_rows_are_in_it_and_come_back(rig, walled):
    with walled.connect(options="") as server:
        assert server.execute("SELECT count(*) FROM care_client").fetchone() == (0,), "the wall stands"
    live, rig.store = rig.store, walled
    taken, rig.store = rig.take("walled"), live
    assert taken.manifest.tables["care_client"].rows == 2
    place = rig.empty_place()
    rig.bring_back(taken.file, place)
    place.check(taken.manifest.tables)


def test_a_role_that_may_not_make_databases_is_told_so(rig, walled, plain_role):
    with rig.store.connect(autocommit=True) as server:
        server.execute(f"ALTER ROLE {plain_role} NOCREATEDB")
    with pytest.raises(CannotRestore, match="ALTER ROLE name CREATEDB"):
        drill(rig.take("again").file, rig.private, walled, home=rig.home, at=NOW, say=print)
