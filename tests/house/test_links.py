"""Links between tables follow the map: a table names only tables of its own app or of apps below it."""

from django.apps import apps

# Practice and community stand higher in the map; here below care, because none of their tables may hang on a client.
ORDER = (
    "desk",
    "research",
    "growth",
    "feedback",
    "care",
    "community",
    "practice",
    "welfare",
    "measures",
    "people",
    "kit",
)
SIDE_BY_SIDE = {"care", "welfare"}  # neither leans on the other


def test_links_between_tables_follow_the_map():
    wrong, seen = [], 0
    for model in apps.get_models():
        if not model.__module__.startswith("shoshin."):
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model.__module__.startswith("shoshin."):
                seen += 1
                here, there = model._meta.app_label, field.related_model._meta.app_label
                beside = here != there and {here, there} == SIDE_BY_SIDE
                if ORDER.index(there) < ORDER.index(here) or beside:
                    wrong.append(f"{model.__name__}.{field.name} -> {field.related_model.__name__}")
    assert wrong == []
    assert seen > 30
