"""A record is a row that changes only inside an action, and says how private each of its fields is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from shoshin.kit.action import WriteOutsideAction, may_write

CALLED_BY_NAME = {"people.Membership", "people.Person", "people.Clinic", "measures.MeasureVersion"}


LONGEST_KEY = 18  # digits that surely fit a 64-bit key


def is_key(text: str) -> bool:
    """Whether text from an address may be looked up as a row's number."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


def _refuse_outside_action(what: str) -> None:
    if not may_write():
        raise WriteOutsideAction(f"{what} may change only inside an action (see kit/action.py).")


class RecordQuerySet(models.QuerySet):
    """A queryset whose writing methods ask for a running action first."""

    def _guard(self) -> None:
        _refuse_outside_action(self.model.__name__)

    def bulk_create(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().bulk_update(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._guard()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._guard()
        return super().delete()


class Record(models.Model):
    """Base of every domain table.

    A subclass carries `class Privacy` with the tuples `identifying`, `clinical`, `personal` and `plain` (every own
    field in exactly one of them) and `retention`, one sentence. A house test finds what is missing.
    """

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        _refuse_outside_action(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse_outside_action(type(self).__name__)
        return super().delete(*args, **kwargs)


def plain_row(row: models.Model, without: Collection[str] = ()) -> dict[str, Any]:
    """A row as plain data for an export: its own fields by name; people and versions as they are called."""
    plain: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name in without:
            continue
        value = getattr(row, field.attname)
        target = field.related_model if field.is_relation and value is not None else None
        if target is not None and target._meta.label in CALLED_BY_NAME:
            value = str(getattr(row, field.name))
        plain[field.name] = value
    return plain


@dataclass(frozen=True)
class Own:
    """A table with rows of one's own: by which paths a row leads to a membership, and which rows are meant."""

    model: type[models.Model]
    paths: tuple[str, ...] = ("member",)
    only: models.Q | None = None


def own_rows(tables: Mapping[str, Own], member: Any) -> dict[str, list[dict[str, Any]]]:
    """A person's own rows of these tables in one clinic, by name, oldest first, whichever of their hats stands in them.

    What is in a row of anybody's name or therapy stays out: an export of one's own holds nothing of a client.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for name, own in tables.items():
        mine = models.Q()
        for path in own.paths:
            mine |= models.Q(**{f"{path}__person": member.person_id, f"{path}__clinic": member.clinic_id})
        privacy: Any = own.model.Privacy  # type: ignore[attr-defined]
        rows = own.model._default_manager.filter(mine, own.only or models.Q()).distinct().order_by("pk")
        found[name] = [plain_row(row, {*privacy.identifying, *privacy.clinical}) for row in rows]
    return found
