"""The field's notation is read as lme4 reads it, and what cannot be read is refused in one sentence."""

import pytest

from shoshin.mart.formulas import BadFormula, Formula, parse


def read(text: str) -> tuple[str, list[str], list[str]]:
    """A formula written out: outcome, fixed terms, and each group with what differs in it."""
    found: Formula = parse(text)
    bars = {True: "|", False: "||"}
    random = [f"{' + '.join(map(str, p.terms))} {bars[p.correlated]} {p.group}" for p in found.random]
    return found.outcome, [str(term) for term in found.fixed], random


I = "(Intercept)"  # noqa: E741


@pytest.mark.parametrize(
    ("text", "fixed", "random"),
    [
        ("y ~ pre + age + (1 | therapist)", [I, "pre", "age"], [f"{I} | therapist"]),
        ("y ~ (1 | therapist)", [I], [f"{I} | therapist"]),
        ("y ~ (1|therapist) + pre", [I, "pre"], [f"{I} | therapist"]),
        ("y ~ 0 + pre + (1|g)", ["pre"], [f"{I} | g"]),
        ("y ~ pre + (1|g) - 1", ["pre"], [f"{I} | g"]),
        ("y ~ t + (t | client) + (1 | therapist)", [I, "t"], [f"{I} + t | client", f"{I} | therapist"]),
        ("y ~ t + (0 + t | g)", [I, "t"], ["t | g"]),
        ("y ~ t + (t || g)", [I, "t"], [f"{I} + t || g"]),
        ("y ~ t + (1 | g) + (0 + t | g)", [I, "t"], [f"{I} + t || g"]),
        ("y ~ (1 | a/b)", [I], [f"{I} | a", f"{I} | b:a"]),
        ("y ~ (1 | a/b/c)", [I], [f"{I} | a", f"{I} | b:a", f"{I} | c:b:a"]),
        ("y ~ (1 | a:b)", [I], [f"{I} | a:b"]),
        ("y ~ a*b + (1|g)", [I, "a", "b", "a:b"], [f"{I} | g"]),
        ("y ~ (a + b)**2 + (1|g)", [I, "a", "b", "a:b"], [f"{I} | g"]),
        ("y ~ a:b + (1|g)", [I, "a:b"], [f"{I} | g"]),
        ("y ~ bdi.pre + `time in weeks` + (1|`my group`)", [I, "bdi.pre", "time in weeks"], [f"{I} | my group"]),
        ("y ~ älter + (1|gruppe_2)", [I, "älter"], [f"{I} | gruppe_2"]),
    ],
)
def test_a_formula_is_read_as_lme4_reads_it(text: str, fixed: list[str], random: list[str]) -> None:
    assert read(text) == ("y", fixed, random)


def test_words_have_the_reference_that_is_named() -> None:
    (term,) = parse('y ~ 0 + C(arm, ref="usual | care") + (1 | g)').fixed
    (factor,) = term.factors
    assert (factor.column, factor.words, factor.reference) == ("arm", True, "usual | care")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("y pre (1|g)", "no outcome"),
        ("~ pre + (1|g)", "no outcome"),
        ("y ~ ", "nothing to explain it by"),
        ("y ~ a ~ b + (1|g)", "more than one ~"),
        ("y ~ pre + age", "no group: add one, such as (1 | therapist)"),
        ("y ~ pre | g", "write what differs between groups as + (1 | group)"),
        ("y ~ pre * (1|g)", "join groups to the rest by a plus sign"),
        ("y ~ pre - (1|g)", "join groups to the rest by a plus sign"),
        ("y ~ pre + (1|g", "A bracket is not closed"),
        ("y ~ pre + (|g)", "write it as (1 | therapist)"),
        ("y ~ pre + (1|g|h)", "write it as (1 | therapist)"),
        ("y ~ pre + (0|g)", "lets nothing differ"),
        ("y ~ pre + (1|3)", "'3' is no column to group by"),
        ("y ~ pre + (1|a/a)", "names 'a' twice"),
        ("y ~ pre + (1|g) + (1|g)", "'g' stands in several brackets"),
        ("y ~ pre + (t|g) + (u|g)", "'g' stands in several brackets"),
        ("y ~ log(pre) + (1|g)", "make it a column of the file first"),
        ("y ~ __import__('os') + (1|g)", "make it a column of the file first"),
        ("log(y) ~ pre + (1|g)", "make it a column of the file first"),
        ("y + z ~ pre + (1|g)", "is not one column"),
        ("y ~ pre + + (1|g)", "cannot be read at 'pre +'"),
        ("y ~ pre age + (1|g)", "Missing operator between `pre` and `age`"),
        ("y ~ 3:pre + (1|g)", "3 is a number where a column belongs"),
        ("y ~ C(arm, usual) + (1|g)", 'write C(arm), or C(arm, ref="usual care")'),
        ("y ~ . + (1|g)", "name the columns"),
        ("y ~ 0 + (1|g)", "leaves out the intercept and names no column"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(BadFormula) as refused:
        parse(text)
    message = str(refused.value)
    assert said in message
    assert message.endswith(".") and "\n" not in message and "\x1b" not in message
