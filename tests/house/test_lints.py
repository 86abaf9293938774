"""Shortcuts that open a door for somebody's input, looked for in every source and template."""

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path("src/shoshin")
PYTHON = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(SOURCE.rglob("*.html"))
# Where marked text is made on purpose, and from what. Anything else is a fault.
SAFE_HERE = {
    "design/qr.py": "a QR code, drawn from our own address",
    "welfare/queries/charts.py": "a chart, whose words are escaped where it is drawn",
    "feedback/queries/own_page.py": "a chart, whose words are escaped where it is drawn",
    "research/queries/words.py": "a chart, whose words are escaped where it is drawn",
    "desk/queries/appointments.py": "a chart, whose words are escaped where it is drawn",
    "desk/queries/charts.py": "a chart, whose words are escaped where it is drawn",
}
FORBIDDEN_CALLS = {"SafeString", "RawSQL", "eval", "exec"}
FORBIDDEN_METHODS = {"raw", "extra", "system", "popen"}
FORBIDDEN_NAMES = {"mark_safe", "csrf_exempt"}
INTO_QUERIES = {
    "filter",
    "exclude",
    "get",
    "annotate",
    "alias",
    "order_by",
    "values",
    "values_list",
    "create",
    "update",
}


def calls_in(source: str) -> list[str]:
    """Forbidden calls, shell=True, and `**request.…` unpacked into a query, with their lines."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.alias) and (getattr(node, "id", "") or node.name) in FORBIDDEN_NAMES:
            found.append(f"{getattr(node, 'id', '') or node.name} in line {node.lineno}")
        if isinstance(node, ast.Call):
            by_name, by_method = getattr(node.func, "id", ""), getattr(node.func, "attr", "")
            if by_name in FORBIDDEN_CALLS or by_method in FORBIDDEN_CALLS | FORBIDDEN_METHODS | FORBIDDEN_NAMES:
                found.append(f"{by_name or by_method} in line {node.lineno}")
            for said in node.keywords:
                if said.arg == "shell" and getattr(said.value, "value", None) is True:
                    found.append(f"shell=True in line {node.lineno}")
                if said.arg is None and by_method in INTO_QUERIES and "request" in ast.unparse(said.value):
                    found.append(f"a request unpacked into {by_method}() in line {node.lineno}")
    return found


def unescaped(template: str) -> list[str]:
    return re.findall(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off|{%\s*filter\s+safe", template)


SEEDED = {
    "mark_safe": "mark_safe(text)",
    "csrf_exempt": "@csrf_exempt\ndef view(request): ...",
    "raw": "Client.objects.raw(sql)",
    "extra": "Client.objects.extra(where=[text])",
    "shell=True": "subprocess.run(command, shell=True)",
    "unpacked": "Client.objects.filter(**request.GET.dict())",
}


@pytest.mark.parametrize("fault", SEEDED)
def test_each_shortcut_would_be_seen(fault):
    assert any(fault in found for found in calls_in(SEEDED[fault]))


def test_no_source_takes_one():
    assert len(PYTHON) > 150
    found = {path.relative_to(SOURCE).as_posix(): calls_in(path.read_text()) for path in PYTHON}
    assert {path: calls for path, calls in found.items() if calls and path not in SAFE_HERE} == {}


def test_no_template_switches_escaping_off():
    assert len(TEMPLATES) > 60
    assert [unescaped(text) for text in ("{{ a|safe }}", "{% autoescape off %}", "{{ a|safely }}")] == [
        ["|safe"],
        ["{% autoescape off"],
        [],
    ]
    found = {path.relative_to(SOURCE).as_posix(): unescaped(path.read_text()) for path in TEMPLATES}
    assert {path: marks for path, marks in found.items() if marks} == {}


def test_every_exception_to_the_security_rules_of_ruff_says_why():
    silent = []
    for path in PYTHON:
        for place, line in enumerate(path.read_text().splitlines(), start=1):
            if re.search(r"noqa: S\d+", line) and not re.search(r"noqa: S\d+(, \w+)*\s+\S", line):
                silent.append(f"{path}:{place}")
    assert silent == []


def mails(source: str) -> bool:
    """Whether this source sends mail by Django itself, or lets a mail fail in silence."""
    nodes = list(ast.walk(ast.parse(source)))
    said = [node for node in nodes if isinstance(node, ast.Attribute | ast.Name | ast.alias)]
    names = {getattr(node, "attr", getattr(node, "id", getattr(node, "name", ""))) for node in said}
    quiet = any(isinstance(node, ast.keyword) and node.arg == "fail_silently" for node in nodes)
    return quiet or bool(
        names & {"send_mail", "send_mass_mail", "mail_admins", "EmailMessage", "EmailMultiAlternatives"}
    )


@pytest.mark.parametrize(
    "planted",
    [
        "from django.core.mail import send_mail",
        "from django.core import mail\nmail.send_mail(a, b, c, d)",
        "message.send(fail_silently=True)",
        "EmailMessage(subject).send()",
    ],
)
def test_a_second_way_of_sending_mail_would_be_seen(planted):
    assert mails(planted)


def test_mail_goes_out_in_one_place():
    found = {path.relative_to(SOURCE).as_posix() for path in PYTHON if mails(path.read_text())}
    assert found == {"kit/calls.py"}
