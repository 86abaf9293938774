"""A measure as a form: with its wording where it may be shown, else as a skeleton in our own words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from shoshin.measures.models import LicenceConfirmation, MeasureVersion, WordingPack
from shoshin.measures.models.definitions import Measure
from shoshin.measures.models.facts import Item, ScaleKind, in_language
from shoshin.measures.models.wording import Wording, key_of
from shoshin.measures.queries.camcops import is_fetchable
from shoshin.measures.queries.versions import current_measures, facts

if TYPE_CHECKING:
    from shoshin.people.models import Clinic


@dataclass(frozen=True)
class Option:
    """One answer to choose."""

    value: float
    text: str


@dataclass(frozen=True)
class FormItem:
    """One question as it stands on a form. `low_text` and `high_text` are the words at a slider's ends."""

    id: str
    text: str
    kind: ScaleKind
    role: str
    options: tuple[Option, ...] = ()
    low: float = 0
    high: float = 0
    step: float = 1
    low_text: str = ""
    high_text: str = ""

    @property
    def is_risk(self) -> bool:
        """Whether a marked answer needs somebody to respond."""
        return self.role == "risk"


@dataclass(frozen=True)
class Form:
    """A whole form in one language. A skeleton is not `worded`; only a therapist fills it in, from paper."""

    measure_id: str
    version: str
    language: str
    title: str
    stem: str
    items: tuple[FormItem, ...]
    credit: str
    worded: bool


def form_for(version: MeasureVersion, language: str, clinic: "Clinic | None" = None) -> Form | None:
    """The form worded in this language (or its base language); None when it may not or cannot be shown."""
    pack = shown_pack(version, language, clinic)
    if pack is None:
        return None
    measure, wording = facts(version), Wording.model_validate(pack.wording)
    return Form(
        measure_id=measure.id,
        version=measure.version,
        language=pack.language,
        title=wording.title,
        stem=wording.stem,
        items=tuple(_worded_item(measure, wording, item) for item in measure.items),
        credit=in_language(measure.licence.credit, language),
        worded=True,
    )


def skeleton_for(version: MeasureVersion, language: str) -> Form:
    """The form in our neutral labels and bare values: for typing in what stands on paper."""
    measure = facts(version)
    return Form(
        measure_id=measure.id,
        version=measure.version,
        language=language,
        title=in_language(measure.title, language),
        stem="",
        items=tuple(_skeleton_item(measure, item, language) for item in measure.items),
        credit="",
        worded=False,
    )


def is_worded(version: MeasureVersion, language: str, clinic: "Clinic | None" = None) -> bool:
    """Whether this measure can be shown to a client in this language."""
    return shown_pack(version, language, clinic) is not None


def languages(version: MeasureVersion, clinic: "Clinic | None" = None) -> list[str]:
    """The languages in which this measure can be shown."""
    return sorted(set(_packs(version, clinic).values_list("language", flat=True)))


def can_display(version: MeasureVersion, clinic: "Clinic | None" = None) -> bool:
    """Whether the licence allows showing wording: at once, or after a recorded confirmation."""
    licence = facts(version).licence
    return licence.may_display and (not licence.needs_confirmation or licence_confirmation(version, clinic) is not None)


def licence_confirmation(version: MeasureVersion, clinic: "Clinic | None") -> LicenceConfirmation | None:
    """The newest confirmation on which this clinic may show the wording."""
    found = LicenceConfirmation.objects.filter(here(clinic), measure_id=version.measure_id)
    return found.order_by("pk").last()


def licence_statement(version: MeasureVersion, language: str) -> str:
    """The sentence that a person confirms before this measure's wording is shown."""
    return in_language(facts(version).licence.statement, language)


def worded_measures(clinic: "Clinic | None") -> set[str]:
    """The measures that can be shown to a client in some language, by id."""
    rows = current_measures(clinic)
    worded = shown_packs(rows, clinic)
    return {row.measure_id for row in rows if row.pk in worded}


def unfetched_names(clinic: "Clinic | None") -> list[str]:
    """The short names of public-domain measures whose wording nobody has fetched yet."""
    rows = current_measures(clinic)
    worded = shown_packs(rows, clinic)
    return [facts(row).short for row in rows if row.pk not in worded and is_fetchable(facts(row))]


def skeleton_names(clinic: "Clinic | None") -> list[tuple[str, str]]:
    """Measures without wording that may be given some: id and short name."""
    rows = current_measures(clinic)
    worded = shown_packs(rows, clinic)
    bare = [row for row in rows if row.pk not in worded and facts(row).licence.may_display]
    return [(row.measure_id, facts(row).short) for row in bare if not facts(row).totals_only]


def shown_packs(versions: list[MeasureVersion], clinic: "Clinic | None") -> dict[int, tuple[str, ...]]:
    """The languages in which each of these versions can be shown, by primary key, in one query."""
    rows = {version.pk: facts(version).licence for version in versions}
    found: dict[int, set[str]] = {}
    packs = WordingPack.objects.filter(here(clinic), measure_version__in=rows)
    for pk, language, confirmation in packs.values_list("measure_version_id", "language", "licence_confirmation_id"):
        licence = rows[pk]
        if licence.may_display and (confirmation is not None or not licence.needs_confirmation):
            found.setdefault(pk, set()).add(language)
    return {pk: tuple(sorted(each)) for pk, each in found.items()}


def here(clinic: "Clinic | None") -> Q:
    """What is the whole installation's, or this clinic's own."""
    return Q(clinic=None) | Q(clinic=clinic) if clinic is not None else Q(clinic=None)


def _packs(version: MeasureVersion, clinic: "Clinic | None") -> QuerySet[WordingPack]:
    licence = facts(version).licence
    found = WordingPack.objects.filter(here(clinic), measure_version=version)
    if not licence.may_display:
        return found.none()
    return found.filter(licence_confirmation__isnull=False) if licence.needs_confirmation else found


def shown_pack(version: MeasureVersion, language: str, clinic: "Clinic | None") -> WordingPack | None:
    """The newest pack in this language, or in its base language, that this clinic may show."""
    wanted = [language.lower(), language.lower().partition("-")[0]]
    packs = {pack.language.lower(): pack for pack in _packs(version, clinic).order_by("pk")}
    return next((packs[each] for each in wanted if each in packs), None)


def _worded_item(measure: Measure, wording: Wording, item: Item) -> FormItem:
    anchors = wording.item_anchors.get(item.id, wording.anchors.get(item.scale, {}))
    return _form_item(measure, item, wording.items[item.id], anchors)


def _skeleton_item(measure: Measure, item: Item, language: str) -> FormItem:
    return _form_item(measure, item, in_language(item.label, language), {})


def _form_item(measure: Measure, item: Item, text: str, anchors: dict[str, str]) -> FormItem:
    scale = measure.scales[item.scale]
    low, high = scale.ends
    return FormItem(
        id=item.id,
        text=text,
        kind=scale.kind,
        role=item.role,
        options=tuple(Option(value, anchors.get(key_of(value), key_of(value))) for value in scale.values),
        low=low,
        high=high,
        step=scale.step,
        low_text=anchors.get(key_of(low), ""),
        high_text=anchors.get(key_of(high), ""),
    )
