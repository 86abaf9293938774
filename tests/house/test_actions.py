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

APPS = ("people", "measures", "care", "welfare", "practice", "feedback", "growth", "community", "research", "desk")


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


# An action below that must not be called but by the one above it, which knows what the lower app cannot.
WRAPPED = {
    "end_course": "feedback/actions/courses.py",
    "delete_client": "desk/actions/my_data.py",
    "end_membership": "feedback/actions/members.py",
    "hand_over_clients": "feedback/actions/members.py",
}


def calls_of_care(name: str, source: str, inside_care: bool) -> bool:
    """Whether this source takes care's action of that name, imported by itself or reached through its module."""
    for node in ast.walk(ast.parse(source)):
        imported = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shoshin.care")
        if imported and any(alias.name == name for alias in node.names):
            return True
        if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.value, ast.Name | ast.Attribute):
            module = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if module.startswith("care") or (inside_care and module in ("actions", "clients", "courses")):
                return True
    return False


@pytest.mark.parametrize("name", WRAPPED)
def test_a_wrapped_action_is_called_by_its_wrapper_only(name):
    root = Path(shoshin.__path__[0])
    sources = {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*.py")}
    callers = {
        path
        for path, source in sources.items()
        if not path.endswith("__init__.py") and calls_of_care(name, source, path.startswith("care/"))
    }
    print(f"\n{len(sources)} files looked at for care's {name}")
    assert callers == {WRAPPED[name]}


@pytest.mark.parametrize(
    "planted",
    [
        "from shoshin.care.actions import {name}\n",
        "from shoshin.care.actions.courses import {name} as quietly\n",
        "from shoshin.care import actions as care_actions\ncare_actions.{name}(by=by, at=at)\n",
        "from shoshin.care import actions as care\nend = care.{name}\n",
    ],
)
@pytest.mark.parametrize("name", WRAPPED)
def test_a_caller_planted_past_the_wrapper_is_found(name, planted):
    assert calls_of_care(name, planted.format(name=name), inside_care=False)


def test_a_caller_planted_inside_care_is_found():
    assert calls_of_care("end_course", "from shoshin.care import actions\nactions.end_course()\n", inside_care=True)


def callers_of(name: str, app: str) -> set[str]:
    """Who calls an app's action by any name, its own folder's doors aside."""
    callers = set()
    for path in Path(shoshin.__path__[0]).rglob("*.py"):
        inside = app in path.parts
        for node in ast.walk(ast.parse(path.read_text())):
            imported = isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"shoshin.{app}")
            if imported and any(alias.name == name for alias in node.names) and path.name != "__init__.py":
                callers.add(path)
            if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.value, ast.Name):
                from_app = node.value.id.startswith(app) or (inside and node.value.id == "actions")
                callers |= {path} if from_app else set()
    return {path.relative_to(Path(shoshin.__path__[0])).as_posix() for path in callers}


def test_only_care_ends_a_membership_because_it_knows_of_open_courses():
    assert callers_of("end_membership", "people") == {"care/actions/members.py"}
    assert callers_of("add_member", "people") >= {"desk/actions/demo.py"}, (
        "the search finds callers where there are some"
    )
