"""A backup that has been restored: take one, bring one back, try one out.

One file holds one backup: a tar, encrypted to a public key whose private part is kept elsewhere. Its first member says
what is in it: every file with its hash, every table with its rows and their hash, read in the same snapshot.
"""

from shoshin.kit.backup.archive import CannotBackUp
from shoshin.kit.backup.manifest import CannotRestore

__all__ = ["CannotBackUp", "CannotRestore"]
