"""Tables of research: what was counted over closed courses. Nothing here hangs on a client."""

from shoshin.research.models.effects import ClinicEffect, Counted, EffectView, OwnEffect, open_view

__all__ = ["ClinicEffect", "Counted", "EffectView", "OwnEffect", "open_view"]
