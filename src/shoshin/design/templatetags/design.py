"""What every page's frame shows: where one can go, who is signed in, which language, which fonts."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

register = template.Library()

FONT_SHEET = "design/fonts/fonts.css"
STATIC = Path(__file__).resolve().parents[1] / "static"


class Place(NamedTuple):
    """One entry of the main navigation. It shows only once its page exists."""

    name: Any
    url: str
    icon: str


PLACES = (
    Place(_("Today"), "desk:today", "today"),
    Place(_("Clients"), "care:list_clients", "clients"),
    Place(_("Practice"), "practice:show_practice", "practice"),
    Place(_("Circle"), "community:show_community", "circle"),
    Place(_("Growth"), "growth:show_growth", "growth"),
    Place(_("Measures"), "measures:list_measures", "measures"),
)


@register.inclusion_tag("design/_navigation.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, Any]:
    """The main places, for a member of a clinic."""
    request = context.get("request")
    if request is None or not getattr(request, "member", None):
        return {"items": []}
    places = ((place, address(place.url)) for place in PLACES)
    return {"items": [_item(place, href, request.path) for place, href in places if href]}


def _item(place: Place, href: str, path: str) -> dict[str, Any]:
    inside = path.startswith(href) and href != "/"
    here = "page" if path == href else "true" if inside else ""
    return {"name": place.name, "href": href, "icon": f"design/icons/{place.icon}.svg", "here": here}


@register.inclusion_tag("design/_account.html", takes_context=True)
def account(context: template.Context) -> dict[str, Any]:
    """Who is signed in, and the way out."""
    request = context.get("request")
    return {
        "request": request,
        "person": getattr(request, "user", None),
        "member": getattr(request, "member", None),
        "cover_href": address("care:cover"),
        "duty_href": address("care:name_duty"),
        "several_hats": getattr(request, "several_hats", False),
        "factor_href": address("mfa_index"),
        "data_href": address("desk:my_data"),
        "sessions_href": address("people:list_sessions"),
        "password_href": address("account_change_password"),
        "sign_out_href": address("account_logout"),
    }


@register.inclusion_tag("design/_languages.html", takes_context=True)
def language_switch(context: template.Context) -> dict[str, Any]:
    """The languages this page is not in, each named in itself."""
    request = context.get("request")
    if request is None:
        return {}
    others = [code for code, _name in settings.LANGUAGES if code != get_language()]
    return {
        "href": address("set_language"),
        "here": request.get_full_path() if request.method == "GET" else "/",
        "others": [(code, get_language_info(code)["name_local"].capitalize()) for code in others],
    }


@register.simple_tag
def demo_mode() -> bool:
    """Whether this is the demo clinic, which every page says."""
    return bool(getattr(settings, "DEMO", False))


@register.simple_tag
def font_sheet() -> SafeString | str:
    """The link to Newsreader and Inter where they have been fetched; else pages use the system's fonts."""
    return format_html('<link rel="stylesheet" href="{}">', static(FONT_SHEET)) if fonts_are_here() else ""


@cache
def fonts_are_here() -> bool:
    return (STATIC / FONT_SHEET).exists()


def address(name: str) -> str:
    """The address of a named page, or nothing where no such page exists yet."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
