"""What others may have research do."""

from shoshin.research.actions.mart import build_mart, gather_mart

__all__ = ["build_mart", "gather_mart"]
