"""Files that are sealed one by one, each under a key of its own that lies outside of the database and of its backups.

A sealed file is read at any place without the whole, and what was changed, swapped or cut off is noticed. To destroy a
file's key is to destroy every copy of the file, on this machine and in every backup.
"""

from shoshin.kit.vault.keys import KeyIsGone, KeyStore
from shoshin.kit.vault.sealed import SealedFile, Tampered, seal

__all__ = ["KeyIsGone", "KeyStore", "SealedFile", "Tampered", "seal"]
