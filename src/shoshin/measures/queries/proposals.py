"""From a draft and a person's choices to facts and wording, or to a list of problems. Nothing is stored."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shoshin.measures.models.definitions import Measure, attainable
from shoshin.measures.models.files import CannotReadMeasure, Problem, measure_from, wording_from
from shoshin.measures.models.wording import Wording, key_of, mismatches
from shoshin.measures.queries.drafts import (
    SHORTEST,
    Choices,
    Draft,
    DraftItem,
    DraftOption,
    DraftScore,
    Proposal,
    WeightQuestion,
)

KNOWN_RISK_CODES = {"44260-8"}  # LOINC: the PHQ-9's ninth item
NO_WEIGHTS = (
    "the answers have no weights, so nothing can be scored",
    "Enter the weights below, or add ordinalValue to each answer in the file.",
)
STATEMENT = "The person who imported this form confirmed that its terms allow this use."


def slug(text: str, otherwise: str) -> str:
    """A text as an id: letters, figures and single hyphens."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-._")[:60].strip("-._") or otherwise


def with_weights(draft_items: tuple[DraftItem, ...], choices: Choices) -> tuple[DraftItem, ...]:
    """The items, with the weights that a person entered for answers that had none."""
    keys = {question.items: question.key for question in weight_questions(draft_items)}
    by_item = {item: key for items, key in keys.items() for item in items}
    return tuple(_weighted(item, choices.weights.get(by_item.get(item.id, ""))) for item in draft_items)


def weight_questions(items: tuple[DraftItem, ...]) -> tuple[WeightQuestion, ...]:
    """The lists of answers to ask weights for: none as long as any item of the form has weights."""
    if any(item.can_count for item in items):
        return ()
    groups: dict[tuple[str, ...], list[str]] = {}
    for item in items:
        if item.kind == "choice":
            groups.setdefault(tuple(option.text for option in item.options), []).append(item.id)
    return tuple(WeightQuestion(f"scale-{n}", texts, tuple(ids)) for n, (texts, ids) in enumerate(groups.items(), 1))


def proposal_for(draft: Draft, choices: Choices, *, asked: tuple[WeightQuestion, ...] = ()) -> Proposal:
    """What would come in. `asked` are the weights the file lacks, whether or not they have been entered."""
    draft, problems = _named(draft, choices), list(draft.problems)
    if asked and not any(question.key in choices.weights for question in asked):
        what, todo = NO_WEIGHTS
        found = Problem(draft.file, asked[0].items[0], what, todo)
        return Proposal(draft.file, None, None, (*problems, found), draft.notes, weight_questions=asked, draft=draft)
    draft, notes = _with_scores(draft, choices, asked)
    problems += _weight_problems(draft)
    if not draft.scores:
        todo = "Give at least two items weights, or an expression."
        problems.append(Problem(draft.file, "", "there is nothing to score", todo))
    if problems:
        return Proposal(draft.file, None, None, tuple(problems), notes, asked, draft=draft)
    return _built(draft, choices, notes, asked)


def _built(draft: Draft, choices: Choices, notes: tuple[str, ...], asked: tuple[WeightQuestion, ...]) -> Proposal:
    asks_direction = choices.higher_is_worse is None and any(s.higher_is_worse is None for s in draft.scores)
    asks_risk = choices.risk_items is None and not _risky(draft, choices) and not _says_no_risk(draft)
    plain = _facts(draft, choices)
    try:
        measure = measure_from(plain, file=draft.file)
        wording = _wording(draft, measure, _anchors(draft))
    except CannotReadMeasure as refusal:
        return Proposal(draft.file, None, None, refusal.problems, notes, asked, draft=draft)
    wrong = tuple(Problem(draft.file, "", what, "Mend the file.") for what in mismatches(measure, wording))
    questions = {"asks_direction": asks_direction, "asks_risk": asks_risk}
    return Proposal(draft.file, measure, wording, wrong, notes, (), **questions, draft=draft)


def _weighted(item: DraftItem, weights: tuple[float, ...] | None) -> DraftItem:
    if weights is None or len(weights) != len(item.options):
        return item
    options = tuple(replace(o, weight=w, value=w) for o, w in zip(item.options, weights, strict=True))
    return replace(item, options=options)


