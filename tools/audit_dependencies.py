"""Known weaknesses in the locked dependencies: how many are locked, how many were looked up, and what was found.

Uses pip-audit (`pip install pip-audit`). It ends well only when every locked package was looked up and none is known
to be weak: a package that could not be looked up counts as a failure, because pip-audit alone calls that success.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

LOCKS = [Path("requirements/base.txt"), Path("requirements/postgres.txt"), Path("requirements/analytics.txt")]


def locked(lock: Path) -> set[str]:
    """The names of the packages in a lock file."""
    return {name.lower() for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(), re.MULTILINE)}


def verdict(names: set[str], report: dict) -> tuple[list[str], bool]:
    """What to say of a report of pip-audit, and whether all is well."""
    seen = {each["name"].lower(): each for each in report.get("dependencies", [])}
    looked_up = {name for name, each in seen.items() if "skip_reason" not in each}
    weak = [f"{name}: {known['id']}" for name, each in seen.items() for known in each.get("vulns", [])]
    said = [f"{len(names)} locked, {len(names & looked_up)} looked up, {len(weak)} known weaknesses.", *weak]
    missing = sorted(names - looked_up)
    if missing:
        said.append(f"Not looked up, so nothing is known about: {', '.join(missing)}")
    return said, bool(names) and not missing and not weak


def main() -> int:
    program = shutil.which("pip-audit")
    if program is None:
        print("pip-audit is missing (pip install pip-audit). Nothing was looked up.")
        return 2
    fine = True
    for lock in LOCKS:
        command = [
            program,
            "--format",
            "json",
            "--progress-spinner",
            "off",
            "--no-deps",
            "--disable-pip",
            "-r",
            str(lock),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
        try:
            report = json.loads(done.stdout)
        except ValueError:
            print(f"{lock}: nothing was looked up. pip-audit says: {done.stderr.strip()[-300:]}")
            fine = False
            continue
        said, well = verdict(locked(lock), report)
        print(f"{lock}: " + "\n".join(said))
        fine = fine and well
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
