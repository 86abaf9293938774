"""Two hundred values for every field of a form, at the price of one request.

While a request is under way, each form that its view asks `is_valid` is made again with hostile values, in the same
transaction, language and hat: cleaned, and drawn with what it says. A whole request takes about thirty milliseconds,
most of them for the frame of the page; a trial takes about one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.forms import BaseForm
from django.forms.forms import DeclarativeFieldsMetaclass
from django.http import QueryDict

DRAWN = 25  # one round in so many is drawn as well, which costs ten times what cleaning does
# These fail on what they cannot read; their views refuse that before a form is made.
GUARDED = "allauth.mfa.webauthn"
Rounds = list[tuple[str, dict[str, str]]]  # what to call it, and what is sent


@dataclass
class Tried:
    """The rounds that each form was tried with, those it took, and what went wrong."""

    forms: set[str] = field(default_factory=set)
    count: int = 0
    taken: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def try_all(self, form: BaseForm, made: tuple[tuple, dict], rounds: Rounds) -> None:
        self.forms.add(type(form).__qualname__)
        for what, given in rounds:
            self.count += 1
            try:
                if self._is_taken(type(form), made, given):
                    self.taken.add(what)
            except Exception as problem:
                where = f"{type(form).__qualname__}: {type(problem).__name__} {str(problem)[:90]}"
                self.faults.append(f"{what}: {where}")

    def _is_taken(self, kind: type, made: tuple[tuple, dict], given: dict[str, str]) -> bool:
        sent = QueryDict(mutable=True)
        for name, value in given.items():
            sent[name] = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")  # as Django reads it
        args, named = made
        again = kind(*(_instead(each, sent) for each in args), **{k: _instead(each, sent) for k, each in named.items()})
        taken = again.is_valid()
        if self.count % DRAWN == 0:
            str(again).encode()
        return taken


def _instead(given: Any, sent: QueryDict) -> Any:
    return sent if isinstance(given, QueryDict) else given


@contextmanager
def trying(rounds: Rounds) -> Iterator[Tried]:
    """Within it, every bound form of a request is tried with these rounds, once a form."""
    tried, busy, is_valid = Tried(), [], BaseForm.is_valid

    def remembers(kind: type, *args: Any, **named: Any) -> Any:
        form = type.__call__(kind, *args, **named)
        form.made = (args, named)
        return form

    def tries(form: BaseForm) -> bool:
        bound = any(isinstance(each, QueryDict) for each in (*form.made[0], *form.made[1].values()))
        guarded = any(kind.__module__.startswith(GUARDED) for kind in type(form).__mro__)
        if bound and not busy and not guarded:
            busy.append(form)
            tried.try_all(form, form.made, rounds)
            busy.clear()
        return is_valid(form)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DeclarativeFieldsMetaclass, "__call__", remembers, raising=False)
        patch.setattr(BaseForm, "is_valid", tries)
        yield tried