def _named(draft: Draft, choices: Choices) -> Draft:
    """The draft under the short name that a person gave it; the file's own title stays where there is one."""
    name = " ".join(choices.short.split())[:SHORTEST].strip()
    if not name or name == _shortened(draft):
        return draft
    measure_id = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or draft.id
    return replace(draft, id=measure_id, short=name, title=draft.title if draft.named else name)


def _shortened(draft: Draft) -> str:
    return draft.short or draft.title[:SHORTEST].strip()


def _with_scores(draft: Draft, choices: Choices, asked: tuple[WeightQuestion, ...]) -> tuple[Draft, tuple[str, ...]]:
    """The draft with a sum where the file names no score: of the items chosen, else of the largest like group."""
    if draft.scores and choices.counted is None:
        return draft, draft.notes
    can = [item for item in draft.items if item.can_count]
    counted = (
        [i.id for i in can if i.id in choices.counted] if choices.counted is not None else _usual(can, choices, asked)
    )
    if not counted:
        return replace(draft, scores=()), draft.notes
    notes = [*draft.notes]
    if choices.counted is None:
        notes.append(f"The file names no score: the sum of {len(counted)} items was taken.")
        left = [item.id for item in can if item.id not in counted]
        if left:
            notes.append(f"Not counted, because their answers differ from the others': {', '.join(left)}.")
    return replace(draft, scores=(DraftScore("total", "Total", tuple(counted)),)), tuple(notes)


def _usual(items: list[DraftItem], choices: Choices, asked: tuple[WeightQuestion, ...]) -> list[str]:
    """What counts where nobody chose: the largest list that was given weights, and those named beside it."""
    weighed = [question for question in asked if question.key in choices.weights]
    if not weighed:
        return _largest_group(items)
    largest = max(weighed, key=lambda question: len(question.items))
    counted = {i for q in weighed if q is largest or q.key in choices.also_counted for i in q.items}
    return [item.id for item in items if item.id in counted]


def _largest_group(items: list[DraftItem]) -> list[str]:
    """The most items that weigh alike; among these, those with the same words where most of them have these."""
    alike = max(_groups(items, _weights).values(), key=len, default=[])
    same_words = max(_groups(alike, _texts).values(), key=len, default=[])
    return [item.id for item in (same_words if 2 * len(same_words) > len(alike) else alike)]


def _groups(items: list[DraftItem], shape: Callable[[DraftItem], Any]) -> dict[Any, list[DraftItem]]:
    groups: dict[Any, list[DraftItem]] = {}
    for item in items:
        groups.setdefault(shape(item), []).append(item)
    return groups


def _weights(item: DraftItem) -> tuple[float, ...]:
    return tuple(sorted(o.weight or 0 for o in item.options)) if item.options else (item.low, item.high)


def _texts(item: DraftItem) -> frozenset[str]:
    return frozenset(option.text for option in item.options)


def _weight_problems(draft: Draft) -> list[Problem]:
    counted = {item for score in draft.scores for item in score.items}
    found = []
    for item in draft.items:
        weights = [option.weight for option in item.options if option.weight is not None]
        if weights and len(weights) < len(item.options):
            found.append(Problem(draft.file, item.path, "some answers have a weight and some have none", "Add them."))
        elif item.id in counted and len(set(weights)) < len(weights):
            found.append(Problem(draft.file, item.path, "two answers have the same weight", "Tell them apart."))
        elif item.id in counted and not item.can_count:
            found.append(Problem(draft.file, item.path, "is counted, but its answers have no weights", "Add them."))
    return found


def _risky(draft: Draft, choices: Choices) -> dict[str, float]:
    """The risk items and the answer from which they are marked: named by the person, the file, or a known code."""
    named = choices.risk_items or ()
    found = {}
    for item in draft.items:
        if item.id in named or item.threshold is not None or set(item.codes.values()) & KNOWN_RISK_CODES:
            values = sorted(value for value, _ in _values(item))
            found[item.id] = item.threshold if item.threshold is not None else (values[1] if len(values) > 1 else 1)
    return found


