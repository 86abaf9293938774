"""Every action bears its app's name, takes `by` and `at`, and leaves exactly one audit row."""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest
from django.utils import timezone

import shoshin
from shoshin.kit.action import SYSTEM, Actor, WriteOutsideAction, action
from shoshin.kit.models import AuditEvent

APPS = ("people", "measures", "care", "feedback", "desk")


def actions():
    found = {}
    for app in APPS:
        package = importlib.import_module(f"shoshin.{app}")
        for module in pkgutil.walk_packages(package.__path__, f"shoshin.{app}."):
            if ".actions" in module.name:
                for name, thing in inspect.getmembers(importlib.import_module(module.name)):
                    if hasattr(thing, "audit_event"):
                        found[thing.audit_event] = (app, name, thing)
    return found


def test_every_action_bears_the_name_of_its_function_and_app():
    found = actions()
    assert len(found) > 20
    assert {event for event, (app, name, _) in found.items() if event != f"{app}.{name}"} == set()


def test_every_action_asks_by_whom_and_when():
    silent = []
    for event, (_, _, function) in actions().items():
        parameters = inspect.signature(function).parameters
        if not {"by", "at"} <= set(parameters):
            silent.append(event)
        if any(parameter.kind is not parameter.KEYWORD_ONLY for parameter in parameters.values()):
            silent.append(f"{event} takes more than keywords")
    assert silent == []


@action("tests.do_little")
def do_little(*, fail: bool, by: Actor, at) -> None:
    if fail:
        raise ValueError("no")


def test_an_action_leaves_exactly_one_audit_row(db):
    do_little(fail=False, by=SYSTEM, at=timezone.now())
    assert list(AuditEvent.objects.values_list("event", flat=True)) == ["tests.do_little"]


def test_an_action_that_fails_leaves_nothing(db):
    with pytest.raises(ValueError, match="no"):
        do_little(fail=True, by=SYSTEM, at=timezone.now())
    assert not AuditEvent.objects.exists()


def test_a_record_refuses_to_change_outside_an_action(cast):
    with pytest.raises(WriteOutsideAction):
        cast.ben.save()
    with pytest.raises(WriteOutsideAction):
        cast.ben.delete()
    with pytest.raises(WriteOutsideAction):
        type(cast.ben).objects.filter(pk=cast.ben.pk).update(code="X")


def test_only_feedback_ends_a_course_because_it_knows_of_open_alerts():
    """Whoever calls care's `end_course` by any name is found; only feedback's wrapping action may."""
    callers = set()
    for path in Path(shoshin.__path__[0]).rglob("*.py"):
        inside_care = "care" in path.parts
        for node in ast.walk(ast.parse(path.read_text())):
            imported = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shoshin.care")
            if imported and any(alias.name == "end_course" for alias in node.names) and path.name != "__init__.py":
                callers.add(path)
            if isinstance(node, ast.Attribute) and node.attr == "end_course" and isinstance(node.value, ast.Name):
                from_care = node.value.id.startswith("care") or (inside_care and node.value.id == "actions")
                callers |= {path} if from_care else set()
    assert {path.relative_to(Path(shoshin.__path__[0])).as_posix() for path in callers} == {
        "feedback/actions/courses.py"
    }
