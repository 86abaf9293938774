"""The database's own wall between clinics, on PostgreSQL: it shows a row only while one acts for that row's clinic.

A query that forgets its filter then finds nothing of another clinic. Each connection says whom it acts for in two
settings of its own, `shoshin.clinic` and `shoshin.person`; unset means nobody. The walls are made from the models:
every table with a `clinic`, or with a required link to a walled table, gets one (`shoshin setup` raises them, again and
again without harm). On SQLite there is nothing to do, and every function here does nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connections, models, transaction
from django.db.models import QuerySet

EVERY = "*"  # every clinic: the operator at the terminal, and the first look-up behind a key
CLINIC, PERSON = "shoshin.clinic", "shoshin.person"
AS_OPERATOR = f"-c {CLINIC}={EVERY}"
NOBODY = ("", "")
NO_CLINIC = 0  # in the audit trail and its chains
TOLD = "SELECT set_config(%s, %s, false), set_config(%s, %s, false)"


class CannotRaiseWalls(RuntimeError):
    """The walls are not up, and this role may not raise them."""


@contextmanager
def acting_for(clinic: int | str | None, person: int | None = None, using: str = "default") -> Iterator[None]:
    """Meanwhile show one clinic's rows, every clinic's, or none; afterwards what was shown before."""
    if connections[using].vendor != "postgresql":
        yield
        return
    before = _shown(using)
    _show((str(clinic or ""), str(person or "")), using)
    try:
        yield
    finally:
        _show(before, using)


def act_for(clinic: int | None, using: str = "default") -> None:
    """From here on show one clinic's rows, and the person's own. Whoever opened `acting_for` takes it back."""
    if connections[using].vendor == "postgresql":
        _show((str(clinic or ""), _shown(using)[1]), using)


def enter(rows: "QuerySet[Any]", path: str = "clinic_id") -> None:
    """Act for the clinic of the row that a key opens, for the rest of the request; for nobody where it opens none.

    The key is looked up in every clinic, and nothing but the clinic's number is read. The operator goes on as before.
    """
    if connections[rows.db].vendor == "postgresql" and _shown(rows.db)[0] != EVERY:
        with acting_for(EVERY, using=rows.db):
            clinic = rows.values_list(path, flat=True).first()
        act_for(clinic, rows.db)


def act_as_operator(using: str = "default") -> None:
    """Let this process's connections begin with every clinic: for the command line, never for the server."""
    if connections[using].vendor == "postgresql":
        options = connections[using].settings_dict["OPTIONS"]
        options["options"] = f"{options.get('options', '')} {AS_OPERATOR}".strip()


def stop_acting_as_operator(using: str = "default") -> None:
    """Before a process begins to serve: close what is open, and begin with nobody from now on."""
    connections.close_all()
    if connections[using].vendor == "postgresql":
        options = connections[using].settings_dict["OPTIONS"]
        options["options"] = options.get("options", "").replace(AS_OPERATOR, "").strip()


def _shown(using: str) -> tuple[str, str]:
    """What this connection shows now. A fresh one shows what its process begins with."""
    connection: Any = connections[using]
    of, shown = getattr(connection, "shoshin_acts", (None, NOBODY))
    if of is not None and of is connection.connection:
        return shown  # type: ignore[no-any-return]
    begins = AS_OPERATOR in str(connection.settings_dict["OPTIONS"].get("options", ""))
    return (EVERY, "") if begins else NOBODY


def _show(wanted: tuple[str, str], using: str) -> None:
    connection: Any = connections[using]
    if _shown(using) != wanted:
        with connection.cursor() as cursor:
            cursor.execute(TOLD, [CLINIC, wanted[0], PERSON, wanted[1]])
        connection.shoshin_acts = (connection.connection, wanted)


def walled() -> "dict[type[models.Model], str]":
    """Each table behind a wall, with the condition under which its row belongs to the clinic acted for."""
    tables = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    found = {model: _of_clinic(model) for model in tables if _clinic_field(model)}
    for _ in tables:
        for model in tables:
            link = None if model in found else _required_link(model, set(found))
            if link is not None:
                found[model] = _of_parent(model, link)
    return found


