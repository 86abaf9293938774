"""A QR code for a page: dark on light, or phones cannot read it, and without any style, which our pages forbid."""

import segno
from django.utils.safestring import SafeString


def qr_code(address: str) -> SafeString:
    """An address of ours as a drawing to stand inside a page. Nothing that a person typed goes into it."""
    drawing = segno.make_qr(address, error="m").svg_inline(
        omitsize=True, svgclass=None, lineclass=None, light="#fff", dark="#000", border=3
    )
    return SafeString(drawing)
