"""Paper: a page as a PDF, where the machine has what WeasyPrint needs."""

from functools import cache
from pathlib import Path

SHEET = Path(__file__).resolve().parents[1] / "static" / "desk" / "sheet.css"


@cache
def can_make_pdf() -> bool:
    """Whether WeasyPrint finds Pango and its companions here."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


def as_pdf(html: str) -> bytes:
    """The page as a tagged PDF. Nothing outside the given text is fetched."""
    import weasyprint

    class Closed(weasyprint.urls.URLFetcher):
        def fetch(self, url, headers=None):  # type: ignore[no-untyped-def]
            raise ValueError("A sheet holds everything it shows; nothing is fetched.")

    document = weasyprint.HTML(string=html, url_fetcher=Closed())
    made: bytes = document.write_pdf(stylesheets=[weasyprint.CSS(string=SHEET.read_text())], pdf_variant="pdf/ua-1")
    return made
