"""Every field says how private it is, and every table how long it is kept."""

from django.apps import apps

from shoshin.kit.record import Record

OUR_MODELS = [model for model in apps.get_models() if model.__module__.startswith("shoshin.")]
CLASSES = ("identifying", "clinical", "personal", "plain")


def unclassified(model) -> set[str]:
    fields = [field.name for field in model._meta.concrete_fields]
    named = [name for privacy in CLASSES for name in getattr(model.Privacy, privacy)]
    once = {name for name in named if named.count(name) == 1}
    return set(fields) ^ once


def test_there_are_tables_to_look_at():
    assert len(OUR_MODELS) > 20


def test_every_field_is_classified_exactly_once():
    wrong = {model.__name__: unclassified(model) for model in OUR_MODELS}
    assert {name: fields for name, fields in wrong.items() if fields} == {}


def test_every_table_says_how_long_it_is_kept():
    assert [model.__name__ for model in OUR_MODELS if not getattr(model.Privacy, "retention", "")] == []


def test_every_table_but_accounts_sessions_and_the_audit_trail_changes_only_inside_actions():
    assert {model.__name__ for model in OUR_MODELS if not issubclass(model, Record)} == {
        "Person",
        "PersonSession",
        "AuditEvent",
        "ChainHead",
        "Task",
        "Beat",
    }


def test_every_moment_with_a_person_stands_or_falls_with_that_person():
    """A nullable `x_at` beside a nullable `x_by` carries a check constraint that names both."""
    missing = []
    for model in OUR_MODELS:
        fields = {field.name: field for field in model._meta.concrete_fields}
        for name, field in fields.items():
            partner = fields.get(name.removesuffix("_at") + "_by")
            if name.endswith("_at") and field.null and partner is not None and partner.null:
                text = str([constraint.deconstruct() for constraint in model._meta.constraints])
                if name not in text or partner.name not in text:
                    missing.append(f"{model.__name__}.{name}")
    assert missing == []
