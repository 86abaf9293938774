"""One verb, one transaction, one actor, one audit row.

Every write to a `Record` happens inside an action. An action reads, decides with pure functions, then writes; when it
returns, its audit row is committed with its writes, and when it raises, neither exists. The rows of an action and of
those it calls are chained together at the end of the outermost one, so that the chain's lock is held shortly.
"""

import functools
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, cast

from django.conf import settings
from django.db import models, transaction

from shoshin.kit import chain

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of a clinic, a client at a form, the operator at the terminal, or the system itself."""

    kind: str
    id: str = ""
    clinic_id: int | None = None


SYSTEM = Actor("system")
OPERATOR = Actor("operator")

_left: ContextVar[list[chain.Entry] | None] = ContextVar("shoshin_audit_rows", default=None)


class WriteOutsideAction(RuntimeError):
    """A record was about to change without an action: no actor, no audit row, so nothing was written."""


def may_write() -> bool:
    """Whether an action is running in this context."""
    return _left.get() is not None


def action(name: str, *, formative: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the one door for a change. `name` is the audit event, `app.verb_noun`.

    The function takes keyword arguments only, among them `by` (an Actor, or anything with an `.actor`) and `at`
    (an aware datetime). An action called by an action joins its transaction and still leaves its own row. A
    `formative` one is its author's own: its row says who did what and when, and not about whom.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{name} takes keyword arguments only.")
            actor, at = _actor(kwargs.get("by")), _moment(name, kwargs.get("at"))
            outer = _left.get()
            left: list[chain.Entry] = []
            token = _left.set(left)
            try:
                with transaction.atomic():
                    result = function(*args, **kwargs)
                    entry = _entry(name, actor, at, kwargs, result)
                    left.append(replace(entry, about=None, subjects={}) if formative else entry)
                    if outer is None:
                        chain.append(left)
            finally:
                _left.reset(token)
            if outer is not None:
                outer.extend(left)
            return result

        run.audit_event = name  # type: ignore[attr-defined]
        return run

    return wrap


def _actor(by: Any) -> Actor:
    actor = getattr(by, "actor", by)
    if not isinstance(actor, Actor):
        raise TypeError("An action needs `by`: an Actor, or something that has one.")
    return actor


def _moment(name: str, at: Any) -> datetime:
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise TypeError(f"{name} needs `at`: an aware datetime.")
    return at


def _entry(name: str, actor: Actor, at: datetime, kwargs: dict[str, Any], result: Any) -> chain.Entry:
    rows = {key: value for key, value in kwargs.items() if isinstance(value, models.Model) and key != "by"}
    subjects = {key: str(value.pk) for key, value in rows.items()}
    if isinstance(result, models.Model):
        subjects["result"] = f"{result._meta.label_lower}:{result.pk}"
        rows["result"] = result
    about = next((found for row in rows.values() if (found := whose(row)) is not None), None)
    clinic_id = actor.clinic_id or _clinic_of(rows) or chain.NOBODY
    return chain.Entry(at, actor.kind, actor.id, name, clinic_id, about, subjects)


def whose(row: models.Model | None, hops: int = 3) -> int | None:
    """Whose record a row belongs to: the key of the person in it, or in what it hangs on."""
    if row is None or hops == 0:
        return None
    name = settings.AUDIT_ABOUT
    if row._meta.model_name == name:
        return cast("int | None", row.pk)
    key = getattr(row, f"{name}_id", None)
    if key is not None:
        return cast(int, key)
    parents = [
        field for field in row._meta.concrete_fields if field.many_to_one and _leads_to(field.related_model, name)
    ]
    return next((found for field in parents if (found := whose(getattr(row, field.name), hops - 1))), None)


@functools.cache
def _leads_to(model: Any, name: str, hops: int = 2) -> bool:
    """Whether rows of a model hang on such a person, directly or by the row they hang on."""
    links = [field for field in model._meta.concrete_fields if field.many_to_one]
    if any(field.name == name for field in links):
        return True
    return hops > 0 and any(
        _leads_to(field.related_model, name, hops - 1) for field in links if field.related_model != model
    )


def _clinic_of(rows: dict[str, models.Model]) -> int | None:
    for row in rows.values():
        clinic_id = getattr(row, "clinic_id", None)
        if clinic_id is not None:
            return cast(int, clinic_id)
    return None
