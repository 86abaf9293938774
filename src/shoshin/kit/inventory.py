"""What is kept, why, how private it is and for how long: the inventory of data, made from the tables themselves."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps

CLASSES = ("identifying", "clinical", "personal", "plain")
HEAD = """# What is kept

Made from the tables by `shoshin inventory`; a test holds it to them. *Identifying* fields say who somebody is,
*clinical* ones are about somebody's therapy, *personal* ones belong to a person who works here, *plain* ones say
nothing of anybody. What is clinical or identifying is opened only through a relation that `policy.py` names for its
route.
"""


def inventory() -> str:
    """The whole inventory as Markdown: an app a chapter, a table a section."""
    return HEAD + "".join(_chapter(label) for label in _labels())


def _labels() -> list[str]:
    return [config.label for config in apps.get_app_configs() if config.name.startswith("shoshin.")]


def _chapter(label: str) -> str:
    tables = [model for model in apps.get_app_config(label).get_models() if hasattr(model, "Privacy")]
    return "".join([f"\n## {label}\n", *map(_table, tables)]) if tables else ""


def _table(model: Any) -> str:
    lines = [
        f"\n### {model.__name__}\n\n",
        f"{_purpose(model)}\n\n",
        "| class | fields |\n|---|---|\n",
        *_classes(model),
    ]
    return "".join([*lines, f"\nKept: {model.Privacy.retention}\n"])


def _purpose(model: Any) -> str:
    return " ".join((model.__doc__ or "").strip().split("\n\n")[0].split())


def _classes(model: Any) -> Iterator[str]:
    for name in CLASSES:
        if fields := getattr(model.Privacy, name):
            yield f"| {name} | {', '.join(fields)} |\n"
