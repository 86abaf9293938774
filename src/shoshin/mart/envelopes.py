"""What sites send one another: a payload with the signature of its site, opened only where it is whole and expected.

Each site has an Ed25519 key. Sites tell one another their public keys beforehand, over a way they trust, and keep
them in a file, one line a site: its name and its key.
"""

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

__all__ = ["CannotOpen", "Opened", "new_key", "open_envelope", "public_key", "read_key", "read_sites", "write_envelope"]

FORMAT = "shoshin-federation-1"


class CannotOpen(ValueError):
    """A key or a file of another site is not what it should be; the message says which and why."""


@dataclass(frozen=True)
class Opened:
    """A payload whose signature was checked: the site's name, what it says, and the digest it is known by."""

    site: str
    payload: Mapping[str, Any]
    digest: str


def new_key(path: Path) -> str:
    """Make a site's key in a new file that its owner alone can read. Returns the public part."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CannotOpen(f"{path} is there already, and was left as it is.") from None
    with os.fdopen(handle, "wb") as out:
        out.write(pem)
    return public_key(key)


def read_key(path: Path) -> Ed25519PrivateKey:
    """The key in this file."""
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        raise CannotOpen(f"There is no key in {path}. Make one: shoshin federate key {path}") from None
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotOpen(f"{path} holds no key made by `shoshin federate key`.")
    return key


def public_key(key: Ed25519PrivateKey) -> str:
    """The public part, as others write it into their list of sites."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def read_sites(path: Path) -> dict[str, str]:
    """The names of the sites by their public keys: one line a site, its name and its key."""
    sites: dict[str, str] = {}
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        raise CannotOpen(f"There is no list of sites in {path}: one line a site, its name and public key.") from None
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if len(words) != 2 or len(_bytes_of(words[1])) != 32:
            raise CannotOpen(f"Line {number} of {path} is not a name and a public key.")
        if words[0] in sites.values() or words[1] in sites:
            raise CannotOpen(f"Line {number} of {path} names a site or a key a second time.")
        sites[words[1]] = words[0]
    return sites


def write_envelope(path: Path, payload: Mapping[str, Any], key: Ed25519PrivateKey) -> None:
    """Sign a payload and write it to a new file; an older file of the name is replaced whole."""
    text = json.dumps({"format": FORMAT, **payload}, sort_keys=True, separators=(",", ":"), allow_nan=False)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    envelope = json.dumps({"key": public_key(key), "signature": signature, "payload": text}, indent=1)
    passing = path.with_name(f".{path.name}.part")
    passing.write_text(envelope + "\n")
    passing.replace(path)


def open_envelope(path: Path, sites: Mapping[str, str]) -> Opened:
    """What a listed site has signed. Nothing of the payload is looked at before its signature holds."""
    try:
        envelope = json.loads(path.read_text())
        key, signature, text = (str(envelope[name]) for name in ("key", "signature", "payload"))
    except FileNotFoundError:
        raise CannotOpen(f"There is no file {path}.") from None
    except (ValueError, KeyError, TypeError):
        raise CannotOpen(f"{path} is not signed: it is no file made by `shoshin federate`.") from None
    if key not in sites:
        raise CannotOpen(f"{path} is signed by a key that is not in your list of sites.")
    try:
        Ed25519PublicKey.from_public_bytes(_bytes_of(key)).verify(_bytes_of(signature), text.encode())
    except (InvalidSignature, ValueError):
        raise CannotOpen(f"{path} was changed after {sites[key]} signed it. Ask for it anew.") from None
    payload = json.loads(text)
    if payload.get("format") != FORMAT:
        raise CannotOpen(f"{path} has another format than {FORMAT}: use the same version of Shoshin at every site.")
    return Opened(sites[key], payload, hashlib.sha256(text.encode()).hexdigest())


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
