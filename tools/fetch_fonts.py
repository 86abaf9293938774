"""Fetch Newsreader and Inter (both OFL-1.1) for the staff pages: `make fonts`. Pages work without them.

They come from npm at a pinned version, and are taken only if they are the very files named here.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parents[1] / "src/shoshin/design/static/design/fonts"
WITHOUT = "Pages use system fonts; install npm and run make fonts for Newsreader and Inter."
SECONDS = 60
LATIN = "U+0-FF, U+131, U+152-153, U+2BB-2BC, U+2C6, U+2DA, U+2DC, U+2000-206F, U+20AC, U+2122, U+2212"


class Font(NamedTuple):
    """One file of one package, and the face it gives."""

    package: str
    file: str
    family: str
    style: str
    weights: str
    sha512: str


FONTS = (
    Font(
        "@fontsource-variable/inter@5.3.0",
        "inter-latin-wght-normal.woff2",
        "Inter Variable",
        "normal",
        "100 900",
        "9acec3e7a411a1eb6d072c3773bb14e5aa74d85d334674ec0fb018b7937174d5"
        "b612b756b2ce7aa3993d31dfe172516e7aaec79c7dd209eac5fd15d9aea077e9",
    ),
    Font(
        "@fontsource-variable/newsreader@5.3.0",
        "newsreader-latin-wght-normal.woff2",
        "Newsreader Variable",
        "normal",
        "200 800",
        "9404e46485829be1f870cc26e37d54c67ae31c9d2760d5bd2fb704dfd935519c"
        "e6226c8ad6712a57e5860b0938058733bab3f9aa221bce5ecba960ac38f30d68",
    ),
    Font(
        "@fontsource-variable/newsreader@5.3.0",
        "newsreader-latin-wght-italic.woff2",
        "Newsreader Variable",
        "italic",
        "200 800",
        "123f5730d146c9e77b1e740729fd8ee3972543de59735cf3510e285e2fcd0cf3"
        "47eedcce93fb78f58348e741e2bbce6a383b9c4637813dab98343b1fee57f935",
    ),
)


class CannotFetch(Exception):
    """The fonts are out of reach, or are not the files we know."""


def packed(package: str, folder: Path) -> Path:
    """The package's archive, as npm delivers it."""
    npm = shutil.which("npm")
    if npm is None:
        raise CannotFetch("npm is not installed.")
    room = Path(tempfile.mkdtemp(dir=folder))
    command = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", str(room), package]
    try:
        subprocess.run(command, cwd=room, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603
        return next(room.glob("*.tgz"))
    except (subprocess.SubprocessError, OSError, StopIteration) as error:
        raise CannotFetch(f"npm could not deliver {package}.") from error


def content(archive: Path, name: str) -> bytes:
    """One file of the package; nothing where it has no such file."""
    with tarfile.open(archive) as tar:
        try:
            member = tar.extractfile(f"package/{name}")
        except KeyError:
            return b""
        return member.read() if member else b""


def font_file(archive: Path, font: Font) -> bytes:
    """The font's bytes, if they are the ones we know."""
    found = content(archive, f"files/{font.file}")
    if hashlib.sha512(found).hexdigest() != font.sha512:
        raise CannotFetch(f"{font.file} is not the file we know, so it was not taken.")
    return found


def licence_name(package: str) -> str:
    return f"LICENSE-{package.split('/')[1].split('@')[0]}.txt"


def face(font: Font) -> str:
    """The style rule that names the file, beside which it is written."""
    return (
        f'@font-face {{ font-family: "{font.family}"; font-style: {font.style}; font-weight: {font.weights}; '
        f'font-display: swap; src: url("{font.file}") format("woff2"); unicode-range: {LATIN}; }}\n'
    )


def fetch() -> None:
    """All files or none: the style sheet, which switches the fonts on, is written last."""
    with tempfile.TemporaryDirectory() as room:
        archives = {package: packed(package, Path(room)) for package in {font.package for font in FONTS}}
        files = {font.file: font_file(archives[font.package], font) for font in FONTS}
        licences = {licence_name(name): content(path, "LICENSE") for name, path in archives.items()}
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, found in {**files, **licences}.items():
        (FOLDER / name).write_bytes(found)
    (FOLDER / "fonts.css").write_text("".join(face(font) for font in FONTS), encoding="utf-8")


def main() -> int:
    """Say in one sentence what came of it. Never stops a set-up: pages have other fonts to fall back on."""
    if (FOLDER / "fonts.css").exists():
        return 0
    try:
        fetch()
    except CannotFetch as error:
        print(f"{error} {WITHOUT}")
    else:
        print("Newsreader and Inter are in place.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
