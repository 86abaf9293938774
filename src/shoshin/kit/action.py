"""One verb, one transaction, one actor, one audit row.

Every write to a `Record` happens inside an action. An action reads, decides with pure functions, then writes; when it
returns, its audit row is committed with its writes, and when it raises, neither exists.
"""

import functools
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, cast

from django.db import models, transaction

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

_running: ContextVar[tuple[str, ...]] = ContextVar("shoshin_actions", default=())


class WriteOutsideAction(RuntimeError):
    """A record was about to change without an action: no actor, no audit row, so nothing was written."""


def may_write() -> bool:
    """Whether an action is running in this context."""
    return bool(_running.get())


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the one door for a change. `name` is the audit event, `app.verb_noun`.

    The function takes keyword arguments only, among them `by` (an Actor, or anything with an `.actor`) and `at`
    (an aware datetime). An action called by an action joins its transaction and still leaves its own row.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{name} takes keyword arguments only.")
            actor, at = _actor(kwargs.get("by")), _moment(name, kwargs.get("at"))
            token = _running.set((*_running.get(), name))
            try:
                with transaction.atomic():
                    result = function(*args, **kwargs)
                    _leave_audit_row(name, actor, at, kwargs, result)
            finally:
                _running.reset(token)
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


def _leave_audit_row(name: str, actor: Actor, at: datetime, kwargs: dict[str, Any], result: Any) -> None:
    from shoshin.kit.models import AuditEvent

    subjects = {key: str(value.pk) for key, value in kwargs.items() if isinstance(value, models.Model) and key != "by"}
    if isinstance(result, models.Model):
        subjects["result"] = f"{result._meta.label_lower}:{result.pk}"
    clinic_id = actor.clinic_id or _clinic_of(kwargs, result)
    AuditEvent.objects.create(
        clinic_id=clinic_id, at=at, actor_kind=actor.kind, actor_id=actor.id, event=name, subjects=subjects
    )


def _clinic_of(kwargs: dict[str, Any], result: Any) -> int | None:
    for value in (*kwargs.values(), result):
        clinic_id = getattr(value, "clinic_id", None)
        if clinic_id is not None:
            return cast(int, clinic_id)
    return None
