"""Sound and pictures from outside: looked at in a process that can reach nothing, and written anew."""

from shoshin.kit.media.checking import LARGEST, LONGEST, Limits, MediaRefused, Reel, can_check, check

__all__ = ["LARGEST", "LONGEST", "Limits", "MediaRefused", "Reel", "can_check", "check"]
