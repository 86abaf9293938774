"""Everybody's results in the two clinics, each with its owner's name in it, and one view given by each therapist."""

from datetime import timedelta

from shoshin.people.models import Membership
from shoshin.research.actions import show_results
from shoshin.research.models import Counted, EffectView, OwnEffect


def results_kept(walls, at) -> dict[str, dict[str, dict]]:
    """`results_view` is given by that therapist, `results_shown` is shown to them; owners can be shown none."""
    for member in Membership.objects.filter(ended_at=None).select_related("person"):
        for outcome in Counted.values:
            own_figure(member, outcome, at)
    kay = Membership.objects.get(clinic=walls.cast.clinic, person__name="Kay")
    zed = Membership.objects.get(person__email="zed@example.org")
    ada, mia, eve = (walls.people[name] for name in ("ada", "mia", "eve"))
    given = {
        "ben": show_results(to=mia, by=ada, at=at),
        "noa": show_results(to=kay, by=mia, at=at),
        "zoe": show_results(to=zed, by=eve, at=at),
    }
    shown = {"noa": given["ben"], "ben": past_the_rule(kay, ada, at), "zoe": past_the_rule(zed, eve, at)}
    return {
        "results_view": {name: {"pk": row.pk} for name, row in given.items()},
        "results_shown": {name: {"pk": row.pk} for name, row in shown.items()},
    }


def own_figure(member: Membership, outcome: str, at, **facts) -> OwnEffect:
    """One figure that bears its owner's name where the page says whose published figures it leans on."""
    usual = {"courses": 40, "estimate": 0.4, "low": 0.2, "high": 0.6, "typical": 0.5, "chance": 0.4, "leans": True}
    usual |= {"source": f"CanaryFigureOf{member.person.name}", "reason": "leans_on_published_share"}
    return OwnEffect.objects.create(
        clinic_id=member.clinic_id, member=member, outcome=outcome, built_at=at, **usual | facts
    )


def past_the_rule(member: Membership, to: Membership, at) -> EffectView:
    """A view to somebody who owns the clinic, as no action gives it: it opens nothing."""
    return EffectView.objects.create(
        clinic_id=member.clinic_id, member=member, shown_to=to, shown_at=at, ends_at=at + timedelta(days=30)
    )