def _says_no_risk(draft: Draft) -> bool:
    """Our own exports always mark risk items, so none marked means none."""
    return any(score.higher_is_worse is not None for score in draft.scores)


def _values(item: DraftItem) -> list[tuple[float, str]]:
    """The raw value and the words of each answer, lowest value first."""
    if not _keeps_raw(item) and item.has_weights:
        return sorted((option.weight or 0, option.text) for option in item.options)
    own = [option.value for option in item.options]
    raw = own if all(v is not None for v in own) and len(set(own)) == len(own) else range(len(own))
    return sorted((float(v or 0), option.text) for v, option in zip(raw, item.options, strict=True))


def _keeps_raw(item: DraftItem) -> bool:
    """Whether the weights are the raw values, or exactly these turned round."""
    pairs = [(option.value, option.weight) for option in item.options]
    if any(value is None or weight is None for value, weight in pairs):
        return False
    return all(v == w for v, w in pairs) or is_reversed(item)


def is_reversed(item: DraftItem) -> bool:
    """Whether every weight is lowest + highest raw value - raw value."""
    pairs = [(o.value, o.weight) for o in item.options if o.value is not None and o.weight is not None]
    if len(pairs) != len(item.options) or all(v == w for v, w in pairs):
        return False
    low, high = min(v for v, _ in pairs), max(v for v, _ in pairs)
    return all(w == low + high - v for v, w in pairs)


def _facts(draft: Draft, choices: Choices) -> dict[str, Any]:
    risky = _risky(draft, choices)
    scales, of_item = _scales(draft)
    counted = {item for score in draft.scores for item in score.items}
    plain: dict[str, Any] = {
        "id": draft.id,
        "version": draft.version,
        "title": draft.title,
        "short": _shortened(draft),
        "construct": draft.title,
        "respondent": draft.respondent,
        "codes": dict(draft.codes),
        "validated": True,
        "source": f"Imported from {draft.file}",
        "licence": {
            "class": "ASK",
            "evidence": "Imported by the clinic.",
            "mark": "G",
            "needs_confirmation": True,
            "credit": draft.credit,
            "statement": STATEMENT,
        },
        "scales": scales,
        "items": [_item(item, n, of_item[item.id], counted, risky) for n, item in enumerate(draft.items, 1)],
        "scores": [_score(draft, score, choices, first=n == 0) for n, score in enumerate(draft.scores)],
    }
    if risky:
        plain["safety"] = {"items": list(risky), "threshold": min(risky.values())}
    return plain


def _item(item: DraftItem, n: int, scale: str, counted: set[str], risky: Mapping[str, float]) -> dict[str, Any]:
    role = "risk" if item.id in risky else "scored" if item.id in counted else None
    role = role or {"choice": "choice", "text": "free_text", "number": "unscored"}[item.kind]
    label = {"en": item.label} if item.label else {"en": f"item {n}", "de": f"Frage {n}"}
    return {"id": item.id, "label": label, "scale": scale, "role": role, "codes": dict(item.codes)}


def _scales(draft: Draft) -> tuple[dict[str, Any], dict[str, str]]:
    """One scale per distinct list of answers, and which item uses which."""
    scales: dict[str, Any] = {}
    names: dict[str, str] = {}
    of_item = {}
    for item in draft.items:
        plain = _scale(item)
        shape = repr((plain, _words(item)))
        if shape not in names:
            names[shape] = f"scale-{len(names) + 1}"
            scales[names[shape]] = plain
        of_item[item.id] = names[shape]
    return scales, of_item


def _scale(item: DraftItem) -> dict[str, Any]:
    if item.kind == "text":
        return {"kind": "text"}
    if item.kind == "number":
        step = 1 if item.whole else 0.1
        onto = {"onto": list(item.onto)} if item.onto else {}
        return {
            "kind": "percent" if onto else "slider",
            "low": item.low,
            "high": item.high,
            "step": step,
        } | onto
    kind = "likert" if item.has_weights else "choice"
    codes = {key_of(v): o.code for v, o in _coded(item) if o.code}
    values = [value for value, _ in _values(item)]
    return {"kind": kind, "values": values, "anchors": len(_words(item)), "codes": codes}


