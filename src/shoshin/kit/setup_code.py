"""A one-time code between terminal and browser: who can read the terminal may set up the installation.

Only the code's hash is kept, in a file its owner alone can read. The code has 100 random bits, so guessing
it is hopeless and a fast hash is enough.
"""

import hashlib
import hmac
import secrets
from pathlib import Path

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS, LETTERS = 4, 5


def write_code(home: Path) -> str:
    """Make a code, keep its hash, and return it for the terminal to print. An older one stops working."""
    code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
    kept = _file(home)
    kept.touch(mode=0o600)
    kept.write_text(_hash(code))
    return code


def code_fits(home: Path, code: str) -> bool:
    """Whether this is the code printed last, however it was spaced or capitalised."""
    kept = _file(home)
    return kept.exists() and hmac.compare_digest(kept.read_text(), _hash(code))


def forget_code(home: Path) -> None:
    """After use, the code opens nothing."""
    _file(home).unlink(missing_ok=True)


def _file(home: Path) -> Path:
    return home / "setup_code"


def _hash(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter in ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()