def _clinic_field(model: type[models.Model]) -> Any:
    return next((field for field in model._meta.concrete_fields if field.attname == "clinic_id"), None)


def _required_link(model: type[models.Model], walls: "set[type[models.Model]]") -> Any:
    """The first link that every row has, and that leads to a walled table."""
    links = (field for field in model._meta.concrete_fields if field.is_relation and not field.null)
    return next((field for field in links if field.related_model in walls), None)


def _of_clinic(model: type[models.Model]) -> str:
    mine = f"{_name(model)}.clinic_id::text = {_setting(CLINIC)}"
    if _clinic_field(model).is_relation:
        return mine
    return f"({mine} OR {_name(model)}.clinic_id = {NO_CLINIC})"  # the trail of whoever is in none


def _of_parent(model: type[models.Model], link: Any) -> str:
    """A row is where its parent is; the parent's own wall decides."""
    parent, column, key = _name(link.related_model), _quoted(link.column), _quoted(link.target_field.column)
    return f"EXISTS (SELECT 1 FROM {parent} WHERE {parent}.{key} = {_name(model)}.{column})"  # noqa: S608  names of our own tables


def _quoted(name: str) -> str:
    return connections["default"].ops.quote_name(name)


def _name(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)


def _setting(name: str) -> str:
    return f"current_setting('{name}', true)"


def _policies(model: type[models.Model], condition: str) -> Iterator[tuple[str, str]]:
    """The policies of one table: its clinic's rows, and what more may be seen or added without a clinic."""
    allowed = f"({_setting(CLINIC)} = '{EVERY}' OR {condition})"
    yield "clinic_wall", f"FOR ALL USING {allowed} WITH CHECK {allowed}"
    clinic = _clinic_field(model)
    if clinic is None:
        return
    if clinic.null:
        yield "clinic_none", "FOR SELECT USING (clinic_id IS NULL)"  # a measure that comes with the product
    for field in model._meta.concrete_fields:
        if field.related_model is get_user_model() and not field.null:
            yield f"own_{field.name}", f"FOR SELECT USING ({_quoted(field.attname)}::text = {_setting(PERSON)})"


def raise_walls(using: str = "default", app_role: str | None = None) -> int:
    """Raise every wall anew, and let the role of the pages read and write, but change no table. How many there are."""
    connection, walls = connections[using], walled()
    if connection.vendor != "postgresql":
        return 0
    with transaction.atomic(using=using), connection.cursor() as cursor:
        missing = _unwalled(cursor, walls)
        if not _owns_tables(cursor):
            if missing:
                raise CannotRaiseWalls(
                    f"The database does not keep clinics apart in {len(missing)} tables, and this role may not change "
                    "that. Run `shoshin setup` once with SHOSHIN_OWNER_DATABASE set to the role that owns the tables."
                )
            return len(walls)
        for model, condition in walls.items():
            table = _name(model)
            if model._meta.db_table in missing:
                cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            for name, policy in _policies(model, condition):
                cursor.execute(f"DROP POLICY IF EXISTS {_quoted(name)} ON {table}")
                cursor.execute(f"CREATE POLICY {_quoted(name)} ON {table} {policy}")
        if app_role:
            _let_work(cursor, _quoted(app_role))
    return len(walls)


def _let_work(cursor: Any, role: str) -> None:
    """What the role of the pages needs, and no more: no tables to make or change, no audit row to change."""
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
    cursor.execute(f"REVOKE UPDATE, DELETE ON {_name(apps.get_model('kit', 'AuditEvent'))} FROM {role}")


def _owns_tables(cursor: Any) -> bool:
    cursor.execute(
        "SELECT bool_and(pg_has_role(current_user, relowner, 'USAGE')) FROM pg_class WHERE oid = %s::regclass",
        [apps.get_model("kit", "AuditEvent")._meta.db_table],
    )
    return bool(cursor.fetchone()[0])


def _unwalled(cursor: Any, walls: "dict[type[models.Model], str]") -> set[str]:
    cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    return {model._meta.db_table for model in walls} - {row[0] for row in cursor.fetchall()}


def is_walled_off(using: str = "default") -> bool:
    """Whether the walls hold for this role: a superuser, and a role that bypasses them, walks through."""
    if connections[using].vendor != "postgresql":
        return True
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])