def _coded(item: DraftItem) -> list[tuple[float, DraftOption]]:
    values = {text: value for value, text in _values(item)}
    return [(values[option.text], option) for option in item.options]


def _words(item: DraftItem) -> dict[str, str]:
    return {key_of(value): text for value, text in _values(item) if text and text != key_of(value)}


def _anchors(draft: Draft) -> dict[str, dict[str, str]]:
    _, of_item = _scales(draft)
    return {of_item[item.id]: _words(item) for item in draft.items if item.kind == "choice"}


def _score(draft: Draft, score: DraftScore, choices: Choices, *, first: bool) -> dict[str, Any]:
    items = {item.id: item for item in draft.items}
    ends = [items[item].ends for item in score.items]
    low, high = attainable(ends, score.method, score.decimals, score.table)
    worse = score.higher_is_worse if score.higher_is_worse is not None else choices.higher_is_worse
    return {
        "id": score.id,
        "title": score.title,
        "codes": dict(score.codes),
        "items": list(score.items),
        "method": score.method,
        "reverse": [item for item in score.items if is_reversed(items[item])],
        "max_missing": score.max_missing,
        "decimals": score.decimals,
        "table": dict(score.table),
        "low": low,
        "high": high,
        "higher_is_worse": bool(worse),
        "primary": first,
    }


def _wording(draft: Draft, measure: Measure, anchors: dict[str, dict[str, str]]) -> Wording:
    plain = {
        "measure": measure.id,
        "version": measure.version,
        "language": draft.language,
        "title": draft.title,
        "stem": draft.stem,
        "items": {item.id: item.text or item.id for item in draft.items},
        "anchors": anchors,
        "source": f"Imported from {draft.file}",
        "licence": draft.credit or "Confirmed by the person who imported it",
    }
    return wording_from(plain, file=draft.file)


def as_wording(proposal: Proposal, measure: Measure) -> tuple[Wording | None, list[Problem]]:
    """The wording of an imported form for a measure that we know: items in order, or by their LOINC codes."""
    if proposal.measure is None or proposal.wording is None:
        return None, list(proposal.problems)
    theirs = [item for item in proposal.measure.items if item.counts or item.role == "choice"]
    pairs = _paired(measure, proposal.measure)
    if pairs is None:
        what = f"has {len(theirs)} questions with answers, {measure.short} has {len(measure.items)}"
        return None, [Problem(proposal.file, "", what, "Choose the form of this measure.")]
    wording, anchors = proposal.wording, {}
    for ours, their in pairs.items():
        mine, other = measure.scale_of(ours), proposal.measure.scale_of(their)
        if mine.ends != other.ends or len(mine.values) != len(other.values):
            (low, high), (first, last) = other.ends, mine.ends
            what = f"answers {low:g} to {high:g}, not {first:g} to {last:g}"
            return None, [Problem(proposal.file, their, what, f"Choose the form of {measure.short}.")]
        anchors[measure.item(ours).scale] = wording.anchors.get(proposal.measure.item(their).scale, {})
    found = wording.model_copy(
        update={
            "measure": measure.id,
            "version": measure.version,
            "items": {ours: wording.items[their] for ours, their in pairs.items()},
            "anchors": {scale: words for scale, words in anchors.items() if words},
        }
    )
    wrong = [Problem(proposal.file, "", what, "Mend the file.") for what in mismatches(measure, found)]
    return (None, wrong) if wrong else (found, [])


def _paired(ours: Measure, theirs: Measure) -> dict[str, str] | None:
    """Which item of theirs is which of ours: by LOINC code where all have one, else by order."""
    codes = {item.codes["loinc"]: item.id for item in theirs.items if "loinc" in item.codes}
    wanted = [item.codes.get("loinc", "") for item in ours.items]
    if all(code in codes for code in wanted):
        return {item.id: codes[code] for item, code in zip(ours.items, wanted, strict=True)}
    asked = [item.id for item in theirs.items]
    if len(asked) != len(ours.items):
        return None
    return dict(zip((item.id for item in ours.items), asked, strict=True))
