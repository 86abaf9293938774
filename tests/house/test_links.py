"""Links between tables follow the map: a table names only tables of its own app or of apps below it."""

from django.apps import apps

ORDER = ("desk", "feedback", "care", "measures", "people", "kit")


def test_links_between_tables_follow_the_map():
    wrong, seen = [], 0
    for model in apps.get_models():
        if not model.__module__.startswith("shoshin."):
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model.__module__.startswith("shoshin."):
                seen += 1
                here, there = model._meta.app_label, field.related_model._meta.app_label
                if ORDER.index(there) < ORDER.index(here):
                    wrong.append(f"{model.__name__}.{field.name} -> {field.related_model.__name__}")
    assert wrong == []
    assert seen > 30
